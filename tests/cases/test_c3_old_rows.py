"""C3: an old row without a status is not new, whenever it comes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from record.values import to_serial
from tests.harness.office import Office, offered


def old(number: int = 1, **more: Any) -> dict[str, Any]:
    """Return the row of an order as somebody kept it before."""
    return {"Имя": f"Клиент {number}", "Телефон": f"+7900555{number:04}", "Проблема": f"Розетка {number}", **more}


PAST: list[dict[str, Any]] = [
    {"Дата": 45641.5},
    {"Дата": "14.12.2024"},
    {"Дата": "14.12.2024", "Цена": 2000, "Мастер": "Иван Петров"},
    {"Дата": "дек 23, вечер"},
    {"Дата": "32.13.2024"},
    {"Цена": 2000, "Мастер": "Иван Петров"},
    {"Дата выполнения": 45641.5},
    {"Комиссия": 600, "Цена": 2000},
    {"Дата": "14.12.2024", "Telegram": "501"},
    {"Дата": "14 декабря 2024 г."},
    {"Дата": "2024-12-14 18:30"},
    {"Дата": "14/12/24"},
    {"Дата": "14.12.24, вечером", "Цена": "2 500 р."},
    {"Дата": "позапрошлый год"},
    {"ID": "A-17", "Дата": 45641.5},
    {"ID": "Наряд 125/12", "Дата": "14.12.2024", "Цена": 1500},
    {"ID": 9.0, "Цена": "1500 руб", "Мастер": "петров"},
    {"Дата выполнения": "14.12.2024", "Цена": 2000},
    {"Комиссия": "600 р"},
]
FRESH: list[dict[str, Any]] = [{}, {"Цена": 2000}, {"Статус": "Новая", "Дата": 45641.5}, {"Статус": "новая"}]


@pytest.mark.parametrize("cells", PAST)
@pytest.mark.parametrize("numbered", [False, True])
def test_c3_a_row_of_the_past_is_asked_about(office: Office, cells: dict[str, Any], *, numbered: bool) -> None:
    office.begin()
    office.paste(old() | cells | ({"ID": 70, "Ключ": "k70"} if numbered else {}))
    office.settle()
    assert office.told() == []
    (row,) = office.rows()
    assert "Статус не указан" in row["Проверка"]
    assert row["Статус"] == ""
    office.change(row["ID"], Статус="Новая", Мастер="")
    office.settle()
    assert set(offered(row["ID"])) <= set(office.told())


@pytest.mark.parametrize("cells", FRESH)
def test_c3_a_fresh_row_is_new(office: Office, cells: dict[str, Any]) -> None:
    office.begin()
    office.paste(old() | cells)
    office.settle()
    assert office.told() == offered(1)


def test_c3_thirty_old_rows_disturb_nobody(office: Office) -> None:
    office.begin()
    office.paste(*(old(n, Дата=45641.5 + n) for n in range(30)))
    office.settle()
    assert office.told() == []
    assert all("Статус не указан" in row["Проверка"] and row["ID"] for row in office.rows())


@pytest.mark.parametrize("status", ["Выполнена", "Отменена", "готово"])
def test_c3_what_ended_long_ago_is_told_to_nobody(office: Office, status: str) -> None:
    office.begin()
    office.paste(old(Дата=45641.5, Статус=status, Мастер="Иван Петров", Telegram="501"))
    office.settle()
    assert office.told() == []
    assert office.rows()[0]["Дата выполнения"] == ""


def test_c3_an_order_of_yesterday_is_of_these_days(office: Office) -> None:
    office.begin()
    now = datetime.now(office.settings.zone).replace(tzinfo=None)
    office.paste(old(Дата=to_serial(now - timedelta(hours=20))))
    office.settle()
    assert office.told() == offered(1)
