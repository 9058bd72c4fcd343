"""Sheets full of plausible orders."""

from collections.abc import Iterator
from typing import Any

from record.grid.worksheets import ORDERS, WORKSHEETS
from tests.harness.system import System

PART = 5000


def fill(system: System, count: int) -> None:
    """Let the worksheet «Заявки» hold so many finished orders and one that is new, told
    already.
    """
    worksheet = system.staff().worksheet(ORDERS)
    if count + 1 > worksheet.row_count:
        worksheet.resize(rows=count + 100)
    rows = list(plausible(count))
    for start in range(0, count, PART):
        part = rows[start : start + PART]
        worksheet.update(part, f"A{start + 2}", raw=True)


def plausible(count: int) -> Iterator[list[Any]]:
    """Yield the cells of finished orders, in the order of the worksheet's columns."""
    for number in range(1, count + 1):
        price = 500 + number % 40 * 100
        done = 45000 + number / 50
        cells: dict[str, Any] = {
            "ID": number,
            "Дата": round(done - 0.2, 5),
            "Источник": ("website", "telegram", "phone", "direct")[number % 4],
            "Имя": ("Марина", "Борис Львович", "Аня", "Тимур")[number % 4],
            "Телефон": f"+7911{number:07d}",
            "Категория": "Электрика",
            "Проблема": f"Не работает розетка в комнате {number % 5}, после грозы выбило автомат",
            "Адрес": f"Калининград, Невского {number % 200}, кв. {number % 90}",
            "Статус": "Выполнена",
            "Мастер": "Иван Петров",
            "Цена": price,
            "Комиссия": price * 0.3,
            "Дата выполнения": round(done, 5),
            "Комментарий": "",
            "Оповещены": round(done - 0.19, 5),
            "Ключ": f"key{number:013d}",
        }
        yield [cells.get(column, "") for column in WORKSHEETS[ORDERS].columns]
