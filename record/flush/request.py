"""Turns a plan into one request, and its answer into the rows as they are now.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
"""

from collections.abc import Callable, Mapping
from typing import Any

from record.grid.plan import After, Plan
from record.sheet import Sheet, absolute_range_name, cell_data, entered_value

Request = dict[str, Any]


def requests_of(plan: Plan, sheet: Sheet) -> list[Request]:
    """Return the batchUpdate requests of a plan: new rows below the last one, then
    cells.
    """
    requests: list[Request] = [
        {
            "appendCells": {
                "sheetId": sheet.sheet_id(title),
                "rows": [
                    {"values": [cell_data(value) for value in row]} for row in rows
                ],
                "fields": "userEnteredValue",
            }
        }
        for title, rows in plan.appends.items()
    ]
    for put in plan.puts:
        start = {
            "sheetId": sheet.sheet_id(put.title),
            "rowIndex": put.row - 1,
            "columnIndex": put.place,
        }
        cell = {
            "rows": [{"values": [cell_data(put.value)]}],
            "fields": "userEnteredValue",
            "start": start,
        }
        requests.append({"updateCells": cell})
    return requests


def send(
    requests: list[Request], plan: Plan, sheet: Sheet, unless: Callable[[], object]
) -> After:
    """Write; return the header and the rows touched as they are after it, read back by
    the same request.

    ``unless`` raises where nothing may be sent any more.
    """
    titles = {put.title for put in plan.puts} | set(plan.appends)
    look_back = [absolute_range_name(title, "1:1") for title in sorted(titles)]
    look_back += [
        absolute_range_name(title, f"{row}:{row}") for title, row in plan.touched()
    ]
    return _rows_after(sheet.batch_update(requests, look_back, unless=unless))


def _rows_after(answer: Mapping[str, Any]) -> dict[str, dict[int, list[Any]]]:
    """Return title → 1-based row number → cells from the read-back of a batchUpdate."""
    found: dict[str, dict[int, list[Any]]] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", []):
        rows = found.setdefault(sheet["properties"]["title"], {})
        for data in sheet.get("data", []):
            for number, row in enumerate(
                data.get("rowData", []), start=data.get("startRow", 0) + 1
            ):
                rows[number] = [""] * data.get("startColumn", 0) + [
                    entered_value(cell) for cell in row.get("values", [])
                ]
    return found
