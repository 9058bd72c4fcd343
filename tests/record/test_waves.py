"""What is a wave, and what is said of one."""

from dataclasses import replace
from typing import Any

import pytest

from record.dispatch.changes import offerable
from record.dispatch.followups import explanation
from record.dispatch.model import Order
from record.dispatch.waves import (
    LEFT,
    LEFT_SAID,
    Source,
    Wave,
    at_once,
    begun_in,
    crowded,
    held_in,
    holding,
    is_news,
    kept_back,
    left_out,
    sentence,
    standing_sentences,
    too_many,
)
from record.values import Status

SOURCES = ("rows", "orders", "intake", "person", "edits")


@pytest.mark.parametrize(
    ("limit", "lately", "now", "held"),
    [
        (20, 0, 1, False),
        (20, 0, 20, False),
        (20, 0, 21, True),
        (20, 0, 5000, True),
        (20, 15, 5, False),
        (20, 15, 6, True),
        (20, 20, 1, True),
        (20, 100, 0, False),
        (1, 0, 1, False),
        (0, 0, 5000, False),
        (0, 5000, 5000, False),
    ],
)
def test_what_is_too_many(limit: int, lately: int, now: int, *, held: bool) -> None:
    assert too_many(limit, lately, now) is held


@pytest.mark.parametrize(
    ("moments", "limit", "held"),
    [
        ([], 2, []),
        ([0, 30, 60], 2, [0, 1, 2]),
        ([0, 30, 61], 2, []),
        ([60, 0, 30], 2, [0, 1, 2]),
        ([0, 70, 80, 90, 160], 2, [1, 2, 3]),
        ([0, 40, 80, 90, 300, 310, 320], 2, [1, 2, 3, 4, 5, 6]),
        ([0, 0, 0], 2, [0, 1, 2]),
        ([0, 0, 0], 3, []),
        ([0, 0, 0], 0, []),
    ],
)
def test_a_rush_is_what_came_within_one_minute(moments: list[float], limit: int, held: list[int]) -> None:
    by_name = {str(place): at for place, at in enumerate(moments)}
    assert crowded(by_name, limit, 60) == {str(place) for place in held}


@pytest.mark.parametrize("count", [1, 2, 5, 21, 1000, 5000, 1_000_000])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("begun", [False, True])
def test_a_sentence_is_found_again_in_what_a_cell_says(source: Source, count: int, *, begun: bool) -> None:
    wave = Wave(17, source, 0.0, 0.0, count=count)
    words = sentence(wave, begun=begun)
    for cell in (words, f"{words}. Дата «32.13» непонятна", f"Дата «32.13» непонятна. {words}", words[:300]):
        assert held_in(cell) == 17
    new = source != "edits" and not begun
    assert holding(f"{words}. Дата «32.13» непонятна") == (words if new else "")
    assert begun_in(words) is (begun and source != "edits")


@pytest.mark.parametrize("cell", ["", "Заявка не заполнена: нет телефона", "пачка 3", "(пачка 3)", "Пришла" * 5000])
def test_other_words_hold_nothing(cell: str) -> None:
    assert (held_in(cell), holding(cell), begun_in(cell)) == (0, "", False)


HELD = sentence(Wave(3, "rows", 0.0, 0.0, count=30))
NEW = Order("7", phone="+79001234567", problem="Искрит", key="k")


@pytest.mark.parametrize(
    ("cells", "offered", "back", "told"),
    [
        ({}, True, False, True),
        ({"check": HELD}, False, True, True),
        ({"check": f"{HELD}. Дата «32» непонятна"}, False, True, True),
        ({"told": LEFT}, False, True, False),
        ({"told": "Не рассылать!"}, False, True, False),
        ({"told": "27.11.2026 18:00"}, False, False, False),
        ({"check": HELD, "master": "Ким", "master_id": "2"}, False, False, True),
        ({"check": HELD, "status": Status.CANCELLED}, False, False, False),
        ({"status": Status.DONE, "master_id": "2"}, False, False, True),
        ({"status": Status.DONE, "chat": 501}, False, False, True),
        ({"status": None}, False, False, False),
        ({"phone": ""}, False, False, False),
    ],
)
def test_who_hears_of_an_order_that_is_held(cells: dict[str, Any], *, offered: bool, back: bool, told: bool) -> None:
    order = replace(NEW, **cells)
    assert (offerable(order), kept_back(order), is_news(order)) == (offered, back, told)


def test_what_was_left_out_by_decision_says_so_until_somebody_deals_with_it() -> None:
    left = replace(NEW, told=LEFT)
    assert standing_sentences(left) == [LEFT_SAID]
    assert explanation(left) == LEFT_SAID
    assert explanation(replace(left, status=Status.WORK, master_id="3")) == ""
    assert left_out(LEFT)
    assert not left_out("")


@pytest.mark.parametrize(("interval", "pace", "at"), [(5, 1, 10), (0.3, 1, 1), (5, 1000, 100), (60, 1, 100)])
def test_queues_stay_short(interval: float, pace: float, at: int) -> None:
    assert at_once(interval, pace) == at
