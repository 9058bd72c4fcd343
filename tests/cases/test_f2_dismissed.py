"""Who was dismissed finishes what he has, and sees no new clients."""

from collections.abc import Callable

import pytest

from tests.harness.company import ACCEPT, FINISH, IVAN, Company
from tests.harness.sheet import MASTERS, Sheet
from tests.harness.system import MASTER_BOT

DISMISSED: dict[str, Callable[[Sheet], None]] = {
    "unticked": lambda sheet: sheet.change(1, MASTERS, Активен="нет"),
    "deleted": lambda sheet: sheet.delete(1, MASTERS),
    "without Telegram": lambda sheet: sheet.change(1, MASTERS, Telegram=""),
}


@pytest.mark.parametrize("how", DISMISSED)
def test_f2_dismissed_with_an_order_left(announced: Company, sheet: Sheet, how: str) -> None:
    mine = sheet.ids[0]
    announced.press("ivan", mine, ACCEPT)
    announced.waits_for(lambda: sheet.row(mine)["Статус"] == "В работе", "the order to be his")
    announced.rests()
    DISMISSED[how](sheet)
    announced.rests()
    sheet.type(Имя="Вера", Телефон="8 (900) 555-66-77", Проблема="Искрит щиток")
    announced.rests()
    before = len(announced.chat_of(IVAN))
    for said in ("🆕 Новые заказы", "🔔 Снова получать заказы", "🌐 Кабинет на сайте", "/site", "/start"):
        announced.system.say(MASTER_BOT, IVAN, said)
    announced.waits_for(lambda: len(announced.chat_of(IVAN)) >= before + 10, "five answers")
    said_to_him = [message for message in announced.chat_of(IVAN)[before:] if message["from"] == "bot"]
    assert not any("Искрит" in message["text"] or "enter=" in message["text"] for message in said_to_him)
    assert not any(message["buttons"] for message in said_to_him)
    other = sheet.ids[1]
    announced.press("ivan", other, ACCEPT)
    announced.press("ivan", mine, FINISH)
    announced.system.hears(MASTER_BOT, IVAN, f"Заказ #{mine}: сколько заплатил клиент")
    announced.system.say(MASTER_BOT, IVAN, "900")
    announced.system.hears(MASTER_BOT, IVAN, f"Заказ #{mine} завершён")
    announced.waits_for(lambda: sheet.row(mine)["Статус"] == "Выполнена", "the order to be done")
    assert sheet.row(mine)["Цена"] == 900
    assert sheet.row(other)["Статус"] == "Новая"


def test_f2_in_another_telegram_the_old_one_is_nobody_s(announced: Company, sheet: Sheet) -> None:
    mine = sheet.ids[0]
    announced.press("ivan", mine, ACCEPT)
    announced.waits_for(lambda: sheet.row(mine)["Статус"] == "В работе", "the order to be his")
    announced.rests()
    sheet.change(1, MASTERS, Telegram="777")
    announced.rests()
    announced.press("ivan", mine, FINISH)
    announced.waits_for(lambda: "познакомиться" in announced.toasts("ivan")[-1], "a refusal")
    assert sheet.row(mine)["Статус"] == "В работе"
