"""Somebody writes to a bot without an end: the others are heard in turn all the same."""

import asyncio
from typing import Any

from bots.client import texts
from bots.client.bot import ClientBot
from bots.inbox import Inbox
from bots.intake import Intake
from bots.telegram.incoming import arrived
from tests.harness.bot_office import Answer, BotOffice, Json, beside, refusal

LOUD, CALM = 666, 5
MANY = 1100


def update(number: int, chat: int, words: str) -> Json:
    """Return the update of a message."""
    person = {"id": chat, "is_bot": False, "first_name": "Юля"}
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": words,
    }
    return {"update_id": number, "message": message}


def take(room: BotOffice, *updates: Json) -> None:
    """Let updates arrive as they do from Telegram."""
    assert asyncio.run(Intake(room.store, "client", asyncio.Event()).take([arrived(one) for one in updates]))


def answers(room: BotOffice, *steps: Any) -> None:
    """Let the client bot answer until each of the steps has returned something true."""

    async def play() -> None:
        bot = ClientBot(room.store, room.settings, room.actions)
        inbox = Inbox(room.store, bot, room.sender, asyncio.Event())
        await beside(inbox.run(), inbox.stop, steps)

    asyncio.run(play())


def test_whoever_floods_a_bot_keeps_nobody_else_waiting(room: BotOffice) -> None:
    """Telegram lets his chat rest for long, so that only one who is not behind him can be answered."""
    take(room, *(update(number, LOUD, "спам") for number in range(1, MANY + 1)), update(MANY + 1, CALM, "/start"))

    def rests(_name: str, given: Json) -> Answer:
        return refusal(429, "Too Many Requests", retry_after=600) if given.get("chat_id") == str(LOUD) else None

    room.wire.answers = rests
    answers(room, lambda: room.wire.said(CALM))
    assert "вызов электрика" in room.wire.said(CALM)[0]
    with room.store.reading() as tx:
        found = [number for number, _, _ in tx.inbox.open("client", 2 * MANY, 20)]
    assert found == list(range(1, 21)), "his own first ones, which are not lost"


def test_a_chat_is_answered_in_its_order_however_much_it_writes(room: BotOffice) -> None:
    said = [texts.SERVICES, "Не работает розетка", "Невского 47", "Юля", "+79001234567"]
    take(room, *(update(number, CALM, words) for number, words in enumerate([*said, *["спам"] * 40], start=1)))
    answers(room, lambda: len(room.wire.said(CALM)) == len(said) + 40)
    assert [f"{step * 20}%" in text for step, text in enumerate(room.wire.said(CALM)[:5], start=1)] == [True] * 5


def test_what_a_bot_does_not_react_to_is_done_at_once(room: BotOffice) -> None:
    strange = {"update_id": 1, "callback_query": {"id": "1", "data": "x", "message": {"chat": {"id": CALM}}}}
    take(room, {"update_id": 2, "edited_message": {}}, strange, update(3, CALM, "/start"))
    answers(room, lambda: room.wire.said(CALM))
    with room.store.reading() as tx:
        assert tx.inbox.open("client") == []
