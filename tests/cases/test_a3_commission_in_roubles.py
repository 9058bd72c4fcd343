"""A3: a percentage typed into «Комиссия», which holds roubles, is asked about and changes no sum."""

import pytest

from record.dispatch.model import Order
from tests.harness.office import Office, order

DONE = {"Статус": "Выполнена", "Мастер": "Иван Петров", "Цена": 2000, "Дата выполнения": "15.11.2026 12:00"}


@pytest.fixture
def used(office: Office) -> Office:
    """A company with one finished order, whose commission was reckoned."""
    office.begin()
    office.paste(order(1, **{**DONE, "Цена": ""}))
    office.settle()
    office.change(1, Цена=2000)
    office.settle()
    assert office.row(1)["Комиссия"] == 600
    return office


def stored(office: Office, number: int = 1) -> Order:
    with office.store.reading() as tx:
        found = tx.orders.get(str(number))
    assert found
    return found


@pytest.mark.parametrize("typed", ["30%", "100%", "0,3", "250%"])
def test_a3_is_asked_and_the_sum_stays(used: Office, typed: str) -> None:
    used.change(1, Комиссия=typed)
    used.settle()
    check = used.row(1)["Проверка"].replace("\xa0", " ")
    assert check.endswith("при цене 2 000 ₽: похоже на проценты, впишите рубли, например 600"), check
    assert stored(used).commission == 600
    used.change(1, Комиссия=700)
    used.settle()
    assert used.row(1)["Проверка"] == ""
    assert stored(used).commission == 700


@pytest.mark.parametrize("typed", [0, 20, "1500р", 2000])
def test_a3_roubles_are_taken(used: Office, typed: object) -> None:
    used.change(1, Комиссия=typed)
    used.settle()
    assert used.row(1)["Проверка"] == ""


def test_a3_a_small_share_of_our_own_is_not_asked(used: Office) -> None:
    with used.store.reading() as tx:
        assert tx.masters.rows()
    used.type("Мастера", ID=3, Имя="Лев Ян", Телефон="+79110000003", Активен=True, **{"Комиссия, %": "0,2%"})
    used.settle()
    used.paste(order(2, **{**DONE, "Мастер": "Лев Ян", "Цена": ""}))
    used.settle()
    used.change(2, Цена=2000)
    used.settle()
    assert (used.row(2)["Комиссия"], used.row(2)["Проверка"]) == (4, "")
