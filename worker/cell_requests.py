"""Requests of the Sheets API that fill cells and give them a look. Pure.

gspread's ``Worksheet.update`` is a request of its own to another address; these go out
together with new columns and each other, all or none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from record.sheet import cell_data
from record.values import Cell

Json = dict[str, Any]


def put_values(
    sheet_id: int, row: int, column: int, rows: Iterable[Sequence[Cell]]
) -> Json:
    """Return the request that writes rows from a 0-based cell on; "" empties a cell.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#updatecellsrequest
    """
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    data = [{"values": [cell_data(value) for value in cells]} for cells in rows]
    return {"updateCells": {"rows": data, "fields": "userEnteredValue", "start": start}}


def span(sheet_id: int, place: int, start: int, end: int | None = None) -> Json:
    """Return the range of a column's rows [start, end), 0-based; open without ``end``."""
    where = {"sheetId": sheet_id, "startRowIndex": start}
    if end is not None:
        where["endRowIndex"] = end
    return {**where, "startColumnIndex": place, "endColumnIndex": place + 1}


def repeated(where: Json, cell: Json) -> Json:
    """Return the request that gives a range format and note of a cell.

    Only what the cell names is changed; all else there stays as it is.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#repeatcellrequest
    """
    fields = []
    for key, value in cell.get("userEnteredFormat", {}).items():
        if key == "textFormat":
            fields += [f"userEnteredFormat.textFormat.{one}" for one in value]
        else:
            fields.append(f"userEnteredFormat.{key}")
    if "note" in cell:
        fields.append("note")
    return {"repeatCell": {"range": where, "cell": cell, "fields": ",".join(fields)}}
