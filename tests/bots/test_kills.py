"""The bots are killed, or lose Telegram, at the worst moments; nothing a person did is lost or done twice."""

import signal
from typing import Any

import pytest

from bots.__main__ import main
from bots.conversations import Memory
from record.values import telegram
from tests.harness.bot_system import BotSystem, Talker
from tests.harness.system import CLIENT_BOT, MASTER_BOT, wait_for

SEND = f"/bot{CLIENT_BOT}/sendMessage"


def killed(bot_system: BotSystem) -> None:
    """Kill the client bot and start it again."""
    bot_system.system.end("client", signal.SIGKILL)
    bot_system.mend()
    bot_system.system.start("client")


def test_the_dialog_goes_on_after_a_kill_at_any_step(own_town: BotSystem) -> None:
    bot_system = own_town
    client = bot_system.client()
    client.orders("Не работает розетка")
    killed(bot_system)
    client.asks("Невского 47", "60%")
    client.asks("Юля", "80%")
    client.asks("+79001234567", "100%")
    bot_system.system.end("client", signal.SIGKILL)
    client.say("✅ Подтвердить")
    bot_system.system.start("client")
    client.hears("Готово! 🎉")
    (order,) = bot_system.orders_of(client)
    assert order.address == "Невского 47"


def test_a_kill_between_deciding_and_answering_repeats_only_the_answer(own_town: BotSystem) -> None:
    bot_system = own_town
    client = bot_system.client()
    client.orders("Не работает розетка", "Невского 47", "Юля", "+79001234567")
    bot_system.fault(path=SEND, times=100, delay_s=30, drop="before")
    client.say("✅ Подтвердить")
    wait_for(lambda: "placed" in state_of(bot_system, client), "the order to be placed")
    assert open_updates(bot_system)
    killed(bot_system)
    client.hears("Готово! 🎉")
    wait_for(lambda: not open_updates(bot_system), "the update to be done")
    assert len(bot_system.orders_of(client)) == 1
    client.asks("✅ Подтвердить", "уже у нас")


def test_updates_are_stored_before_telegram_is_told(own_town: BotSystem) -> None:
    """Telegram forgets an update when it is asked for the next; by then it is in the store."""
    bot_system = own_town
    client = bot_system.client()
    bot_system.fault(path=SEND, times=100, delay_s=30, drop="before")
    client.say("/start")
    wait_for(lambda: open_updates(bot_system), "the update to be stored")
    wait_for(lambda: not waiting_at_telegram(bot_system), "Telegram to forget it")
    bot_system.system.end("client", signal.SIGKILL)
    assert len(open_updates(bot_system)) == 1
    bot_system.mend()
    bot_system.system.start("client")
    client.hears("вызов электрика")


def test_a_bot_stops_within_seconds_and_says_so(own_town: BotSystem) -> None:
    client = own_town.client()
    client.asks("/start", "вызов электрика")
    assert own_town.system.end("client", signal.SIGTERM) == 0
    assert "bot_stopped" in own_town.system.log("client")
    own_town.system.start("client")


def test_telegram_away_at_the_start_and_later_is_logged_once(own_town: BotSystem) -> None:
    system, client = own_town.system, own_town.client()
    system.end("client")
    before = system.log("client")
    own_town.fault(path="getMe", times=2, status=502)
    system.start("client")
    client.asks("/start", "вызов электрика")
    own_town.fault(path="getUpdates", times=2, status=502)
    client.asks("/start", "вызов электрика")
    client.asks("📋 Мои заявки", "Заявок пока нет")

    def logged(event: str) -> int:
        return system.log("client").removeprefix(before).count(event)

    wait_for(lambda: logged("telegram_reachable") == 2, "both recoveries in the log")
    assert logged("telegram_unreachable") == 2


def test_an_update_that_fails_again_and_again_is_parked_with_an_apology(own_town: BotSystem) -> None:
    client = own_town.client()
    with own_town.store.transaction() as tx:
        tx.dialogs.put("client", telegram(client.chat_id), {"step": "a step that nobody knows", "draft": {}})
    client.asks("Невского 47", "Что-то пошло не так, попробуйте ещё раз")
    wait_for(lambda: not open_updates(own_town), "the update to be parked")
    assert "update_parked" in own_town.system.log("client")
    client.asks("/start", "вызов электрика")


def test_a_wrong_token_is_explained_in_one_line(own_town: BotSystem) -> None:
    own_town.system.post("telegram/revoke", bot=MASTER_BOT)
    ended = own_town.system.run("bots", "master")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "TELEGRAM_MASTER_BOT_TOKEN" in line
    assert "BotFather" in line


def test_a_wrong_argument_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dog"])
    assert ended.value.code == 2
    assert "{client,master}" in capsys.readouterr().err


def test_an_unknown_kind_fails_alone(own_town: BotSystem) -> None:
    bot_system, client = own_town, own_town.client()
    client.asks("/start", "вызов электрика")
    number = bot_system.order(Telegram=str(client.chat_id), Статус="Отменена")
    strange = bot_system.notice("client", client, "telepathy", number)
    bot_system.ends(number, bot_system.notice("client", client, "cancelled", number), "sent")
    assert bot_system.state(number, strange) == "failed"


def state_of(bot_system: BotSystem, client: Talker) -> dict[str, Any]:
    with bot_system.store.reading() as tx:
        return Memory(tx, "client").state(telegram(client.chat_id))


def open_updates(bot_system: BotSystem) -> list[Any]:
    with bot_system.store.reading() as tx:
        return tx.inbox.open("client")


def waiting_at_telegram(bot_system: BotSystem) -> int:
    """Return how many updates Telegram still keeps for the bot."""
    answer = bot_system.system.http.get(f"{bot_system.system.url}/bot{CLIENT_BOT}/getWebhookInfo").json()
    return int(answer["result"]["pending_update_count"])
