"""Colours: of headers, and of the orders' rows by what stands in them. Pure.

Each status differs in lightness or lettering too, so that nobody has to tell hues
apart: bold, plain, pale, struck through. A person's own conditional formats stand
before ours and win.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from record.grid.worksheets import ORDERS
from record.sheet import column_letters
from record.values import Status
from record.values.statuses import Look
from worker.decor.appearance import Appearance, Json

HEADER = Look("#BFDBC9", bold=True)
SYSTEM_HEADER = Look("#E4E6E5", "#565D59", bold=True)


@dataclass(frozen=True)
class Tint:
    """A conditional format: ``formula`` asks ``column`` of each row; ``only`` these
    columns are painted, or all.

    The formula has functions of one argument only: what separates two differs by the
    spreadsheet's locale.
    """

    column: str
    formula: str
    paint: Look
    only: tuple[str, ...] = ()

    def ask(self, cell: str) -> str:
        """Return the formula for the cell of the first row below the header."""
        return self.formula.replace("?", cell)

    def made(self, formula: str) -> bool:
        """Say whether a formula is this one, wherever its column stands by now, or if
        it was deleted.
        """
        pattern = re.escape(self.formula).replace(
            re.escape("?"), r"(\$[A-Z]+\$?\d+|#REF!)"
        )
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
    lettering |= {"bold": True} if paint.bold else {}
    lettering |= {"strikethrough": True} if paint.struck else {}
    return {"backgroundColorStyle": _rgb(paint.background), "textFormat": lettering}


def _rgb(colour: str) -> Json:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return {"rgbColor": dict(zip(("red", "green", "blue"), channels, strict=True))}


def tints(worksheet: Appearance) -> Iterator[Json]:
    """Yield the conditional formats that are missing, behind a person's own, and mend
    ours that point elsewhere.

    https://developers.google.com/workspace/sheets/api/guides/conditional-format
    """
    if worksheet.layout.sheet.title != ORDERS:
        return
    there = list(worksheet.listed("conditionalFormats"))
    places = [_find(there, tint) for tint in TINTS]
    ours = [place for place in places if place is not None]
    free = len(there)
    yield from mended(worksheet)
    for tint, place in zip(TINTS, places, strict=True):
        if place is None and worksheet.layout.place(tint.column) is not None:
            first = tint is TINTS[0] and ours  # the warning goes before the statuses
            yield {
                "addConditionalFormatRule": {
                    "rule": _rule(worksheet, tint),
                    "index": ours[0] if first else free,
                }
            }
            free += 1


def mended(worksheet: Appearance) -> Iterator[Json]:
    """Yield the updates of those of our conditional formats that ask a wrong column or
    miss rows; add none.
    """
    there = (
        list(worksheet.listed("conditionalFormats"))
        if worksheet.layout.sheet.title == ORDERS
        else []
    )
    for tint in TINTS:
        place = _find(there, tint)
        if place is not None:
            yield from _mend(worksheet, tint, place, there[place])


def _find(rules: list[Json], tint: Tint) -> int | None:
    return next(
        (place for place, rule in enumerate(rules) if tint.made(_formula(rule))), None
    )


def _formula(rule: Json) -> str:
    condition = rule.get("booleanRule", {}).get("condition", {})
    values = condition.get("values", [{}])
    return (
        str(values[0].get("userEnteredValue", ""))
        if condition.get("type") == "CUSTOM_FORMULA"
        else ""
    )


def _rule(worksheet: Appearance, tint: Tint) -> Json:
    whole = {"sheetId": worksheet.sheet_id, "startRowIndex": 1}
    places = [
        place
        for name in tint.only
        if (place := worksheet.layout.place(name)) is not None
    ]
    parts = [
        {**whole, "startColumnIndex": place, "endColumnIndex": place + 1}
        for place in places
    ]
    return {
        "ranges": parts or [whole],
        "booleanRule": {
            "condition": _condition(worksheet, tint),
            "format": fill(tint.paint),
        },
    }


def _condition(worksheet: Appearance, tint: Tint) -> Json:
    cell = f"${column_letters(worksheet.layout.place(tint.column) or 0)}2"
    return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": tint.ask(cell)}]}


def _mend(worksheet: Appearance, tint: Tint, place: int, rule: Json) -> Iterator[Json]:
    """Yield an update where a rule of ours asks a wrong column or misses rows; its
    colours and columns stay.
    """
    ranges = [_all_rows(worksheet, part) for part in rule["ranges"]]
    condition = _condition(worksheet, tint)
    right = rule["booleanRule"]["condition"]["values"] == condition["values"]
    if worksheet.layout.place(tint.column) is None or (
        right and ranges == rule["ranges"]
    ):
        return
    mended = {
        "ranges": ranges,
        "booleanRule": {**rule["booleanRule"], "condition": condition},
    }
    yield {"updateConditionalFormatRule": {"index": place, "rule": mended}}


def _all_rows(worksheet: Appearance, part: Json) -> Json:
    """Return a range that begins below the header and ends where the worksheet does."""
    short = worksheet.ends_early(part)
    return {
        key: value
        for key, value in part.items()
        if not (short and key == "endRowIndex")
    } | {"startRowIndex": 1}
