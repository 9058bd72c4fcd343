"""From waiting writes and the sheet as it stands now to the exact cells to write. Pure.

Rows are found afresh by their ID, columns by their header. A cell that a person has
changed since the write was decided is never overwritten: the whole write is refused
instead. What already stands there is not written again. Several writes to one cell are
judged as one: the value that a later of them puts there is no person's edit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from record.grid.excerpt import Excerpt
from record.grid.layout import Layout, same
from record.grid.tail import ends_at, handed_on, upwards
from record.grid.writes import Write, renames
from record.values import Cell, is_empty
from record.values.actors import ActorKind


@dataclass(frozen=True)
class Put:
    """One cell to write: 1-based row, 0-based sheet column."""

    title: str
    row: int
    place: int
    value: Cell


class Placed(NamedTuple):
    """A write and the existing row that it is for."""

    write: Write
    row: int


class Refused(NamedTuple):
    """A write that a person overruled: the column, and what stands there now."""

    write: Write
    column: str
    stands: Cell


class Gap(NamedTuple):
    """Where new rows are put in: below this 1-based row.

    ``handed_on``: the columns to be filled as in the row that comes next.
    """

    below: int
    handed_on: list[int]


@dataclass
class Plan:
    """What to send, and what needs no sending.

    ``puts`` and ``appends`` (title → new rows) are sent, on behalf of the writes
    ``placed`` and ``appended``; new rows of the worksheets in ``gaps`` do not go to the
    end but there. ``satisfied`` stand in the sheet already; ``gone`` are
    those whose row is. Writes are by id.
    """

    puts: list[Put] = field(default_factory=list)
    appends: dict[str, list[list[Cell]]] = field(default_factory=dict)
    appended: dict[int, Write] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)
    placed: dict[int, Placed] = field(default_factory=dict)
    satisfied: list[int] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)
    gone: dict[int, Write] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Return whether nothing has to be sent."""
        return not self.puts and not self.appends

    @property
    def sent(self) -> dict[int, Write]:
        """Return the writes that the request carries."""
        placed = {write_id: write for write_id, (write, _) in self.placed.items()}
        return placed | self.appended

    def touched(self) -> list[tuple[str, int]]:
        """Return title and number of every existing row that is written to."""
        return sorted({(put.title, put.row) for put in self.puts})

    def touched_of(self, title: str) -> list[tuple[str, int]]:
        """Return those of one worksheet."""
        return [touched for touched in self.touched() if touched[0] == title]

    def puts_in(self, title: str, row: int) -> list[Put]:
        """Return what is written into one row."""
        return [put for put in self.puts if (put.title, put.row) == (title, row)]


class Successors:
    """What later writes put into the same cells.

    Where an answer was lost, it may stand there already.
    """

    def __init__(self, writes: Iterable[Write]) -> None:
        self._of: dict[tuple[str, str, str], list[tuple[tuple[bool, int], Cell]]] = {}
        for write in writes:
            for column, value in write.cells.items():
                cell = (write.title, write.subject, column)
                self._of.setdefault(cell, []).append((_turn(write), value))

    def explains(self, write: Write, column: str, now: Cell) -> bool:
        """Return whether a cell holds what a successor of this write puts there."""
        later = self._of.get((write.title, write.subject, column), [])
        return any(turn > _turn(write) and same(now, value) for turn, value in later)


def make_plan(
    writes: list[Write], excerpts: Mapping[str, Excerpt], waiting: Iterable[Write] = ()
) -> Plan:
    """Return what to send for these writes, given the worksheets as they stand.

    The excerpts then hold what the plan writes. ``waiting`` are other writes for the
    same rows that are not to be sent now.
    """
    known = {write.id: write for write in (*waiting, *writes)}
    planner = _Planner(excerpts, Successors(known.values()))
    for write in sorted(_due(writes), key=_turn):
        planner.add(write)
    planner.make_gaps()
    return planner.plan


def _due(writes: list[Write]) -> list[Write]:
    """Return the writes that may be made now."""
    renaming = [write for write in writes if renames(write)]
    misnamed = {write.target for write in renaming}
    # while a row bears an ID by mistake, anything else for that ID could hit that row
    others = [write for write in writes if write.target not in misnamed]
    return renaming + others


def _turn(write: Write) -> tuple[bool, int]:
    """Return by what writes are sorted: repairs, then all others in their order."""
    if write.by.kind is ActorKind.REPAIR:
        # what was hit twice before it could be mended is undone step by step
        return False, -write.id
    return True, write.id


