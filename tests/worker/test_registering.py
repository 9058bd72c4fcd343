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


@pytest.mark.parametrize("polled", [False, True], ids=["not read yet", "read already"])
def test_a_number_that_staff_typed_meanwhile_is_nobody_else_s(company: Office, *, polled: bool) -> None:
    """Staff number masters themselves: theirs may be the very number that comes next."""
    company.type(MASTERS, ID=3, Имя="Пётр Громов", Телефон="89110000003", Telegram="603", Активен=True)
    if polled:
        company.poll()
    company.actions.register_master("Олег", PHONE, telegram(605), "Электрика", consent="2024")

    def both() -> list[str]:
        with company.store.reading() as tx:
            known = [tx.masters.by_chat(telegram(chat)) for chat in (603, 605)]
        return [f"{one.name} {one.active}" for one in known if one]

    oleg, petr = "Олег False", "Пётр Громов True"
    assert both()[-1] == oleg
    for step in (company.poll, company.flush, company.poll, company.flush, company.settle):
        step()
        assert both() == [petr, oleg], "neither is ever unknown"
    assert [(row["ID"], row["Имя"]) for row in company.rows(MASTERS)][2:] == [(3, "Пётр Громов"), (4, "Олег")]
    with company.store.reading() as tx:
        assert tx.consents.of("master:4"), "he agreed, not the other"
        assert not tx.consents.of("master:3")


def test_whoever_bears_a_number_typed_by_hand_is_found_by_it(company: Office) -> None:
    company.actions.register_master("Олег", PHONE, telegram(605), "Электрика")
    company.type(MASTERS, ID=3, Имя="Пётр Громов", Телефон="89110000003", Telegram="603", Активен=True)
    company.poll()
    with company.store.reading() as tx:
        roster = tx.masters.roster()
    typed = roster.get("3")
    assert typed
    assert typed.name == "Пётр Громов"
    assert len({master.id for master in roster.masters}) == len(roster.masters)
