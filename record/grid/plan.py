"""From waiting writes and the sheet as it stands now to the exact cells to write. Pure.

Rows are found afresh by their ID, columns by their header. A cell that a person has
changed since the write was decided is never overwritten: the whole write is refused
instead. What already stands there is not written again. Several writes to one cell are
judged as one: the value that a later of them puts there is no person's edit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from record.grid.layout import Layout, Row, Values, find_columns, same
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from record.values import Cell, is_empty, text
from record.values.actors import ActorKind

Looks = tuple[str, ...]
# under which a new row has what no other row holds
MARKS = {ORDERS: "Ключ", MASTERS: "Telegram"}


@dataclass
class Page:
    """A worksheet as far as it was read: its layout and its rows by 1-based number, in
    the sheet's own columns.
    """

    layout: Layout
    rows: dict[int, list[Cell]]
    whole: bool = False
    before: dict[int, list[Cell]] = field(default_factory=dict)
    _ids: dict[str, int] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    _looks: dict[Looks, dict[Looks, list[int]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # of orders, by which a row is known that has lost its ID
    keys: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, title: str, values: Values) -> "Page":
        """Return a page of a whole worksheet."""
        layout = find_columns(title, values[0] if values else [])
        return cls(
            layout,
            {n: list(row) for n, row in enumerate(values[1:], start=2)},
            whole=True,
        )

    def cell(self, row: int, column: str) -> Cell:
        """Return what stands in a row under one of our headers; empty where there is
        nothing.
        """
        place = self.layout.place(column)
        cells = self.rows.get(row, [])
        return cells[place] if place is not None and place < len(cells) else ""

    def put(self, row: int, place: int, value: Cell) -> None:
        """Let a cell hold a value from now on; what stood in the row before is kept."""
        cells = self.rows.setdefault(row, [])
        self.before.setdefault(row, list(cells))
        cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = value
        if place == self.layout.place("ID"):
            self._ids = None

    def find(self, subject: str) -> int | None:
        """Return the number of the row whose ID cell holds ``subject``, or None;
        ``@57`` is row 57 itself.
        """
        if subject.startswith("@"):
            return int(subject[1:])
        if self._ids is None:
            self._ids = {text(self.cell(row, "ID")): row for row in reversed(self.rows)}
        named = self._ids.get(subject)
        return self._keyed(self.keys.get(subject, "")) if named is None else named

    def _keyed(self, key: str) -> int | None:
        """Return the row without an ID that holds a key."""
        keyed = (row for row in self.rows if key and same(self.cell(row, "Ключ"), key))
        return next((row for row in keyed if not text(self.cell(row, "ID"))), None)

    def like(self, seen: Mapping[str, Cell]) -> int | None:
        """Return the first row in which all these cells stand, or None; thousands are
        looked for in one pass.
        """
        columns = tuple(seen)
        if columns not in self._looks:
            found = self._looks[columns] = {}
            places = [self.layout.place(column) for column in columns]
            for row, cells in self.rows.items():
                look = tuple(
                    text(cells[p]) if p is not None and p < len(cells) else ""
                    for p in places
                )
                found.setdefault(look, []).append(row)
        rows = self._looks[columns].get(
            tuple(text(value) for value in seen.values()), []
        )
        return next((row for row in rows if _looks(self, row, seen)), None)

    def arrived(self, write: Write) -> int | None:
        """Return the row that holds what only this new row can hold, under whatever
        header it stands, or None.
        """
        mark = write.cells.get(MARKS.get(write.title, ""), "")
        if is_empty(mark):
            return self.find(write.subject)
        return next(
            (
                row
                for row, cells in self.rows.items()
                if any(same(cell, mark) for cell in cells)
            ),
            None,
        )

    def ours(self, row: int) -> Row:
        """Return a row in our own order of columns."""
        return self.layout.reader()(self.rows.get(row, []))


@dataclass(frozen=True)
class Put:
    """One cell to write: 1-based row, 0-based sheet column."""

    title: str
    row: int
    place: int
    value: Cell


@dataclass
class Plan:
    """What to send, and what needs no sending; writes by id."""

    puts: list[Put] = field(default_factory=list)
    appends: dict[str, list[list[Cell]]] = field(default_factory=dict)
    appended: dict[int, Write] = field(default_factory=dict)
    placed: dict[int, tuple[Write, int]] = field(default_factory=dict)
    satisfied: list[int] = field(default_factory=list)
    refused: dict[int, tuple[Write, str, Cell]] = field(default_factory=dict)
    gone: dict[int, Write] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Say whether nothing has to be sent."""
        return not self.puts and not self.appends

    def landed(self, ids: list[int]) -> list[Write]:
        """Return the writes with these ids that were sent."""
        sent = {
            write_id: write for write_id, (write, _) in self.placed.items()
        } | self.appended
        return [sent[one] for one in ids if one in sent]

    def touched(self) -> list[tuple[str, int]]:
        """Return title and number of every existing row that is written to."""
        return sorted({(put.title, put.row) for put in self.puts})


