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

NOTES_S = 5.0
ROUNDS = 3
CELLS = "userEnteredValue,note,dataValidation"
FIELDS = f"sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values({CELLS})))"
SHOWN = Fact[dict[str, Any]]("marks")
TICK = {"condition": {"type": "BOOLEAN"}, "strict": False, "showCustomUi": True}
Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A master's row as it stands: 0-based number, ID, notes by column, and whether
    «Активен» lacks its tick.
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
    """Looks at the sheet only when who can be written to, or who is a master, has
    changed since it last did.
    """

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
            known, shown = tx.facts.get(BASELINE), tx.facts.get(SHOWN)
        noted = {
            key: reach.notes(one, lost.silent(one)) for key, one in masters.items()
        }
        wanted = {key: notes for key, notes in noted.items() if notes}
        standing = {"notes": wanted, "masters": sorted(masters)}
        if not known or standing == shown:
            return {"idle": True}
        marks = self._write(wanted)
        with self._store.transaction() as tx:
            tx.facts.put(SHOWN, standing)
        return {"marks": marks, "idle": not marks}

    def _write(self, wanted: Mapping[str, Mapping[str, str]]) -> int:
        """Write what differs, and look at once whether it hit the right rows; a person
        may have moved them.
        """
        answer = self._sheet.describe(FIELDS, [absolute_range_name(MASTERS)])
        sheet_id, lines, layout = _read(answer)
        own = {line.id: line.own for line in lines}
        written = 0
        for _ in range(ROUNDS):
            should = {
                line.id: {**wanted.get(line.id, {}), **own.get(line.id, {})}
                for line in lines
            }
            changes = [
                *_notes(lines, should, layout, sheet_id),
                *_ticks(lines, layout, sheet_id),
            ]
            if not changes:
                break
            written += len(changes)
            answer = self._sheet.batch_update(
                changes, [absolute_range_name(MASTERS)], FIELDS
            )["updatedSpreadsheet"]
            sheet_id, lines, layout = _read(answer)
        return written


def _read(answer: Json) -> tuple[int, list[Line], Layout]:
    sheet = next(
        one for one in answer["sheets"] if one["properties"]["title"] == MASTERS
    )
    data: Json = next(iter(sheet.get("data", [])), {})
    header, *rows = [row.get("values", []) for row in data.get("rowData", [{}])]
    layout = find_columns(MASTERS, [entered_value(cell) for cell in header])
    lines = [_line(layout, number, cells) for number, cells in enumerate(rows, start=1)]
    return (
        int(sheet["properties"].get("sheetId", 0)),
        [line for line in lines if line.id],
        layout,
    )


def _line(layout: Layout, number: int, cells: list[Json]) -> Line:
    def cell(column: str) -> Json:
        place = layout.place(column)
        return cells[place] if place is not None and place < len(cells) else {}

    active = cell("Активен")
    unticked = (
        isinstance(entered_value(active), bool) and "dataValidation" not in active
    )
    notes = {
        column: str(cell(column).get("note", ""))
        for column in OF_MASTER
        if layout.place(column) is not None
    }
    return Line(number, text(entered_value(cell("ID"))), notes, unticked)


def _notes(
    lines: list[Line],
    wanted: Mapping[str, Mapping[str, str]],
    layout: Layout,
    sheet_id: int,
) -> Iterator[Json]:
    """Yield the notes that have to change; a person's own is left alone."""
    for line in lines:
        for column, stands in line.notes.items():
            note = wanted[line.id].get(column, "")
            if note != stands and column not in line.own:
                start = {
                    "sheetId": sheet_id,
                    "rowIndex": line.row,
                    "columnIndex": layout.place(column),
                }
                yield {
                    "updateCells": {
                        "rows": [{"values": [{"note": note}]}],
                        "fields": "note",
                        "start": start,
                    }
                }


def _ticks(lines: list[Line], layout: Layout, sheet_id: int) -> Iterator[Json]:
    place = layout.place("Активен") or 0
    for line in lines:
        if line.unticked:
            where = {
                "sheetId": sheet_id,
                "startRowIndex": line.row,
                "endRowIndex": line.row + 1,
            }
            where |= {"startColumnIndex": place, "endColumnIndex": place + 1}
            yield {"setDataValidation": {"range": where, "rule": TICK}}
