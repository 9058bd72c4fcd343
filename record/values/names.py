"""Names that people type from memory: masters, categories. Pure.

A name is found as it stands, by a part of it, in another case («Петрову»), or with a
slip of one letter; each only where the one before found nothing. A text that denies a
name, or names another one beside it, does not mean it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz, process

from record.values.cells import Unclear, cut, opened
from record.values.comparing import normal
from record.values.slips import is_slip

K = TypeVar("K", bound=Hashable)
Words = tuple[str, ...]

LONGEST_NAME = 120  # characters: what is longer is a sentence
MOST_WORDS = 12
LIKELY = 60
LEAST = 3
ENDINGS = frozenset(
    ["", "а", "я", "у", "ю", "е", "и", "ы", "ь", "й", "о", "ом", "ем", "ым", "им", "ой", "ей", "ою", "ею", "ого",
     "его", "ому", "ему", "ий", "ый", "ая", "яя", "ую", "юю", "ых", "их", "ам", "ям", "ами", "ями", "ах", "ях", "ие",
     "ые", "ия", "ию", "ией", "ии"]
)  # fmt: skip
TURNS = frozenset(
    [
        "не",
        "ни",
        "нет",
        "без",
        "кроме",
        "вместо",
        "или",
        "либо",
        "но",
        "исключая",
        "только",
        "никто",
        "никому",
    ]
)  # fmt: skip  words that take a name back, or put another beside it


def nearest(
    word: str, choices: Iterable[str], at_least: float = 0
) -> tuple[str, float] | None:
    """Return the choice most like the word, and how alike they are, 0–100, or None
    below ``at_least``.
    """
    found = process.extractOne(
        word, list(choices), scorer=fuzz.ratio, score_cutoff=at_least
    )
    return (found[0], found[1]) if found else None


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """Return the words of a name as they are compared."""
    return tuple(re.findall(r"[^\W_]+", normal(name)))


def meant(
    typed: Words, named: Mapping[K, Words], aside: Callable[[str], bool] = bool
) -> list[K]:
    """Return which of these names a person may mean, by the surest reading that fits
    any of them.

    Of a name of several words all may stand among others that leave it what it is, as
    ``aside`` says.
    """
    if not any(len(word) > 1 for word in typed) or len(typed) > MOST_WORDS:
        return []
    known = {
        key: name for key, name in named.items() if not TURNS & set(typed) - set(name)
    }
    for alike in (_equal, _form, _slip):
        if found := [
            key
            for key, name in known.items()
            if all(_any(alike, word, name) for word in typed)
        ]:
            return found
    whole = [
        key
        for key, name in known.items()
        if len(name) > 1 and all(_any(_form, word, typed) for word in name)
    ]
    return [
        key
        for key in whole
        if all(_any(_form, word, known[key]) or aside(word) for word in typed)
    ]


def _any(alike: Callable[[str, str], bool], word: str, name: Words) -> bool:
    return any(alike(word, other) for other in name)


def _equal(word: str, other: str) -> bool:
    return word == other


def _form(word: str, other: str) -> bool:
    """Say whether two words are one in different cases, or one is an initial of the
    other.
    """
    if len(word) == 1:
        return other.startswith(word)
    common = next(
        (n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    return common >= LEAST and word[common:] in ENDINGS and other[common:] in ENDINGS


def _slip(word: str, other: str) -> bool:
    return _form(word, other) or is_slip(word, other)


class Categories:
    """The categories of work: those of the price list and the company's own, to be
    found by what people type.
    """

    def __init__(self, services: Iterable[tuple[str, str]] = (), own: str = "") -> None:
        """Take the price list as pairs of category and service."""
        lines = [(category, service) for category, service in services if category]
        names = dict.fromkeys(
            [*filter(None, [own]), *(category for category, _ in lines)]
        )
        self._names = {name: words_of(name) for name in names}
        self._works = {
            (category, service): words_of(service) for category, service in lines
        }
        self._found: dict[str, str] = {}

    @property
    def known(self) -> bool:
        """Say whether there are any."""
        return bool(self._names)

    def find(self, typed: str) -> str:
        """Return the category a person meant by its name, a part of it, or a work of
        it; any while none is known.

        Raises:
            Unclear: there is no such category, or it may be one of several.
        """
        if not typed or not self._names:
            return typed
        if typed not in self._found:
            self._found[typed] = self._look(opened(typed, "Категория"))
        return self._found[typed]

    def _look(self, typed: str) -> str:
        words = words_of(typed) if len(typed) <= LONGEST_NAME else ()
        exact = [name for name, own in self._names.items() if own == words]
        found = exact or meant(words, self._names, self._not_another)
        found = found or list(
            {category for category, _ in meant(words, self._works, self._not_another)}
        )
        if len(found) == 1:
            return found[0]
        near = sorted(found)[:1] or [
            one for one, _ in filter(None, [nearest(typed, self._names, LIKELY)])
        ]
        likely = f": может быть, «{near[0]}»?" if near else ""
        raise Unclear(f"Категории «{cut(typed)}» нет на листе «Услуги»{likely}")

    def _not_another(self, word: str) -> bool:
        """Say whether a word beside a category's name is not of another category's
        name.
        """
        return not any(_any(_form, word, name) for name in self._names.values())
