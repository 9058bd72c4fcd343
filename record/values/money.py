"""Sums and percentages, in any way people write them. Pure.

A sum is one number. A space, a comma or a dot groups its thousands only where the first
group has one to three digits and every later one three; anything else is two numbers,
and which of them is meant nobody knows.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from record.values.cells import LONGEST, Cell, Unclear, as_shown, cut, opened

CURRENCY = r"(?:₽|руб(?:лей|ля|ль|\.)?|р\.?|rub\.?)"
GROUPS = r"[1-9][0-9]{0,2}(?:(?P<mark>[ .,'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*"
PAID = (
    r"\(?(?:оплата )?(?:на(?:л(?:ом|ичк(?:а|ой)|ичные|ичными)?)?\.?|безнал(?:ом)?|сбп|перевод(?:ом)?"
    r"|(?:на )?карт(?:а|у|ой))\)?"
)
SUM = re.compile(
    rf"(?P<minus>-)?(?:{CURRENCY} ?)?(?P<whole>{GROUPS}|[0-9]{{1,9}})(?P<part>[.,][0-9]{{1,2}})?(?:[.,][-–—]?)?"
    rf"(?: ?{CURRENCY})?(?: ?(?P<said>{PAID}))?[.!]?"
)
THOUSANDS = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:[.,][0-9])?) ?(?:тыс(?:яч[аи]?)?|т|к|k)\.?(?: ?р(?:уб(?:лей|ля|ль)?)?\.?)?"
    rf"(?: ?(?P<said>{PAID}))?[.!]?"
)
LINES = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
PLAUSIBLE, LARGE = 1_000_000, 100_000
WRITTEN = re.compile(
    r"[1-9][0-9]{0,2}(?:[ ,][0-9]{3})+(?![0-9])|[0-9]{1,9}(?:[.,][0-9]{1,2}(?![0-9]))?"
)
ADDED = re.compile(r"=?#(?:\+#)+[).]?")
RANGE = re.compile(r"# ?₽? ?[-–—] ?# ?₽?")
BEGINS_WITH_THOUSANDS = re.compile(
    r"[^#]*# ?(?:тыс(?:яч[аиу]?)?|тыщ[аиу]?|т|к|k)(?![а-яa-z])"
)
ONE = "напишите одно число"
LEAST = 100
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
PERCENT = re.compile(
    r"-?[0-9]{1,9}(?:[.,][0-9]{1,6})?(?= ?(?:%|проц(?:ент(?:ов|а|ы)?)?\.?)?$)"
)


class SpokenSum(NamedTuple):
    """A sum in roubles, and what is said beside it: how it was paid, "" for nothing."""

    roubles: Decimal
    beside: str


def money(cell: Cell, what: str = "Цена") -> Decimal | None:
    """Return roubles with kopecks, from a number cell or texts such as ``2 000,50 ₽``
    and ``2т.р.``.
    """
    found = spoken_sum(cell, what)
    return found.roubles if found else None


def spoken_sum(cell: Cell, what: str = "Цена") -> SpokenSum | None:
    """Return the sum, and the words beside it as they are typed: ``нал`` of ``2000
    нал``.

    Raises:
        Unclear: it is no number, or more than one.
    """
    if isinstance(cell, bool):
        raise Unclear(f"{what}: здесь флажок, а нужно число, например 2000")
    if isinstance(cell, int | float):
        # so Google keeps «100%», and no work costs a rouble
        if what == "Цена" and 0 < cell <= 1:
            raise Unclear(
                f"{what} «{as_shown(cell)}»: похоже на проценты, впишите рубли, например 2000"
            )
        return SpokenSum(_positive(Decimal(str(cell)), what, as_shown(cell)), "")
    shown = opened(cell, what, f"впишите число, например {USUAL.get(what, 2000)}")
    if not shown:
        return None
    found = None if _in_lines(cell) else _sum(shown.casefold())
    if found is None:
        told = cell[:LONGEST] if _in_lines(cell) else shown
        example = _example(told.casefold(), USUAL.get(what, 2000))
        raise Unclear(
            f"{what} «{cut(shown)}» — не число: напишите, например, {example}"
        )
    return SpokenSum(_positive(found.roubles, what, shown), found.beside)


def _in_lines(cell: str) -> bool:
    """Say whether figures stand in several lines, or cells that were pasted into one:
    these are several sums.
    """
    lines = LINES.split(cell[:2_000])
    return sum(bool(re.search("[0-9]", line)) for line in lines) > 1


def _sum(typed: str) -> SpokenSum | None:
    """Return the one sum that a text surely is, or None."""
    if typed.strip(" .!") in FREE:
        return SpokenSum(Decimal(0), "")
    if thousands := THOUSANDS.fullmatch(typed):
        return SpokenSum(
            Decimal(thousands["whole"].replace(",", ".")) * 1000,
            thousands["said"] or "",
        )
    found = SUM.fullmatch(typed)
    if found is None:
        return None
    whole, part = (
        re.sub("[^0-9]", "", found["whole"]),
        (found["part"] or "").replace(",", "."),
    )
    if found["mark"] == " " and not part and not _plausible(whole):
        return None
    return SpokenSum(
        Decimal(f"{found['minus'] or ''}{whole}{part}"), found["said"] or ""
    )


def _plausible(whole: str) -> bool:
    """Say whether digits grouped by spaces are one sum, as «150 000» is; «500 300» may
    well be two.
    """
    value = int(whole)
    return value < LARGE or (value <= PLAUSIBLE and whole.endswith("000"))


def _positive(value: Decimal, what: str, shown: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100_000_000:
        raise Unclear(f"{what} «{cut(shown)}» не может быть такой: нужно число от 0")
    return value.quantize(Decimal("0.01"))


def _example(typed: str, usual: int) -> str:
    """Return how a sum may be written, and what else to do: the text's own first
    number, else the ``usual`` one.

    A hint is followed, so the own number is shown only where it may be the whole sum:
    not the «2» of «2 тыс 500», nor one of «3 розетки по 500». Numbers that stand apart
    are neither joined nor added, for which of them is meant only the person knows.
    Those with a plus between them are a sum that he wants counted.
    """
    bare = re.sub(rf"(?<![а-яa-z]){CURRENCY}(?![а-яa-z])", "₽", LINES.sub("\n", typed))
    plain = WRITTEN.sub("#", bare)
    written = [number for one in WRITTEN.findall(bare) for number in _apart(one)]
    if not written:
        worth = _worth(typed)
        return str(usual if worth is None or worth < LEAST else worth)
    if ADDED.fullmatch(re.sub("[ ₽]", "", plain)):
        return _shown(sum(written, Decimal(0)), usual)
    first = Decimal(usual) if BEGINS_WITH_THOUSANDS.match(plain) else written[0]
    if len(written) == 1 or RANGE.fullmatch(plain.strip()):
        return _shown(first, usual) if first else "0"
    whole = first == first.to_integral_value()
    return f"{_shown(first, usual) if whole else usual}; чисел здесь несколько, {ONE}"


def _shown(example: Decimal, usual: int) -> str:
    """Return a sum that may serve as an example, the ``usual`` one for what is hardly a
    sum at all.
    """
    return str(usual if example < LEAST else _whole(example))


def _apart(written: str) -> list[Decimal]:
    """Return a number as written, or the two that one grouped by spaces seems to be."""
    grouped = re.fullmatch(r"[0-9]+(?:,[0-9]{3})+", written)
    digits = written.replace(" ", "").replace(",", "" if grouped else ".")
    whole = digits.isdecimal()
    if " " not in written or not whole or _plausible(digits) or digits.endswith("000"):
        return [Decimal(digits)] if whole or digits.count(".") == 1 else []
    return [Decimal(digits[:-3]), Decimal(digits[-3:])]


def _worth(typed: str) -> int | None:
    """Return the first sum that Russian words say, such as «две тысячи пятьсот»;
    «пятьсот триста» are two.
    """
    total = part = Decimal(0)
    # the next word adds less than this, or it begins another number
    room = Decimal(1000)
    known = thousands = False
    for word in re.findall(r"[а-я]+", typed):
        if re.fullmatch(r"тыс(?:яч[аиу]?)?|тыщ[аиу]?|штук[аиу]?", word):
            if thousands:
                part = Decimal(0)  # it belonged to the thousands of the next number
                break
            total, part, room = (part or Decimal(1)) * 1000, Decimal(0), Decimal(1000)
            known = thousands = True
        elif word in WORTH and WORTH[word] < room:
            value = Decimal(WORTH[word])
            part, room, known = part + value, _room(value), True
        elif known:
            break
    return int(total + part) if known else None


def _room(value: Decimal) -> Decimal:
    """Return what is more than any word that may follow in the same number: «сто», then
    «двадцать», then «пять».
    """
    if value >= 100:
        return Decimal(100)
    return Decimal(10) if value >= 20 else Decimal(0)


def _whole(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def in_cell(value: Decimal) -> int | float:
    """Return a number as it is written into a cell: a whole one without a tail."""
    return int(value) if value == value.to_integral_value() else float(value)


def percent(cell: Cell) -> Decimal | None:
    """Return a percentage 0–100; a cell formatted as percent holds 0.3 for 30 %, and
    1.0, a float, for 100 %.

    Google gives 1 for both «1» and «100%»: whoever reads the sheet tells them apart by
    the cell's format. A text such as «0,3» may be the same share, or three tenths of a
    percent, and so is asked about.
    """
    if isinstance(cell, bool):
        raise Unclear("Комиссия, %: здесь флажок, а нужно число от 0 до 100")
    if isinstance(cell, int | float):
        share = isinstance(cell, float) and 0 < cell <= 1
        return _share(Decimal(str(cell)) * (100 if share else 1), as_shown(cell))
    shown = opened(cell, "Комиссия, %", "впишите число, например 30")
    if not shown:
        return None
    found = PERCENT.match(shown.casefold())
    if found is None:
        raise Unclear(f"Комиссия, % «{cut(shown)}» — не число: напишите, например, 30")
    value = Decimal(found[0].replace(",", "."))
    if 0 < value < 1 and found.end() == len(shown):
        raise Unclear(_two_percents(value, shown))
    return _share(value, shown)


def _two_percents(value: Decimal, shown: str) -> str:
    """Return what is asked about a text that may be a share or a part of a percent,
    with both written plainly.
    """
    share, part = (
        f"{one.normalize():f}".replace(".", ",") for one in (value * 100, value)
    )
    return f"Комиссия, % «{cut(shown)}»: неясно, {share} % или {part} %. Напишите «{share}%» или «{part}%»"


def _share(value: Decimal, shown: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100:
        raise Unclear(f"Комиссия, % «{cut(shown)}»: нужно число от 0 до 100")
    return value.normalize()
