"""«100%» told from «1» in a master's «Комиссия, %».

Google keeps 100 % as the number 1, and gives 1 for both; only the cell's format, and so
how it is shown, tells which is meant. Looked up only while such a cell is there: a poll
of any other sheet asks Google nothing more.
"""

from collections.abc import Sequence

from record.grid.layout import Table
from record.grid.worksheets import MASTERS
from record.sheet import Sheet, letters, quoted
from record.values import Cell

COLUMN = "Комиссия, %"
AGAIN_S = 60.0  # a format may be changed while the number stays


class PercentFormat:
    """What is known of the cells of one column that hold just 1; asked anew when a row
    changes, or a minute later.
    """

    def __init__(self) -> None:
        self._seen: list[Sequence[Cell]] = []
        self._percent: frozenset[int] = frozenset()
        self.due = float("inf")

    def settle(self, table: Table, sheet: Sheet, at: float) -> None:
        """Let such a cell be 1.0, a share, where it is shown as a percentage, and else
        1, as the readers expect it.

        Raises:
            SheetError: Google does not say how the cells are shown; nothing is taken for anything then.
        """
        place = table.layout.place(COLUMN)
        ones = (
            []
            if place is None
            else [
                n
                for n, row in enumerate(table.raw)
                if place < len(row) and _one(row[place])
            ]
        )
        if place is None or not ones:
            self._seen, self.due = [], float("inf")
            return
        seen: list[Sequence[Cell]] = [
            table.layout.headers,
            *(tuple(row) for row in table.raw),
        ]
        if seen != self._seen or at >= self.due:
            shown = sheet.read_shown(
                quoted(MASTERS, f"{letters(place)}:{letters(place)}")
            )
            self._percent = frozenset(
                n
                for n in ones
                if n + 1 < len(shown) and "%" in "".join(map(str, shown[n + 1]))
            )
            self._seen, self.due = seen, at + AGAIN_S
        for n in ones:
            table.raw[n][place] = 1.0 if n in self._percent else 1


def _one(cell: Cell) -> bool:
    return cell == 1 and not isinstance(cell, bool | str)
