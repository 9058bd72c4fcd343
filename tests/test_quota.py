"""Google's quota with everything running, at the figures of production: only our own limiter keeps us within it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.meter import KINDS, Meter
from record.store import Store
from tests.harness.system import MASTER_BOT, System, labels, wait_for
from tests.test_whole_story import order_in_the_bot, order_on_the_site

GOOGLE, OURS = 60, 50  # requests a minute of each kind: what Google allows, and our share of it
ON_THE_SITE, IN_THE_BOT, EVERY_S = 18, 8, 0.5  # nearly the orders of a busy minute, come within ten seconds
IVAN, ACCEPT = 601, "✅ ПРИНЯТЬ ЗАКАЗ 🚀"
PROCESSES = ("worker", "client", "master", "web")


@pytest.fixture
def company(open_system: Callable[..., System]) -> System:
    """A company whose processes poll every five seconds and share what Google allows, as they do at work."""
    system = open_system(
        NARYAD_POLLING__INTERVAL_S="5",
        NARYAD_POLLING__STATISTICS_S="15",
        NARYAD_SHEETS__READS_PER_MINUTE=str(OURS),
        NARYAD_SHEETS__WRITES_PER_MINUTE=str(OURS),
    )
    done = system.run("worker", "init")
    assert done.returncode == 0, done.stderr
    system.masters((IVAN, "Иван Петров", "+79000000601"))
    system.post("quota", enabled=True, reads_per_minute=GOOGLE, writes_per_minute=GOOGLE)
    system.start(*PROCESSES)
    return system


def test_all_processes_together_never_meet_the_end_of_the_quota(company: System) -> None:
    """Orders come by form and bot, and a master accepts each as soon as he sees it; all reaches the sheet."""
    meter = Meter(company)
    with meter.running(), ThreadPoolExecutor() as people:
        bot = people.submit(lambda: [order_in_the_bot(company, 700 + number) for number in range(IN_THE_BOT)])
        site = people.submit(lambda: [order_at_a_pace(company) for _ in range(ON_THE_SITE)])
        accepts_all(company, ON_THE_SITE + IN_THE_BOT)
        numbers = bot.result() + site.result()
        wait_for(lambda: written(company, numbers), "all to be written")
    assert {kind: meter.most(kind) for kind in KINDS if meter.most(kind) > OURS} == {}, "in no minute more than ours"
    rows = company.rows("Заявки")
    assert sorted(str(row["ID"]) for row in rows) == sorted(numbers)
    assert {(row["Статус"], row["Мастер"]) for row in rows} == {("В работе", "Иван Петров")}
    assert all(row["Оповещены"] != "" for row in rows)
    logs = "".join(company.log(name) for name in PROCESSES)
    assert [word for word in ("trouble", "flush_failed") if word in logs] == []


def order_at_a_pace(company: System) -> str:
    """Order on the site, as the next of many clients."""
    time.sleep(EVERY_S)  # the pace of clients, not a wait for anything
    return order_on_the_site(company, name="Аня", phone="89001234567", address="Мира 1", problem="Свет")[0]


def accepts_all(company: System, count: int) -> None:
    """Let the master press the button of every card as soon as it is there."""
    pressed: set[int] = set()

    def pressed_all() -> bool:
        never_refused(company)
        for card in company.chat(MASTER_BOT, IVAN):
            if card["message_id"] not in pressed and ACCEPT in labels(card):
                company.press(MASTER_BOT, IVAN, card, ACCEPT)
                pressed.add(card["message_id"])
        return len(pressed) == count

    wait_for(pressed_all, f"{count} orders to be accepted")


def written(company: System, numbers: list[str]) -> bool:
    """Say whether the master has these orders, and nothing waits to be written or sent."""
    never_refused(company)
    store = Store(company.store_url)
    with store.reading() as tx:
        accepted = all(tx.claims.owner(number) for number in numbers)
        waits = tx.journal.depth()[0] or tx.outbox.depth()[0]
    store.close()
    return accepted and not waits


def never_refused(company: System) -> None:
    """No process was told by Google that the quota is used up."""
    assert [name for name in PROCESSES if '"cause": "quota"' in company.log(name)] == []
