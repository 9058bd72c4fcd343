"""«100%» told from «1», and «90%» from «0,9», in a master's «Комиссия, %».

Google keeps 100 % as the number 1 and 90 % as 0.9, and gives the same for a plain 1 and
0,9. Only the cell's format, and so how it is shown, tells which is meant. The format is
looked up only while such a cell is there: a poll of any other sheet asks Google nothing
more. A plain 1 is one percent; a plain 0,9 may be either, so it becomes a text, which
is asked about.
"""

from collections.abc import Sequence

from record.grid.layout import Table
from record.grid.worksheets import MASTERS
from record.sheet import Sheet, absolute_range_name, column_letters
from record.values import Cell, as_shown

COLUMN = "Комиссия, %"
AGAIN_S = 60.0  # a format may be changed while the number stays


class PercentFormat:
    """How the cells of «Комиссия, %» that hold 1 or less are shown.

    Google is asked again when a row changes, or a minute later.
    """

    def __init__(self) -> None:
        self._seen: list[Sequence[Cell]] = []
        self._percent: frozenset[int] = frozenset()
        self.due = float("inf")

    def apply(self, table: Table, sheet: Sheet, at: float) -> None:
        """Make such a cell a share where it is shown as a percentage, else 1 or a text.

        Raises:
            SheetError: Google does not say how the cells are shown.
        """
        place = table.layout.place(COLUMN)
        small = _rows_with_small(table, place)
        if place is None or not small:
            self._seen, self.due = [], float("inf")
            return

        seen: list[Sequence[Cell]] = [table.layout.headers, *map(tuple, table.raw)]
        if seen != self._seen or at >= self.due:
            self._percent = _shown_as_percent(sheet, place, small)
            self._seen, self.due = seen, at + AGAIN_S

        for index in small:
            cell = table.raw[index][place]
            if index in self._percent:
                table.raw[index][place] = float(cell)
            elif cell == 1:
                table.raw[index][place] = 1
            else:
                table.raw[index][place] = as_shown(cell)


def _rows_with_small(table: Table, place: int | None) -> list[int]:
    """Return the indexes of the rows in which this column holds a number up to 1."""
    if place is None:
        return []

    found = []
    for index, row in enumerate(table.raw):
        # Google leaves out empty cells at the end of a row
        if place < len(row) and _is_small(row[place]):
            found.append(index)

    return found


def _shown_as_percent(sheet: Sheet, place: int, small: list[int]) -> frozenset[int]:
    """Ask Google how the column is shown; return which of these rows show a «%»."""
    column = column_letters(place)
    shown = sheet.read_shown(absolute_range_name(MASTERS, f"{column}:{column}"))
    # the header is the first row of what is shown, and empty rows at the end are not
    below_header = shown[1:]
    found = set()
    for index in small:
        if index < len(below_header) and "%" in "".join(map(str, below_header[index])):
            found.add(index)

    return frozenset(found)


def _is_small(cell: Cell) -> bool:
    # a ticked box is True, which equals 1 in Python
    if isinstance(cell, bool | str):
        return False
    return 0 < cell <= 1
