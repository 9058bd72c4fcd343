"""Dates and times as people type them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record import values
from record.values import Cell, Unclear
from tests.record.notation import at


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (45641, at(2024, 12, 15)),
        (45641.604166666664, at(2024, 12, 15, 14, 30)),
        ("15.12.2024", at(2024, 12, 15)),
        ("05.06.2024", at(2024, 6, 5)),
        ("5.6.24", at(2024, 6, 5)),
        ("05/06/2024", at(2024, 6, 5)),
        ("2024-12-15", at(2024, 12, 15)),
        ("2024-06-05 09:07:03", at(2024, 6, 5, 9, 7, 3)),
        ("2024-06-05T09:07", at(2024, 6, 5, 9, 7)),
        ("15.12.2024 9:05", at(2024, 12, 15, 9, 5)),
        ("15.12.2024, 14:30", at(2024, 12, 15, 14, 30)),
        ("29.02.2024", at(2024, 2, 29)),
        ("15.12.2024 14.30", at(2024, 12, 15, 14, 30)),
        ("15.12.24 в 9.05", at(2024, 12, 15, 9, 5)),
        ("15.12.2024 в 14 ч", at(2024, 12, 15, 14)),
        ("15.12.2024г.", at(2024, 12, 15)),
        ("15 декабря 2024", at(2024, 12, 15)),
        ("15 дек 24", at(2024, 12, 15)),
        ("1 мая 2024 г. 10:00", at(2024, 5, 1, 10)),
        ("3 марта 2024 года", at(2024, 3, 3)),
        ("вс, 15.12.2024", at(2024, 12, 15)),
        ("\u200e15.12.2024\u200f", at(2024, 12, 15)),
        ("", None),
        (" ", None),
    ],
)
def test_dates_are_read_day_first(typed: Cell, meant: datetime | None) -> None:
    assert values.moment(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("сегодня", at(2024, 12, 15)),
        ("Вчера", at(2024, 12, 14)),
        ("позавчера", at(2024, 12, 13)),
        ("вчера 14.30", at(2024, 12, 14, 14, 30)),
        ("сегодня в 9:05", at(2024, 12, 15, 9, 5)),
        ("15.12", at(2024, 12, 15)),
        ("16.12", at(2024, 12, 16)),
        ("1 января", at(2025, 1, 1)),
        ("31 дек. 18:00", at(2024, 12, 31, 18)),
        ("14.03", at(2024, 3, 14)),
        ("29.02", at(2024, 2, 29)),
        ("5-го июня", at(2024, 6, 5)),
    ],
)
def test_days_told_from_today(typed: str, meant: datetime) -> None:
    """A day without a year is a near one to come or the last one; typed nobody knows when, it is unclear."""
    assert values.moment(typed, today=date(2024, 12, 15)) == meant
    with pytest.raises(Unclear, match="неясно, как"):
        values.moment(typed)


@pytest.mark.parametrize(
    ("today", "typed", "meant"),
    [
        (date(2026, 11, 27), "14.12", date(2026, 12, 14)),
        (date(2026, 11, 27), "27.11", date(2026, 11, 27)),
        (date(2026, 11, 27), "26.11", date(2026, 11, 26)),
        (date(2026, 11, 27), "28.11", date(2026, 11, 28)),
        (date(2026, 11, 27), "14 декабря", date(2026, 12, 14)),
        (date(2026, 11, 27), "28.01", date(2027, 1, 28)),
        (date(2026, 11, 27), "29.01", date(2026, 1, 29)),
        (date(2026, 11, 27), "15.08", date(2026, 8, 15)),
        (date(2026, 12, 31), "31.12", date(2026, 12, 31)),
        (date(2026, 12, 31), "01.01", date(2027, 1, 1)),
        (date(2026, 12, 28), "05.01", date(2027, 1, 5)),
        (date(2026, 12, 28), "28 февраля", date(2027, 2, 28)),
        (date(2026, 12, 28), "01.04", date(2026, 4, 1)),
        (date(2027, 1, 1), "31.12", date(2026, 12, 31)),
        (date(2027, 1, 1), "01.01", date(2027, 1, 1)),
        (date(2027, 1, 5), "28.12", date(2026, 12, 28)),
        (date(2027, 1, 5), "14.11", date(2026, 11, 14)),
        (date(2027, 1, 5), "10.02", date(2027, 2, 10)),
        (date(2027, 12, 31), "29.02", date(2028, 2, 29)),
        (date(2027, 12, 1), "29.02", date(2024, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_one_that_a_dispatcher_means(today: date, typed: str, meant: date) -> None:
    for what in ("Дата", "Дата выполнения"):
        assert values.moment(f"{typed} 10:00", what, today) == at(meant.year, meant.month, meant.day, 10)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-300, 60))
def test_a_near_day_is_never_read_as_one_of_another_year(today: date, days: int) -> None:
    day = today + timedelta(days=days)
    read = values.moment(f"{day:%d.%m}", today=today)
    assert read is not None
    assert read.date() == day or (day.month, day.day) == (2, 29)


@pytest.mark.parametrize(
    "typed",
    [
        "завтра",
        "вечером",
        "14:30",
        0.5,
        "30.02",
        "15 ууу",
        "#REF!",
        "31.02.2024",
        "12/15/2024",
        "15.12",
        "15.12.0024",
        5,
        100_000,
        True,
    ],
)
def test_what_is_no_date_is_explained(typed: Cell) -> None:
    with pytest.raises(Unclear, match=r"^Дата.* 15\.12\.2026"):
        values.moment(typed)


@pytest.mark.parametrize(
    ("serial", "when"),
    [
        (43831, at(2020, 1, 1)),
        (45641.5, at(2024, 12, 15, 12)),
        (46352.99998843, at(2026, 11, 26, 23, 59, 59)),
    ],
)
def test_serial_numbers_there_and_back(serial: float, when: datetime) -> None:
    assert values.from_serial(serial) == when
    assert values.to_serial(when) == serial
