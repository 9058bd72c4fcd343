"""Requests without an answer: cut off on the way, or sent by a process that was killed.

Google may have carried one out on rows that a person had moved just before, or may be
about to do so. What it was for rests for a while; before any of it is tried again, the
worksheets are looked through for what it hit by mistake. Meanwhile no poll believes a
reading that shows such a row.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from record.flush.known import rows_known
from record.grid.excerpt import Excerpt
from record.grid.layout import Table
from record.grid.plan import Plan
from record.grid.repair import Aim, aims_of, misplaced, undo
from record.grid.writes import Write
from record.store import Tx
from record.store.facts import Fact

# how far the clocks of two machines, or of one that was set back, may differ
CLOCKS_S = 60


@dataclass(frozen=True)
class Unanswered:
    """A request without an answer.

    ``at``: when it was sent or cut off, in epoch seconds; ``ids``: the writes it
    carries; ``aims``: the rows it was to write.
    """

    at: float
    ids: frozenset[int]
    aims: tuple[Aim, ...]

    @property
    def titles(self) -> set[str]:
        """The worksheets in which it may have hit a wrong row."""
        return {aim.title for aim in self.aims}

    def rests(self, rest_s: float) -> bool:
        """Return whether Google may still be at it."""
        # one from the future was sent before the clock was set back: its rest is over
        return -CLOCKS_S < time.time() - self.at < rest_s


def _read(kept: list[dict[str, Any]]) -> list[Unanswered]:
    return [
        Unanswered(
            one["at"],
            frozenset(one["ids"]),
            tuple(Aim(**aim) for aim in one["aims"]),
        )
        for one in kept
    ]


def _kept(requests: list[Unanswered]) -> list[dict[str, Any]]:
    return [
        {
            "at": request.at,
            "ids": sorted(request.ids),
            "aims": list(map(vars, request.aims)),
        }
        for request in requests
    ]


UNANSWERED = Fact[list[Unanswered]]("unheard", _read, _kept)


def unanswered(tx: Tx) -> list[Unanswered]:
    """Return the requests without an answer, oldest first."""
    return tx.facts.get(UNANSWERED) or []


def rows_at_rest(writes: Sequence[Write], unsure: set[int]) -> set[tuple[str, str]]:
    """Return title and subject of all rows that rest where these writes are unsure.

    ``writes`` come oldest first. New rows rest behind a new row: they stay in order.
    """
    resting: set[tuple[str, str]] = set()
    behind_a_new_row: set[str] = set()
    for write in writes:
        is_new = write.kind == "append"
        waits_behind = is_new and write.title in behind_a_new_row
        if write.id not in unsure and not waits_behind:
            continue
        resting.add(write.target)
        if is_new:
            behind_a_new_row.add(write.title)
    return resting


def note_request(tx: Tx, plan: Plan, excerpts: Mapping[str, Excerpt]) -> None:
    """Note that a request is about to be sent."""
    ids = frozenset(plan.sent)
    request = Unanswered(time.time(), ids, tuple(aims_of(plan, excerpts)))
    tx.facts.put(UNANSWERED, [*_without(tx, ids), request])


def cut_off(tx: Tx, plan: Plan) -> None:
    """Note that the answer will not come any more: the rest begins now."""
    # waiting for the answer may have taken longer than the rest itself
    requests = unanswered(tx)
    for number, request in enumerate(requests):
        if request.ids & plan.sent.keys():
            requests[number] = replace(request, at=time.time())
    tx.facts.put(UNANSWERED, requests)


def answered(tx: Tx, ids: Iterable[int]) -> None:
    """Forget the request with these writes: it was answered, or what it did is known."""
    tx.facts.put(UNANSWERED, _without(tx, ids))


def give_up(
    tx: Tx, requests: Iterable[Unanswered], excerpts: Mapping[str, Excerpt]
) -> list[Write]:
    """Forget requests that can't take effect any more.

    Return the writes that undo what they hit by mistake.
    """
    repairs: list[Write] = []
    for request in requests:
        known = {title: rows_known(tx, title) for title in request.titles}
        for aim in request.aims:
            write = undo(aim, excerpts[aim.title], known[aim.title])
            if write:
                repairs.append(write)
        answered(tx, request.ids)
    return repairs


def may_have_hit(tx: Tx, tables: Mapping[str, Table]) -> bool:
    """Return whether a row looks as if one of these requests had hit it by mistake."""
    requests = unanswered(tx)
    titles = set[str]().union(*(request.titles for request in requests))
    excerpts = {title: Excerpt.of_table(tables[title]) for title in titles}
    known = {title: rows_known(tx, title) for title in titles}
    for request in requests:
        for aim in request.aims:
            if misplaced(aim, excerpts[aim.title], known[aim.title]):
                return True
    return False


def _without(tx: Tx, ids: Iterable[int]) -> list[Unanswered]:
    """Return the requests that carry none of these writes."""
    gone = frozenset(ids)
    return [request for request in unanswered(tx) if not gone & request.ids]
