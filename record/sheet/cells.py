"""Cells as the Sheets API names and holds them; A1 notation is gspread's."""

from collections.abc import Mapping
from typing import Any

from gspread.utils import rowcol_to_a1

from record.values import Cell


def column_letters(place: int) -> str:
    """Return the letters of a 0-based column."""
    return rowcol_to_a1(1, place + 1).removesuffix("1")


def cell_data(value: Cell) -> dict[str, Any]:
    """Return a value as CellData; "" empties the cell.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#extendedvalue
    """
    if value == "":
        return {}
    return {"userEnteredValue": {_kind(value): value}}


def _kind(value: Cell) -> str:
    # bool first: in Python True is a number too
    if isinstance(value, bool):
        return "boolValue"
    if isinstance(value, int | float):
        return "numberValue"
    # text stays text, even where it begins with "=": no client may write a formula
    return "stringValue"


def entered_value(data: Mapping[str, Any]) -> Cell:
    """Return the value that CellData holds, "" for an empty cell."""
    value = data.get("userEnteredValue", {})
    found: Cell = next(iter(value.values()), "")
    return found
