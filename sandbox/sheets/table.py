"""Append's search for a table: https://developers.google.com/sheets/api/guides/values#append_values.

A table is a block of neighbouring values, grown from one of them until an empty border
surrounds it. The last table that touches the range wins; a range that touches none is
written to where it starts.
"""

from itertools import islice

from sandbox.sheets.a1 import Box
from sandbox.sheets.grid import Sheet


def last_table(sheet: Sheet, box: Box) -> Box | None:
    """The last table in the range, or None."""
    window = _window(box.c0, box.c1)
    for index in range(min(box.r1, len(sheet.rows)) - 1, box.r0 - 1, -1):
        mask = sheet.rows[index].mask & window
        if mask:
            column = mask.bit_length() - 1
            return _grown(sheet, Box(index, column, index + 1, column + 1))
    return _around(sheet, box)


def _around(sheet: Sheet, box: Box) -> Box | None:
    """A table whose empty inner cells are all the range has of it."""
    rows = sheet.rows
    for index in range(max(0, box.r0 - 1), min(box.r1 + 1, len(rows))):
        mask = rows[index].mask & _window(max(0, box.c0 - 1), box.c1 + 1)
        if mask:
            column = mask.bit_length() - 1
            table = _grown(sheet, Box(index, column, index + 1, column + 1))
            if table.overlaps(box):
                return table
    return None


def _grown(sheet: Sheet, seed: Box) -> Box:
    rows = sheet.rows
    r0, c0, r1, c1 = seed
    union = rows[r0].mask
    while True:
        before = (r0, c0, r1, c1)
        window = _window(max(0, c0 - 1), c1 + 1)
        for row in islice(rows, r1, None):
            mask = row.mask
            if not mask & window:
                break
            union |= mask
            r1 += 1
        while r0 and rows[r0 - 1].mask & window:
            r0 -= 1
            union |= rows[r0].mask
        while c0 and union >> (c0 - 1) & 1:
            c0 -= 1
        while union >> c1 & 1:
            c1 += 1
        if before == (r0, c0, r1, c1):
            return Box(r0, c0, r1, c1)


def _window(c0: int, c1: int) -> int:
    return ((1 << c1) - 1) & ~((1 << c0) - 1)
