"""Cells as such, the one door that every reader goes through, and what is said of a
cell that can't be understood.

A reader takes a cell and answers with a value, with nothing (None for an empty cell),
or with :class:`Unclear`. Each gets a cell's text from :func:`opened`, so all keep the
same three rules: the error of a formula and a value that the sheet is still loading are
no content, no more than 1,000 characters are looked at, and marks that nobody sees do
not count. A reader's own work is linear in what it gets. Pure.
"""

import re
import unicodedata
from collections.abc import Callable
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
BROKEN = "в ячейке ошибка формулы"
RETYPE = "впишите заново, без «+» и «=» в начале"


class Unclear(ValueError):
    """What a person typed can't be understood; the text says so in one Russian
    sentence.
    """


class Loading(Unclear):
    """The sheet is still working out what stands in the cell: nobody typed anything
    wrong, and it goes by itself.
    """


class UnclearCell(NamedTuple):
    """What stands in this column can't be understood, said in one Russian sentence.

    ``passing``: it will be mended without anybody (the sheet is still loading), so
    nobody is asked to.
    """

    column: str
    sentence: str
    passing: bool = False


def attempt(
    column: str, read: Callable[[], T | None], troubles: list[UnclearCell]
) -> T | None:
    """Return what ``read`` gives; where the person's text is unclear, note the trouble
    and return None.
    """
    try:
        return read()
    except Unclear as unclear:
        troubles.append(UnclearCell(column, str(unclear), isinstance(unclear, Loading)))
        return None
    except Exception:  # noqa: BLE001  a fault of ours in one reader must not keep all other rows from being read
        troubles.append(
            UnclearCell(
                column,
                f"{column}: не удалось прочитать, напишите проще, как в соседних строках",
            )
        )
        return None


def is_error(cell: Cell) -> bool:
    """Say whether a cell shows the error of a formula, such as ``#REF!`` or ``#Н/Д``:
    nobody typed that.
    """
    return (
        isinstance(cell, str)
        and cell.startswith(("#", " #"))
        and cell.strip().upper() in ERRORS
    )


def is_loading(cell: Cell) -> bool:
    """Say whether the sheet is still working out what stands in a cell: ``Loading...``."""
    return (
        isinstance(cell, str)
        and cell.endswith(("...", "…"))
        and cell.strip().casefold() in LOADING
    )


def is_unread(cell: Cell) -> bool:
    """Say whether a cell holds no content, though it isn't empty: an error, or a value
    that is still loading.
    """
    return is_error(cell) or is_loading(cell)


def as_shown(cell: Cell) -> str:
    """Return a cell as a person sees it: whole numbers without a tail, booleans in
    Russian, no spaces around.
    """
    if isinstance(cell, bool):
        return "ИСТИНА" if cell else "ЛОЖЬ"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def text(cell: Cell) -> str:
    """Return what a cell says, as a person sees it; nothing where it shows an error or
    is still loading.
    """
    return "" if is_unread(cell) else as_shown(cell)


def opened(cell: Cell, what: str, instead: str = RETYPE, *, whole: bool = True) -> str:
    """Return a cell's text for reading: no marks that can't be seen, one plain space
    where there were any.

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
    parted = INVISIBLE.sub("", UNSEEN_GAP.sub(" ", said[:LONGEST]))
    return " ".join(_plain(parted).split())[:LONGEST]


def _plain(shown: str) -> str:
    """Return a text with each character in its plain form, composed."""
    if shown.isascii():
        return shown
    return unicodedata.normalize("NFC", "".join(map(_plain_mark, shown)))


@lru_cache(maxsize=4096)
def _plain_mark(mark: str) -> str:
    """Return a character in its plain form; a raised or circled figure is no digit, or
    ``2000²`` would be 20 002.
    """
    return (
        mark
        if unicodedata.category(mark) == "No"
        else unicodedata.normalize("NFKC", mark)
    )


def unread(cell: Cell, what: str, instead: str = RETYPE) -> Unclear:
    """Return why a cell that is no content can't be read."""
    if is_loading(cell):
        return Loading(f"{what}: таблица ещё загружает значение")
    return Unclear(f"{what}: {BROKEN}, {instead}")


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing but spaces; 0 and FALSE are something, and so is
    an error.
    """
    return isinstance(cell, str) and not cell.strip()


def nothing(cell: Cell) -> bool:
    """Say whether there is nothing by what a person means: an empty cell, a lone dash,
    or no content at all.
    """
    return isinstance(cell, str) and (cell.strip() in ("", *NOTHING) or is_unread(cell))


def first_seen(value: str) -> str:
    """Return the first character of a text that a person sees, in its plain form; ""
    where he sees none.

    What only changes the look of another one, as an accent does, is none.
    """
    shown = (
        mark
        for mark in INVISIBLE.sub("", value)
        if unicodedata.category(mark)[0] not in "CZM"
    )
    return unicodedata.normalize("NFKC", next(shown, ""))[:1]


def number(cell: Cell) -> int | None:
    """Return a whole number such as a chat id, or None."""
    digits = text(cell)
    return int(digits) if re.fullmatch(r"-?[0-9]{1,18}", digits) else None


def cut(value: str, limit: int = 40) -> str:
    """Return the text, cut with a sign where it is longer than ``limit``."""
    flat = " ".join(value[:LONGEST].split()) + "…" * (len(value) > LONGEST)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
