"""Keeps room for new rows in the worksheets, dressed and filtered like those before.

Before the last rows are filled, more are added, as the button «Добавить 1000 строк»
does; what stands below the rows that `init` has dressed gets the same look; and the
filter reaches to the end of the grid. So a full grid costs two writes for some hundred
orders, and people's filter is set again as seldom.

A filter that left out rows which were filled when it was last looked at is a person's
own choice, and is left alone; so is a filter that was removed.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from record.errors import SheetBroken, SheetBusy, SheetDenied, SheetError
from record.grid.layout import Values, columns_of
from record.grid.tail import ends_at, upwards
from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES
from record.logs import get_logger
from record.sheet import Sheet, absolute_range_name
from record.store import Store
from record.store.facts import FORMULAS_BELOW, GRIDS_KNOWN
from worker.decor import FIELDS, Appearance, lengthen

log = get_logger(__name__)

ROWS_S = 5.0
DAY_S = 86_400
LEAST = 20  # free rows; the burst of a moment fits
ROOM = {ORDERS: 500, MASTERS: 50, SERVICES: 100, QUESTIONS: 100}
ENTERED = "sheets(properties.title,data.rowData.values.userEnteredValue)"
GRIDS = "sheets(properties(sheetId,title,gridProperties),basicFilter)"
Json = dict[str, Any]


@dataclass(frozen=True)
class Grid:
    """A worksheet's rows: how many, how many are filled, and where its filter ends.

    ``known_rows`` and ``known_filled`` are the same two when last seen.
    """

    title: str
    rows: int
    filled: int
    filter_end: int | None
    known_rows: int | None
    known_filled: int
    sheet_id: int = 0

    @property
    def dressed(self) -> int:
        """How many rows there were when they were last dressed, as far as is known."""
        return min(self.known_rows or self.filter_end or self.rows, self.rows)

    @property
    def room(self) -> int:
        """How many rows to add."""
        if self.rows - self.filled >= LEAST:
            return 0
        return ROOM[self.title]

    @property
    def filtered(self) -> bool:
        """Whether the filter holds for all that was filled when last seen."""
        if self.filter_end is None:
            return False
        return self.filter_end >= min(self.known_filled, self.filled)

    @property
    def lacks(self) -> bool:
        """Whether something is to be done."""
        cut = self.filtered and (self.filter_end or 0) < self.rows
        undressed = self.dressed < self.rows
        return cut or undressed or bool(self.room)


class RowsJob:
    """Looks at the start, once a day, and when the end of the grid may be near."""

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet
        self._looked = float("-inf")
        # from how many rows of a worksheet on it has to be looked at again
        self._enough: dict[str, int] = {}

    def run(self) -> Json:
        """Add and dress rows where that is due; return how many were added.

        Raises:
            SheetError: see :mod:`record.errors`; it is done at the next run.
        """
        with self._store.reading() as tx:
            counts = {ORDERS: tx.orders.count(), MASTERS: len(tx.masters.rows())}
            known = tx.facts.get(GRIDS_KNOWN) or {}
        if not self._is_near(counts) and time.monotonic() - self._looked < DAY_S:
            return {"idle": True}
        values = self._sheet.read().values()
        grids = list(_grids(self._sheet.describe(GRIDS), values, known))
        self._note_formulas(grids, values)
        lacking = [grid for grid in grids if grid.lacks]
        taken = not lacking or self._lengthen(lacking, values)
        added = {grid.title: grid.room for grid in lacking} if taken else {}
        self._note_ends(grids, added, counts)
        if taken:
            self._remember(grids, added)
        self._looked = time.monotonic()
        return {
            "rows": sum(added.values()),
            "worksheets": len(lacking),
            "idle": not lacking,
        }

    def _note_formulas(
        self, grids: Iterable[Grid], values: Mapping[str, Values]
    ) -> None:
        """Note where formulas that show nothing stand below the last row.

        No reading of values tells of them, and Google adds rows below them.
        """
        ranges = []
        for grid in grids:
            if grid.title not in (ORDERS, MASTERS):
                continue
            rows = values[grid.title]
            numbered = dict(enumerate(rows[1:], start=2))
            after = 1 + ends_at(columns_of(grid.title, rows), upwards(numbered))
            if after <= grid.rows:
                ranges.append(absolute_range_name(grid.title, f"{after}:{after}"))
        seen = self._sheet.describe(ENTERED, ranges)["sheets"] if ranges else []
        below = [one["properties"]["title"] for one in seen if _has_formula(one)]
        with self._store.transaction() as tx:
            tx.facts.put(FORMULAS_BELOW, below)

    def _is_near(self, counts: Mapping[str, int]) -> bool:
        """Return whether so many rows have come that the end of a grid may be near."""
        return any(
            count > self._enough.get(title, count) for title, count in counts.items()
        )

    def _note_ends(
        self,
        grids: Iterable[Grid],
        added: Mapping[str, int],
        counts: Mapping[str, int],
    ) -> None:
        for grid in grids:
            if grid.title in counts:
                free = grid.rows + added.get(grid.title, 0) - grid.filled
                spare = max(0, free - LEAST)
                self._enough[grid.title] = counts[grid.title] + spare

    def _lengthen(self, grids: list[Grid], values: Mapping[str, Values]) -> bool:
        """Do what is due in one write; return whether Google took it."""
        requests = list(self._requests(grids, values))
        try:
            if requests:
                self._sheet.batch_update(requests)
        except (SheetBusy, SheetDenied, SheetBroken):
            raise
        except SheetError as error:
            # what it refuses now it will refuse in a minute too: that waits for the
            # next look
            worksheets = [grid.title for grid in grids]
            log.warning("rows_refused", error=str(error), worksheets=worksheets)
            return False
        return True

    def _requests(
        self, grids: list[Grid], values: Mapping[str, Values]
    ) -> Iterator[Json]:
        described = self._sheet.describe(FIELDS, _ranges(grids))["sheets"]
        seen = {one["properties"]["title"]: one for one in described}
        for grid in grids:
            rows = values[grid.title]
            layout = columns_of(grid.title, rows)
            worksheet = Appearance(seen[grid.title], layout, rows)
            yield from lengthen(
                worksheet, grid.dressed, grid.room, filtered=grid.filtered
            )

    def _remember(self, grids: Iterable[Grid], added: Mapping[str, int]) -> None:
        standing = {}
        for grid in grids:
            rows = grid.rows + added.get(grid.title, 0)
            standing[grid.title] = {
                "id": grid.sheet_id,
                "rows": rows,
                "filled": grid.filled,
            }
        with self._store.transaction() as tx:
            tx.facts.put(GRIDS_KNOWN, standing)


def _has_formula(described: Json) -> bool:
    for data in described.get("data", []):
        for row in data.get("rowData", []):
            for cell in row.get("values", []):
                if "formulaValue" in cell.get("userEnteredValue", {}):
                    return True
    return False


def _ranges(grids: Iterable[Grid]) -> Iterator[str]:
    """Yield the last dressed and the last row of each worksheet."""
    for grid in grids:
        for row in {grid.dressed, grid.rows}:
            yield absolute_range_name(grid.title, f"{row}:{row}")


def _grids(
    described: Json, values: Mapping[str, Values], known: Mapping[str, Json]
) -> Iterator[Grid]:
    for one in described["sheets"]:
        title = one["properties"]["title"]
        if title not in ROOM:
            continue
        rows = int(one["properties"]["gridProperties"]["rowCount"])
        end = None
        if "basicFilter" in one:
            # a filter with an open end reaches the last row
            where: Json = one["basicFilter"].get("range", {})
            end = int(where.get("endRowIndex", rows))
        before = known.get(title, {})
        yield Grid(
            title,
            rows,
            len(values[title]),
            end,
            before.get("rows"),
            before.get("filled", 0),
            one["properties"].get("sheetId", 0),
        )