class Successors:
    """What later writes put into the same cells; where an answer was lost, it may stand
    there already.
    """

    def __init__(self, writes: Iterable[Write]) -> None:
        self._of: dict[tuple[str, str, str], list[tuple[tuple[bool, int], Cell]]] = {}
        for write in writes:
            for column, value in write.cells.items():
                self._of.setdefault((write.title, write.subject, column), []).append(
                    (_turn(write), value)
                )

    def put(self, write: Write, column: str, now: Cell) -> bool:
        """Say whether a cell holds what a successor of this write puts there."""
        later = self._of.get((write.title, write.subject, column), [])
        return any(turn > _turn(write) and same(now, value) for turn, value in later)


def make_plan(
    writes: list[Write], pages: Mapping[str, Page], waiting: Iterable[Write] = ()
) -> Plan:
    """Return what to send for these writes, given the worksheets as they stand; repairs
    first, the last one foremost.

    What was hit twice before it could be mended is undone step by step. While a row
    bears an ID by mistake, nothing else is done for that ID. ``waiting`` are other
    writes for the same rows that are not to be sent now.
    """
    plan = Plan()
    later = Successors({write.id: write for write in (*waiting, *writes)}.values())
    fresh: dict[tuple[str, str], list[Cell]] = {}
    misnamed = {(write.title, write.subject) for write in writes if renames(write)}
    due = [
        write
        for write in writes
        if renames(write) or (write.title, write.subject) not in misnamed
    ]
    for write in sorted(due, key=_turn):
        page = pages[write.title]
        if write.kind == "append":
            _plan_append(plan, page, write, fresh, later)
        elif write.kind == "adopt":
            _plan_adopt(plan, page, write, later)
        elif (write.title, write.subject) in fresh:
            _fill(fresh[write.title, write.subject], page.layout, write.cells)
            plan.appended[write.id] = write
        else:
            _plan_set(plan, page, write, later)
    return plan


def _turn(write: Write) -> tuple[bool, int]:
    """Return by what writes are sorted: repairs first, the last one foremost, then all
    others in their order.
    """
    return (False, -write.id) if write.by.kind is ActorKind.REPAIR else (True, write.id)


def renames(write: Write) -> bool:
    """Say whether a write takes an ID from a row that bears it by mistake."""
    return (
        write.by.kind is ActorKind.REPAIR
        and text(write.cells.get("ID", write.subject)) != write.subject
    )


def _plan_append(
    plan: Plan,
    page: Page,
    write: Write,
    fresh: dict[tuple[str, str], list[Cell]],
    later: Successors,
) -> None:
    if write.state == "unclear" and (there := page.arrived(write)) is not None:
        _put_right(plan, page, write, there, later)
        return
    row: list[Cell] = [""] * (max((place or 0) for place in page.layout.places) + 1)
    _fill(row, page.layout, write.cells)
    fresh[write.title, write.subject] = row
    plan.appends.setdefault(write.title, []).append(row)
    plan.appended[write.id] = write


