"""A master whom staff typed without Telegram: whoever gives him an order sees that he does not hear of it."""

import pytest

from record.grid.worksheets import MASTERS
from record.values import telegram
from tests.harness.office import Office, said

NOT_CONNECTED = "Мастер Пётр Сом не подключён к боту. Позвоните ему"
PHONE = "+79110000003"


@pytest.fixture
def company(company: Office) -> Office:
    """An office whose third master has a phone alone."""
    company.type(MASTERS, ID=3, Имя="Пётр Сом", Телефон=PHONE, Активен=True)
    company.begin()
    return company


def give(company: Office, number: int, master: str = "Пётр Сом") -> None:
    """Let staff give an order to somebody."""
    company.change(number, Статус="В работе", Мастер=master)
    company.settle()


def heard(company: Office) -> list[str]:
    """Let the bots deliver what they can; return what people got."""
    with company.store.transaction() as tx:
        due, roster = tx.outbox.due(["master", "client", "admin"]), tx.masters.roster()
        mute = {master.id for master in roster.masters if not master.chat}
        gone = [one for one in due if one.notice.to == "master" and one.notice.recipient in mute]
        for one in due:
            tx.outbox.end(one.id, *(("failed", "no chat") if one in gone else ("sent",)))
    return [said(one.notice) for one in due if one not in gone]


def checks(company: Office) -> list[str]:
    """Return «Проверка» of every order."""
    return [row["Проверка"] for row in company.rows()]


def test_his_order_says_that_he_is_not_connected_until_he_is(company: Office) -> None:
    give(company, 2)
    assert heard(company) == ["client 502: accepted 2"]
    assert checks(company) == ["", NOT_CONNECTED, ""]
    company.actions.register_master("Пётр", PHONE, telegram(603), "Электрика", own_phone=True)
    company.settle()
    assert checks(company) == ["", "", ""]


def test_once_connected_he_hears_of_the_orders_that_are_his(company: Office) -> None:
    """Not of one that was given to somebody else since, nor of one that is over."""
    for number in (1, 2, 3):
        give(company, number)
    heard(company)
    give(company, 1, "Ким")
    company.change(3, Статус="Отменена")
    company.settle()
    heard(company)
    company.actions.register_master("Пётр", PHONE, telegram(603), "Электрика", own_phone=True)
    company.settle()
    assert heard(company) == ["admin 900: alarm", "master 3: activated", "master 3: assigned 2"]
    company.restart()
    company.settle()
    assert heard(company) == []


def test_another_telegram_hears_only_of_what_the_first_did_not_get(company: Office) -> None:
    give(company, 1)
    heard(company)
    place = company.tab(MASTERS).row_values(1).index("Telegram") + 1
    company.tab(MASTERS).update_cell(4, place, "603")
    company.settle()
    assert heard(company) == ["master 3: activated", "master 3: assigned 1"]
    give(company, 2)
    heard(company)
    company.tab(MASTERS).update_cell(4, place, "604")
    company.settle()
    assert heard(company) == ["master 3: activated"]


def test_a_telegram_that_staff_clear_is_said_in_the_orders_he_has(company: Office) -> None:
    give(company, 2, "Сергей Ким")
    company.tab(MASTERS).update_cell(3, company.tab(MASTERS).row_values(1).index("Telegram") + 1, "")
    company.settle()
    assert checks(company) == ["", "Мастер Сергей Ким не подключён к боту. Позвоните ему", ""]


def test_orders_given_before_the_first_reading_say_nothing_of_whom_nobody_has_invited_yet(company: Office) -> None:
    company.restart(forget=True)
    company.change(2, Статус="В работе", Мастер="Пётр Сом")
    company.settle()
    assert checks(company) == ["", "", ""]


def test_a_store_that_is_lost_does_not_take_it_back(company: Office) -> None:
    give(company, 2)
    company.restart(forget=True)
    for _ in range(3):
        company.poll()
        company.flush()
        assert checks(company) == ["", NOT_CONNECTED, ""]
