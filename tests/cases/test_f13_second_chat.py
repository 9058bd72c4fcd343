"""An order's news stay with the chat they came to first."""

from itertools import count

from tests.harness.company import JULIA, Company
from tests.harness.sheet import Sheet
from tests.harness.system import CLIENT_BOT
from web.present.tracking import bot_link

OTHERS = count(521)
ELSEWHERE = "уже приходят в другой Telegram"


def opens(company: Company, order_id: object, *, answer: str) -> int:
    """Let somebody else open the link of an order's tracking page in Telegram."""
    person = next(OTHERS)
    company.system.person(person, "Сосед")
    link = bot_link("bot", str(order_id), f"key{order_id}")
    company.system.say(CLIENT_BOT, person, f"/start {link.partition('start=')[2]}")
    company.system.hears(CLIENT_BOT, person, answer)
    return person


def test_f13_a_second_person_with_the_link_does_not_take_over(company: Company, sheet: Sheet) -> None:
    hers, free = sheet.ids[:2]
    person = opens(company, hers, answer=ELSEWHERE)
    assert "/track.html?id=" in company.system.hears(CLIENT_BOT, person, ELSEWHERE)["text"]
    company.rests()
    assert str(sheet.row(hers)["Telegram"]) == str(JULIA)
    first = opens(company, free, answer="Новости о заявке будут приходить сюда")
    company.rests()
    assert str(sheet.row(free)["Telegram"]) == str(first)
    opens(company, free, answer=ELSEWHERE)


def test_f13_where_the_first_is_lost_the_second_gets_the_news(company: Company, sheet: Sheet) -> None:
    hers = sheet.ids[0]
    company.system.post("telegram/block", bot=CLIENT_BOT, person=JULIA, blocked=True)
    company.rests()
    company.waits_for(lambda: "не получает" in str(sheet.row(hers)["Проверка"]), "her chat to be lost")
    second = opens(company, hers, answer="Новости о заявке будут приходить сюда")
    company.rests()
    assert str(sheet.row(hers)["Telegram"]) == str(second)
    company.system.post("telegram/block", bot=CLIENT_BOT, person=JULIA, blocked=False)
    company.system.say(CLIENT_BOT, JULIA, "/start")
    company.rests()


def test_f13_a_number_too_long_for_a_link_is_linked_all_the_same(company: Company, sheet: Sheet) -> None:
    long = f"Наряд_№ {'7' * 60}"
    sheet.paste({**sheet.row(sheet.ids[1]), "ID": long, "Ключ": f"key{sheet.ids[1]}-9", "Оповещены": 45641.6})
    company.rests()
    link = bot_link("bot", long, f"key{sheet.ids[1]}-9")
    assert link
    person = next(OTHERS)
    company.system.person(person, "Соседка")
    company.system.say(CLIENT_BOT, person, f"/start {link.partition('start=')[2]}")
    company.system.hears(CLIENT_BOT, person, "Новости о заявке будут приходить сюда")
    company.waits_for(lambda: str(sheet.row(long)["Telegram"]) == str(person), "the chat in the row")
