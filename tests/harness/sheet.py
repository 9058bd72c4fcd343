"""The spreadsheet in the hands of staff, who bring it back to the start and do there whatever a pitfall needs."""

from typing import Any

import gspread
from gspread.utils import ValueInputOption, rowcol_to_a1

from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from tests.harness.staff import Cells, Staff
from tests.harness.system import System

TYPED = ValueInputOption.user_entered
PASTED = ValueInputOption.raw


class Sheet(Staff):
    """Worksheets as staff have them open; ``ids`` are the three orders that stand there in the morning."""

    def __init__(self, system: System) -> None:
        super().__init__(system.staff())
        self._system = system
        self._tabs = {tab.title: tab for tab in self.book.worksheets()}
        self.ids = (1, 2, 3)

    @property
    def next_id(self) -> int:
        """The number that the next new order will be given."""
        return self.ids[-1] + 1

    def tab(self, title: str = ORDERS) -> gspread.Worksheet:
        """Return a worksheet."""
        return self._tabs[title]

    def height(self) -> int:
        """Return how many rows stand below the header of «Заявки»."""
        return len(self.values()) - 1

    def paste(self, *rows: Cells) -> None:
        """Paste rows below the others, as values."""
        header = self.header()
        lines = [[row.get(name, "") for name in header] for row in rows]
        self.tab().append_rows(lines, value_input_option=PASTED, table_range="A1")

    def type_number(self, order_id: object, column: str, value: float) -> None:
        """Let a cell hold a number, as a paste from elsewhere does."""
        place = rowcol_to_a1(self.number(order_id), self.header().index(column) + 1)
        self.tab().update([[value]], place, value_input_option=PASTED)

    def insert_above(self, order_id: object, **typed: Any) -> None:
        """Insert a row above an order's and type it."""
        line = [typed.get(name, "") for name in self.header()]
        self.tab().insert_row(line, self.number(order_id), value_input_option=TYPED)

    def move_row(self, order_id: object, to: int) -> None:
        """Drag a row to before another (0-based)."""
        self.move("ROWS", self.number(order_id) - 1, to)

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
        self._system.post("before_write", spreadsheet=self.book.id, requests=list(requests))


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
