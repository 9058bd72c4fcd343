"""Colours: of headers, and of the orders' rows by what stands in them. Pure.

Each status differs in lightness or lettering too, so that nobody has to tell hues
apart: bold, plain, pale, struck through. A person's own conditional formats stand
before ours and win.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from record.grid.worksheets import ORDERS
from record.sheet import column_letters
from record.values import Status
from record.values.statuses import Look
from worker.cell_requests import span
from worker.decor.appearance import Appearance, Json

HEADER = Look("#BFDBC9", bold=True)
SYSTEM_HEADER = Look("#E4E6E5", "#565D59", bold=True)


@dataclass(frozen=True)
class Tint:
    """A conditional format: ``formula`` asks ``column`` of each row.

    ``only`` these columns are painted, or all. The formula has functions of one argument
    only: what separates two differs by the spreadsheet's locale.
    """

    column: str
    formula: str
    paint: Look
    only: tuple[str, ...] = ()

    def ask(self, cell: str) -> str:
        """Return the formula for the cell of the first row below the header."""
        return self.formula.replace("?", cell)

    def made(self, formula: str) -> bool:
        """Return whether a formula is this one, wherever its column stands by now."""
        # Google follows a column that was moved, and writes #REF! for one deleted
        cell = r"(\$[A-Z]+\$?\d+|#REF!)"
        pattern = re.escape(self.formula).replace(re.escape("?"), cell)
        return re.fullmatch(pattern, formula, re.IGNORECASE) is not None


TINTS = (
    Tint(
        "Проверка",
        "=LEN(TRIM(?))>0",
        Look("#F6B48F", "#5A1E00", bold=True),
        ("ID", "Проверка"),
    ),
    *(Tint("Статус", f'=TRIM(?)="{status}"', status.facts.look) for status in Status),
)


def fill(paint: Look) -> Json:
    """Return a paint as CellFormat.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#cellformat
    """
    lettering: Json = {"foregroundColorStyle": _rgb(paint.text)}
    # what is not named stays as a person has it
    if paint.bold:
        lettering["bold"] = True
    if paint.struck:
        lettering["strikethrough"] = True
    return {"backgroundColorStyle": _rgb(paint.background), "textFormat": lettering}


def _rgb(colour: str) -> Json:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    channels = {"red": red / 255, "green": green / 255, "blue": blue / 255}
    return {"rgbColor": channels}


def tints(worksheet: Appearance) -> Iterator[Json]:
    """Yield the conditional formats that are missing, and mend ours that stand wrong.

    https://developers.google.com/workspace/sheets/api/guides/conditional-format
    """
    if worksheet.layout.sheet.title != ORDERS:
        return
    yield from mended(worksheet)
    there = worksheet.listed("conditionalFormats")
    places = [_find(there, tint) for tint in TINTS]
    ours = [place for place in places if place is not None]
    # behind all that are there: the first that holds wins, and a person's own shall
    behind = len(there)
    for tint, place in zip(TINTS, places, strict=True):
        if place is not None or worksheet.layout.place(tint.column) is None:
            continue
        index = behind
        if ours and tint is TINTS[0]:
            # the warning goes before the statuses
            index = ours[0]
        rule = _rule(worksheet, tint)
        yield {"addConditionalFormatRule": {"rule": rule, "index": index}}
        behind += 1


def mended(worksheet: Appearance) -> Iterator[Json]:
    """Yield the updates of those of our conditional formats that stand wrong.

    They ask a wrong column or miss rows. None is added.
    """
    if worksheet.layout.sheet.title != ORDERS:
        return
    there = worksheet.listed("conditionalFormats")
    for tint in TINTS:
        place = _find(there, tint)
        if place is not None:
            yield from _mend(worksheet, tint, place, there[place])


def _find(rules: Sequence[Json], tint: Tint) -> int | None:
    for place, rule in enumerate(rules):
        if tint.made(_formula(rule)):
            return place
    return None


def _formula(rule: Json) -> str:
    condition = rule.get("booleanRule", {}).get("condition", {})
    if condition.get("type") != "CUSTOM_FORMULA":
        return ""
    values = condition.get("values", [{}])
    return str(values[0].get("userEnteredValue", ""))


def _rule(worksheet: Appearance, tint: Tint) -> Json:
    condition = _condition(worksheet, tint)
    return {
        "ranges": _ranges(worksheet, tint),
        "booleanRule": {"condition": condition, "format": fill(tint.paint)},
    }


def _ranges(worksheet: Appearance, tint: Tint) -> list[Json]:
    parts = []
    for name in tint.only:
        place = worksheet.layout.place(name)
        if place is not None:
            parts.append(span(worksheet.sheet_id, place, 1))
    return parts or [{"sheetId": worksheet.sheet_id, "startRowIndex": 1}]


def _condition(worksheet: Appearance, tint: Tint) -> Json:
    cell = f"${column_letters(worksheet.layout.place(tint.column) or 0)}2"
    return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": tint.ask(cell)}]}


def _mend(worksheet: Appearance, tint: Tint, place: int, rule: Json) -> Iterator[Json]:
    """Yield an update where a rule of ours asks a wrong column or misses rows.

    Its colours and columns stay as they are: a person may have changed them.
    """
    if worksheet.layout.place(tint.column) is None:
        return
    ranges = [_all_rows(worksheet, part) for part in rule["ranges"]]
    condition = _condition(worksheet, tint)
    right = rule["booleanRule"]["condition"]["values"] == condition["values"]
    if right and ranges == rule["ranges"]:
        return
    boolean = {**rule["booleanRule"], "condition": condition}
    mended = {"ranges": ranges, "booleanRule": boolean}
    yield {"updateConditionalFormatRule": {"index": place, "rule": mended}}


def _all_rows(worksheet: Appearance, part: Json) -> Json:
    """Return a range that begins below the header and ends where the worksheet does."""
    whole = {**part, "startRowIndex": 1}
    if worksheet.ends_early(part):
        del whole["endRowIndex"]
    return whole
