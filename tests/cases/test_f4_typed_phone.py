"""Only the own contact, shared, ties a chat to a master's row; anybody can type a phone."""

from itertools import count
from typing import Any

import pytest

from tests.harness.company import Company
from tests.harness.sheet import MASTERS, Sheet
from tests.harness.system import ADMIN, MASTER_BOT

STRANGERS = count(621)
PHONE = "+79110000777"


@pytest.fixture
def listed(company: Company, sheet: Sheet, active: str) -> Company:
    """The company with a master whom staff typed without Telegram."""
    sheet.type(MASTERS, Имя="Олег Сорока", Телефон=PHONE, Активен=active)
    company.rests()
    company.everybody_looks()
    return company


def come(company: Company, person: int, name: str, **phone: Any) -> None:
    """Register with a phone, typed or sent as a contact."""
    company.system.post("telegram/people", id=person, first_name=name, username="not_oleg", phone=PHONE)
    company.system.say(MASTER_BOT, person, "/start")
    company.system.hears(MASTER_BOT, person, "познакомимся")
    company.system.say(MASTER_BOT, person, f"{name} Сорока")
    company.system.hears(MASTER_BOT, person, "номер телефона")
    company.system.post("telegram/say", bot=MASTER_BOT, person=person, **phone)


@pytest.mark.parametrize("active", ["да", "нет"])
def test_f4_a_typed_phone_ties_nobody(listed: Company, sheet: Sheet) -> None:
    person = next(STRANGERS)
    come(listed, person, "Лжеолег", text=PHONE)
    listed.system.hears(MASTER_BOT, person, "специальность")
    listed.system.say(MASTER_BOT, person, "Электрика")
    listed.system.hears(MASTER_BOT, person, "вы в списке")
    listed.rests()
    rows = [row for row in sheet.rows(MASTERS) if str(row["Телефон"]) == PHONE]
    assert [str(row["Telegram"]) for row in rows] == ["", str(person)]
    assert rows[1]["Активен"] is False
    told = listed.system.hears(MASTER_BOT, ADMIN, "Лжеолег Сорока")["text"]
    assert all(part in told for part in ("номер не подтверждён", "Лжеолег @not_oleg", "уже есть Олег Сорока"))


@pytest.mark.parametrize("active", ["да"])
@pytest.mark.parametrize("owner", [{"user_id": 5}, {}], ids=["another's", "nobody's"])
def test_f4_a_contact_that_is_not_his_own_ties_nobody(listed: Company, sheet: Sheet, owner: dict[str, int]) -> None:
    person = next(STRANGERS)
    come(listed, person, "Чужак", contact={"phone_number": PHONE, "first_name": "Олег", **owner})
    listed.system.hears(MASTER_BOT, person, "номер другого человека")
    listed.rests()
    assert [str(row["Telegram"]) for row in sheet.rows(MASTERS) if str(row["Телефон"]) == PHONE] == [""]


@pytest.mark.parametrize("active", ["да", "нет"])
def test_f4_his_own_contact_ties_him(listed: Company, sheet: Sheet) -> None:
    person = next(STRANGERS)
    come(listed, person, "Олег", contact=True)
    listed.system.hears(MASTER_BOT, person, "специальность")
    listed.system.say(MASTER_BOT, person, "Электрика")
    listed.rests()
    assert [str(row["Telegram"]) for row in sheet.rows(MASTERS) if str(row["Телефон"]) == PHONE] == [str(person)]
