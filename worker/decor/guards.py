"""Warnings before what Naryad writes itself is changed by mistake, the filter, and what stays in view. Pure.

A protection of ours only warns, a person may always go on. A hard one would answer 400 to those who write by API, our
own service account among them, and fight the people whose sheet it is. Ours are known by their description.
"""

from collections.abc import Iterator

from record.worksheets import MASTERS, ORDERS, SERVICES
from worker.decor.found import Found, Json

MARK = "Наряд: "
FILTERED = (ORDERS, MASTERS, SERVICES)
BOUNDS = ("startRowIndex", "startColumnIndex", "endColumnIndex")


def protections(found: Found) -> Iterator[Json]:
    """Yield a warning for the header and each of the system's own columns, or one for a worksheet all its own.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#protectedrange
    """
    ours = {one.get("description", ""): one for one in found.listed("protectedRanges")}
    for name, where in _wanted(found).items():
        there = ours.get(MARK + name)
        if there is None:
            made = {"range": where, "description": MARK + name, "warningOnly": True}
            yield {"addProtectedRange": {"protectedRange": made}}
        elif there.get("warningOnly") and not _same(there.get("range", {}), where):
            moved = {"protectedRangeId": there["protectedRangeId"], "range": where}
            yield {"updateProtectedRange": {"protectedRange": moved, "fields": "range"}}


def _wanted(found: Found) -> dict[str, Json]:
    sheet, whole = found.layout.sheet, {"sheetId": found.sheet_id}
    if sheet.own == frozenset(sheet.columns):
        return {"этот лист заполняется сам": whole}
    guarded = {"заголовки, по ним находятся столбцы": {**whole, "startRowIndex": 0, "endRowIndex": 1}}
    for name in sheet.columns:
        place = found.layout.place(name)
        if name in sheet.own and place is not None:
            column = {"startRowIndex": 1, "startColumnIndex": place, "endColumnIndex": place + 1}
            guarded[f"столбец «{name}» заполняется сам"] = {**whole, **column}
    return guarded


def _same(one: Json, other: Json) -> bool:
    """Say whether two ranges begin in the same row and span the same columns; Google may fill in open ends."""
    return all(one.get(bound, 0) == other[bound] for bound in BOUNDS if bound in other)


def table_filter(found: Found) -> Iterator[Json]:
    """Yield a filter over our table, where there is neither a filter nor a table of Google's own.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#setbasicfilterrequest
    """
    if found.layout.sheet.title in FILTERED and not found.has("basicFilter", "tables"):
        where = {"sheetId": found.sheet_id, "startRowIndex": 0, "startColumnIndex": 0}
        width = max(place + 1 for place in found.layout.places if place is not None)
        yield {"setBasicFilter": {"filter": {"range": {**where, "endColumnIndex": width}}}}


def frozen(found: Found) -> Iterator[Json]:
    """Yield what stays in view while scrolling: the header, and the number where it stands first.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#gridproperties
    """
    wanted = {"frozenRowCount": 1}
    if found.layout.sheet.title in (ORDERS, MASTERS) and found.layout.place("ID") == 0:
        wanted["frozenColumnCount"] = 1
    missing = {key: count for key, count in wanted.items() if not found.grid.get(key)}
    if missing:
        properties = {"sheetId": found.sheet_id, "gridProperties": missing}
        fields = ",".join(f"gridProperties.{key}" for key in missing)
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}