class _Planner:
    """A plan in the making; each write finds the sheet as the ones before leave it."""

    def __init__(self, excerpts: Mapping[str, Excerpt], later: Successors) -> None:
        self.plan = Plan()
        self._excerpts = excerpts
        self._later = later
        self._new_rows: dict[tuple[str, str], list[Cell]] = {}

    def add(self, write: Write) -> None:
        """Take a write into the plan."""
        excerpt = self._excerpts[write.title]
        new_row = self._new_rows.get(write.target)
        if write.kind == "append":
            self._append(excerpt, write)
        elif write.kind == "adopt":
            self._adopt(excerpt, write)
        elif new_row is not None:
            _fill(new_row, excerpt.layout, write.cells)
            self.plan.appended[write.id] = write
        else:
            self._set(excerpt, write)

    def make_gaps(self) -> None:
        """Let new rows come under the last one where more stands below it."""
        plan = self.plan
        for title in list(plan.appends):
            excerpt = self._excerpts[title]
            if not (excerpt.filled_below and excerpt.whole):
                continue
            last = ends_at(excerpt.layout, upwards(excerpt.rows))
            if any(row > last for _, row in plan.touched_of(title)):
                # rows that move down can't be read back by their numbers: the next
                # round adds the new ones
                self._put_off(title)
                continue
            filled = handed_on(excerpt.layout, excerpt.rows, last)
            plan.gaps[title] = Gap(last, filled)

    def _put_off(self, title: str) -> None:
        del self.plan.appends[title]
        for write_id, write in list(self.plan.appended.items()):
            if write.title == title:
                del self.plan.appended[write_id]

    def _append(self, excerpt: Excerpt, write: Write) -> None:
        if write.state == "unclear":
            row = excerpt.arrived(write)
            if row is not None:
                self._put_right(excerpt, write, row)
                return
        width = max((place or 0) for place in excerpt.layout.places) + 1
        cells: list[Cell] = [""] * width
        _fill(cells, excerpt.layout, write.cells)
        self._new_rows[write.target] = cells
        self.plan.appends.setdefault(write.title, []).append(cells)
        self.plan.appended[write.id] = write

    def _put_right(self, excerpt: Excerpt, write: Write, row: int) -> None:
        """Take a new row that has arrived after all.

        Cells that came under headers moved meanwhile are put under their own.
        """
        lost = self._missing(excerpt, row, write)
        cells: dict[str, Cell] = {}
        for place, cell in enumerate(excerpt.rows[row]):
            astray = any(same(cell, value) for value in lost.values())
            if astray and not is_empty(cell):
                cells[excerpt.layout.name(place)] = ""
        # where nothing of ours stands astray, a person has changed what is missing
        if cells:
            for column, value in lost.items():
                if column in cells or is_empty(excerpt.cell(row, column)):
                    cells[column] = value
        self._put(excerpt, replace(write, cells=cells), row)

    def _set(self, excerpt: Excerpt, write: Write) -> None:
        row = excerpt.find(write.subject)
        if row is None:
            self.plan.gone[write.id] = write
            return
        cells = dict(write.cells)
        for column, seen in write.seen.items():
            stands = excerpt.cell(row, column)
            if same(stands, seen) or same(stands, write.cells.get(column, seen)):
                continue
            if not self._later.explains(write, column, stands):
                self.plan.refused[write.id] = Refused(write, column, stands)
                return
            # what a later write puts there must not be taken back
            cells.pop(column, None)
        cause = self._void(write)
        if cause and not excerpt.shows(row, cells):
            self.plan.refused[write.id] = cause._replace(write=write)
            return
        self._put(excerpt, replace(write, cells=cells), row)

    def _void(self, write: Write) -> Refused | None:
        """Return the refusal of an earlier write that this one was decided on, if any.

        «Завершить» is void where a person overruled the «ПРИНЯТЬ» before it.
        """
        for refused in self.plan.refused.values():
            earlier = refused.write
            if earlier.target != write.target:
                continue
            expected = write.seen.keys() & earlier.cells.keys()
            if any(same(write.seen[one], earlier.cells[one]) for one in expected):
                return refused
        return None

    def _adopt(self, excerpt: Excerpt, write: Write) -> None:
        """Give a row typed by hand what it lacks, where one still looks exactly so."""
        # whoever died between writing and marking left no trace of an attempt; a key of
        # ours in the row tells of it
        maybe_sent = write.attempts or "Ключ" in write.cells
        if write.subject and maybe_sent:
            mine = excerpt.find(write.subject)
            if mine is not None and not self._missing(excerpt, mine, write):
                self.plan.satisfied.append(write.id)
                return
        row = excerpt.like(write.seen)
        if row is None:
            self.plan.gone[write.id] = write
        else:
            self._put(excerpt, write, row)

    def _missing(self, excerpt: Excerpt, row: int, write: Write) -> dict[str, Cell]:
        """Return the cells of a write that stand in a row no more, or not yet.

        What a later write has put in their place is not missed.
        """
        missing: dict[str, Cell] = {}
        for column, value in write.cells.items():
            stands = excerpt.cell(row, column)
            if same(stands, value) or self._later.explains(write, column, stands):
                continue
            missing[column] = value
        return missing

    def _put(self, excerpt: Excerpt, write: Write, row: int) -> None:
        changed = {
            place: value
            for place, value in excerpt.layout.spread(write.cells)
            if not excerpt.holds(row, place, value)
        }
        if not changed:
            self.plan.satisfied.append(write.id)
            return
        if row in excerpt.before:
            self._take_back(write.title, row, changed)
        for place, value in changed.items():
            excerpt.put(row, place, value)
            self.plan.puts.append(Put(write.title, row, place, value))
        self.plan.placed[write.id] = Placed(write, row)

    def _take_back(self, title: str, row: int, places: Mapping[int, Cell]) -> None:
        """Drop what was to be put into these cells of a row."""
        # only what comes last in a cell can be found there by the read-back
        self.plan.puts = [
            put
            for put in self.plan.puts
            if (put.title, put.row) != (title, row) or put.place not in places
        ]


def _fill(row: list[Cell], layout: Layout, cells: Mapping[str, Cell]) -> None:
    for place, value in layout.spread(cells):
        row[place] = value
