"""The spreadsheet as people have it open: plain Sheets API calls over one connection, and «Заявки» as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from gspread.utils import rowcol_to_a1

from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.values import Cell
from tests.harness.system import SPREADSHEET

NOTE = "Заметка"
TAB = {title: number for number, title in enumerate(WORKSHEETS, start=101)}
HEADERS = {title: sheet.columns + ((NOTE,) if title == ORDERS else ()) for title, sheet in WORKSHEETS.items()}
ROWS, COLUMNS = 60, 30
MASTER_ROWS = (
    {"ID": 1, "Имя": "Иван Петров", "Телефон": "89110000001", "Telegram": "601", "Активен": True},
    {"ID": 2, "Имя": "Сергей Ким", "Телефон": "89110000002", "Telegram": "602", "Активен": True},
    {"ID": 3, "Имя": "Олег Сорока", "Телефон": "89110000003", "Telegram": "603", "Активен": True, "Комиссия, %": 40},
)


@dataclass(frozen=True)
class Line:
    """A row of «Заявки» as a person sees it: its number and its cells by header.

    A person tells rows apart by the own column «Заметка»; a row that a client's form added, by its secret.
    """

    number: int
    cells: dict[str, Cell]

    @property
    def name(self) -> str:
        """What the row is known by to people."""
        return str(self.cells.get(NOTE) or self.cells.get("Ключ") or "")

    @property
    def id(self) -> str:
        """The ID as text."""
        return str(self.cells.get("ID", ""))

    def cell(self, column: str) -> Cell:
        """Return what stands under a header."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Page:
    """«Заявки» at one moment."""

    headers: list[str]
    raw: list[list[Cell]]

    def lines(self) -> list[Line]:
        """Return the rows that are not blank."""
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        for number, row in enumerate(self.raw, start=2):
            if any(cell != "" for cell in row):
                padded = [*row, *[""] * (len(self.headers) - len(row))]
                named = zip(self.headers, padded, strict=False)
                yield Line(number, {header: cell for header, cell in named if header})

    def place(self, column: str) -> int:
        """Return the 0-based place of a header."""
        return self.headers.index(column)


class Book:
    """The spreadsheet in a browser."""

    def __init__(self, url: str) -> None:
        self._sandbox = url
        self._api = f"{url}/v4/spreadsheets/{SPREADSHEET}"
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Authorization"] = "Bearer staff"

    def open_new(self) -> None:
        """Begin with an empty company: five worksheets with headers, three masters, no order."""
        self.control("reset")
        tabs = [{"properties": {"sheetId": TAB[title], "title": title, **_size()}} for title in WORKSHEETS]
        heads = [
            {"updateCells": {"start": {"sheetId": TAB[title]}, "rows": [_data(heads)], "fields": "userEnteredValue"}}
            for title, heads in HEADERS.items()
        ]
        rows = [_data([row.get(column, "") for column in HEADERS[MASTERS]]) for row in MASTER_ROWS]
        start = {"sheetId": TAB[MASTERS], "rowIndex": 1}
        masters = {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}
        self.change(*({"addSheet": tab} for tab in tabs), *heads, masters)

    def page(self) -> Page:
        """Return «Заявки» as it stands now."""
        shown = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
        answer = self._http.get(f"{self._api}/values/{ORDERS}", params=shown)
        header, *rows = _good(answer)["values"]
        return Page(header, rows)

    def change(self, *changes: dict[str, Any]) -> None:
        """Apply changes in one step."""
        _good(self._http.post(f"{self._api}:batchUpdate", json={"requests": list(changes)}))

    def type(self, number: int, place: int, value: str) -> Cell:
        """Type into a cell, as with a keyboard; return what the cell holds then."""
        where = f"{self._api}/values/{ORDERS}!{rowcol_to_a1(number, place + 1)}"
        how = {
            "valueInputOption": "USER_ENTERED",
            "includeValuesInResponse": "true",
            "responseValueRenderOption": "UNFORMATTED_VALUE",
            "responseDateTimeRenderOption": "SERIAL_NUMBER",
        }
        answer = _good(self._http.put(where, params=how, json={"values": [[value]]}))
        held: Cell = answer["updatedData"].get("values", [[""]])[0][0]
        return held

    def control(self, call: str, **body: Any) -> None:
        """Make a control call of the sandbox."""
        _good(self._http.post(f"{self._sandbox}/sandbox/{call}", json=body))

    def meanwhile(self, *changes: dict[str, Any]) -> None:
        """Let somebody make these changes just before the system's next write."""
        self.control("before_write", spreadsheet=SPREADSHEET, requests=list(changes))

    def nothing(self) -> None:
        """Write what stands there anyway, so that whatever was to happen before the next write has happened."""
        self.change(
            {"updateSheetProperties": {"properties": {"sheetId": TAB[ORDERS], "title": ORDERS}, "fields": "title"}}
        )

    def fault(self, path: str, times: int, **what: Any) -> None:
        """Let the next requests that match fail."""
        self.control("faults", api="sheets", path=path, times=times, **what)

    def mend(self) -> None:
        """Let nothing fail any more."""
        _good(self._http.delete(f"{self._sandbox}/sandbox/faults"))

    def close(self) -> None:
        """Close the browser."""
        self._http.close()


