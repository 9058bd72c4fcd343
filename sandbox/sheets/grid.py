"""One tab: rows, size, and the moves of rows and columns.

Decorations follow through `shifting`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sandbox.sheets import shifting
from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import BLANK, EMPTY, Cell, Json, Row

DECORATIONS = ("merges", "protectedRanges", "conditionalFormats", "bandedRanges")


class Sheet:
    """A tab of a spreadsheet: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/sheets#Sheet.

    `draft()` costs one copy of the list of rows; rows and decoration objects are shared
    and never mutated.
    """

    def __init__(self, properties: Json, rows: Sequence[Row] = ()) -> None:
        """A tab with `properties` as in SheetProperties."""
        self.properties = properties
        self.rows: list[Row] = list(rows)
        self.decorations: dict[str, list[Json]] = {name: [] for name in DECORATIONS}
        self.basic_filter: Json | None = None
        self.row_properties: dict[int, Json] = {}
        self.column_properties: dict[int, Json] = {}

    def draft(self) -> "Sheet":
        """A copy that may be changed without anyone seeing it."""
        copy = Sheet({**self.properties, "gridProperties": dict(self.grid)}, self.rows)
        copy.decorations = {
            name: list(items) for name, items in self.decorations.items()
        }
        copy.basic_filter = self.basic_filter
        copy.row_properties = dict(self.row_properties)
        copy.column_properties = dict(self.column_properties)
        return copy

    @property
    def id(self) -> int:
        """sheetId."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The tab's name."""
        return str(self.properties["title"])

    @property
    def grid(self) -> Json:
        """gridProperties."""
        grid: Json = self.properties["gridProperties"]
        return grid

    @property
    def row_count(self) -> int:
        """How many rows the grid has."""
        return int(self.grid["rowCount"])

    @property
    def column_count(self) -> int:
        """How many columns the grid has."""
        return int(self.grid["columnCount"])

    def row(self, index: int) -> Row:
        """The row, empty past the last one stored."""
        return self.rows[index] if index < len(self.rows) else EMPTY

    def last_row(self) -> int:
        """How many rows reach to the last value."""
        index = len(self.rows)
        while index and not self.rows[index - 1].mask:
            index -= 1
        return index

    def put_row(self, index: int, cells: Sequence[Cell]) -> None:
        """Replace one row."""
        if index >= len(self.rows):
            self.rows.extend([EMPTY] * (index + 1 - len(self.rows)))
        self.rows[index] = Row(cells)

    def change(self, box: Box, change: Callable[[Cell], Cell]) -> None:
        """Apply `change` to every cell; rows that are the same object are changed once."""
        done: dict[int, Row] = {}
        end = min(box.r1, self.row_count)
        if len(self.rows) < end:
            self.rows.extend([EMPTY] * (end - len(self.rows)))
        columns = range(box.c0, min(box.c1, self.column_count))
        for index in range(box.r0, end):
            old = self.rows[index]
            new = done.get(id(old))
            if new is None:
                cells = old.padded(columns.stop)
                for column in columns:
                    cells[column] = change(cells[column])
                new = done[id(old)] = Row(cells) if cells else EMPTY
            self.rows[index] = new
        self.trim()

    def trim(self) -> None:
        """Forget stored rows at the end that hold nothing at all."""
        while self.rows and not self.rows[-1].cells:
            self.rows.pop()

    def grow(self, rows: int, columns: int) -> None:
        """Make the grid at least that large."""
        self.grid["rowCount"] = max(self.row_count, rows)
        self.grid["columnCount"] = max(self.column_count, columns)

    def insert(
        self, dimension: str, at: int, count: int, *, inherit_before: bool
    ) -> None:
        """Insert empty rows or columns."""
        if dimension == "ROWS":
            self.grid["rowCount"] = self.row_count + count
            if at < len(self.rows) or inherit_before:
                model = at - 1 if inherit_before else at
                self.rows[at:at] = [_format_only(self.row(model))] * count
                self.trim()
        else:
            self.grid["columnCount"] = self.column_count + count
            model = at - 1 if inherit_before else at
            self._map_rows(lambda cells: _insert_cells(cells, at, count, model))
        self._shift(shifting.Insert(dimension, at, count))

    def delete(self, dimension: str, start: int, end: int) -> None:
        """Delete rows or columns [start, end)."""
        if dimension == "ROWS":
            self.grid["rowCount"] = self.row_count - (end - start)
            del self.rows[start:end]
        else:
            self.grid["columnCount"] = self.column_count - (end - start)
            self._map_rows(lambda cells: [*cells[:start], *cells[end:]])
        self.trim()
        self._shift(shifting.Delete(dimension, start, end))

    def move(self, dimension: str, start: int, end: int, to: int) -> None:
        """Move rows or columns [start, end) before what is now at `to`."""
        if dimension == "ROWS":
            self.rows.extend([EMPTY] * (max(end, to) - len(self.rows)))
            self.rows = _moved(self.rows, start, end, to)
            self.trim()
        else:
            width = max(end, to)
            self._map_rows(lambda cells: _moved(_padded(cells, width), start, end, to))
        self._shift(shifting.Move(dimension, start, end, to))

    def resize(self, rows: int, columns: int) -> None:
        """Set the grid's size, losing what no longer fits."""
        if rows < self.row_count:
            self.delete("ROWS", rows, self.row_count)
        if columns < self.column_count:
            self.delete("COLUMNS", columns, self.column_count)
        self.grid.update(rowCount=rows, columnCount=columns)

    def _map_rows(self, change: Callable[[Sequence[Cell]], Sequence[Cell]]) -> None:
        done: dict[int, Row] = {}
        old_rows = self.rows
        new_rows = []
        for row in old_rows:
            new = done.get(id(row))
            if new is None:
                new = done[id(row)] = Row(change(row.cells))
            new_rows.append(new)
        self.rows = new_rows

    def _shift(self, shift: "shifting.Shift") -> None:
        for name, items in self.decorations.items():
            self.decorations[name] = shifting.shift_all(items, self.id, shift)
        if self.basic_filter is not None:
            kept = shifting.shift_all([self.basic_filter], self.id, shift)
            self.basic_filter = kept[0] if kept else None
        if shift.dimension == "ROWS":
            self.row_properties = shifting.shift_keys(self.row_properties, shift)
        else:
            self.column_properties = shifting.shift_keys(self.column_properties, shift)


