"""Keeps «Статистика» and the totals in «Мастера» up to date.

Only cells that differ are written, and most runs need no request at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from record.grid.layout import Layout, Row, Values, columns_of, same
from record.grid.worksheets import MASTERS, STATISTICS, WORKSHEETS
from record.grid.writes import Write
from record.reports.earnings import Sum
from record.reports.totals import PERIODS, count
from record.settings import Settings
from record.sheet import Sheet, absolute_range_name
from record.store import Store, Tx
from record.store.facts import BASELINE
from record.values import Cell, in_cell
from worker.cell_requests import put_values


class StatisticsJob:
    """Counts when orders or the day have changed since it last did."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings

    def run(self) -> dict[str, Any]:
        """Bring both worksheets up to date; return how many cells were written.

        Raises:
            SheetError: see :mod:`record.errors`; it is done at the next run.
        """
        today = datetime.now(self._settings.zone).replace(tzinfo=None)
        with self._store.reading() as tx:
            # before the first poll all sums would be zeros
            if not tx.facts.get(BASELINE):
                return {"idle": True}
            totals = count(tx.orders.lines(), tx.masters.roster(), today)
            shown = {str(row[0]): row for row in tx.lists.get(STATISTICS)}
        named = {str(row[0]) for row in totals.rows}
        rows = [*totals.rows, *_outlived(shown.keys() - named)]
        masters = self._masters(totals.masters)
        # what the last poll saw costs no read
        cells = 0 if _all_shown(rows, shown) else self._statistics(rows)
        return {"cells": cells, "masters": masters, "idle": not cells and not masters}

    def _masters(self, totals: Mapping[str, Sum]) -> int:
        """Journal the totals that stand wrong in «Мастера»; return how many rows."""
        written = 0
        with self._store.transaction() as tx:
            for master_id, (_, row) in tx.masters.rows().items():
                wrong = _wrong(row, _total_cells(totals.get(master_id, Sum())))
                if wrong and not _on_its_way(tx, master_id, wrong):
                    write = Write(MASTERS, "set", master_id, wrong)
                    tx.journal.add(write, urgent=False)
                    written += 1
        return written

    def _statistics(self, rows: Iterable[Row]) -> int:
        """Write what differs in a fresh reading; return how many cells.

        A row is found by its label in «Показатель», since people may sort them; new
        labels go below.
        """
        values = self._sheet.read_ranges([absolute_range_name(STATISTICS)])[0]
        layout = columns_of(STATISTICS, values)
        changes = list(self._changes(rows, values, layout))
        if changes:
            self._sheet.batch_update(changes)
        return len(changes)

    def _changes(
        self, rows: Iterable[Row], values: Values, layout: Layout
    ) -> Iterator[dict[str, Any]]:
        places = _places(values, layout)
        below = max(len(values), 1)
        columns = WORKSHEETS[STATISTICS].columns
        for row in rows:
            line = places.get(str(row[0]))
            if line is None:
                line, below = below, below + 1
            for column, value in layout.spread(dict(zip(columns, row, strict=True))):
                if not same(_at(values, line, column), value):
                    sheet_id = self._sheet.sheet_id(STATISTICS)
                    yield put_values(sheet_id, line, column, [[value]])


def _outlived(labels: set[str]) -> list[Row]:
    """Return zeros for the lines of sources and masters that no order names any more."""
    zeros = [0] * len(PERIODS)
    return [(label, *zeros) for label in sorted(labels) if _is_ours(label)]


def _is_ours(label: str) -> bool:
    """Return whether we have written this line; another may be a person's own."""
    of_master = label.endswith((": выполнено", ": оборот, ₽"))
    return of_master or label.startswith("Источник: ")


def _all_shown(rows: Iterable[Row], shown: Mapping[str, Row]) -> bool:
    for row in rows:
        there = shown.get(str(row[0]))
        if there is None or not _alike(row, there):
            return False
    return True


def _alike(one: Row, other: Row) -> bool:
    return all(same(a, b) for a, b in zip(one, other, strict=True))


def _places(values: Values, layout: Layout) -> dict[str, int]:
    """Return the 0-based row of each label."""
    label = layout.place("Показатель") or 0
    found = {}
    for number, row in enumerate(values):
        if number and len(row) > label:
            found[str(row[label])] = number
    return found


def _at(values: Values, row: int, column: int) -> Cell:
    # Google leaves out empty cells at the end of a row, and empty rows at the end
    if row >= len(values) or column >= len(values[row]):
        return ""
    found: Cell = values[row][column]
    return found


def _total_cells(totals: Sum) -> dict[str, Cell]:
    return {
        "Выполнено": totals.count,
        "Заработок": in_cell(totals.net),
        "Комиссия": in_cell(totals.commission),
    }


def _wrong(row: Sequence[Cell], totals: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the totals that do not stand in a master's row."""
    sheet = WORKSHEETS[MASTERS]
    # an empty cell says zero as well
    there = {column: row[sheet.index(column)] or 0 for column in totals}
    return {
        column: value
        for column, value in totals.items()
        if not same(there[column], value)
    }


def _on_its_way(tx: Tx, master_id: str, cells: Mapping[str, Cell]) -> bool:
    """Return whether a write of these cells waits already."""
    pending = tx.journal.pending(MASTERS, master_id)
    return any(_covers(write, cells) for write in pending)


def _covers(write: Write, cells: Mapping[str, Cell]) -> bool:
    for column, value in cells.items():
        if column not in write.cells or not same(write.cells[column], value):
            return False
    return True
