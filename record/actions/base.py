"""What all acts on orders share: the store, the clock, and how an act writes a cell."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from record.actions.access import Sight
from record.dispatch.model import Master, Order
from record.dispatch.permissions import Act, Refusal
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.settings import Settings
from record.store import Store, Tx
from record.store.facts import BASELINE
from record.values import Cell
from record.values.actors import SYSTEM, Actor

# Google takes 50,000 characters a cell, and nobody reads so many
FULLEST = 20_000
NO_ROOM = "Дальше не записано: ячейка полна"


@dataclass(frozen=True)
class Outcome:
    """What came of an act; ``refusal`` is empty when it was done.

    ``order`` is how the order stands now, ``owner`` the master who has it. ``finished``:
    it had been finished before, at the price ``before``.
    """

    refusal: Refusal
    order: Order | None = None
    owner: Master | None = None
    commission: Decimal | None = None
    finished: bool = False
    before: Decimal | None = None


class BaseActions:
    """The store and the settings, with what several acts need."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None, microsecond=0)

    def knows_the_sheet(self, patience_s: float) -> bool:
        """Return whether the sheet was ever read; wait so long for a worker to do so.

        Before that nobody knows which numbers are taken and who is a master.
        """
        deadline = time.monotonic() + patience_s
        while True:
            with self._store.reading() as tx:
                if tx.facts.get(BASELINE):
                    return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)

    def _set(
        self,
        tx: Tx,
        order_id: str,
        cells: Mapping[str, Cell],
        by: Actor,
        given: Collection[str] = (),
    ) -> None:
        """Journal cells of an order, to be written unless a person changes them first.

        ``given``: further columns that it was decided by, and is void without.
        """
        row = tx.orders.shown_row(order_id)
        sheet = WORKSHEETS[ORDERS]
        seen = {}
        if row:
            typed = [column for column in (*cells, *given) if column not in sheet.own]
            seen = {column: row[sheet.index(column)] for column in typed}
        tx.journal.add(Write(ORDERS, "set", order_id, cells, seen, by))

    def _note(self, tx: Tx, order_id: str, said: str) -> None:
        """Add a line to «Комментарий».

        It is a write of its own: a person who edits the comment in the same moment
        voids this line, but not the press.
        """
        order = tx.orders.get(order_id)
        if order and said not in order.comment.split("\n"):
            self._set(tx, order_id, {"Комментарий": noted(order, said)}, by=SYSTEM)


def refused(seen: Sight, reason: Refusal) -> Outcome:
    """Return that nothing was done.

    Who has the order is told only to people who may know that there is one.
    """
    if seen.refusal(Act.OPEN):
        return Outcome(reason)
    return Outcome(reason, seen.order, seen.owner)


def noted(order: Order | None, said: str) -> str:
    """Return «Комментарий» with a line more."""
    if order is None or not order.comment:
        return said
    whole = f"{order.comment}\n{said}"
    if len(whole) <= FULLEST:
        return whole
    # the cell is full: what is said on still reaches who it is for
    if order.comment.endswith(NO_ROOM) or len(order.comment) > 2 * FULLEST:
        return order.comment
    return f"{order.comment}\n{NO_ROOM}"
