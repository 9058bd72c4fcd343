"""Decorations of the worksheets: `columns` says what, the other files add what is missing."""

from collections.abc import Iterator

from worker.decor import cells, colours, guards
from worker.decor.appearance import FIELDS, Appearance, Json, appearances
from worker.decor.new_rows import lengthen

__all__ = ["FIELDS", "Appearance", "appearances", "decorate", "lengthen"]


def decorate(worksheets: dict[str, Appearance]) -> Iterator[Json]:
    """Yield the batchUpdate requests for what worksheets still lack. Pure.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
    """
    for worksheet in worksheets.values():
        yield from guards.frozen(worksheet)
        yield from cells.headers(worksheet)
        yield from cells.widths(worksheet)
        yield from cells.formats(worksheet)
        yield from cells.rules(worksheet, worksheets)
        yield from cells.ticks(worksheet)
        yield from colours.tints(worksheet)
        yield from guards.table_filter(worksheet)
        yield from guards.protections(worksheet)
