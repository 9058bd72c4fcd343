"""The part of a poll that puts what changed into the history, with who did it, and
tells whom it concerns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from record.dispatch.changes import Change, What, history_texts
from record.dispatch.model import Order
from record.dispatch.notices import Audience, Notice, notices_of
from record.grid.layout import same
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.logs import get_logger
from record.values.actors import STAFF, Actor, ActorKind
from record.watch import admin_chat
from worker.poll.step import PollStep

log = get_logger(__name__)

COLUMN = {What.MASTER: "Мастер", What.PRICE: "Цена", What.DETAILS: "", What.RETOLD: ""}
# what they write follows from what others did
SILENT = frozenset({ActorKind.SYSTEM, ActorKind.REPAIR})
OVERRULING = frozenset({What.STATUS, What.REOPENED, What.MASTER})


class Announcer:
    """Tells of changes within one poll."""

    def __init__(self, step: PollStep) -> None:
        self._step = step

    def announce(self, changes: Iterable[Change]) -> None:
        """Record changes and queue what has to be said of them."""
        for notice in self._notices(self._recorded(changes, self._step.writes)):
            self._step.queue(notice)

    def record(self, changes: Iterable[Change]) -> None:
        """Record changes of which nobody is told."""
        self._recorded(changes, self._step.writes)

    def announce_apart(
        self,
        pressed: Iterable[Change],
        typed: Iterable[Change],
        whole: Iterable[Change],
    ) -> None:
        """Record what was pressed and what was typed over it; ``whole`` is what both
        together have changed.

        Masters hear of both, but of a press that was typed over only what still stands.
        A client has heard of neither: he is told what both together mean for him.
        """
        landed = self._step.own_writes.ids
        before = self._recorded(
            pressed, [write for write in self._step.writes if write.id in landed]
        )
        after = self._recorded(
            typed, [write for write in self._step.writes if write.id not in landed]
        )
        last = max((seq for _, seq in [*before, *after]), default=0)
        both = [
            (replace(change, by=who(change, self._step.writes)), last)
            for change in whole
        ]
        first, then = self._notices(before), self._notices(after)
        if any(change.what in OVERRULING for change, _ in after):
            first = [notice for notice in first if notice.kind == "card"]
        later = {(notice.recipient, notice.kind) for notice in then}
        first = [
            notice for notice in first if (notice.recipient, notice.kind) not in later
        ]
        for_client = [notice for notice in self._notices(both) if notice.to == "client"]
        for notice in for_client + [
            notice for notice in first + then if notice.to != "client"
        ]:
            self._step.queue(notice)

    def _recorded(
        self, changes: Iterable[Change], writes: Sequence[Write]
    ) -> list[tuple[Change, int]]:
        """Put changes, made by one of these writes or by staff, into the history;
        return them with their numbers.
        """
        found = [replace(change, by=who(change, writes)) for change in changes]
        for change in found:
            self._step.changes += 1
            log.info(
                "change",
                what=change.what.value,
                order=change.order_id,
                by=str(change.by),
            )
        add = self._step.tx.history.add
        return [
            (
                change,
                add(change.order_id, change.what, *history_texts(change), change.by),
            )
            for change in found
        ]

    def _notices(self, recorded: Iterable[tuple[Change, int]]) -> list[Notice]:
        """Return who must be told what."""
        found: list[Notice] = []
        for change, seq in recorded:
            if change.by.kind is not ActorKind.HUSHED:
                priced = self._as_last_priced(change)
                found += notices_of(priced, seq, self._audience(change.order_id))
        return found

    def _as_last_priced(self, change: Change) -> Change:
        """Return a price typed into an empty cell with the one that was cleared there,
        so that no fall is hidden.
        """
        came = change.before is not None and change.before.price is None
        if change.what is not What.PRICE or not came:
            return change
        return replace(change, priced=self._step.tx.history.last_price(change.order_id))

    def _audience(self, order_id: str) -> Audience:
        return Audience(
            self._step.roster,
            self._step.tx.masters.quiet(),
            tuple(self._step.tx.cards.holders(order_id)),
            admin_chat.chat_of(self._step.tx, self._step.settings),
        )


def who(change: Change, writes: Sequence[Write]) -> Actor:
    """Return who made a change: whoever journaled a write of just this, otherwise staff
    in the sheet.
    """
    for write in reversed(writes):
        if (
            write.title != ORDERS
            or write.subject != change.order_id
            or write.by.kind in SILENT
        ):
            continue
        if change.what in (What.APPEARED, What.RESTORED) and write.kind == "append":
            return write.by
        if write.by.kind is ActorKind.WAVE and change.what in (
            What.APPEARED,
            What.RETOLD,
        ):
            return write.by
        if write.kind == "set" and _explains(write, change.what, change.after):
            return write.by
    return STAFF


def _explains(write: Write, what: What, after: Order | None) -> bool:
    name = COLUMN.get(what, "Статус")
    if name not in write.cells or after is None:
        return False
    price = "" if after.price is None else float(after.price)
    now = {"Статус": str(after.status or ""), "Мастер": after.master, "Цена": price}
    return same(write.cells[name], now[name])
