"""Cells as such, and what is said of one that can't be understood. Pure."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple, TypeVar

T = TypeVar("T")
Cell = str | int | float | bool

NOTHING = frozenset("-–—−")
INVISIBLE = re.compile("[\x00\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
BROKEN = re.compile(r"#[A-ZА-ЯЁ0/]{1,10}[!?]?")


class Unclear(ValueError):
    """What a person typed can't be understood; the text says so in one Russian sentence."""


class Trouble(NamedTuple):
    """What stands in this column can't be understood, said in one Russian sentence."""

    column: str
    sentence: str


def attempt(column: str, read: Callable[[], T | None], troubles: list[Trouble]) -> T | None:
    """Return what ``read`` gives; where the person's text is unclear, note the trouble and return None."""
    try:
        return read()
    except Unclear as unclear:
        troubles.append(Trouble(column, str(unclear)))
        return None


def text(cell: Cell) -> str:
    """Return a cell as a person sees it: whole numbers without a tail, booleans in Russian, no spaces around."""
    if isinstance(cell, bool):
        return "ИСТИНА" if cell else "ЛОЖЬ"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def plain(cell: Cell) -> str:
    """Return a cell's text for reading: no marks that can't be seen, one plain space where there were any."""
    return " ".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text(cell))).split())


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing but spaces; 0 and FALSE are something."""
    return isinstance(cell, str) and not cell.strip()


def nothing(cell: Cell) -> bool:
    """Say whether a person means that there is nothing: an empty cell, or a lone dash."""
    return isinstance(cell, str) and cell.strip() in ("", *NOTHING)


def number(cell: Cell) -> int | None:
    """Return a whole number such as a chat id, or None."""
    shown = text(cell)
    return int(shown) if re.fullmatch(r"-?\d{1,18}", shown) else None


def is_broken(shown: str) -> bool:
    """Say whether a cell shows the error of a formula, such as ``#REF!``."""
    return shown.startswith("#") and bool(BROKEN.fullmatch(shown))


def cut(value: str, limit: int = 40) -> str:
    """Return the text, cut with a sign where it is longer than ``limit``."""
    flat = " ".join(value.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
