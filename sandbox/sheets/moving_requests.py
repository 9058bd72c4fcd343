"""Requests that carry cells elsewhere: sort, cut, copy, paste."""

import csv
import io
from collections.abc import Sequence

from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import BLANK, Cell, Formula, Json, Scalar
from sandbox.sheets.errors import invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.request import Batch, Handler, need
from sandbox.sheets.values import enter

_SEPARATORS = {None: "\t", "": "\t"}


def _sort_range(batch: Batch, body: Json) -> Json:
    sheet, box = batch.target(need(body, "range"))
    for merge in sheet.decorations["merges"]:
        if _box(merge).overlaps(box):
            raise invalid(
                "You can't perform this action on a range that includes merged cells."
            )
    order = [
        (row, sheet.row(row).padded(box.c1))
        for row in range(box.r0, min(box.r1, len(sheet.rows)))
    ]
    for spec in reversed(body.get("sortSpecs", [])):
        column = spec.get("dimensionIndex", 0)
        if not box.c0 <= column < box.c1:
            raise invalid(
                f"sortSpec.dimensionIndex[{column}] must be within the range that is sorted."
            )
        descending = spec.get("sortOrder") == "DESCENDING"
        filled = [item for item in order if item[1][column].value is not None]
        # last either way
        blank = [item for item in order if item[1][column].value is None]
        filled.sort(
            key=lambda item: sort_key(item[1][column].value), reverse=descending
        )
        order = filled + blank
    whole = box.c0 == 0 and all(len(sheet.row(row).cells) <= box.c1 for row, _ in order)
    if whole:
        rows = [sheet.rows[row] for row, _ in order]
        sheet.rows[box.r0 : box.r0 + len(rows)] = rows
    else:
        sorted_cells = [cells[box.c0 : box.c1] for _, cells in order]
        for row, part in enumerate(sorted_cells, start=box.r0):
            cells = sheet.row(row).padded(box.c1)
            cells[box.c0 : box.c1] = part
            sheet.put_row(row, cells)
    sheet.trim()
    return {}


def sort_key(value: Scalar) -> tuple[int, str | float]:
    """Numbers before text before booleans; text without regard to case, ё next to е."""
    if isinstance(value, str):
        return 1, value.casefold().replace("ё", "е\u0301")
    if isinstance(value, bool):
        return 2, float(value)
    return 0, float(value or 0)


def _cut_paste(batch: Batch, body: Json) -> Json:
    source, box = batch.target(need(body, "source"))
    destination = need(body, "destination")
    block = _block(source, box)
    target = batch.book.sheet(destination.get("sheetId"))
    r0, c0 = destination.get("rowIndex", 0), destination.get("columnIndex", 0)
    landing = Box(r0, c0, r0 + len(block), c0 + (box.c1 - box.c0))
    _check_landing(batch, target, landing)
    kind = body.get("pasteType", "PASTE_NORMAL")
    source.change(box, lambda cell: _emptied(cell, kind))
    _lay(target, landing, block, kind)
    return {}


