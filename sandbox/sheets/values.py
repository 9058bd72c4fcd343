"""The values collection:
https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.values.
"""

import datetime as dt
import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from sandbox.sheets import a1
from sandbox.sheets.a1 import Box, Span
from sandbox.sheets.cells import BLANK, MAX_CHARACTERS, Cell, Json, stored
from sandbox.sheets.entered import typed
from sandbox.sheets.errors import invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.locales import Locale
from sandbox.sheets.protection import guard
from sandbox.sheets.rendered import Rendering, values_json
from sandbox.sheets.spreadsheet import Spreadsheet, exceeds_grid
from sandbox.sheets.table import last_table


class Written(NamedTuple):
    """What one write touched: nulls in its values touch nothing."""

    sheet: Sheet
    box: Box
    cells: int
    rows: frozenset[int]
    columns: frozenset[int]

    def reply(self, book: Spreadsheet, rendering: Rendering | None) -> Json:
        """UpdateValuesResponse."""
        reply: Json = {
            "spreadsheetId": book.id,
            "updatedRange": a1.write(self.sheet.title, self.box),
        }
        if self.cells:
            reply |= {
                "updatedRows": len(self.rows),
                "updatedColumns": len(self.columns),
                "updatedCells": self.cells,
            }
        if rendering is not None:
            reply["updatedData"] = json.loads(
                value_range(book, self.sheet, self.box, rendering)
            )
        return reply


def rendering_of(book: Spreadsheet, options: Json, prefix: str = "") -> Rendering:
    """The render options of a query, or with a prefix those of a response."""
    names = ("valueRenderOption", "dateTimeRenderOption")
    if prefix:
        names = ("responseValueRenderOption", "responseDateTimeRenderOption")
    return Rendering(
        options.get(names[0]) or "FORMATTED_VALUE",
        options.get(names[1]) or "SERIAL_NUMBER",
        book.properties["locale"],
    )


def value_range(
    book: Spreadsheet,
    sheet: Sheet,
    box: Box,
    rendering: Rendering,
    dimension: str = "ROWS",
) -> str:
    """A ValueRange as JSON text; `values` is absent when all of it is empty."""
    typed_only = rendering.option == "FORMULA"
    rows = (
        sheet.rows[box.r0 : box.r1]
        if typed_only
        else book.rows_seen(sheet, box.r0, box.r1)
    )
    values = values_json(rows, box, rendering, dimension)
    head = json.dumps(
        {"range": a1.write(sheet.title, box), "majorDimension": dimension},
        ensure_ascii=False,
    )
    return head if values is None else f'{head[:-1]}, "values": {values}}}'


def read(book: Spreadsheet, text: str, options: Json) -> str:
    """values.get."""
    sheet, box, _ = book.boxed(text)
    return value_range(
        book, sheet, box, rendering_of(book, options), dimension_of(options)
    )


def batch_read(book: Spreadsheet, ranges: Sequence[str], options: Json) -> str:
    """values.batchGet, in the order asked."""
    parts = [read(book, text, options) for text in ranges]
    return f'{{"spreadsheetId": {json.dumps(book.id)}, "valueRanges": [{", ".join(parts)}]}}'


def dimension_of(options: Json) -> str:
    """ROWS unless COLUMNS was asked for."""
    return "COLUMNS" if options.get("majorDimension") == "COLUMNS" else "ROWS"


def update(book: Spreadsheet, text: str, body: Json, option: str, user: str) -> Written:
    """values.update: writing starts at a single cell; a wider range also bounds it."""
    sheet, box, span = book.boxed(text)
    stated = body.get("range")
    if stated is not None and book.resolve(stated) != (sheet, span):
        raise invalid(
            f"Requested range [{text}] must match the range in the update body: [{stated}]"
        )
    rows = _by_rows(body)
    limit = (
        Box(box.r0, box.c0, sheet.row_count, sheet.column_count) if span.single else box
    )
    _check_fits(sheet, box, limit, rows)
    return _Writer(book, option, user).write(sheet, (box.r0, box.c0), rows)


