"""Warnings before what Naryad writes itself is changed by mistake, the filter, and what
stays in view. Pure.

A protection of ours only warns, a person may always go on. A hard one would answer 400
to those who write by API, our own service account among them, and fight the people
whose sheet it is. Ours are known by their description.
"""

from collections.abc import Iterator

from record.grid.worksheets import MASTERS, ORDERS, SERVICES
from worker.decor.appearance import Appearance, Json

MARK = "Наряд: "
FILTERED = (ORDERS, MASTERS, SERVICES)
BOUNDS = ("startRowIndex", "startColumnIndex", "endColumnIndex")


def protections(worksheet: Appearance) -> Iterator[Json]:
    """Yield a warning for the header and each of the system's own columns, or one for a
    worksheet all its own.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#protectedrange
    """
    ours = {
        one.get("description", ""): one for one in worksheet.listed("protectedRanges")
    }
    for name, where in _wanted(worksheet).items():
        there = ours.get(MARK + name)
        if there is None:
            made = {"range": where, "description": MARK + name, "warningOnly": True}
            yield {"addProtectedRange": {"protectedRange": made}}
        else:
            yield from _mend(worksheet, there, where)


def mended(worksheet: Appearance) -> Iterator[Json]:
    """Yield the updates of those of our warnings that stand elsewhere or miss rows; add
    none.
    """
    ours = {
        one.get("description", ""): one for one in worksheet.listed("protectedRanges")
    }
    for name, where in _wanted(worksheet).items():
        if MARK + name in ours:
            yield from _mend(worksheet, ours[MARK + name], where)


def _mend(worksheet: Appearance, there: Json, where: Json) -> Iterator[Json]:
    stands = there.get("range", {})
    short = "endRowIndex" not in where and worksheet.ends_early(stands)
    if there.get("warningOnly") and (short or not _same(stands, where)):
        moved = {"protectedRangeId": there["protectedRangeId"], "range": where}
        yield {"updateProtectedRange": {"protectedRange": moved, "fields": "range"}}


def _wanted(worksheet: Appearance) -> dict[str, Json]:
    sheet, whole = worksheet.layout.sheet, {"sheetId": worksheet.sheet_id}
    if sheet.own == frozenset(sheet.columns):
        return {"этот лист заполняется сам": whole}
    guarded = {
        "заголовки, по ним находятся столбцы": {
            **whole,
            "startRowIndex": 0,
            "endRowIndex": 1,
        }
    }
    for name in sheet.columns:
        place = worksheet.layout.place(name)
        if name in sheet.own and place is not None:
            column = {
                "startRowIndex": 1,
                "startColumnIndex": place,
                "endColumnIndex": place + 1,
            }
            guarded[f"столбец «{name}» заполняется сам"] = {**whole, **column}
    return guarded


def _same(one: Json, other: Json) -> bool:
    """Say whether two ranges begin in the same row and span the same columns; Google
    may fill in open ends.
    """
    return all(one.get(bound, 0) == other[bound] for bound in BOUNDS if bound in other)


def table_filter(worksheet: Appearance) -> Iterator[Json]:
    """Yield a filter over our table where there is neither a filter nor a table of
    Google's own; or a longer one.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#setbasicfilterrequest
    """
    if worksheet.layout.sheet.title not in FILTERED:
        return
    if worksheet.has("basicFilter"):
        yield from filter_to_the_end(worksheet)
    elif not worksheet.has("tables"):
        where = {
            "sheetId": worksheet.sheet_id,
            "startRowIndex": 0,
            "startColumnIndex": 0,
        }
        width = max(place + 1 for place in worksheet.layout.places if place is not None)
        yield {
            "setBasicFilter": {"filter": {"range": {**where, "endColumnIndex": width}}}
        }


def filter_to_the_end(worksheet: Appearance) -> Iterator[Json]:
    """Yield the filter that is there once more where it ends before the grid does; all
    else in it stays as it is.

    Google closes an open range to the grid of that moment, so that rows which come
    later are left out. The filter of a table of Google's own grows with it and has no
    range of its own.
    """
    there: Json = worksheet.answer.get("basicFilter", {})
    where: Json = there.get("range", {})
    if "tableId" not in there and worksheet.ends_early(where):
        longer = {**where, "endRowIndex": worksheet.last_row + 1}
        yield {"setBasicFilter": {"filter": {**there, "range": longer}}}


def frozen(worksheet: Appearance) -> Iterator[Json]:
    """Yield what stays in view while scrolling: the header, and the number where it
    stands first.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#gridproperties
    """
    wanted = {"frozenRowCount": 1}
    if (
        worksheet.layout.sheet.title in (ORDERS, MASTERS)
        and worksheet.layout.place("ID") == 0
    ):
        wanted["frozenColumnCount"] = 1
    missing = {
        key: count for key, count in wanted.items() if not worksheet.grid.get(key)
    }
    if missing:
        properties = {"sheetId": worksheet.sheet_id, "gridProperties": missing}
        fields = ",".join(f"gridProperties.{key}" for key in missing)
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}
