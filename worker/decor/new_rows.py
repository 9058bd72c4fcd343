"""What a worksheet lacks once its grid has grown: rows that come later look like those
before them. Pure.

Google applies formats and rules to the cells that are there, and closes the open end of
a range to the grid of that moment. So what `init` has set ends where the grid ended
then, and whatever is appended below stands there bare.

New rows take from the last row before them only what we set ourselves, in the columns
where we set it: what a person has changed or taken away there stays so, and the colour
of one row does not spread. Checkboxes are not handed on, see :mod:`worker.decor.cells`.
"""

from collections.abc import Iterator
from dataclasses import replace

from worker.decor import colours, guards
from worker.decor.appearance import Appearance, Json
from worker.decor.cells import placed, repeated, span
from worker.decor.columns import Column


def lengthen(
    worksheet: Appearance, dressed: int, room: int, *, filtered: bool
) -> Iterator[Json]:
    """Yield the batchUpdate requests that add ``room`` rows to the grid and dress all
    below the first ``dressed``.

    ``worksheet`` has the cells of the last dressed row and of the last row; ``filtered``:
    the filter is to reach the end.
    """
    if room:
        yield {
            "appendDimension": {
                "sheetId": worksheet.sheet_id,
                "dimension": "ROWS",
                "length": room,
            }
        }
    taller = _taller(worksheet, room)
    yield from _dressed(worksheet, dressed, room)
    yield from colours.mended(taller)
    yield from guards.mended(taller)
    if filtered:
        yield from guards.filter_to_the_end(taller)


def _taller(worksheet: Appearance, room: int) -> Appearance:
    properties = worksheet.answer["properties"]
    grid = {**properties["gridProperties"], "rowCount": worksheet.last_row + 1 + room}
    return replace(
        worksheet,
        answer={
            **worksheet.answer,
            "properties": {**properties, "gridProperties": grid},
        },
    )


def _dressed(worksheet: Appearance, dressed: int, room: int) -> Iterator[Json]:
    if dressed <= 1:
        return  # only the header stands above, and is no model
    for _, column, place in placed(worksheet):
        model, last = (
            worksheet.cell(dressed - 1, place),
            worksheet.cell(worksheet.last_row, place),
        )
        shapes, settled = (
            model.get("userEnteredFormat", {}),
            last.get("userEnteredFormat", {}),
        )
        missing: dict[int, Json] = {}
        for key in _keys(column):
            start = _start(worksheet, dressed, room, settled=key in settled)
            if key in shapes and start is not None:
                missing.setdefault(start, {})[key] = shapes[key]
        for start, form in missing.items():
            yield repeated(span(worksheet, place, start), {"userEnteredFormat": form})
        rule = model.get("dataValidation")
        start = _start(worksheet, dressed, room, settled="dataValidation" in last)
        if (
            column.rule
            and rule
            and rule["condition"]["type"] != "BOOLEAN"
            and start is not None
        ):
            yield {
                "setDataValidation": {
                    "range": span(worksheet, place, start),
                    "rule": rule,
                }
            }


def _keys(column: Column) -> list[str]:
    return list({"verticalAlignment": "MIDDLE", **column.format})


def _start(
    worksheet: Appearance, dressed: int, room: int, *, settled: bool
) -> int | None:
    """Return the 0-based row from which something lacks: whoever has dressed the last
    row has settled those above.
    """
    rows = worksheet.last_row + 1
    if not settled and dressed < rows:
        return dressed
    return rows if room else None
