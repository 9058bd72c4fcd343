"""Keeps room for new rows in the worksheets, so that they are dressed and filtered like
those before them.

Before the last rows are filled, more are added, as the button «Добавить 1000 строк»
does; what stands below the rows that `init` has dressed gets the same look; and the
filter reaches to the end of the grid. So a full grid costs two writes for some hundred
orders, and people's filter is set anew as seldom.

A filter that left out rows which were filled when it was last looked at is a person's
own choice, and is left alone; so is a filter that was removed.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from record.errors import SheetBroken, SheetBusy, SheetDenied, SheetError
from record.grid.layout import Values, find_columns
from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES
from record.logs import get_logger
from record.sheet import Sheet, absolute_range_name
from record.store import Store
from record.store.facts import Fact
from worker.decor import FIELDS, Appearance, lengthen

log = get_logger(__name__)

ROWS_S = 5.0
DAY_S = 86_400
LEAST = 20  # free rows; the burst of a moment fits
ROOM = {ORDERS: 500, MASTERS: 50, SERVICES: 100, QUESTIONS: 100}
GRIDS = "sheets(properties(sheetId,title,gridProperties),basicFilter)"
Json = dict[str, Any]
GRIDS_KNOWN = Fact[dict[str, Json]]("grids")


@dataclass(frozen=True)
class Grid:
    """A worksheet's grid: its rows, how many are filled, where its filter ends, and the
    same two when last seen.
    """

    title: str
    rows: int
    filled: int
    filter_end: int | None
    known_rows: int | None
    known_filled: int

    @property
    def dressed(self) -> int:
        """How many rows there were when they were last dressed, as far as anybody
        knows.
        """
        return min(self.known_rows or self.filter_end or self.rows, self.rows)

    @property
    def room(self) -> int:
        """How many rows to add."""
        return ROOM[self.title] if self.rows - self.filled < LEAST else 0

    @property
    def filtered(self) -> bool:
        """Say whether the filter holds for all that was filled when last seen."""
        return self.filter_end is not None and self.filter_end >= min(
            self.known_filled, self.filled
        )

    @property
    def lacks(self) -> bool:
        """Say whether something is to be done."""
        cut = self.filtered and (self.filter_end or 0) < self.rows
        return bool(self.room) or self.dressed < self.rows or cut


class RowsJob:
    """Looks at the sheet at the start, once a day, and when so many rows have come that
    the end may be near.
    """

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet
        self._looked = float("-inf")
        self._enough: dict[str, int] = {}

    def run(self) -> Json:
        """Add and dress rows where that is due; returns how many were added.

        Raises:
            SheetError: see :mod:`record.errors`; it is done at the next run.
        """
        with self._store.reading() as tx:
            counted = {ORDERS: tx.orders.count(), MASTERS: len(tx.masters.rows())}
            known = tx.facts.get(GRIDS_KNOWN) or {}
        near = any(
            count > self._enough.get(title, count) for title, count in counted.items()
        )
        if not near and time.monotonic() - self._looked < DAY_S:
            return {"idle": True}
        values = self._sheet.read().values()
        tables = list(_tables(self._sheet.describe(GRIDS), values, known))
        lacking = [table for table in tables if table.lacks]
        taken = not lacking or self._lengthen(lacking, values)
        added = {table.title: table.room for table in lacking} if taken else {}
        for table in tables:
            if table.title in counted:
                free = table.rows + added.get(table.title, 0) - table.filled
                self._enough[table.title] = counted[table.title] + max(0, free - LEAST)
        if taken:
            self._remember(tables, added)
        self._looked = time.monotonic()
        return {
            "rows": sum(added.values()),
            "worksheets": len(lacking),
            "idle": not lacking,
        }

    def _lengthen(self, tables: list[Grid], values: dict[str, Values]) -> bool:
        """Do what is due in one write; say whether Google took it.

        What it refuses now it will refuse in a minute too, so that waits for the next
        look.
        """
        ranges = [
            absolute_range_name(table.title, f"{row}:{row}")
            for table in tables
            for row in {table.dressed, table.rows}
        ]
        seen = {
            one["properties"]["title"]: one
            for one in self._sheet.describe(FIELDS, ranges)["sheets"]
        }
        requests: list[Json] = []
        for table in tables:
            rows = values[table.title]
            layout = find_columns(table.title, rows[0] if rows else [])
            worksheet = Appearance(seen[table.title], layout, rows)
            requests += lengthen(
                worksheet, table.dressed, table.room, filtered=table.filtered
            )
        try:
            if requests:
                self._sheet.batch_update(requests)
        except (SheetBusy, SheetDenied, SheetBroken):
            raise
        except SheetError as error:
            log.warning(
                "rows_refused",
                error=str(error),
                worksheets=[table.title for table in tables],
            )
            return False
        return True

    def _remember(self, tables: list[Grid], added: dict[str, int]) -> None:
        standing = {
            table.title: {
                "rows": table.rows + added.get(table.title, 0),
                "filled": table.filled,
            }
            for table in tables
        }
        with self._store.transaction() as tx:
            tx.facts.put(GRIDS_KNOWN, standing)


def _tables(
    described: Json, values: dict[str, Values], known: dict[str, Json]
) -> Iterator[Grid]:
    for one in described["sheets"]:
        title = one["properties"]["title"]
        if title in ROOM:
            rows = int(one["properties"]["gridProperties"]["rowCount"])
            where: Json = one.get("basicFilter", {}).get("range", {})
            end = int(where.get("endRowIndex", rows)) if "basicFilter" in one else None
            before = known.get(title, {})
            yield Grid(
                title,
                rows,
                len(values[title]),
                end,
                before.get("rows"),
                before.get("filled", 0),
            )
