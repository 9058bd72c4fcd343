"""SIGTERM in the middle of every stage: each process ends by itself within seconds, exit code 0; nothing is lost."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from record.store import Store
from tests.harness.bot_system import BotSystem
from tests.harness.company import FLUSH, POLL
from tests.harness.staff import CALLER
from tests.harness.system import MASTER_BOT, System, wait_for
from tests.torture.people import order_patiently
from tests.torture.shift import free_port

SECONDS = 25  # on a machine that has much else to do; alone it takes less than six
SLOW_S = 1.5
HANGS_S = 60
WRITE = "batchUpdate"


def ends(system: System, process: str) -> float:
    """Let a process end, as systemd asks it to; return how long it took."""
    began = time.monotonic()
    assert system.end(process) == 0, system.log(process)
    return time.monotonic() - began


def slow(system: System, api: str, path: str, **what: Any) -> None:
    """Let the next request that matches take its time."""
    body = {"api": api, "path": path, "times": 1, **what}
    system.http.post(f"{system.url}/sandbox/faults", json=body).raise_for_status()


def under_way(system: System) -> None:
    """Wait until that request is being answered."""
    wait_for(lambda: system.http.get(f"{system.url}/sandbox/faults").json() == [], "the slow request")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A company with a sheet, a master, and processes to be started."""
    settings = {"NARYAD_WEB__PORT": str(free_port()), "NARYAD_WEB__ORDERS_PER_MINUTE": "1000", "SECRET_KEY": "a key"}
    system = System(tmp_path_factory.mktemp("ends"), **settings)
    assert system.run("worker", "init").returncode == 0
    system.masters((601, "Иван Петров", "+79000000601"))
    yield system
    system.close()


@pytest.mark.parametrize(
    ("stage", "delay_s"), [(POLL, SLOW_S), (FLUSH, SLOW_S), (WRITE, SLOW_S), (POLL, HANGS_S), (WRITE, HANGS_S)]
)
def test_the_worker_while_google_is_slow_or_hangs(company: System, stage: str, delay_s: float) -> None:
    """Reading, looking where to write, writing: what is slow is finished, what hangs is given up as by a kill."""
    name = f"Юля {len(company.rows('Заявки'))}"
    company.start("worker")
    wait_for(lambda: '"event": "poll"' in company.log("worker"), "the first poll")
    slow(company, "sheets", stage, delay_s=delay_s)
    company.type_row("Заявки", **CALLER | {"Имя": name})
    under_way(company)
    assert ends(company, "worker") < SECONDS
    company.start("worker")
    number = str(wait_for(lambda: company.order(Имя=name, Статус="Новая"), "the order")["ID"])
    assert wait_for(lambda: offers(company, number), "the offer") == 1
    company.end("worker")


def offers(system: System, number: str) -> int:
    """Return how often an order was offered to the one master."""
    store = Store(system.store_url)
    with store.reading() as tx:
        found = [notice for notice, _, _ in tx.outbox.results(number) if notice.kind == "order_new"]
    store.close()
    return len(found)


def test_the_site_while_google_hangs(company: System) -> None:
    """Its flusher waits for Google; the site does not wait for its flusher."""
    company.start("worker")
    company.start("web")
    slow(company, "sheets", WRITE, delay_s=HANGS_S)
    company.end("worker")
    number, _ = order_patiently(company.site, "Вера")
    under_way(company)
    assert ends(company, "web") < SECONDS
    company.start("worker")
    assert str(company.order(Имя="Вера", Статус="Новая")["ID"]) == number
    company.end("worker")


def test_the_site_while_it_takes_orders(company: System) -> None:
    """A form is answered with its number or not at all; sent again as it is, it is the same order."""
    company.start("worker", "web")
    names = [f"Сайт {number}" for number in range(4)]
    with ThreadPoolExecutor(len(names)) as clients:
        ordered = [clients.submit(order_patiently, company.site, name) for name in names]
        wait_for(lambda: any(one.done() for one in ordered), "an order")
        assert ends(company, "web") < SECONDS
        company.start("web")
        numbers = [one.result()[0] for one in ordered]
    for name, number in zip(names, numbers, strict=True):
        assert str(company.order(Имя=name, Статус="Новая")["ID"]) == number
    company.end_all()


@pytest.fixture(scope="module")
def bot_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotSystem]:
    """A bot_system where the master bot runs, and is ended and begun by the tests."""
    folder: Path = tmp_path_factory.mktemp("bots")
    with pytest.MonkeyPatch.context() as patch:
        made = BotSystem(folder, patch)
    made.system.start("master")
    yield made
    made.close()


@pytest.mark.parametrize("fault", [{"delay_s": SLOW_S}, {"delay_s": HANGS_S, "drop": "before"}])
def test_a_bot_while_it_sends(bot_system: BotSystem, fault: dict[str, Any]) -> None:
    """What Telegram takes slowly is marked before the end, and what hangs is sent after the next start: each once."""
    ivan = bot_system.master("Иван Петров")
    number = bot_system.order()
    slow(bot_system.system, "telegram", f"{MASTER_BOT}/sendMessage", **fault)
    key = bot_system.notice("master", ivan, "order_new", number)
    under_way(bot_system.system)
    assert ends(bot_system.system, "master") < SECONDS
    bot_system.system.start("master")
    bot_system.ends(number, key, "sent")
    ivan.asks("🧰 Мои заказы", "нет заказов в работе")
    assert len(ivan.heard(f"Заказ #{number}")) == 1


@pytest.mark.parametrize("fault", [{"delay_s": SLOW_S}, {"delay_s": HANGS_S, "drop": "before"}])
def test_a_bot_while_it_answers(bot_system: BotSystem, fault: dict[str, Any]) -> None:
    """Both questions are answered, each once."""
    ivan = bot_system.master("Иван Петров")
    slow(bot_system.system, "telegram", f"{MASTER_BOT}/sendMessage", **fault)
    ivan.say("🧰 Мои заказы")
    under_way(bot_system.system)
    ivan.say("💰 Заработок")
    assert ends(bot_system.system, "master") < SECONDS
    bot_system.system.start("master")
    ivan.hears("Ваш заработок")
    assert len(ivan.heard("нет заказов в работе")) == len(ivan.heard("Ваш заработок")) == 1
