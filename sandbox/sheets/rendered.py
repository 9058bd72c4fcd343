"""What a cell answers:
https://developers.google.com/sheets/api/reference/rest/v4/ValueRenderOption.
"""

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from sandbox.sheets import number_format
from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Cell, Formula, Row, Scalar
from sandbox.sheets.failure import Failure
from sandbox.sheets.locales import Locale, locale

DEFAULT_PATTERNS = {
    "NUMBER": "0.00",
    "PERCENT": "0.00%",
    "SCIENTIFIC": "0.00E+00",
    "TEXT": "@",
}
_DATED_TYPES = ("DATE", "TIME", "DATE_TIME")
_KEPT_FRAGMENTS = 6


class Rendering(NamedTuple):
    """How values are asked for."""

    option: str = "FORMATTED_VALUE"
    date_option: str = "SERIAL_NUMBER"
    locale_name: str = "en_US"

    def value(self, cell: Cell) -> Scalar:
        """The cell's value under these options; an empty cell is an empty string."""
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if self.option == "FORMATTED_VALUE" or (
            cell.format
            and self.option == "UNFORMATTED_VALUE"
            and self.date_option == "FORMATTED_STRING"
            and _is_dated(cell)
        ):
            return shown(cell, locale(self.locale_name))
        return value

    def row_json(self, row: Row, c0: int, c1: int) -> str:
        """Columns [c0, c1) as a JSON array without trailing empties."""
        end = min(c1, (row.mask & ((1 << c1) - 1)).bit_length())
        # in one line, without a call for each: a read has a million cells
        texts = [
            encode_basestring(cell.value)
            if type(cell.value) is str
            else _json(self.value(cell))
            for cell in row.cells[c0:end]
        ]
        return "[" + ",".join(texts) + "]"


def shown(cell: Cell, language: Locale) -> str:
    """The text a person sees in the cell, whose formula has been computed."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return language.true if value else language.false
    pattern = pattern_of(cell, language)
    return (
        number_format.formatted(value, pattern, language)
        if pattern
        else number_format.general(value, language)
    )


def pattern_of(cell: Cell, language: Locale) -> str:
    """The number format's pattern, or the locale's for its type, or nothing."""
    chosen = cell.number_format
    if not chosen:
        return ""
    pattern = chosen.get("pattern")
    if pattern:
        return str(pattern)
    kind = chosen.get("type", "")
    if kind == "CURRENCY":
        return language.currency_pattern.format("#,##0.00")
    dated = {
        "DATE": language.date_pattern,
        "TIME": language.time_pattern,
        "DATE_TIME": f"{language.date_pattern} {language.time_pattern}",
    }
    return dated.get(kind) or DEFAULT_PATTERNS.get(kind, "")


def effective_value(value: Scalar) -> dict[str, Any]:
    """An ExtendedValue; a formula's is its result."""
    if isinstance(value, Failure):
        return {"errorValue": {"type": value.kind, "message": value.message}}
    if isinstance(value, str):
        return {"stringValue": str(value)}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"numberValue": value} if value is not None else {}


def entered_value(value: Scalar) -> dict[str, Any]:
    """What was put into the cell, as an ExtendedValue."""
    return (
        {"formulaValue": str(value)}
        if isinstance(value, Formula)
        else effective_value(value)
    )


def values_json(
    rows: list[Row], box: Box, rendering: Rendering, dimension: str
) -> str | None:
    """The `values` of a ValueRange, whose rows these are, as JSON text.

    None when the range holds no value.
    """
    window = ((1 << box.c1) - 1) & ~((1 << box.c0) - 1)
    end = len(rows)
    while end and not rows[end - 1].mask & window:
        end -= 1
    if not end:
        return None
    if dimension == "COLUMNS":
        return _columns_json(rows[:end], box, rendering)
    return "[" + ",".join(_rows_json(rows[:end], box, rendering)) + "]"


@lru_cache(4096)
def _window_key(_rendering: Rendering, _c0: int, _c1: int) -> object:
    """One small object per way of asking, quicker to look up than what it stands for."""
    return object()


def _rows_json(rows: list[Row], box: Box, rendering: Rendering) -> list[str]:
    key = _window_key(rendering, box.c0, box.c1)
    texts = []
    for row in rows:
        text = row.fragments.get(key)
        if text is None:
            text = rendering.row_json(row, box.c0, box.c1)
            if len(row.fragments) >= _KEPT_FRAGMENTS:
                row.fragments.clear()
            row.fragments[key] = text
        texts.append(text)
    return texts


def _json(value: Scalar) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    return (
        json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
    )


def _columns_json(rows: list[Row], box: Box, rendering: Rendering) -> str:
    columns: list[list[Scalar]] = []
    for column in range(box.c0, box.c1):
        values = [rendering.value(row.cell(column)) for row in rows]
        while values and values[-1] == "":
            values.pop()
        columns.append(values)
    while columns and not columns[-1]:
        columns.pop()
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"))


def _is_dated(cell: Cell) -> bool:
    chosen = cell.number_format
    if not chosen:
        return False
    pattern = chosen.get("pattern")
    return (
        number_format.is_dated(pattern)
        if pattern
        else chosen.get("type") in _DATED_TYPES
    )
