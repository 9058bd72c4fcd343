"""Which order may be the repeat of which, and how «Проверка» remembers it."""

from dataclasses import replace
from datetime import datetime

import pytest

from record.dispatch.followups import explanation
from record.dispatch.model import Order
from record.dispatch.own_words import own_words
from record.dispatch.repeats import Call, is_same_job, repeat_in, repeat_sentence, repeated
from record.dispatch.waves import kept_back
from record.values import Status

pytestmark = pytest.mark.pure
MINE, OTHER = "+79001234567", "+79007654321"


def at(clock: str, day: int = 5) -> datetime:
    hours, _, minutes = clock.partition(":")
    return datetime(2026, 11, day, int(hours), int(minutes))


NOW = at("12:00")
DAY = at("0:00")
LATER = Order("7", created=NOW, phone=MINE, problem="Искрит", status=Status.NEW)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (Call("5", MINE, at("11:59"), Status.NEW), "5"),
        (Call("5", MINE, at("10:00"), Status.NEW), "5"),
        (Call("5", MINE, at("9:59"), Status.NEW), ""),
        (Call("5", MINE, at("12:00", day=4), Status.NEW), ""),
        (Call("5", OTHER, at("11:59"), Status.NEW), ""),
        (Call("5", "", at("11:59"), Status.NEW), ""),
        (Call("5", MINE, at("11:59"), Status.WORK), "5"),
        (Call("5", MINE, at("11:59"), Status.DONE), "5"),
        (Call("5", MINE, at("11:59"), None), "5"),
        (Call("5", MINE, at("11:59"), Status.CANCELLED), ""),
        (Call("7", MINE, at("11:59"), Status.NEW), ""),
        # a row that staff gave a day without a time, or none at all
        (Call("5", MINE, DAY, Status.NEW), "5"),
        (Call("5", MINE, at("0:00", day=4), Status.NEW), ""),
        (Call("5", MINE, None, Status.NEW), "5"),
        # it was in the mirror before, whatever its clock says
        (Call("5", MINE, at("12:30"), Status.NEW), "5"),
    ],
)
def test_the_same_phone_within_two_hours_may_be_a_repeat(other: Call, found: str) -> None:
    assert repeated(LATER, [other], NOW) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"created": None}, "5"),
        ({"created": DAY}, "5"),
        ({"phone": ""}, ""),
        ({"status": Status.WORK}, "5"),
        ({"status": Status.DONE}, ""),
        ({"status": Status.CANCELLED}, ""),
    ],
)
def test_only_what_is_still_to_be_done_is_a_repeat(changed: dict[str, object], found: str) -> None:
    later = replace(LATER, **changed)  # type: ignore[arg-type]  # any field of an order
    assert repeated(later, [Call("5", MINE, at("11:00"), Status.NEW)], NOW) == found


def test_of_several_the_earliest_is_named() -> None:
    others = [Call(number, MINE, at("11:00"), Status.NEW) for number in ("10", "9", "11")]
    assert repeated(LATER, others, NOW) == "9"


@pytest.mark.parametrize("number", ["5", "А-17/26", "Наряд-заказ № 125/12 от 05.12.2026. «Ленинский» пр.", "ж" * 90])
def test_what_the_cell_says_is_read_back_and_is_not_taken_for_a_persons_words(number: str) -> None:
    said = repeat_sentence(number)
    assert "возможно, повтор #" in said
    assert own_words(f"{said}. Перезвонить Юле") == "Перезвонить Юле"
    named = repeat_in(f"Цена «много» непонятна. {said}")
    assert named
    assert repeat_sentence(named) == said


@pytest.mark.parametrize("status", Status)
def test_the_cell_goes_on_saying_it_until_the_work_has_ended(status: Status) -> None:
    marked = replace(LATER, status=status, master_id="3", check=repeat_sentence("5"))
    assert explanation(marked) == ("" if status.facts.ended else repeat_sentence("5"))


def test_a_cleared_cell_stays_clear_and_a_marked_order_is_offered_like_any_other() -> None:
    assert explanation(LATER) == ""
    assert not kept_back(replace(LATER, check=repeat_sentence("5")))


@pytest.mark.parametrize(
    ("problem", "address", "same"),
    [
        ("Искрит розетка", "Невского 47", True),
        ("искрит розетка!", "невского 47", True),
        ("Искрит розетка", "Невского 48", True),
        ("Искрит розетка на кухне, пахнет гарью", "Невского 47, кв. 12", True),
        ("Искрит розетк", "Невского 47", True),
        ("Искрит щиток", "Невского 47", False),
        ("Нет света в ванной", "Невского 47", False),
        ("Искрит розетка", "Ленинский проспект 30", False),
        ("", "Невского 47", False),
    ],
)
def test_a_form_that_comes_back_is_the_same_job_or_another_one(problem: str, address: str, *, same: bool) -> None:
    order = Order("5", problem="Искрит розетка", address="Невского 47")
    assert is_same_job(order, problem, address) == same
