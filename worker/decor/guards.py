"""Warnings on what Naryad writes itself, the filter, and what stays in view. Pure.

A protection of ours only warns, a person may always go on. A hard one would answer 400
to those who write by API, our own service account among them, and fight the people
whose sheet it is. Ours are known by their description.
"""

from collections.abc import Iterator

from record.grid.worksheets import MASTERS, ORDERS, SERVICES
from worker.cell_requests import span
from worker.decor.appearance import Appearance, Json

MARK = "Наряд: "
FILTERED = (ORDERS, MASTERS, SERVICES)
BOUNDS = ("startRowIndex", "startColumnIndex", "endColumnIndex")


def protections(worksheet: Appearance) -> Iterator[Json]:
    """Yield a warning for the header and each of the system's own columns.

    A worksheet that is all the system's own has one warning for all of it.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#protectedrange
    """
    ours = _by_description(worksheet)
    for description, where in _wanted(worksheet).items():
        if description in ours:
            yield from _mend(worksheet, ours[description], where)
        else:
            made = {"range": where, "description": description, "warningOnly": True}
            yield {"addProtectedRange": {"protectedRange": made}}


def mended(worksheet: Appearance) -> Iterator[Json]:
    """Yield the updates of those of our warnings that stand elsewhere or miss rows.

    None is added.
    """
    ours = _by_description(worksheet)
    for description, where in _wanted(worksheet).items():
        if description in ours:
            yield from _mend(worksheet, ours[description], where)


def _by_description(worksheet: Appearance) -> dict[str, Json]:
    listed = worksheet.listed("protectedRanges")
    return {one.get("description", ""): one for one in listed}


def _mend(worksheet: Appearance, there: Json, where: Json) -> Iterator[Json]:
    # a person who has made it a hard protection has taken it over
    if not there.get("warningOnly"):
        return
    stands = there.get("range", {})
    short = "endRowIndex" not in where and worksheet.ends_early(stands)
    if short or not _same(stands, where):
        moved = {"protectedRangeId": there["protectedRangeId"], "range": where}
        yield {"updateProtectedRange": {"protectedRange": moved, "fields": "range"}}


def _wanted(worksheet: Appearance) -> dict[str, Json]:
    """Return the ranges that have a warning, by its description."""
    sheet, whole = worksheet.layout.sheet, {"sheetId": worksheet.sheet_id}
    if sheet.own == frozenset(sheet.columns):
        return {f"{MARK}этот лист заполняется сам": whole}
    header = {**whole, "startRowIndex": 0, "endRowIndex": 1}
    guarded = {f"{MARK}заголовки, по ним находятся столбцы": header}
    for name in sheet.columns:
        place = worksheet.layout.place(name)
        if name in sheet.own and place is not None:
            description = f"{MARK}столбец «{name}» заполняется сам"
            guarded[description] = span(worksheet.sheet_id, place, 1)
    return guarded


def _same(one: Json, other: Json) -> bool:
    """Return whether two ranges begin in the same row and span the same columns.

    Where ours is open, Google may have filled in an end.
    """
    return all(one.get(bound, 0) == other[bound] for bound in BOUNDS if bound in other)


def table_filter(worksheet: Appearance) -> Iterator[Json]:
    """Yield a filter over our table where there is none, or a longer one.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#setbasicfilterrequest
    """
    if worksheet.layout.sheet.title not in FILTERED:
        return
    if worksheet.has("basicFilter"):
        yield from filter_to_the_end(worksheet)
        return
    # a table of Google's own brings its filter
    if worksheet.has("tables"):
        return
    last = max(place for place in worksheet.layout.places if place is not None)
    where = {
        "sheetId": worksheet.sheet_id,
        "startRowIndex": 0,
        "startColumnIndex": 0,
        "endColumnIndex": last + 1,
    }
    yield {"setBasicFilter": {"filter": {"range": where}}}


def filter_to_the_end(worksheet: Appearance) -> Iterator[Json]:
    """Yield the filter once more where it ends before the grid does.

    All else in it stays as it is. Google closes an open range to the grid of that
    moment, so that rows which come later are left out. The filter of a table of Google's
    own grows with it and has no range of its own.
    """
    there: Json = worksheet.answer.get("basicFilter", {})
    where: Json = there.get("range", {})
    if "tableId" not in there and worksheet.ends_early(where):
        longer = {**where, "endRowIndex": worksheet.last_row + 1}
        yield {"setBasicFilter": {"filter": {**there, "range": longer}}}


def frozen(worksheet: Appearance) -> Iterator[Json]:
    """Yield what stays in view while scrolling: the header, and a number that is first.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#gridproperties
    """
    layout = worksheet.layout
    wanted = {"frozenRowCount": 1}
    if layout.sheet.title in (ORDERS, MASTERS) and layout.place("ID") == 0:
        wanted["frozenColumnCount"] = 1
    missing = {
        key: count for key, count in wanted.items() if not worksheet.grid.get(key)
    }
    if missing:
        properties = {"sheetId": worksheet.sheet_id, "gridProperties": missing}
        fields = ",".join(f"gridProperties.{key}" for key in missing)
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}
