"""From a sentence as people type it to the concepts it speaks of. Pure.

Russian forms are pymorphy3's.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pymorphy3.analyzer import Parse

from record.assistant.concepts import CHATTER, PRICE_WORDS, concept_of
from record.values.russian import russian

WORD = re.compile(r"[a-zа-я]+|\d+", re.IGNORECASE)
# a question's characters and words, a word's letters
LONGEST, MOST_WORDS, LONGEST_WORD = 1_000, 40, 40
# words without a meaning of their own
EMPTY_PARTS = frozenset({"PREP", "CONJ", "PRCL", "INTJ", "NPRO"})
# though they belong to those parts of speech
MEANT = frozenset({"кто", "где", "когда", "через", "нет"})
# пять, двести; пятый
NUMERALS = frozenset({"NUMR", "Anum"})
# numerals that count nothing for certain
VAGUE = frozenset(
    ["один", "сколько", "несколько", "столько", "много", "немного", "мало", "оба", "первый"]
)  # fmt: skip
CONCEPT = concept_of()


@dataclass(frozen=True)
class Said:
    """What was said: the concepts in their order, and whether it asks for a price.

    ``concepts``: unknown words stand there as typed.
    """

    concepts: tuple[str, ...]
    price: bool


def said(text: str) -> Said:
    """Return what a text speaks of; words without a meaning of their own are left out.

    Only its beginning is read: a question has been asked by then.
    """
    concepts: list[str] = []
    price = False
    for word in _words(text):
        form = lemma(word)
        price |= not PRICE_WORDS.isdisjoint({word, form})
        if _tells(word, form):
            concepts.append(_concept(word, form))
    return Said(tuple(dict.fromkeys(concepts)), price)


def _words(text: str) -> list[str]:
    plain = text[:LONGEST].replace("ё", "е").replace("Ё", "Е")
    once = list(dict.fromkeys(WORD.findall(plain)))
    return [word[:LONGEST_WORD].casefold() for word in once[:MOST_WORDS]]


def _concept(word: str, form: str) -> str:
    """Return the concept of a word, itself where it is not Russian: perhaps a slip."""
    if form in CONCEPT:
        return CONCEPT[form]
    if known(word):
        return form
    return word


def known(word: str) -> bool:
    """Return whether a word is Russian, or one of ours."""
    return word in CONCEPT or any(parse.is_known for parse in parsed(word))


@lru_cache(maxsize=5_000)
def is_numeral(word: str) -> bool:
    """Return whether a word may count something: пять, полтора, пятый, двое.

    «один» and «много» do not.
    """
    if not VAGUE.isdisjoint(forms(word)):
        return False
    tags = [parse.tag for parse in russian().parse(word)]
    return any(NUMERALS & tag.grammemes for tag in tags)


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """Return a word's dictionary form, preferring the one that is ours."""
    if word in CONCEPT or word.isdigit():
        return word
    found = forms(word)
    for form in found:
        if form in CONCEPT:
            return form
    return found[0]


def forms(word: str) -> list[str]:
    """Return the dictionary forms a word may have, the likeliest first, without ё."""
    found = [str(parse.normal_form).replace("ё", "е") for parse in parsed(word)]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1_000)
def accusative(noun: str) -> str:
    """Return a unit as it stands after «за»: штука → штуку; signs such as м² stay."""
    if not noun.isalpha():
        return noun
    for parse in russian().parse(noun):
        inflected = parse.inflect({"accs"})
        if inflected and "NOUN" in parse.tag:
            return str(inflected.word)
    return noun


def _tells(word: str, form: str) -> bool:
    """Return whether a word has a meaning of its own."""
    both = {word, form}
    if both & MEANT:
        return True
    if both & (CHATTER | PRICE_WORDS):
        return False
    if len(word) == 1 and not word.isdigit():
        return False
    if form in CONCEPT:
        return True
    likely = parsed(word)[0].tag
    return EMPTY_PARTS.isdisjoint(likely.grammemes)


@lru_cache(maxsize=5_000)
def parsed(word: str) -> tuple[Parse, ...]:
    """Return what a word may be, the likeliest first."""
    # the slowest step of all, so it is done once for each word
    return tuple(russian().parse(word))
