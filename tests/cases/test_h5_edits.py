"""H5: one stroke over many orders is held too, and undone it was nothing."""

from typing import Any

import pytest

from record.dispatch.waves import held_in
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from tests.harness.office import Office, offered, order

MANY = 21


def drag(office: Office, column: str, value: Any) -> None:
    """Drag one value down a whole column."""
    place = office.header().index(column) + 1
    tab = office.tab()
    cells = tab.range(2, place, MANY + 1, place)
    for cell in cells:
        cell.value = value
    tab.update_cells(cells)


@pytest.fixture
def busy(office: Office) -> Office:
    """Twenty-one new orders, of which the masters know."""
    office.paste(*(order(n) for n in range(1, MANY + 1)))
    office.begin()
    return office


STROKES = [
    ("Статус", "Отменена", f"client {501}: cancelled 1"),
    ("Статус", "Выполнена", f"client {501}: done 1"),
    ("Мастер", "Иван Петров", "master 1: assigned 1"),
    ("Оповещены", "", offered(1)[0]),
]


@pytest.mark.parametrize(("column", "value", "said"), STROKES)
def test_h5_a_stroke_over_many_orders_is_held(busy: Office, column: str, value: str, said: str) -> None:
    drag(busy, column, value)
    busy.settle()
    assert busy.told() == ["admin 900: wave"]
    assert {held_in(row["Проверка"]) for row in busy.rows()} == {1}
    busy.restart()
    busy.settle()
    assert busy.told() == []
    assert busy.actions.decide_wave(1, send=True)[0] == "sent"
    busy.settle()
    heard = busy.told()
    assert heard.count(said) == 1
    assert len(heard) == len(set(heard))
    # of work that is done without a price or a master it asks, as of any
    assert {held_in(row["Проверка"]) for row in busy.rows()} == {0}


@pytest.mark.parametrize(("column", "value"), [("Статус", "Отменена"), ("Оповещены", ""), ("Мастер", "Иван Петров")])
def test_h5_left_untold_it_is_as_typed(busy: Office, column: str, value: str) -> None:
    drag(busy, column, value)
    busy.settle()
    busy.told()
    assert busy.actions.decide_wave(1, send=False)[0] == "left"
    busy.settle()
    assert busy.told() == []
    if column == "Статус":
        assert {row["Статус"] for row in busy.rows()} == {value}
    if column == "Оповещены":
        assert {row["Оповещены"] for row in busy.rows()} == {"не рассылать"}


def test_h5_undone_a_stroke_was_nothing(busy: Office) -> None:
    drag(busy, "Статус", "Отменена")
    busy.settle()
    busy.told()
    drag(busy, "Статус", "Новая")
    busy.settle()
    assert busy.told() == ["admin 900: alarm_over"]
    assert {row["Проверка"] for row in busy.rows()} == {""}
    assert busy.history(1) == []


def test_h5_one_of_many_dealt_with_by_hand_is_told(busy: Office) -> None:
    drag(busy, "Статус", "Отменена")
    busy.settle()
    busy.told()
    busy.change(3, Статус="В работе", Мастер="Сергей Ким")
    busy.settle()
    assert sorted(busy.told()) == ["client 503: accepted 3", "master 2: assigned 3"]
    assert [held_in(row["Проверка"]) for row in busy.rows()].count(1) == MANY - 1


def test_h5_some_edits_at_once_are_an_ordinary_day(busy: Office) -> None:
    for number in range(1, 6):
        busy.change(number, Статус="Отменена")
    busy.settle()
    assert busy.told() == [f"client {500 + number}: cancelled {number}" for number in range(1, 6)]


@pytest.mark.parametrize(("column", "value"), [("Статус", "Отменена"), ("Мастер", "Иван Петров")])
@pytest.mark.parametrize("before_stroke", [True, False])
def test_h5_our_own_stamp_lets_no_held_edit_go(busy: Office, column: str, value: str, *, before_stroke: bool) -> None:
    for number in (1, 2, 3):
        busy.change(number, Оповещены="")
    busy.poll()
    if before_stroke:
        busy.deliver()
        busy.flush()
        drag(busy, column, value)
    else:
        drag(busy, column, value)
        busy.poll()
        busy.flush()
        busy.deliver()
        busy.flush()
    busy.settle()
    busy.restart()
    busy.settle()
    assert [one for one in busy.told() if "admin" not in one] == []
    assert all(row["Оповещены"] for row in busy.rows()), "the stamps have landed"
    assert {held_in(row["Проверка"]) for row in busy.rows()} == {1}
    assert busy.history(1) == ["retold"]


def test_h5_a_stamp_that_is_cleared_as_it_lands_waits_with_the_others(busy: Office) -> None:
    drag(busy, "Оповещены", "")
    busy.journal(*(Write(ORDERS, "set", str(n), {"Оповещены": 45642.5}) for n in range(1, MANY + 1)))
    busy.flush()
    drag(busy, "Оповещены", "")
    busy.poll()
    busy.poll()
    busy.settle()
    assert busy.told() == ["admin 900: wave"]
    assert busy.actions.decide_wave(1, send=True)[0] == "sent"
    busy.settle()
    assert sorted(busy.told()) == sorted(said for n in range(1, MANY + 1) for said in offered(n))


def test_h5_a_cleared_stamp_put_back_was_nothing(busy: Office) -> None:
    drag(busy, "Оповещены", "")
    busy.settle()
    busy.told()
    drag(busy, "Оповещены", 45641.6)
    busy.settle()
    assert busy.told() == ["admin 900: alarm_over"]
    assert {row["Проверка"] for row in busy.rows()} == {""}


@pytest.mark.parametrize("late", [False, True])
def test_h5_what_a_person_wrote_into_the_check_of_a_held_edit_is_kept(busy: Office, *, late: bool) -> None:
    if not late:
        busy.change(7, Проверка="звонить после 18", Комментарий="Домофон 5")
    drag(busy, "Статус", "Отменена")
    busy.poll()
    if late:
        busy.change(7, Проверка="звонить после 18", Комментарий="Домофон 5")
        busy.poll()
    busy.settle()
    assert busy.told() == ["admin 900: wave"]
    assert {held_in(row["Проверка"]) for row in busy.rows()} == {1}
    assert busy.row(7)["Комментарий"] == "Домофон 5\nзвонить после 18"
