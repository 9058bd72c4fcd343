"""How these tests write a sheet: as people see it, a text table or `Column: value; Column: value`."""

import re
from datetime import datetime
from decimal import Decimal

from record.dispatch.model import Master, Order, Roster
from record.dispatch.reading import read_order
from record.grid.layout import Values
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Cell, telegram

PETROV, KIM = (
    Master("1", "Иван Петров", "+79110000001", telegram(601), active=True),
    Master("2", "Сергей Ким", "+79110000002", telegram(602), active=True, percent=Decimal(20)),
)
ROSTER = Roster.of([PETROV, KIM])
COMPLETE = "ID: 7; Источник: phone; Имя: Юля; Телефон: 89001234567; Проблема: Нет света; Адрес: Невского 47; Ключ: k7"


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of the company's wall clock."""
    return datetime(year, month, day, hour, minute, second)


def entered(typed: str) -> Cell:
    """Return the cell that Sheets makes of what a person types: a number, a flag or text."""
    typed = typed.strip()
    if typed in {"TRUE", "FALSE"}:
        return typed == "TRUE"
    if re.fullmatch(r"-?(0|[1-9]\d*)", typed):
        return int(typed)
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", typed):
        return float(typed)
    return typed


def table(drawn: str) -> Values:
    """Return the values of a drawn table, trailing empty cells and rows dropped as Google drops them."""
    rows: Values = [[entered(cell) for cell in line.strip().split("|")] for line in drawn.strip().split("\n")]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    return rows


def named(said: str) -> dict[str, Cell]:
    """Return cells by column from `Column: value; Column: value`."""
    pairs = (part.split(":", 1) for part in said.split(";") if part.strip())
    return {column.strip(): entered(value) for column, value in pairs}


def row(said: str, title: str = ORDERS) -> tuple[Cell, ...]:
    """Return a row of a worksheet with these cells, the others empty."""
    cells = named(said)
    assert cells.keys() <= set(WORKSHEETS[title].columns), said
    return tuple(cells.get(column, "") for column in WORKSHEETS[title].columns)


def order(said: str = "", roster: Roster = ROSTER) -> Order:
    """Return a complete order with an ID and a key, its row as typed and with these cells typed over it."""
    return read_order(row(f"{COMPLETE}; {said}"), roster)
