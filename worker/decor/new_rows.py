"""What a worksheet lacks once its grid has grown, so that later rows look alike. Pure.

Google applies formats and rules to the cells that are there, and closes the open end of
a range to the grid of that moment. So what `init` has set ends where the grid ended
then, and whatever is appended below stands there bare.

New rows take from the last row before them only what we set ourselves, in the columns
where we set it: what a person has changed or taken away there stays so, and the colour
of one row does not spread. Checkboxes are not handed on, see :mod:`worker.decor.cells`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from worker.cell_requests import repeated, span
from worker.decor import colours, guards
from worker.decor.appearance import Appearance, Json
from worker.decor.cells import placed
from worker.decor.columns import Column


def lengthen(
    worksheet: Appearance, dressed: int, room: int, *, filtered: bool
) -> Iterator[Json]:
    """Yield the requests that add ``room`` rows and dress all below the first ``dressed``.

    ``worksheet`` has the cells of the last dressed row and of the last row; ``filtered``:
    the filter is to reach the end.
    """
    if room:
        where = {"sheetId": worksheet.sheet_id, "dimension": "ROWS"}
        yield {"appendDimension": {**where, "length": room}}
    taller = _taller(worksheet, room)
    yield from _dressed(worksheet, dressed, room)
    yield from colours.mended(taller)
    yield from guards.mended(taller)
    if filtered:
        yield from guards.filter_to_the_end(taller)


def _taller(worksheet: Appearance, room: int) -> Appearance:
    """Return the worksheet as it stands once the rows are added."""
    grid = {**worksheet.grid, "rowCount": worksheet.last_row + 1 + room}
    properties = {**worksheet.answer["properties"], "gridProperties": grid}
    return replace(worksheet, answer={**worksheet.answer, "properties": properties})


def _dressed(worksheet: Appearance, dressed: int, room: int) -> Iterator[Json]:
    # only the header stands above, and is no model
    if dressed <= 1:
        return
    for _, column, place in placed(worksheet):
        model = worksheet.cell(dressed - 1, place)
        last = worksheet.cell(worksheet.last_row, place)
        needed = _Needed(worksheet, dressed, room, model, last)
        yield from needed.formats(column, place)
        if column.rule:
            yield from needed.rule(place)


@dataclass(frozen=True)
class _Needed:
    """What one column takes from the last dressed row, its ``model``."""

    worksheet: Appearance
    dressed: int
    room: int
    model: Json
    last: Json

    def formats(self, column: Column, place: int) -> Iterator[Json]:
        shapes = self.model.get("userEnteredFormat", {})
        settled = self.last.get("userEnteredFormat", {})
        # what begins to lack in one row goes out in one request
        missing: dict[int, Json] = {}
        for key in column.whole_format:
            start = self._start(settled=key in settled)
            if key in shapes and start is not None:
                missing.setdefault(start, {})[key] = shapes[key]
        for start, form in missing.items():
            where = span(self.worksheet.sheet_id, place, start)
            yield repeated(where, {"userEnteredFormat": form})

    def rule(self, place: int) -> Iterator[Json]:
        rule = self.model.get("dataValidation")
        # checkboxes are not handed on
        if not rule or rule["condition"]["type"] == "BOOLEAN":
            return
        start = self._start(settled="dataValidation" in self.last)
        if start is not None:
            where = span(self.worksheet.sheet_id, place, start)
            yield {"setDataValidation": {"range": where, "rule": rule}}

    def _start(self, *, settled: bool) -> int | None:
        """Return the 0-based row from which something lacks, None where nothing does."""
        rows = self.worksheet.last_row + 1
        # whoever has dressed the last row has settled those above
        if not settled and self.dressed < rows:
            return self.dressed
        return rows if self.room else None
