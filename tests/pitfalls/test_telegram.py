"""Telegram refuses, stumbles and is away; the bots are killed over what people do."""

import signal

import pytest

from tests.harness.company import ACCEPT, IVAN, JULIA, Company
from tests.harness.sheet import Sheet
from tests.harness.system import CLIENT_BOT, MASTER_BOT
from tests.pitfalls.test_rows import YULIA, offer

CALL = "Клиент не получает сообщений в Telegram: остановил бота. Позвоните ему"
SEND = r"/bot{}/sendMessage"


def blocks(company: Company, bot: str, person: int, *, blocked: bool = True) -> None:
    """Let a person block a bot, or let it in again."""
    company.system.post("telegram/block", bot=bot, person=person, blocked=blocked)


def note(sheet: Sheet, master: int) -> str:
    """Return the note on a master's cell «Telegram»."""
    column = chr(65 + sheet.header("Мастера").index("Telegram"))
    return str(sheet.tab("Мастера").get_note(f"{column}{sheet.number(master, 'Мастера')}"))


def tries(company: Company, order_id: object, kind: str, recipient: str) -> list[tuple[str, int]]:
    """Return how each notice of a kind to somebody ended, and how often it was tried in vain before."""
    with company.store.reading() as tx:
        results = tx.outbox.results(str(order_id))
        return [(s, len(e)) for n, s, e in results if (n.kind, n.recipient) == (kind, recipient)]


def sent(company: Company) -> int:
    """Return how many messages the bots have tried to send."""
    counted = company.system.http.get(f"{company.system.url}/sandbox/requests").json()["telegram"]
    return int(counted.get("sendMessage", 0))


def test_pitfall_41_a_master_blocks_the_bot(company: Company, sheet: Sheet) -> None:
    blocks(company, MASTER_BOT, IVAN)
    company.waits_for(
        lambda: note(sheet, 1).startswith("Наряд: сообщения не доходят, мастер остановил бота"), "a note"
    )
    sheet.type(**YULIA)
    (offered,) = offer(sheet.next_id)["sergey"]
    company.everyone_hears(sergey=[offered], olga=["Мастер Иван Петров остановил бота … +7 911 000-06-01"])
    before = sent(company)
    company.rests()
    assert sent(company) == before, "it is not tried again"
    blocks(company, MASTER_BOT, IVAN, blocked=False)
    company.everyone_hears(ivan=[offered])
    company.waits_for(lambda: not note(sheet, 1), "the note to go")


