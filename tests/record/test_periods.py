"""Figures of a stretch of days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from record.dispatch.model import Master, Roster
from record.reports import periods
from record.reports.periods import Arrived, Done, OfferEvent, Period
from record.values.actors import read_actor

TODAY = date(2026, 11, 22)
WEEK = Period.last(7, TODAY)
ROSTER = Roster.of([Master("1", "Иван Петров"), Master("2", "Сергей Ким")])


def came(days_ago: int, count: int = 1, source: str = "website", status: str = "Новая") -> Arrived:
    """Return orders that came so many days ago."""
    return Arrived(TODAY - timedelta(days=days_ago), source, status, count)


def done(days_ago: int, price: int, master: str = "1", count: int = 1) -> Done:
    """Return work that was finished so many days ago."""
    return Done(TODAY - timedelta(days=days_ago), master, count, Decimal(price), Decimal(price) * 3 / 10)


def step(order: str, minute: float, what: str, after: str = "Новая", by: str = "website") -> OfferEvent:
    """Return a line of the history."""
    return OfferEvent(order, minute * 60, what, after, read_actor(by))


class TestPeriod:
    """Whole days, both ends included."""

    def test_it_ends_today(self) -> None:
        assert (WEEK.since, WEEK.until, WEEK.days) == (date(2026, 11, 16), TODAY, 7)
        assert WEEK.before() == Period(date(2026, 11, 9), date(2026, 11, 15))

    @pytest.mark.parametrize(
        ("days", "grain", "bars"),
        [(7, "day", 7), (31, "day", 31), (90, "week", 13), (120, "week", 18), (365, "month", 13)],
    )
    def test_long_ones_are_told_by_the_week_and_the_month(self, days: int, grain: str, bars: int) -> None:
        period = Period.last(days, TODAY)
        assert (period.grain, len(period.starts())) == (grain, bars)
        assert all(period.start_of(period.since + timedelta(days=one)) in period.starts() for one in range(days))


class TestSums:
    """What came, what was done, for how much."""

    def test_what_lies_outside_does_not_count(self) -> None:
        sums = periods.total(WEEK, [came(0, 2), came(6), came(7, 50)], [done(0, 1000), done(6, 500), done(7, 9999)])
        assert (sums.came, sums.done) == (3, 2)
        assert [int(sums.turnover), int(sums.commission)] == [1500, 450]
        assert sums.average == 750

    def test_nothing_is_nothing(self) -> None:
        assert periods.total(WEEK, [], []).average == 0

    def test_empty_days_have_a_bar_too(self) -> None:
        bars = periods.by_bar(WEEK, [came(0, 2)], [done(1, 1000)])
        assert [one.came for one in bars.values()] == [0, 0, 0, 0, 0, 0, 2]
        assert [one.done for one in bars.values()] == [0, 0, 0, 0, 0, 1, 0]

    def test_sources_come_most_first_by_their_russian_names(self) -> None:
        found = periods.by_source(WEEK, [came(0, 1), came(1, 3, "phone"), came(2, 1, ""), came(30, 9, "direct")])
        assert found == [("телефон", 3), ("не указан", 1), ("сайт", 1)]

    def test_the_funnel_counts_finished_work_as_taken(self) -> None:
        arrived = [
            came(0, 5),
            came(1, 2, status="В работе"),
            came(2, 2, status="Выполнена"),
            came(3, 1, status="Отменена"),
        ]
        funnel = periods.funnel(WEEK, arrived)
        assert (funnel.came, funnel.taken, funnel.done, funnel.cancelled) == (10, 4, 2, 1)
        assert funnel.share(funnel.taken) == 40
        assert periods.funnel(WEEK, []).share(0) == 0

    def test_masters_come_by_turnover_and_work_of_nobody_is_said_to_be(self) -> None:
        found = periods.by_master(
            WEEK, [done(0, 100), done(1, 300, "2", 2), done(2, 50, ""), done(3, 10, "9")], [], ROSTER
        )
        assert [(one.name, one.done) for one in found] == [
            ("Сергей Ким", 2), ("Иван Петров", 1), ("без мастера", 1), ("мастер 9", 1),
        ]  # fmt: skip


class TestWaits:
    """How long orders were on offer."""

    def test_from_the_latest_offer_to_the_taking(self) -> None:
        steps = [
            step("1", 0, "appeared"),
            step("1", 10, "status", "В работе", "master 1"),
            step("1", 20, "reopened"),
            step("1", 50, "status", "В работе", "master 2"),
            step("1", 60, "status", "Выполнена", "master 2"),
            step("2", 0, "status", "В работе", "staff"),
            step("3", 0, "appeared"),
        ]
        found = periods.waits(steps)
        assert [(one.order_id, str(one.by), one.minutes) for one in found] == [
            ("1", "master 1", 10),
            ("1", "master 2", 30),
        ]
        assert periods.usual(found) == 20
        assert periods.by_wait(found) == [
            ("до 5 минут", 0), ("5–15 минут", 1), ("15–60 минут", 1), ("1–4 часа", 0), ("дольше 4 часов", 0),
        ]  # fmt: skip

    def test_a_clock_that_was_set_back_makes_no_negative_time(self) -> None:
        assert periods.waits([step("1", 5, "appeared"), step("1", 0, "status", "В работе")])[0].minutes == 0

    def test_nothing_taken_is_no_time(self) -> None:
        assert periods.usual([]) is None

    def test_a_masters_own_time_is_his(self) -> None:
        steps = [step("1", 0, "appeared"), step("1", 9, "status", "В работе", "master 1")]
        (line,) = periods.by_master(WEEK, [done(0, 100)], periods.waits(steps), ROSTER)
        assert line.minutes == 9
