"""A7: a name in «Мастер» that is not understood gives the order to nobody, and keeps it from the others."""

import pytest

from tests.harness.office import Office, offered
from tests.harness.staff import CALLER

UNCLEAR = ["Вася Пупкин", "Иван", "Петров или Ким", "новый мастер"]


@pytest.fixture
def namesakes(office: Office) -> Office:
    """An office with two masters of the first name Иван."""
    office.type("Мастера", ID=3, Имя="Иван Сомов", Телефон="+79110000003", Telegram="603", Активен=True)
    office.begin()
    return office


def typed(office: Office, master: str) -> None:
    """Type a new order for a master; nobody is to be told of it yet."""
    office.type(**CALLER, Мастер=master)
    office.settle()
    assert office.told() == []
    row = office.row(1)
    assert (row["Статус"], row["Мастер"]) == ("Новая", master)
    assert "Мастер" in row["Проверка"]


@pytest.mark.parametrize("master", UNCLEAR)
def test_a7_cleared_it_is_offered_to_all(namesakes: Office, master: str) -> None:
    typed(namesakes, master)
    namesakes.change(1, Мастер="")
    namesakes.settle()
    assert namesakes.told() == [*offered(1), "master 3: order_new 1"]
    assert namesakes.row(1)["Проверка"] == ""


@pytest.mark.parametrize("master", UNCLEAR)
def test_a7_corrected_it_is_his_alone(namesakes: Office, master: str) -> None:
    typed(namesakes, master)
    namesakes.change(1, Мастер="Сергей Ким")
    namesakes.settle()
    assert [line for line in namesakes.told() if line.startswith("master")] == ["master 2: assigned 1"]
    assert (namesakes.row(1)["Статус"], namesakes.owner(1)) == ("В работе", "2")


def test_a7_nobody_finds_it_meanwhile(namesakes: Office) -> None:
    typed(namesakes, "Вася Пупкин")
    with namesakes.store.reading() as tx:
        assert tx.orders.find(offered=True) == []
