"""Colours as Google keeps them: eight bits a part, under both names that each has.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ColorStyle
"""

import struct
from collections.abc import Mapping
from typing import Any

from sandbox.sheets.schema import MESSAGES

Json = dict[str, Any]
_LEVELS = 255
_SINGLE = struct.Struct("f")
_DIGITS = range(6, 10)  # one of them suffices to write any 32-bit number


def _pairs(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The colours of a message, each with its newer name."""
    old = [name for name, kind in fields.items() if kind == "Color"]
    both = [(name, f"{name}Style") for name in old]
    return [pair for pair in both if fields.get(pair[1]) == "ColorStyle"]


_PAIRS = {message: _pairs(fields) for message, fields in MESSAGES.items()}
# a colour of no parts is black, not none
NAMES = frozenset(old for pairs in _PAIRS.values() for old, _ in pairs)


def rounded(color: Mapping[str, float]) -> Json:
    """The colour in eight bits; its parts of 0 are left out."""
    parts = {name: _part(value) for name, value in color.items()}
    return {name: value for name, value in parts.items() if value}


def _part(value: float) -> float:
    # all in 32 bits, and cut, not rounded: 0.5 comes back as 127/255
    level = int(_single(_single(min(max(value, 0.0), 1.0)) * _LEVELS))
    return _short(_single(level / _LEVELS))


def _single(value: float) -> float:
    """The number as 32 bits hold it."""
    (held,) = _SINGLE.unpack(_SINGLE.pack(value))
    return float(held)


def _short(single: float) -> float:
    """The same 32 bits in as few digits as name them."""
    shorter = (float(f"{single:.{digits}g}") for digits in _DIGITS)
    short = next(number for number in shorter if _single(number) == single)
    return int(short) if short.is_integer() else short


def _color(hexadecimal: str) -> Json:
    levels = bytes.fromhex(hexadecimal)
    names = ("red", "green", "blue")
    return rounded(dict(zip(names, (n / _LEVELS for n in levels), strict=True)))


_THEME = {
    "TEXT": _color("000000"),
    "BACKGROUND": _color("FFFFFF"),
    "ACCENT1": _color("4285F4"),
    "ACCENT2": _color("EA4335"),
    "ACCENT3": _color("FBBC04"),
    "ACCENT4": _color("34A853"),
    "ACCENT5": _color("FF6D01"),
    "ACCENT6": _color("46BDC6"),
    "LINK": _color("1155CC"),
}
SPREADSHEET_THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        {"colorType": name, "color": {"rgbColor": color}}
        for name, color in _THEME.items()
    ],
}


def under_both_names(body: Json, message: str) -> None:
    """Give each colour of the message under both of its names; the newer one decides."""
    for old, new in _PAIRS[message]:
        if new not in body:
            if old in body:
                body[new] = {"rgbColor": body[old]}
            continue
        color = _meant(body[new])
        if color is None:
            # a style of no colour takes the colour away
            del body[new]
            body.pop(old, None)
        else:
            body[old] = color


def _meant(style: Json) -> Json | None:
    if "themeColor" in style:
        return _THEME.get(style["themeColor"])
    color: Json | None = style.get("rgbColor")
    return color


def named_alike(mask: Json, message: str) -> Json:
    """The mask with both names of each colour that it names by one of them."""
    more: Json = {}
    for old, new in _PAIRS[message]:
        if old in mask or new in mask:
            more |= {old: {}, new: {}}
    return {**mask, **more}
