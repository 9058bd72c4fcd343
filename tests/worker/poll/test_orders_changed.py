"""What follows when staff change an order: who has it, who is told, what the commission is."""

from record.actions.passing_on import Words, keep_file
from record.grid.worksheets import MASTERS
from tests.harness.office import Office, offered
from tests.harness.staff import CALLER


def test_staff_assign_reassign_and_take_away(company: Office) -> None:
    company.change(1, Статус="в работе", Мастер="петров")
    company.settle()
    assert company.told() == ["client 501: accepted 1", "master 1: assigned 1"]
    assert company.owner(1) == "1"
    company.change(1, Мастер="Ким")
    company.settle()
    assert company.told() == ["master 1: taken_away 1", "client 501: reassigned 1", "master 2: assigned 1"]
    assert company.owner(1) == "2"
    company.change(1, Мастер="")
    company.settle()
    assert company.row(1)["Статус"] == "Новая"
    assert company.told() == ["master 2: taken_away 1", "client 501: searching 1", *offered(1)]
    assert company.owner(1) is None


def test_a_master_typed_on_a_new_order_has_it(company: Office) -> None:
    company.change(1, Мастер="Сергей Ким")
    company.settle()
    assert company.row(1)["Статус"] == "В работе"
    assert company.told() == ["client 501: accepted 1", "master 2: assigned 1"]
    assert company.owner(1) == "2"


def test_what_the_client_sent_is_shown_to_each_master_whom_staff_give_his_order(company: Office) -> None:
    with company.store.transaction() as tx:
        assert keep_file(tx, "1", Words(sort="photo", file="f1"), "message 1")
    company.change(1, Статус="В работе", Мастер="Сергей Ким")
    company.settle()
    assert company.told() == ["client 501: accepted 1", "master 2: assigned 1", "master 2: client_sent 1"]
    company.change(1, Мастер="Иван Петров")
    company.settle()
    assert company.told()[-1] == "master 1: client_sent 1"
    company.change(1, Мастер="Сергей Ким")
    company.settle()
    assert company.told()[-1] == "master 2: assigned 1", "he has seen it"


def test_an_order_put_back_to_new_belongs_to_nobody_and_may_be_taken_by_another(company: Office) -> None:
    company.change(1, Статус="В работе", Мастер="Сергей Ким")
    company.settle()
    company.change(1, Статус="Новая")
    company.settle()
    assert (company.owner(1), company.row(1)["Мастер"]) == (None, "")
    company.told()
    assert company.accept(1, "1") == ""
    company.settle()
    assert (company.row(1)["Статус"], company.row(1)["Мастер"]) == ("В работе", "Иван Петров")
    assert company.told() == ["client 501: accepted 1"]


def test_a_master_presses_and_hears_nothing_of_his_own_press(company: Office) -> None:
    assert company.accept(1, "2") == ""
    assert company.accept(1, "1") == "taken"
    company.settle()
    assert (company.row(1)["Статус"], company.row(1)["Мастер"]) == ("В работе", "Сергей Ким")
    assert company.told() == ["client 501: accepted 1"]
    with company.store.reading() as tx:
        assert [str(event.by) for event in tx.history.of("1")] == ["master 2"]


def test_clearing_the_time_of_telling_asks_for_telling_again(company: Office) -> None:
    company.change(2, Оповещены="")
    company.settle()
    assert company.told() == offered(2)


def test_commission_follows_what_staff_type(company: Office) -> None:
    company.change(1, Статус="Выполнена", Цена="2000 рублей")
    company.settle()
    row = company.row(1)
    assert (row["Цена"], row["Комиссия"]) == ("2000 рублей", 600)
    assert row["Дата выполнения"] > 45641
    company.change(1, Цена=1500)
    company.settle()
    assert company.row(1)["Комиссия"] == 450
    company.change(1, Комиссия=100)
    company.settle()
    company.change(1, Имя="Юлия")
    company.settle()
    assert company.row(1)["Комиссия"] == 100, "what a person typed stays"
    company.change(1, Цена=1000)
    company.settle()
    assert company.row(1)["Комиссия"] == 300, "until the price changes"
    company.change(1, Статус="В работе", Мастер="Ким")
    company.settle()
    assert (company.row(1)["Комиссия"], company.row(1)["Дата выполнения"]) == ("", "")


def test_commission_by_the_masters_own_percent(company: Office) -> None:
    company.tab(MASTERS).update_cell(3, 7, "20%")
    company.change(1, Статус="Выполнена", Мастер="Ким", Цена=2000)
    company.change(2, Статус="Выполнена", Мастер="Петров", Цена=2000)
    company.settle()
    assert (company.row(1)["Комиссия"], company.row(2)["Комиссия"]) == (400, 600)


def test_an_order_typed_as_done_gets_its_commission(company: Office) -> None:
    company.type(**CALLER, Статус="Выполнена", Цена=2000, Мастер="Петров")
    company.settle()
    assert company.row(4)["Комиссия"] == 600
