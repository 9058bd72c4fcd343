"""What the system itself had written into orders before a reading was begun, and no
poll has seen yet. Pure.

Where the reading shows something else there, a person has typed over it meanwhile: what
was pressed and what was typed are two events then, though the row may look as it did at
the last poll.
"""

from collections.abc import Iterable

from record.dispatch.model import cells
from record.grid.layout import Row, same
from record.grid.plan import REPAIR
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.store import with_cells
from record.values import Cell


class OwnWrites:
    """Writes that had reached the sheet, by order, in the order in which they did."""

    def __init__(self, writes: Iterable[Write] = ()) -> None:
        """``writes`` are all that were known to have landed before the reading was
        begun.
        """
        self.ids: frozenset[int] = frozenset()
        self._of: dict[str, list[Write]] = {}
        for write in sorted(writes, key=lambda write: (write.landed_at, write.id)):
            self.ids |= {write.id}
            if (
                write.title == ORDERS
                and write.by != REPAIR
                and write.kind in ("append", "set")
            ):
                self._of.setdefault(write.subject, []).append(write)

    def orders(self) -> set[str]:
        """Return the orders of which a cell was set, a press mostly; the first cells of
        a new row are none.
        """
        return {
            order_id
            for order_id, writes in self._of.items()
            if any(write.kind == "set" for write in writes)
        }

    def onto(self, order_id: str, row: Row | None) -> Row | None:
        """Return a row as it was last polled (None for a new one) with all that has
        landed on it since.
        """
        for write in self._of.get(order_id, []):
            if write.kind == "set":
                row = with_cells(row, dict(write.cells)) if row else None
            else:
                row = row or cells(ORDERS, dict(write.cells))
        return row

    def typed_over(self, order_id: str, row: Row) -> bool:
        """Say whether a cell that was set shows something else now."""
        last: dict[str, Cell] = {}
        for write in self._of.get(order_id, []):
            if write.kind == "set":
                last |= write.cells
        sheet = WORKSHEETS[ORDERS]
        return any(
            not same(row[sheet.index(column)], value) for column, value in last.items()
        )
