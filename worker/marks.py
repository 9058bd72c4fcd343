"""Keeps the notes on «Мастера» that say whom messages do not reach, and ticks for masters who have just registered.

What stands there is compared with what should, and only the difference is written: a note of ours on the cell
«Telegram», never over a person's own note, and a checkbox where «Активен» holds a plain true or false.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from record import reach
from record.layout import Layout, find_columns
from record.sheet import Sheet, entered, quoted
from record.store import Store
from record.values import text
from record.worksheets import MASTERS

MARKS_S = 5.0
ROUNDS = 3
CELLS = "userEnteredValue,note,dataValidation"
FIELDS = f"sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values({CELLS})))"
SHOWN = "marks"
TICK = {"condition": {"type": "BOOLEAN"}, "strict": False, "showCustomUi": True}
Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A master's row as it stands: 0-based number, ID, note on «Telegram», and whether «Активен» lacks its tick."""

    row: int
    id: str
    note: str
    unticked: bool

    @property
    def ours(self) -> bool:
        """Say whether the note is one of ours."""
        return self.note.startswith(reach.MARK)


class MarksJob:
    """Looks at the sheet only when who can be written to, or who is a master, has changed since it last did."""

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet

    def run(self) -> Json:
        """Bring notes and ticks up to date; returns how many were written.

        Raises:
            SheetError: see :mod:`record.errors`; it is done at the next run.
        """
        with self._store.reading() as tx:
            lost, masters = tx.masters.reach(), tx.masters.stored()
            known, shown = tx.facts.get("baseline"), tx.facts.get(SHOWN)
        wanted = {key: reach.note(words) for key, one in masters.items() if (words := lost.silent(one))}
        standing = {"notes": wanted, "masters": sorted(masters)}
        if not known or standing == shown:
            return {"idle": True}
        marks = self._write(wanted)
        with self._store.transaction() as tx:
            tx.facts.put(SHOWN, standing)
        return {"marks": marks, "idle": not marks}

    def _write(self, wanted: dict[str, str]) -> int:
        """Write what differs, and look at once whether it hit the right rows; a person may have moved them."""
        answer = self._sheet.describe(FIELDS, [quoted(MASTERS)])
        sheet_id, lines, layout = _read(answer)
        own = {line.id: line.note for line in lines if line.note and not line.ours}
        written = 0
        for _ in range(ROUNDS):
            changes = [*_notes(lines, wanted | own, layout, sheet_id), *_ticks(lines, layout, sheet_id)]
            if not changes:
                break
            written += len(changes)
            answer = self._sheet.batch_update(changes, [quoted(MASTERS)], FIELDS)["updatedSpreadsheet"]
            sheet_id, lines, layout = _read(answer)
        return written


def _read(answer: Json) -> tuple[int, list[Line], Layout]:
    sheet = next(one for one in answer["sheets"] if one["properties"]["title"] == MASTERS)
    data: Json = next(iter(sheet.get("data", [])), {})
    header, *rows = [row.get("values", []) for row in data.get("rowData", [{}])]
    layout = find_columns(MASTERS, [entered(cell) for cell in header])
    lines = [_line(layout, number, cells) for number, cells in enumerate(rows, start=1)]
    return int(sheet["properties"].get("sheetId", 0)), [line for line in lines if line.id], layout


def _line(layout: Layout, number: int, cells: list[Json]) -> Line:
    def cell(column: str) -> Json:
        place = layout.place(column)
        return cells[place] if place is not None and place < len(cells) else {}

    active = cell("Активен")
    unticked = isinstance(entered(active), bool) and "dataValidation" not in active
    return Line(number, text(entered(cell("ID"))), str(cell("Telegram").get("note", "")), unticked)


def _notes(lines: list[Line], wanted: dict[str, str], layout: Layout, sheet_id: int) -> Iterator[Json]:
    """Yield the notes that have to change; a person's own is left alone."""
    for line in lines:
        note = wanted.get(line.id, "")
        if note != line.note and (line.ours or not line.note):
            start = {"sheetId": sheet_id, "rowIndex": line.row, "columnIndex": layout.place("Telegram")}
            yield {"updateCells": {"rows": [{"values": [{"note": note}]}], "fields": "note", "start": start}}


def _ticks(lines: list[Line], layout: Layout, sheet_id: int) -> Iterator[Json]:
    place = layout.place("Активен") or 0
    for line in lines:
        if line.unticked:
            where = {"sheetId": sheet_id, "startRowIndex": line.row, "endRowIndex": line.row + 1}
            where |= {"startColumnIndex": place, "endColumnIndex": place + 1}
            yield {"setDataValidation": {"range": where, "rule": TICK}}
