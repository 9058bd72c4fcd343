"""Sums and percentages, in any way people write them. Pure."""

import re
from decimal import Decimal, InvalidOperation

from record.values.cells import Cell, Unclear, cut, is_broken, plain, text

ROUBLES = re.compile(r"₽|руб(?:лей|ля|ль)?(?![а-я])\.?|(?<![а-я])р(?![а-я])\.?|rub\.?")
THOUSANDS = re.compile(r"(\d+(?:[.,]\d)?)(?:тыс(?:яч[аи]?)?|т|к|k)\.?(?:р(?:уб)?\.?)?")
PAID = re.compile(
    r"\(?(?:(?:оплата\s+)?(?:на(?:л(?:ом|ичк(?:а|ой)|ичные|ичными)?)?\.?(?![а-я])|безнал(?:ом)?|сбп|перевод(?:ом)?"
    r"|(?:на\s+)?карт(?:а|у|ой)))\)?$"
)
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")
WORTH: dict[str, int | Decimal] = {
    "ноль": 0, "один": 1, "одна": 1, "одну": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6,
    "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13,
    "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18,
    "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60,
    "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200, "триста": 300,
    "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
    "полторы": Decimal("1.5"),
}  # fmt: skip
USUAL = {"Комиссия": 600}
FREE = {"бесплатно", "даром", "безвозмездно"}


def money(cell: Cell, what: str = "Цена") -> Decimal | None:
    """Return roubles with kopecks, from a number cell or texts such as ``2 000,50 ₽`` and ``2т.р.``."""
    if isinstance(cell, bool):
        raise Unclear(f"{what}: здесь флажок, а нужно число, например 2000")
    if isinstance(cell, int | float):
        return _positive(Decimal(str(cell)), what, text(cell))
    shown = plain(cell)
    if not shown:
        return None
    value = _sum(shown.casefold())
    if value is None:
        raise Unclear(_why(shown, what))
    return _positive(value, what, shown)


def _sum(typed: str) -> Decimal | None:
    """Return the one sum that a text surely is, or None."""
    if typed.strip(" .!") in FREE:
        return Decimal(0)
    bare = re.sub(r"\s", "", ROUBLES.sub("", PAID.sub("", typed)))
    if thousands := THOUSANDS.fullmatch(re.sub(r"\s", "", PAID.sub("", typed))):
        return Decimal(thousands[1].replace(",", ".")) * 1000
    bare = re.sub(r"[.,](?=\d{3}(?:\D|$))|(?<=\d)['’](?=\d{3})", "", bare)
    bare = bare.replace(",", ".").removesuffix(".-").removesuffix(".")
    return Decimal(bare) if re.fullmatch(r"-?\d{1,9}(\.\d{1,2})?", bare) else None


def _positive(value: Decimal, what: str, shown: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100_000_000:
        raise Unclear(f"{what} «{cut(shown)}» не может быть такой: нужно число от 0")
    return value.quantize(Decimal("0.01"))


def _why(shown: str, what: str) -> str:
    if is_broken(shown):
        return f"{what}: в ячейке ошибка формулы, впишите число, например 2000"
    likely = _likely(shown.casefold()) or USUAL.get(what, 2000)
    return f"{what} «{cut(shown)}» — не число: напишите, например, {likely}"


def _likely(typed: str) -> int | Decimal | None:
    """Return the sum that a text may mean: an addition's total, the first of several numbers, the worth of words."""
    bare = ROUBLES.sub("", re.sub(r"(?<=\d)[ .](?=\d{3}(?:\D|$))", "", typed))
    found = [Decimal(one.replace(",", ".")) for one in NUMBER.findall(bare)]
    if re.fullmatch(r"=?[\d., ]+(\+[\d., ]+)+", bare):
        return _whole(sum(found, Decimal(0)))
    if found:
        return _whole(found[0])
    return _worth(typed)


def _worth(typed: str) -> int | None:
    """Return the sum that Russian words say, such as «две тысячи пятьсот»."""
    total = part = Decimal(0)
    known = False
    for word in re.findall(r"[а-я]+", typed):
        if re.fullmatch(r"тыс(?:яч[аиу]?)?|тыщ[аиу]?|штук[аиу]?", word):
            total, part, known = total + (part or 1) * 1000, Decimal(0), True
        elif word in WORTH:
            part, known = part + WORTH[word], True
    return int(total + part) if known else None


def _whole(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def in_cell(value: Decimal) -> int | float:
    """Return a number as it is written into a cell: a whole one without a tail."""
    return int(value) if value == value.to_integral_value() else float(value)


def percent(cell: Cell) -> Decimal | None:
    """Return a percentage 0–100; a cell formatted as percent holds 0.3 for 30 %."""
    shown = plain(cell)
    if not shown:
        return None
    if isinstance(cell, bool):
        raise Unclear("Комиссия, %: здесь флажок, а нужно число от 0 до 100")
    share = isinstance(cell, float) and 0 < cell < 1
    try:
        value = Decimal(re.sub(r"\s|%|проц(?:ент(?:ов|а|ы)?)?\.?", "", shown.casefold()).replace(",", "."))
    except InvalidOperation:
        raise Unclear(f"Комиссия, % «{cut(shown)}» — не число: напишите, например, 30") from None
    value = value * 100 if share else value
    if not value.is_finite() or not 0 <= value <= 100:
        raise Unclear(f"Комиссия, % «{cut(shown)}»: нужно число от 0 до 100")
    return value.normalize()
