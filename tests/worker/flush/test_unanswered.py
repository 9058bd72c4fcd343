"""Requests whose answer is lost: what they hit by mistake is undone, people hear of nothing untrue, order is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from freezegun import freeze_time

from record.errors import SheetUnclear
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.settings import Settings, load_settings
from record.sheet import Sheet
from tests.harness.office import Office
from tests.harness.system import wait_for
from tests.worker.flush.test_people_meanwhile import COLUMN_MOVES, ROW_MOVES, delete_above, dimension, reverse
from tests.worker.flush.writes import BATCH_UPDATE, TAKEN, accept, append, rows
from worker.jobs import Job, Patient, Runner

Move = Callable[[Office], dict[str, Any]]


@pytest.fixture
def resting(company: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Settings]:
    """Let requests without an answer rest for so many seconds."""

    def rest(seconds: str, **more: str) -> Settings:
        monkeypatch.setenv("NARYAD_SHEETS__UNCLEAR_REST_S", seconds)
        for name, value in more.items():
            monkeypatch.setenv(f"NARYAD_SHEETS__{name}", value)
        company.settings = load_settings()
        company.restart()
        return company.settings

    return rest


def insert_at(company: Office, place: int) -> dict[str, Any]:
    """Insert a blank row before a row (0-based)."""
    return {"insertDimension": {"range": dimension(company, place), "inheritFromBefore": False}}


def loses_its_answer(company: Office, *writes: Write, drop: str = "after") -> None:
    """Flush these writes; Google carries them out, or doesn't, and the connection breaks."""
    company.journal(*writes)
    company.fault(BATCH_UPDATE, drop=drop)
    with pytest.raises(SheetUnclear):
        company.flush()


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("person", ROW_MOVES + COLUMN_MOVES)
def test_what_hit_a_wrong_row_or_column_is_undone_before_it_is_tried_again(
    company: Office, person: Move, *, killed: bool
) -> None:
    before = rows(company)
    company.meanwhile(person(company))
    loses_its_answer(company, accept(2), Write(ORDERS, "set", "4", {"Оповещены": 46000.5, "Проверка": "что-то"}))
    if killed:
        company.restart()
    company.poll()
    company.flush()
    expected = before | {2: before[2] | TAKEN, 4: before[4] | {"Оповещены": 46000.5, "Проверка": "что-то"}}
    if person is delete_above:
        del expected[1]
    assert {number: {c: v for c, v in row.items() if c} for number, row in rows(company).items()} == expected
    company.settle()
    assert company.told() == ["client 502: accepted 2"]
    assert [company.history(number) for number in (2, 3, 4, 5)] == [["status"], [], [], []]


def test_no_poll_believes_a_row_that_was_hit_while_the_write_rests(
    company: Office, resting: Callable[[str], Settings]
) -> None:
    resting("60")
    company.meanwhile(reverse(company))
    loses_its_answer(company, accept(2))
    assert company.row(4)["Статус"] == "В работе"
    report = company.poll()
    assert (report.trusted, report.changes, company.flush().resting) == (False, 0, 1)
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        company.settle()
        assert company.told() == ["client 502: accepted 2"]
    assert (company.row(4)["Статус"], company.row(2)["Статус"]) == ("Новая", "В работе")


@pytest.mark.parametrize("moved", [False, True])
def test_what_a_person_typed_is_not_taken_for_a_write_that_never_came(
    company: Office, resting: Callable[[str], Settings], *, moved: bool
) -> None:
    """The dispatcher gives another order to the same master, while nobody knows what became of the write."""
    resting("60")
    loses_its_answer(company, accept(2), drop="before")
    company.change(4, **TAKEN)
    company.change(5, Статус="Отменена")
    if moved:
        company.change(2, **TAKEN)
        company.sort("ID", "des")
    assert company.poll().trusted
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        company.settle()
    found = rows(company)
    assert [found[number]["Статус"] for number in (2, 4, 5)] == ["В работе", "В работе", "Отменена"]


def test_new_rows_stay_in_order_behind_one_that_rests(company: Office, resting: Callable[[str], Settings]) -> None:
    resting("60")
    loses_its_answer(company, append(6), drop="before")
    company.journal(append(7), accept(7), append(8), accept(3))
    done = company.flush()
    assert (done.written, done.resting, rows(company)[3]["Статус"]) == (1, 4, "В работе")
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_machine_whose_clock_is_behind_lets_it_rest_as_well(
    company: Office, resting: Callable[[str], Settings]
) -> None:
    resting("5")
    loses_its_answer(company, append(6))
    with freeze_time(tick=True) as clock:
        clock.tick(-30)
        assert company.flush().resting == 1
        clock.tick(40)
        company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]


def test_while_a_write_rests_nobody_takes_the_trouble_for_over(
    company: Office, resting: Callable[..., Settings]
) -> None:
    """Each try of the only order that waits is answered 503; the admin hears of it, and once."""
    settings = resting("1.2", ALARM_AFTER_S="2")
    runner = Runner(company.store, Sheet(settings, company.store), settings)
    job = Job("flush", Patient(company.flusher).run, every_run=False)

    def hears() -> list[str]:
        runner.run(job)
        return company.told()

    company.fault(BATCH_UPDATE, times=1000, status=503)
    company.journal(append(6))
    wait_for(lambda: hears() == ["admin 900: alarm"], "the admin to be told")
    company.mend_faults()
    wait_for(lambda: hears() == ["admin 900: alarm_over"], "the end to be told")
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("place", [5, 6, 7])
def test_an_id_given_to_a_wrong_row_is_taken_back_though_rows_move_again(company: Office, place: int) -> None:
    """Somebody inserts a row just before a typed order gets its ID, and another just before that is taken back."""
    before = rows(company)
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.poll()
    company.meanwhile(insert_at(company, 6))
    company.fault(BATCH_UPDATE, drop="after")
    with pytest.raises(SheetUnclear):
        company.flush()
    company.meanwhile(insert_at(company, place))
    company.settle()
    found = rows(company)
    assert {number: found[number] for number in before} == before
    assert (found[6]["Имя"], found[6]["Статус"], len(found)) == ("Юля", "Новая", 6)


@pytest.mark.parametrize("person", COLUMN_MOVES)
def test_a_cell_that_was_hit_is_found_though_columns_are_moved_once_more(company: Office, person: Move) -> None:
    """The ID of a typed order came into another column of its row; what a person had typed there stands again."""
    company.type(Имя="Юля", Телефон="8 911 222-33-44", Проблема="Искрит")
    company.poll()
    company.meanwhile(person(company))
    company.fault(BATCH_UPDATE, drop="after")
    with pytest.raises(SheetUnclear):
        company.flush()
    company.move_column("Телефон", 0)
    company.settle()
    order = rows(company)[6]
    assert (order["Имя"], order["Телефон"], order["Проблема"]) == ("Юля", "8 911 222-33-44", "Искрит")
    assert company.told() == ["master 1: order_new 6", "master 2: order_new 6"]
