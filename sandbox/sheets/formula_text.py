"""A formula as Google writes it, turned into one for the engine.

That is: separators, decimal marks, and names of tabs.

https://support.google.com/docs/table/25273
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sandbox.sheets import a1

_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[1-9]\d{0,6}"
_CELL = _COLUMN + _ROW
_REFERENCE = rf"(?:{_CELL}:{_CELL}|{_CELL}:{_COLUMN}|{_CELL}|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW})(?![\w(!.])"
# as long as a title may be, so that no apostrophe makes the reader search far
_TITLE = r"(?:[^']|''){1,100}+"
_TOKEN = re.compile(
    rf"""(?P<string>"(?:[^"]|"")*+"?)
    |(?P<prefix>(?:'(?P<quoted>{_TITLE})'|(?P<bare>[^\W\d][\w.]*))!)(?P<there>{_REFERENCE})?
    |(?P<here>(?<![\w.]){_REFERENCE})
    |(?P<stray>'+)
    |(?P<error>\#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|ERROR!))
    |(?P<number>\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w.]*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
NEVER_READY = (
    "IMPORTRANGE",
    "IMPORTDATA",
    "IMPORTXML",
    "IMPORTHTML",
    "IMPORTFEED",
    "GOOGLEFINANCE",
)
_VOLATILE = {"NOW", "TODAY", "RAND", "RANDBETWEEN"}


class Area(NamedTuple):
    """Cells of a tab that a formula looks at.

    From row r0 and column c0 to before r1 and c1, counted from 0.
    """

    sheet_id: int
    r0: int
    c0: int
    r1: int
    c1: int


class Translated(NamedTuple):
    """A formula for the engine, what it looks at, and which functions it calls."""

    text: str
    areas: tuple[Area, ...]
    functions: frozenset[str]

    @property
    def volatile(self) -> bool:
        """Whether its result changes by itself."""
        return bool(self.functions & _VOLATILE)

    @property
    def alone(self) -> bool:
        """Whether it is nothing but one reference to one cell."""
        return len(self.areas) == 1 and self.text == f"={_written(self.areas[0])}"


def translated(
    text: str, sheet_id: int, sheets: Mapping[str, int], *, decimal_comma: bool
) -> Translated:
    """Turn a formula that stands on a tab into one for the engine.

    `sheets` says which tab has which title.

    Where the decimal mark is a comma, arguments are parted by semicolons. A formula
    without any semicolon may have commas for that, as a script's author writes it; then
    a comma is a decimal mark outside of parentheses only.
    """
    pieces = list(_TOKEN.finditer(text[1:]))
    semicolons = any(piece["other"] == ";" for piece in pieces)
    written, areas, functions = ["="], [], set()
    depth, braces = 0, 0
    for index, piece in enumerate(pieces):
        part = piece[0]
        reference = piece["here"] or piece["there"]
        if piece["prefix"] or reference:
            area = _area(_target(piece, sheet_id, sheets), reference)
            areas.extend([area] if area else [])
            part = _written(area) if area else "#REF!"
        elif piece["number"] and "," in part:
            decimal = decimal_comma and (semicolons or not depth)
            part = part.replace(",", ".") if decimal else part
        elif piece["name"]:
            called = index + 1 < len(pieces) and pieces[index + 1][0] == "("
            functions.update([part.upper()] if called else [])
            part = "" if part.upper() == "ARRAYFORMULA" else part
        elif piece["other"]:
            depth += (part == "(") - (part == ")")
            braces += (part == "{") - (part == "}")
            part = _separator(part, inside_array=braces > 0)
        written.append(part)
    return Translated("".join(written), tuple(areas), frozenset(functions))


def _separator(mark: str, *, inside_array: bool) -> str:
    if inside_array:
        return "," if mark == "\\" else mark
    return "," if mark == ";" else mark


def _target(
    piece: re.Match[str], sheet_id: int, sheets: Mapping[str, int]
) -> int | None:
    if not piece["prefix"]:
        return sheet_id
    title = piece["quoted"].replace("''", "'") if piece["quoted"] else piece["bare"]
    return sheets.get(title)


def _area(sheet_id: int | None, reference: str | None) -> Area | None:
    """The cells of a reference; None where it leads nowhere."""
    if sheet_id is None or not reference:
        return None
    first, _, second = reference.replace("$", "").upper().partition(":")
    (r0, c0), (r1, c1) = _corner(first), _corner(second or first)
    rows = sorted(((0 if r0 is None else r0), (LAST_ROW - 1 if r1 is None else r1)))
    columns = sorted(
        ((0 if c0 is None else c0), (LAST_COLUMN - 1 if c1 is None else c1))
    )
    return Area(sheet_id, rows[0], columns[0], rows[1] + 1, columns[1] + 1)


def _corner(text: str) -> tuple[int | None, int | None]:
    letters, digits = (
        text.rstrip("0123456789"),
        text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    )
    return int(digits) - 1 if digits else None, a1.column_index(
        letters
    ) if letters else None


def _written(area: Area) -> str:
    first = f"{a1.column_letters(area.c0)}{area.r0 + 1}"
    last = f"{a1.column_letters(area.c1 - 1)}{area.r1}"
    return f"{tab_name(area.sheet_id)}!{first}" + (f":{last}" if last != first else "")


def tab_name(sheet_id: int) -> str:
    """What the engine calls a tab."""
    return f"Tab{sheet_id}"
