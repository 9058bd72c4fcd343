"""A price of the price list, which need not be one number. Pure.

450            450 ₽                      counted as 450
от 500 ₽       от 500 ₽                   counted as 500, and more is possible
500–900 руб    500–900 ₽                  counted as 500, and more is possible
~500           около 500 ₽                counted as 500, and more is possible
до 900         до 900 ₽                   not counted: it has no lower end
500/м          500 ₽, за м                counted as 500
бесплатно      бесплатно                  counted as 0
договорная     по договорённости          not counted
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from record.values.cells import Cell, Unclear, cut, opened
from record.values.sum_examples import CURRENCY
from record.values.sums import money
from record.values.wording import money as spelled

AGREED = "по договорённости"
FREE = "бесплатно"
WHAT = "Цена"
INSTEAD = "впишите число, «от 500» или «договорная»"
DASH = r"[-–—−‑]"
FROM = re.compile(r"(?:от|с|начиная с|минимум|мин\.?|не менее)\s*(?P<least>\d.*)")
PLUS = re.compile(rf"(?P<least>\d.*?)\s*(?:\+|{DASH}|и (?:выше|более|больше|дороже))")
UP_TO = re.compile(r"(?:до|не более|не больше|максимум|макс\.?)\s*(?P<most>\d.*)")
RANGE = re.compile(
    rf"(?:(?:от|с)\s*)?(?P<least>\d[^-–—−‑]*?)\s*(?:{DASH}|\.\.\.?|…|до|или)\s*(?P<most>\d.*)"
)
ABOUT = re.compile(
    r"(?:~|≈|около|примерно|прим\.?|ориентировочно|где-то)\s*(?P<least>\d.*)"
)
# 500/м · 500 ₽ за метр · 500 р./шт.
PER = re.compile(
    r"(?P<sum>.*?\d.*?)\s*(?:/|(?<=[\s₽.\d])за\s)\s*(?:1\s?)?(?P<unit>[а-яa-z][а-яa-z .]{0,20}[²³2-3]?)\.?"
)
ROUBLES = re.compile(rf"\s*{CURRENCY}$")
HOURS = 24
ON_REQUEST = re.compile(
    r"(?:цена |стоимость )?(?:по |на )?(?:договор\w*|согласован\w*|запрос\w*|смет\w*|осмотр\w*|месте)\.?"
    r"|дог\.?|индивидуально|уточня\w+|рассчит\w+|обсу\w+|звоните|\?+"
)


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price as it is meant: how it is shown, and what is counted of it.

    ``least`` is None where nothing can be counted; ``is_open``: it may be more.
    ``unit`` is what stood behind it: «м» of «500/м».
    """

    shown: str
    least: Decimal | None
    is_open: bool = False
    unit: str = ""


def listed_price(cell: Cell) -> ListedPrice:
    """Return what a cell of the price list means; an empty one is to be agreed on.

    Raises:
        Unclear: it is neither a number, nor a range, nor words that are known here.
    """
    if not isinstance(cell, str):
        return _exact(money(cell, WHAT))
    typed = opened(cell, WHAT, INSTEAD).casefold().replace("ё", "е").strip(" .")
    if not typed or re.fullmatch(f"{DASH}+", typed) or ON_REQUEST.fullmatch(typed):
        return ListedPrice(AGREED, None)
    found = _read(typed)
    if found is None:
        raise Unclear(f"{WHAT} «{cut(cell)}» непонятна: {INSTEAD}")
    return found


def _read(typed: str) -> ListedPrice | None:
    whole = _sum(typed)
    if whole is not None:
        return _exact(whole)
    ranged = RANGE.fullmatch(typed)
    if ranged and (found := _range(ranged["least"], ranged["most"])):
        return found
    for pattern, word in ((FROM, "от"), (PLUS, "от"), (ABOUT, "около")):
        matched = pattern.fullmatch(typed)
        least = _sum(matched["least"]) if matched else None
        if least is not None:
            return ListedPrice(f"{word} {spelled(least)}", least, is_open=True)
    most = UP_TO.fullmatch(typed)
    if most and (value := _sum(most["most"])) is not None:
        return ListedPrice(f"до {spelled(value)}", None)
    return _per_unit(typed)


def _per_unit(typed: str) -> ListedPrice | None:
    """Return a price with what it is for: «500/м», «от 500 руб. за метр»."""
    parted = PER.fullmatch(typed)
    if parted is None:
        return None
    found = _read(parted["sum"].strip())
    if found is None or found.unit:
        return None
    unit = parted["unit"].strip(" .")
    return ListedPrice(found.shown, found.least, found.is_open, unit)


def _range(least: str, most: str) -> ListedPrice | None:
    """Return a range; of «1-2 тыс» the first number is in thousands too."""
    low, high = _sum(least), _sum(most)
    if low is None or high is None:
        return None
    if low < high and low * 1000 < high and high >= 1000 and re.search("[тк]", most):
        low *= 1000
    if low >= high:
        return None
    if high <= HOURS and not ROUBLES.search(most):
        # «с 9 до 18» is when somebody works
        return None
    first = spelled(low).removesuffix("₽").rstrip()
    return ListedPrice(f"{first}–{spelled(high)}", low, is_open=True)


def _sum(typed: str) -> Decimal | None:
    try:
        return money(typed.strip(), WHAT)
    except Unclear:
        return None


def _exact(value: Decimal | None) -> ListedPrice:
    if value is None:
        return ListedPrice(AGREED, None)
    if not value:
        return ListedPrice(FREE, value)
    return ListedPrice(spelled(value), value)
