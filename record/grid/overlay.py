"""A row as it will stand once writes that are on their way have reached the sheet. Pure.

The mirror is as old as the last poll, and a press is seconds ahead of the sheet. So
whoever shows a row, or decides about it, lays those writes over it first::

    as last read     Новая     |      | Искрит розетка
    set              В работе  | Иван |
    set                        |      | Искрит розетка в кухне
    as it will stand В работе  | Иван | Искрит розетка в кухне

Which writes those are is the caller's question: all that no poll has seen, or only
those that are confirmed. People's own columns are not in a row of ours.
"""

from collections.abc import Iterable, Mapping

from record.grid.layout import Row
from record.grid.worksheets import WORKSHEETS
from record.grid.writes import Write
from record.values import Cell


def overlaid(title: str, row: Row | None, writes: Iterable[Write]) -> Row | None:
    """Return a row of a worksheet as it will stand after these writes, in their order.

    ``row`` is the row as last read, None where there is none. The result is None where
    there still is none: a row that nobody has read can't be known from single cells.
    """
    for write in writes:
        if row is not None and write.kind != "append":
            row = _with_cells(title, row, write.cells)
        # a row that was read after it was added may hold what people typed since
        elif row is None and write.kind == "append":
            row = row_of(title, write.cells)
    return row


def row_of(title: str, named: Mapping[str, Cell]) -> Row:
    """Return a row of a worksheet with these cells by header, the others empty."""
    return tuple(named.get(column, "") for column in WORKSHEETS[title].columns)


def _with_cells(title: str, row: Row, named: Mapping[str, Cell]) -> Row:
    columns = WORKSHEETS[title].columns
    paired = zip(columns, row, strict=True)
    return tuple(named.get(column, cell) for column, cell in paired)
