"""Requests that write cells: values, formats, notes, validation, borders."""

from collections.abc import Callable
from typing import Any

from sandbox.sheets import fields
from sandbox.sheets.a1 import Box, Span
from sandbox.sheets.cells import BLANK, Cell, Formula, Json, Scalar, stored
from sandbox.sheets.errors import invalid
from sandbox.sheets.fields import Tree
from sandbox.sheets.grid import Sheet
from sandbox.sheets.request import Batch, Handler, need
from sandbox.sheets.spreadsheet import box_in
from sandbox.sheets.values import check_length

_READ_ONLY = {"effectiveValue", "formattedValue", "effectiveFormat", "hyperlink"}


def _update_cells(batch: Batch, body: Json) -> Json:
    rows = [row.get("values", []) for row in body.get("rows", [])]
    change = cell_change(body.get("fields"))
    if "start" in body:
        start = body["start"]
        sheet = batch.book.sheet(start.get("sheetId"))
        r0, c0 = start.get("rowIndex", 0), start.get("columnIndex", 0)
        width = max((len(row) for row in rows), default=0)
        box = box_in(sheet, Span(r0, c0, r0 + max(len(rows), 1), c0 + max(width, 1)))
        _check_inside(sheet, rows, r0, c0)
        batch.guard(sheet, box)
        ragged = True
    elif "range" in body:
        sheet, box = batch.target(body["range"])
        _check_range(box, rows)
        ragged = False
    else:
        raise invalid("Must specify one of: start, range.")
    for offset in range(min(len(rows), box.r1 - box.r0)):
        new = rows[offset]
        end = box.c0 + len(new) if ragged else box.c1
        cells = sheet.row(box.r0 + offset).padded(end)
        for column in range(box.c0, end):
            index = column - box.c0
            cells[column] = change(
                cells[column], new[index] if index < len(new) else {}
            )
        sheet.put_row(box.r0 + offset, cells)
    if not ragged:  # whatever the rows do not reach is cleared
        rest = Box(min(box.r0 + len(rows), box.r1), box.c0, box.r1, box.c1)
        sheet.change(rest, lambda cell: change(cell, {}))
    sheet.trim()
    return {}


def _append_cells(batch: Batch, body: Json) -> Json:
    sheet = batch.book.sheet(body.get("sheetId"))
    rows = [row.get("values", []) for row in body.get("rows", [])]
    change = cell_change(body.get("fields"))
    start = sheet.last_row()
    width = max((len(row) for row in rows), default=0)
    sheet.grow(start + len(rows), width)
    batch.book.check_size()
    if rows and width:
        batch.guard(sheet, Box(start, 0, start + len(rows), width))
    for offset, new in enumerate(rows):
        cells = sheet.row(start + offset).padded(len(new))
        for column, data in enumerate(new):
            cells[column] = change(cells[column], data)
        sheet.put_row(start + offset, cells)
    sheet.trim()
    return {}


def _repeat_cell(batch: Batch, body: Json) -> Json:
    sheet, box = batch.target(need(body, "range"))
    change = cell_change(body.get("fields"))
    data = body.get("cell", {})
    sheet.change(box, lambda cell: change(cell, data))
    return {}


def _set_data_validation(batch: Batch, body: Json) -> Json:
    sheet, box = batch.target(need(body, "range"))
    rule = body.get("rule")
    if rule is not None:
        kind = rule.get("condition", {}).get("type")
        if kind is None:
            raise invalid("No condition specified.")
        if kind == "ONE_OF_LIST" and not rule["condition"].get("values"):
            raise invalid(
                "ConditionType 'ONE_OF_LIST' requires at least one ConditionValue."
            )
    sheet.change(box, lambda cell: cell._replace(validation=rule))
    return {}


def _update_borders(batch: Batch, body: Json) -> Json:
    sheet, box = batch.target(need(body, "range"))
    for index in range(box.r0, box.r1):
        cells = sheet.row(index).padded(box.c1)
        for column in range(box.c0, box.c1):
            sides = {
                "top": body.get("top" if index == box.r0 else "innerHorizontal"),
                "bottom": body.get(
                    "bottom" if index == box.r1 - 1 else "innerHorizontal"
                ),
                "left": body.get("left" if column == box.c0 else "innerVertical"),
                "right": body.get("right" if column == box.c1 - 1 else "innerVertical"),
            }
            cells[column] = _bordered(
                cells[column], {side: line for side, line in sides.items() if line}
            )
        sheet.put_row(index, cells)
    sheet.trim()
    return {}


