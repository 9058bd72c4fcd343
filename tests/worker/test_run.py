"""The worker as it is run: a process of its own, stopped, killed, doubled and nudged."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from record.actions.client_acts import Draft
from record.actions.orders import Actions
from record.grid.worksheets import MASTERS
from record.store.facts import alive
from tests.harness.office import Office, order
from tests.harness.staff import CALLER
from tests.harness.system import System, wait_for

DRAFT = Draft(name="Оля", phone="+79007654321", address="Мира 1", problem="Искрит щиток")


@pytest.fixture
def company(empty_system: System) -> Iterator[Office]:
    """An office at whose sheet staff work, whose worker is a process to be started."""
    made = Office(empty_system)
    yield made
    made.close()


def start(company: Office, name: str = "worker") -> None:
    """Start a worker that keeps its distance: how often it polls is up to the test's environment."""
    company.system.start(name)


def polls(company: Office) -> int:
    """Return how many polls have ended."""
    with company.store.reading() as tx:
        return len(tx.runs.last("poll", 100))


def nudge(company: Office) -> None:
    """Let somebody ask for a poll at once."""
    with company.store.transaction() as tx:
        tx.wake("poll")


def polled(company: Office) -> None:
    """Wait for a poll that began after this moment."""
    began = polls(company)
    for number in (1, 2):
        nudge(company)
        wait_for(lambda: polls(company) >= began + number, "another poll")


def queued(company: Office) -> list[str]:
    """Return what has been queued for masters, clients and admins, over all time."""
    with company.store.reading() as tx:
        return sorted(
            f"{one.notice.to} {one.notice.recipient}: {one.notice.kind} {one.notice.order_id}".strip()
            for one in tx.outbox.due(["master", "client", "admin"], limit=1000)
        )


def events(company: Office, name: str = "worker") -> list[dict[str, Any]]:
    """Return the log of a worker; every line of it is a JSON object."""
    return [json.loads(line) for line in company.system.log(name).splitlines()]


def troubles(company: Office, job: str) -> list[str]:
    """Return what the worker's log tells of a job's trouble: that it began, that it is over."""
    return [line["event"] for line in events(company) if line["event"].startswith("trouble") and line["job"] == job]


def test_a_day_of_the_worker(company: Office) -> None:
    """A hand-typed order gets all it lacks, masters are offered it once, figures follow, the end is clean."""
    start(company)
    company.type(**CALLER)
    row = company.system.order(ID=1, Статус="Новая", Источник="phone")
    assert (row["Телефон"], len(row["Ключ"])) == ("8 (900) 123-45-67", 16)
    assert row["Дата"] > 45641
    wait_for(lambda: len(queued(company)) == 2, "both masters to be told")
    company.change(1, Статус="Выполнена", Мастер="ким", Цена=2000)
    company.system.order(ID=1, Комиссия=600)
    wait_for(lambda: company.row(2, MASTERS)["Заработок"] == 1400, "the master's totals")
    wait_for(lambda: ["Выполнено", 1, 1, 1, 1] in company.values("Статистика"), "the figures")
    assert queued(company) == ["master 1: order_new 1", "master 2: finished 1", "master 2: order_new 1"]

    assert company.system.end("worker") == 0
    assert not [line for line in events(company) if line["level"] not in ("info", "debug")]
    assert {"started", "row_adopted", "change", "poll", "flush", "stopped"} <= {
        line["event"] for line in events(company)
    }
    assert "79001234567" not in company.system.log("worker")
    assert "123-45-67" not in company.system.log("worker")
    with company.store.reading() as tx:
        (run,) = tx.runs.last("poll", 1)
        assert run.ok
        beat = tx.facts.get(alive("worker"))
        assert beat is not None
        assert beat["pid"]


def test_what_waits_at_the_end_is_written_before_it(company: Office) -> None:
    start(company)
    wait_for(lambda: polls(company), "the first poll")
    for _ in range(5):
        Actions(company.store, company.settings).place_order(DRAFT)
    assert company.system.end("worker") == 0
    assert [row["ID"] for row in company.rows()] == [1, 2, 3, 4, 5]