# What people do with the mouse, as requests of batchUpdate on «Заявки»; rows are 1-based, columns 0-based.


def put(number: int, place: int, value: Cell) -> dict[str, Any]:
    """Let a cell hold exactly this value."""
    start = {"sheetId": TAB[ORDERS], "rowIndex": number - 1, "columnIndex": place}
    return {"updateCells": {"start": start, "rows": [_data([value])], "fields": "userEnteredValue"}}


def put_row(number: int, cells: list[Cell]) -> dict[str, Any]:
    """Let a row hold exactly these values."""
    start = {"sheetId": TAB[ORDERS], "rowIndex": number - 1}
    return {"updateCells": {"start": start, "rows": [_data(cells)], "fields": "userEnteredValue"}}


def insert(dimension: str, before: int) -> dict[str, Any]:
    """Insert a blank row or column before a 0-based index."""
    return {"insertDimension": {"range": _span(dimension, before)}}


def delete(dimension: str, index: int) -> dict[str, Any]:
    """Delete a row or column by its 0-based index."""
    return {"deleteDimension": {"range": _span(dimension, index)}}


def move(dimension: str, index: int, to: int) -> dict[str, Any]:
    """Move a row or column so that it stands before what is now at ``to``; both 0-based."""
    return {"moveDimension": {"source": _span(dimension, index), "destinationIndex": to}}


def sort(place: int, order: str) -> dict[str, Any]:
    """Sort all rows below the header by a column."""
    everything = {"sheetId": TAB[ORDERS], "startRowIndex": 1}
    return {"sortRange": {"range": everything, "sortSpecs": [{"dimensionIndex": place, "sortOrder": order}]}}


def _span(dimension: str, index: int) -> dict[str, Any]:
    return {"sheetId": TAB[ORDERS], "dimension": dimension, "startIndex": index, "endIndex": index + 1}


def _size() -> dict[str, Any]:
    return {"gridProperties": {"rowCount": ROWS, "columnCount": COLUMNS}}


def _data(cells: Any) -> dict[str, Any]:
    return {"values": [_value(cell) for cell in cells]}


def _value(cell: Cell) -> dict[str, Any]:
    if cell == "" and isinstance(cell, str):
        return {}
    kind = "boolValue" if isinstance(cell, bool) else "stringValue" if isinstance(cell, str) else "numberValue"
    return {"userEnteredValue": {kind: cell}}


def _good(answer: requests.Response) -> Any:
    assert answer.ok, f"{answer.request.url}: {answer.text}"
    return answer.json()
