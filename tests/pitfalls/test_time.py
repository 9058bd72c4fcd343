"""Clocks, time zones, midnights: dates are the company's wall clock, and a clock that is set back stalls nothing."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from freezegun import freeze_time

from record.model import Roster
from record.settings import load_settings
from record.statistics import Line, count
from record.values import from_serial
from tests.worker.conftest import empty_house, office, shared  # noqa: F401
from tests.worker.office import Office, order

TYPED: dict[str, Any] = {"Имя": "Юля", "Телефон": "8 (900) 123-45-67", "Проблема": "Не работает розетка"}


@pytest.fixture
def clerks(office: Office) -> Iterator[Office]:  # noqa: F811
    """Staff at a sheet with three told orders, and the worker's parts on a clock of the test's own."""
    with freeze_time("2024-12-31 21:30:00", tick=True) as clock:  # 23:30 in Kaliningrad
        office.clock = clock  # type: ignore[attr-defined]
        office.paste(order(1), order(2), order(3))
        office.begin()
        yield office


def ticks(staff: Office, seconds: float) -> None:
    """Let time pass, or be set back."""
    staff.clock.tick(seconds)  # type: ignore[attr-defined]


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


def test_pitfall_44_midnight_is_the_companys(clerks: Office) -> None:
    """23:30 in Kaliningrad is still this year; an hour later it is the next, by the same wall clock."""
    clerks.type(**TYPED)
    clerks.settle()
    ticks(clerks, 3600)
    clerks.type(**TYPED)
    clerks.settle()
    assert (dated(clerks, 4), dated(clerks, 5)) == ("31.12.2024 23", "01.01.2025 00")


def test_pitfall_44_figures_begin_anew_at_midnight_and_at_the_months_end(clerks: Office) -> None:
    clerks.change(1, Статус="Выполнена", Цена=2000)
    clerks.settle()
    assert figures(clerks)["Выполнено"] == [1, 1, 1, 1]
    ticks(clerks, 3600)
    assert figures(clerks)["Выполнено"] == [0, 1, 0, 1], "another day and month, the same week"


def test_pitfall_44_another_time_zone_changes_no_date(clerks: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells hold the wall clock; only what is written from now on is on the new one."""
    clerks.type(**TYPED)
    clerks.settle()
    before = clerks.values()
    monkeypatch.setenv("NARYAD_COMPANY__TIMEZONE", "Asia/Vladivostok")
    clerks.settings = load_settings()
    clerks.restart()
    clerks.settle()
    clerks.told()
    assert clerks.values() == before
    clerks.type(**TYPED)
    clerks.settle()
    assert (dated(clerks, 4), dated(clerks, 5)) == ("31.12.2024 23", "01.01.2025 07")


def test_pitfall_44_a_clock_set_back_delays_no_order(clerks: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row rests by what has passed since it was last seen, not by an hour that is to come again."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "20")
    clerks.settings = load_settings()
    clerks.restart()
    clerks.type(**TYPED)
    clerks.poll()
    ticks(clerks, -3600)
    clerks.poll()
    ticks(clerks, 21)
    clerks.settle()
    assert clerks.told() == ["master 1: order_new 4", "master 2: order_new 4"]


def test_pitfall_44_a_clock_set_back_after_a_write_hides_no_edit(clerks: Office) -> None:
    clerks.type(**TYPED)
    clerks.poll()
    clerks.flush()
    ticks(clerks, -3600)
    clerks.settle()
    assert clerks.told() == ["master 1: order_new 4", "master 2: order_new 4"]
    assert clerks.states() == [], "all that was written has been seen"
    clerks.change(4, Статус="Отменена")
    clerks.settle()
    assert clerks.history(4) == ["appeared", "status"]


@pytest.mark.parametrize(
    ("done", "now", "expected"),
    [
        (datetime(2024, 2, 29, 23, 59, 59), datetime(2024, 2, 29, 23, 59, 59), [1, 1, 1, 1]),  # noqa: DTZ001
        (datetime(2024, 2, 29, 23, 59, 59), datetime(2024, 3, 1), [0, 1, 0, 1]),  # noqa: DTZ001
        (datetime(2024, 12, 29, 12), datetime(2024, 12, 30), [0, 0, 1, 1]),  # noqa: DTZ001
        (datetime(2024, 12, 30, 0, 0), datetime(2025, 1, 5, 23, 59), [0, 1, 0, 1]),  # noqa: DTZ001
    ],
)
def test_pitfall_44_months_ends_leap_days_and_mondays(done: datetime, now: datetime, expected: list[int]) -> None:
    line = Line(done, done, "Выполнена", "phone", "", Decimal(2000), Decimal(600))
    rows = {str(row[0]): list(row[1:]) for row in count([line], Roster(), now).rows}
    assert rows["Выполнено"] == expected
