"""Requests whose answer nobody has heard: cut off on the way, or sent by a process that
was killed.

Google may have carried one out on rows that a person had moved just before, or may be
about to do so. What it was for rests for a while; before any of it is tried again, the
worksheets are looked through for what it hit by mistake. Meanwhile no poll believes a
reading that shows such a row.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from record.flush.known import rows_known
from record.grid.plan import Page, Plan
from record.grid.repair import Aim, aims_of, hit, undo
from record.grid.writes import Write
from record.store import Tx
from record.store.facts import Fact

UNANSWERED = Fact[list[dict[str, Any]]]("unheard")
# how far the clocks of two machines, or of one that was set back, may differ
CLOCKS_S = 60


@dataclass(frozen=True)
class Request:
    """A request without an answer: when it was sent or cut off, the writes it carries,
    the rows it was to write.
    """

    at: float
    ids: frozenset[int]
    aims: tuple[Aim, ...]

    @property
    def titles(self) -> set[str]:
        """The worksheets in which it may have hit a wrong row."""
        return {aim.title for aim in self.aims}

    def rests(self, rest_s: float) -> bool:
        """Say whether Google may still be at it."""
        return -CLOCKS_S < time.time() - self.at < rest_s


def unheard(tx: Tx) -> list[Request]:
    """Return the requests without an answer, oldest first."""
    return [_read(one) for one in (tx.facts.get(UNANSWERED) or [])]


def rows_at_rest(writes: Sequence[Write], unsure: set[int]) -> set[tuple[str, str]]:
    """Return title and subject of all rows that rest where these writes are unsure,
    oldest write first.

    New rows rest behind a new row.
    """
    ahead = {
        write.title: write.id
        for write in reversed(writes)
        if write.id in unsure and write.kind == "append"
    }
    behind = {
        write.id
        for write in writes
        if write.kind == "append" and write.id > ahead.get(write.title, write.id)
    }
    return {
        (write.title, write.subject) for write in writes if write.id in unsure | behind
    }


def sent(tx: Tx, plan: Plan, pages: Mapping[str, Page]) -> None:
    """Note that a request is about to be sent."""
    ids = [*plan.placed, *plan.appended]
    request = {
        "at": time.time(),
        "ids": ids,
        "aims": [vars(aim) for aim in aims_of(plan, pages)],
    }
    tx.facts.put(UNANSWERED, [*_without(tx, ids), request])


def cut_off(tx: Tx, plan: Plan) -> None:
    """Note that the answer will not come any more: the rest begins now."""
    mine = {*plan.placed, *plan.appended}
    requests = tx.facts.get(UNANSWERED) or []
    tx.facts.put(
        UNANSWERED,
        [
            {**one, "at": time.time()} if mine & {*one["ids"]} else one
            for one in requests
        ],
    )


def answered(tx: Tx, ids: Iterable[int]) -> None:
    """Forget the request with these writes: it was answered, or what it did is known."""
    tx.facts.put(UNANSWERED, _without(tx, ids))


def undone(
    tx: Tx, requests: Iterable[Request], pages: Mapping[str, Page]
) -> list[Write]:
    """Forget requests that can't take effect any more; return the writes that undo what
    they hit by mistake.
    """
    repairs: list[Write] = []
    for request in requests:
        known = {title: rows_known(tx, title) for title in request.titles}
        undoing = (
            undo(aim, pages[aim.title], known[aim.title]) for aim in request.aims
        )
        repairs += [write for write in undoing if write]
        answered(tx, request.ids)
    return repairs


def doubtful(tx: Tx, requests: Iterable[Request], pages: Mapping[str, Page]) -> bool:
    """Say whether a row looks as if one of these requests had hit it by mistake."""
    known = {title: rows_known(tx, title) for title in pages}
    aims = (aim for request in requests for aim in request.aims)
    return any(hit(aim, pages[aim.title], known[aim.title]) for aim in aims)


def _without(tx: Tx, ids: Iterable[int]) -> list[dict[str, Any]]:
    gone = {*ids}
    return [one for one in (tx.facts.get(UNANSWERED) or []) if not gone & {*one["ids"]}]


def _read(kept: Mapping[str, Any]) -> Request:
    return Request(
        kept["at"], frozenset(kept["ids"]), tuple(Aim(**aim) for aim in kept["aims"])
    )
