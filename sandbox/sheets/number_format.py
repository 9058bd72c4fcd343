"""Number format patterns: https://developers.google.com/sheets/api/guides/formats."""

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal, getcontext
from functools import lru_cache
from typing import NamedTuple

from sandbox.sheets.locales import Locale
from sandbox.sheets.serial import from_serial

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<symbol>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<ampm>am/pm|a/p)|(?P<date>d+|m+|y+|h+|s+)|(?P<digits>[#0?][#0?,.]*(?:[eE][+-]0+)?|\.0[0#?]*)"
    r"|(?P<general>General)|_(?P<width>.)|\*.|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_DATED = re.compile(r'"[^"]*"|\\.|\[\$[^\]]*\]|(?P<letter>[dmyhs])', re.IGNORECASE)


class Token(NamedTuple):
    """One piece of a pattern: `kind` literal, date, elapsed, ampm, digits or general."""

    kind: str
    text: str


def general(value: float, locale: Locale) -> str:
    """A number with no format set.

    Up to ten significant digits after a comma, all digits before it.
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if abs(value) >= 1e15 or abs(value) < 1e-5:
        mantissa, exponent = f"{value:.5E}".split("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}".replace(
            ".", locale.decimal
        )
    text = f"{value:.{max(10, len(str(int(abs(value)))))}g}"
    return text.replace(".", locale.decimal)


def formatted(value: float, pattern: str, locale: Locale) -> str:
    """The number as `pattern` shows it."""
    sections = _sections(pattern)
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    tokens = _tokens(section)
    if any(token.kind in ("date", "elapsed") for token in tokens):
        return _dated(value, tokens, locale)
    return _numbered(value, tokens, locale)


def is_dated(pattern: str) -> bool:
    """Whether the pattern shows a date or a time."""
    return any(
        match["letter"] for match in _DATED.finditer(pattern.replace("General", ""))
    )


@lru_cache(512)
def _sections(pattern: str) -> tuple[str, ...]:
    parts = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', pattern)
    return tuple(parts)


@lru_cache(512)
def _tokens(section: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(section):
        kind, text = match.lastgroup, match[match.lastgroup] if match.lastgroup else ""
        if kind in ("date", "elapsed", "ampm", "digits", "general"):
            tokens.append(Token(kind, text.lower() if kind != "digits" else text))
        elif kind == "width":
            tokens.append(Token("literal", " "))
        elif text:
            tokens.append(Token("literal", text))
    return tuple(_minutes(tokens))


def _minutes(tokens: list[Token]) -> list[Token]:
    """`m` next to hours or seconds means minutes."""
    dated = [
        index for index, token in enumerate(tokens) if token.kind in ("date", "elapsed")
    ]
    for place, index in enumerate(dated):
        token = tokens[index]
        before = tokens[dated[place - 1]].text[0] if place else ""
        after = tokens[dated[place + 1]].text[0] if place + 1 < len(dated) else ""
        if (
            token.kind == "date"
            and token.text[0] == "m"
            and len(token.text) <= 2
            and (before == "h" or after == "s")
        ):
            tokens[index] = Token("date", "n" * len(token.text))
    return tokens


def _dated(value: float, tokens: tuple[Token, ...], locale: Locale) -> str:
    moment = from_serial(value)
    if moment is None:
        return general(value, locale)
    if not any(
        token.text.startswith("0") for token in tokens if token.kind == "digits"
    ):
        moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    half_day = any(token.kind == "ampm" for token in tokens)
    has_day = any(token.text in ("d", "dd") for token in tokens)
    shown = []
    for token in tokens:
        if token.kind == "date":
            shown.append(
                _date_part(
                    token.text, moment, locale, half_day=half_day, has_day=has_day
                )
            )
        elif token.kind == "elapsed":
            unit = {"h": 24, "m": 1440, "s": 86_400}[token.text[0]]
            shown.append(str(int(value * unit + 1e-9)).zfill(len(token.text)))
        elif token.kind == "ampm":
            shown.append("AM" if moment.hour < 12 else "PM")
        elif token.kind == "literal":
            shown.append(token.text)
        elif token.kind == "digits":
            digits = len(token.text.lstrip("."))
            shown.append(
                locale.decimal * token.text.startswith(".")
                + f"{moment.microsecond:06d}"[:digits]
            )
    return "".join(shown)


def _date_part(
    text: str, moment: dt.datetime, locale: Locale, *, half_day: bool, has_day: bool
) -> str:
    letter, width = text[0], len(text)
    number = {
        "d": moment.day,
        "m": moment.month,
        "n": moment.minute,
        "s": moment.second,
        "h": moment.hour,
    }
    if letter == "y":
        return f"{moment.year % 100:02d}" if width <= 2 else f"{moment.year:04d}"
    if letter == "d" and width > 2:
        names = locale.weekdays_short if width == 3 else locale.weekdays
        return names[moment.weekday()]
    if letter == "m" and width > 2:
        full = locale.months_dated if has_day else locale.months
        name = (locale.months_short if width == 3 else full)[moment.month - 1]
        return name[0] if width == 5 else name
    value = number[letter]
    if letter == "h" and half_day:
        value = value % 12 or 12
    return str(value).zfill(min(width, 2))


def _numbered(value: float, tokens: tuple[Token, ...], locale: Locale) -> str:
    percent = sum(token.text.count("%") for token in tokens if token.kind == "literal")
    number = Decimal(repr(value)) * (100**percent)
    sign = "-" if number < 0 else ""
    shown = []
    used = False
    for token in tokens:
        if token.kind == "digits" and not used:
            used = True
            text = _digits(abs(number), token.text, locale)
            zero = not re.search(r"[1-9]", text)
            shown.append(("" if zero else sign) + text)
        elif token.kind == "general":
            shown.append(general(float(number), locale))
        elif token.kind == "literal":
            shown.append(general(value, locale) if token.text == "@" else token.text)
    return "".join(shown)


def _digits(number: Decimal, pattern: str, locale: Locale) -> str:
    exponent = re.search(r"[eE][+-]0+", pattern)
    if exponent:
        places = len(pattern[: exponent.start()].partition(".")[2])
        mantissa, _, power = f"{number:.{places}E}".partition("E")
        width = len(exponent[0]) - 2
        return f"{mantissa}E{power[0]}{power[1:].zfill(width)}".replace(
            ".", locale.decimal
        )
    # each comma after the digits is a thousand
    number /= 1000 ** (len(pattern) - len(pattern.rstrip(",")))
    whole, _, fraction = pattern.rstrip(",").partition(".")
    exact = (
        math.isfinite(number) and number.adjusted() + len(fraction) < getcontext().prec
    )
    rounded = (
        number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
        if exact
        else number
    )
    left, _, right = f"{rounded:f}".partition(".")
    left = left.lstrip("0").zfill(sum(letter == "0" for letter in whole))
    if "," in whole:
        left = _grouped(left, locale.group)
    keep = len(fraction.rstrip("#?"))
    right = right[:keep] + right[keep:].rstrip("0")
    return left + (locale.decimal + right if right else "")


def _grouped(digits: str, group: str) -> str:
    first = len(digits) % 3 or 3
    return group.join(
        [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
    )
