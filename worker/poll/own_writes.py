"""What the system itself wrote into orders and no poll has seen yet. Pure.

These writes were confirmed before a reading began, so the reading must show them. Where
it shows something else, a person has typed over it meanwhile: what was pressed and what
was typed are two events then, though the row may look as it did at the last poll.
"""

from collections.abc import Iterable

from record.grid.layout import Row, same
from record.grid.overlay import overlaid
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.values import Cell
from record.values.actors import REPAIR, ActorKind


class OwnWrites:
    """Confirmed writes, by order, oldest confirmation first."""

    def __init__(self, writes: Iterable[Write] = ()) -> None:
        """``writes`` are all that were confirmed before the reading began."""
        confirmed = sorted(writes, key=lambda write: (write.written_at, write.id))
        self.ids = frozenset(write.id for write in confirmed)
        self.pressed = frozenset(write.id for write in confirmed if not _typed(write))
        self._of: dict[str, list[Write]] = {}
        # what was set last in each cell, mostly by a press
        self._set: dict[str, dict[str, Cell]] = {}
        for write in confirmed:
            if not _is_for_an_order(write):
                continue

            self._of.setdefault(write.subject, []).append(write)
            if write.kind == "set":
                self._set.setdefault(write.subject, {}).update(write.cells)

    def orders(self) -> set[str]:
        """Return the orders of which a cell was set; a new row is no such order."""
        return set(self._set)

    def onto(self, order_id: str, row: Row | None) -> Row | None:
        """Return a row as last polled (None for a new one) with these writes on it."""
        return overlaid(ORDERS, row, self._of.get(order_id, []))

    def typed_over(self, order_id: str, row: Row) -> bool:
        """Return whether a cell that was set shows something else now."""
        place_of = WORKSHEETS[ORDERS].index
        cells_set = self._set.get(order_id, {})
        return any(
            not same(row[place_of(column)], value)
            for column, value in cells_set.items()
        )


def _typed(write: Write) -> bool:
    """Return whether staff typed it, though in the panel: it is as good as in the sheet."""
    return write.kind == "set" and write.by.kind is ActorKind.PANEL


def _is_for_an_order(write: Write) -> bool:
    # a repair only puts back what the mirror knows already
    if write.title != ORDERS or write.by == REPAIR or _typed(write):
        return False

    return write.kind in ("append", "set")
