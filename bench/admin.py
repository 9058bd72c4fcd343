"""How long the panel's pages take with 50,000 orders: the list with its filters, search
and paging, and the rest.
"""

import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from bench.report import p95, report
from record.dispatch.model import Roster
from record.dispatch.reading import read_order
from record.grid.overlay import row_of
from record.grid.worksheets import ORDERS
from record.store import Store, Stored
from record.values import Cell, to_serial
from record.values.actors import Actor, ActorKind
from tests.web.process import Process
from tests.web.staff import PASSWORD, masters, password_hash

MANY, TIMES = 50_000, 12
WORDS = (
    "невского 47",
    "8 911 123-45",
    "марина",
    "#31415",
    "зюзюзю",
    "театральная 12 юля",
)
STREETS = ("Невского", "Мира", "Театральная", "Ленинский проспект", "Гагарина")
NAMES = ("Юля", "Марина", "Борис Львович", "Кафе «Бриз»")


def measure() -> None:
    """Print the time that a page of the panel takes, waiting and all, at the 95th
    percentile.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Process(Path(folder), ADMIN_PASSWORD_HASH=password_hash())
        try:
            masters(site.store)
            _fill(site.store)
            times = _times(site.url)
        finally:
            site.end()
    lists = [
        took
        for name, found in times.items()
        if name.startswith("orders")
        for took in found
    ]
    report("admin_50k_p95_ms", p95(lists), "ms", "<= 200")
    for name in ("home", "order", "masters", "statistics", "health"):
        report(f"admin_{name}_50k_p95_ms", p95(times[name]), "ms", "<= 200")
    report("admin_export_50k_s", times["csv"][0] / 1000, "s", "<= 30")


def _times(url: str) -> dict[str, list[float]]:
    person = requests.Session()
    person.trust_env = False
    page = person.get(f"{url}/admin.html").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    person.post(
        f"{url}/admin.html",
        data={"csrf_token": token[1] if token else "", "password": PASSWORD},
    )
    times: dict[str, list[float]] = defaultdict(list)
    for name, address in _addresses():
        began = time.perf_counter()
        answer = person.get(url + address)
        times[name].append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200 or "Пароль</label>" in answer.text[:20_000]:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return times


def _addresses() -> Iterator[tuple[str, str]]:
    filters = [
        "",
        "status=Отменена",
        "status=Новая",
        "master=3",
        "source=phone",
        "check=1",
        "status=Выполнена&master=4",
    ]
    filters += ["since=2026-01-01&until=2026-03-31", *(f"q={words}" for words in WORDS)]
    deep = [f"below={int((_moment(number) - datetime(1970, 1, 1)).total_seconds()) * 10_000_000}"
            for number in (40_000, 25_000, 100)]  # fmt: skip
    for round_number in range(TIMES):
        yield from (("orders", f"/admin/orders?{asked}") for asked in (*filters, *deep))
        yield from (
            ("home", "/admin.html"),
            ("order", f"/admin/orders/{1000 + round_number}"),
        )
        yield from (("masters", "/admin/masters"), ("health", "/admin/health"))
        yield from (
            ("statistics", f"/admin/statistics?days={days}") for days in (30, 365)
        )
    yield "csv", "/admin/export.csv"


def _fill(store: Store) -> None:
    with store.transaction() as tx:
        roster = tx.masters.roster()
        tx.orders.put_new([_order(number, roster) for number in range(1, MANY + 1)])
        for number in range(MANY - 2000, MANY):
            tx.history.add(
                str(number), "appeared", "", "Новая", Actor(ActorKind.WEBSITE)
            )
            tx.history.add(
                str(number), "status", "Новая", "В работе", Actor.master("3")
            )


def _moment(number: int) -> datetime:
    return datetime.now().replace(microsecond=0) - timedelta(
        minutes=(MANY - number) * 12
    )


def _status(number: int, *, ended: bool) -> str:
    if not ended:
        return "Новая"
    if number % 6 == 0:
        return "Отменена"
    return "Выполнена"


def _order(number: int, roster: Roster) -> Stored:
    ended = number < MANY - 30
    row: dict[str, Any] = {
        "ID": number,
        "Дата": to_serial(_moment(number)),
        "Источник": ("website", "telegram", "phone", "direct")[number % 4],
        "Имя": NAMES[number % 4],
        "Телефон": f"+7911{number * 7919 % 10_000_000:07d}",
        "Категория": "Электрика",
        "Проблема": f"Не работает розетка в комнате {number % 5}, после грозы выбило автомат",
        "Адрес": f"{STREETS[number % 5]} {number % 200}, кв. {number % 90}",
        "Статус": _status(number, ended=ended),
        "Мастер": ("Иван Петров", "Сергей Ким")[number % 2] if ended else "",
        "Ключ": f"key{number:013d}",
    }
    if ended and number % 6:
        price = 500 + number % 40 * 100
        row |= {
            "Цена": price,
            "Комиссия": price * 0.3,
            "Дата выполнения": to_serial(_moment(number) + timedelta(hours=3)),
        }
    if number % 500 == 0:
        row["Проверка"] = "Телефон непонятен"
    shown: tuple[Cell, ...] = row_of(ORDERS, row)
    return Stored(read_order(shown, roster), shown, number + 1)
