"""The spreadsheet in the hands of staff: everything here goes through a person's own gspread."""

from typing import Any

import gspread
from gspread.utils import ValueInputOption, ValueRenderOption, rowcol_to_a1

from record.worksheets import MASTERS, ORDERS, WORKSHEETS
from tests.house import House

TYPED = ValueInputOption.user_entered
PASTED = ValueInputOption.raw
Cells = dict[str, Any]


class Sheet:
    """Worksheets as staff have them open; ``ids`` are the three orders that stand there in the morning."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.book = house.staff()
        self._tabs = {tab.title: tab for tab in self.book.worksheets()}
        self.ids = (1, 2, 3)

    @property
    def next_id(self) -> int:
        """The number that the next new order will be given."""
        return self.ids[-1] + 1

    def tab(self, title: str = ORDERS) -> gspread.Worksheet:
        """Return a worksheet."""
        return self._tabs[title]

    # Looking

    def values(self, title: str = ORDERS) -> list[list[Any]]:
        """Return all cells as they stand, header first."""
        return self.tab(title).get_values(value_render_option=ValueRenderOption.unformatted)

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

    def header(self, title: str = ORDERS) -> list[str]:
        """Return the first row."""
        return [str(cell) for cell in self.tab(title).row_values(1)]

    def height(self) -> int:
        """Return how many rows stand below the header of «Заявки»."""
        return len(self.values()) - 1

    # Editing

    def type(self, title: str = ORDERS, /, **typed: Any) -> None:
        """Type a row below the others."""
        line = [typed.get(name, "") for name in self.header(title)]
        self.tab(title).append_row(line, value_input_option=TYPED, table_range="A1")

    def paste(self, *rows: Cells) -> None:
        """Paste rows below the others, as values."""
        header = self.header()
        lines = [[row.get(name, "") for name in header] for row in rows]
        self.tab().append_rows(lines, value_input_option=PASTED, table_range="A1")

    def change(self, order_id: object, title: str = ORDERS, /, **typed: Any) -> None:
        """Type over cells of one row, all before anybody looks."""
        number, header = self.number(order_id, title), self.header(title)
        cells = [
            {"range": rowcol_to_a1(number, header.index(column) + 1), "values": [[value]]}
            for column, value in typed.items()
        ]
        self.tab(title).batch_update(cells, value_input_option=TYPED)

    def type_number(self, order_id: object, column: str, value: float) -> None:
        """Let a cell hold a number, as a paste from elsewhere does."""
        place = rowcol_to_a1(self.number(order_id), self.header().index(column) + 1)
        self.tab().update([[value]], place, value_input_option=PASTED)

    def insert_above(self, order_id: object, **typed: Any) -> None:
        """Insert a row above an order's and type it."""
        line = [typed.get(name, "") for name in self.header()]
        self.tab().insert_row(line, self.number(order_id), value_input_option=TYPED)

    def delete(self, order_id: object, title: str = ORDERS) -> None:
        """Delete the row with this ID."""
        self.tab(title).delete_rows(self.number(order_id, title))

    def sort(self, column: str, way: str = "asc") -> None:
        """Sort all rows by a column, as the menu does."""
        header = self.header()
        area = f"A2:{rowcol_to_a1(self.tab().row_count, len(header))}"
        self.tab().sort((header.index(column) + 1, way), range=area)  # type: ignore[arg-type]

    def move_row(self, order_id: object, to: int) -> None:
        """Drag a row to before another (0-based)."""
        self._move("ROWS", self.number(order_id) - 1, to)

    def move_column(self, column: str, to: int) -> None:
        """Drag a column to before another (0-based)."""
        self._move("COLUMNS", self.header().index(column), to)

    def _move(self, dimension: str, start: int, to: int) -> None:
        source = {"sheetId": self.tab().id, "dimension": dimension, "startIndex": start, "endIndex": start + 1}
        self.book.batch_update({"requests": [{"moveDimension": {"source": source, "destinationIndex": to}}]})

    def insert_column(self, before: int, *cells: str) -> None:
        """Insert an own column before a column (1-based)."""
        self.tab().insert_cols([list(cells)], before)

    def rename_header(self, old: str, new: str) -> None:
        """Type over a header."""
        self.tab().update_cell(1, self.header().index(old) + 1, new)

    def overwrite(self, values: list[list[Any]], title: str = ORDERS) -> None:
        """Let the worksheet hold exactly these cells, as pasting over everything or Undo does, in one stroke."""
        old = self.values(title)
        height, width = max(len(old), len(values)), max(len(row) for row in [*old, *values, [""]])
        full = [list(row) + [""] * (width - len(row)) for row in values + [[]] * (height - len(values))]
        self.tab(title).update(full, "A1", value_input_option=PASTED)

    def fill(self, title: str, rows: list[Cells]) -> None:
        """Let the worksheet hold its headers and these rows."""
        columns = WORKSHEETS[title].columns
        self.overwrite([list(columns), *[[row.get(name, "") for name in columns] for row in rows]], title)

    def shorten(self) -> None:
        """Delete the upper half of all orders but one."""
        self.tab().delete_rows(2, 1 + (self.height() - 1) // 2)

    def meanwhile(self, order_id: object, **typed: Any) -> None:
        """Type over cells of one row just before the system's next write takes effect."""
        number, header = self.number(order_id), self.header()
        self.meanwhile_requests(
            *(
                {
                    "updateCells": {
                        "start": {
                            "sheetId": self.tab().id,
                            "rowIndex": number - 1,
                            "columnIndex": header.index(column),
                        },
                        "rows": [{"values": [{"userEnteredValue": _entered(value)}]}],
                        "fields": "userEnteredValue",
                    }
                }
                for column, value in typed.items()
            )
        )

    def meanwhile_requests(self, *requests: Cells) -> None:
        """Make these changes just before the system's next write takes effect."""
        self._house.post("before_write", spreadsheet=self.book.id, requests=list(requests))


def _entered(value: Any) -> Cells:
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def order(number: int, **more: Any) -> Cells:
    """Return the cells of a new order that the masters have been told of."""
    return {
        "ID": number,
        "Дата": 45641.5,
        "Источник": "phone",
        "Имя": f"Клиент {number}",
        "Телефон": f"+7900{number % 10_000_000:07}",
        "Категория": "Электрика",
        "Проблема": f"Проблема {number}",
        "Адрес": f"Невского {number}",
        "Статус": "Новая",
        "Оповещены": 45641.6,
        "Ключ": f"key{number}",
        **more,
    }


__all__ = ["MASTERS", "ORDERS", "Cells", "Sheet", "order"]
