"""A1 notation and the half-open boxes it names:
https://developers.google.com/sheets/api/guides/concepts#cell.
"""

import re
from typing import NamedTuple

MAX_COLUMNS = 18_278
_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]{0,8})?")
_QUOTED = re.compile(r"'((?:[^']|'')*)'(?:!(.*))?", re.DOTALL)
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[Rr]|[Cc]")


class Span(NamedTuple):
    """A range as written: 0-based, half-open, None where it is left open."""

    r0: int | None
    c0: int | None
    r1: int | None
    c1: int | None
    single: bool = False


class Box(NamedTuple):
    """A range inside a grid: 0-based, half-open."""

    r0: int
    c0: int
    r1: int
    c1: int

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share a cell."""
        return (
            self.r0 < other.r1
            and other.r0 < self.r1
            and self.c0 < other.c1
            and other.c0 < self.c1
        )

    def contains(self, other: "Box") -> bool:
        """Whether `other` lies wholly inside."""
        return (
            self.r0 <= other.r0
            and other.r1 <= self.r1
            and self.c0 <= other.c0
            and other.c1 <= self.c1
        )

    def clipped(self, rows: int, columns: int) -> "Box":
        """The part inside a grid of that size."""
        return Box(
            min(self.r0, rows),
            min(self.c0, columns),
            min(self.r1, rows),
            min(self.c1, columns),
        )


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    # there is no digit for nothing: after Z comes AA, not BA
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def split_title(text: str) -> tuple[str | None, str | None]:
    """`'Лист 1'!A1` → (title, cells); either is None when not written."""
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[1].replace("''", "'"), quoted[2]
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def parse_cells(text: str) -> Span | None:
    """`A1`, `A1:B2`, `A:C`, `2:5`, `A5:C`; None when it is none of these."""
    first, colon, second = text.partition(":")
    start = _CELL.fullmatch(first)
    end = _CELL.fullmatch(second) if colon else start
    if not start or not end or not first or (colon and not second):
        return None
    # a letter or a number alone is no range: `A` may be the title of a tab
    if not colon and not (start[1] and start[2]):
        return None
    r0, c0 = _index(start)
    r1, c1 = _index(end)
    if (c0 is None and c1 is not None) or (
        r0 is None and r1 is not None and c0 is None
    ):
        return None
    if (c0 or 0) >= MAX_COLUMNS or (c1 or 0) >= MAX_COLUMNS:
        return None
    return _ordered(r0, c0, r1, c1, single=not colon)


def write(title: str, box: Box) -> str:
    """`'Лист 1'!A1:B2`; one cell is written without the colon."""
    first = f"{column_letters(box.c0)}{box.r0 + 1}"
    last = f"{column_letters(max(box.c1, box.c0 + 1) - 1)}{max(box.r1, box.r0 + 1)}"
    return (
        f"{quoted(title)}!{first}"
        if first == last
        else f"{quoted(title)}!{first}:{last}"
    )


def write_open(title: str, span: Span) -> str:
    """The range as the caller meant it, open ends left open: `T!A1001:B`."""
    first = f"{column_letters(span.c0 or 0)}{(span.r0 or 0) + 1}"
    last = (column_letters(span.c1 - 1) if span.c1 is not None else "") + (
        str(span.r1) if span.r1 is not None else ""
    )
    return (
        f"{quoted(title)}!{first}"
        if first == last or not last
        else f"{quoted(title)}!{first}:{last}"
    )


def quoted(title: str) -> str:
    """The title as it stands before `!`, in quotes only when needed.

    `'D3'!A1`, `'Лист1'!A1`, but `Sheet1!A1`.
    """
    if _PLAIN_TITLE.fullmatch(title) and not _LOOKS_LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def _index(match: re.Match[str]) -> tuple[int | None, int | None]:
    row = int(match[2]) - 1 if match[2] else None
    return row, column_index(match[1]) if match[1] else None


def _ordered(
    r0: int | None, c0: int | None, r1: int | None, c1: int | None, *, single: bool
) -> Span:
    # `B2:A1` is the same range as `A1:B2`
    if r0 is not None and r1 is not None and r1 < r0:
        r0, r1 = r1, r0
    if c0 is not None and c1 is not None and c1 < c0:
        c0, c1 = c1, c0
    # `A:B5` is the same range as `A1:B5`
    if r0 is None and r1 is not None:
        r0 = 0
    return Span(
        r0, c0, None if r1 is None else r1 + 1, None if c1 is None else c1 + 1, single
    )
