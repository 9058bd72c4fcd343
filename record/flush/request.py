"""Turns a plan into one request, and its answer into the rows as they are now.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from record.grid.plan import Gap, Plan, Put
from record.grid.verify import ReadBack
from record.sheet import Sheet, absolute_range_name, cell_data, entered_value
from record.values import Cell

# one operation of a batchUpdate
Operation = dict[str, Any]


def operations_of(plan: Plan, sheet: Sheet) -> list[Operation]:
    """Return the operations of a plan: new rows below the last one, then cells.

    New rows that are put in move those below them, so they come last of all.
    """
    # a row added at the end moves no other, so the numbers of the puts stay right
    operations: list[Operation] = []
    put_in: list[Operation] = []
    for title, rows in plan.appends.items():
        gap = plan.gaps.get(title)
        if gap is None:
            operations.append(_append(sheet.sheet_id(title), rows))
        else:
            put_in += _put_in(sheet.sheet_id(title), gap, rows)
    operations += [_update(sheet.sheet_id(put.title), put) for put in plan.puts]
    return operations + put_in


def _put_in(sheet_id: int, gap: Gap, rows: list[list[Cell]]) -> Iterator[Operation]:
    """Yield what makes room for new rows and fills them.

    A cell that people filled down is copied from the row that has moved down: nobody
    can have typed into a row that was not there, so nothing is written over.
    """
    end = gap.below + len(rows)
    room = {"dimension": "ROWS", "startIndex": gap.below, "endIndex": end}
    yield {
        "insertDimension": {
            "range": {"sheetId": sheet_id, **room},
            # the header is no model
            "inheritFromBefore": gap.below > 1,
        }
    }
    start = {"sheetId": sheet_id, "rowIndex": gap.below, "columnIndex": 0}
    yield {"updateCells": {**_rows_of(rows), "start": start}}
    for place in gap.handed_on:
        column = {
            "sheetId": sheet_id,
            "startColumnIndex": place,
            "endColumnIndex": place + 1,
        }
        model = {**column, "startRowIndex": end, "endRowIndex": end + 1}
        new = {**column, "startRowIndex": gap.below, "endRowIndex": end}
        yield {"copyPaste": {"source": model, "destination": new}}


def _append(sheet_id: int, rows: list[list[Cell]]) -> Operation:
    return {"appendCells": {"sheetId": sheet_id, **_rows_of(rows)}}


def _rows_of(rows: list[list[Cell]]) -> Operation:
    return {
        "rows": [{"values": list(map(cell_data, row))} for row in rows],
        "fields": "userEnteredValue",
    }


def _update(sheet_id: int, put: Put) -> Operation:
    # the API counts rows from 0, people and we from 1
    start = {"sheetId": sheet_id, "rowIndex": put.row - 1, "columnIndex": put.place}
    return {
        "updateCells": {
            "rows": [{"values": [cell_data(put.value)]}],
            # formats, notes and drop-down lists of the cell stay as they are
            "fields": "userEnteredValue",
            "start": start,
        }
    }


def send(
    operations: list[Operation], plan: Plan, sheet: Sheet, unless: Callable[[], object]
) -> ReadBack:
    """Write; return the header and the rows touched as they are after it.

    They are read back by the same request, so that nobody can move them in between.
    ``unless`` raises where nothing may be sent any more.
    """
    titles = plan.appends.keys() | {put.title for put in plan.puts}
    look_back = [absolute_range_name(title, "1:1") for title in sorted(titles)]
    look_back += [
        absolute_range_name(title, f"{row}:{row}") for title, row in plan.touched()
    ]
    return _read_back(sheet.batch_update(operations, look_back, unless=unless))


def _read_back(answer: Mapping[str, Any]) -> dict[str, dict[int, list[Any]]]:
    """Return title → 1-based row number → cells from the answer to a batchUpdate."""
    found: dict[str, dict[int, list[Any]]] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", []):
        rows = found.setdefault(sheet["properties"]["title"], {})
        # one block for each range asked for; what is 0 or empty is left out
        for block in sheet.get("data", []):
            left_of_it = [""] * block.get("startColumn", 0)
            first = block.get("startRow", 0) + 1
            for number, row in enumerate(block.get("rowData", []), start=first):
                rows[number] = left_of_it + list(
                    map(entered_value, row.get("values", []))
                )
    return found
