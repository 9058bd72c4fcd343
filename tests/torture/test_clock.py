"""The clock is set back by hours: nothing waits until it has caught up."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from freezegun import freeze_time
from sqlalchemy import create_engine, text

from record.actions.client_acts import Draft
from record.actions.orders import Actions
from record.dispatch.notices import Notice
from record.failpoints import VARIABLE
from record.settings import load_settings
from record.store import Store
from tests.harness.databases import databases
from tests.harness.system import CLIENT_BOT, MASTER_BOT, System, wait_for
from worker.schedule import wake_overslept

HOURS = timedelta(hours=3)
NOON = "2024-12-15 12:00:00"
MORNING = "2024-12-15 09:00:00"
IVAN, ANNA = 601, 501
DRAFT = Draft(name="Оля", phone="+79007654321", address="Мира 1", problem="Искрит щиток")
MOMENTS = {
    "outbox": ("queued_at", "due_at"),
    "journal": ("made_at", "written_at"),
    "updates": ("got_at",),
    "buckets": ("at",),
    "runs": ("at",),
    "forms": ("at",),
    "history": ("at",),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = Store(databases.url(tmp_path))
    yield made
    made.close()


def test_a_notice_does_not_wait_for_the_clock_to_catch_up(store: Store) -> None:
    with freeze_time(NOON), store.transaction() as tx:
        tx.outbox.add(Notice("a", "master", "1", "order_new", "7"))
        tx.outbox.add(Notice("b", "master", "2", "order_new", "7"))
        (first, _) = tx.outbox.heads(["master"])
        tx.outbox.postpone(first.id, 5, "502")
    with freeze_time(MORNING), store.transaction() as tx:
        assert [one.notice.key for one in tx.outbox.heads(["master"])] == ["a", "b"]


def test_what_was_postponed_before_is_tried_at_once(store: Store) -> None:
    """It was queued long ago; the process that runs sees the clock go back."""
    with freeze_time(MORNING), store.transaction() as tx:
        tx.outbox.add(Notice("a", "master", "1", "order_new", "7"))
    with freeze_time(NOON) as clock, store.transaction() as tx:
        (first,) = tx.outbox.heads(["master"])
        tx.outbox.postpone(first.id, 60, "502")
        clock.tick(timedelta(minutes=-30))
        assert tx.outbox.heads(["master"]) == []
        tx.outbox.hurry()
        assert len(tx.outbox.heads(["master"])) == 1


def test_the_quota_fills_up_again(store: Store) -> None:
    """Nothing is given away, and nothing stands still."""
    with freeze_time(NOON), store.transaction() as tx:
        tx.quota.drain("read")
    with freeze_time(MORNING) as clock, store.transaction() as tx:
        assert tx.quota.take("read", 60) > 0
        clock.tick(10)
        assert tx.quota.take("read", 60) == 0


def test_updates_keep_their_order(store: Store) -> None:
    with store.transaction() as tx:
        with freeze_time(NOON):
            tx.inbox.add("client", 7, {"first": True})
        with freeze_time(MORNING):
            tx.inbox.add("client", 8, {"first": False})
        assert [number for number, _, _ in tx.inbox.open("client")] == [7, 8]


def test_jobs_run_on() -> None:
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start(paused=True)
    noon = datetime.now(UTC)
    scheduler.add_job(lambda: None, "interval", seconds=5, id="poll", next_run_time=noon + timedelta(seconds=5))
    job = scheduler.get_job("poll")
    wake_overslept(scheduler, noon)
    assert job.next_run_time == noon + timedelta(seconds=5), "nothing is wrong with the clock"
    wake_overslept(scheduler, noon - HOURS)
    assert job.next_run_time == noon - HOURS
    scheduler.shutdown()


def test_a_company_whose_clock_was_set_back_while_it_was_off(
    open_system: Callable[..., System], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits to be written, sent and answered was all noted three hours later than it is now."""
    system = open_system()
    for name, value in system.env.items():
        if name.startswith("NARYAD_"):
            monkeypatch.setenv(name, value)
    assert system.run("worker", "init").returncode == 0
    system.masters((IVAN, "Иван Петров", "+79000000601"))
    system.person(ANNA, "Анна")
    system.start("worker")
    settings = load_settings()
    store = Store(settings.store.url)
    wait_for(lambda: Actions(store, settings).knows_the_sheet(1), "the first poll")
    system.end("worker")
    placed = Actions(store, settings).place_order(DRAFT)
    system.settings[VARIABLE] = "update.stored"
    system.say(CLIENT_BOT, ANNA, "/start")
    system.start("client")
    wait_for(lambda: "fail_point" in system.log("client"), "the update to be stored")
    system.end("client")
    del system.settings[VARIABLE]
    with store.transaction() as tx:
        tx.quota.drain("read")
        tx.quota.drain("write")
    _set_back(settings.store.url)
    system.start("worker", "client", "master")
    system.hears(MASTER_BOT, IVAN, f"Заказ #{placed.id}")
    assert str(system.order(Имя="Оля", Статус="Новая")["ID"]) == placed.id
    system.hears(CLIENT_BOT, ANNA, "вызов")
    system.type_row("Заявки", Имя="Ян", Телефон="8 900 765-43-21", Проблема="Выбивает автомат")
    system.hears(MASTER_BOT, IVAN, "Клиент: Ян")
    store.close()


def _set_back(url: str) -> None:
    """Let everything in the store have been noted three hours later than it was: the clock was set back."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table, columns in MOMENTS.items():
            shifted = ", ".join(f"{name} = {name} + {HOURS.total_seconds():.0f}" for name in columns)
            connection.execute(text(f"UPDATE {table} SET {shifted}"))
    engine.dispose()
