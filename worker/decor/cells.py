"""Headers, columns and checkboxes: what their cells still lack. Pure.

A header that has a background or a note keeps it. A column is looked at in its first
and its last row: whoever has dressed the last row has settled the column, and a first
row that is dressed otherwise keeps its look with all rows that are filled. So nothing
of a person's is replaced, and a grid that has grown is dressed to its new end.

**Checkboxes** are put on cells that hold TRUE or FALSE already, and nowhere else. An
empty cell that gets a checkbox may read as FALSE from then on: rows that nobody filled
would count as data, so that what is appended lands below the last checkbox of the grid;
and an empty «Показывать», which means yes, would turn into no. Rows that come later
show TRUE or FALSE until `init` is run again; «да» and «нет» are understood too.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from record.sheet import absolute_range_name, column_letters
from worker.cell_requests import repeated, span
from worker.decor.appearance import Appearance, Json
from worker.decor.colours import HEADER, SYSTEM_HEADER, fill
from worker.decor.columns import COLUMNS, Column, Rule

DEFAULT_WIDTH = 100
DROPS = ("ONE_OF_LIST", "ONE_OF_RANGE")
BACKGROUNDS = {"backgroundColor", "backgroundColorStyle"}
TICK = {"condition": {"type": "BOOLEAN"}, "strict": False, "showCustomUi": True}
DRESS = {"wrapStrategy": "WRAP", "verticalAlignment": "MIDDLE"}


def placed(worksheet: Appearance) -> Iterator[tuple[str, Column, int]]:
    """Yield name, look and place of each of our columns, wherever people have moved it."""
    for name, column in COLUMNS[worksheet.layout.sheet.title].items():
        place = worksheet.layout.place(name)
        if place is not None:
            yield name, column, place


def headers(worksheet: Appearance) -> Iterator[Json]:
    """Yield background and note of each header that has none."""
    for name, column, place in placed(worksheet):
        there = worksheet.cell(0, place)
        cell: Json = {}
        if not BACKGROUNDS & there.get("userEnteredFormat", {}).keys():
            # the system's own columns are grey
            own = name in worksheet.layout.sheet.own
            paint = SYSTEM_HEADER if own else HEADER
            cell["userEnteredFormat"] = {**DRESS, **fill(paint)}
        if not there.get("note"):
            cell["note"] = column.note
        if cell:
            yield repeated(span(worksheet.sheet_id, place, 0, 1), cell)


def widths(worksheet: Appearance) -> Iterator[Json]:
    """Yield the width of each column that nobody has made wider or narrower.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#updatedimensionpropertiesrequest
    """
    for _, column, place in placed(worksheet):
        untouched = worksheet.width(place) in (None, DEFAULT_WIDTH)
        if not untouched or column.width == DEFAULT_WIDTH:
            continue
        where = {
            "sheetId": worksheet.sheet_id,
            "dimension": "COLUMNS",
            "startIndex": place,
            "endIndex": place + 1,
        }
        size = {"properties": {"pixelSize": column.width}, "fields": "pixelSize"}
        yield {"updateDimensionProperties": {"range": where, **size}}


def formats(worksheet: Appearance) -> Iterator[Json]:
    """Yield the formats that columns lack, from the row where they begin to lack them."""
    for _, column, place in placed(worksheet):
        first = _format(worksheet, 1, place)
        last = _format(worksheet, worksheet.last_row, place)
        # what begins to lack in one row goes out in one request
        missing: dict[int, Json] = {}
        for key, wanted in column.whole_format.items():
            ours = first.get(key) == wanted
            start = _start(worksheet, first.get(key), last.get(key), ours=ours)
            if start is not None:
                missing.setdefault(start, {})[key] = wanted
        for start, form in missing.items():
            where = span(worksheet.sheet_id, place, start)
            yield repeated(where, {"userEnteredFormat": form})


def rules(worksheet: Appearance, others: Mapping[str, Appearance]) -> Iterator[Json]:
    """Yield drop-downs and hints that columns lack.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#setdatavalidationrequest
    """
    for _, column, place in placed(worksheet):
        if not column.rule:
            continue
        wanted = _validation(column.rule, others)
        start = _rule_start(worksheet, place, wanted)
        if start is not None:
            where = span(worksheet.sheet_id, place, start)
            yield {"setDataValidation": {"range": where, "rule": wanted}}


def _rule_start(worksheet: Appearance, place: int, wanted: Json) -> int | None:
    """Return the row from which a column lacks a rule, None where it does not."""
    first = worksheet.cell(1, place).get("dataValidation")
    last = worksheet.cell(worksheet.last_row, place).get("dataValidation")
    # a list that follows a moved column is set once more for the whole column
    for rule in (first, last):
        if rule and _is_stale(rule, wanted):
            return 1
    ours = first is not None and _alike(first, wanted)
    return _start(worksheet, first, last, ours=ours)


def ticks(worksheet: Appearance) -> Iterator[Json]:
    """Yield checkboxes for cells that hold a boolean and have no rule yet.

    The top of this file says why for no others.
    """
    for _, column, place in placed(worksheet):
        if not column.ticks:
            continue
        for start, end in _runs(_unticked(worksheet, place)):
            where = span(worksheet.sheet_id, place, start, end)
            yield {"setDataValidation": {"range": where, "rule": TICK}}


def _unticked(worksheet: Appearance, place: int) -> Iterator[int]:
    """Yield the rows whose cell is true or false and has no rule."""
    for row, values in enumerate(worksheet.values[1:], start=1):
        boolean = place < len(values) and isinstance(values[place], bool)
        if boolean and "dataValidation" not in worksheet.cell(row, place):
            yield row


def _runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of rows that follow each other: one request each."""
    start = end = -1
    for row in rows:
        if row != end:
            if start != end:
                yield start, end
            start = row
        end = row + 1
    if start != end:
        yield start, end


