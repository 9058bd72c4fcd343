"""Figures for today, this week, this month and all time, on the company's wall clock."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from record.dispatch.model import Master, Roster
from record.reports.totals import Line, Totals, count
from record.values import Cell, moment
from tests.record.notation import ROSTER, at, entered

NOW = "11.12.2024 12:00"  # a Wednesday; the week began on 9.12, the month on 1.12


def lines(drawn: str) -> Iterable[Line]:
    """Return lines from rows of `came | done | status | source | master's ID | price | commission`."""
    for text in drawn.strip().splitlines():
        cells = [cell.strip() for cell in text.split("|")]
        came, done, status, source, master_id, price, commission = [*cells, *[""] * (7 - len(cells))]
        money = Decimal(price or 0), Decimal(commission or 0)
        yield Line(moment(came), moment(done), status, source, master_id, *money)


def figures(drawn: str, now: str = NOW) -> Totals:
    """Return the figures of drawn orders at a moment."""
    when = moment(now)
    assert when
    return count(lines(drawn), ROSTER, when)


def shown(drawn: str, now: str = NOW) -> dict[str, tuple[Cell, ...]]:
    """Return «Статистика» by its first column."""
    return {str(row[0]): row[1:] for row in figures(drawn, now).rows}


def sheet(drawn: str) -> dict[str, tuple[Cell, ...]]:
    """Return what is expected, drawn as the worksheet shows it."""
    rows = [[entered(cell) for cell in line.split("|")] for line in drawn.strip().splitlines()]
    return {str(row[0]): tuple(row[1:]) for row in rows}


def test_the_whole_worksheet() -> None:
    said = shown(
        """
        11.12.2024 09:00 |                  | Новая     | website
        10.12.2024 09:00 |                  | В работе  | telegram | 1
        09.12.2024 09:00 | 11.12.2024 11:00 | Выполнена | phone    | 1 | 2000 | 600
        03.12.2024 09:00 | 05.12.2024 11:00 | Выполнена | phone    | 2 | 1000.50 | 200.10
        30.11.2024 09:00 | 30.11.2024 11:00 | Выполнена | direct   | 1 | 500  | 150
        02.11.2024 09:00 |                  | Отменена  | radio
                         |                  |           |
        """
    )
    assert said == sheet(
        """
        Заявок                       | 1 | 3 | 4 | 7
        Новая                        | 1 | 1 | 1 | 1
        В работе                     | 0 | 1 | 1 | 1
        Выполнено                    | 1 | 1 | 2 | 3
        Отменена                     | 0 | 0 | 0 | 1
        Оборот, ₽                    | 2000 | 2000 | 3000.5 | 3500.5
        Средний чек, ₽               | 2000 | 2000 | 1500.25 | 1166.83
        Комиссия, ₽                  | 600 | 600 | 800.1 | 950.1
        Источник: Telegram           | 0 | 1 | 1 | 1
        Источник: не указан          | 0 | 0 | 0 | 1
        Источник: личное сообщение   | 0 | 0 | 0 | 1
        Источник: сайт               | 1 | 1 | 1 | 1
        Источник: телефон            | 0 | 1 | 2 | 2
        Источник: radio              | 0 | 0 | 0 | 1
        Иван Петров: выполнено       | 1 | 1 | 1 | 2
        Иван Петров: оборот, ₽       | 2000 | 2000 | 2000 | 2500
        Сергей Ким: выполнено        | 0 | 0 | 1 | 1
        Сергей Ким: оборот, ₽        | 0 | 0 | 1000.5 | 1000.5
        """
    )


def test_what_was_done_without_a_price_is_counted_apart_from_the_average() -> None:
    when, none = at(2024, 12, 11, 9), Decimal(0)
    priced = [Line(when, when, "Выполнена", "phone", "1", Decimal(2000), Decimal(600))] * 2
    unpriced = [Line(when, when, "Выполнена", "phone", "1", none, none, priced=False)] * 2
    said = {str(row[0]): row[1:] for row in count([*priced, *unpriced], ROSTER, when).rows}
    assert said["Средний чек, ₽"] == (2000,) * 4
    assert said["Выполнено без цены"] == (2,) * 4
    assert said["Выполнено"] == (4,) * 4


def test_an_empty_sheet_has_its_lines_with_zeros() -> None:
    said = shown("")
    assert set(said) == {"Заявок", "Новая", "В работе", "Выполнено", "Отменена", "Оборот, ₽", "Средний чек, ₽",
                         "Комиссия, ₽"}  # fmt: skip
    assert set(said.values()) == {(0, 0, 0, 0)}


@pytest.mark.parametrize(
    ("came", "now", "expected"),
    [
        ("11.12.2024 00:00:00", "11.12.2024 00:00:00", (1, 1, 1, 1)),
        ("10.12.2024 23:59:59", "10.12.2024 23:59:59", (1, 1, 1, 1)),
        ("10.12.2024 23:59:59", "11.12.2024 00:00:00", (0, 1, 1, 1)),
        ("09.12.2024 00:00:00", "15.12.2024 23:59:59", (0, 1, 1, 1)),
        ("08.12.2024 23:59:59", "09.12.2024 00:00:00", (0, 0, 1, 1)),
        ("30.11.2024 23:59:59", "01.12.2024 00:00:00", (0, 1, 0, 1)),  # the week began in the month before
        ("01.12.2024 00:00:00", "31.12.2024 23:59:59", (0, 0, 1, 1)),
        ("31.12.2024 23:59:59", "01.01.2025 00:00:00", (0, 1, 0, 1)),
        ("29.02.2024 12:00:00", "01.03.2024 00:00:00", (0, 1, 0, 1)),
        ("", "11.12.2024 12:00", (0, 0, 0, 1)),
        ("сегодня", "11.12.2024 12:00", (0, 0, 0, 1)),
    ],
)
def test_periods_begin_at_midnight_on_monday_and_on_the_first(came: str, now: str, expected: tuple[int, ...]) -> None:
    when = moment(came) if came != "сегодня" else None
    line = Line(when, None, "Новая", "phone", "", Decimal(0), Decimal(0))
    moment_now = moment(now)
    assert moment_now
    assert count([line], ROSTER, moment_now).rows[0] == ("Заявок", *expected)


def test_work_is_counted_by_the_day_it_was_done() -> None:
    said = shown("01.12.2024 | 11.12.2024 10:00 | Выполнена | phone | 1 | 1000 | 300")
    assert said["Заявок"] == (0, 0, 1, 1)
    assert said["Выполнено"] == (1, 1, 1, 1)


def test_work_done_on_an_unknown_day_counts_for_the_day_the_order_came() -> None:
    assert shown("10.12.2024 | | Выполнена | phone | 1 | 1000 | 300")["Выполнено"] == (0, 1, 1, 1)
    assert shown("| | Выполнена | phone | 1 | 1000 | 300")["Оборот, ₽"] == (0, 0, 0, 1000)


def test_a_status_that_is_not_understood_counts_among_orders_only() -> None:
    said = shown("11.12.2024 | | | phone")
    assert said["Заявок"] == (1, 1, 1, 1)
    assert said["Новая"] == (0, 0, 0, 0)


def test_each_masters_totals_of_all_time() -> None:
    totals = figures(
        """
        01.12.2024 | 01.12.2024 | Выполнена | phone | 1 | 2000    | 600
        01.10.2024 | 01.10.2024 | Выполнена | phone | 1 | 1000.50 | 300.15
        01.12.2024 | 01.12.2024 | Выполнена | phone | 2 | 700     | 140
        01.12.2024 |            | В работе  | phone | 2 | 5000    | 0
        01.12.2024 | 01.12.2024 | Выполнена | phone |   | 900     | 270
        """
    ).masters
    assert {key: (one.count, one.turnover, one.commission, one.net) for key, one in totals.items()} == {
        "1": (2, Decimal("3000.50"), Decimal("900.15"), Decimal("2100.35")),
        "2": (1, Decimal(700), Decimal(140), Decimal(560)),
    }


def test_masters_who_share_a_name_have_lines_of_their_own() -> None:
    twins = Roster.of([Master("3", "Пётр"), Master("4", "Петр")])
    done = lines(
        """
        1.12.2024 | 1.12.2024 | Выполнена | phone | 3 | 100 | 30
        1.12.2024 | 1.12.2024 | Выполнена | phone | 4 | 200 | 60
        1.12.2024 | 1.12.2024 | Выполнена | phone | 9 | 300 | 90
        """
    )
    labels = [str(row[0]) for row in count(done, twins, at(2024, 12, 11)).rows]
    assert set(labels[-6::2]) == {"Пётр (#3): выполнено", "Петр (#4): выполнено", "мастер 9: выполнено"}
