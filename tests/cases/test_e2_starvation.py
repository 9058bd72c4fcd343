"""E2: polls starve no write, at whatever interval, and writes that wait for a minute are told and shown."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.settings import load_settings
from record.sheet import AFTER_POLLS, FIRST, Sheet
from record.store import Store
from record.watch.health import examine
from tests.harness.office import Office
from tests.harness.staff import CALLER
from tests.harness.system import MASTER_BOT, System, wait_for
from worker.alarms import Alarm
from worker.jobs import Job, Runner
from worker.pace import Paced, WaitingJob

IVAN = 601
SECONDS = 40  # two writes and a poll one after another, each 4 s of a quiet machine


@pytest.mark.parametrize("interval", ["1", "0.2"])
def test_e2_at_a_short_interval_polls_use_up_no_writes_quota(
    open_system: Callable[..., System], interval: str
) -> None:
    system = open_system(
        NARYAD_POLLING__INTERVAL_S=interval,
        NARYAD_SHEETS__READS_PER_MINUTE="50",
        NARYAD_SHEETS__WRITES_PER_MINUTE="50",
    )
    done = system.run("worker", "init")
    assert done.returncode == 0, done.stderr
    system.masters((IVAN, "Иван Петров", "+79000000601"))
    system.post("quota", enabled=True, reads_per_minute=60, writes_per_minute=60)
    system.start("worker", "master")
    system.hears(MASTER_BOT, IVAN, "", 60)
    wait_for(lambda: '"event": "poll"' in system.log("worker"), "the first poll", 60)
    store = Store(system.store_url)

    def written(number: int) -> bool:
        """Say whether so many orders were announced and nothing waits for the sheet; staff read little."""
        with store.reading() as tx:
            told = [order for order in tx.orders.find(limit=10) if order.told]
            return len(told) == number and not tx.journal.depth()[0]

    for number in (1, 2, 3):
        system.type_row(ORDERS, **(CALLER | {"Имя": f"Клиент {number}"}))
        wait_for(partial(written, number), f"order {number} in the sheet", SECONDS)
    store.close()
    assert all(row["ID"] and row["Оповещены"] for row in system.rows(ORDERS))
    events = [json.loads(line)["event"] for line in system.log("worker").splitlines() if line.startswith("{")]
    assert "trouble" not in events


@pytest.mark.parametrize("reads", [10, 50])
@pytest.mark.parametrize("interval", [0.5, 2.0])
@pytest.mark.parametrize("each", [1, 40])
def test_e2_polls_and_writes_share_any_quota(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: int, interval: float, each: int
) -> None:
    """Five minutes of a clock that the test sets, a write at each step or now and then: neither waits for long."""
    monkeypatch.setenv("NARYAD_SHEETS__READS_PER_MINUTE", str(reads))
    settings, store = load_settings(), Store(f"sqlite:///{tmp_path}/store.sqlite3")
    polls, flush = Sheet(settings, store, FIRST), Sheet(settings, store, AFTER_POLLS)
    polled, landed = [0.0], [0.0]  # seconds from poll to poll, from a write to its landing
    with freeze_time("2026-11-27 12:00:00") as clock, monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", time.time)
        paced = Paced(store, settings, lambda: taken(polls))
        writes: list[int] = []
        since = last = time.time()
        for step in range(int(300 / interval)):
            if not writes and step % each == 0:
                since = time.time()
                with store.transaction() as tx:
                    tx.journal.add(Write(ORDERS, "set", "1", {"Цена": step}))
                    writes = [write.id for write in tx.journal.open()]
            if paced.run().get("asked"):
                polled.append(time.time() - last)
                last = time.time()
            if writes and not flush.rest_s("read", "write"):
                taken(flush)
                with store.transaction() as tx:
                    tx.journal.mark(writes, "written")
                landed.append(time.time() - since)
                writes = []
            clock.tick(interval)
        polled.append(time.time() - last)
        landed.append(time.time() - since if writes else 0.0)
    store.close()
    ten_requests = 10 * 60 / (reads * 0.85)
    assert len(landed) > 3
    assert max(polled) <= ten_requests
    assert max(landed) <= ten_requests


def taken(sheet: Sheet) -> dict[str, Any]:
    """Make a request, but for Google."""
    sheet._take("read")  # noqa: SLF001  as any request does first
    return {"asked": True}


# Writes that wait all the same


def test_e2_writes_that_wait_for_a_minute_are_told_shown_and_over(office: Office) -> None:
    office.begin()
    alarm = Alarm(office.store, office.settings)
    runner = Runner(office.store, office.sheet, office.settings, alarm)
    job = Job("waiting", WaitingJob(office.store, alarm).run, every_run=False)
    with freeze_time(datetime.now(UTC) - timedelta(seconds=70)):
        office.journal(Write(ORDERS, "set", "1", {"Цена": 5}))
    for _ in range(3):
        runner.run(job)
    assert office.told() == ["admin 900: alarm"]
    assert [reason for reason in reasons(office) if "Записи ждут таблицу дольше минуты: 1" in reason]
    office.flush()
    for _ in range(2):
        runner.run(job)
    assert office.told() == ["admin 900: alarm_over"]
    assert not [reason for reason in reasons(office) if "Записи ждут" in reason]


def test_e2_a_write_that_google_refuses_for_good_is_a_reason(office: Office) -> None:
    office.begin()
    office.journal(Write(ORDERS, "set", "1", {"Цена": 5}))
    with office.store.transaction() as tx:
        tx.journal.mark([write.id for write in tx.journal.open()], "parked", "protected cell")
    assert "Не записано в «Заявки», ID 1: protected cell" in reasons(office)


def reasons(office: Office) -> tuple[str, ...]:
    with office.store.reading() as tx:
        return examine(tx, office.settings, time.time()).reasons
