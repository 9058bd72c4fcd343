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
from record.values.comparing import normal, same_start
from record.values.slips import is_slip

K = TypeVar("K", bound=Hashable)
Words = tuple[str, ...]
Alike = Callable[[str, str], bool]

LONGEST_NAME = 120  # characters: what is longer is a sentence
MOST_WORDS = 12
LIKELY = 60
LEAST = 3  # letters of a stem: fewer are shared by too many words
WORD = re.compile(r"[^\W_]+")
ENDINGS = frozenset(
    ["", "а", "я", "у", "ю", "е", "и", "ы", "ь", "й", "о", "ом", "ем", "ым", "им", "ой", "ей", "ою", "ею", "ого",
     "его", "ому", "ему", "ий", "ый", "ая", "яя", "ую", "юю", "ых", "их", "ам", "ям", "ами", "ями", "ах", "ях", "ие",
     "ые", "ия", "ию", "ией", "ии"]
)  # fmt: skip
# words that take a name back, or put another beside it: «не Петров», «Ким или Петров»
TURNS = frozenset(
    ["не", "ни", "нет", "без", "кроме", "вместо", "или", "либо", "но", "исключая", "только", "никто", "никому"]
)  # fmt: skip


def nearest(
    word: str, choices: Iterable[str], at_least: float = 0
) -> tuple[str, float] | None:
    """Return the choice most like the word, and how alike they are, 0–100.

    None where none is as alike as ``at_least``.
    """
    found = process.extractOne(
        word, list(choices), scorer=fuzz.ratio, score_cutoff=at_least
    )
    if not found:
        return None
    choice, alike, _ = found
    return choice, alike


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """Return the words of a name as they are compared."""
    return tuple(WORD.findall(normal(name)))


def meant(
    typed: Words, named: Mapping[K, Words], aside: Callable[[str], bool] = bool
) -> list[K]:
    """Return which names a person may mean, by the surest reading that fits any.

    «Иван Петров»         as it stands
    «Петрову», «И. Пет»   in another case, or by an initial
    «Пертов»              with a slip
    «мастер Иван Петров»  whole, among other words: those that ``aside`` allows
    """
    only_initials = max(map(len, typed), default=0) < 2
    if only_initials or len(typed) > MOST_WORDS:
        return []
    known = _not_taken_back(typed, named)
    for alike in (_equal, _form, _slip):
        found = _fitting(typed, known, alike)
        if found:
            return found
    return _whole_among_others(typed, known, aside)


def _not_taken_back(typed: Words, named: Mapping[K, Words]) -> dict[K, Words]:
    """Return the names that no other word of the text denies: «не», «кроме», «или»."""
    turns = TURNS & set(typed)
    # a word of the name itself turns nothing: a master may be called Ли Не
    return {key: name for key, name in named.items() if turns <= set(name)}


def _fitting(typed: Words, named: Mapping[K, Words], alike: Alike) -> list[K]:
    """Return the names of which every typed word is a part."""
    return [key for key, name in named.items() if _all_in(typed, name, alike)]


def _whole_among_others(
    typed: Words, named: Mapping[K, Words], aside: Callable[[str], bool]
) -> list[K]:
    found: list[K] = []
    for key, name in named.items():
        # a name of one word may be any word of a sentence
        is_whole = len(name) > 1 and _all_in(name, typed, _form)
        if is_whole and all(_in(word, name, _form) or aside(word) for word in typed):
            found.append(key)
    return found


def _all_in(words: Words, name: Words, alike: Alike) -> bool:
    return all(_in(word, name, alike) for word in words)


def _in(word: str, name: Words, alike: Alike) -> bool:
    return any(alike(word, other) for other in name)


def _equal(word: str, other: str) -> bool:
    return word == other


def _form(word: str, other: str) -> bool:
    """Return whether two words are cases of one, or one is the other's initial.

    «Петрову» and «Петров» are, and «П» and «Петров».
    """
    if len(word) == 1:
        return other.startswith(word)
    stem = same_start(word, other)
    if stem < LEAST:
        return False
    return word[stem:] in ENDINGS and other[stem:] in ENDINGS


def _slip(word: str, other: str) -> bool:
    return _form(word, other) or is_slip(word, other)


class Categories:
    """The categories of work, of the price list and the company's own."""

    def __init__(self, services: Iterable[tuple[str, str]] = (), own: str = "") -> None:
        """Take the price list as pairs of category and service."""
        self._names: dict[str, Words] = {}
        self._works: dict[tuple[str, str], Words] = {}
        if own:
            self._names[own] = words_of(own)
        for category, service in services:
            if category:
                self._names[category] = words_of(category)
                self._works[category, service] = words_of(service)
        self._found: dict[str, str] = {}

    @property
    def known(self) -> bool:
        """Return whether there are any."""
        return bool(self._names)

    def find(self, typed: str) -> str:
        """Return the category a person meant by its name, a part of it, or a work of it.

        Any text is one while no category is known.

        Raises:
            Unclear: there is no such category, or it may be one of several.
        """
        if not typed or not self._names:
            return typed
        # every poll asks for each row again, mostly with the same few texts
        if typed not in self._found:
            self._found[typed] = self._look(opened(typed, "Категория"))
        return self._found[typed]

    def _look(self, typed: str) -> str:
        words: Words = ()
        if len(typed) <= LONGEST_NAME:
            words = words_of(typed)
        found = self._called(words) or self._with_work(words)
        if len(found) == 1:
            return found[0]
        raise Unclear(
            f"Категории «{cut(typed)}» нет на листе «Услуги»{self._hint(typed, found)}"
        )

    def _called(self, words: Words) -> list[str]:
        """Return the categories whose names a person may mean.

        «Свет» is that category, though «Свет и розетки» has the word too.
        """
        exact = [name for name, own in self._names.items() if own == words]
        return exact or meant(words, self._names, self._is_of_no_name)

    def _with_work(self, words: Words) -> list[str]:
        """Return the categories with a work that a person may mean, each once."""
        works = meant(words, self._works, self._is_of_no_name)
        return list({category for category, _ in works})

    def _is_of_no_name(self, word: str) -> bool:
        """Return whether no category has this word in its name: it names no other."""
        return not any(_in(word, name, _form) for name in self._names.values())

    def _hint(self, typed: str, found: list[str]) -> str:
        """Return which category to suggest, "" for none."""
        near = nearest(typed, self._names, LIKELY)
        if found:
            likely = min(found)
        elif near:
            likely = near[0]
        else:
            return ""
        return f": может быть, «{likely}»?"
