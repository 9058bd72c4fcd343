"""From the sheet's values to rows in our own order of columns. Pure.

A person may move columns and add own ones: each of our columns is found by its header.
What can't be trusted (no header row, a required header missing or doubled) is a
:class:`~record.errors.SheetBroken`, and nothing is read.
"""

import hashlib
import marshal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from record.errors import SheetBroken
from record.grid.headers import DEEP, deeper, explained, lies_deeper, places_of
from record.grid.worksheets import WORKSHEETS, Worksheet
from record.values import Cell, as_shown, is_unread
from record.values.comparing import normal

Row = tuple[Cell, ...]
Values = list[list[Any]]


@dataclass(frozen=True)
class Layout:
    """Where our columns stand in a worksheet.

    ``places`` is the 0-based sheet column of each of ours, None where it is missing.
    """

    sheet: Worksheet
    headers: tuple[str, ...]
    places: tuple[int | None, ...]

    def place(self, column: str) -> int | None:
        """Return the 0-based sheet column under a header, or None where there is none.

        The header is one of ours or a person's own; ``@7`` names a column that has no
        header by its place.
        """
        if column in self.sheet.columns:
            return self.places[self.sheet.index(column)]
        if column.startswith("@"):
            return int(column[1:])
        if column in self.headers:
            return self.headers.index(column)
        return None

    def name(self, place: int) -> str:
        """Return how :meth:`place` finds a sheet column.

        That is our name for it, the person's header, or ``@`` and its place.
        """
        if place in self.places:
            return self.sheet.columns[self.places.index(place)]
        if place < len(self.headers) and self.headers[place].strip():
            return self.headers[place]
        return f"@{place}"

    def names(self) -> list[str]:
        """Return the name of each sheet column that the header row reaches."""
        return [self.name(place) for place in range(len(self.headers))]

    def cell(self, cells: Sequence[Any], column: str) -> Cell:
        """Return what stands under a header in a row of the sheet; "" for nothing."""
        return cell_at(cells, self.place(column))

    def spread(self, named: Mapping[str, Cell]) -> list[tuple[int, Cell]]:
        """Return sheet column and value for each named cell whose column is there."""
        placed = []
        for column, value in named.items():
            place = self.place(column)
            if place is not None:
                placed.append((place, value))
        return placed

    def reader(self) -> Callable[[list[Any]], Row]:
        """Return a quick function from a sheet row to a row in our order.

        A poll calls it for tens of thousands of rows.
        """
        width = len(self.places)
        if self.places == tuple(range(width)):
            return lambda row: tuple(_filled_up(row, width))
        # a column of ours that is missing is read from one empty cell beyond the others
        beyond = max(place or 0 for place in self.places) + 1
        pick = itemgetter(*[_place_or(beyond, place) for place in self.places])
        return lambda row: tuple(pick([*_filled_up(row, beyond), ""]))


def _place_or(beyond: int, place: int | None) -> int:
    if place is None:
        return beyond
    return place


def _filled_up(row: list[Any], width: int) -> list[Any]:
    """Return the first cells of a row; Google leaves out the empty ones at its end."""
    if len(row) >= width:
        return row[:width]
    return [*row, *[""] * (width - len(row))]


