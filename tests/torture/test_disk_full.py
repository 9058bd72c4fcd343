"""The disk is full for a while: nobody is told that something was saved, nobody is told twice, and all goes on after.

The operating system makes it so: no process may write to any file (RLIMIT_FSIZE 0; SQLite reports a disk I/O error
where a disk that is really full would be "database or disk is full"; both mean that nothing is written).
"""

import os
import re
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.harness.system import CLIENT_BOT, MASTER_BOT, System, wait_for
from tests.torture.people import order_patiently
from tests.torture.shift import free_port

IVAN, ANNA = 601, 501
PHONE = "+7 4012 00-00-00"
REPEAT_S = 3.0  # whoever forgets what was sent sends it again within two
ALL = ("worker", "client", "master", "web")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A company at work."""
    folder = tmp_path_factory.mktemp("full")
    system = System(
        folder,
        NARYAD_STORE__URL=f"sqlite:///{folder}/store.sqlite3",
        NARYAD_WEB__PORT=str(free_port()),
        NARYAD_WEB__ORDERS_PER_MINUTE="1000",
        SECRET_KEY="a key",
    )
    system.post("telegram/limits", enabled=False)
    assert system.run("worker", "init").returncode == 0
    system.masters((IVAN, "Иван Петров", "+79000000601"))
    system.person(ANNA, "Анна")
    system.start(*ALL)
    told(system, order_patiently(system.site, "Юля")[0])
    yield system
    system.close()


def told(system: System, number: str) -> None:
    """Wait until the master has the card of an order."""
    system.hears(MASTER_BOT, IVAN, f"Заказ #{number}")


def disk(system: System, *, full: bool) -> None:
    """Let the product's processes be unable to write to files, or able again."""
    limit = 0 if full else resource.RLIM_INFINITY
    for pid in processes(system):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def processes(system: System) -> list[int]:
    """Return the processes that have the store open; the site's server has a child that does."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is somebody else's
            files = {str(file.readlink()) for file in (folder / "fd").iterdir()}
            if str(system.folder / "store.sqlite3") in files and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found


def test_while_the_disk_is_full_clients_are_told_the_truth(company: System) -> None:
    """503 with the phone and all that was typed; the same form sent again afterwards is one order."""
    visitor = requests.Session()
    visitor.trust_env = False
    page = visitor.get(company.site).text
    form = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    form |= {"name": "Вера", "phone": "8 900 123-45-67", "address": "Мира 1", "problem": "Искрит", "consent": "y"}
    disk(company, full=True)
    answer = visitor.post(company.site, form)
    company.say(CLIENT_BOT, ANNA, "/start")
    company.type_row("Заявки", Имя="Ян", Телефон="8 900 765-43-21", Проблема="Выбивает автомат")
    assert answer.status_code == 503
    shown = answer.text.replace("\xa0", " ")
    assert "Не получилось сохранить заявку" in shown
    assert PHONE in shown
    assert "Искрит" in shown
    assert [m for m in company.chat(CLIENT_BOT, ANNA) if m["from"] == "bot"] == []
    disk(company, full=False)
    assert visitor.post(company.site, form, allow_redirects=False).status_code == 303
    assert visitor.post(company.site, form, allow_redirects=False).status_code == 303
    for name in ("Вера", "Ян"):
        told(company, str(company.order(Имя=name, Статус="Новая")["ID"]))
    company.hears(CLIENT_BOT, ANNA, "вызов")
    assert [row["Имя"] for row in company.rows("Заявки")].count("Вера") == 1
    assert len([m for m in company.chat(CLIENT_BOT, ANNA) if m["from"] == "bot"]) == 1


def test_what_telegram_took_is_not_sent_again_because_it_cannot_be_marked(company: System) -> None:
    """The disk fills up while a message is on its way."""
    fault = {"api": "telegram", "path": f"{MASTER_BOT}/sendMessage", "times": 1, "delay_s": 1.5}
    company.http.post(f"{company.url}/sandbox/faults", json=fault).raise_for_status()
    number, _ = order_patiently(company.site, "Олег")
    wait_for(lambda: company.http.get(f"{company.url}/sandbox/faults").json() == [], "the message")
    disk(company, full=True)
    told(company, number)
    with pytest.raises(AssertionError, match="the same again"):
        wait_for(lambda: len(cards(company, number)) > 1, "the same again", timeout=REPEAT_S)
    disk(company, full=False)
    wait_for(lambda: company.order(Имя="Олег")["Оповещены"] != "", "the mark")
    assert len(cards(company, number)) == 1


def cards(system: System, number: str) -> list[object]:
    """Return the cards of an order that the master got."""
    return list(system.heard(MASTER_BOT, IVAN, f"📋 Заказ #{number}\n"))
