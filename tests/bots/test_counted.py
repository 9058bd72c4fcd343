"""Requests to Telegram are counted by method and result, without anything of a person or a secret."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError

from bots.telegram.door import make_bot
from tests.harness.bot_system import BotSystem


def test_requests_are_counted_by_how_they_ended(bot_system: BotSystem) -> None:
    blocker = bot_system.client()
    blocker.asks("/start", "Здравствуйте")
    blocker.block()
    counted: list[tuple[str, str]] = []
    bot = make_bot("client", bot_system.settings, lambda method, result: counted.append((method, result)))

    async def talk() -> None:
        await bot.initialize()
        with pytest.raises(Forbidden):
            await bot.send_message(blocker.chat_id, "…")
        with pytest.raises(BadRequest):
            await bot.send_message(1, "…")
        bot_system.fault(path="getMyName", times=1, drop="before")
        with pytest.raises(NetworkError):
            await bot.get_my_name()
        await bot.shutdown()

    asyncio.run(talk())
    assert counted == [("getMe", "ok"), ("sendMessage", "403"), ("sendMessage", "400"), ("getMyName", "no_answer")]


def test_what_the_bots_ask_is_in_the_store(bot_system: BotSystem) -> None:
    bot_system.client().asks("/start", "Здравствуйте")
    with bot_system.store.transaction() as tx:
        tallies = [one for one in tx.metrics.tallies() if one.labels.get("api") == "telegram"]
    assert ("sendMessage", "ok") in {(one.labels["kind"], one.labels["result"]) for one in tallies}
    assert not any("sandbox" in str(one) for one in tallies)