@dataclass(frozen=True)
class Table:
    """A worksheet as read: its layout, and its rows below the header.

    ``raw`` are the rows as the sheet has them, blank ones included.
    """

    layout: Layout
    raw: Values

    def rows(self, only: Iterable[int] | None = None) -> list[tuple[int, Row]]:
        """Return 1-based row number and cells of the rows that are not blank.

        ``only`` are the indexes of ``raw`` to look at, None for all.
        """
        read = self.layout.reader()
        indexes = range(len(self.raw)) if only is None else only
        found = []
        for index in indexes:
            if not self.raw[index]:
                continue
            row = read(self.raw[index])
            if not all(map(is_hollow, row)):
                found.append((index + 2, row))
        return found

    def failed(self) -> bool:
        """Return whether a row shows nothing but errors.

        The formula that fills the worksheet gives nothing now.
        """
        read = self.layout.reader()
        for values in self.raw:
            row = read(values)
            if any(map(is_unread, row)) and all(map(is_hollow, row)):
                return True
        return False

    def own_cells(self, number: int) -> dict[str, Cell]:
        """Return what stands in the columns that people added, by header.

        ``number`` is the 1-based number of the row.
        """
        layout = self.layout
        row = self.raw[number - 2]
        found: dict[str, Cell] = {}
        for place, header in enumerate(layout.headers):
            is_ours = place in layout.places
            # the others would not be found again for certain
            has_a_name = header != "" and header.strip(" @") == header
            is_the_only_one = layout.headers.count(header) == 1
            if not is_ours and has_a_name and is_the_only_one:
                found[header] = cell_at(row, place)
        return found

    def prints(self) -> list[int]:
        """Return the fingerprint of each row as the sheet has it."""
        return [hash(marshal.dumps(row, 2)) for row in self.raw]


def find_columns(
    title: str, headers: Sequence[object], below: Iterable[Sequence[object]] = ()
) -> Layout:
    """Return where our columns stand, by their headers.

    Headers may differ in what nobody sees, see :mod:`record.grid.headers`. ``below`` are
    the next rows, in which they are looked for where they are not in the first.

    Raises:
        SheetBroken: a required header is missing or stands twice; says which, and the likeliest misspelling.
    """
    sheet = WORKSHEETS[title]
    shown = [str(header) for header in headers]
    places: list[int | None] = []
    missing, doubled = [], []
    for column, stands in places_of(title, shown).items():
        if len(stands) > 1:
            doubled.append(column)
        elif not stands and column in sheet.required:
            missing.append(column)
        places.append(stands[0] if stands else None)
    if missing and (number := lies_deeper(title, below)):
        raise SheetBroken(deeper(title, number))
    if not any(map(normal, shown)):
        raise SheetBroken(
            f"Лист «{title}»: в первой строке нет заголовков. Верните её (Ctrl+Z) — пока ничего не тронуто"
        )
    if doubled or missing:
        raise SheetBroken(explained(title, missing, doubled, shown))
    return Layout(sheet, tuple(shown), tuple(places))


def columns_of(title: str, values: Sequence[Sequence[object]]) -> Layout:
    """Return where our columns stand in a worksheet of which all rows are known.

    Raises:
        SheetBroken: its header row can't be trusted.
    """
    header = values[0] if values else []
    return find_columns(title, header, values[1:DEEP])


def read_table(title: str, values: Values) -> Table:
    """Return a worksheet whose columns have been found.

    Raises:
        SheetBroken: its header row can't be trusted.
    """
    return Table(columns_of(title, values), values[1:])


def cell_at(cells: Sequence[Any], place: int | None) -> Cell:
    """Return the cell at a sheet column; "" where the row ends before it."""
    if place is None or place >= len(cells):
        return ""
    found: Cell = cells[place]
    return found


def is_hollow(cell: Cell) -> bool:
    """Return whether a cell holds nothing that anybody typed."""
    # a formula dragged down shows errors to the last row
    return isinstance(cell, str) and (not cell.strip() or is_unread(cell))


def fingerprint(row: Row) -> int:
    """Return a number that differs whenever a cell differs, type included.

    It is good for this process only: Python seeds hashes at each start.
    """
    return hash(marshal.dumps(row, 2))


def lasting_print(row: Row) -> str:
    """Return a fingerprint that other processes and later starts compute alike."""
    return hashlib.blake2b(marshal.dumps(row, 2), digest_size=12).hexdigest()


def same(one: Cell, other: Cell) -> bool:
    """Return whether two cells show a person the same: ``2000``, ``2000.0``, ``"2000"``."""
    return as_shown(one) == as_shown(other)
