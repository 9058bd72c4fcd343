"""Whether an answer claims only what the facts say. Pure.

Claims are sums, shares, spans of time, links, promises and acts.

It errs towards distrust: an answer that is not believed is thrown away, and the facts
themselves are given in the company's words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from record.assistant.amounts import (
    ROUBLES,
    amounts,
    bounds,
    names_money_without_figure,
)
from record.assistant.promises import (
    COUNTED,
    GREETING,
    span_in_words,
    state,
    sum_in_words,
)
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
CURRENCIES = "копейка доллар евро бакс"
PLACES = "сайт ссылка телеграм телеграмм вотсап ватсап вайбер почта емейл промокод точка собака"
CLAIMS = COUNTED.union(f"{PROMISES} {SPANS} {CURRENCIES} {PLACES}".split())
# 1 000 · 1'000
GROUPED = re.compile(r"(?<=\d)[ ''`’_](?=\d{3}(?!\d))")
WORD = re.compile(r"[a-zа-я]+")
LATIN = re.compile(r"[a-z]")
# http://x.ru · www.x · a@b · x.ru
LINK = re.compile(r"https?:|www\.|@|[\w-]\.[a-zа-я]{2}|\.[a-z]{2,}\b|//")
# с а й т · т.о.ч.к.а: letters apart, as an address that shall not be seen
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
UNSEEN = frozenset({"Cf", "Mn", "Me"})


@dataclass(frozen=True)
class Claim:
    """Something said that the facts do not say; ``word`` where it is a single one."""

    kind: Kind
    word: str = ""


def unfounded(said: str, facts: str) -> Claim | None:
    """Return the first claim of an answer beyond the facts, None where there is none."""
    return next(_claims(said, facts), None)


def asserts(question: str, facts: str) -> bool:
    """Return whether a question has a figure, a sum or a link that the facts have not.

    An answer might repeat it as true.
    """
    return any(claim.kind in BRINGS_ITS_OWN for claim in _claims(question, facts))


def _claims(said: str, facts: str) -> Iterator[Claim]:
    answer, known = _plain(said), _plain(facts)
    for kind, breaks in RULES.items():
        if breaks(answer, known):
            yield Claim(kind)
    # «добрый день» promises no day
    for word in WORD.findall(GREETING.sub(" ", answer)):
        if _is_founded(word, known):
            continue
        if is_numeral(word):
            yield Claim(Kind.NUMERAL, word)
        else:
            yield Claim(Kind.WORD, word)


def _plain(text: str) -> str:
    """Return a text in one spelling: plain digits, small letters, single spaces.

    What can't be seen is left out.
    """
    whole = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    shown = "".join(map(_plain_character, whole))
    return GROUPED.sub("", " ".join(shown.split()))


def _plain_character(character: str) -> str:
    if unicodedata.category(character) in UNSEEN:
        return ""
    # the digits of other scripts: ٣ is 3
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character.isspace():
        return " "
    return character


def _is_founded(word: str, facts: str) -> bool:
    """Return whether a word claims nothing, or nothing that the facts do not."""
    words, meanings = _words(facts)
    if word in words:
        return True
    # no dictionary here knows what a Latin word claims
    if LATIN.search(word):
        return False
    meant = forms(word)
    if is_numeral(word) or not CLAIMS.isdisjoint(meant):
        return not meanings.isdisjoint(meant)
    return len(word) == 1 or in_dictionary(word)


@lru_cache(maxsize=16)
def _words(facts: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of the facts, and all their dictionary forms."""
    words = frozenset(WORD.findall(facts))
    meanings = frozenset(chain.from_iterable(map(forms, words)))
    return words, meanings


def _figure(answer: str, known: str) -> bool:
    """Return whether there is a figure with its unit, or a currency, that is not known."""
    return _has_strange_amount(answer, known) or _has_strange_currency(answer, known)


def _has_strange_amount(answer: str, known: str) -> bool:
    given = set(amounts(known))
    values = {amount.value for amount in given}
    for amount in set(amounts(answer)):
        # «500» may repeat «500 ₽» without its unit, but not turn it into «500 %»
        repeats = not amount.unit and amount.value in values
        if amount not in given and not repeats:
            return True
    return False


def _has_strange_currency(answer: str, known: str) -> bool:
    currencies = {
        character for character in answer if unicodedata.category(character) == "Sc"
    }
    return not currencies <= {ROUBLES, *known}


def _bound(answer: str, known: str) -> bool:
    """Return whether «от 500» of the facts is given as exact or as the most.

    A floor promises nothing, so «от» is always allowed.
    """
    given: dict[Decimal, set[str]] = {}
    for value, bound in bounds(known):
        given.setdefault(value, set()).add(bound)
    for value, bound in bounds(answer):
        # of a figure that the facts don't have another rule speaks
        allowed = given.get(value, {bound})
        if bound != "от" and bound not in allowed:
            return True
    return False


def _sum(answer: str, known: str) -> bool:
    """Return whether a sum is said in words that the facts do not have."""
    names_money = names_money_without_figure(answer)
    if names_money and not names_money_without_figure(known):
        return True
    return bool(sum_in_words(answer, known))


def _link(answer: str, known: str) -> bool:
    for part in answer.split():
        bare = part.rstrip(".,!?;:)")
        if LINK.search(bare) and bare not in known:
            return True
    return False


def _spelled(answer: str, known: str) -> bool:
    return bool(SPELLED.search(answer)) and not SPELLED.search(known)


def _foreign(answer: str, known: str) -> bool:
    """Return whether there is a letter that is neither Russian nor Latin."""
    letters = {character for character in answer if character.isalpha()}
    foreign = {letter for letter in letters if not WORD.fullmatch(letter)}
    return not foreign <= set(known)


# Each returns something true where an answer goes beyond the facts; both are plain.
RULES: dict[Kind, Callable[[str, str], bool | str]] = {
    Kind.FIGURE: _figure,
    Kind.BOUND: _bound,
    Kind.SUM: _sum,
    Kind.LINK: _link,
    Kind.SPELLED: _spelled,
    Kind.FOREIGN: _foreign,
    Kind.TIME: span_in_words,
    Kind.STATE: state,
}