def _format_only(row: Row) -> Row:
    """The row an insertion leaves: its neighbour's formats and validation, no values."""
    return Row([_inherited(cell) for cell in row.cells]) if row.cells else EMPTY


def _inherited(cell: Cell) -> Cell:
    return (
        Cell(format=cell.format, validation=cell.validation)
        if cell.format or cell.validation
        else BLANK
    )


def _insert_cells(
    cells: Sequence[Cell], at: int, count: int, model: int
) -> Sequence[Cell]:
    if at >= len(cells) and model >= len(cells):
        return cells
    new = _inherited(cells[model]) if 0 <= model < len(cells) else BLANK
    padded = _padded(cells, at)
    return [*padded[:at], *([new] * count), *padded[at:]]


def _padded(cells: Sequence[Cell], width: int) -> list[Cell]:
    return [*cells, *([BLANK] * (width - len(cells)))]


def _moved(items: list[Any], start: int, end: int, to: int) -> list[Any]:
    block = items[start:end]
    if to <= start:
        return [*items[:to], *block, *items[to:start], *items[end:]]
    return [*items[:start], *items[end:to], *block, *items[to:]]


def total_cells(sheets: Iterable[Sheet]) -> int:
    """What counts towards the limit of 10 million cells."""
    return sum(sheet.row_count * sheet.column_count for sheet in sheets)
