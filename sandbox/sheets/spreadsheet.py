"""A spreadsheet and its tabs, and finding the range a caller means."""

import datetime as dt
import math
import random
import time
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.sheets import a1
from sandbox.sheets.a1 import Box, Span
from sandbox.sheets.calculator import Calculator, Results
from sandbox.sheets.cells import Formula, Json, Row
from sandbox.sheets.errors import ApiError, invalid
from sandbox.sheets.grid import Sheet, total_cells
from sandbox.sheets.locales import Locale, locale

MAX_CELLS = 10_000_000
MAX_COLUMNS = a1.MAX_COLUMNS
VOLATILE_S = 1.0
"""How old a result may be that changes by itself, as the time does."""


class Spreadsheet:
    """https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets#Spreadsheet."""

    def __init__(self, id: str, properties: Json, owner: str, created: str) -> None:  # noqa: A002 - Google's word
        """An empty spreadsheet without tabs."""
        self.id = id
        self.properties = properties
        self.sheets: list[Sheet] = []
        self.named_ranges: list[Json] = []
        self.owner = owner
        self.created = created
        self.modified = created
        self.permissions: list[Json] = []
        self.metadata: list[Json] = []
        self.trashed = False
        self.published = False
        self.calculator = Calculator()
        self._results: Results | None = None
        self._computed_at = 0.0

    def draft(self) -> "Spreadsheet":
        """A copy to change; what is not changed is shared."""
        copy = Spreadsheet(self.id, dict(self.properties), self.owner, self.created)
        copy.sheets = [sheet.draft() for sheet in self.sheets]
        copy.named_ranges = list(self.named_ranges)
        copy.modified = self.modified
        copy.permissions = list(self.permissions)
        copy.metadata = list(self.metadata)
        copy.trashed = self.trashed
        copy.calculator = self.calculator
        return copy

    def rows_seen(self, sheet: Sheet, start: int, end: int) -> list[Row]:
        """The rows [start, end) as a person sees them: formulas computed."""
        rows = sheet.rows[start:end]
        if Formula.seen:
            for index, row in self._computed().get(sheet.id, {}).items():
                if start <= index < end:
                    rows[index - start] = row
        return rows

    def _computed(self) -> Results:
        """What formulas show.

        Kept once the spreadsheet is published, for nobody changes it then.
        """
        if (
            self._results is not None
            and time.monotonic() < self._computed_at + VOLATILE_S
        ):
            return self._results
        results, lasting = self.calculator.rows(self)
        if self.published:
            self._results = results
            self._computed_at = math.inf if lasting else time.monotonic()
        return results

    @property
    def locale(self) -> Locale:
        """How numbers and dates are typed and shown here."""
        return locale(self.properties["locale"])

    @property
    def zone(self) -> ZoneInfo:
        """The spreadsheet's time zone."""
        try:
            return ZoneInfo(self.properties["timeZone"])
        except (KeyError, ValueError):
            return ZoneInfo("UTC")

    def today(self) -> dt.date:
        """Today in the spreadsheet's time zone."""
        return dt.datetime.now(self.zone).date()

    def sheet_by_title(self, title: str) -> Sheet | None:
        """The tab named exactly so."""
        return next((sheet for sheet in self.sheets if sheet.title == title), None)

    def sheet(self, sheet_id: int | None) -> Sheet:
        """The tab; Google takes a missing id for 0."""
        wanted = sheet_id or 0
        for sheet in self.sheets:
            if sheet.id == wanted:
                return sheet
        raise invalid(f"No grid with id: {wanted}")

    def resolve(self, text: str) -> tuple[Sheet, Span]:
        """The tab and the cells an A1 range or a named range means."""
        title, cells = a1.split_title(text)
        sheet = self.sheets[0]
        if title is not None:
            named = self.sheet_by_title(title)
            if named is None:
                raise invalid(f"Unable to parse range: {text}")
            sheet = named
            if cells is None:
                return sheet, Span(None, None, None, None)
        span = a1.parse_cells(cells or "")
        if span is not None:
            return sheet, span
        found = self._by_name(text) if title is None else self._named(cells, sheet)
        if found is not None:
            return found
        raise invalid(f"Unable to parse range: {text}")

    def boxed(self, text: str) -> tuple[Sheet, Box, Span]:
        """The range clipped to its grid; refused when it starts outside."""
        sheet, span = self.resolve(text)
        return sheet, box_in(sheet, span), span

    def grid_box(self, grid_range: Mapping[str, Any]) -> tuple[Sheet, Box]:
        """A GridRange clipped to its grid; refused when it starts outside."""
        sheet = self.sheet(grid_range.get("sheetId"))
        return sheet, box_in(sheet, grid_span(grid_range))

    def grid_range(self, sheet: Sheet, box: Box) -> Json:
        """The GridRange of a box; the tab with the id 0 is not named in it."""
        named = {"sheetId": sheet.id} if sheet.id else {}
        return {
            **named,
            "startRowIndex": box.r0,
            "endRowIndex": box.r1,
            "startColumnIndex": box.c0,
            "endColumnIndex": box.c1,
        }

    def check_size(self, more: int = 0) -> None:
        """Refuse more cells than a spreadsheet may have.

        https://support.google.com/drive/answer/37603
        """
        if total_cells(self.sheets) + more > MAX_CELLS:
            raise invalid(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{MAX_CELLS} cells."
            )

    def new_sheet_id(self) -> int:
        """A random id, as Google gives."""
        taken = {sheet.id for sheet in self.sheets}
        while True:
            number = random.randrange(1, 2**31)
            if number not in taken:
                return number

    def add_sheet(self, properties: Json, index: int | None = None) -> Sheet:
        """A new tab from SheetProperties; missing parts are filled in as Google does."""
        wanted = properties.get("title")
        self.check_title(wanted)
        sheet_id = properties.get("sheetId")
        if sheet_id is not None and any(sheet.id == sheet_id for sheet in self.sheets):
            raise invalid(
                f"Sheet with id {sheet_id} already exists. Please enter a different id."
            )
        if sheet_id is not None and sheet_id < 0:
            raise invalid(f"Sheet id must be non-negative: {sheet_id}")
        grid = {"rowCount": 1000, "columnCount": 26} | properties.get(
            "gridProperties", {}
        )
        check_grid(grid)
        complete = {
            **properties,
            "sheetId": self.new_sheet_id() if sheet_id is None else sheet_id,
            "title": wanted if wanted is not None else self.free_title(),
            "sheetType": "GRID",
            "gridProperties": grid,
        }
        sheet = Sheet(complete)
        place = len(self.sheets) if index is None else index
        if place > len(self.sheets):
            raise invalid(
                f"Index {place} is out of bounds: the spreadsheet has {len(self.sheets)} sheets."
            )
        self.sheets.insert(place, sheet)
        self.renumber()
        self.check_size()
        return sheet

    def check_title(self, title: str | None, renamed: Sheet | None = None) -> None:
        """Refuse an empty or taken title."""
        if title is None:
            return
        if not title:
            raise invalid("Sheet name cannot be empty.")
        if len(title) > 100:
            raise invalid("Sheet name cannot be longer than 100 characters.")
        if any(
            sheet.title.casefold() == title.casefold()
            for sheet in self.sheets
            if sheet is not renamed
        ):
            raise invalid(
                f'A sheet with the name "{title}" already exists. Please enter another name.'
            )

    def free_title(self) -> str:
        """`Sheet2`, `Лист2`: the first number that is free."""
        taken = {sheet.title for sheet in self.sheets}
        number = len(self.sheets) + 1
        while f"{self.locale.tab}{number}" in taken:
            number += 1
        return f"{self.locale.tab}{number}"

    def renumber(self) -> None:
        """Let each tab's `index` say where it stands."""
        for index, sheet in enumerate(self.sheets):
            sheet.properties["index"] = index

    def _by_name(self, text: str) -> tuple[Sheet, Span] | None:
        sheet = self.sheet_by_title(text)
        if sheet is not None:
            return sheet, Span(None, None, None, None)
        return self._named(text, None)

    def _named(self, name: str | None, only: Sheet | None) -> tuple[Sheet, Span] | None:
        """The named range, if need be of this tab only: `Sheet1!Prices`."""
        for named in self.named_ranges:
            sheet = self.sheet(named["range"].get("sheetId"))
            if named["name"] == name and only in (None, sheet):
                return sheet, grid_span(named["range"])
        return None


