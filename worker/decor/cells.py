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

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from record.sheet import absolute_range_name, column_letters
from worker.decor.appearance import Appearance, Json
from worker.decor.colours import HEADER, SYSTEM_HEADER, fill
from worker.decor.columns import COLUMNS, Column, Rule

DEFAULT_WIDTH = 100
DRESS = {"wrapStrategy": "WRAP", "verticalAlignment": "MIDDLE"}


def placed(worksheet: Appearance) -> Iterator[tuple[str, Column, int]]:
    """Yield name, look and place of each of our columns, wherever people have moved it."""
    for name, column in COLUMNS[worksheet.layout.sheet.title].items():
        place = worksheet.layout.place(name)
        if place is not None:
            yield name, column, place


def headers(worksheet: Appearance) -> Iterator[Json]:
    """Yield background and note of each header that has none; the system's own columns
    are grey.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#repeatcellrequest
    """
    for name, column, place in placed(worksheet):
        cell: Json = {}
        there = worksheet.cell(0, place)
        if not there.get("userEnteredFormat", {}).keys() & {
            "backgroundColor",
            "backgroundColorStyle",
        }:
            paint = SYSTEM_HEADER if name in worksheet.layout.sheet.own else HEADER
            cell["userEnteredFormat"] = {**DRESS, **fill(paint)}
        if not there.get("note"):
            cell["note"] = column.note
        if cell:
            yield repeated(span(worksheet, place, 0, 1), cell)


def widths(worksheet: Appearance) -> Iterator[Json]:
    """Yield the width of each column that nobody has made wider or narrower.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#updatedimensionpropertiesrequest
    """
    for _, column, place in placed(worksheet):
        if (
            worksheet.width(place) in (None, DEFAULT_WIDTH)
            and column.width != DEFAULT_WIDTH
        ):
            where = {
                "sheetId": worksheet.sheet_id,
                "dimension": "COLUMNS",
                "startIndex": place,
                "endIndex": place + 1,
            }
            yield {
                "updateDimensionProperties": {
                    "range": where,
                    "properties": {"pixelSize": column.width},
                    "fields": "pixelSize",
                }
            }


def formats(worksheet: Appearance) -> Iterator[Json]:
    """Yield the formats that columns lack, from the row where they begin to lack them."""
    for _, column, place in placed(worksheet):
        missing: dict[int, Json] = {}
        for key, wanted in {"verticalAlignment": "MIDDLE", **column.format}.items():
            first, last = (
                _format(worksheet, row, place).get(key)
                for row in (1, worksheet.last_row)
            )
            start = _start(worksheet, first, last, ours=first == wanted)
            if start is not None:
                missing.setdefault(start, {})[key] = wanted
        for start, form in missing.items():
            yield repeated(span(worksheet, place, start), {"userEnteredFormat": form})


def rules(worksheet: Appearance, others: dict[str, Appearance]) -> Iterator[Json]:
    """Yield drop-downs and hints that columns lack; a list that follows a moved column
    is set anew.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#setdatavalidationrequest
    """
    for _, column, place in placed(worksheet):
        wanted = column.rule and _validation(column.rule, others)
        if not wanted:
            continue
        first, last = (
            worksheet.cell(row, place).get("dataValidation")
            for row in (1, worksheet.last_row)
        )
        stale = [rule for rule in (first, last) if rule and _is_stale(rule, wanted)]
        start = (
            1
            if stale
            else _start(
                worksheet, first, last, ours=first is not None and _alike(first, wanted)
            )
        )
        if start is not None:
            yield {
                "setDataValidation": {
                    "range": span(worksheet, place, start),
                    "rule": wanted,
                }
            }


