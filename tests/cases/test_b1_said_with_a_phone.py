"""B1: what is said beside a phone or a sum is not lost: it stands in the sheet and on the master's card."""

from decimal import Decimal
from functools import partial

import pytest

from record.grid.worksheets import MASTERS
from record.values import Status, telegram
from tests.harness.company import ACCEPT, FINISH, IVAN, JULIA, Company, labels
from tests.harness.sheet import Sheet
from tests.harness.system import CLIENT_BOT, MASTER_BOT
from tests.test_whole_story import order_on_the_site

TWO = "8 900 111-22-34 или 8 900 444-55-67"
NOTED = f"Телефон: {TWO}"
SAID = [TWO, "8 900 111-22-34 звонить после 18", "Анна 8900 1112234", "89001112234 доб. 5", "WhatsApp 89001112234"]


def says(company: Company, bot: str, person: int, *texts: str) -> None:
    """Let a person write, one answer after the other."""
    for text in texts:
        answered = 2 + len(company.system.chat(bot, person))
        company.system.say(bot, person, text)
        company.waits_for(partial(_has, company, bot, person, answered), f"an answer to {text}")


def takes(company: Company, order_id: object) -> None:
    """Let Ivan take an order, and everybody have read what comes of it."""
    company.press("ivan", order_id, ACCEPT)
    company.waits_for(lambda: company.order(order_id).status is Status.WORK, "the order in work")
    company.waits_for(lambda: FINISH in labels(company.card("ivan", order_id)), "the card of it")
    company.rests()
    company.everybody_looks()


def _has(company: Company, bot: str, person: int, messages: int) -> bool:
    return len(company.system.chat(bot, person)) >= messages


def test_b1_both_phones_of_an_order_on_the_site(company: Company, sheet: Sheet) -> None:
    company.open_site()
    fields = {"name": "Юля", "address": "Невского 47", "category": "Электрика", "problem": "Искрит"}
    number, _ = order_on_the_site(company.system, **fields, phone=TWO)
    company.rests()
    row = sheet.row(number)
    assert (row["Телефон"], row["Комментарий"]) == ("+79001112234", NOTED)
    card = company.card("ivan", number)["text"]
    assert "📞 Телефон: +7 900 111-22-34" in card
    assert f"🗒 О телефоне: «{TWO}»" in card
    takes(company, number)
    assert company.card("ivan", number)["text"].count(TWO) == 1


def test_b1_both_phones_of_an_order_in_the_bot(company: Company, sheet: Sheet) -> None:
    said = ["⚡ Услуги электрика", "Не работает розетка", "Невского 47", "Юля", TWO]
    says(company, CLIENT_BOT, JULIA, *said)
    assert TWO in company.system.chat(CLIENT_BOT, JULIA)[-1]["text"], "he sees that it will be passed on"
    says(company, CLIENT_BOT, JULIA, "✅ Подтвердить")
    company.rests()
    row = sheet.rows()[-1]
    assert (row["Телефон"], row["Комментарий"]) == ("+79001112234", NOTED)
    assert TWO in company.card("ivan", row["ID"])["text"]


@pytest.mark.parametrize("typed", SAID)
def test_b1_a_cell_that_staff_typed_stays_and_its_words_are_on_the_card(
    announced: Company, sheet: Sheet, typed: str
) -> None:
    company, first = announced, sheet.ids[0]
    takes(company, first)
    sheet.change(first, Телефон=f"'{typed}")
    company.everyone_hears(ivan=[f"✏️ … 📞 Телефон: +7 900 111-22-34 … «{typed}»"])
    assert sheet.row(first)["Телефон"] == typed
    assert company.order(first).about_phone == typed
    sheet.change(first, Телефон=f"'{typed}, до 20:00")
    company.everyone_hears(ivan=[f"✏️ … «{typed}, до 20:00»"])


def test_b1_the_words_beside_a_masters_sum_are_noted(announced: Company, sheet: Sheet) -> None:
    company, first = announced, sheet.ids[0]
    sheet.change(first, Комментарий="код 12")
    takes(company, first)
    company.press("ivan", first, FINISH)
    company.waits_for(lambda: "сколько" in company.chat_of(IVAN)[-1]["text"], "the question")
    says(company, MASTER_BOT, IVAN, "2000 нал")
    company.rests()
    row = sheet.row(first)
    assert (row["Цена"], row["Комиссия"], row["Комментарий"]) == (2000, 600, "код 12\nЦена со слов мастера: 2000 нал")
    assert company.order(first).price == Decimal(2000)


def test_b1_a_new_masters_phones_stand_in_his_row(company: Company, sheet: Sheet) -> None:
    company.stranger(777, "Семён")
    says(company, MASTER_BOT, 777, "Семён Новиков", TWO, "Электрика")
    company.rests()
    [row] = [row for row in sheet.rows(MASTERS) if row["Имя"] == "Семён Новиков"]
    assert row["Телефон"] == TWO
    with company.store.reading() as tx:
        assert next(m for m in tx.masters.roster().masters if m.chat == telegram(777)).phone == "+79001112234"
