"""Percentages, in any way people write them. Pure."""

import re
from decimal import Decimal

from record.values.cells import Cell, Unclear, as_shown, cut, opened
from record.values.sum_examples import worth
from record.values.wording import plain

COLUMN = "Комиссия, %"
USUAL = 30
# 30 · 30% · 12,5 проц. · 30 процентов; what stands after the number is not part of it
PERCENT = re.compile(
    r"-?[0-9]{1,9}(?:[.,][0-9]{1,6})?(?= ?(?:%|проц(?:ент(?:ов|а|ы)?)?\.?)?$)"
)


def percent(cell: Cell) -> Decimal | None:
    """Return a percentage 0–100; a cell formatted as percent holds 0.3 for 30 %.

    It holds 1.0, a float, for 100 %. Google gives 1 for both «1» and «100%»: who
    reads the sheet tells them apart by the cell's format. A text such as «0,3» may be
    the same share, or three tenths of a percent, and so is asked about.
    """
    if isinstance(cell, bool):
        raise Unclear(f"{COLUMN}: здесь флажок, а нужно число от 0 до 100")
    if isinstance(cell, int | float):
        return _of_number(cell)
    shown = opened(cell, COLUMN, "впишите число, например 30")
    if not shown:
        return None
    found = PERCENT.match(shown.casefold())
    if found is None:
        example = worth(shown.casefold()) or USUAL
        if example > 100:
            example = USUAL
        raise Unclear(
            f"{COLUMN} «{cut(shown)}» — не число: напишите, например, {example}"
        )
    value = Decimal(found[0].replace(",", "."))
    without_sign = found.end() == len(shown)
    if without_sign and 0 < value < 1:
        raise Unclear(_share_or_part(value, shown))
    return _in_bounds(value, shown)


def _of_number(cell: float) -> Decimal:
    value = Decimal(str(cell))
    if isinstance(cell, float) and 0 < cell <= 1:
        value *= 100  # a share: the cell is formatted as percent
    return _in_bounds(value, as_shown(cell))


def _share_or_part(value: Decimal, shown: str) -> str:
    """Return what is asked about a text that may be a share or a part of a percent.

    «0,3» may mean 30 % or 0,3 %: both are written so that they can be copied.
    """
    share, part = plain(value * 100), plain(value)
    return f"{COLUMN} «{cut(shown)}»: неясно, {share} % или {part} %. Напишите «{share}%» или «{part}%»"


def _in_bounds(value: Decimal, shown: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100:
        raise Unclear(f"{COLUMN} «{cut(shown)}»: нужно число от 0 до 100")
    return value.normalize()
