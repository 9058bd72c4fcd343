"""Slips of the finger: a word with one letter swapped, missing, doubled or beside. Pure.

The first letter must be right, and so must the last: what differs there is a negation
(``незакрыта``), another form (``закрыть`` for ``закрыт``) or another word, and means
something else. Nobody but the person can say what. Nor is a word of the dictionary a
slip of another one, however near: ``готовка`` is no ``готова``.
"""

from collections.abc import Iterable
from itertools import pairwise

from record.values.comparing import same_start
from record.values.russian import in_dictionary

SHORTEST = 5  # letters; a shorter word with another letter is another word
KEYS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
# letters that sound alike: «отминена», «розетга»
ALIKE = (
    "ао", "еи", "еэ", "еы", "ия", "ея", "оё", "иы", "ую", "бп", "вф", "гк", "дт", "жш", "зс", "шщ", "ьъ",
)  # fmt: skip
# looks the same, typed with the other layout
LATIN = str.maketrans("aceopxykmthb", "асеорхукмтнв")


def _beside() -> frozenset[tuple[str, str]]:
    """Return the pairs of letters that are neighbours on a keyboard, or sound alike."""
    pairs = {(pair[0], pair[1]) for pair in ALIKE}
    for row in KEYS:
        pairs.update(pairwise(row))
    # each key touches two of the row above, a half to the left and to the right
    for upper, lower in pairwise(KEYS):
        pairs.update(zip(upper, lower, strict=False))
        pairs.update(zip(upper[1:], lower, strict=False))
    turned = {(other, one) for one, other in pairs}
    return frozenset(pairs | turned)


BESIDE = _beside()


def is_slip(typed: str, word: str) -> bool:
    """Return whether a text is this word in full but for one slip, and no other word."""
    return _is_near(typed, word) and not in_dictionary(typed)


def only(typed: str, words: Iterable[str]) -> list[str]:
    """Return the words that a text is, but for one slip."""
    return [word for word in words if is_slip(typed, word)]


def _is_near(typed: str, word: str) -> bool:
    if len(word) < SHORTEST or typed == word:
        return False
    at = same_start(typed, word)  # where the slip is
    match len(typed) - len(word):
        case 0:
            return _swapped(typed, word, at) or _beside_it(typed, word, at)
        case -1:
            return _missing(typed, word, at)
        case 1:
            return _extra(typed, word, at)
        case _:
            return False


def _swapped(typed: str, word: str, at: int) -> bool:
    """Return whether two letters changed places: «рабтое»."""
    pair = typed[at : at + 2]
    return pair[::-1] == word[at : at + 2] and typed[at + 2 :] == word[at + 2 :]


def _beside_it(typed: str, word: str, at: int) -> bool:
    """Return whether a letter is its neighbour's or sounds like it: «отминена»."""
    if not _is_inner(word, at) or typed[at + 1 :] != word[at + 1 :]:
        return False
    return (typed[at], word[at]) in BESIDE


def _missing(typed: str, word: str, at: int) -> bool:
    """Return whether a letter is left out: «выплнена»."""
    return _is_inner(word, at) and typed[at:] == word[at + 1 :]


def _is_inner(word: str, at: int) -> bool:
    return 0 < at < len(word) - 1


def _extra(typed: str, word: str, at: int) -> bool:
    """Return whether a letter is typed twice, or a key beside was hit with it.

    «выпоолнена», «раоботе»
    """
    if at == 0 or typed[at + 1 :] != word[at:]:
        return False
    letter, before, after = typed[at], typed[at - 1], typed[at + 1 : at + 2]
    if letter == before:
        return True
    # behind the last letter it would be another ending
    if not after:
        return False
    return (letter, before) in BESIDE or (letter, after) in BESIDE
