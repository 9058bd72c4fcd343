"""Pitfall 42 at its largest: Telegram is away for an hour while orders come, are taken and are cancelled."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.harness.bot_system import BotSystem, Talker, master_id
from tests.harness.system import MASTER_BOT, wait_for

CREW = 36
HOUR_S = 3600
SEND = f"/bot{MASTER_BOT}/"


@pytest.fixture
def bot_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotSystem]:
    """A bot_system with many masters, where the bot talks at the pace of people, and Telegram insists on it."""
    with pytest.MonkeyPatch.context() as patch:
        made = BotSystem(tmp_path_factory.mktemp("outage"), patch)
    for name in ("MESSAGES_PER_SECOND", "CHAT_MESSAGES_PER_SECOND"):
        made.system.settings[f"NARYAD_TELEGRAM__{name}"] = "25" if name[0] == "M" else "1"
    made.system.post("telegram/limits", enabled=True)
    yield made
    made.close()


def crew(bot_system: BotSystem) -> list[Talker]:
    """Return masters who have just been greeted."""
    masters = []
    for number in range(CREW):
        talker = bot_system.stranger(f"Мастер {number}")
        bot_system.enlist(talker, f"Мастер {number}")
        talker.say("/start")
        masters.append(talker)
    bot_system.system.start("master")
    wait_for(lambda: all(len(one.chat()) > 1 for one in masters), "greetings")
    return masters


def an_hour_passes(bot_system: BotSystem) -> None:
    """Let all that waits have waited for an hour, and be due again."""
    engine = create_engine(bot_system.settings.store.url)
    with engine.begin() as connection:
        earlier = "UPDATE outbox SET queued_at = queued_at - :s, due_at = due_at - :s WHERE state = 'waiting'"
        connection.execute(text(earlier), {"s": HOUR_S})
    engine.dispose()


def waiting(bot_system: BotSystem) -> int:
    with bot_system.store.reading() as tx:
        return tx.outbox.depth()[0]


def waits_for(bot_system: BotSystem, *orders: str) -> bool:
    """Say whether something about these orders still is to be sent."""
    with bot_system.store.reading() as tx:
        return any(state == "waiting" for order in orders for _, state, _ in tx.outbox.results(order))


def sends(bot_system: BotSystem) -> int:
    """Return how often a message was sent, with success or in vain."""
    counted = bot_system.system.http.get(f"{bot_system.system.url}/sandbox/requests").json()["telegram"]
    return int(counted.get("sendMessage", 0))


def shown(message: dict[str, Any]) -> str:
    """Return the number of the order that a card is about."""
    found = re.search(r"#(\d+)", message["text"])
    return found[1] if found else ""


def news(master: Talker, known: int) -> list[dict[str, Any]]:
    return [message for message in master.chat()[known:] if message["from"] == "bot"]


def test_42_after_an_hour_without_telegram_each_hears_in_order_what_is_still_true(bot_system: BotSystem) -> None:
    masters = crew(bot_system)
    known = {master.chat_id: len(master.chat()) for master in masters}
    bot_system.fault(path=SEND, times=100_000, status=502)
    taken, cancelled, again, fresh = (bot_system.order() for _ in range(4))
    for number in (taken, cancelled, again, fresh, again):
        for master in masters:
            bot_system.notice("master", master, "order_new", number)
    wait_for(lambda: "delivery_postponed" in bot_system.system.log("master"), "a message to fail")
    bot_system.order(taken, Статус="В работе", Мастер="Мастер 3")
    bot_system.order(cancelled, Статус="Отменена")
    an_hour_passes(bot_system)
    wait_for(lambda: not waits_for(bot_system, taken, cancelled), "what is not true any more to be dropped")
    before, began = sends(bot_system), time.monotonic()
    bot_system.mend()
    wait_for(lambda: not waiting(bot_system), "all to be sent", 90)
    took = time.monotonic() - began
    heard = {master.chat_id: news(master, known[master.chat_id]) for master in masters}
    for messages in heard.values():
        assert [shown(message) for message in messages] == [fresh, again], messages
        assert [message["silent"] for message in messages] == [False, True], "only the first of many rings"
    dates = Counter(message["date"] for messages in heard.values() for message in messages)
    assert max(dates.values()) <= 30, "30 a second overall"
    assert all(one["date"] < other["date"] for one, other in heard.values()), "one a second to each"
    assert sends(bot_system) - before <= 2 * CREW + CREW, (
        "what was refused in the last moment of the outage, and nothing else"
    )
    assert took >= 2 * CREW / 30 - 1
    assert "Flood" not in bot_system.system.log("master")
    with bot_system.store.reading() as tx:
        states = Counter(state for order in (taken, cancelled, again) for _, state, _ in tx.outbox.results(order))
    assert states == {"stale": 3 * CREW, "sent": CREW}
    assert {master_id(one) for one in masters} == {
        n.recipient for n, s, _ in _results(bot_system, fresh) if s == "sent"
    }


def _results(bot_system: BotSystem, order: str) -> list[Any]:
    with bot_system.store.reading() as tx:
        return tx.outbox.results(order)
