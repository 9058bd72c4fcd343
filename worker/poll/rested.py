"""Rows typed by hand that have rested: as they are understood."""

from dataclasses import dataclass

from record.dispatch.bygone import bygone, from_before
from record.dispatch.followups import is_note
from record.dispatch.model import Order
from record.dispatch.reading import read_order
from record.dispatch.waves import begun_in, held_in
from record.grid.identity import Found
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Status, is_empty, text
from record.values.comparing import normal
from worker.poll.rows import CHECK, named_cells
from worker.poll.step import PollStep

STATUS, MASTER = (WORKSHEETS[ORDERS].index(name) for name in ("Статус", "Мастер"))
ORDERLY = tuple(
    WORKSHEETS[ORDERS].index(column)
    for column in ("Имя", "Телефон", "Категория", "Проблема", "Адрес")
)


# told apart by identity: two rows may look the same
@dataclass(frozen=True, eq=False)
class Rested:
    """A row that has rested since ``at``, as it is understood.

    ``past``: it is not of these days. ``is_note``: it is plainly no order.
    """

    found: Found
    order: Order
    copy: bool
    past: bool
    at: float
    is_note: bool

    @property
    def started(self) -> bool:
        """Whether it came with a status or a master of its own."""
        return self.order.status is not Status.NEW or bool(self.order.master)

    @property
    def is_announced(self) -> bool:
        """Whether anybody would be told of it as an order."""
        order = self.order
        is_order = order.complete and order.status is not None
        if self.past or not is_order:
            return False

        if self.started:
            # its master is told, or its client
            return bool(order.master_id or order.chat)

        # what a copy brought in «Оповещены» is the other order's
        return self.copy or not order.told


def understood_row(
    step: PollStep, found: Found, at: float, *, copy: bool, past: bool
) -> Rested:
    """Read a row that has rested since ``at``; ``past``: it was there before us."""
    order, today = _read(step, found, past=past), step.clock.date()
    of_the_past = not copy and from_before(order, found.row, today)
    if past:
        of_the_past = bygone(order, today)

    if of_the_past != past:
        # «вчера» is understood only in a row of these days
        order = _read(step, found, past=of_the_past)

    note = is_note(named_cells(ORDERS, found.row))
    return Rested(found, order, copy, of_the_past, at, note)


def _read(step: PollStep, found: Found, *, past: bool) -> Order:
    return read_order(found.row, step.roster, step.region, step.clues(past=past))


def is_left_alone(row: Row) -> bool:
    """Return whether a row is held and nobody has dealt with it by hand.

    It is told by the look of a few cells, since thousands may be held.
    """
    check = text(row[CHECK])
    if not held_in(check) or all(is_empty(row[place]) for place in ORDERLY):
        return False

    # it came with a status or a master, so these say nothing of a person's hand
    if begun_in(check):
        return True

    if not is_empty(row[MASTER]):
        return False

    status = row[STATUS]
    return is_empty(status) or normal(text(status)) == normal(Status.NEW.value)
