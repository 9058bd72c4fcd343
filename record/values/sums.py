"""Sums of money, in any way people write them. Pure.

A sum is one number. A space, a comma or a dot groups its thousands only where the first
group has one to three digits and every later one three; anything else is two numbers,
and which of them is meant nobody knows.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from record.values.cells import LONGEST, Cell, Unclear, as_shown, cut, opened
from record.values.sum_examples import CURRENCY, LINES, example_for, is_plausible

# 2 000 · 1.500 · 1,234,567 · 2'000: one separator between all groups
GROUPS = r"[1-9][0-9]{0,2}(?:(?P<separator>[ .,'’])[0-9]{3})(?:(?P=separator)[0-9]{3})*"
# how it was paid: нал · (карта) · оплата переводом · на карту
IN_CASH = r"на(?:л(?:ом|ичк(?:а|ой)|ичные|ичными)?)?\.?"
BY_BANK = r"безнал(?:ом)?|сбп|перевод(?:ом)?|(?:на )?карт(?:а|у|ой)"
PAID = rf"\(?(?:оплата )?(?:{IN_CASH}|{BY_BANK})\)?"
BESIDE = rf"(?: ?(?P<said>{PAID}))?[.!]?"
# 2000 · -5 · ₽ 2 000 · 2.000,50 · 2000.- · 2000 руб. нал!
SUM = re.compile(
    rf"(?P<minus>-)?(?:{CURRENCY} ?)?"
    rf"(?P<whole>{GROUPS}|[0-9]{{1,9}})(?P<part>[.,][0-9]{{1,2}})?(?:[.,][-–—]?)?"
    rf"(?: ?{CURRENCY})?{BESIDE}"
)
# 2к · 2т.р. · 2,5 тыс. руб. · 2 тысячи нал
THOUSANDS = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:[.,][0-9])?) ?(?:тыс(?:яч[аи]?)?|т|к|k)\.?"
    rf"(?: ?р(?:уб(?:лей|ля|ль)?)?\.?)?{BESIDE}"
)
FREE = {"бесплатно", "даром", "безвозмездно"}
MOST = 100_000_000
KOPECK = Decimal("0.01")
# the sum that an explanation shows where the text itself names none
USUAL = {"Цена": 2000, "Комиссия": 600}
USUAL_ELSEWHERE = 2000


# 999999999999 · 999 999 999 999 ₽
TOO_LONG = re.compile(rf"(?:[0-9][ '’]?){{10,}}(?:[.,][0-9]{{1,2}})?(?: ?{CURRENCY})?")


class TooMuch(Unclear):
    """One number, and more than any work costs."""


class SpokenSum(NamedTuple):
    """A sum in roubles, and what is said beside it: how it was paid, "" for nothing."""

    roubles: Decimal
    beside: str


def money(cell: Cell, what: str = "Цена") -> Decimal | None:
    """Return roubles with kopecks: of a number, of ``2 000,50 ₽``, of ``2т.р.``."""
    found = spoken_sum(cell, what)
    if found is None:
        return None
    return found.roubles


def spoken_sum(cell: Cell, what: str = "Цена") -> SpokenSum | None:
    """Return the sum, and the words beside it as typed: ``нал`` of ``2000 нал``.

    Raises:
        Unclear: it is no number, or more than one; TooMuch: none that anybody pays.
    """
    if isinstance(cell, bool):
        raise Unclear(f"{what}: здесь флажок, а нужно число, например 2000")
    if isinstance(cell, int | float):
        return SpokenSum(_of_number(cell, what), "")
    usual = USUAL.get(what, USUAL_ELSEWHERE)
    shown = opened(cell, what, f"впишите число, например {usual}")
    if not shown:
        return None
    if _in_lines(cell):
        # lines are looked for in the cell as typed: opening it made them spaces
        raise _no_sum(what, shown, example_for(cell[:LONGEST].casefold(), usual))
    found = _sum(shown.casefold())
    if found is None and TOO_LONG.fullmatch(shown.casefold()):
        raise _too_much(what, shown)
    if found is None:
        raise _no_sum(what, shown, example_for(shown.casefold(), usual))
    return SpokenSum(_in_bounds(found.roubles, what, shown), found.beside)


def _no_sum(what: str, shown: str, example: str) -> Unclear:
    return Unclear(f"{what} «{cut(shown)}» — не число: напишите, например, {example}")


def _of_number(cell: float, what: str) -> Decimal:
    # Google keeps «100%» as 1, and no work costs a rouble
    if what == "Цена" and 0 < cell <= 1:
        raise Unclear(
            f"{what} «{as_shown(cell)}»: похоже на проценты, впишите рубли, например 2000"
        )
    return _in_bounds(Decimal(str(cell)), what, as_shown(cell))


def _in_lines(cell: str) -> bool:
    """Return whether figures stand in several lines, or in cells pasted into one.

    These are several sums: «2000⏎500» is no 2 000 500.
    """
    with_figures = 0
    for line in LINES.split(cell[: 2 * LONGEST]):
        if re.search("[0-9]", line):
            with_figures += 1
    return with_figures > 1


def _sum(typed: str) -> SpokenSum | None:
    """Return the one sum that a text surely is, or None."""
    if typed.strip(" .!") in FREE:
        return SpokenSum(Decimal(0), "")
    if found := THOUSANDS.fullmatch(typed):
        return _in_thousands(found.groupdict(default=""))
    if found := SUM.fullmatch(typed):
        return _in_figures(found.groupdict(default=""))
    return None


def _in_thousands(parts: dict[str, str]) -> SpokenSum:
    thousands = Decimal(parts["whole"].replace(",", "."))
    return SpokenSum(thousands * 1000, parts["said"])


def _in_figures(parts: dict[str, str]) -> SpokenSum | None:
    whole = re.sub("[^0-9]", "", parts["whole"])
    kopecks = parts["part"].replace(",", ".")
    # «500 300» may well be two sums; kopecks at the end make it one
    may_be_two = parts["separator"] == " " and not kopecks
    if may_be_two and not is_plausible(whole):
        return None
    return SpokenSum(Decimal(f"{parts['minus']}{whole}{kopecks}"), parts["said"])


def _too_much(what: str, shown: str) -> TooMuch:
    return TooMuch(f"{what} «{cut(shown)}»: слишком большая сумма, проверьте")


def _in_bounds(value: Decimal, what: str, shown: str) -> Decimal:
    if value.is_finite() and value > MOST:
        raise _too_much(what, shown)
    if not value.is_finite() or not 0 <= value <= MOST:
        raise Unclear(f"{what} «{cut(shown)}» не может быть такой: нужно число от 0")
    return value.quantize(KOPECK)
