"""The figures of a text with their units: «от 1,5 тыс. руб», «2 часа». Pure.

A text here is plain: small letters, single spaces, thousands not apart.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

ROUBLES = "₽"
UNITS = {
    ROUBLES: r"₽|руб\w*|рубл\w*|р\b|rub\b|rur\b",
    "%": r"%|процент\w*",
    "минута": r"мин\w*",
    "час": r"ч\b|час\w*",
    "день": r"дн\w*|день|сут\w*",
    "неделя": r"недел\w*|нед\b",
    "месяц": r"мес\w*",
    "год": r"год\w*|лет\b|г\b",
}
UNIT = {name: re.compile(rf"[ -]?(?:{words})") for name, words in UNITS.items()}
TIMES = {"тыс": 1000, "к": 1000, "k": 1000, "млн": 1_000_000}
# 500 · 1,5 тыс. · 2к
FIGURE = re.compile(r"(\d+(?:[.,]\d+)?)[ -]?((?:тыс|млн)\w*\.?|[кk]\b)?")
# руб. 500
UNIT_BEFORE = re.compile(rf"(?:{UNITS[ROUBLES]})\.?:? ?$")
# от 500 · до: 500
BOUND = re.compile(r"(?<!\w)(от|до)[ :]*$")
MONEY_NAMED = re.compile(r"(?<!\w)(?:рубл\w*|руб\b|копе\w*)|₽")
FIGURE_BEFORE = re.compile(r"\d\W*(?:(?:тыс|млн)\w*\W*|[кk]\W+)?$")
FIGURE_AFTER = re.compile(r"\W*\d")


class Amount(NamedTuple):
    """A figure with its unit, a key of ``UNITS``; "" where it has none."""

    value: Decimal
    unit: str


class Bounded(NamedTuple):
    """A figure with the word that makes it a floor or a ceiling: «от», «до», or ""."""

    value: Decimal
    bound: str


def amounts(text: str) -> Iterator[Amount]:
    """Yield each figure of a plain text with its unit."""
    for found in FIGURE.finditer(text):
        times = _times(found[2] or "")
        unit = _unit_at(text, found.end())
        # «2к» and «руб. 500» are money too
        if not unit and (times > 1 or UNIT_BEFORE.search(text[: found.start()])):
            unit = ROUBLES
        value = _decimal(found[1]) * times
        yield Amount(value.normalize(), unit)


def _times(typed: str) -> int:
    """Return how many times a figure is taken, by the word behind it."""
    for word, times in TIMES.items():
        if typed.startswith(word):
            return times
    return 1


def _unit_at(text: str, place: int) -> str:
    for name, words in UNIT.items():
        if words.match(text, place):
            return name
    return ""


def _decimal(figures: str) -> Decimal:
    return Decimal(figures.replace(",", "."))


def bounds(text: str) -> Iterator[Bounded]:
    """Yield each figure of a plain text with its bound: «от 500», «до 500»."""
    for found in FIGURE.finditer(text):
        value = _decimal(found[1])
        bound = BOUND.search(text[: found.start()])
        if bound:
            yield Bounded(value, bound[1])
        else:
            yield Bounded(value, "")


def names_money_without_figure(text: str) -> bool:
    """Return whether money is spoken of without a figure: «пятьсот рублей»."""
    for found in MONEY_NAMED.finditer(text):
        before = FIGURE_BEFORE.search(text[: found.start()])
        after = FIGURE_AFTER.match(text, found.end())
        if not before and not after:
            return True
    return False
