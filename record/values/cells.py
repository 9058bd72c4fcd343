"""Cells as such, and the one door that every reader goes through. Pure.

A reader takes a cell and answers with a value, with nothing (None for an empty cell),
or with :class:`Unclear`. Each gets a cell's text from :func:`opened`, so all keep the
same three rules: the error of a formula and a value that the sheet is still loading are
no content; no more than 1,000 characters are looked at; what nobody sees does not
count. A reader's own work is linear in what it gets.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeVar

T = TypeVar("T")
Cell = str | int | float | bool

LONGEST = 1_000
NOTHING = frozenset("-–—−")
# letters and signs that show nothing
FILLERS = "\u115f\u1160\u2800\u3164\uffa0\U00013441\U00013442\U0001d159"
INVISIBLE = re.compile(
    rf"[\x00\u00ad\u034f\u061c{FILLERS}\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
# two figures that a person did not join
UNSEEN_GAP = re.compile(rf"(?<=[0-9]){INVISIBLE.pattern}+(?=[0-9])")
ERRORS = frozenset(
    {
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#ERROR!", "#SPILL!", "#CALC!",
        "#ПУСТО!", "#ДЕЛ/0!", "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ЧИСЛО!", "#Н/Д", "#ОШИБКА!", "#ПЕРЕНОС!", "#ВЫЧИСЛ!",
    }
)  # fmt: skip
LOADING = frozenset({"loading...", "loading…", "загрузка...", "загрузка…"})
# as a spreadsheet with Russian settings shows them
SHOWN_FLAGS = {True: "ИСТИНА", False: "ЛОЖЬ"}
BROKEN = "в ячейке ошибка формулы"
RETYPE = "впишите заново, без «+» и «=» в начале"


class Unclear(ValueError):
    """What a person typed can't be understood; the text says why, in one sentence."""


class Loading(Unclear):
    """The sheet is still working out the cell: nobody typed anything wrong.

    It goes by itself.
    """


class UnclearCell(NamedTuple):
    """A column whose cell can't be understood, and one Russian sentence that says why.

    ``passing``: it will be mended without anybody (the sheet is still loading), so
    nobody is asked to.
    """

    column: str
    sentence: str
    passing: bool = False


def attempt(
    column: str, read: Callable[[], T | None], troubles: list[UnclearCell]
) -> T | None:
    """Return what ``read`` gives; None where that is unclear, which ``troubles`` gets."""
    try:
        return read()
    except Unclear as unclear:
        passing = isinstance(unclear, Loading)
        troubles.append(UnclearCell(column, str(unclear), passing))
    except Exception:  # noqa: BLE001  a fault of ours in one reader must not keep all other rows from being read
        sentence = (
            f"{column}: не удалось прочитать, напишите проще, как в соседних строках"
        )
        troubles.append(UnclearCell(column, sentence))
    return None


def is_error(cell: Cell) -> bool:
    """Return whether a cell shows the error of a formula: ``#REF!``, ``#Н/Д``."""
    # the cheap test first: this is asked of every cell, however long its text
    if not isinstance(cell, str) or not cell.startswith(("#", " #")):
        return False
    return cell.strip().upper() in ERRORS


def is_loading(cell: Cell) -> bool:
    """Return whether the sheet is still working out a cell: ``Loading...``."""
    # the cheap test first, as above
    if not isinstance(cell, str) or not cell.endswith(("...", "…")):
        return False
    return cell.strip().casefold() in LOADING


def is_unread(cell: Cell) -> bool:
    """Return whether a cell has no content, but isn't empty: an error, or loading."""
    return is_error(cell) or is_loading(cell)


def as_shown(cell: Cell) -> str:
    """Return a cell as a person sees it, without spaces around.

    Whole numbers have no tail, booleans are Russian words.
    """
    if isinstance(cell, bool):
        return SHOWN_FLAGS[cell]
    # a phone typed as a number may come as 79001234567.0
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def text(cell: Cell) -> str:
    """Return what a cell says, as a person sees it; "" for an error or while loading."""
    if is_unread(cell):
        return ""
    return as_shown(cell)


def opened(cell: Cell, what: str, instead: str = RETYPE, *, whole: bool = True) -> str:
    """Return a cell's text for reading: nothing that can't be seen, single spaces.

    Every reader gets its text here. ``what`` names the cell in explanations,
    ``instead`` says what to type there. Where a text that is cut may mean something
    else, it must be there as a ``whole``; else its beginning is enough.

    Raises:
        Unclear: it shows an error, is still loading, or is longer than anything that people mean by such a cell.
    """
    if is_unread(cell):
        raise unread(cell, what, instead)
    said = as_shown(cell)
    if whole and len(said) > LONGEST:
        raise Unclear(
            f"{what} «{cut(said)}»: слишком длинный текст, оставьте только само значение"
        )
    # figures with an unseen character between them stay apart: they may be two numbers
    parted = UNSEEN_GAP.sub(" ", said[:LONGEST])
    plain = _plain(INVISIBLE.sub("", parted))
    # NFKC makes some characters longer («ﷺ» becomes 18), so it is cut once more
    return " ".join(plain.split())[:LONGEST]


def _plain(shown: str) -> str:
    """Return a text with each character in its plain form, composed: ２ is 2."""
    if shown.isascii():
        return shown
    plain_characters = "".join(map(_plain_character, shown))
    return unicodedata.normalize("NFC", plain_characters)


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    # a raised or circled figure is no digit, or ``2000²`` would be 20 002
    if unicodedata.category(character) == "No":
        return character
    return unicodedata.normalize("NFKC", character)


def unread(cell: Cell, what: str, instead: str = RETYPE) -> Unclear:
    """Return why a cell that has no content can't be read."""
    if is_loading(cell):
        return Loading(f"{what}: таблица ещё загружает значение")
    return Unclear(f"{what}: {BROKEN}, {instead}")


def is_empty(cell: Cell) -> bool:
    """Return whether a cell holds only spaces; 0, FALSE and an error are something."""
    return isinstance(cell, str) and not cell.strip()


def nothing(cell: Cell) -> bool:
    """Return whether a person means nothing by a cell: empty, a lone dash, an error."""
    if not isinstance(cell, str):
        return False
    shown = cell.strip()
    return not shown or shown in NOTHING or is_unread(cell)


def first_seen(value: str) -> str:
    """Return the first character of a text that a person sees, plain; "" for none.

    What only changes the look of another one, as an accent does, is none.
    """
    for character in INVISIBLE.sub("", value):
        kind = unicodedata.category(character)[0]  # C controls, Z spaces, M accents
        if kind not in "CZM":
            return unicodedata.normalize("NFKC", character)[:1]
    return ""


def in_cell(value: Decimal) -> int | float:
    """Return a number as it is written into a cell: a whole one without a tail."""
    if value == value.to_integral_value():
        return int(value)
    return float(value)


def cut(value: str, limit: int = 40) -> str:
    """Return a text in one line, cut with «…» where it is longer than ``limit``."""
    flat = " ".join(value[:LONGEST].split())
    if len(value) > LONGEST:
        flat += "…"
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1] + "…"
