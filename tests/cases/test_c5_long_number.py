"""Whatever a person types into «ID», the buttons and links of that order work."""

from tests.cases.presses import carried
from tests.harness.company import ACCEPT, FINISH, IVAN, JULIA, Company
from tests.harness.sheet import Sheet, order
from tests.harness.system import CLIENT_BOT, MASTER_BOT

LONG = "Наряд-заказ № 125/12 от 05.12.2026, Ленинский пр."


def test_c5_buttons_of_a_long_number_work(company: Company, sheet: Sheet) -> None:
    sheet.paste({**order(1), "ID": LONG, "Ключ": "key_long-1", "Оповещены": "", "Telegram": str(JULIA)})
    company.rests()
    card = company.card("ivan", LONG)
    (data,) = carried(card)
    assert len(data.encode()) <= 64
    assert "Наряд" not in data
    company.press("ivan", LONG, ACCEPT)
    company.waits_for(lambda: sheet.row(LONG)["Мастер"] == "Иван Петров", "the order to be his")
    company.waits_for(lambda: FINISH in str(company.card("ivan", LONG)["buttons"]), "his card")
    company.press("ivan", LONG, "↩️ Вернуть заказ")
    company.system.hears(MASTER_BOT, IVAN, "Почему возвращаете заказ")
    asked = [m for m in company.system.chat(MASTER_BOT, IVAN) if "Почему возвращаете" in m["text"]][-1]
    company.system.press(MASTER_BOT, IVAN, asked, "Не успеваю")
    company.waits_for(lambda: sheet.row(LONG)["Статус"] == "Новая", "the order to be given back")
    company.system.say(CLIENT_BOT, JULIA, "📋 Мои заявки")
    mine = company.system.hears(CLIENT_BOT, JULIA, "Ваши заявки")
    company.system.press(CLIENT_BOT, JULIA, mine, f"❌ Отменить #{LONG}")
    sure = company.system.hears(CLIENT_BOT, JULIA, f"Отменить заявку #{LONG}?")
    company.system.press(CLIENT_BOT, JULIA, sure, "Да, отменить")
    company.waits_for(lambda: sheet.row(LONG)["Статус"] == "Отменена", "the order to be cancelled")
