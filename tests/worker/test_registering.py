"""A master whom staff typed by hand comes to the bot: he is known by his phone, and gets no second row."""

import pytest

from record.dispatch.model import Master
from record.grid.worksheets import MASTERS
from record.values import telegram
from tests.harness.office import Office

TYPED = {"Имя": "Олег Сорока", "Телефон": "8 (900) 123-45-67"}
PHONE = "+79001234567"


@pytest.fixture
def company(office: Office) -> Office:
    """An office with two masters who have Telegram."""
    office.begin()
    return office


def come(company: Office, *, own_phone: bool) -> Master:
    """Register as the bot does, and say who the bot takes him for from then on."""
    company.actions.register_master("Олег", PHONE, telegram(605), "Электрика", own_phone=own_phone)
    with company.store.reading() as tx:
        known = tx.masters.by_chat(telegram(605))
    assert known, "known at once, though no poll has seen it"
    company.settle()
    return known


def names(company: Office) -> list[str]:
    """Return the names that stand in «Мастера»."""
    return [row["Имя"] for row in company.rows(MASTERS)]


def test_his_own_phone_ties_him_to_the_row_that_staff_typed(company: Office) -> None:
    company.type(MASTERS, **TYPED, Активен=True)
    company.settle()
    assert come(company, own_phone=True).name == "Олег Сорока"
    assert names(company) == ["Иван Петров", "Сергей Ким", "Олег Сорока"]
    assert str(company.row(3, MASTERS)["Telegram"]) == "605"
    assert company.told() == ["admin 900: alarm", "master 3: activated"]


def test_a_typed_phone_opens_no_row_that_is_active_already(company: Office) -> None:
    company.type(MASTERS, **TYPED, Активен=True)
    company.settle()
    assert not come(company, own_phone=False).active
    assert names(company) == ["Иван Петров", "Сергей Ким", "Олег Сорока", "Олег"]
    assert company.told() == ["admin 900: master_registered"]


def test_a_typed_phone_opens_no_row_that_staff_have_yet_to_activate(company: Office) -> None:
    """It once did; but a stranger would stand in the row by the time that staff tick it."""
    company.type(MASTERS, **TYPED)
    company.settle()
    assert come(company, own_phone=False).name == "Олег"
    assert str(company.row(3, MASTERS)["Telegram"]) == ""
    assert company.told() == ["admin 900: master_registered"]


@pytest.mark.parametrize("other", [{}, {"Telegram": "777"}], ids=["no Telegram", "another Telegram"])
def test_who_he_is_is_never_guessed(company: Office, other: dict[str, str]) -> None:
    company.type(MASTERS, **TYPED, Telegram="604")
    company.type(MASTERS, **TYPED, **other)
    if not other:
        company.type(MASTERS, **TYPED)
    company.settle()
    assert come(company, own_phone=True).name == "Олег"
    assert not come(company, own_phone=True).active
