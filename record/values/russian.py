"""The dictionary of Russian, loaded when it is first asked.

Pure: it computes and touches nothing.
"""

from functools import cache

from pymorphy3 import MorphAnalyzer


@cache
def russian() -> MorphAnalyzer:
    """Return the dictionary; loading it takes a third of a second."""
    return MorphAnalyzer(lang="ru")


def in_dictionary(word: str) -> bool:
    """Return whether a word, or a form of it, is known; ``е`` may stand for ``ё``."""
    return bool(russian().word_is_known(word))