def grid_span(grid_range: Mapping[str, Any]) -> Span:
    """A GridRange as a span."""
    return Span(
        grid_range.get("startRowIndex"),
        grid_range.get("startColumnIndex"),
        grid_range.get("endRowIndex"),
        grid_range.get("endColumnIndex"),
    )


def box_in(sheet: Sheet, span: Span) -> Box:
    """The part of the span inside the grid; a span that starts outside is refused."""
    rows, columns = sheet.row_count, sheet.column_count
    box = Box(
        span.r0 or 0,
        span.c0 or 0,
        rows if span.r1 is None else span.r1,
        columns if span.c1 is None else span.c1,
    )
    if (
        box.r0 < 0
        or box.c0 < 0
        or (span.r1 is not None and box.r1 < box.r0)
        or (span.c1 is not None and box.c1 < box.c0)
    ):
        raise invalid("GridRange is invalid: its end is before its start.")
    if box.r0 >= rows or box.c0 >= columns:
        raise exceeds_grid(sheet, span)
    return box.clipped(rows, columns)


def exceeds_grid(sheet: Sheet, span: Span) -> ApiError:
    """The refusal of a range outside the grid."""
    return invalid(
        f"Range ({a1.write_open(sheet.title, span)}) exceeds grid limits. "
        f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    )


def check_grid(grid: Json) -> None:
    """Refuse a grid without cells, too wide, or frozen all over."""
    rows, columns = grid["rowCount"], grid["columnCount"]
    if rows < 1 or columns < 1:
        kind = "rows" if rows < 1 else "columns"
        raise invalid(f"You can't delete all the {kind} on the sheet.")
    if columns > MAX_COLUMNS:
        raise invalid(
            f"This action would increase the number of columns above the limit of {MAX_COLUMNS} columns."
        )
    if (
        grid.get("frozenRowCount", 0) >= rows
        or grid.get("frozenColumnCount", 0) >= columns
    ):
        raise invalid("You can't freeze all visible rows or columns on the sheet.")
