"""Where a worksheet's rows end, and what else stands below them. Pure.

Google adds a row below the last cell that holds anything: below checkboxes that were
dragged down to row 1000, below formulas that show nothing, below «Итого». People look
for a new order under the last one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from record.grid.layout import Layout, Row, cell_at, is_hollow
from record.grid.worksheets import WORKSHEETS
from record.values import Cell, is_empty

# «Итого за месяц», «Всего: 5», «Сумма по мастерам», and not «Всего одна розетка»
TOTAL = re.compile(
    r"\W*(?:итог|total\b|(?:всего|сумма|остаток|баланс)\b(?:\s+(?:за|по)(?:\s+\S+){1,2}|[^а-яё]*)$)",
    re.IGNORECASE,
)


def ends_at(layout: Layout, rows: Iterable[tuple[int, Sequence[Any]]]) -> int:
    """Return the number of the last row that is one of ours, 1 where there is only the header.

    ``rows`` come with their numbers, the lowest first.
    """
    read, title = layout.reader(), layout.sheet.title
    for number, cells in rows:
        ours = read(list(cells))
        if not all(map(_unfilled, ours)) and not sums_up(title, ours):
            return number
    return 1


def sums_up(title: str, row: Row) -> bool:
    """Return whether a row of ours only sums up those above it: «Итого»."""
    sheet = WORKSHEETS[title]
    of_somebody = (row[sheet.index("ID")], row[sheet.index("Телефон")])
    if not all(map(is_empty, of_somebody)):
        return False
    return any(isinstance(cell, str) and TOTAL.match(cell) for cell in row)


def has_more_below(layout: Layout, raw: Sequence[Sequence[Any]]) -> bool:
    """Return whether something stands below the last row of ours; ``raw`` lacks the header."""
    # from below, since a poll asks this of tens of thousands of rows
    for number, cells in _from_below(raw):
        if any(map(_filled, cells)):
            return number > ends_at(layout, _from_below(raw))
    return False


def _from_below(raw: Sequence[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    for index in range(len(raw) - 1, -1, -1):
        yield index + 2, raw[index]


def upwards(rows: Mapping[int, Sequence[Any]]) -> Iterable[tuple[int, Sequence[Any]]]:
    """Yield rows by number, the lowest first."""
    for number in sorted(rows, reverse=True):
        yield number, rows[number]


def handed_on(
    layout: Layout, rows: Mapping[int, Sequence[Any]], last: int
) -> list[int]:
    """Return the columns that people filled below the last row, to be filled in a new one.

    They are people's own, and hold the same in the two rows that come next: a checkbox
    or a formula dragged down, and no word meant for one row.
    """
    one, two = rows.get(last + 1, ()), rows.get(last + 2, ())
    found = []
    for place in range(max(len(one), len(two))):
        here = cell_at(one, place)
        is_own = place not in layout.places
        if is_own and not is_empty(here) and here == cell_at(two, place):
            found.append(place)
    return found


def _filled(cell: Cell) -> bool:
    return not is_empty(cell)


def _unfilled(cell: Cell) -> bool:
    # a checkbox that nobody has ticked
    return cell is False or is_hollow(cell)
