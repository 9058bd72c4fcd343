"""What an explanation shows as an example of a sum, where a text is no single sum. Pure.

A hint is followed, so the own number of the text is shown only where it may be the
whole sum: not the «2» of «2 тыс 500», nor one of «3 розетки по 500». Numbers that stand
apart are neither joined nor added, for which of them is meant only the person knows.
Those with a plus between them are a sum that he wants added up.
"""

import re
from decimal import Decimal
from itertools import dropwhile

LINES = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# ₽ · руб. · рублей · р. · rub
CURRENCY = r"(?:₽|руб(?:лей|ля|ль|\.)?|р\.?|rub\.?)"
# alone, not as a part of a word: «500 р», not «розетка»
ROUBLES = re.compile(rf"(?<![а-яa-z]){CURRENCY}(?![а-яa-z])")
# 1 500 000 · 1,500 · 2000 · 14.12
WRITTEN = re.compile(
    r"[1-9][0-9]{0,2}(?:[ ,][0-9]{3})+(?![0-9])|[0-9]{1,9}(?:[.,][0-9]{1,2}(?![0-9]))?"
)
GROUPED_BY_COMMAS = re.compile(r"[0-9]+(?:,[0-9]{3})+")

# Shapes of a text in which # stands for each number.
# 2000+500 · 1500 р. + 500 р.
ADDED = re.compile(r"=?#(?:\+#)+[).]?")
# 3000-4000 · 3000 ₽ – 4000 ₽
RANGE = re.compile(r"# ?₽? ?[-–—] ?# ?₽?")
# 2 тыс 500 · от 150т
BEGINS_WITH_THOUSANDS = re.compile(
    r"[^#]*# ?(?:тыс(?:яч[аиу]?)?|тыщ[аиу]?|т|к|k)(?![а-яa-z])"
)

PLAUSIBLE, LARGE = 1_000_000, 100_000
LEAST = 100  # what is less is a number of pieces rather than a price
ONE = "напишите одно число"
WORTH: dict[str, int | Decimal] = {
    "ноль": 0, "один": 1, "одна": 1, "одну": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6,
    "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13,
    "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18,
    "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60,
    "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200, "триста": 300,
    "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
    "полторы": Decimal("1.5"),
}  # fmt: skip
THOUSAND = re.compile(r"тыс(?:яч[аиу]?)?|тыщ[аиу]?|штук[аиу]?")


def example_for(typed: str, usual: int) -> str:
    """Return how a text, small, may be written as a sum, and what else to do.

    The example is the text's own first number, the ``usual`` one where it has none.
    """
    plain = ROUBLES.sub("₽", LINES.sub("\n", typed))
    numbers = _numbers(plain)
    if not numbers:
        return _from_words(typed, usual)
    shape = WRITTEN.sub("#", plain)
    if ADDED.fullmatch(re.sub("[ ₽]", "", shape)):
        return _fit_to_show(sum(numbers, Decimal(0)), usual)
    first = numbers[0]
    if BEGINS_WITH_THOUSANDS.match(shape):
        first = Decimal(usual)
    may_be_all = len(numbers) == 1 or RANGE.fullmatch(shape.strip())
    if may_be_all and not first:
        return "0"
    if may_be_all:
        return _fit_to_show(first, usual)
    # «14.12 2000» is a day and a sum, not fourteen roubles
    if not _is_whole(first):
        first = Decimal(usual)
    return f"{_fit_to_show(first, usual)}; чисел здесь несколько, {ONE}"


def is_plausible(whole: str) -> bool:
    """Return whether digits grouped by spaces are one sum.

    «150 000» is, «500 300» may well be two.
    """
    value = int(whole)
    return value < LARGE or (value <= PLAUSIBLE and whole.endswith("000"))


def _numbers(plain: str) -> list[Decimal]:
    found: list[Decimal] = []
    for written in WRITTEN.findall(plain):
        found += _apart(written)
    return found


def _apart(written: str) -> list[Decimal]:
    """Return a number as written, or the two that one grouped by spaces seems to be.

    «1 500» is 1500, «1,500» too, «500 300» is 500 and 300; «1,500 250,300» is nothing.
    """
    digits = written.replace(" ", "")
    if GROUPED_BY_COMMAS.fullmatch(written):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".")
    if not digits.isdecimal():
        has_kopecks = digits.count(".") == 1
        return [Decimal(digits)] if has_kopecks else []
    seems_one = is_plausible(digits) or digits.endswith("000")
    if " " not in written or seems_one:
        return [Decimal(digits)]
    return [Decimal(digits[:-3]), Decimal(digits[-3:])]


def _fit_to_show(example: Decimal, usual: int) -> str:
    """Return a sum as an example, the ``usual`` one for what is hardly a sum at all."""
    if example < LEAST:
        return str(usual)
    if _is_whole(example):
        return str(int(example))
    return str(example)


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _from_words(typed: str, usual: int) -> str:
    said = worth(typed)
    if said is None or said < LEAST:
        return str(usual)
    return str(said)


def worth(typed: str) -> int | None:
    """Return the first number that Russian words say: «две тысячи пятьсот» is 2500.

    «пятьсот триста» are two, and the first of them is 500.
    """
    words = list(dropwhile(_counts_nothing, re.findall(r"[а-я]+", typed)))
    if not words:
        return None
    said, words = _below_thousand(words)
    if not words or not THOUSAND.fullmatch(words[0]):
        return int(said)
    thousands = (said or Decimal(1)) * 1000  # «тысяча» alone is one
    rest, words = _below_thousand(words[1:])
    if words and THOUSAND.fullmatch(words[0]):
        return int(thousands)  # the rest belongs to the thousands of the next number
    return int(thousands + rest)


def _counts_nothing(word: str) -> bool:
    return word not in WORTH and not THOUSAND.fullmatch(word)


def _below_thousand(words: list[str]) -> tuple[Decimal, list[str]]:
    """Return the number below a thousand that the first words say, and the other words.

    Each next word must be of a lower rank, or it begins another number.
    """
    total, room = Decimal(0), Decimal(1000)
    for place, word in enumerate(words):
        if word not in WORTH or WORTH[word] >= room:
            return total, words[place:]
        value = Decimal(WORTH[word])
        total += value
        room = _room_after(value)
    return total, []


def _room_after(value: Decimal) -> Decimal:
    """Return what any word that may follow is worth less than.

    After «сто» comes «двадцать», after that «пять», and after «пять» nothing.
    """
    if value >= 100:
        return Decimal(100)
    if value >= 20:
        return Decimal(10)
    return Decimal(0)
