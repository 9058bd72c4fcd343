"""H1: several writes to one cell, whose answer is lost, are judged as one, and nobody's press was in vain."""

import signal
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from record.errors import SheetUnclear
from record.failpoints import VARIABLE
from record.store import Store
from record.values import telegram
from tests.harness.company import ACCEPT, FINISH, IVAN, PROCESSES, Company
from tests.harness.office import Office, order
from tests.harness.sheet import Sheet
from tests.harness.system import MASTER_BOT
from tests.pitfalls.test_google import WRITE
from tests.worker.flush.writes import BATCH_UPDATE

Act = Callable[[Office], object]


def accepts(master: str) -> Act:
    return lambda office: office.actions.accept("7", master)


def finishes(master: str, price: int) -> Act:
    return lambda office: office.actions.complete("7", master, Decimal(price))


def gives_back(master: str) -> Act:
    return lambda office: office.actions.give_back("7", master, "далеко")


DAYS: dict[str, tuple[list[Act], dict[str, Any]]] = {
    "accept, finish": (
        [accepts("1"), finishes("1", 2000)],
        {"Статус": "Выполнена", "Мастер": "Иван Петров", "Цена": 2000},
    ),
    "accept, finish, mend the price twice": (
        [accepts("1"), finishes("1", 2000), finishes("1", 2500), finishes("1", 1000)],
        {"Статус": "Выполнена", "Цена": 1000, "Комиссия": 300},
    ),
    "accept, give back, another accepts": (
        [accepts("1"), gives_back("1"), accepts("2")],
        {"Статус": "В работе", "Мастер": "Сергей Ким"},
    ),
    "accept, give back, accept again": (
        [accepts("1"), gives_back("1"), accepts("1")],
        {"Статус": "В работе", "Мастер": "Иван Петров"},
    ),
}


@pytest.fixture
def one_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("NARYAD_SHEETS__UNCLEAR_REST_S", "0")
    office.restart()
    office.paste(order(7))
    office.begin()
    return office


def lost(office: Office, drop: str) -> None:
    """Let the answer to the next write be lost, if there is anything left to write."""
    office.fault(BATCH_UPDATE, drop=drop)
    with suppress(SheetUnclear):
        office.flush()
    office.mend_faults()


def refusals(office: Office) -> list[str]:
    return [line for line in office.told() if "refused" in line or "removed" in line]


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize(("times", "polled"), [(1, False), (2, True)])
@pytest.mark.parametrize("day", DAYS)
def test_h1_presses_whose_common_answer_is_lost_all_count(
    one_order: Office, day: str, *, drop: str, times: int, polled: bool
) -> None:
    acts, expected = DAYS[day]
    for act in acts:
        act(one_order)
    for _ in range(times):
        lost(one_order, drop)
        if polled:
            one_order.poll()
    one_order.settle()
    assert {column: one_order.row(7)[column] for column in expected} == expected
    assert refusals(one_order) == []
    assert one_order.states() == []


@pytest.mark.parametrize("sent", [1, 2])
@pytest.mark.parametrize("day", DAYS)
def test_h1_presses_that_come_while_the_answer_to_the_first_is_missed_count_too(
    one_order: Office, day: str, sent: int
) -> None:
    acts, expected = DAYS[day]
    for act in acts[:sent]:
        act(one_order)
    lost(one_order, "after")
    for act in acts[sent:]:
        act(one_order)
    one_order.settle()
    assert {column: one_order.row(7)[column] for column in expected} == expected
    assert refusals(one_order) == []


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize(
    "typed", [{"Статус": "Отменена"}, {"Мастер": "Сергей Ким"}, {"Статус": "Отменена", "Мастер": ""}]
)
def test_h1_what_a_person_types_in_between_stands_and_the_master_is_told_once(
    one_order: Office, typed: dict[str, str], drop: str
) -> None:
    """Ivan accepts, finishes and mends the price; each of the three would be refused by itself."""
    for act in DAYS["accept, finish, mend the price twice"][0][:3]:
        act(one_order)
    if drop == "before":
        one_order.change(7, **typed)
        lost(one_order, drop)
    else:
        lost(one_order, drop)
        one_order.change(7, **typed)
    one_order.settle()
    assert {column: one_order.row(7)[column] for column in typed} == typed
    assert refusals(one_order) == ["master 1: refused 7"]


def test_h1_a_row_of_masters_is_judged_alike(one_order: Office) -> None:
    master = one_order.actions.register_master("Олег Орлов", "+79110000003", telegram(603), "Электрик")
    lost(one_order, "after")
    one_order.settle()
    rows = [row for row in one_order.rows("Мастера") if row["Имя"] == "Олег Орлов"]
    assert [str(row["ID"]) for row in rows] == [master.id]


@pytest.mark.parametrize("ends", ["drop", "kill"])
def test_h1_accepted_and_finished_while_google_is_away_and_its_answer_lost(
    announced: Company, sheet: Sheet, ends: str
) -> None:
    """503 while Ivan presses «ПРИНЯТЬ», «Завершить» and types 2000; both writes go together, and no answer comes."""
    company, number = announced, sheet.ids[1]
    company.fault(WRITE, times=10_000, status=503)
    company.press("ivan", number, ACCEPT)
    company.waits_for(lambda: FINISH in str(company.card("ivan", number)["buttons"]), "his order")
    company.press("ivan", number, FINISH)
    company.waits_for(lambda: len(company.news("ivan")) > 0, "the question for the price")
    company.system.say(MASTER_BOT, IVAN, "2000")
    company.waits_for(lambda: waiting(company.store) >= 2, "both writes to wait")
    if ends == "drop":
        company.mend()
        company.fault(WRITE, drop="after")
    else:
        company.system.end_all()
        company.mend()
        company.system.settings[VARIABLE] = "flush.sent"
        company.system.start("worker")
        del company.system.settings[VARIABLE]
        company.waits_for(lambda: '"name": "flush.sent"' in company.system.log("worker"), "the kill")
        company.system.end("worker", signal.SIGKILL)
        company.system.start(*PROCESSES)
    company.waits_for(lambda: sheet.row(number)["Статус"] == "Выполнена", "the order is done in the sheet")
    company.rests()
    row = sheet.row(number)
    assert (row["Статус"], row["Мастер"], row["Цена"], row["Комиссия"]) == ("Выполнена", "Иван Петров", 2000, 600)
    assert not [text for text in company.news("ivan") if "не сработало" in text]
    assert company.logged("write_refused") == []


def waiting(store: Store) -> int:
    with store.reading() as tx:
        return tx.journal.depth()[0]
