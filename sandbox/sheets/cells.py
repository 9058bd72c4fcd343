"""What one cell and one row hold.

Both are never changed in place, so a published sheet can be read unlocked.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self

MAX_CHARACTERS = 50_000
MAX_EXACT = 10**15
Json = dict[str, Any]
Scalar = str | int | float | bool | None


class Formula(str):
    """A formula as typed, with its `=`.

    What it shows is computed when somebody looks (see calculator.py).
    """

    __slots__ = ()
    # whether there ever was one: without any, nobody needs to search the sheets for
    # them
    seen = False

    def __new__(cls, text: str) -> Self:
        """Keep the text."""
        Formula.seen = True
        return super().__new__(cls, text)


class Cell(NamedTuple):
    """A cell's content and what a person set on it."""

    value: Scalar = None
    format: Mapping[str, Any] | None = None
    note: str | None = None
    validation: Mapping[str, Any] | None = None
    runs: Sequence[Any] | None = None

    @property
    def number_format(self) -> Mapping[str, Any] | None:
        """`userEnteredFormat.numberFormat`."""
        return self.format.get("numberFormat") if self.format else None


BLANK = Cell()


def stored(value: Scalar) -> Scalar:
    """A value as a cell keeps it.

    Nothing for "", and numbers as the doubles they are, 2000.0 as 2000.
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or value is None:
        return value
    # a double keeps fifteen digits of every number
    if isinstance(value, int):
        return value if abs(value) < MAX_EXACT else float(value)
    return int(value) if value.is_integer() and abs(value) < MAX_EXACT else value


class Row:
    """Cells of one row without trailing blanks, and their JSON by what was asked for."""

    __slots__ = ("cells", "formulas", "fragments", "mask")

    def __init__(self, cells: Sequence[Cell]) -> None:
        """Take over `cells`, dropping trailing blanks."""
        end = len(cells)
        while end and cells[end - 1] == BLANK:
            end -= 1
        self.cells: Sequence[Cell] = cells if end == len(cells) else cells[:end]
        mask = 0
        formulas: tuple[int, ...] = ()
        for index, cell in enumerate(self.cells):
            if cell.value is not None:
                mask |= 1 << index
                if type(cell.value) is Formula:
                    formulas += (index,)
        self.mask = mask  # bit n: column n holds a value
        self.formulas = formulas
        self.fragments: dict[object, str] = {}

    @property
    def filled(self) -> int:
        """How many columns reach to the last value."""
        return self.mask.bit_length()

    def cell(self, column: int) -> Cell:
        """The cell, blank past the end."""
        return self.cells[column] if column < len(self.cells) else BLANK

    def padded(self, width: int) -> list[Cell]:
        """At least `width` cells, in a list of one's own."""
        cells = list(self.cells)
        if len(cells) < width:
            cells.extend([BLANK] * (width - len(cells)))
        return cells


EMPTY = Row(())
Change = Callable[[Cell], Cell]
