"""What a worksheet looks like already, as Google answers it, so that only what is
missing is added.
"""

from collections.abc import Iterable, Mapping, Sequence
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
        """Say whether a range ends above the last row of the grid; one with an open end
        does not.
        """
        return int(where.get("endRowIndex", self.last_row + 1)) <= self.last_row

    def listed(self, kind: str) -> Sequence[Json]:
        """Return the worksheet's decorations of a kind, such as ``protectedRanges``."""
        items: Sequence[Json] = self.answer.get(kind, [])
        return items

    def has(self, *kinds: str) -> bool:
        """Say whether there is a decoration of one of these kinds."""
        return any(self.answer.get(kind) for kind in kinds)

    def cell(self, row: int, column: int) -> Json:
        """Return format, note and validation of a cell that was asked for; nothing
        where it has none.
        """
        for data in self.answer.get("data", []):
            line, place = (
                row - data.get("startRow", 0),
                column - data.get("startColumn", 0),
            )
            rows = data.get("rowData", [])
            if (
                0 <= line < len(rows)
                and 0 <= place < len(cells := rows[line].get("values", []))
                and cells[place]
            ):
                return dict(cells[place])
        return {}

    def width(self, column: int) -> int | None:
        """Return a column's width in pixels, or None for a column that is about to be
        added.
        """
        first: Json = next(iter(self.answer.get("data", [])), {})
        widths = first.get("columnMetadata", [])
        return int(widths[column]["pixelSize"]) if column < len(widths) else None


def appearances(
    sheet: Sheet, layouts: Mapping[str, Layout], values: Mapping[str, Values]
) -> dict[str, Appearance]:
    """Return what all worksheets look like, in two read requests whatever the number of
    rows.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/get
    """
    rows = {
        one["properties"]["title"]: one["properties"]["gridProperties"]["rowCount"]
        for one in sheet.describe()["sheets"]
        if one["properties"]["title"] in layouts
    }
    ranges = [
        part
        for title in layouts
        for part in _ranges(layouts[title], rows[title], len(values[title]))
    ]
    answer = {
        one["properties"]["title"]: one
        for one in sheet.describe(FIELDS, ranges)["sheets"]
    }
    return {
        title: Appearance(answer[title], layouts[title], values[title])
        for title in layouts
    }


def _ranges(layout: Layout, rows: int, filled: int) -> Iterable[str]:
    title = layout.sheet.title
    yield from (
        absolute_range_name(title, f"{row}:{row}")
        for row in sorted({1, min(2, rows), rows})
    )
    for name, column in COLUMNS[title].items():
        place = layout.place(name)
        if column.ticks and place is not None and 1 < filled <= rows:
            yield absolute_range_name(
                title, f"{column_letters(place)}2:{column_letters(place)}{filled}"
            )
