"""Keeps «Статистика» and the totals in «Мастера» up to date; writes only cells that are
different.
"""

from datetime import datetime
from typing import Any

from record.grid.layout import Values, find_columns, same
from record.grid.worksheets import MASTERS, STATISTICS, WORKSHEETS
from record.grid.writes import Write
from record.reports.earnings import Sum
from record.reports.totals import PERIODS, Totals, count
from record.settings import Settings
from record.sheet import Sheet, absolute_range_name, cell_data
from record.store import Store, Tx
from record.store.facts import BASELINE
from record.values import Cell, in_cell


class StatisticsJob:
    """Counts when orders or the day have changed since it last did."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings

    def run(self) -> dict[str, Any]:
        """Bring both worksheets up to date; returns how many cells were written.

        Raises:
            SheetError: see :mod:`record.errors`; it is done at the next run.
        """
        now = datetime.now(self._settings.zone).replace(tzinfo=None)
        with self._store.reading() as tx:
            if not tx.facts.get(BASELINE):
                return {"idle": True}
            figures = count(tx.orders.lines(), tx.masters.roster(), now)
            shown = {str(row[0]): row for row in tx.lists.get(STATISTICS)}
        figures.rows += _outlived(shown.keys() - {str(row[0]) for row in figures.rows})
        masters = self._masters(figures)
        fresh = any(
            shown.get(str(row[0])) is None or not _alike(row, shown[str(row[0])])
            for row in figures.rows
        )
        cells = self._statistics(figures) if fresh else 0
        return {"cells": cells, "masters": masters, "idle": not cells and not masters}

    def _masters(self, figures: Totals) -> int:
        """Journal the totals that stand wrong in «Мастера»."""
        sheet, written = WORKSHEETS[MASTERS], 0
        with self._store.transaction() as tx:
            for master_id, (_, row) in tx.masters.rows().items():
                totals = _total_cells(figures.masters.get(master_id, Sum()))
                wrong = {
                    c: v
                    for c, v in totals.items()
                    if not same(row[sheet.index(c)] or 0, v)
                }
                if wrong and not _on_its_way(tx, master_id, wrong):
                    tx.journal.add(
                        Write(MASTERS, "set", master_id, wrong), urgent=False
                    )
                    written += 1
        return written

    def _statistics(self, figures: Totals) -> int:
        """Write what differs, found by the label in «Показатель» in a fresh reading;
        new labels go below.
        """
        values = self._sheet.read_ranges([absolute_range_name(STATISTICS)])[0]
        layout = find_columns(STATISTICS, values[0] if values else [])
        label = layout.place("Показатель") or 0
        at = {
            str(row[label]): n for n, row in enumerate(values) if n and len(row) > label
        }
        last, changes = max(len(values), 1), []
        columns = WORKSHEETS[STATISTICS].columns
        for row in figures.rows:
            line = at.get(str(row[0]))
            if line is None:
                line, last = last, last + 1
            for place, value in layout.spread(dict(zip(columns, row, strict=True))):
                if not same(_at(values, line, place), value):
                    changes.append(
                        _put(self._sheet.sheet_id(STATISTICS), line, place, value)
                    )
        if changes:
            self._sheet.batch_update(changes)
        return len(changes)


def _outlived(labels: set[str]) -> list[tuple[Cell, ...]]:
    """Return zeros for the lines of sources and masters that no order names any more."""
    ours = (
        label
        for label in labels
        if label.startswith("Источник: ")
        or label.endswith((": выполнено", ": оборот, ₽"))
    )
    return [(label, *[0] * len(PERIODS)) for label in sorted(ours)]


def _at(values: Values, row: int, place: int) -> Cell:
    found: Cell = (
        values[row][place] if row < len(values) and place < len(values[row]) else ""
    )
    return found


def _put(sheet_id: int, row: int, place: int, value: Cell) -> dict[str, Any]:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": place}
    return {
        "updateCells": {
            "rows": [{"values": [cell_data(value)]}],
            "fields": "userEnteredValue",
            "start": start,
        }
    }


def _alike(one: tuple[Cell, ...], other: tuple[Cell, ...]) -> bool:
    return all(same(a, b) for a, b in zip(one, other, strict=True))


def _total_cells(totals: Sum) -> dict[str, Cell]:
    return {
        "Выполнено": totals.count,
        "Заработок": in_cell(totals.net),
        "Комиссия": in_cell(totals.commission),
    }


def _on_its_way(tx: Tx, master_id: str, cells: dict[str, Cell]) -> bool:
    return any(
        all(
            column in write.cells and same(write.cells[column], value)
            for column, value in cells.items()
        )
        for write in tx.journal.pending(MASTERS, master_id)
    )