def ticks(worksheet: Appearance) -> Iterator[Json]:
    """Yield checkboxes for cells that hold a boolean and have no rule yet; see the top
    of this file for why.
    """
    for _, column, place in placed(worksheet):
        rows = [
            row
            for row in range(1, len(worksheet.values))
            if column.ticks and _ticked(worksheet, row, place)
        ]
        for start, end in _runs(rows):
            rule = {
                "condition": {"type": "BOOLEAN"},
                "strict": False,
                "showCustomUi": True,
            }
            yield {
                "setDataValidation": {
                    "range": span(worksheet, place, start, end),
                    "rule": rule,
                }
            }


def _ticked(worksheet: Appearance, row: int, place: int) -> bool:
    values = worksheet.values[row]
    boolean = place < len(values) and isinstance(values[place], bool)
    return boolean and "dataValidation" not in worksheet.cell(row, place)


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of rows that follow each other."""
    breaks = [
        index + 1 for index, (one, two) in enumerate(pairwise(rows)) if two != one + 1
    ]
    for start, end in pairwise([0, *breaks, len(rows)]) if rows else ():
        yield rows[start], rows[end - 1] + 1


def _start(worksheet: Appearance, first: Any, last: Any, *, ours: bool) -> int | None:
    """Return the row from which a column lacks something, or None where nothing is to
    be done.
    """
    if last is not None:
        return None
    start = 1 if first is None or ours else len(worksheet.values)
    return start if start <= worksheet.last_row else None


def _validation(rule: Rule, others: dict[str, Appearance]) -> Json:
    values: Iterable[str] = rule.values
    if rule.choices:
        title, column = rule.choices
        letter = column_letters(others[title].layout.place(column) or 0)
        values = [f"={absolute_range_name(title, f'${letter}$2:${letter}')}"]
    condition = {
        "type": rule.kind,
        "values": [{"userEnteredValue": str(value)} for value in values],
    }
    drops = rule.kind in ("ONE_OF_LIST", "ONE_OF_RANGE")
    return {
        "condition": condition,
        "inputMessage": rule.hint,
        "strict": False,
        "showCustomUi": drops,
    }


def _alike(rule: Json, wanted: Json) -> bool:
    return bool(rule["condition"]["type"] == wanted["condition"]["type"]) and _said(
        rule
    ) == _said(wanted)


def _is_stale(rule: Json, wanted: Json) -> bool:
    """Say whether a rule is our list of a column that stands elsewhere by now."""
    ours = (
        rule.get("inputMessage") == wanted["inputMessage"]
        and rule["condition"]["type"] == "ONE_OF_RANGE"
    )
    return ours and not _said(rule)[0].startswith(_said(wanted)[0])


def _said(rule: Json) -> list[str]:
    """Return a condition's values as they compare, whether or not Google quotes a title
    or closes a range.
    """
    return [
        str(one.get("userEnteredValue", "")).replace("'", "")
        for one in rule["condition"].get("values", [])
    ]


def _format(worksheet: Appearance, row: int, place: int) -> Json:
    form: Json = worksheet.cell(row, place).get("userEnteredFormat", {})
    return form


def span(worksheet: Appearance, place: int, start: int, end: int | None = None) -> Json:
    """Return the range of a column's rows [start, end), 0-based; to the end of the grid
    without ``end``.
    """
    where = {"sheetId": worksheet.sheet_id, "startRowIndex": start}
    where |= {"endRowIndex": end} if end is not None else {}
    return where | {"startColumnIndex": place, "endColumnIndex": place + 1}


def repeated(where: Json, cell: Json) -> Json:
    """Return the request that gives format and note of a cell to a range, and leaves
    all else there as it is.
    """
    form = cell.get("userEnteredFormat", {})
    named = [key for key in form if key != "textFormat"] + [
        f"textFormat.{key}" for key in form.get("textFormat", {})
    ]
    fields = [f"userEnteredFormat.{key}" for key in named] + (
        ["note"] if "note" in cell else []
    )
    return {"repeatCell": {"range": where, "cell": cell, "fields": ",".join(fields)}}