def _put_right(
    plan: Plan, page: Page, write: Write, row: int, later: Successors
) -> None:
    """Take a new row that has arrived after all; cells that came under headers moved
    meanwhile are set right.
    """
    stands = {column: page.cell(row, column) for column in write.cells}
    missing = [
        column for column, now in stands.items() if not same(now, write.cells[column])
    ]
    lost = {
        column: write.cells[column]
        for column in missing
        if not later.put(write, column, stands[column])
    }
    astray = {
        page.layout.name(place): ""
        for place, cell in enumerate(page.rows[row])
        if not is_empty(cell) and any(same(cell, value) for value in lost.values())
    }
    free = {
        column
        for column in lost
        if column in astray or is_empty(page.cell(row, column))
    }
    cells = {**astray, **{column: lost[column] for column in free}} if astray else {}
    _put(plan, page, replace(write, cells=cells), row)


def _fill(row: list[Cell], layout: Layout, cells: Mapping[str, Cell]) -> None:
    for place, value in layout.spread(dict(cells)):
        row[place] = value


def _plan_set(plan: Plan, page: Page, write: Write, later: Successors) -> None:
    row = page.find(write.subject)
    if row is None:
        plan.gone[write.id] = write
        return
    overtaken: set[str] = set()
    for column, seen in write.seen.items():
        now = page.cell(row, column)
        if same(now, seen) or same(now, write.cells.get(column, seen)):
            continue
        if not later.put(write, column, now):
            plan.refused[write.id] = (write, column, now)
            return
        overtaken.add(column)
    cells = {
        column: value
        for column, value in write.cells.items()
        if column not in overtaken
    }
    void = _void(plan, write)
    if void and not all(
        same(page.cell(row, column), value) for column, value in cells.items()
    ):
        plan.refused[write.id] = (write, *void)
        return
    _put(plan, page, replace(write, cells=cells) if overtaken else write, row)


def _void(plan: Plan, write: Write) -> tuple[str, Cell] | None:
    """Return why an earlier write was refused, if this one was decided on what that
    would have left in a cell.
    """
    for earlier, column, now in plan.refused.values():
        if (earlier.title, earlier.subject) != (write.title, write.subject):
            continue
        counted_on = write.seen.keys() & earlier.cells.keys()
        if any(same(write.seen[one], earlier.cells[one]) for one in counted_on):
            return column, now
    return None


def _plan_adopt(plan: Plan, page: Page, write: Write, later: Successors) -> None:
    """Give a row typed by hand what it lacks, where a row that still looks exactly so
    is found.

    Whoever died between writing and marking left no trace of an attempt; a key of ours
    in the row tells of it.
    """
    sent = write.attempts or "Ключ" in write.cells
    mine = page.find(write.subject) if write.subject and sent else None
    if mine is not None and _adopted(page, mine, write, later):
        plan.satisfied.append(write.id)
        return
    row = page.like(write.seen)
    if row is None:
        plan.gone[write.id] = write
    else:
        _put(plan, page, write, row)


def _adopted(page: Page, row: int, write: Write, later: Successors) -> bool:
    """Say whether a row holds all that it was to be given, or what came after that."""
    stands = {column: page.cell(row, column) for column in write.cells}
    return all(
        same(now, write.cells[column]) or later.put(write, column, now)
        for column, now in stands.items()
    )


def _looks(page: Page, row: int, seen: Mapping[str, Cell]) -> bool:
    return all(same(page.cell(row, column), value) for column, value in seen.items())


