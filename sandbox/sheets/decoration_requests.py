"""Requests about what is stored and returned, but not drawn.

Rules, filters, merges, names, banding.
"""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from sandbox.sheets import fields
from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import ApiError, invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.request import Batch, Handler, need
from sandbox.sheets.spreadsheet import Spreadsheet

_NAME = re.compile(r"[^\W\d]\w{0,249}")


def _add_rule(batch: Batch, body: Json) -> Json:
    rule = need(body, "rule")
    sheet = _rule_sheet(batch, rule)
    rules = sheet.decorations["conditionalFormats"]
    index = body.get("index", 0)
    if not 0 <= index <= len(rules):
        raise invalid(
            f"Conditional format rule index[{index}] is out of bounds; there are {len(rules)} rules."
        )
    rules.insert(index, rule)
    return {}


def _update_rule(batch: Batch, body: Json) -> Json:
    index = body.get("index", 0)
    sheet = (
        batch.book.sheet(body.get("sheetId"))
        if "rule" not in body
        else _rule_sheet(batch, body["rule"])
    )
    rules = sheet.decorations["conditionalFormats"]
    old = _at(rules, index)
    if "rule" in body:
        rules[index] = body["rule"]
        reply = {
            "newIndex": index,
            "newRule": body["rule"],
            "oldIndex": index,
            "oldRule": old,
        }
    else:
        new_index = body.get("newIndex", 0)
        rules.insert(min(new_index, len(rules) - 1), rules.pop(index))
        reply = {
            "newIndex": new_index,
            "newRule": old,
            "oldIndex": index,
            "oldRule": old,
        }
    return {"updateConditionalFormatRule": reply}


def _delete_rule(batch: Batch, body: Json) -> Json:
    rules = batch.book.sheet(body.get("sheetId")).decorations["conditionalFormats"]
    index = body.get("index", 0)
    rule = _at(rules, index)
    del rules[index]
    return {"deleteConditionalFormatRule": {"rule": rule}}


def _at(rules: Sequence[Json], index: int) -> Json:
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet at index: {index}")
    return rules[index]


def _rule_sheet(batch: Batch, rule: Json) -> Sheet:
    ranges = rule.get("ranges", [])
    if not ranges:
        raise invalid("ConditionalFormatRule must have at least one range.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid(
            "ConditionalFormatRule must have either a booleanRule or a gradientRule."
        )
    sheets = {batch.book.grid_box(part)[0].id for part in ranges}
    if len(sheets) > 1:
        raise invalid(
            "All ranges of a ConditionalFormatRule must be on the same sheet."
        )
    return batch.book.sheet(sheets.pop())


def _set_basic_filter(batch: Batch, body: Json) -> Json:
    """Set the filter, on an open range as far as the grid reaches now.

    So does Google: rows that come later lie outside of the filter.
    """
    chosen = need(body, "filter")
    given = need(chosen, "range")
    sheet, box = batch.book.grid_box(given)
    closed = {
        "startRowIndex": box.r0,
        "endRowIndex": box.r1,
        "startColumnIndex": box.c0,
        "endColumnIndex": box.c1,
    }
    sheet.basic_filter = {**chosen, "range": {**given, **closed}}
    return {}


def _clear_basic_filter(batch: Batch, body: Json) -> Json:
    batch.book.sheet(body.get("sheetId")).basic_filter = None
    return {}


def _merge_cells(batch: Batch, body: Json) -> Json:
    sheet, box = batch.target(need(body, "range"))
    kind = body.get("mergeType", "MERGE_ALL")
    boxes = [box]
    if kind == "MERGE_ROWS":
        boxes = [Box(row, box.c0, row + 1, box.c1) for row in range(box.r0, box.r1)]
    elif kind == "MERGE_COLUMNS":
        boxes = [
            Box(box.r0, column, box.r1, column + 1) for column in range(box.c0, box.c1)
        ]
    merges = sheet.decorations["merges"]
    for old in merges:
        if _box(old).overlaps(box) and not box.contains(_box(old)):
            raise invalid(
                "You must select all cells in a merged range to merge or unmerge them."
            )
    merges[:] = [old for old in merges if not box.contains(_box(old))]
    for part in boxes:
        if (part.r1 - part.r0) * (part.c1 - part.c0) > 1:
            merges.append(batch.book.grid_range(sheet, part))
            _keep_first(sheet, part)
    return {}


def _unmerge_cells(batch: Batch, body: Json) -> Json:
    sheet, box = batch.target(need(body, "range"))
    merges = sheet.decorations["merges"]
    for old in merges:
        if _box(old).overlaps(box) and not box.contains(_box(old)):
            raise invalid(
                "You must select all cells in a merged range to merge or unmerge them."
            )
    merges[:] = [old for old in merges if not box.contains(_box(old))]
    return {}


