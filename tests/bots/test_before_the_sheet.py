"""A store begun anew brings along what waited, and knows no order and no master until the sheet is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import bots.client.bot
from bots.client import texts
from bots.client.bot import ClientBot
from bots.conversations import Memory
from bots.incoming import Incoming
from bots.master.bot import MasterBot
from bots.messages import Message
from record.values import telegram
from tests.bots.acts import text
from tests.harness.bot_office import ADMIN, CLIENT, MASTER, BotOffice

TAKEN = {"Статус": "В работе", "Мастер": "Иван Петров"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[BotOffice]:
    """A room where nobody has read the sheet yet."""
    made = BotOffice(tmp_path, known=False)
    yield made
    made.store.close()


def test_news_of_orders_wait_until_the_sheet_was_read(fresh: BotOffice) -> None:
    with fresh.store.transaction() as tx:
        tx.cards.put("5", "1", telegram(MASTER), "77")
    fresh.queue("admin", "no_masters", "5")
    news = [
        fresh.queue("client", "accepted", "5", master="Иван Петров", phone="+79110000001"),
        fresh.queue("master", "card", "5"),
        fresh.queue("master", "details_changed", "5", columns=["адрес"]),
    ]
    alarm = fresh.queue("admin", "alarm", text="Локальная база начата заново")

    def told() -> bool:
        return fresh.outbox()[alarm] == "sent"

    def read() -> bool:
        assert {*fresh.outbox("5").values()} == {"waiting"}
        fresh.master()
        fresh.order(**TAKEN)
        fresh.reads_the_sheet()
        return True

    def all_are_told() -> bool:
        return {fresh.outbox("5")[one] for one in news} == {"sent"}

    def nobody_is_missed() -> bool:
        return fresh.outbox("5")["admin:no_masters:5"] == "stale"

    fresh.delivers(told, read, all_are_told, nobody_is_missed)
    assert "Заявку #5 принял мастер" in fresh.wire.said(CLIENT)[0]
    assert ["у вас в работе" in said for said in fresh.wire.said(MASTER)] == [True, False]
    assert fresh.wire.said(ADMIN) == ["🚨 Локальная база начата заново"]


def pressed(act: str, order: str = "") -> Incoming:
    """Return a press of a button of the client bot, as the inbox has opened it."""
    return Incoming(telegram(CLIENT), "press", data=act, order=order, query="q", message_id="3")


def test_a_client_is_asked_for_patience_and_not_told_that_he_has_no_orders(
    fresh: BotOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bots.client.bot, "SHEET_WAIT_S", 0)
    bot = ClientBot(fresh.store, fresh.settings, fresh.actions)
    for act, order in (("cancel", "5"), ("cancelled", "5"), ("mine", ""), ("", "")):
        (reply,) = bot.answer(1, pressed(act, order))
        assert (reply.toast, reply.alert, reply.message) == (texts.STARTING, True, None)
    for number, words in enumerate((texts.MINE, "/start track_5_k"), start=2):
        (reply,) = bot.answer(number, text(words))
        assert reply.message
        assert reply.message.text == texts.STARTING
    fresh.order()
    fresh.reads_the_sheet()
    assert [reply.toast for reply in bot.answer(9, pressed("cancelled", "5"))] == ["Заявка #5 отменена", "", ""]


def test_a_client_may_order_all_the_same(fresh: BotOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bots.client.bot, "SHEET_WAIT_S", 0)
    (reply,) = ClientBot(fresh.store, fresh.settings, fresh.actions).answer(1, text(texts.SERVICES))
    assert reply.message
    assert "Что случилось?" in reply.message.text


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(("chat", "private"), [(777, True), (-1001234567890, False), (MASTER, True)])
def test_anybody_is_told_the_number_of_his_chat_and_nothing_else(
    fresh: BotOffice, chat: int, *, private: bool, known: bool
) -> None:
    """It is how the admin's chat is found, before anything else works; what he was asked before is asked still."""
    if known:
        fresh.master()
        fresh.reads_the_sheet()
    bot = MasterBot(fresh.store, fresh.settings, fresh.actions)
    with fresh.store.transaction() as tx:
        Memory(tx, "master").keep(telegram(chat), 0, {"step": "name"}, ())
    (reply,) = bot.answer(1, Incoming(telegram(chat), "text", private=private, text="/id@naryad_bot"))
    assert reply.message == Message(f"Номер этого чата: <code>{chat}</code>")
    with fresh.store.reading() as tx:
        assert Memory(tx, "master").state(telegram(chat)) == {"step": "name"}
