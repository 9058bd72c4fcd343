"""Whether an answer claims only what the facts say: sums, shares, spans of time, links,
promises and acts. Pure.

It errs towards distrust: who is not believed is not quoted, and the facts themselves
are told in the company's words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from record.assistant.promises import GREETING, span_in_words, state, sum_in_words
from record.assistant.speech import forms, is_numeral
from record.values.russian import in_dictionary

PROMISES = """
гарантия гарантировать гарантированный гарантийный гарантированно обещать обещание обязаться обязательство
бесплатно бесплатный даром задаром безвозмездно скидка акция бонус подарок подарить промокод кэшбэк распродажа
дешевле дешевый недорого выгодный вернуть возврат возвратить компенсировать компенсация возместить страховка
рассрочка кредит навсегда пожизненный пожизненно вечный договор договориться официальный сертификат лицензия
да верно правда правильно конечно разумеется именно подтверждать подтвердить согласный согласен точно
не нет без ни никогда
максимум максимальный максимально предел предельный ровно фиксированный окончательный меньше ниже
"""
SPANS = """
час полчаса минута секунда сутки день неделя месяц полгода год завтра послезавтра сегодня сейчас немедленно мгновенно
моментально сразу круглосуточно ночью
"""
SUMS = """
тысяча миллион миллиард сотня сотка десяток пара половина полтинник копейка косарь пятерка десятка доллар евро бакс
"""
PLACES = "сайт ссылка телеграм телеграмм вотсап ватсап вайбер почта емейл промокод точка собака"
CLAIMS = frozenset(f"{PROMISES} {SPANS} {SUMS} {PLACES}".split())
UNITS = {
    "₽": r"₽|руб\w*|рубл\w*|р\b|rub\b|rur\b",
    "%": r"%|процент\w*",
    "минута": r"мин\w*",
    "час": r"ч\b|час\w*",
    "день": r"дн\w*|день|сут\w*",
    "неделя": r"недел\w*|нед\b",
    "месяц": r"мес\w*",
    "год": r"год\w*|лет\b|г\b",
}
TIMES = {"тыс": 1000, "к": 1000, "k": 1000, "млн": 1_000_000}
FIGURE = re.compile(r"(\d+(?:[.,]\d+)?)[ -]?((?:тыс|млн)\w*\.?|[кk]\b)?")
UNIT = {name: re.compile(rf"[ -]?(?:{words})") for name, words in UNITS.items()}
BEFORE = re.compile(rf"(?:{UNITS['₽']})\.?:? ?$")
GROUPED = re.compile(r"(?<=\d)[ ''`’_](?=\d{3}(?!\d))")
WORD = re.compile(r"[a-zа-я]+")
LATIN = re.compile(r"[a-z]")
LINK = re.compile(r"https?:|www\.|@|[\w-]\.[a-zа-я]{2}|\.[a-z]{2,}\b|//")
BARE = re.compile(r"(?<!\w)(?:рубл\w*|руб\b|копе\w*)|₽")
BOUND = re.compile(r"(?<!\w)(от|до)[ :]*$")
FIGURE_BEFORE = re.compile(r"\d\W*(?:(?:тыс|млн)\w*\W*|[кk]\W+)?$")
FIGURE_AFTER = re.compile(r"\W*\d")
SPELLED = re.compile(r"(?:\b\w\b[ .,_-]*){4,}")


class Kind(StrEnum):
    """What a claim is made of; the value is what the log calls it."""

    FIGURE = "figure"
    BOUND = "bound"
    SUM = "sum in words"
    LINK = "link"
    SPELLED = "spelled"
    FOREIGN = "foreign letters"
    NUMERAL = "numeral"
    TIME = "time in words"
    STATE = "state"
    WORD = "word"


BRINGS_ITS_OWN = frozenset(
    {Kind.FIGURE, Kind.SUM, Kind.LINK, Kind.SPELLED, Kind.NUMERAL}
)


@dataclass(frozen=True)
class Claim:
    """Something said that the facts do not say; ``word`` where it is a single one."""

    kind: Kind
    word: str = ""


def unfounded(said: str, facts: str) -> Claim | None:
    """Return the first thing that an answer claims beyond the facts, None where it
    keeps to them.
    """
    return next(_claims(said, facts), None)


def asserts(question: str, facts: str) -> bool:
    """Say whether a question brings a figure, a sum or a link of its own that an answer
    might repeat as true.
    """
    return any(claim.kind in BRINGS_ITS_OWN for claim in _claims(question, facts))


def _claims(said: str, facts: str) -> Iterator[Claim]:
    answer, known = _plain(said), _plain(facts)
    for kind, breaks in RULES.items():
        if breaks(answer, known):
            yield Claim(kind)
    for word in WORD.findall(GREETING.sub(" ", answer)):
        if not _kept(word, known):
            yield Claim(Kind.NUMERAL if is_numeral(word) else Kind.WORD, word)


def _plain(text: str) -> str:
    """Return a text in one spelling: plain digits, one kind of space, small letters,
    nothing that can't be seen.
    """
    whole = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    shown = "".join(
        _mark(mark)
        for mark in whole
        if unicodedata.category(mark) not in {"Cf", "Mn", "Me"}
    )
    return GROUPED.sub("", " ".join(shown.split()))


def _mark(mark: str) -> str:
    digit = unicodedata.digit(mark, None)
    if digit is not None:
        return str(digit)
    return " " if mark.isspace() else mark


def _figures(text: str) -> Iterator[tuple[Decimal, str]]:
    """Yield each figure of a plain text with its unit, "" where it has none."""
    for found in FIGURE.finditer(text):
        value = Decimal(found[1].replace(",", "."))
        larger = next(
            (
                times
                for name, times in TIMES.items()
                if (found[2] or "").startswith(name)
            ),
            1,
        )
        unit = next(
            (name for name, words in UNIT.items() if words.match(text, found.end())), ""
        )
        if not unit and BEFORE.search(text[: found.start()]):
            unit = "₽"
        yield (value * larger).normalize(), unit or ("₽" if larger > 1 else "")


def _bare_money(text: str) -> bool:
    """Say whether money is spoken of without a figure beside it: «за рубль», «пятьсот
    рублей».
    """
    return any(
        not FIGURE_BEFORE.search(text[: found.start()])
        and not FIGURE_AFTER.match(text, found.end())
        for found in BARE.finditer(text)
    )


def _kept(word: str, facts: str) -> bool:
    """Say whether a word claims nothing, or nothing that the facts do not."""
    words, meanings = _words(facts)
    if word in words:
        return True
    if LATIN.search(word):
        return False
    if is_numeral(word) or CLAIMS & set(forms(word)):
        return bool(set(forms(word)) & meanings)
    return len(word) == 1 or in_dictionary(word)


@lru_cache(maxsize=16)
def _words(facts: str) -> tuple[frozenset[str], frozenset[str]]:
    words = frozenset(WORD.findall(facts))
    return words, frozenset(form for word in words for form in forms(word))


def _figure(answer: str, known: str) -> bool:
    """A figure with its unit, or a sign of a currency, that the facts do not have."""
    given = set(_figures(known))
    values = {value for value, _ in given}
    strange = (
        pair not in given and (pair[1] or pair[0] not in values)
        for pair in set(_figures(answer))
    )
    coins = (
        unicodedata.category(mark) == "Sc" and mark not in known
        for mark in answer.replace("₽", "")
    )
    return any(strange) or any(coins)


def _bounds(text: str) -> Iterator[tuple[Decimal, str]]:
    """Yield each figure of a plain text with the word that makes it a floor or a
    ceiling: «от 500», «до 500».
    """
    for found in FIGURE.finditer(text):
        bound = BOUND.search(text[: found.start()])
        yield Decimal(found[1].replace(",", ".")), bound[1] if bound else ""


def _bound(answer: str, known: str) -> bool:
    """A price that the facts begin with «от» given as exact or as the most; a floor
    promises nothing.
    """
    given: dict[Decimal, set[str]] = {}
    for value, bound in _bounds(known):
        given.setdefault(value, set()).add(bound)
    said = ((given.get(value, {bound}), bound) for value, bound in _bounds(answer))
    return any(bound != "от" and bound not in bounds for bounds, bound in said)


def _sum(answer: str, known: str) -> bool:
    return (_bare_money(answer) and not _bare_money(known)) or bool(
        sum_in_words(answer, known)
    )


def _time(answer: str, known: str) -> bool:
    return bool(span_in_words(answer, known))


def _state(answer: str, known: str) -> bool:
    return bool(state(answer, known))


def _link(answer: str, known: str) -> bool:
    ends = ".,!?;:)"
    parts = (part.rstrip(ends) for part in answer.split())
    return any(part not in known for part in parts if LINK.search(part))


def _spelled(answer: str, known: str) -> bool:
    return bool(SPELLED.search(answer)) and not SPELLED.search(known)


def _foreign(answer: str, known: str) -> bool:
    return any(
        mark.isalpha() and not WORD.fullmatch(mark) and mark not in known
        for mark in answer
    )


RULES: dict[Kind, Callable[[str, str], bool]] = {
    Kind.FIGURE: _figure,
    Kind.BOUND: _bound,
    Kind.SUM: _sum,
    Kind.LINK: _link,
    Kind.SPELLED: _spelled,
    Kind.FOREIGN: _foreign,
    Kind.TIME: _time,
    Kind.STATE: _state,
}
