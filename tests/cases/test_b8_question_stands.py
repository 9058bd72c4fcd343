"""B8: what a master was asked stands until he answers or cancels it, whatever he does meanwhile."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bots.incoming import Incoming
from bots.master.bot import MasterBot
from bots.messages import Reply
from record.values import Status, telegram
from tests.harness.bot_office import ADMIN, MASTER, BotOffice

CHAT = telegram(MASTER)
UPDATES = count(1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[BotOffice]:
    """A store with a master who has orders 5 and 6 in work, and bots in this process."""
    made = BotOffice(tmp_path)
    made.master()
    for number in (5, 6):
        made.order(ID=number, Статус="В работе", Мастер="Иван Петров")
    yield made
    made.store.close()


def does(office: BotOffice, text: str = "", **more: Any) -> str:
    """Let the master do something; return the words of the answers."""
    kind = "text" if text else "other"
    said = Incoming(CHAT, **{"kind": kind, "text": text, "message_id": str(next(UPDATES)), **more})
    replies: list[Reply] = list(MasterBot(office.store, office.settings, office.actions).answer(next(UPDATES), said))
    return "\n".join(reply.message.text for reply in replies if reply.message)


def presses(office: BotOffice, act: str, order: str) -> str:
    """Let him press a button of an order."""
    return does(office, kind="press", data=act, order=order, query="q")


def price(office: BotOffice, order: str = "5") -> object:
    """Return «Цена» of an order, and whether it is done."""
    with office.store.reading() as tx:
        found = tx.orders.get(order)
    assert found
    return int(found.price) if found.price is not None and found.status is Status.DONE else None


MEANWHILE: list[dict[str, Any]] = [
    {"text": "🧰 Мои заказы"}, {"text": "🆕 Новые заказы"}, {"text": "💰 Заработок"}, {"text": "🔕 Не беспокоить"},
    {"text": "/start"}, {"text": "/help"}, {"text": "Здравствуйте"}, {"text": "спасибо"}, {"text": "нет"},
    {"sort": "sticker"}, {"sort": "voice", "file": "v"}, {"sort": "unknown"}, {"sort": "location", "detail": "x"},
    {"text": "что-то", "edited": True}, {"kind": "contact", "sort": "contact", "phone": "+7"},
]  # fmt: skip


@pytest.mark.parametrize("what", MEANWHILE, ids=str)
def test_b8_the_question_stands(office: BotOffice, what: dict[str, Any]) -> None:
    assert "сколько" in presses(office, "done", "5")
    assert "Вопрос ещё ждёт ответа" in does(office, **what)
    does(office, "5000")
    assert price(office) == 5000


@pytest.mark.parametrize("word", ["отмена", "стоп", "назад"])
def test_b8_it_is_taken_back_in_words(office: BotOffice, word: str) -> None:
    presses(office, "done", "5")
    assert "остаётся у вас" in does(office, word)
    assert "Это сумма за заказ?" in does(office, "5000")
    assert price(office) is None


def test_b8_of_two_orders_both_are_asked(office: BotOffice) -> None:
    presses(office, "done", "5")
    assert "#6" in presses(office, "done", "6")
    answer = does(office, "3000")
    assert ("#6 завершён" in answer, "Заказ #5: сколько" in answer) == (True, True)
    assert "#5 завершён" in does(office, "2000")
    assert (price(office, "6"), price(office, "5")) == (3000, 2000)


# what he presses meanwhile under the card, or the question, of the order that waits
@pytest.mark.parametrize("act", ["card", "accept", "sure", "no such button"])
def test_b8_the_order_that_waits_is_asked_all_the_same(office: BotOffice, act: str) -> None:
    presses(office, "done", "5")
    presses(office, "done", "6")
    presses(office, act, "5")
    assert "Заказ #5: сколько" in does(office, "3000")


@pytest.mark.parametrize(("act", "then"), [("sure", ""), ("other", "2000")])
def test_b8_of_two_orders_the_sum_of_the_first_can_be_said_to_be_right(
    office: BotOffice, act: str, then: str
) -> None:
    presses(office, "done", "5")
    assert "Точно 0" in does(office, "0")
    presses(office, "done", "6")
    presses(office, act, "5")
    if then:
        does(office, then)
    assert price(office) == int(then or 0)
    assert "#6 завершён" in does(office, "3000")


def test_b8_what_is_pressed_under_another_question_leaves_this_one(office: BotOffice) -> None:
    presses(office, "done", "5")
    presses(office, "stay", "6")
    assert "#5 завершён" in does(office, "2000")


def test_b8_a_sum_that_nobody_asked_for_is_asked_about(office: BotOffice) -> None:
    assert "Это сумма за заказ?" in does(office, "5000")
    assert (price(office), price(office, "6")) == (None, None)


def test_b2_the_caption_of_a_photo_is_the_sum_and_staff_see_the_photo(office: BotOffice) -> None:
    presses(office, "done", "5")
    assert "#5 завершён" in does(office, "2500", sort="photo", file="f", album="a")
    assert does(office, sort="photo", file="g", album="a") == ""
    assert price(office) == 2500
    office.delivers(lambda: sum("прислал фото" in text for text in office.wire.said(ADMIN)) == 2)


def test_b3_an_edit_of_a_sum_says_how_to_mend_it(office: BotOffice) -> None:
    presses(office, "done", "5")
    does(office, "2000", message_id="77")
    assert "Исправить сумму" in does(office, "2500", message_id="77", edited=True)
    assert price(office) == 2000


def test_b3_a_sum_that_was_not_understood_is_mended_by_an_edit(office: BotOffice) -> None:
    presses(office, "done", "5")
    does(office, "2000 500", message_id="77")
    does(office, "2500", message_id="77", edited=True)
    assert price(office) == 2500


def test_what_a_master_writes_unasked_reaches_staff(office: BotOffice) -> None:
    assert "Передал диспетчеру" in does(office, "Не могу дозвониться до клиента")
    office.delivers(lambda: any("Не могу дозвониться" in text for text in office.wire.said(ADMIN)))


def test_a_namesake_is_asked_for_a_difference_and_else_gets_one(office: BotOffice) -> None:
    chat = telegram(777)

    def says(text: str) -> str:
        said = Incoming(chat, "text", text=text, message_id=str(next(UPDATES)))
        replies = MasterBot(office.store, office.settings, office.actions).answer(next(UPDATES), said)
        return " ".join(reply.message.text for reply in replies if reply.message)

    says("/start")
    assert "уже есть мастер" in says("иван  Петров")
    assert "телефон" in says("иван  Петров")
    says("8 911 000-02-17")
    assert "вы в списке" in says("Электрика")
    with office.store.reading() as tx:
        roster = tx.masters.roster()
    assert roster.find("Иван Петров").id == "1"
