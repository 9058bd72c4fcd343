"""Requests that insert, delete, move and size rows and columns."""

from sandbox.sheets import fields
from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.request import Batch, Handler, need
from sandbox.sheets.shifting import Delete, Insert, Move, Shift, shift_all
from sandbox.sheets.spreadsheet import check_grid


def _insert(batch: Batch, body: Json) -> Json:
    sheet, dimension, start, end = _range(batch, need(body, "range"))
    before = bool(body.get("inheritFromBefore"))
    size = _size(sheet, dimension)
    if before and start == 0:
        raise invalid(
            "inheritFromBefore cannot be true when inserting at the first row or column."
        )
    if start > size or (start == size and not before):
        kind = "if inheritFromBefore is false"
        raise invalid(
            f"range.startIndex[{start}] must be less than the grid size ({size}) {kind}"
        )
    batch.guard(sheet, _box(sheet, dimension, max(0, start - 1), start + 1))
    batch.book.check_size(
        (end - start) * (sheet.column_count if dimension == "ROWS" else sheet.row_count)
    )
    sheet.insert(dimension, start, end - start, inherit_before=before)
    check_grid(sheet.grid)
    _shift_names(batch, sheet, Insert(dimension, start, end - start))
    return {}


def _delete(batch: Batch, body: Json) -> Json:
    sheet, dimension, start, end = _range(batch, need(body, "range"))
    size = _size(sheet, dimension)
    if start >= size:
        raise invalid(
            f"Cannot delete {dimension.lower()} that do not exist: the grid has {size}."
        )
    end = min(end, size)
    if start == 0 and end == size:
        raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
    frozen_name = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
    frozen = sheet.grid.get(frozen_name, 0)
    if frozen and start <= frozen and end == size:
        raise invalid(
            f"Sorry, it is not possible to delete all non-frozen {dimension.lower()}."
        )
    batch.guard(sheet, _box(sheet, dimension, start, end))
    sheet.delete(dimension, start, end)
    if frozen:
        left = frozen - max(0, min(end, frozen) - start)
        sheet.grid[frozen_name] = left
        if not left:
            del sheet.grid[frozen_name]
    _shift_names(batch, sheet, Delete(dimension, start, end))
    return {}


def _move(batch: Batch, body: Json) -> Json:
    sheet, dimension, start, end = _range(batch, need(body, "source"))
    to = body.get("destinationIndex", 0)
    size = _size(sheet, dimension)
    if end > size or not 0 <= to <= size:
        raise invalid(
            f"Cannot move beyond the grid: it has {size} {dimension.lower()}."
        )
    if start < to < end:
        raise invalid("The destination is inside the range that is moved.")
    batch.guard(sheet, _box(sheet, dimension, min(start, to), max(end, to)))
    if to not in (start, end):
        sheet.move(dimension, start, end, to)
        _shift_names(batch, sheet, Move(dimension, start, end, to))
    return {}


def _append(batch: Batch, body: Json) -> Json:
    sheet = batch.book.sheet(body.get("sheetId"))
    length = body.get("length", 0)
    if length < 1:
        raise invalid("length must be positive.")
    if body.get("dimension") == "COLUMNS":
        sheet.grow(0, sheet.column_count + length)
    else:
        sheet.grow(sheet.row_count + length, 0)
    check_grid(sheet.grid)
    batch.book.check_size()
    return {}


def _update_properties(batch: Batch, body: Json) -> Json:
    sheet, dimension, start, end = _range(batch, need(body, "range"), open_end=True)
    mask = fields.write_mask(body.get("fields"), "DimensionProperties")
    held = sheet.row_properties if dimension == "ROWS" else sheet.column_properties
    for index in range(start, min(end, _size(sheet, dimension))):
        held[index] = fields.merged(
            held.get(index, {}), body.get("properties", {}), mask
        )
    return {}


def _auto_resize(batch: Batch, body: Json) -> Json:
    # nothing is drawn here, so nothing has a natural size
    _range(batch, need(body, "dimensions"), open_end=True)
    return {}


def _range(
    batch: Batch, body: Json, *, open_end: bool = False
) -> tuple[Sheet, str, int, int]:
    sheet = batch.book.sheet(body.get("sheetId"))
    dimension = body.get("dimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified.")
    start = body.get("startIndex", 0)
    end = body.get(
        "endIndex", _size(sheet, dimension) if open_end or "startIndex" in body else 0
    )
    if start < 0 or end <= start:
        raise invalid(
            f"range.endIndex[{end}] must be greater than range.startIndex[{start}]"
        )
    return sheet, dimension, start, end


def _size(sheet: Sheet, dimension: str) -> int:
    return sheet.row_count if dimension == "ROWS" else sheet.column_count


def _box(sheet: Sheet, dimension: str, start: int, end: int) -> Box:
    if dimension == "ROWS":
        return Box(start, 0, end, sheet.column_count)
    return Box(0, start, sheet.row_count, end)


def _shift_names(batch: Batch, sheet: Sheet, shift: Shift) -> None:
    batch.book.named_ranges = shift_all(batch.book.named_ranges, sheet.id, shift)


HANDLERS: dict[str, Handler] = {
    "insertDimension": _insert,
    "deleteDimension": _delete,
    "moveDimension": _move,
    "appendDimension": _append,
    "updateDimensionProperties": _update_properties,
    "autoResizeDimensions": _auto_resize,
}
