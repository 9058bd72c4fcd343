"""Slips of the finger: a word that somebody meant to type, with one letter swapped,
missing, doubled or beside. Pure.

The first letter must be right, and so must the last: what differs there is a negation
(``незакрыта``), another form (``закрыть`` for ``закрыт``) or another word, and means
something else. Nobody but the person can say what. Nor is a word of the dictionary a
slip of another one, however near: ``готовка`` is no ``готова``.
"""

from collections.abc import Iterable
from itertools import pairwise

from record.values.russian import in_dictionary

SHORTEST = 5  # letters; a shorter word with another letter is another word
KEYS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
ALIKE = (
    "ао",
    "еи",
    "еэ",
    "еы",
    "ия",
    "ея",
    "оё",
    "иы",
    "ую",
    "бп",
    "вф",
    "гк",
    "дт",
    "жш",
    "зс",
    "шщ",
    "ьъ",
)
# looks the same, typed with the other layout
LATIN = str.maketrans("aceopxykmthb", "асеорхукмтнв")


def _beside() -> frozenset[tuple[str, str]]:
    """Return the pairs of letters that stand next to each other on a keyboard, or sound
    alike.
    """
    pairs = {(pair[0], pair[1]) for pair in ALIKE}
    for keys in KEYS:
        pairs |= set(pairwise(keys))
    for upper, lower in pairwise(KEYS):
        pairs |= set(zip(upper, lower, strict=False)) | set(
            zip(upper[1:], lower, strict=False)
        )
    return frozenset(pairs | {(two, one) for one, two in pairs})


BESIDE = _beside()


def is_slip(typed: str, word: str) -> bool:
    """Say whether a text is this word in full but for one slip, and no other word."""
    return _is_near(typed, word) and not in_dictionary(typed)


def _is_near(typed: str, word: str) -> bool:
    if len(word) < SHORTEST or abs(len(typed) - len(word)) > 1 or typed == word:
        return False
    common = min(len(typed), len(word))
    start = next(
        (
            n
            for n, (one, two) in enumerate(zip(typed, word, strict=False))
            if one != two
        ),
        common,
    )
    if len(typed) == len(word):
        return _swapped(typed, word, start) or _beside_it(typed, word, start)
    return (
        _missing(typed, word, start)
        if len(typed) < len(word)
        else _extra(typed, word, start)
    )


def only(typed: str, words: Iterable[str]) -> list[str]:
    """Return the words that a text is, but for one slip."""
    return [word for word in words if is_slip(typed, word)]


def _swapped(typed: str, word: str, at: int) -> bool:
    pair = typed[at : at + 2]
    return pair[::-1] == word[at : at + 2] and typed[at + 2 :] == word[at + 2 :]


def _beside_it(typed: str, word: str, at: int) -> bool:
    inner = 0 < at < len(word) - 1
    return (
        inner and typed[at + 1 :] == word[at + 1 :] and (typed[at], word[at]) in BESIDE
    )


def _missing(typed: str, word: str, at: int) -> bool:
    return 0 < at < len(word) - 1 and typed[at:] == word[at + 1 :]


def _extra(typed: str, word: str, at: int) -> bool:
    """Say whether one letter is typed twice, or a key beside was hit with it."""
    if at == 0 or typed[at + 1 :] != word[at:]:
        return False
    if typed[at] == typed[at - 1]:
        return True
    neighbours = {typed[at - 1], *typed[at + 1 : at + 2]}
    return at < len(word) and any((typed[at], one) in BESIDE for one in neighbours)
