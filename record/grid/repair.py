"""Undoing a write that hit a wrong row or column because a person moved things just
before it. Pure.

We look, and mean order 2, in row 3. Before our request arrives a person sorts the
sheet, so that row 3 is order 1 by then, and «Отменена» hits it::

    row   as we looked     as we wrote      as it is after     the repair
     2    ID 1  Новая      ID 2  Новая      ID 2  Новая
     3    ID 2  Новая      ID 1  Новая      ID 1  Отменена     ID 1: Новая, if Отменена
     4    ID 3  Новая      ID 3  Новая      ID 3  Новая        still stands there

The repair is a write for ID 1, and what was meant for ID 2 is written again. Whether a
row was hit is known from the read-back or, where no answer came, from a look at the
whole worksheet (:func:`misplaced`). What stood in the row is known from our look, or from the
last poll (:func:`put_back`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from record.grid.excerpt import Excerpt
from record.grid.layout import Layout, Row, cell_at, find_columns, same
from record.grid.plan import Plan, Put
from record.grid.verify import other_columns
from record.grid.writes import Write
from record.values import Cell, as_shown, is_empty, text
from record.values.actors import REPAIR

# What is to be put back


def put_back(
    puts: Sequence[Put],
    then: Excerpt,
    now: Layout,
    found: Sequence[Any],
    known: Sequence[Row],
) -> Write:
    """Return the write that restores a row we hit by mistake.

    Only cells that still hold our wrong value are touched. ``then`` and ``puts`` are
    what we meant, ``now`` and ``found`` the columns and the row as they are after it,
    ``known`` the rows as last polled, with all that we have written since.
    """
    wrong = {now.name(put.place): put.value for put in puts}
    row = puts[0].row
    victim = _Victim(wrong, now, found)
    # our look was a moment ago; the last poll may have missed an edit since
    right = victim.only_columns_moved(then, row) or victim.as_we_looked(then)
    if not right:
        right = victim.as_known(known)
    restored = {column: right.get(column, "") for column in wrong}
    subject = text(now.cell(found, "ID")) or f"@{row}"
    return Write(puts[0].title, "set", subject, restored, seen=wrong, by=REPAIR)


@dataclass(frozen=True)
class _Victim:
    """A row that was hit: the cells that stand there by mistake, and how it looks now.

    Each method returns what stood in those cells before, {} where it can't say.
    """

    wrong: Mapping[str, Cell]
    now: Layout
    found: Sequence[Any]

    def only_columns_moved(self, then: Excerpt, row: int) -> dict[str, Cell]:
        """Return what stood there if it is the row we meant, and only columns moved."""
        cells = then.before.get(row, [])
        before = {then.layout.name(place): cell for place, cell in enumerate(cells)}
        for column in self._others(before):
            if not self._shows(column, before[column]):
                return {}
        return {column: before.get(column, "") for column in self.wrong}

    def as_we_looked(self, then: Excerpt) -> dict[str, Cell]:
        """Return what stood there if it is one of the rows that we had just read.

        It is known by all its other cells, those in people's own columns too.
        """
        layout = then.layout
        others = self._others(layout.names())
        for number, cells in then.rows.items():
            read = then.before.get(number, cells)
            if all(self._shows(column, layout.cell(read, column)) for column in others):
                return {column: layout.cell(read, column) for column in self.wrong}
        return {}

    def as_known(self, known: Sequence[Row]) -> dict[str, Cell]:
        """Return what the store knows of the row.

        It is known by all its other cells or, where they were edited since, by its ID.
        """
        sheet = self.now.sheet
        others = self._others(sheet.columns)
        has_its_id = "ID" in others and text(self.now.cell(self.found, "ID"))
        row = self._alike(known, others)
        if row is None and has_its_id:
            row = self._alike(known, ["ID"])
        if row is None:
            return {}
        # of people's own columns the store knows nothing: they are emptied
        ours = self.wrong.keys() & set(sheet.columns)
        return {column: row[sheet.index(column)] for column in ours}

    def _alike(self, known: Sequence[Row], columns: Iterable[str]) -> Row | None:
        index = self.now.sheet.index
        for row in known:
            if all(self._shows(column, row[index(column)]) for column in columns):
                return row
        return None

    def _others(self, columns: Iterable[str]) -> list[str]:
        """Return the columns by which the row may be known."""
        # one without a header may be another by now
        return [
            column
            for column in columns
            if column not in self.wrong and not column.startswith("@")
        ]

    def _shows(self, column: str, cell: Cell) -> bool:
        return same(self.now.cell(self.found, column), cell)


# New rows under wrong headers


def is_stray(row: Sequence[Cell], cells: Sequence[Any]) -> bool:
    """Return whether a row of the sheet is one that we have just added.

    It counts wherever its headers stand now.
    """
    for place, value in enumerate(row):
        stands = place < len(cells) and same(cells[place], value)
        if not stands and not is_empty(value):
            return False
    return True


def empty_stray(title: str, number: int, row: Sequence[Cell]) -> Write:
    """Return the write that empties a row that was added under wrong headers."""
    filled: dict[str, Cell] = {}
    for place, value in enumerate(row):
        if not is_empty(value):
            # by its place: its header is the wrong one
            filled[f"@{place}"] = value
    empty = dict.fromkeys(filled, "")
    return Write(title, "set", f"@{number}", empty, seen=filled, by=REPAIR)


# What a request without an answer has hit


@dataclass(frozen=True)
class Aim:
    """A row that a request was to write.

    ``row``: where it stood; ``known_by``: cells that no other row has; ``before``: what
    it held; ``puts``: sheet column and value. It is kept as JSON, by these names.
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


