"""What a worksheet looks like already, so that only what is missing is added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from record.grid.layout import Layout, Values
from record.sheet import Sheet, absolute_range_name, column_letters
from worker.decor.columns import COLUMNS

Json = dict[str, Any]
FIELDS = (
    "sheets(properties(sheetId,title,gridProperties),conditionalFormats,basicFilter,tables.tableId,"
    "protectedRanges(protectedRangeId,range,description,warningOnly),"
    "data(startRow,startColumn,columnMetadata.pixelSize,rowData.values(note,userEnteredFormat,dataValidation)))"
)


@dataclass(frozen=True)
class Appearance:
    """One worksheet before it is decorated; rows and columns are 0-based.

    ``answer`` has the cells that were asked for: before decorating those of the header,
    of the first and last row below it, and of the columns of checkboxes. ``values`` are
    all values, with what is about to be written.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#sheet
    """

    answer: Mapping[str, Any]
    layout: Layout
    values: Values

    @property
    def sheet_id(self) -> int:
        """The worksheet's id."""
        return int(self.answer["properties"].get("sheetId", 0))

    @property
    def grid(self) -> Json:
        """How many rows and columns there are, and how many are frozen."""
        return dict(self.answer["properties"]["gridProperties"])

    @property
    def last_row(self) -> int:
        """The last row of the grid."""
        return int(self.grid["rowCount"]) - 1

    def ends_early(self, where: Mapping[str, Any]) -> bool:
        """Return whether a range ends above the last row; one with an open end does not."""
        return int(where.get("endRowIndex", self.last_row + 1)) <= self.last_row

    def listed(self, kind: str) -> Sequence[Json]:
        """Return the worksheet's decorations of a kind, such as ``protectedRanges``."""
        items: Sequence[Json] = self.answer.get(kind, [])
        return items

    def has(self, kind: str) -> bool:
        """Return whether there is a decoration of this kind."""
        return bool(self.answer.get(kind))

    def cell(self, row: int, column: int) -> Json:
        """Return format, note and validation of a cell that was asked for, if any."""
        for data in self.answer.get("data", []):
            found = _cell_of(data, row, column)
            # it may be in several ranges
            if found:
                return found
        return {}

    def width(self, column: int) -> int | None:
        """Return a column's width in pixels; None where it is about to be added."""
        data: Sequence[Json] = self.answer.get("data", [])
        if not data:
            return None
        # the first range spans all columns
        widths = data[0].get("columnMetadata", [])
        if column >= len(widths):
            return None
        return int(widths[column]["pixelSize"])


def _cell_of(data: Json, row: int, column: int) -> Json:
    """Return a cell of one range, {} where it is not in it or has nothing.

    Google leaves a start of 0 out, and cells and rows without anything at the end.
    """
    row -= data.get("startRow", 0)
    rows = data.get("rowData", [])
    if not 0 <= row < len(rows):
        return {}
    column -= data.get("startColumn", 0)
    cells = rows[row].get("values", [])
    if not 0 <= column < len(cells):
        return {}
    return dict(cells[column])


def appearances(
    sheet: Sheet, layouts: Mapping[str, Layout], values: Mapping[str, Values]
) -> dict[str, Appearance]:
    """Return what all worksheets look like, in two read requests.

    The answer is small however many rows there are: only a few of them are asked for.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/get
    """
    rows = _row_counts(sheet.describe())
    ranges: list[str] = []
    for title, layout in layouts.items():
        ranges += _ranges(layout, rows[title], len(values[title]))
    described = sheet.describe(FIELDS, ranges)["sheets"]
    answers = {one["properties"]["title"]: one for one in described}
    return {
        title: Appearance(answers[title], layout, values[title])
        for title, layout in layouts.items()
    }


def _row_counts(described: Json) -> dict[str, int]:
    counts = {}
    for one in described["sheets"]:
        properties = one["properties"]
        # a chart's own tab has no grid
        if "gridProperties" in properties:
            counts[properties["title"]] = properties["gridProperties"]["rowCount"]
    return counts


def _ranges(layout: Layout, rows: int, filled: int) -> Iterator[str]:
    title = layout.sheet.title
    for row in sorted({1, min(2, rows), rows}):
        yield absolute_range_name(title, f"{row}:{row}")
    if not 1 < filled <= rows:
        return
    for name, column in COLUMNS[title].items():
        place = layout.place(name)
        if column.ticks and place is not None:
            yield absolute_range_name(
                title, f"{column_letters(place)}2:{column_letters(place)}{filled}"
            )
