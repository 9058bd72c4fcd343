"""How people compare what stands in two cells. Pure."""

import re
import unicodedata


def normal(text: object) -> str:
    """Return a text as people compare it: no case, no ё, single plain spaces, no marks
    around it.

    Longer ones than a thousand characters are compared by those, since what a cell may
    hold is not ours to say.
    """
    folded = (
        unicodedata.normalize("NFKC", str(text)[:1_000]).casefold().replace("ё", "е")
    )
    return re.sub(r"[\s\u200b\u200e\u200f\ufeff]+", " ", folded).strip(" .:;,*")
