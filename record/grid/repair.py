"""Undoing a write that hit a wrong row or column because a person moved things just
before it. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from record.grid.layout import Layout, Row, find_columns, same
from record.grid.plan import Page, Plan, Put, at, other_columns
from record.grid.writes import Write
from record.values import Cell, as_shown, is_empty, text
from record.values.actors import REPAIR


def put_back(
    puts: Sequence[Put],
    page: Page,
    now: Layout,
    found: Sequence[Any],
    known: Sequence[Row],
) -> Write:
    """Return the write that restores a row we hit by mistake; only cells that still
    hold our wrong value are touched.

    ``page`` and ``puts`` are what we meant, ``now`` and ``found`` the columns and the
    row as they are after it, ``known`` the rows as last polled, with all that we have
    written since.
    """
    wrong = {now.name(put.place): put.value for put in puts}
    before = {
        page.layout.name(place): value
        for place, value in enumerate(page.before.get(puts[0].row, []))
    }
    right = _in_its_place(wrong, before, now, found) or _as_read(
        wrong, page, now, found
    )
    right = right or _elsewhere(wrong, now, found, known)
    subject = text(at(now, found, "ID")) or f"@{puts[0].row}"
    return Write(
        puts[0].title,
        "set",
        subject,
        {c: right.get(c, "") for c in wrong},
        wrong,
        by=REPAIR,
    )


def _in_its_place(
    wrong: Mapping[str, Cell],
    before: Mapping[str, Cell],
    now: Layout,
    found: Sequence[Any],
) -> dict[str, Cell]:
    """Return what stood in the row when it is the row we meant, and only its columns
    were moved.
    """
    untouched = [
        column
        for column in before
        if not column.startswith("@") and column not in wrong
    ]
    if not all(same(before[column], at(now, found, column)) for column in untouched):
        return {}
    return {column: before.get(column, "") for column in wrong}


def _as_read(
    wrong: Mapping[str, Cell], page: Page, now: Layout, found: Sequence[Any]
) -> dict[str, Cell]:
    """Return what stood in the row that was hit when we read it, just before: newer
    than what the last poll saw.

    It is known by all its other cells, those in people's own columns too.
    """
    names = (page.layout.name(place) for place in range(len(page.layout.headers)))
    meant = [
        (name, at(now, found, name))
        for name in names
        if name not in wrong and not name.startswith("@")
    ]
    for number, cells in page.rows.items():
        read = page.before.get(number, cells)
        if all(same(at(page.layout, read, name), value) for name, value in meant):
            return {name: at(page.layout, read, name) for name in wrong}
    return {}


def _elsewhere(
    wrong: Mapping[str, Cell], now: Layout, found: Sequence[Any], known: Sequence[Row]
) -> dict[str, Cell]:
    """Return what is known of the row that was hit: by all its other cells or, edited
    meanwhile, by its ID alone.
    """
    ours = [column for column in wrong if column in now.sheet.columns]
    untouched = [column for column in now.sheet.columns if column not in wrong]
    row = _alike(untouched, now, found, known)
    if row is None and "ID" in untouched and text(at(now, found, "ID")):
        row = _alike(["ID"], now, found, known)
    return {column: row[now.sheet.index(column)] for column in ours} if row else {}


def _alike(
    columns: Sequence[str], now: Layout, found: Sequence[Any], known: Sequence[Row]
) -> Row | None:
    meant = [(now.sheet.index(column), at(now, found, column)) for column in columns]
    return next(
        (
            row
            for row in known
            if all(same(row[place], value) for place, value in meant)
        ),
        None,
    )


def stray(row: Sequence[Cell], cells: Sequence[Any]) -> bool:
    """Say whether a row of the sheet is one that we have just added, wherever its
    headers stand now.
    """
    filled = [(place, value) for place, value in enumerate(row) if not is_empty(value)]
    return all(
        place < len(cells) and same(cells[place], value) for place, value in filled
    )


def empty_stray(title: str, number: int, row: Sequence[Cell]) -> Write:
    """Return the write that empties a row that was added under wrong headers."""
    filled = {
        f"@{place}": value for place, value in enumerate(row) if not is_empty(value)
    }
    return Write(
        title, "set", f"@{number}", dict.fromkeys(filled, ""), filled, by=REPAIR
    )


@dataclass(frozen=True)
class Aim:
    """A row that a request was to write: where it stood, what it is known by, what it
    held, and what goes where.
    """

    title: str
    row: int
    known_by: Mapping[str, Cell]
    headers: Sequence[str]
    before: Sequence[Cell]
    puts: Sequence[tuple[int, Cell]]

    @property
    def layout(self) -> Layout:
        """The columns as they stood then."""
        return find_columns(self.title, self.headers)


def aims_of(plan: Plan, pages: Mapping[str, Page]) -> list[Aim]:
    """Return the rows that a plan writes to."""
    meant = {(write.title, row): write for write, row in reversed(plan.placed.values())}
    return [
        Aim(
            title,
            row,
            _identity(meant[title, row], pages[title], row),
            list(pages[title].layout.headers),
            pages[title].before[row],
            [
                (put.place, put.value)
                for put in plan.puts
                if (put.title, put.row) == (title, row)
            ],
        )
        for title, row in plan.touched()
    ]


def _identity(write: Write, page: Page, row: int) -> dict[str, Cell]:
    if write.kind == "adopt":
        return {
            name: at(page.layout, page.before[row], name)
            for name in other_columns(write, page.layout)
        }
    if write.subject.startswith("@"):
        return {}
    found = page.before[row]
    key = at(page.layout, found, "Ключ")
    lost = not text(at(page.layout, found, "ID")) and not is_empty(key)
    return {"Ключ": key} if lost else {"ID": write.subject}


def hit(aim: Aim, now: Page, known: Mapping[str, Row]) -> list[Put]:
    """Return what stands by mistake in a row, or in columns, that it was not meant for;
    nothing where nothing does.

    That is so only where the row that was meant lacks it and has moved since, or its
    columns have: then it is the row that stands in its place, or the only one that
    looks so. Columns may have been moved before the request or after.
    """
    then = aim.layout
    meant = [row for row in now.rows if _is(aim, now, row)]
    named = [(now.layout.place(then.name(place)), value) for place, value in aim.puts]
    after = [(place, value) for place, value in named if place is not None]
    if any(_stand(after, now, row) for row in meant):
        return []
    others = [] if aim.row in meant else [row for row in now.rows if row not in meant]
    found = _only(aim, after, [row for row in others if _new(after, now, row, known)])
    if not found and any(
        then.name(place) != now.layout.name(place) for place, _ in aim.puts
    ):
        found = _scattered(aim, now)
        found = found or _only(
            aim, aim.puts, [row for row in now.rows if _new(aim.puts, now, row, known)]
        )
    return found


def undo(aim: Aim, now: Page, known: Mapping[str, Row]) -> Write | None:
    """Return the write that restores the row that was hit by mistake, if one was."""
    puts = hit(aim, now, known)
    if not puts:
        return None
    row = puts[0].row
    then = Page(aim.layout, {row: list(aim.before)}, before={row: list(aim.before)})
    return put_back(puts, then, now.layout, now.rows[row], list(known.values()))


def _only(aim: Aim, puts: Sequence[tuple[int, Cell]], rows: Sequence[int]) -> list[Put]:
    row = aim.row if aim.row in rows else rows[0] if len(rows) == 1 else None
    return (
        []
        if row is None
        else [Put(aim.title, row, place, value) for place, value in puts]
    )


def _scattered(aim: Aim, now: Page) -> list[Put]:
    """Return the cells of the row that was meant where they stand under headers that
    they were not meant for.
    """
    then = aim.layout
    before = {
        then.name(place): at(then, aim.before, then.name(place))
        for place in range(len(then.headers))
    }
    names = [
        *dict.fromkeys(
            [
                *before,
                *(now.layout.name(place) for place in range(len(now.layout.headers))),
            ]
        )
    ]
    put = sorted(as_shown(value) for _, value in aim.puts)
    found: list[list[Put]] = []
    for row in now.rows:
        cells = {
            name: now.cell(row, name)
            for name in names
            if not same(now.cell(row, name), before.get(name, ""))
        }
        if sorted(map(as_shown, cells.values())) == put:
            places = [(now.layout.place(name), value) for name, value in cells.items()]
            found.append(
                [
                    Put(aim.title, row, place, value)
                    for place, value in places
                    if place is not None
                ]
            )
    return found[0] if len(found) == 1 else []


def _is(aim: Aim, now: Page, row: int) -> bool:
    pairs = ((now.cell(row, column), value) for column, value in aim.known_by.items())
    return all(
        same(cell, value) or as_shown(cell) == as_shown(value) for cell, value in pairs
    )


def _stand(puts: Sequence[tuple[int, Cell]], now: Page, row: int) -> bool:
    cells = now.rows[row]
    return all(
        same(cells[place] if place < len(cells) else "", value) for place, value in puts
    )


def _new(
    puts: Sequence[tuple[int, Cell]], now: Page, row: int, known: Mapping[str, Row]
) -> bool:
    """Say whether a row holds all that was put, and did not before, as far as is known."""
    before = known.get(text(now.cell(row, "ID")))
    was = (_was(now.layout.name(place), now, before) for place, _ in puts)
    changed = any(
        not same(cell, value) for cell, (_, value) in zip(was, puts, strict=True)
    )
    return changed and _stand(puts, now, row)


def _was(column: str, now: Page, before: Row | None) -> Cell:
    if before is None or column not in now.layout.sheet.columns:
        return ""
    return before[now.layout.sheet.index(column)]
