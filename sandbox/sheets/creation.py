"""A new spreadsheet as spreadsheets.create describes it: the requests that fill it.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/create
"""

from sandbox.sheets.cells import Json
from sandbox.sheets.grid import Sheet
from sandbox.sheets.spreadsheet import Spreadsheet
from sandbox.sheets.tab_requests import rebased

# a part of a tab, the request that adds one of it, and what that calls it
_PARTS = (
    ("conditionalFormats", "addConditionalFormatRule", "rule"),
    ("protectedRanges", "addProtectedRange", "protectedRange"),
    ("bandedRanges", "addBanding", "bandedRange"),
    ("merges", "mergeCells", "range"),
)


def fill(book: Spreadsheet, wanted: Json) -> list[Json]:
    """Add the tabs to the spreadsheet; the requests for all that they hold."""
    requests: list[Json] = []
    for described in wanted.get("sheets", []) or [{"properties": {"sheetId": 0}}]:
        properties = described.get("properties", {})
        sheet = book.add_sheet(properties, None)
        for part in described.get("data", []):
            requests += _data(sheet, part)
        requests += _decorations(sheet, described)
    named = wanted.get("namedRanges", [])
    return requests + [{"addNamedRange": {"namedRange": one}} for one in named]


def _decorations(sheet: Sheet, described: Json) -> list[Json]:
    requests: list[Json] = []
    for name, request, noun in _PARTS:
        for place, item in enumerate(described.get(name, [])):
            body: Json = {noun: rebased(item, sheet.id)}
            if name == "conditionalFormats":
                body["index"] = place
            requests.append({request: body})
    if "basicFilter" in described:
        chosen = rebased(described["basicFilter"], sheet.id)
        requests.append({"setBasicFilter": {"filter": chosen}})
    return requests


def _data(sheet: Sheet, part: Json) -> list[Json]:
    """A block of cells, and the sizes of its rows and columns."""
    row, column = part.get("startRow", 0), part.get("startColumn", 0)
    rows = part.get("rowData", [])
    requests: list[Json] = []
    if rows:
        start = {"sheetId": sheet.id, "rowIndex": row, "columnIndex": column}
        update = {"start": start, "rows": rows, "fields": "*"}
        requests.append({"updateCells": update})
    requests += _sizes(sheet, "ROWS", row, part.get("rowMetadata", []))
    requests += _sizes(sheet, "COLUMNS", column, part.get("columnMetadata", []))
    return requests


def _sizes(sheet: Sheet, dimension: str, first: int, sizes: list[Json]) -> list[Json]:
    requests: list[Json] = []
    for index, properties in enumerate(sizes, start=first):
        span = {"startIndex": index, "endIndex": index + 1}
        place = {"sheetId": sheet.id, "dimension": dimension, **span}
        update = {"range": place, "properties": properties, "fields": "*"}
        requests.append({"updateDimensionProperties": update})
    return requests
