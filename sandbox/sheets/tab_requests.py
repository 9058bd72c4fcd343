"""Requests about the spreadsheet and its tabs."""

from sandbox.sheets import fields
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.request import Batch, Handler, need
from sandbox.sheets.spreadsheet import Spreadsheet, check_grid


def _add_sheet(batch: Batch, body: Json) -> Json:
    properties = body.get("properties", {})
    sheet = batch.book.add_sheet(properties, properties.get("index"))
    return {"addSheet": {"properties": sheet.properties}}


def _delete_sheet(batch: Batch, body: Json) -> Json:
    sheet = batch.book.sheet(body.get("sheetId"))
    batch.guard(sheet)
    if len(batch.book.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    batch.book.sheets.remove(sheet)
    batch.book.named_ranges = [
        named
        for named in batch.book.named_ranges
        if named["range"].get("sheetId", 0) != sheet.id
    ]
    batch.book.renumber()
    return {}


def _duplicate_sheet(batch: Batch, body: Json) -> Json:
    book = batch.book
    source = book.sheet(body.get("sourceSheetId"))
    title = body.get("newSheetName") or _copy_title(book, source)
    copy = copied(
        book,
        source,
        title,
        body.get("newSheetId"),
        # Google reads a missing place as 0, so the copy comes first
        body.get("insertSheetIndex", 0),
    )
    return {"duplicateSheet": {"properties": copy.properties}}


def copied(
    book: Spreadsheet,
    source: Sheet,
    title: str,
    sheet_id: int | None,
    index: int | None,
) -> Sheet:
    """A copy of a tab, of this or another spreadsheet, with its decorations."""
    draft = source.draft()
    properties = {
        name: value
        for name, value in draft.properties.items()
        if name not in ("sheetId", "index")
    }
    properties["title"] = title
    if sheet_id is not None:
        properties["sheetId"] = sheet_id
    copy = book.add_sheet(properties, index)
    copy.rows, copy.row_properties, copy.column_properties = (
        draft.rows,
        draft.row_properties,
        draft.column_properties,
    )
    for name, items in draft.decorations.items():
        copy.decorations[name] = [rebased(item, copy.id) for item in items]
    copy.basic_filter = None
    if draft.basic_filter:
        copy.basic_filter = rebased(draft.basic_filter, copy.id)
    return copy


def _update_spreadsheet_properties(batch: Batch, body: Json) -> Json:
    properties = body.get("properties", {})
    mask = fields.write_mask(body.get("fields"), "SpreadsheetProperties")
    new = fields.merged(batch.book.properties, properties, mask)
    if not new.get("title"):
        raise invalid("Title must not be empty.")
    batch.book.properties = {"locale": "en_US", "timeZone": "Etc/GMT", **new}
    return {}


def _update_sheet_properties(batch: Batch, body: Json) -> Json:
    book = batch.book
    properties = need(body, "properties")
    mask = fields.write_mask(body.get("fields"), "SheetProperties")
    sheet = book.sheet(properties.get("sheetId"))
    batch.guard(sheet)
    if "*" in mask:
        mask = {
            name: {}
            for name in ("title", "index", "hidden", "gridProperties", "rightToLeft")
        }
    named = {
        name: part for name, part in mask.items() if name not in ("index", "sheetId")
    }
    new = (
        fields.merged(sheet.properties, properties, named)
        if named
        else dict(sheet.properties)
    )
    if "title" in mask:
        book.check_title(new.get("title", ""), sheet)
    grid = {**new.get("gridProperties", {})}
    grid.setdefault("rowCount", 0)
    grid.setdefault("columnCount", 0)
    check_grid(grid)
    sheet.properties = {**new, "gridProperties": {**sheet.grid}}
    sheet.resize(grid["rowCount"], grid["columnCount"])
    sheet.properties["gridProperties"] = {
        name: value for name, value in grid.items() if value not in (0, False)
    }
    book.check_size()
    if new.get("hidden") and all(
        other.properties.get("hidden") for other in book.sheets
    ):
        raise invalid("You can't hide all the sheets in a document.")
    if "index" in mask:
        _reorder(book, sheet, properties.get("index", 0))
    return {}


def _reorder(book: Spreadsheet, sheet: Sheet, index: int) -> None:
    old = book.sheets.index(sheet)
    if index > len(book.sheets) or index < 0:
        raise invalid(
            f"Index {index} is out of bounds: the spreadsheet has {len(book.sheets)} sheets."
        )
    book.sheets.remove(sheet)
    # counted before the tab is taken out
    book.sheets.insert(index - 1 if index > old else index, sheet)
    book.renumber()


def _copy_title(book: Spreadsheet, source: Sheet) -> str:
    prefix = "Копия" if book.locale.name == "ru_RU" else "Copy of"
    title = f"{prefix} {source.title}"
    number = 2
    while book.sheet_by_title(title):
        title = f"{prefix} {source.title} {number}"
        number += 1
    return title


def rebased(item: Json, sheet_id: int) -> Json:
    """The decoration as another tab has it."""
    if "startRowIndex" in item:  # a merge is nothing but its range
        return _on_tab(item, sheet_id)
    rebased = dict(item)
    if "range" in item:
        rebased["range"] = _on_tab(item["range"], sheet_id)
    for name in ("ranges", "unprotectedRanges"):
        if name in item:
            rebased[name] = [_on_tab(part, sheet_id) for part in item[name]]
    return rebased


def _on_tab(grid_range: Json, sheet_id: int) -> Json:
    rest = {name: place for name, place in grid_range.items() if name != "sheetId"}
    return {**rest, "sheetId": sheet_id} if sheet_id else rest


HANDLERS: dict[str, Handler] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "duplicateSheet": _duplicate_sheet,
    "updateSpreadsheetProperties": _update_spreadsheet_properties,
    "updateSheetProperties": _update_sheet_properties,
}