def append(
    book: Spreadsheet, text: str, body: Json, options: Json, user: str
) -> tuple[str | None, Written]:
    """values.append: the table found, if any, and what was written below it."""
    sheet, box, _ = book.boxed(text)
    rows = _by_rows(body)
    table = last_table(sheet, box)
    start = (table.r1, table.c0) if table else (box.r0, box.c0)
    width = max((len(row) for row in rows), default=0)
    if rows and options.get("insertDataOption") == "INSERT_ROWS":
        target = Box(start[0], 0, start[0] + 1, sheet.column_count)
        guard(book, sheet, target, user)
        sheet.insert("ROWS", start[0], len(rows), inherit_before=start[0] > 0)
    sheet.grow(start[0] + len(rows), start[1] + width)
    book.check_size()
    written = _Writer(book, options["valueInputOption"], user).write(sheet, start, rows)
    return (a1.write(sheet.title, table) if table else None), written


def clear(book: Spreadsheet, text: str, user: str) -> str:
    """values.clear: values go, formats and notes stay; answers the range cleared."""
    sheet, box, _ = book.boxed(text)
    guard(book, sheet, box, user)
    filled = Box(box.r0, box.c0, min(box.r1, len(sheet.rows)), box.c1)
    sheet.change(filled, lambda cell: cell._replace(value=None, runs=None))
    return a1.write(sheet.title, box)


def _by_rows(body: Json) -> list[list[Any]]:
    rows = body.get("values") or []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, dict | list):
                kind = "struct_value" if isinstance(value, dict) else "list_value"
                raise invalid(f"Invalid values[{r}][{c}]: {kind} {{\n}}\n")
    if body.get("majorDimension") == "COLUMNS":
        return [list(row) for row in zip_longest(*rows)]
    return list(rows)


def _check_fits(sheet: Sheet, box: Box, limit: Box, rows: list[list[Any]]) -> None:
    shown = a1.write_open(sheet.title, Span(box.r0, box.c0, box.r1, box.c1))
    if box.r0 + len(rows) > limit.r1:
        raise invalid(
            f"Requested writing within range [{shown}], but tried writing to row [{limit.r1 + 1}]"
        )
    width = max((len(row) for row in rows), default=0)
    if box.c0 + width > limit.c1:
        column = a1.column_letters(limit.c1)
        raise invalid(
            f"Requested writing within range [{shown}], but tried writing to column [{column}]"
        )


class _Writer(NamedTuple):
    """Who writes where, and whether texts are stored or typed."""

    book: Spreadsheet
    option: str
    user: str

    def write(
        self, sheet: Sheet, start: tuple[int, int], rows: list[list[Any]]
    ) -> Written:
        r0, c0 = start
        width = max((len(row) for row in rows), default=0)
        box = Box(r0, c0, r0 + len(rows), c0 + width)
        if r0 >= sheet.row_count:
            raise exceeds_grid(sheet, Span(*box))
        if rows and width:
            guard(self.book, sheet, box, self.user)
        touched = {
            row: self._write_row(sheet, row, c0, values)
            for row, values in enumerate(rows, start=r0)
        }
        sheet.trim()
        return Written(
            sheet,
            box,
            sum(map(len, touched.values())),
            frozenset(row for row, columns in touched.items() if columns),
            frozenset().union(*touched.values()),
        )

    def _write_row(
        self, sheet: Sheet, row: int, c0: int, values: list[Any]
    ) -> list[int]:
        """Write the values that are there; their columns."""
        cells = sheet.row(row).padded(c0 + len(values))
        locale, today = self.book.locale, self.book.today()
        touched = []
        for column, value in enumerate(values, start=c0):
            if value is None:
                continue
            touched.append(column)
            if self.option == "USER_ENTERED" and isinstance(value, str):
                cells[column] = enter(cells[column], value, locale, today)
            else:
                cells[column] = put(cells[column], value)
        if touched:
            sheet.put_row(row, cells)
        return touched


def put(cell: Cell, value: Any) -> Cell:
    """The cell with a value stored as it is."""
    check_length(value)
    value = stored(value)
    return Cell(value) if cell is BLANK else cell._replace(value=value, runs=None)


def enter(cell: Cell, text: str, locale: Locale, today: dt.date) -> Cell:
    """The cell after a person typed `text` into it."""
    check_length(text)
    found = typed(text, locale, today, cell.number_format)
    form = cell.format
    if found.format is not None and not cell.number_format:
        form = {**(form or {}), "numberFormat": dict(found.format)}
    return cell._replace(value=found.value, format=form, runs=None)


def check_length(value: Any) -> None:
    """Refuse more than 50,000 characters in one cell."""
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        raise invalid(
            f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        )
