"""Keeps the notes on «Мастера», and ticks for masters who have just registered.

Notes of ours say on «Telegram» that messages do not reach a master, and on any cell
that it can't be understood: this worksheet has no column for that. What stands there is
compared with what should, and only the difference is written, never over a person's own
note; a checkbox is put where «Активен» holds a plain true or false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from record.dispatch import reach
from record.dispatch.rereading import OF_MASTER
from record.grid.layout import Layout, find_columns
from record.grid.worksheets import MASTERS
from record.sheet import Sheet, absolute_range_name, entered_value
from record.store import Store
from record.store.facts import BASELINE, Fact
from record.values import text
from worker.cell_requests import span
from worker.decor.cells import TICK

NOTES_S = 5.0
ROUNDS = 3
CELLS = "userEnteredValue,note,dataValidation"
FIELDS = f"sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values({CELLS})))"
SHOWN = Fact[dict[str, Any]]("marks")
Json = dict[str, Any]
Wanted = dict[str, Mapping[str, str]]  # notes by master and column


@dataclass(frozen=True)
class Line:
    """A master's row as it stands.

    ``row``: its 0-based number, ``notes``: by column, ``unticked``: «Активен» is true or
    false and has no checkbox.
    """

    row: int
    id: str
    notes: Mapping[str, str]
    unticked: bool

    @property
    def own(self) -> dict[str, str]:
        """People's own notes, by column."""
        return {
            column: said
            for column, said in self.notes.items()
            if said and not said.startswith(reach.MARK)
        }


class NotesJob:
    """Looks at the sheet only when who can be reached, or who is a master, has changed."""

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet

    def run(self) -> Json:
        """Bring notes and ticks up to date; return how many were written.

        Raises:
            SheetError: see :mod:`record.errors`; it is done at the next run.
        """
        with self._store.reading() as tx:
            lost, masters = tx.masters.reach(), tx.masters.stored()
            known, shown = tx.facts.get(BASELINE), tx.facts.get(SHOWN)
        wanted: Wanted = {}
        for key, one in masters.items():
            notes = reach.notes(one, lost.silent(one))
            if notes:
                wanted[key] = notes
        standing = {"notes": wanted, "masters": sorted(masters)}
        if not known or standing == shown:
            return {"idle": True}
        written = self._write(wanted)
        with self._store.transaction() as tx:
            tx.facts.put(SHOWN, standing)
        return {"marks": written, "idle": not written}

    def _write(self, wanted: Wanted) -> int:
        """Write what differs; return how many notes and ticks that were.

        The answer shows at once whether a person moved rows just before, so that notes
        hit the wrong ones: then the difference is written again.
        """
        seen = _read(self._sheet.describe(FIELDS, [absolute_range_name(MASTERS)]))
        # where our note hits a person's own by mistake, his is put back
        own = {line.id: line.own for line in seen.lines}
        written = 0
        for _ in range(ROUNDS):
            should: Wanted = {}
            for line in seen.lines:
                should[line.id] = {**wanted.get(line.id, {}), **own.get(line.id, {})}
            changes = [*_notes(seen, should), *_ticks(seen)]
            if not changes:
                break
            written += len(changes)
            answer = self._sheet.batch_update(
                changes, [absolute_range_name(MASTERS)], FIELDS
            )
            seen = _read(answer["updatedSpreadsheet"])
        return written


@dataclass(frozen=True)
class Seen:
    """«Мастера» as it stands."""

    sheet_id: int
    layout: Layout
    lines: list[Line]


def _read(answer: Json) -> Seen:
    titled = {one["properties"]["title"]: one for one in answer["sheets"]}
    sheet = titled[MASTERS]
    # an empty worksheet has no data, and data without any cell has no rows
    data: Json = next(iter(sheet.get("data", [])), {})
    header, *rows = [row.get("values", []) for row in data.get("rowData", [{}])]
    layout = find_columns(MASTERS, [entered_value(cell) for cell in header])
    lines = [_line(layout, number, cells) for number, cells in enumerate(rows, start=1)]
    # Google leaves an id of 0 out
    sheet_id = int(sheet["properties"].get("sheetId", 0))
    return Seen(sheet_id, layout, [line for line in lines if line.id])


def _line(layout: Layout, number: int, cells: list[Json]) -> Line:
    def cell(column: str) -> Json:
        place = layout.place(column)
        if place is None or place >= len(cells):
            return {}
        return cells[place]

    active = cell("Активен")
    unticked = (
        isinstance(entered_value(active), bool) and "dataValidation" not in active
    )
    notes = {}
    for column in OF_MASTER:
        if layout.place(column) is not None:
            notes[column] = str(cell(column).get("note", ""))
    return Line(number, text(entered_value(cell("ID"))), notes, unticked)


def _notes(seen: Seen, wanted: Wanted) -> Iterator[Json]:
    """Yield the notes that have to change; a person's own is left alone."""
    for line in seen.lines:
        for column, stands in line.notes.items():
            note = wanted[line.id].get(column, "")
            if note != stands and column not in line.own:
                yield _note(seen, line, column, note)


def _note(seen: Seen, line: Line, column: str, note: str) -> Json:
    start = {
        "sheetId": seen.sheet_id,
        "rowIndex": line.row,
        "columnIndex": seen.layout.place(column),
    }
    rows = [{"values": [{"note": note}]}]
    return {"updateCells": {"rows": rows, "fields": "note", "start": start}}


def _ticks(seen: Seen) -> Iterator[Json]:
    place = seen.layout.place("Активен") or 0
    for line in seen.lines:
        if line.unticked:
            where = span(seen.sheet_id, place, line.row, line.row + 1)
            yield {"setDataValidation": {"range": where, "rule": TICK}}
