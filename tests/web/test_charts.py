"""Charts as geometry: nothing sticks out, nothing that is there is invisible, the table says the same."""

from datetime import date
from decimal import Decimal

import pytest

from web.present.charts import HEIGHT, TOP, Series, bar_label, columns, minutes, nice, shares

DAYS = [f"{day} ноя" for day in range(1, 31)]


def test_bars_stay_within_the_picture() -> None:
    chart = columns(DAYS, [Series("пришло", "sea", list(range(30))), Series("сделано", "amber", [7] * 30)])
    for slot in chart.slots:
        for bar in slot.bars:
            assert slot.x <= bar.x
            assert bar.x + bar.width <= slot.x + slot.width + 0.01
            assert bar.y >= TOP
            assert bar.y + bar.height == pytest.approx(TOP + HEIGHT, abs=0.11)


def test_the_least_is_still_seen_and_nothing_is_not() -> None:
    chart = columns(["а", "б"], [Series("", "sea", [1, 0]), Series("", "amber", [100_000, 0])])
    heights = [[bar.height for bar in slot.bars] for slot in chart.slots]
    assert heights == [[2.0, HEIGHT], [0.0, 0.0]]
    assert not chart.empty
    assert columns(["а"], [Series("", "sea", [0])]).empty
    assert columns([], [Series("", "sea", [])]).empty


def test_labels_are_few_and_the_last_is_there() -> None:
    labels = [label for _, label in columns(DAYS, [Series("", "sea", [1] * 30)]).labels]
    assert labels[-1] == "30 ноя"
    assert len(labels) <= 4


def test_the_table_says_what_the_bars_show() -> None:
    chart = columns(["1 ноя"], [Series("пришло", "sea", [5]), Series("сделано", "amber", [3])])
    assert chart.rows == (("1 ноя", "5", "3"),)
    assert chart.slots[0].said == "1 ноя: пришло 5, сделано 3"


@pytest.mark.parametrize(
    ("value", "round_one"),
    [(0, 2), (1, 2), (3, 4), (5, 6), (7, 10), (11, 20), (Decimal("450.5"), 600), (99_000, 100_000)],
)
def test_the_scale_ends_at_a_round_number(value: Decimal, round_one: int) -> None:
    assert nice(value) == round_one


def test_shares_are_of_the_greatest() -> None:
    assert [line.width for line in shares([("а", 4, "4", ""), ("б", 1, "1", ""), ("в", 0, "0", "")])] == [100, 25, 0]
    assert [line.width for line in shares([("а", 0, "0", "")])] == [0]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "—"),
        (0.2, "меньше минуты"),
        (12.4, "12 мин"),
        (65, "1 ч 5 мин"),
        (120, "2 ч"),
        (720, "12 ч"),
        (6000, "4 дн"),
    ],
)
def test_times_are_said_as_people_say_them(value: float | None, said: str) -> None:
    assert minutes(value).replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_bar_is_labelled_by_what_it_stands_for() -> None:
    day = date(2026, 11, 2)
    said = [bar_label(day, grain).replace("\N{NO-BREAK SPACE}", " ") for grain in ("day", "week", "month")]
    assert said == ["2 ноя", "2 ноя", "ноябрь 2026"]