def _copy_paste(batch: Batch, body: Json) -> Json:
    source, box = batch.book.grid_box(need(body, "source"))
    target, wanted = batch.book.grid_box(need(body, "destination"))
    block = _block(source, box)
    if body.get("pasteOrientation") == "TRANSPOSE":
        block = [list(column) for column in zip(*block, strict=True)]
    height, width = len(block), len(block[0]) if block else 0
    if not height or not width:
        return {}
    down = (
        max(1, (wanted.r1 - wanted.r0) // height)
        if (wanted.r1 - wanted.r0) % height == 0
        else 1
    )
    right = (
        max(1, (wanted.c1 - wanted.c0) // width)
        if (wanted.c1 - wanted.c0) % width == 0
        else 1
    )
    landing = Box(
        wanted.r0, wanted.c0, wanted.r0 + height * down, wanted.c0 + width * right
    )
    _check_landing(batch, target, landing)
    tiled = [row * right for row in block] * down
    _lay(target, landing, tiled, body.get("pasteType", "PASTE_NORMAL"))
    return {}


def _paste_data(batch: Batch, body: Json) -> Json:
    coordinate = need(body, "coordinate")
    if body.get("html"):
        raise invalid("The sandbox does not paste HTML.")
    delimiter = body.get("delimiter")
    separator = _SEPARATORS.get(delimiter, delimiter) or "\t"
    rows = _parsed(body.get("data", ""), separator)
    sheet = batch.book.sheet(coordinate.get("sheetId"))
    r0, c0 = coordinate.get("rowIndex", 0), coordinate.get("columnIndex", 0)
    width = max((len(row) for row in rows), default=0)
    _check_landing(batch, sheet, Box(r0, c0, r0 + len(rows), c0 + width))
    locale, today = batch.book.locale, batch.book.today()
    for offset, row in enumerate(rows):
        cells = sheet.row(r0 + offset).padded(c0 + len(row))
        for column, text in enumerate(row, start=c0):
            cells[column] = enter(cells[column], text, locale, today)
        sheet.put_row(r0 + offset, cells)
    sheet.trim()
    return {}


def _parsed(data: str, separator: str) -> list[list[str]]:
    if len(separator) == 1:
        return list(csv.reader(io.StringIO(data, newline=""), delimiter=separator))
    return [line.split(separator) for line in data.splitlines()]


def _block(sheet: Sheet, box: Box) -> list[list[Cell]]:
    return [
        sheet.row(row).padded(box.c1)[box.c0 : box.c1] for row in range(box.r0, box.r1)
    ]


def _check_landing(batch: Batch, sheet: Sheet, landing: Box) -> None:
    if not (0 <= landing.r0 < sheet.row_count and 0 <= landing.c0 < sheet.column_count):
        raise invalid("The destination is outside the grid.")
    sheet.grow(landing.r1, landing.c1)
    batch.book.check_size()
    batch.guard(sheet, landing)


def _lay(
    sheet: Sheet, landing: Box, block: Sequence[Sequence[Cell]], kind: str
) -> None:
    for row, part in enumerate(block, start=landing.r0):
        cells = sheet.row(row).padded(landing.c1)
        for column, new in enumerate(part, start=landing.c0):
            cells[column] = _pasted(cells[column], new, kind)
        sheet.put_row(row, cells)
    sheet.trim()


def _pasted(old: Cell, new: Cell, kind: str) -> Cell:
    match kind:
        case "PASTE_VALUES":
            # nothing is computed
            value = str(new.value) if isinstance(new.value, Formula) else new.value
            pasted = old._replace(value=value, runs=None)
        case "PASTE_FORMULA":
            pasted = old._replace(value=new.value, runs=None)
        case "PASTE_FORMAT":
            pasted = old._replace(format=new.format)
        case "PASTE_DATA_VALIDATION":
            pasted = old._replace(validation=new.validation)
        case "PASTE_CONDITIONAL_FORMATTING":
            pasted = old
        case "PASTE_NO_BORDERS":
            form = {
                name: value
                for name, value in (new.format or {}).items()
                if name != "borders"
            }
            pasted = new._replace(format=form or None)
        case _:
            pasted = new
    return pasted


def _emptied(cell: Cell, kind: str) -> Cell:
    if kind in ("PASTE_VALUES", "PASTE_FORMULA"):
        return cell._replace(value=None, runs=None)
    if kind == "PASTE_FORMAT":
        return cell._replace(format=None)
    return BLANK


def _box(merge: Json) -> Box:
    return Box(
        merge["startRowIndex"],
        merge["startColumnIndex"],
        merge["endRowIndex"],
        merge["endColumnIndex"],
    )


HANDLERS: dict[str, Handler] = {
    "sortRange": _sort_range,
    "cutPaste": _cut_paste,
    "copyPaste": _copy_paste,
    "pasteData": _paste_data,
}