def test_a_broken_header_is_told_once_and_work_goes_on_when_it_is_mended(company: Office) -> None:
    company.paste(order(1))
    start(company)
    wait_for(lambda: polls(company), "the first poll")
    company.tab().update_cell(1, 9, "Состояние")
    wait_for(lambda: queued(company) == ["admin 900: alarm"], "the alarm")
    for _ in range(2):
        polled(company)
    company.tab().update([["Статус"], ["Отменена"]], "I1")
    wait_for(lambda: len(queued(company)) == 3, "the work to go on")
    assert queued(company) == ["admin 900: alarm", "admin 900: alarm_over", "client 501: cancelled 1"]
    company.system.end("worker")
    assert troubles(company, "poll") == ["trouble", "trouble_over"]


def test_of_two_workers_one_leads_and_the_other_takes_over_when_it_is_killed(company: Office) -> None:
    start(company)
    wait_for(lambda: polls(company), "the first poll")
    start(company, "second worker")
    wait_for(lambda: "standby" in company.system.log("second worker"), "the second to stand by")
    company.type(**CALLER)
    wait_for(lambda: len(queued(company)) == 2, "both masters to be told")
    company.system.end("worker", signal.SIGKILL)
    wait_for(lambda: "started" in company.system.log("second worker"), "the second to take over")
    company.type(**CALLER | {"Имя": "Ян"})
    wait_for(lambda: len(queued(company)) == 4, "both masters to be told of the other order")
    polled(company)
    assert queued(company) == [f"master {who}: order_new {what}" for who in (1, 2) for what in (1, 2)]


def test_a_nudge_is_heard_at_once_and_one_during_a_poll_is_not_lost(company: Office) -> None:
    company.system.settings["NARYAD_POLLING__INTERVAL_S"] = "600"
    start(company)
    wait_for(lambda: polls(company) == 1, "the first poll")
    company.fault("values:batchGet", delay_s=0.7)
    reads = company.requests()[0]
    nudge(company)
    wait_for(lambda: company.requests()[0] > reads, "a poll to be under way")
    company.paste(order(1, Оповещены=""))
    nudge(company)
    wait_for(lambda: polls(company) == 3, "the poll that was asked for meanwhile")
    assert queued(company) == ["master 1: order_new 1", "master 2: order_new 1"]


def test_killed_at_any_moment_it_loses_nothing_and_tells_nothing_twice(company: Office) -> None:
    """Orders come by hand and from the site while the worker is killed again and again."""
    start(company)
    wait_for(lambda: polls(company), "the first poll")
    actions = Actions(company.store, company.settings)
    for number, moment in enumerate(("row_adopted", "change", "flush"), start=1):
        company.type(**CALLER | {"Имя": f"Юля {number}"})
        actions.place_order(DRAFT)
        wait_for(lambda: moment in company.system.log("worker"), moment)
        company.system.end("worker", signal.SIGKILL)
        os.truncate(company.system.folder / "worker.log", 0)
        start(company)
    wait_for(lambda: len([one for one in queued(company) if "order_new" in one]) == 12, "all to be offered")
    polled(company)
    rows = company.rows()
    assert sorted(row["ID"] for row in rows) == [1, 2, 3, 4, 5, 6]
    assert sorted(row["Имя"] for row in rows) == ["Оля"] * 3 + ["Юля 1", "Юля 2", "Юля 3"]
    assert queued(company) == [f"master {who}: order_new {what}" for who in (1, 2) for what in range(1, 7)]


def test_google_away_for_a_while(company: Office) -> None:
    """Orders are taken meanwhile, and are in the sheet soon after."""
    start(company)
    wait_for(lambda: polls(company), "the first poll")
    company.fault(times=10_000, status=503)
    placed = [Actions(company.store, company.settings).place_order(DRAFT).id for _ in range(20)]
    wait_for(lambda: troubles(company, "flush") == ["trouble"], "the worker to notice")
    for _ in range(2):
        polled(company)
    company.mend()
    wait_for(lambda: len(queued(company)) == 40, "all to be offered")
    assert sorted(str(row["ID"]) for row in company.rows()) == sorted(placed)
    company.system.end("worker")
    for job in ("flush", "poll"):
        assert troubles(company, job) == ["trouble", "trouble_over"], job