def aims_of(plan: Plan, excerpts: Mapping[str, Excerpt]) -> list[Aim]:
    """Return the rows that a plan writes to."""
    # of several writes to one row the first says what it is known by
    first = {(write.title, row): write for write, row in reversed(plan.placed.values())}
    aims = []
    for title, row in plan.touched():
        excerpt = excerpts[title]
        known_by = _known_by(first[title, row], excerpt, row)
        puts = [(put.place, put.value) for put in plan.puts_in(title, row)]
        headers = list(excerpt.layout.headers)
        aims.append(Aim(title, row, known_by, headers, excerpt.before[row], puts))
    return aims


def _known_by(write: Write, excerpt: Excerpt, row: int) -> dict[str, Cell]:
    layout, read = excerpt.layout, excerpt.before[row]
    if write.kind == "adopt":
        others = other_columns(write, layout)
        return {name: layout.cell(read, name) for name in others}
    if write.subject.startswith("@"):
        return {}
    # a row whose ID a person has cleared was found by its key
    key = layout.cell(read, "Ключ")
    has_lost_its_id = not text(layout.cell(read, "ID"))
    if has_lost_its_id and not is_empty(key):
        return {"Ключ": key}
    return {"ID": write.subject}


def misplaced(aim: Aim, now: Excerpt, known: Mapping[str, Row]) -> list[Put]:
    """Return what stands by mistake in a row, or in columns, that it was not meant for.

    That is so only where the row that was meant lacks it and has moved since, or its
    columns have: then it is the row that stands in its place, or the only one that
    looks so. ``known`` are the rows as they should stand, by ID.
    """
    then = aim.layout
    meant = [row for row in now.rows if now.shows(row, aim.known_by)]
    puts = _under_their_headers(aim, then, now.layout)
    if any(_stand(puts, now, row) for row in meant):
        return []
    if aim.row not in meant:
        # it has moved: another row may have taken its place
        others = [row for row in now.rows if row not in meant]
        suspects = _newly(puts, now, others, known)
        if found := _only(aim, puts, suspects):
            return found
    if all(then.name(place) == now.layout.name(place) for place, _ in aim.puts):
        return []
    # if columns were moved before the request, our values are under wrong headers
    if found := _scattered(aim, then, now):
        return found
    # or the row was moved as well, and they stand in another one
    return _only(aim, aim.puts, _newly(aim.puts, now, now.rows, known))


def undo(aim: Aim, now: Excerpt, known: Mapping[str, Row]) -> Write | None:
    """Return the write that restores the row that was hit by mistake, if one was."""
    puts = misplaced(aim, now, known)
    if not puts:
        return None
    row = puts[0].row
    read = list(aim.before)
    then = Excerpt(aim.layout, {row: read}, before={row: read})
    return put_back(puts, then, now.layout, now.rows[row], list(known.values()))


def _under_their_headers(aim: Aim, then: Layout, now: Layout) -> list[tuple[int, Cell]]:
    """Return what was to be put, by where its columns stand now."""
    found = []
    for place, value in aim.puts:
        moved_to = now.place(then.name(place))
        if moved_to is not None:
            found.append((moved_to, value))
    return found


def _only(aim: Aim, puts: Sequence[tuple[int, Cell]], rows: Sequence[int]) -> list[Put]:
    """Return the puts in the row that stands in the place of the one meant, or alone."""
    if aim.row in rows:
        row = aim.row
    elif len(rows) == 1:
        row = rows[0]
    else:
        return []
    return [Put(aim.title, row, place, value) for place, value in puts]


def _scattered(aim: Aim, then: Layout, now: Excerpt) -> list[Put]:
    """Return the cells of the row that was meant where headers had been moved."""
    before = {name: then.cell(aim.before, name) for name in then.names()}
    names = dict.fromkeys([*before, *now.layout.names()])
    put = sorted(as_shown(value) for _, value in aim.puts)
    found: list[list[Put]] = []
    for row in now.rows:
        changed: dict[str, Cell] = {}
        for name in names:
            cell = now.cell(row, name)
            if not same(cell, before.get(name, "")):
                changed[name] = cell
        # it differs from the row that was meant in just our values, wherever they are
        if sorted(map(as_shown, changed.values())) == put:
            places = now.layout.spread(changed)
            found.append([Put(aim.title, row, place, cell) for place, cell in places])
    if len(found) != 1:
        return []
    return found[0]


def _stand(puts: Iterable[tuple[int, Cell]], now: Excerpt, row: int) -> bool:
    cells = now.rows[row]
    return all(same(cell_at(cells, place), value) for place, value in puts)


def _newly(
    puts: Sequence[tuple[int, Cell]],
    now: Excerpt,
    rows: Iterable[int],
    known: Mapping[str, Row],
) -> list[int]:
    """Return the rows that hold all that was put, and did not before as far as known."""
    return [
        row
        for row in rows
        if _stand(puts, now, row) and not _stood(puts, now, row, known)
    ]


def _stood(
    puts: Iterable[tuple[int, Cell]],
    now: Excerpt,
    row: int,
    known: Mapping[str, Row],
) -> bool:
    before = known.get(text(now.cell(row, "ID")))
    sheet = now.layout.sheet
    for place, value in puts:
        column = now.layout.name(place)
        was: Cell = ""
        if before is not None and column in sheet.columns:
            was = before[sheet.index(column)]
        if not same(was, value):
            return False
    return True
