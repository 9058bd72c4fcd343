"""How people compare what stands in two cells. Pure."""

import re
import unicodedata

LONGEST = 1_000
GAPS = re.compile(r"[\s\u200b\u200e\u200f\ufeff]+")
AROUND = " .:;,*"
# Latin letters that nobody can tell from Russian ones, in small letters
LOOK_ALIKE = str.maketrans("abcehikmoptxy", "авсенікмортху")
MARKS = re.compile(r"[\s.,:;*'\"«»“”„()\[\]_-]+")


def normal(text: object) -> str:
    """Return a text as people compare it: «  Ёлкин *» and «елкин» are one.

    No case, no ё, single plain spaces, no punctuation around it. Of a longer text the
    first thousand characters are compared: what a cell may hold is not ours to say.
    """
    plain = unicodedata.normalize("NFKC", str(text)[:LONGEST])
    folded = plain.casefold().replace("ё", "е")
    return GAPS.sub(" ", folded).strip(AROUND)


def bare(text: object) -> str:
    """Return the letters, figures and signs of a title as the eye tells them apart.

    «Tелефон:» with a Latin T is «телефон», «Комиссия (%)» is «Комиссия, %».
    """
    return MARKS.sub("", normal(text)).translate(LOOK_ALIKE)


def same_start(one: str, other: str) -> int:
    """Return how many letters two words have in common from their beginning."""
    for place, (letter, opposite) in enumerate(zip(one, other, strict=False)):
        if letter != opposite:
            return place
    return min(len(one), len(other))
