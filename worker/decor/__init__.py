"""Decorations of the worksheets: `columns` says what, the other files find what is
missing and add only that.
"""

from collections.abc import Iterator
from itertools import chain

from worker.decor import cells, colours, guards
from worker.decor.found import FIELDS, Found, Json, look
from worker.decor.new_rows import lengthen

__all__ = ["FIELDS", "Found", "decorate", "lengthen", "look"]


def decorate(worksheets: dict[str, Found]) -> Iterator[Json]:
    """Yield the batchUpdate requests for what worksheets still lack; nothing when
    nothing is missing. Pure.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
    """
    for found in worksheets.values():
        yield from chain(
            guards.frozen(found),
            cells.headers(found),
            cells.widths(found),
            cells.formats(found),
            cells.rules(found, worksheets),
            cells.ticks(found),
            colours.tints(found),
            guards.table_filter(found),
            guards.protections(found),
        )