def _bordered(cell: Cell, sides: Json) -> Cell:
    form = dict(cell.format or {})
    borders = {**form.get("borders", {}), **sides}
    borders = {
        side: line for side, line in borders.items() if line.get("style") != "NONE"
    }
    form.pop("borders", None)
    if borders:
        form["borders"] = borders
    return cell._replace(format=form or None)


def cell_change(mask: str | None) -> Callable[[Cell, Json], Cell]:
    """How a CellData changes a cell under a mask.

    Named fields are taken from it, those absent there are cleared.
    """
    tree = fields.write_mask(mask, "CellData")
    if "*" in tree:
        tree = {
            "userEnteredValue": {},
            "userEnteredFormat": {},
            "note": {},
            "dataValidation": {},
            "textFormatRuns": {},
        }
    touched = set(tree) - _READ_ONLY
    if touched == {"userEnteredValue"}:
        return _with_value
    return lambda cell, data: _changed(cell, data, tree)


def _with_value(cell: Cell, data: Json) -> Cell:
    value = scalar(data.get("userEnteredValue"))
    return Cell(value) if cell is BLANK else cell._replace(value=value, runs=None)


def _changed(cell: Cell, data: Json, tree: Tree) -> Cell:
    if "userEnteredValue" in tree:
        cell = _with_value(cell, data)
    if "userEnteredFormat" in tree:
        old = {"f": cell.format or {}}
        new = fields.merged(
            old,
            {"f": data.get("userEnteredFormat", {})},
            {"f": tree["userEnteredFormat"]},
        )
        cell = cell._replace(format=new.get("f") or None)
    if "note" in tree:
        cell = cell._replace(note=data.get("note") or None)
    if "dataValidation" in tree:
        old = {"v": cell.validation or {}}
        new = fields.merged(
            old, {"v": data.get("dataValidation", {})}, {"v": tree["dataValidation"]}
        )
        cell = cell._replace(validation=new.get("v") or None)
    if "textFormatRuns" in tree:
        cell = cell._replace(runs=data.get("textFormatRuns") or None)
    return cell


def scalar(value: Json | None) -> Scalar:
    """An ExtendedValue's content; exactly one kind may be set."""
    if not value:
        return None
    if len(value) > 1:
        raise invalid("userEnteredValue may only have one of its fields set.")
    ((kind, content),) = value.items()
    check_length(content)
    if kind == "formulaValue":
        return Formula(content) if content.startswith("=") else _formula_needed(content)
    if kind == "errorValue":
        raise invalid("userEnteredValue.errorValue may not be set.")
    return stored(content)


def _formula_needed(content: str) -> Any:
    raise invalid(f"Formula must start with an equals sign: {content}")


def _check_inside(sheet: Sheet, rows: list[list[Json]], r0: int, c0: int) -> None:
    if r0 + len(rows) > sheet.row_count:
        raise invalid(
            f"Attempting to write row: {sheet.row_count}, beyond the last requested row of: {sheet.row_count - 1}"
        )
    if any(c0 + len(row) > sheet.column_count for row in rows):
        last = sheet.column_count
        raise invalid(
            f"Attempting to write column: {last}, beyond the last requested column of: {last - 1}"
        )


def _check_range(box: Box, rows: list[list[Json]]) -> None:
    if len(rows) > box.r1 - box.r0:
        raise invalid(
            f"Attempting to write row: {box.r1}, beyond the last requested row of: {box.r1 - 1}"
        )
    if any(len(row) > box.c1 - box.c0 for row in rows):
        raise invalid(
            f"Attempting to write column: {box.c1}, beyond the last requested column of: {box.c1 - 1}"
        )


HANDLERS: dict[str, Handler] = {
    "updateCells": _update_cells,
    "appendCells": _append_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _set_data_validation,
    "updateBorders": _update_borders,
}
