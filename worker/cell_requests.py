"""The request of the Sheets API that puts values into cells. Pure.

gspread's ``Worksheet.update`` is a request of its own to another address; this one goes
out together with formats and new columns, all or none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from record.sheet import cell_data
from record.values import Cell


def put_values(
    sheet_id: int, row: int, column: int, rows: Iterable[Sequence[Cell]]
) -> dict[str, Any]:
    """Return the request that writes rows from a 0-based cell on; "" empties a cell.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#updatecellsrequest
    """
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    data = [{"values": [cell_data(value) for value in cells]} for cells in rows]
    return {"updateCells": {"rows": data, "fields": "userEnteredValue", "start": start}}