def _put(plan: Plan, page: Page, write: Write, row: int) -> None:
    changed = [
        (p, v)
        for p, v in page.layout.spread(dict(write.cells))
        if not _stands(page, row, p, v)
    ]
    again = (
        {(write.title, row, place) for place, _ in changed}
        if row in page.before
        else set()
    )
    # one for each cell: only what comes last in it can be found there afterwards
    if again:
        plan.puts = [
            put for put in plan.puts if (put.title, put.row, put.place) not in again
        ]
    for place, value in changed:
        page.put(row, place, value)
        plan.puts.append(Put(write.title, row, place, value))
    if changed:
        plan.placed[write.id] = (write, row)
    else:
        plan.satisfied.append(write.id)


def _stands(page: Page, row: int, place: int, value: Cell) -> bool:
    cells = page.rows.get(row, [])
    now = cells[place] if place < len(cells) else ""
    return now == value and type(now) is type(value)


@dataclass
class Verdict:
    """What the read-back says: writes that landed, writes that did not, and rows that
    were hit by mistake.

    Whether a row has lost an ID that it bore by mistake only another look can say:
    until then it is ``unsure``.
    """

    landed: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    hit: list[tuple[str, int]] = field(default_factory=list)
    layouts: dict[str, Layout] = field(default_factory=dict)


After = Mapping[str, Mapping[int, list[Any]]]


def verify(plan: Plan, pages: Mapping[str, Page], after: After) -> Verdict:
    """Compare the rows as they are after the write with what was meant; ``after`` is
    title → row number → cells.

    Raises:
        SheetBroken: the header row, as it is now, can't be trusted.
    """
    verdict = Verdict(
        layouts={title: find_columns(title, after[title].get(1, [])) for title in after}
    )
    for write_id, (write, row) in plan.placed.items():
        found = after.get(write.title, {}).get(row, [])
        if _landed(
            plan, pages[write.title], verdict.layouts[write.title], write, found
        ):
            (verdict.unsure if renames(write) else verdict.landed).append(write_id)
        else:
            verdict.missed.append(write_id)
            verdict.hit.append((write.title, row))
    for write_id, write in plan.appended.items():
        kept = verdict.layouts[write.title].places == pages[write.title].layout.places
        (verdict.landed if kept else verdict.missed).append(write_id)
    return verdict


def _landed(
    plan: Plan, page: Page, now: Layout, write: Write, found: list[Any]
) -> bool:
    """Say whether the row that was written to is the one that was meant, and its
    columns are where they were.

    A row with an ID is known by it. A row being given its first ID, or losing one, is
    known by its other cells, but for those that hold a formula: the read-back shows its
    text, a reading its result.
    """
    row = plan.placed[write.id][1]
    places = [
        put.place for put in plan.puts if (put.title, put.row) == (write.title, row)
    ]
    if any(now.name(place) != page.layout.name(place) for place in places):
        return False
    if write.subject.startswith("@"):
        return True
    known_by = _known_by(write, page.layout)
    meant = page.rows.get(row, [])
    shown = [
        (at(page.layout, meant, column), at(now, found, column)) for column in known_by
    ]
    return all(
        same(before, after) or str(after).startswith("=") for before, after in shown
    )


def _known_by(write: Write, layout: Layout) -> list[str]:
    if write.kind == "append":
        return list(layout.sheet.columns)
    if write.kind == "set" and not renames(write):
        return ["ID"]
    return other_columns(write, layout)


def other_columns(write: Write, layout: Layout) -> list[str]:
    """Return the columns that a write leaves alone, people's own among them: by these a
    row without ID is known.
    """
    names = (layout.name(place) for place in range(len(layout.headers)))
    return [name for name in names if name not in write.cells]


def at(layout: Layout, cells: Sequence[Any], column: str) -> Cell:
    """Return what stands under a header in a row of the sheet; empty where there is
    nothing.
    """
    place = layout.place(column)
    found: Cell = cells[place] if place is not None and place < len(cells) else ""
    return found
