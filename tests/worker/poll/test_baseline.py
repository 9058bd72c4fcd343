"""The first poll, and polls after a restart: nobody is told what is old, nobody twice."""

import pytest

from tests.harness.office import Office, offered, order
from tests.harness.staff import CALLER


def test_the_first_poll_announces_only_new_orders_that_nobody_was_told_of(office: Office) -> None:
    office.paste(
        order(1),
        order(2, Оповещены=""),
        order(3, Оповещены="", Статус="В работе", Мастер="Сергей Ким"),
        order(4, Оповещены="", Статус="Выполнена", Цена=2000),
        order(5, Оповещены="", Телефон=""),
    )
    before = office.values()
    office.settle()
    assert office.told() == offered(2)
    assert office.values() == before, "history is left as it is"
    office.type(**CALLER)
    office.settle()
    assert office.row(6)["Имя"] == "Юля", "numbers go on after the greatest"


@pytest.mark.parametrize("forget", [False, True])
def test_after_a_restart_nobody_is_told_twice(company: Office, *, forget: bool) -> None:
    """With the store kept or deleted: what matters is in the sheet."""
    company.type(**CALLER)
    company.change(1, Статус="В работе", Мастер="Ким")
    company.settle()
    company.deliver()
    company.settle()
    company.restart(forget=forget)
    company.settle()
    assert company.told() == []
    company.change(1, Мастер="Петров")
    company.settle()
    told = [line for line in company.told() if ": card" not in line]
    assert told == ["master 2: taken_away 1", "client 501: reassigned 1", "master 1: assigned 1"]


def test_what_changed_while_the_worker_was_away_is_told(company: Office) -> None:
    company.change(2, Статус="Отменена")
    company.sort("ID", "des")
    company.restart()
    company.settle()
    assert company.told() == ["client 502: cancelled 2"]