def _start(worksheet: Appearance, first: Any, last: Any, *, ours: bool) -> int | None:
    """Return the row from which a column lacks something, None where it does not.

    ``first`` and ``last`` are what the first row below the header and the last row have.
    """
    if last is not None:
        return None
    start = 1
    if first is not None and not ours:
        # the filled rows keep what a person gave them
        start = len(worksheet.values)
    if start > worksheet.last_row:
        return None
    return start


def _validation(rule: Rule, others: Mapping[str, Appearance]) -> Json:
    values: Iterable[str] = rule.values
    if rule.choices:
        title, column = rule.choices
        letter = column_letters(others[title].layout.place(column) or 0)
        values = [f"={absolute_range_name(title, f'${letter}$2:${letter}')}"]
    condition = {
        "type": rule.kind,
        "values": [{"userEnteredValue": str(value)} for value in values],
    }
    return {
        "condition": condition,
        "inputMessage": rule.hint,
        "strict": False,
        "showCustomUi": rule.kind in DROPS,
    }


def _alike(rule: Json, wanted: Json) -> bool:
    same_kind: bool = rule["condition"]["type"] == wanted["condition"]["type"]
    return same_kind and _said(rule) == _said(wanted)


def _is_stale(rule: Json, wanted: Json) -> bool:
    """Return whether a rule is our list of a column that stands elsewhere by now."""
    if rule["condition"]["type"] != "ONE_OF_RANGE":
        return False
    if rule.get("inputMessage") != wanted["inputMessage"]:
        return False
    # Google closes our open range: of $B$2:$B it makes $B$2:$B$1000
    return not _said(rule)[0].startswith(_said(wanted)[0])


def _said(rule: Json) -> list[str]:
    """Return a condition's values as they compare."""
    values = rule["condition"].get("values", [])
    # Google may quote a title that we have not quoted
    return [str(one.get("userEnteredValue", "")).replace("'", "") for one in values]


def _format(worksheet: Appearance, row: int, place: int) -> Json:
    form: Json = worksheet.cell(row, place).get("userEnteredFormat", {})
    return form
