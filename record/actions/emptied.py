"""A row that tells of nobody: what makes it one, and whether it is one. Pure."""

from record.dispatch.person import ERASED, FORMER, OF_CLIENT, OF_MASTER
from record.grid.layout import Row
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.values import Cell, as_shown, is_empty
from record.values.order_keys import new_key

TELLING = {ORDERS: OF_CLIENT, MASTERS: OF_MASTER}
# the system goes on to write these by itself
OURS = ("Ключ", "Проверка")


def called(title: str, number: str) -> str:
    """Return what stands for the name of whoever is forgotten."""
    return f"{FORMER} {number}" if title == MASTERS else ERASED


def emptied(title: str, number: str) -> dict[str, Cell]:
    """Return what to write into a row, those cells too that seem to be empty.

    Somebody may be typing a second phone into one of them.
    """
    cells: dict[str, Cell] = dict.fromkeys(TELLING[title], "")
    cells["Имя"] = called(title, number)
    if title == ORDERS:
        # an empty one would be put back
        cells["Ключ"] = new_key()
    return cells


def telling(title: str, number: str, row: Row) -> list[str]:
    """Return the columns in which a row tells of somebody."""
    sheet = WORKSHEETS[title]
    columns = [column for column in TELLING[title] if column not in OURS]
    cells = {column: row[sheet.index(column)] for column in columns}
    if as_shown(cells["Имя"]) == called(title, number):
        del cells["Имя"]
    return [column for column, cell in cells.items() if not is_empty(cell)]


def is_emptied(title: str, number: str, row: Row) -> bool:
    """Return whether a row tells of nobody, and says so."""
    named = as_shown(row[WORKSHEETS[title].index("Имя")]) == called(title, number)
    return named and not telling(title, number, row)
