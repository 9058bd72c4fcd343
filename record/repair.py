"""Undoing a write that hit a wrong row or column because a person moved things just before it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from record.layout import Layout, Row, same
from record.plan import REPAIR, Page, Put, at
from record.values import Cell, is_empty, text
from record.writes import Write


def put_back(puts: Sequence[Put], page: Page, now: Layout, found: Sequence[Any], known: Sequence[Row]) -> Write:
    """Return the write that restores a row we hit by mistake; only cells that still hold our wrong value are touched.

    ``page`` and ``puts`` are what we meant, ``now`` and ``found`` the columns and the row as they are after it,
    ``known`` the rows as last polled, with all that we have written since.
    """
    wrong = {now.name(put.place): put.value for put in puts}
    before = {page.layout.name(place): value for place, value in enumerate(page.before.get(puts[0].row, []))}
    right = _in_its_place(wrong, before, now, found) or _as_read(wrong, page, now, found)
    right = right or _elsewhere(wrong, now, found, known)
    subject = text(at(now, found, "ID")) or f"@{puts[0].row}"
    return Write(puts[0].title, "set", subject, {c: right.get(c, "") for c in wrong}, wrong, by=REPAIR)


def _in_its_place(
    wrong: Mapping[str, Cell], before: Mapping[str, Cell], now: Layout, found: Sequence[Any]
) -> dict[str, Cell]:
    """Return what stood in the row when it is the row we meant, and only its columns were moved."""
    untouched = [column for column in before if not column.startswith("@") and column not in wrong]
    if not all(same(before[column], at(now, found, column)) for column in untouched):
        return {}
    return {column: before.get(column, "") for column in wrong}


def _as_read(wrong: Mapping[str, Cell], page: Page, now: Layout, found: Sequence[Any]) -> dict[str, Cell]:
    """Return what stood in the row that was hit when we read it, just before: newer than what the last poll saw.

    It is known by all its other cells, those in people's own columns too.
    """
    names = (page.layout.name(place) for place in range(len(page.layout.headers)))
    meant = [(name, at(now, found, name)) for name in names if name not in wrong and not name.startswith("@")]
    for number, cells in page.rows.items():
        read = page.before.get(number, cells)
        if all(same(at(page.layout, read, name), value) for name, value in meant):
            return {name: at(page.layout, read, name) for name in wrong}
    return {}


def _elsewhere(wrong: Mapping[str, Cell], now: Layout, found: Sequence[Any], known: Sequence[Row]) -> dict[str, Cell]:
    """Return what is known of the row that was hit: by all its other cells or, edited meanwhile, by its ID alone."""
    ours = [column for column in wrong if column in now.sheet.columns]
    untouched = [column for column in now.sheet.columns if column not in wrong]
    row = _alike(untouched, now, found, known)
    if row is None and "ID" in untouched and text(at(now, found, "ID")):
        row = _alike(["ID"], now, found, known)
    return {column: row[now.sheet.index(column)] for column in ours} if row else {}


def _alike(columns: Sequence[str], now: Layout, found: Sequence[Any], known: Sequence[Row]) -> Row | None:
    meant = [(now.sheet.index(column), at(now, found, column)) for column in columns]
    return next((row for row in known if all(same(row[place], value) for place, value in meant)), None)


def stray(row: Sequence[Cell], cells: Sequence[Any]) -> bool:
    """Say whether a row of the sheet is one that we have just added, wherever its headers stand now."""
    filled = [(place, value) for place, value in enumerate(row) if not is_empty(value)]
    return all(place < len(cells) and same(cells[place], value) for place, value in filled)


def empty_stray(title: str, number: int, row: Sequence[Cell]) -> Write:
    """Return the write that empties a row that was added under wrong headers."""
    filled = {f"@{place}": value for place, value in enumerate(row) if not is_empty(value)}
    return Write(title, "set", f"@{number}", dict.fromkeys(filled, ""), filled, by=REPAIR)
