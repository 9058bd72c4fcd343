"""The spreadsheet in the hands of staff: everything here goes through a person's own gspread, as in a browser."""

from typing import Any, Literal

import gspread
import requests
from google.oauth2.credentials import Credentials
from gspread.utils import ValueInputOption, ValueRenderOption, rowcol_to_a1

from record.grid.worksheets import ORDERS

Cells = dict[str, Any]
CALLER: Cells = {  # a new order as a dispatcher types it
    "Имя": "Юля",
    "Телефон": "8 (900) 123-45-67",
    "Проблема": "Не работает розетка",
}


def google_of(who: str, url: str) -> gspread.Client:
    """Return a person's own gspread, whose Google is the sandbox at this address."""

    class Http(gspread.HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
            for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                endpoint = endpoint.replace(host, url)
            return super().request(method, endpoint, *args, **kwargs)

    client = gspread.Client(Credentials(token=who), http_client=Http)
    client.http_client.session.trust_env = False  # a proxy from the environment would capture loopback too
    return client


class Staff:
    """People who look at the sheet and edit it."""

    def __init__(self, book: gspread.Spreadsheet) -> None:
        self.book = book

    def tab(self, title: str = ORDERS) -> gspread.Worksheet:
        """Return a worksheet as staff have it open."""
        return self.book.worksheet(title)

    # Looking

    def values(self, title: str = ORDERS) -> list[list[Any]]:
        """Return all cells as they stand, header first."""
        return self.tab(title).get_values(value_render_option=ValueRenderOption.unformatted)

    def header(self, title: str = ORDERS) -> list[str]:
        """Return the first row."""
        return [str(cell) for cell in self.tab(title).row_values(1)]

    def rows(self, title: str = ORDERS) -> list[Cells]:
        """Return the rows that hold anything, by header."""
        header, *rows = self.values(title) or [[]]
        return [dict(zip(header, row, strict=False)) for row in rows if any(cell != "" for cell in row)]

    def row(self, order_id: object, title: str = ORDERS) -> Cells:
        """Return the one row with this ID."""
        (found,) = [row for row in self.rows(title) if str(row["ID"]) == str(order_id)]
        return found

    def number(self, order_id: object, title: str = ORDERS) -> int:
        """Return the number of the row with this ID."""
        header, *rows = self.values(title)
        place = header.index("ID")
        return 2 + next(index for index, row in enumerate(rows) if str(row[place]) == str(order_id))

    # Editing

    def type(self, title: str = ORDERS, /, **typed: Any) -> None:
        """Type a row below the others."""
        line = [typed.get(name, "") for name in self.header(title)]
        self.tab(title).append_row(line, value_input_option=ValueInputOption.user_entered, table_range="A1")

    def change(self, order_id: object, title: str = ORDERS, /, **typed: Any) -> None:
        """Type over cells of one row, all before anybody looks."""
        number, header = self.number(order_id, title), self.header(title)
        cells = [
            {"range": rowcol_to_a1(number, header.index(column) + 1), "values": [[value]]}
            for column, value in typed.items()
        ]
        self.tab(title).batch_update(cells, value_input_option=ValueInputOption.user_entered)

    def delete(self, order_id: object, title: str = ORDERS) -> None:
        """Delete the row with this ID."""
        self.tab(title).delete_rows(self.number(order_id, title))

    def sort(self, column: str, way: Literal["asc", "des"] = "asc") -> None:
        """Sort all rows by a column, as the menu does."""
        tab, header = self.tab(), self.header()
        tab.sort((header.index(column) + 1, way), range=f"A2:{rowcol_to_a1(tab.row_count, len(header))}")

    def move_column(self, column: str, to: int) -> None:
        """Drag a column to before another (0-based)."""
        self.move("COLUMNS", self.header().index(column), to)

    def move(self, dimension: str, start: int, to: int) -> None:
        """Drag a row or a column of «Заявки» to before another, both 0-based."""
        source = {"sheetId": self.tab().id, "dimension": dimension, "startIndex": start, "endIndex": start + 1}
        self.book.batch_update({"requests": [{"moveDimension": {"source": source, "destinationIndex": to}}]})

    def insert_column(self, before: int, *cells: str) -> None:
        """Insert an own column before a column (1-based)."""
        self.tab().insert_cols([list(cells)], before)
