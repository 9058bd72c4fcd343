"""The store's file is damaged or deleted, while all is off and while all is at work: people hardly notice."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import IO

import pytest
import requests

from record.store import Store
from record.store.facts import RESTARTED, Restart
from tests.harness.system import ADMIN, MASTER_BOT, System, wait_for
from tests.test_whole_story import order_in_the_bot, order_on_the_site
from tests.torture.shift import free_port

IVAN, PETER = 601, 602
ALL = ("worker", "client", "master", "web")
FORM = {"phone": "8 900 123-45-67", "address": "Мира 1", "problem": "Не работает розетка"}


class DamagedCompany:
    """A company at work, in which a store is damaged again and again."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.file = system.folder / "store.sqlite3"
        self.known: list[str] = []
        self._people = count(501)
        system.post("telegram/limits", enabled=False)
        system.masters((IVAN, "Иван Петров", "+79000000601"), (PETER, "Пётр Сидоров", "+79000000602"))
        system.person(ADMIN, "Ольга")
        system.say(MASTER_BOT, ADMIN, "/start")
        system.start(*ALL)

    def has_orders_that_wait(self, told: str) -> tuple[str, str]:
        """Let both masters know of one order, and two others not reach the sheet; return their clients' names."""
        number = self.orders(told)
        self.told(number)
        wait_for(lambda: self.system.order(ID=int(number))["Оповещены"] != "", "«Оповещены»")
        self.google(away=True)
        self.orders(f"{told} второй")
        order_in_the_bot(self.system, next(self._people))
        return f"{told} второй", "Анна"

    def google(self, *, away: bool) -> None:
        """Let Google be away, or back."""
        if away:
            body = {"api": "sheets", "path": "", "times": 100_000, "status": 503}
            self.system.http.post(f"{self.system.url}/sandbox/faults", json=body).raise_for_status()
        else:
            self.system.http.delete(f"{self.system.url}/sandbox/faults")

    def told(self, number: str) -> None:
        """Wait until both masters have the card of an order."""
        for master in (IVAN, PETER):
            self.system.hears(MASTER_BOT, master, f"Заказ #{number}")

    def cards(self) -> dict[int, list[str]]:
        """Return the first lines of the cards that each master has."""
        return {who: [m["text"] for m in self.system.heard(MASTER_BOT, who, "📋 Заказ #")] for who in (IVAN, PETER)}

    def goes_on_with(self, *clients: str) -> None:
        """These clients' orders are one row each, every master has one card of each, and new orders come as ever."""
        self.google(away=False)
        self.told(self.orders(f"{clients[0]} позже"))
        self.known += [*clients, f"{clients[0]} позже"]
        wait_for(lambda: len(self.system.rows("Заявки")) >= len(self.known), "all rows")
        rows = self.system.rows("Заявки")
        assert sorted(row["Имя"] for row in rows) == sorted(self.known)
        for row in rows:
            self.told(str(row["ID"]))
        for texts in self.cards().values():
            assert sorted(_number(text) for text in texts) == sorted(str(row["ID"]) for row in rows)

    def orders(self, name: str) -> str:
        """Let a client order on the site, as soon as it is there; return the number."""

        def ordered() -> str:
            try:
                return order_on_the_site(self.system, **FORM | {"name": name})[0]
            except (requests.ConnectionError, AssertionError):
                return ""

        return wait_for(ordered, "the site to take an order")

    def begun_anew(self) -> Restart:
        """Return what the store tells of how it was begun."""
        store = Store(self.system.env["NARYAD_STORE__URL"])
        with store.reading() as tx:
            begun = tx.facts.get(RESTARTED)
        store.close()
        assert begun is not None
        return begun

    def status(self) -> str:
        """Return what `worker status` says."""
        return self.system.run("worker", "status").stdout


def _number(text: str) -> str:
    return text.partition("📋 Заказ #")[2].partition("\n")[0]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DamagedCompany]:
    """One company for all these tests."""
    folder = tmp_path_factory.mktemp("damage")
    settings = {"NARYAD_WEB__PORT": str(free_port()), "NARYAD_WEB__ORDERS_PER_MINUTE": "1000", "SECRET_KEY": "a key"}
    system = System(folder, NARYAD_STORE__URL=f"sqlite:///{folder}/store.sqlite3", **settings)
    assert system.run("worker", "init").returncode == 0
    yield DamagedCompany(system)
    system.close()


def spoil(damaged: IO[bytes], start: int = 0, length: int | None = None) -> None:
    """Write bytes of no meaning over a file, or a part of it."""
    damaged.seek(start)
    damaged.write(b"\xa5" * (length or os.fstat(damaged.fileno()).st_size))
    damaged.flush()


def spoil_table(file: Path, table: str) -> None:
    """Write over the first page of a table."""
    with closing(sqlite3.connect(file)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with file.open("r+b") as damaged:
        spoil(damaged, (page - 1) * size, size)


def test_a_file_damaged_in_part_while_all_is_off(company: DamagedCompany) -> None:
    """The mirror can't be read any more; the orders that wait for Google can, and are saved."""
    clients = company.has_orders_that_wait("Юля")
    for name in ALL:
        company.system.end(name)
    spoil_table(company.file, "orders")
    company.system.start(*ALL)
    company.status()  # reads all of it, before Google is back and a flush takes away what waits
    company.goes_on_with("Юля", *clients)
    begun = company.begun_anew()
    assert (begun["why"], begun["writes"]) == ("damaged", 2)
    assert company.file.with_name(begun["aside"]).exists()
    assert "был повреждён" in company.status()
    company.system.hears(MASTER_BOT, ADMIN, "до таблицы, спасено: 2")


def test_a_file_that_is_all_rubbish_while_all_is_at_work(company: DamagedCompany) -> None:
    """What had not reached the sheet is lost, and the admin is told how to make up for it; all else goes on."""
    company.has_orders_that_wait("Вера")
    files = [company.file.with_name(company.file.name + part) for part in ("-wal", "")]
    with files[0].open("r+b") as log, files[1].open("r+b") as main:  # whoever notices the one puts both away
        spoil(log)
        spoil(main)
    company.goes_on_with("Вера")
    begun = company.begun_anew()
    assert (begun["why"], begun["writes"]) == ("damaged", 0)
    company.system.hears(MASTER_BOT, ADMIN, "внесите заявку вручную")


def test_a_file_deleted_while_all_is_at_work(company: DamagedCompany) -> None:
    """What waits is saved by who still has the file open; every process begins anew by itself."""
    clients = company.has_orders_that_wait("Олег")
    for part in ("", "-wal", "-shm"):
        company.file.with_name(company.file.name + part).unlink()
    wait_for(company.file.exists, "a new file")
    company.goes_on_with("Олег", *clients)
    begun = company.begun_anew()
    assert (begun["why"], begun["writes"]) == ("deleted", 2)
    assert "удалили во время работы" in company.status()
    company.system.hears(MASTER_BOT, ADMIN, "удалили во время работы")
