"""The Spreadsheet resource as JSON:
https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets#Spreadsheet.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.sheets import fields
from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Cell, Json, Row
from sandbox.sheets.fields import Tree
from sandbox.sheets.grid import Sheet
from sandbox.sheets.locales import Locale
from sandbox.sheets.protection import may_edit
from sandbox.sheets.rendered import effective_value, entered_value, shown
from sandbox.sheets.spreadsheet import Spreadsheet

DEFAULT_FORMAT: Json = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
}
ROW_HEIGHT, COLUMN_WIDTH = 21, 100


def spreadsheet(
    book: Spreadsheet,
    user: str,
    ranges: Sequence[str] = (),
    *,
    data: bool = False,
    mask: str | None = None,
) -> Json:
    """spreadsheets.get.

    Under a field mask the mask alone decides whether cells are sent.
    """
    tree = fields.parse(mask) if mask else None
    if tree is not None:
        fields.check(tree, "Spreadsheet")
        data = fields.below(tree, "sheets", "data") is not None
    boxes = _boxes(book, ranges)
    answer: Json = {"spreadsheetId": book.id, "properties": book.properties}
    if tree is None or fields.below(tree, "sheets") is not None:
        cell_tree = (
            fields.below(tree, "sheets", "data", "rowData", "values")
            if tree is not None
            else {}
        )
        wanted = [sheet for sheet in book.sheets if not ranges or sheet.id in boxes]
        answer["sheets"] = []
        for sheet in wanted:
            shown = None
            if data:
                shown = _data(book, sheet, boxes.get(sheet.id), cell_tree)
            answer["sheets"].append(sheet_json(book, sheet, user, shown))
    if book.named_ranges:
        answer["namedRanges"] = book.named_ranges
    if book.metadata:
        answer["developerMetadata"] = book.metadata
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    selected: Json = fields.selected(tree, answer) if tree is not None else answer
    return selected


def sheet_json(
    book: Spreadsheet, sheet: Sheet, user: str, data: list[Json] | None = None
) -> Json:
    """One tab; `data` is left out unless given."""
    answer: Json = {"properties": sheet.properties}
    if data is not None:
        answer["data"] = data
    for name, items in sheet.decorations.items():
        if items:
            answer[name] = items
    if sheet.decorations["protectedRanges"]:
        answer["protectedRanges"] = [
            protection_json(item, user, book.owner)
            for item in sheet.decorations["protectedRanges"]
        ]
    if sheet.basic_filter is not None:
        answer["basicFilter"] = sheet.basic_filter
    return answer


def protection_json(protection: Json, user: str, owner: str) -> Json:
    """A protection as this user sees it: who may not edit it does not see who may."""
    answer = dict(protection)
    if not may_edit(protection, user, owner):
        answer.pop("editors", None)
        return answer
    # a mere warning names the owner
    answer.setdefault("editors", {"users": [owner]})
    return {**answer, "requestingUserCanEdit": True}


def _boxes(book: Spreadsheet, ranges: Sequence[str]) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for text in ranges:
        sheet, box, _ = book.boxed(text)
        boxes.setdefault(sheet.id, []).append(box)
    return boxes


def _data(
    book: Spreadsheet, sheet: Sheet, boxes: list[Box] | None, cell_tree: Tree | None
) -> list[Json]:
    whole = [Box(0, 0, sheet.row_count, sheet.column_count)]
    return [_grid_data(book, sheet, box, cell_tree) for box in boxes or whole]


def _grid_data(
    book: Spreadsheet, sheet: Sheet, box: Box, cell_tree: Tree | None
) -> Json:
    data: Json = {}
    if box.r0:
        data["startRow"] = box.r0
    if box.c0:
        data["startColumn"] = box.c0
    if cell_tree is not None:
        typed, seen = sheet.rows[box.r0 : box.r1], book.rows_seen(sheet, box.r0, box.r1)
        rows = [
            _row_data(book, pair, box, cell_tree)
            for pair in zip(typed, seen, strict=True)
        ]
        while rows and not rows[-1]:
            rows.pop()
        if rows:
            data["rowData"] = rows
    heights = sheet.row_properties
    data["rowMetadata"] = [
        {"pixelSize": ROW_HEIGHT, **heights.get(index, {})}
        for index in range(box.r0, box.r1)
    ]
    widths = sheet.column_properties
    data["columnMetadata"] = [
        {"pixelSize": COLUMN_WIDTH, **widths.get(index, {})}
        for index in range(box.c0, box.c1)
    ]
    return data


def _row_data(book: Spreadsheet, pair: tuple[Row, Row], box: Box, tree: Tree) -> Json:
    typed, seen = pair
    cells = typed.cells[box.c0 : box.c1]
    values = [
        cell_data(cell, seen.cell(column), book.locale, tree)
        for column, cell in enumerate(cells, box.c0)
    ]
    return {"values": values} if values else {}


def cell_data(cell: Cell, seen: Cell, locale: Locale, tree: Tree) -> Json:
    """CellData, only the parts the mask wants.

    `seen` is the cell with its formula computed.
    """
    data: Json = {}
    if cell.value is not None:
        data = {"userEnteredValue": entered_value(cell.value)}
    if seen.value is not None:
        data |= {
            "effectiveValue": effective_value(seen.value),
            "formattedValue": shown(seen, locale),
        }
    if cell.format:
        data["userEnteredFormat"] = cell.format
    if (cell.value is not None or cell.format) and fields.below(
        tree, "effectiveFormat"
    ) is not None:
        data["effectiveFormat"] = _effective(seen.format or {})
    data |= decorations_of(cell)
    return (
        {
            name: value
            for name, value in data.items()
            if fields.below(tree, name) is not None
        }
        if tree
        else data
    )


def _effective(form: Mapping[str, Any]) -> Json:
    """All of a format: what the cell leaves open is the spreadsheet's."""
    whole = {**DEFAULT_FORMAT, **form}
    for name in ("textFormat", "padding"):
        whole[name] = {**DEFAULT_FORMAT[name], **form.get(name, {})}
    return whole


def decorations_of(cell: Cell) -> Json:
    """Note, validation and text runs, those that are set."""
    parts: dict[str, Any] = {
        "note": cell.note,
        "dataValidation": cell.validation,
        "textFormatRuns": cell.runs,
    }
    return {name: value for name, value in parts.items() if value}