def _keep_first(sheet: Sheet, box: Box) -> None:
    first = sheet.row(box.r0).cell(box.c0)
    sheet.change(box, lambda cell: cell._replace(value=None, runs=None))
    cells = sheet.row(box.r0).padded(box.c0 + 1)
    cells[box.c0] = first
    sheet.put_row(box.r0, cells)


def _add_named_range(batch: Batch, body: Json) -> Json:
    wanted = need(body, "namedRange")
    _check_name(batch.book, wanted.get("name", ""), None)
    batch.book.grid_box(need(wanted, "range"))
    named = {
        "namedRangeId": wanted.get("namedRangeId") or secrets.token_hex(6),
        **wanted,
    }
    batch.book.named_ranges.append(named)
    return {"addNamedRange": {"namedRange": named}}


def _update_named_range(batch: Batch, body: Json) -> Json:
    wanted = need(body, "namedRange")
    mask = fields.write_mask(body.get("fields"), "NamedRange")
    old = _named(batch.book, wanted.get("namedRangeId"))
    new = {**fields.merged(old, wanted, mask), "namedRangeId": old["namedRangeId"]}
    _check_name(batch.book, new.get("name", ""), old)
    batch.book.grid_box(need(new, "range"))
    place = batch.book.named_ranges.index(old)
    batch.book.named_ranges[place] = new
    return {}


def _delete_named_range(batch: Batch, body: Json) -> Json:
    old = _named(batch.book, body.get("namedRangeId"))
    batch.book.named_ranges = [
        item for item in batch.book.named_ranges if item is not old
    ]
    return {}


def _named(book: Spreadsheet, named_range_id: str | None) -> Json:
    for item in book.named_ranges:
        if item["namedRangeId"] == named_range_id:
            return item
    raise invalid(f"No named range with id: {named_range_id}")


def _check_name(book: Spreadsheet, name: str, renamed: Json | None) -> None:
    if not _NAME.fullmatch(name) or name.upper() in ("TRUE", "FALSE"):
        raise invalid(f"Invalid name: {name}")
    if any(
        item["name"].casefold() == name.casefold()
        for item in book.named_ranges
        if item is not renamed
    ):
        raise invalid(f"A named range with the name {name} already exists.")


def _add_banding(batch: Batch, body: Json) -> Json:
    wanted = need(body, "bandedRange")
    sheet, box = batch.book.grid_box(need(wanted, "range"))
    for other in sheet.decorations["bandedRanges"]:
        if batch.book.grid_box(other["range"])[1].overlaps(box):
            raise invalid(
                "You cannot add alternating background colors to a range that already has alternating "
                "background colors."
            )
    banding = {"bandedRangeId": batch.book.new_sheet_id(), **wanted}
    sheet.decorations["bandedRanges"].append(banding)
    return {"addBanding": {"bandedRange": banding}}


def _update_banding(batch: Batch, body: Json) -> Json:
    wanted = need(body, "bandedRange")
    mask = fields.write_mask(body.get("fields"), "BandedRange")
    sheet, index = find(
        batch.book,
        "bandedRanges",
        "bandedRangeId",
        wanted.get("bandedRangeId"),
        "banding",
    )
    items = sheet.decorations["bandedRanges"]
    new = fields.merged(items[index], wanted, mask) | {
        "bandedRangeId": items[index]["bandedRangeId"]
    }
    batch.book.grid_box(need(new, "range"))
    items[index] = new
    return {}


def _delete_banding(batch: Batch, body: Json) -> Json:
    sheet, index = find(
        batch.book,
        "bandedRanges",
        "bandedRangeId",
        body.get("bandedRangeId"),
        "banding",
    )
    del sheet.decorations["bandedRanges"][index]
    return {}


def find(
    book: Spreadsheet, kind: str, key: str, wanted: Any, noun: str
) -> tuple[Sheet, int]:
    """The tab and place of a decoration that has an id."""
    for sheet in book.sheets:
        for index, item in enumerate(sheet.decorations[kind]):
            if item.get(key) == wanted:
                return sheet, index
    raise missing(noun, wanted)


def missing(noun: str, wanted: Any) -> ApiError:
    """The refusal of an id nothing has."""
    return invalid(f"No {noun} with id: {wanted}")


def _box(merge: Json) -> Box:
    return Box(
        merge["startRowIndex"],
        merge["startColumnIndex"],
        merge["endRowIndex"],
        merge["endColumnIndex"],
    )


HANDLERS: dict[str, Handler] = {
    "addConditionalFormatRule": _add_rule,
    "updateConditionalFormatRule": _update_rule,
    "deleteConditionalFormatRule": _delete_rule,
    "setBasicFilter": _set_basic_filter,
    "clearBasicFilter": _clear_basic_filter,
    "mergeCells": _merge_cells,
    "unmergeCells": _unmerge_cells,
    "addNamedRange": _add_named_range,
    "updateNamedRange": _update_named_range,
    "deleteNamedRange": _delete_named_range,
    "addBanding": _add_banding,
    "updateBanding": _update_banding,
    "deleteBanding": _delete_banding,
}
