"""A company's ordinary weeks in a store, for pictures: 240 orders of two months."""

import csv
import random
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from record.grid.worksheets import SERVICES, WORKSHEETS
from record.store import Store
from record.store.facts import Beat, alive
from record.values import Cell, Status, telegram, to_serial
from record.values.actors import STAFF
from tests.web.staff import put_master
from tests.web.visitor import put_order
from web.access.passwords import hashed
from web.present.prices import PriceList
from worker.init import FILES, FIRST

PASSWORD = "пароль для картинок"
MASTER = "3"
MASTERS = {"3": "Иван Петров", "4": "Сергей Ким", "5": "Олег Дроздов"}
CLIENTS = (
    "Елена",
    "Юля",
    "Павел",
    "Марина",
    "Борис Львович",
    "Аня",
    "Тимур",
    "Нина Сергеевна",
)
STREETS = (
    "Невского 47, кв. 12",
    "Мира 5",
    "Багратиона 8",
    "Гагарина 112",
    "Киевская 30",
    "Емельянова 4, кв. 9",
)
PROBLEMS = (
    "Не работает розетка на кухне",
    "Выбивает автомат, когда включаю духовку",
    "Повесить люстру, потолок 3 метра",
    "Искрит выключатель в коридоре",
    "Подключить варочную панель",
    "Нет света в половине квартиры",
)
SOURCES = ("website", "website", "telegram", "telegram", "phone", "direct")
DAYS = 60
ZONE = ZoneInfo("Europe/Kaliningrad")
ENVIRONMENT = {
    "ADMIN_PASSWORD_HASH": hashed(PASSWORD),
    "NARYAD_PAYMENT__NAME": "ООО «Балт-Сеть»",
    "NARYAD_PAYMENT__INN": "6200098765",
    "NARYAD_PAYMENT__ACCOUNT": "40702810138250123017",
    "NARYAD_PAYMENT__BANK": "ОАО «БАНК»",
    "NARYAD_PAYMENT__BIC": "044525225",
    "NARYAD_PAYMENT__CORR_ACCOUNT": "30101810400000000225",
    "NARYAD_TELEGRAM__ADMIN_CHAT_ID": "900",
}


def live_through(store: Store) -> PriceList:
    """Let the weeks pass; return the price list."""
    # the same weeks each time, so that pictures change only where the site does
    chance = random.Random(7)
    prices = _lists(store)
    for master_id, name in MASTERS.items():
        put_master(
            store,
            master_id,
            name,
            {"Дата регистрации": to_serial(datetime(2026, 3, 2))},
        )
    put_master(store, "6", "Глеб Новиков", active=False)
    now = datetime.now(ZONE).replace(tzinfo=None, microsecond=0)
    for number in range(1, 241):
        _past(store, chance, number, now - timedelta(days=DAYS * (1 - number / 241)))
    _today(store, now)
    with store.transaction() as tx:
        tx.counters.at_least("order", 245)
    return prices


def beat(store: Store) -> None:
    """Let all processes be alive just now, and the sheet have been read."""
    now = time.time()
    with store.transaction() as tx:
        tx.runs.add("poll", ok=True, seconds=0.4, facts={"rows": 245, "changes": 0})
        tx.facts.put(alive("worker"), Beat(at=now, pid=1))
        tx.facts.put(
            alive("bot.client"), Beat(at=now, pid=1, name="balt_set_client_bot")
        )
        tx.facts.put(
            alive("bot.master"), Beat(at=now, pid=1, name="balt_set_master_bot")
        )


def link_of(store: Store, master_id: str) -> str:
    """Return the secret of a fresh link by which a master enters."""
    with store.transaction() as tx:
        return tx.links.make(master_id, telegram(600 + int(master_id)), time.time())


def _lists(store: Store) -> PriceList:
    rows = {}
    for title, name in FILES.items():
        with (FIRST / name).open(encoding="utf-8") as file:
            rows[title] = [
                tuple(line.get(column, "") for column in WORKSHEETS[title].columns)
                for line in csv.DictReader(file)
            ]
    with store.transaction() as tx:
        for title, listed in rows.items():
            tx.lists.put(title, listed)
    return PriceList.of(rows[SERVICES])


def _past(store: Store, chance: random.Random, number: int, came: datetime) -> None:
    status = (
        Status.DONE if number == 240 or chance.random() < 0.86 else Status.CANCELLED
    )
    done = came + timedelta(minutes=chance.randint(90, 420))
    named: dict[str, Cell] = {}
    if status is Status.DONE:
        price = chance.randint(9, 70) * 100
        named = {
            "Мастер": chance.choice(list(MASTERS.values())),
            "Цена": price,
            "Комиссия": price * 0.3,
        }
        named["Дата выполнения"] = to_serial(done)
    _put(store, chance, number, came, status, **named)
    accepted = came + timedelta(minutes=chance.randint(2, 40))
    told = [(came, "appeared", "")]
    if status is Status.DONE:
        told += [
            (accepted, "status", Status.WORK.value),
            (done, "status", status.value),
            (done, "price", str(price)),
        ]
    else:
        told += [(accepted, "status", status.value)]
    _tell(store, number, told)


def _today(store: Store, now: datetime) -> None:
    chance = random.Random(11)
    came = now - timedelta(minutes=12)
    _put(store, chance, 241, came, Status.NEW)
    _tell(store, 241, [(came, "appeared", "")])
    for number, master in (
        (242, MASTERS[MASTER]),
        (243, MASTERS[MASTER]),
        (244, "Сергей Ким"),
    ):
        came = now - timedelta(minutes=7 * (250 - number))
        _put(store, chance, number, came, Status.WORK, Мастер=master)
        accepted = came + timedelta(minutes=4)
        _tell(
            store,
            number,
            [(came, "appeared", ""), (accepted, "status", Status.WORK.value)],
        )
    _put(store, chance, 245, now - timedelta(minutes=3), Status.NEW, Телефон="911 45")


def _put(
    store: Store,
    chance: random.Random,
    number: int,
    came: datetime,
    status: Status,
    **named: Cell,
) -> None:
    row: dict[str, Cell] = {
        "Дата": to_serial(came),
        "Источник": chance.choice(SOURCES),
        "Имя": chance.choice(CLIENTS),
        "Телефон": f"+7911{chance.randint(1_000_000, 9_999_999)}",
        "Проблема": chance.choice(PROBLEMS),
        "Адрес": chance.choice(STREETS),
        "Статус": status.value,
        "Оповещены": to_serial(came),
    }
    put_order(store, str(number), **(row | named))


def _tell(store: Store, number: int, told: list[tuple[datetime, str, str]]) -> None:
    for when, what, after in told:
        with freeze_time(when.replace(tzinfo=ZONE)), store.transaction() as tx:
            tx.history.add(str(number), what, "", after, STAFF)
