"""Clocks, time zones, midnights: dates are the company's wall clock, and a clock that is set back stalls nothing."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from freezegun import freeze_time

from record.dispatch.model import Roster
from record.reports.totals import Line, count
from record.settings import load_settings
from record.values import from_serial
from tests.clock import Clock
from tests.harness.office import Office, order
from tests.harness.staff import CALLER


@pytest.fixture
def clock(office: Office) -> Iterator[Clock]:
    """The clock of staff at a sheet with three told orders, which the test sets, and back too."""
    with freeze_time("2024-12-31 21:30:00", tick=True) as frozen:  # 23:30 in Kaliningrad
        office.paste(order(1), order(2), order(3))
        office.begin()
        yield frozen


def dated(staff: Office, order_id: int, column: str = "Дата") -> str:
    """Return a date of an order as people see it."""
    return from_serial(staff.row(order_id)[column]).strftime("%d.%m.%Y %H")


def figures(staff: Office) -> dict[str, list[Any]]:
    """Return «Статистика» by its first column: today, week, month, total."""
    staff.count()
    return {
        row["Показатель"]: [row[p] for p in ("Сегодня", "Неделя", "Месяц", "Всего")]
        for row in staff.rows("Статистика")
    }


def test_pitfall_44_midnight_is_the_companys(clock: Clock, office: Office) -> None:
    """23:30 in Kaliningrad is still this year; an hour later it is the next, by the same wall clock."""
    office.type(**CALLER)
    office.settle()
    clock.tick(3600)
    office.type(**CALLER)
    office.settle()
    assert (dated(office, 4), dated(office, 5)) == ("31.12.2024 23", "01.01.2025 00")


def test_pitfall_44_figures_begin_anew_at_midnight_and_at_the_months_end(clock: Clock, office: Office) -> None:
    office.change(1, Статус="Выполнена", Цена=2000)
    office.settle()
    assert figures(office)["Выполнено"] == [1, 1, 1, 1]
    clock.tick(3600)
    assert figures(office)["Выполнено"] == [0, 1, 0, 1], "another day and month, the same week"


@pytest.mark.usefixtures("clock")
def test_pitfall_44_another_time_zone_changes_no_date(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells hold the wall clock; only what is written from now on is on the new one."""
    office.type(**CALLER)
    office.settle()
    before = office.values()
    monkeypatch.setenv("NARYAD_COMPANY__TIMEZONE", "Asia/Vladivostok")
    office.settings = load_settings()
    office.restart()
    office.settle()
    office.told()
    assert office.values() == before
    office.type(**CALLER)
    office.settle()
    assert (dated(office, 4), dated(office, 5)) == ("31.12.2024 23", "01.01.2025 07")


def test_pitfall_44_a_clock_set_back_delays_no_order(
    clock: Clock, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row rests by what has passed since it was last seen, not by an hour that is to come again."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "20")
    office.settings = load_settings()
    office.restart()
    office.type(**CALLER)
    office.poll()
    clock.tick(-3600)
    office.poll()
    clock.tick(21)
    office.settle()
    assert office.told() == ["master 1: order_new 4", "master 2: order_new 4"]


def test_pitfall_44_a_clock_set_back_after_a_write_hides_no_edit(clock: Clock, office: Office) -> None:
    office.type(**CALLER)
    office.poll()
    office.flush()
    clock.tick(-3600)
    office.settle()
    assert office.told() == ["master 1: order_new 4", "master 2: order_new 4"]
    assert office.states() == [], "all that was written has been seen"
    office.change(4, Статус="Отменена")
    office.settle()
    assert office.history(4) == ["appeared", "status"]


@pytest.mark.parametrize(
    ("done", "now", "expected"),
    [
        (datetime(2024, 2, 29, 23, 59, 59), datetime(2024, 2, 29, 23, 59, 59), [1, 1, 1, 1]),
        (datetime(2024, 2, 29, 23, 59, 59), datetime(2024, 3, 1), [0, 1, 0, 1]),
        (datetime(2024, 12, 29, 12), datetime(2024, 12, 30), [0, 0, 1, 1]),
        (datetime(2024, 12, 30, 0, 0), datetime(2025, 1, 5, 23, 59), [0, 1, 0, 1]),
    ],
)
def test_pitfall_44_months_ends_leap_days_and_mondays(done: datetime, now: datetime, expected: list[int]) -> None:
    line = Line(done, done, "Выполнена", "phone", "", Decimal(2000), Decimal(600))
    rows = {str(row[0]): list(row[1:]) for row in count([line], Roster(), now).rows}
    assert rows["Выполнено"] == expected
