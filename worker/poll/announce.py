"""What changed goes into the history, with who did it, and to whom it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from record.actions.passing_on import hand_over_files
from record.dispatch.changes import Change, What, history_texts
from record.dispatch.model import Order
from record.dispatch.notices import Audience, Notice, notices_of
from record.grid.layout import same
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.logs import get_logger
from record.values import Cell, Status
from record.values.actors import STAFF, Actor, ActorKind
from record.watch import admin_chat
from worker.poll.step import PollStep

log = get_logger(__name__)

COLUMN = {What.MASTER: "Мастер", What.PRICE: "Цена", What.RETOLD: ""}
# what they write follows from what others did
SILENT = frozenset({ActorKind.SYSTEM, ActorKind.REPAIR})
GIVING = frozenset({What.STATUS, What.MASTER})
OVERRULING = frozenset({What.STATUS, What.REOPENED, What.MASTER})
# a change with its number in the history
Recorded = tuple[Change, int]


class Announcer:
    """Announces the changes of one poll."""

    def __init__(self, step: PollStep) -> None:
        self._step = step

    def announce(self, changes: Iterable[Change]) -> None:
        """Record changes and queue what has to be said of them."""
        recorded = self._recorded(changes, self._step.writes)
        for notice in self._notices(recorded):
            self._step.queue(notice)
        for change, _ in recorded:
            self._hand_over(change)

    def _hand_over(self, change: Change) -> None:
        """Show what the client has sent to the master whom staff gave his order."""
        order = change.after
        if (
            change.what not in GIVING
            or order is None
            or change.by.kind is ActorKind.HUSHED
        ):
            return
        if order.status is Status.WORK and order.master_id:
            hand_over_files(self._step.tx, order.id, order.master_id)

    def record(self, changes: Iterable[Change]) -> None:
        """Record changes of which nobody is told."""
        self._recorded(changes, self._step.writes)

    def announce_apart(
        self,
        pressed: Iterable[Change],
        typed: Iterable[Change],
        whole: Iterable[Change],
    ) -> None:
        """Record what was pressed and what was typed over it, and queue the notices.

        ``whole`` is what both together have changed. Masters hear of both, but of a
        press that was typed over only what still stands. A client has heard of neither:
        he hears what both together mean for him.
        """
        ours = self._step.own_writes.pressed
        earlier = [write for write in self._step.writes if write.id in ours]
        later = [write for write in self._step.writes if write.id not in ours]
        first = self._recorded(pressed, earlier)
        then = self._recorded(typed, later)
        notices = self._for_client(whole, first + then)
        notices += self._for_others(first, then)
        for notice in notices:
            self._step.queue(notice)

    def _for_client(
        self, whole: Iterable[Change], recorded: list[Recorded]
    ) -> list[Notice]:
        # the two changes are in the history already; the key needs one of their numbers
        number = max((number for _, number in recorded), default=0)
        both = []
        for change in whole:
            by = who(change, self._step.writes)
            both.append((replace(change, by=by), number))

        return [notice for notice in self._notices(both) if notice.to == "client"]

    def _for_others(self, first: list[Recorded], then: list[Recorded]) -> list[Notice]:
        """Return the notices of what was pressed ``first`` and typed ``then``."""
        of_pressed, of_typed = self._notices(first), self._notices(then)
        if any(change.what in OVERRULING for change, _ in then):
            # the press is void by now, so it is no news; only cards follow it
            of_pressed = [notice for notice in of_pressed if notice.kind == "card"]

        said_again = {(notice.recipient, notice.kind) for notice in of_typed}
        still_news = [
            notice
            for notice in of_pressed
            if (notice.recipient, notice.kind) not in said_again
        ]
        return [notice for notice in still_news + of_typed if notice.to != "client"]

    def _recorded(
        self, changes: Iterable[Change], writes: Sequence[Write]
    ) -> list[Recorded]:
        """Put changes, made by one of these writes or by staff, into the history."""
        recorded = []
        for change in changes:
            by = who(change, writes)
            what, order_id = change.what, change.order_id
            log.info("change", what=what.value, order=order_id, by=str(by))
            texts = history_texts(change)
            number = self._step.tx.history.add(order_id, what, *texts, by)
            recorded.append((replace(change, by=by), number))
            self._step.changes += 1

        return recorded

    def _notices(self, recorded: Iterable[Recorded]) -> list[Notice]:
        """Return who must be told what."""
        notices: list[Notice] = []
        for change, number in recorded:
            if change.by.kind is not ActorKind.HUSHED:
                priced = self._as_last_priced(change)
                notices += notices_of(priced, number, self._audience(change.order_id))

        return notices

    def _as_last_priced(self, change: Change) -> Change:
        """Return a price typed into an empty cell with the one that was cleared there.

        So a price that falls in two edits is seen to fall.
        """
        if change.what is not What.PRICE or change.before is None:
            return change
        if change.before.price is not None:
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
    """Return who made a change: who journaled a write of just this, else staff."""
    # the latest write is what the sheet shows
    for write in reversed(writes):
        is_about_it = write.title == ORDERS and write.subject == change.order_id
        is_by_somebody = write.by.kind not in SILENT
        if is_about_it and is_by_somebody and _made(write, change):
            return write.by

    # whoever leaves no write of his own typed it into the sheet
    return STAFF


def follows(change: Change, writes: Sequence[Write]) -> bool:
    """Return whether a change is only what we wrote, since it follows from another."""
    return any(
        write.title == ORDERS
        and write.subject == change.order_id
        and write.by.kind is ActorKind.SYSTEM
        and _made(write, change)
        for write in writes
    )


def _made(write: Write, change: Change) -> bool:
    """Return whether a write is the cause of a change."""
    if write.kind == "append" and change.what in (What.APPEARED, What.RESTORED):
        return True
    if write.by.kind is ActorKind.WAVE and change.what in (What.APPEARED, What.RETOLD):
        return True

    return write.kind == "set" and _explains(write, change.what, change.after)


def _explains(write: Write, what: What, after: Order | None) -> bool:
    """Return whether a write put into the sheet what the order shows now."""
    if what is What.DETAILS:
        return after is not None and _says(write, after)

    column = COLUMN.get(what, "Статус")
    if column not in write.cells or after is None:
        return False

    return same(write.cells[column], _shown(after)[column])


def _says(write: Write, order: Order) -> bool:
    """Return whether an order's details are those that a write gave it."""
    details = {
        "Имя": order.name,
        "Телефон": order.phone,
        "Проблема": order.problem,
        "Адрес": order.address,
        "Категория": order.category,
    }
    given = {name: cell for name, cell in write.cells.items() if name in details}
    return bool(given) and all(
        same(cell, details[name]) for name, cell in given.items()
    )


def _shown(order: Order) -> dict[str, Cell]:
    price = "" if order.price is None else float(order.price)
    status = str(order.status or "")
    return {"Статус": status, "Мастер": order.master, "Цена": price}
