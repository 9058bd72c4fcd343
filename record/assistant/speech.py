"""From a sentence as people type it to the concepts it speaks of. Pure; Russian forms
by pymorphy3.
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
VAGUE = frozenset(
    {
        "один",
        "сколько",
        "несколько",
        "столько",
        "много",
        "немного",
        "мало",
        "оба",
        "первый",
    }
)
CONCEPT = concept_of()


@dataclass(frozen=True)
class Said:
    """What was said: ``concepts`` in their order, unknown words as typed; and whether
    it asks for a price.
    """

    concepts: tuple[str, ...]
    price: bool


def said(text: str) -> Said:
    """Return what a text speaks of; words without a meaning of their own are left out.

    Only its beginning is read: whoever asks a question has asked it by then.
    """
    typed = WORD.findall(text[:LONGEST].replace("ё", "е").replace("Ё", "Е"))
    words = [word[:LONGEST_WORD].casefold() for word in dict.fromkeys(typed)][
        :MOST_WORDS
    ]
    found = [(word, lemma(word)) for word in words]
    price = any(word in PRICE_WORDS or form in PRICE_WORDS for word, form in found)
    kept = dict.fromkeys(
        CONCEPT.get(form) or (form if known(word) else word)
        for word, form in found
        if _tells(word, form)
    )
    return Said(tuple(kept), price)


def known(word: str) -> bool:
    """Say whether a word is Russian, or one of ours."""
    return word in CONCEPT or any(parse.is_known for parse in parsed(word))


@lru_cache(maxsize=5_000)
def is_numeral(word: str) -> bool:
    """Say whether a word may count something: пять, двести, полтора, пятый, двое; not
    «один» or «много».
    """
    if set(forms(word)) & VAGUE:
        return False
    return any(
        "NUMR" in parse.tag or "Anum" in parse.tag for parse in russian().parse(word)
    )


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """Return a word's dictionary form, preferring the one that is ours."""
    if word in CONCEPT or word.isdigit():
        return word
    found = forms(word)
    return next((form for form in found if form in CONCEPT), found[0])


def forms(word: str) -> list[str]:
    """Return the dictionary forms that a word may have, the likeliest first, without ё."""
    return list(
        dict.fromkeys(
            str(parse.normal_form).replace("ё", "е") for parse in parsed(word)
        )
    )


@lru_cache(maxsize=1_000)
def accusative(noun: str) -> str:
    """Return a unit as it stands after «за»: штука → штуку; signs such as м² stay as
    they are.
    """
    for parse in russian().parse(noun) if noun.isalpha() else ():
        inflected = parse.inflect({"accs"})
        if inflected and "NOUN" in parse.tag:
            return str(inflected.word)
    return noun


def _tells(word: str, form: str) -> bool:
    if word in MEANT or form in MEANT:
        return True
    if {word, form} & (CHATTER | PRICE_WORDS) or (
        len(word) == 1 and not word.isdigit()
    ):
        return False
    return form in CONCEPT or not any(
        part in parsed(word)[0].tag for part in EMPTY_PARTS
    )


@lru_cache(maxsize=5_000)
def parsed(word: str) -> tuple[Parse, ...]:
    """Return what a word may be, the likeliest first: the slowest step of all, so it is
    done once.
    """
    return tuple(russian().parse(word))