def test_pitfall_41_a_client_blocks_the_bot(company: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    blocks(company, CLIENT_BOT, JULIA)
    company.waits_for(lambda: sheet.row(first)["Проверка"] == CALL, "it to be said in the row")
    sheet.change(first, Мастер="Сергей Ким")
    company.everyone_hears(sergey=["📌"])
    assert sheet.row(first)["Проверка"] == CALL
    blocks(company, CLIENT_BOT, JULIA, blocked=False)
    company.everyone_hears(julia=["🚀 … Сергей Ким"])
    company.waits_for(lambda: sheet.row(first)["Проверка"] == "", "it to go from the row")


def test_pitfall_41_a_client_who_cant_be_told_that_nobody_comes(company: Company, sheet: Sheet) -> None:
    blocks(company, CLIENT_BOT, JULIA)
    company.waits_for(lambda: sheet.row(sheet.ids[0])["Проверка"] == CALL, "it to be said in the row")
    sheet.change(sheet.ids[0], Статус="Отменена")
    company.everyone_hears(olga=[f"Клиент не узнал, что заявка #{sheet.ids[0]} отменена: остановил бота"])
    assert sheet.row(sheet.ids[0])["Проверка"] == ""
    blocks(company, CLIENT_BOT, JULIA, blocked=False)
    company.everyone_hears(julia=["❌"])


def test_pitfall_41_a_telegram_number_that_is_nobodys(company: Company, sheet: Sheet) -> None:
    sheet.change(2, "Мастера", Telegram="777777")
    company.waits_for(lambda: "ещё не запускал бота" in note(sheet, 2), "a note")
    company.everyone_hears(olga=["Мастер Сергей Ким ещё не запускал бота"])
    before = sent(company)
    company.rests()
    assert sent(company) == before, "it is not tried again"
    sheet.change(2, "Мастера", Telegram="602")
    company.everyone_hears(sergey=["🎉"])
    company.waits_for(lambda: not note(sheet, 2), "the note to go")


def test_pitfall_42_one_chat_must_rest(company: Company, sheet: Sheet) -> None:
    """Telegram asks for a second's rest after the first message; what is for others goes out meanwhile."""
    company.fault(SEND.format(MASTER_BOT), api="telegram", status=429)
    sheet.type(**YULIA)
    sheet.type(**YULIA | {"Телефон": "89001234599"})
    number = sheet.next_id
    offers = [*offer(number)["ivan"], *offer(number + 1)["ivan"]]
    company.everyone_hears(ivan=offers, sergey=offers)
    postponed = company.logged("delivery_postponed")
    assert [(one["seconds"], one["order"]) for one in postponed] == [(1.0, str(number))]
    delivered = [(one["order"], one["chat"]) for one in company.logged("delivered")]
    rested = postponed[0]["chat"]
    assert delivered.index((str(number), rested)) > min(delivered.index(one) for one in delivered if one[1] != rested)


@pytest.mark.parametrize("how", [{"status": 502}, {"drop": "before"}, {"delay_s": 0.2, "status": 504}])
def test_pitfall_42_telegram_stumbles(company: Company, sheet: Sheet, how: dict[str, object]) -> None:
    company.fault("sendMessage", times=4, api="telegram", **how)
    first = sheet.ids[0]
    sheet.change(first, Мастер="Сергей Ким")
    company.rests()
    sheet.change(first, Статус="Выполнена", Цена=2000)
    card = f"✅ Заказ #{first} выполнен"  # what was «📌 Диспетчер назначил вам заказ» looks so by now
    company.everyone_hears(julia=["🚀", "✅ … 2 000 ₽"], sergey=[card, "📋"])


def test_pitfall_42_news_that_grew_old_while_telegram_was_away(company: Company, sheet: Sheet) -> None:
    """While nothing can be sent, an order is given to one master, then to another, and done."""
    first = sheet.ids[0]
    company.fault("bot", times=100_000, api="telegram", status=502)
    for given in ({"Мастер": "Сергей Ким"}, {"Мастер": "Иван Петров"}, {"Статус": "Выполнена", "Цена": 2000}):
        seen = len(company.history(first))
        sheet.change(first, **given)
        company.waits_for(lambda: len(company.history(first)) > seen, "a poll that saw it")
    company.mend()
    company.everyone_hears(julia=["✅ … 2 000 ₽"], sergey=["🔁 … Иван Петров"], ivan=["📋"])


@pytest.mark.parametrize("point", ["update.fetched", "update.decided", "update.answered"])
def test_pitfall_43_a_bot_killed_over_a_press(announced: Company, sheet: Sheet, point: str) -> None:
    """It dies once Telegram has given it the press, once the order is his, or once he has been answered."""
    company, first = announced, sheet.ids[0]
    company.system.end("master")
    company.system.settings["NARYAD_FAIL_POINT"] = point
    company.system.start("master")
    del company.system.settings["NARYAD_FAIL_POINT"]
    company.press("ivan", first, ACCEPT)
    assert company.system.dies("master") == -signal.SIGKILL
    company.system.start("master")
    company.waits_for(lambda: sheet.row(first)["Мастер"] == "Иван Петров", "his name in the sheet")
    company.everyone_hears(julia=["🚀 … Иван Петров"])
    assert company.owner(first) == "1"
    assert any("ваш" in one for one in company.toasts("ivan"))


def test_pitfall_43_a_bot_killed_over_a_message(company: Company, sheet: Sheet) -> None:
    company.system.end("client")
    company.system.settings["NARYAD_FAIL_POINT"] = "update.stored"
    company.system.start("client")
    del company.system.settings["NARYAD_FAIL_POINT"]
    company.system.say(CLIENT_BOT, JULIA, "📋 Мои заявки")
    assert company.system.dies("client") == -signal.SIGKILL
    company.system.start("client")
    company.waits_for(lambda: company.news("julia"), "an answer")
    company.everyone_hears(julia=[f"#{sheet.ids[0]}"])
