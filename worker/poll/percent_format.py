"""«100%» told from «1» in a master's «Комиссия, %».

Google keeps 100 % as the number 1, and gives 1 for both. Only the cell's format, and so
how it is shown, tells which is meant. The format is looked up only while such a cell is
there: a poll of any other sheet asks Google nothing more.
"""

from collections.abc import Sequence

from record.grid.layout import Table
from record.grid.worksheets import MASTERS
from record.sheet import Sheet, absolute_range_name, column_letters
from record.values import Cell

COLUMN = "Комиссия, %"
AGAIN_S = 60.0  # a format may be changed while the number stays


class PercentFormat:
    """How the cells of «Комиссия, %» that hold just 1 are shown.

    Google is asked again when a row changes, or a minute later.
    """

    def __init__(self) -> None:
        self._seen: list[Sequence[Cell]] = []
        self._percent: frozenset[int] = frozenset()
        self.due = float("inf")

    def apply(self, table: Table, sheet: Sheet, at: float) -> None:
        """Make such a cell 1.0, a share, where it is shown as a percentage, else 1.

        Raises:
            SheetError: Google does not say how the cells are shown.
        """
        place = table.layout.place(COLUMN)
        ones = _rows_with_one(table, place)
        if place is None or not ones:
            self._seen, self.due = [], float("inf")
            return

        seen: list[Sequence[Cell]] = [table.layout.headers, *map(tuple, table.raw)]
        if seen != self._seen or at >= self.due:
            self._percent = _shown_as_percent(sheet, place, ones)
            self._seen, self.due = seen, at + AGAIN_S

        for index in ones:
            if index in self._percent:
                table.raw[index][place] = 1.0
            else:
                table.raw[index][place] = 1


def _rows_with_one(table: Table, place: int | None) -> list[int]:
    """Return the indexes of the rows in which this column holds the number 1."""
    if place is None:
        return []

    found = []
    for index, row in enumerate(table.raw):
        # Google leaves out empty cells at the end of a row
        if place < len(row) and _is_one(row[place]):
            found.append(index)

    return found


def _shown_as_percent(sheet: Sheet, place: int, ones: list[int]) -> frozenset[int]:
    """Ask Google how the column is shown; return which of these rows show a «%»."""
    column = column_letters(place)
    shown = sheet.read_shown(absolute_range_name(MASTERS, f"{column}:{column}"))
    # the header is the first row of what is shown, and empty rows at the end are not
    below_header = shown[1:]
    found = set()
    for index in ones:
        if index < len(below_header) and "%" in "".join(map(str, below_header[index])):
            found.add(index)

    return frozenset(found)


def _is_one(cell: Cell) -> bool:
    # a ticked box is True, which equals 1 in Python
    return cell == 1 and not isinstance(cell, bool | str)
