"""What follows when staff add a master, or let one begin or end."""

from record.grid.worksheets import MASTERS
from tests.harness.office import Office
from tests.harness.staff import CALLER


def test_a_new_master_is_given_an_id_and_told_when_active(company: Office) -> None:
    company.type(MASTERS, Имя="Пётр Новый", Телефон="89110000003", Telegram="603")
    company.settle()
    row = company.row(3, MASTERS)
    assert row["Имя"] == "Пётр Новый"
    assert row["Дата регистрации"] > 45641
    assert company.told() == []
    company.change(3, MASTERS, Активен="да")
    company.settle()
    assert company.told() == ["master 3: activated"]
    company.change(3, MASTERS, Активен="нет")
    company.settle()
    assert company.told() == ["master 3: deactivated"]


def test_orders_that_came_while_nobody_could_be_told_wait_for_the_first_master(office: Office) -> None:
    for number in (1, 2):
        office.change(number, MASTERS, Активен="нет")
    office.begin()
    office.type(**CALLER)
    office.settle()
    assert office.told() == ["admin 900: no_masters 1"]
    office.change(1, MASTERS, Активен=True)
    office.settle()
    assert office.told() == ["master 1: activated", "master 1: order_new 1", "admin 900: alarm_over"]


def test_a_name_that_was_unknown_is_understood_once_the_master_is_there(company: Office) -> None:
    company.change(1, Статус="В работе", Мастер="Пётр Новый")
    company.settle()
    assert "Мастер «Пётр Новый» не найден" in company.row(1)["Проверка"]
    company.told()
    company.type(MASTERS, ID=3, Имя="Пётр Новый", Telegram="603", Активен=True)
    company.settle()
    assert company.row(1)["Проверка"] == ""
    assert "master 3: assigned 1" in company.told()
