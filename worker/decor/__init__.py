"""Decorations of the worksheets: `columns` says what, the other files find what is
missing and add only that.
"""

from collections.abc import Iterator
from itertools import chain

from worker.decor import cells, colours, guards
from worker.decor.appearance import FIELDS, Appearance, Json, appearances
from worker.decor.new_rows import lengthen

__all__ = ["FIELDS", "Appearance", "appearances", "decorate", "lengthen"]


def decorate(worksheets: dict[str, Appearance]) -> Iterator[Json]:
    """Yield the batchUpdate requests for what worksheets still lack; nothing when
    nothing is missing. Pure.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
    """
    for worksheet in worksheets.values():
        yield from chain(
            guards.frozen(worksheet),
            cells.headers(worksheet),
            cells.widths(worksheet),
            cells.formats(worksheet),
            cells.rules(worksheet, worksheets),
            cells.ticks(worksheet),
            colours.tints(worksheet),
            guards.table_filter(worksheet),
            guards.protections(worksheet),
        )
