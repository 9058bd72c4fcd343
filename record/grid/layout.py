"""From the sheet's values to rows in our own order of columns. Pure.

A person may move columns and add own ones: each of our columns is found by its header.
What can't be trusted (no header row, a required header missing or doubled) is a
:class:`~record.errors.SheetBroken`, and nothing is read.
"""

import hashlib
import marshal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from record.errors import SheetBroken
from record.grid.worksheets import WORKSHEETS, Worksheet
from record.values import Cell, as_shown, is_empty, is_unread, nearest
from record.values.comparing import normal

Row = tuple[Cell, ...]
Values = list[list[Any]]
# the fact of the store by which a poll tells all who write where columns stand


@dataclass(frozen=True)
class Layout:
    """Where our columns stand in a worksheet: ``places`` is the 0-based sheet column of
    each, None where missing.
    """

    sheet: Worksheet
    headers: tuple[str, ...]
    places: tuple[int | None, ...]

    def place(self, column: str) -> int | None:
        """Return the 0-based sheet column under a header, ours or a person's own, or
        None where there is none.

        ``@7`` names a column that has no header by its place.
        """
        if column in self.sheet.columns:
            return self.places[self.sheet.index(column)]
        if column.startswith("@"):
            return int(column[1:])
        return next(
            (place for place, header in enumerate(self.headers) if header == column),
            None,
        )

    def name(self, place: int) -> str:
        """Return how :meth:`place` finds this sheet column: our name for it, its
        header, or ``@`` and its place.
        """
        if place in self.places:
            return self.sheet.columns[self.places.index(place)]
        header = self.headers[place] if place < len(self.headers) else ""
        return header if header.strip() else f"@{place}"

    def spread(self, named: dict[str, Cell]) -> list[tuple[int, Cell]]:
        """Return sheet column and value for each named cell whose column is there."""
        placed = ((self.place(column), value) for column, value in named.items())
        return [(place, value) for place, value in placed if place is not None]

    def reader(self) -> Callable[[list[Any]], Row]:
        """Return a quick function from a sheet row to a row in our order."""
        width = len(self.places)
        if self.places == tuple(range(width)):
            return lambda row: (
                tuple(row[:width])
                if len(row) > width
                else (*row, *[""] * (width - len(row)))
            )
        edge = max(place or 0 for place in self.places) + 1
        pick = itemgetter(*(edge if place is None else place for place in self.places))
        return lambda row: tuple(
            pick([*row[:edge], *[""] * (edge + 1 - min(len(row), edge))])
        )


@dataclass(frozen=True)
class Table:
    """A worksheet as read: its layout, and its rows below the header as the sheet has
    them, blank ones included.
    """

    layout: Layout
    raw: Values

    def rows(self, only: Iterable[int] | None = None) -> list[tuple[int, Row]]:
        """Return 1-based row number and cells of the rows that are not blank, of all or
        these indexes of ``raw``.
        """
        read = self.layout.reader()
        indexes = range(len(self.raw)) if only is None else only
        rows = (
            (index + 2, read(self.raw[index])) for index in indexes if self.raw[index]
        )
        return [(number, row) for number, row in rows if not all(map(_hollow, row))]

    def failed(self) -> bool:
        """Say whether a row shows nothing but errors: the formula that fills the
        worksheet gives nothing now.
        """
        read = self.layout.reader()
        rows = (read(row) for row in self.raw if row)
        return any(any(map(is_unread, row)) and all(map(_hollow, row)) for row in rows)

    def own_cells(self, number: int) -> dict[str, Cell]:
        """Return what stands in the columns that people added, by header, in a row by
        its 1-based number.
        """
        row, layout = self.raw[number - 2], self.layout
        named = {
            header: place
            for place, header in enumerate(layout.headers)
            if header.strip(" @") == header != ""
        }
        mine = (
            (header, place)
            for header, place in named.items()
            if layout.place(header) == place
        )
        return {
            h: row[p] if p < len(row) else "" for h, p in mine if p not in layout.places
        }

    def prints(self) -> list[int]:
        """Return the fingerprint of each row as the sheet has it."""
        return [hash(marshal.dumps(row, 2)) for row in self.raw]


def find_columns(title: str, headers: Sequence[object]) -> Layout:
    """Return where our columns stand, by headers that may differ in case, ё, spaces and
    marks.

    Raises:
        SheetBroken: a required header is missing or stands twice; says which, and the likeliest misspelling.
    """
    sheet = WORKSHEETS[title]
    found: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        found.setdefault(normal(header), []).append(place)
    if not any(found.keys() - {""}):
        raise SheetBroken(
            f"Лист «{title}»: в первой строке нет заголовков. Верните её (Ctrl+Z) — пока ничего не тронуто"
        )
    places = [found.get(normal(column), []) for column in sheet.columns]
    doubled = [
        column for column, at in zip(sheet.columns, places, strict=True) if len(at) > 1
    ]
    missing = [
        column
        for column, at in zip(sheet.columns, places, strict=True)
        if not at and column in sheet.required
    ]
    if doubled or missing:
        raise SheetBroken(
            _explain(
                title,
                missing,
                doubled,
                [str(h) for h in headers if not is_empty(str(h))],
            )
        )
    return Layout(
        sheet,
        tuple(str(h) for h in headers),
        tuple(at[0] if at else None for at in places),
    )


def _explain(
    title: str, missing: list[str], doubled: list[str], headers: list[str]
) -> str:
    sheet = {normal(column) for column in WORKSHEETS[title].columns}
    spare = [header for header in headers if normal(header) not in sheet]
    parts = []
    for column in missing:
        near = nearest(column, spare, at_least=60)
        parts.append(
            f"нет столбца «{column}»" + (f" (есть похожий «{near[0]}»)" if near else "")
        )
    parts += [f"столбец «{column}» встречается дважды" for column in doubled]
    return f"Лист «{title}»: {', '.join(parts)}. Исправьте первую строку — до этого Наряд ничего не меняет"


def read_table(title: str, values: Values) -> Table:
    """Return a worksheet whose columns have been found.

    Raises:
        SheetBroken: its header row can't be trusted.
    """
    return Table(find_columns(title, values[0] if values else []), values[1:])


def _hollow(cell: Cell) -> bool:
    """Say whether a cell holds nothing that anybody typed; a formula dragged down shows
    errors to the last row.
    """
    return isinstance(cell, str) and (not cell.strip() or is_unread(cell))


def fingerprint(row: Row) -> int:
    """Return a number that differs whenever a cell differs, type included; good for
    this process only.
    """
    return hash(marshal.dumps(row, 2))


def lasting_print(row: Row) -> str:
    """Return a fingerprint that other processes and later starts compute alike."""
    return hashlib.blake2b(marshal.dumps(row, 2), digest_size=12).hexdigest()


def same(one: Cell, other: Cell) -> bool:
    """Say whether two cells show a person the same: ``2000`` and ``2000.0`` and
    ``"2000"`` do.
    """
    return as_shown(one) == as_shown(other)
