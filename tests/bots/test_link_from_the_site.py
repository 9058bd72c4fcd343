"""The client bot says what it is called, so that the site can link to it."""

from record.store import Store
from record.store.facts import alive
from tests.harness.system import CLIENT_BOT, System, wait_for
from web.present.tracking import bot_link, bot_name


def test_the_sites_link_to_the_bot_ties_the_chat_to_the_order(system: System) -> None:
    system.start("client", "worker")
    store = Store(system.env["NARYAD_STORE__URL"])

    def named() -> str:
        with store.reading() as tx:
            beat = tx.facts.get(alive("bot.client"))
            return bot_name(beat)

    name = wait_for(named, "the bot's name")
    row = {"ID": 17, "Имя": "Юля", "Телефон": "+79001234567", "Проблема": "Свет", "Ключ": "k-17", "Статус": "Новая"}
    system.type_row("Заявки", **row)
    wait_for(lambda: _mirrored(store), "the order in the mirror")
    system.person(700, "Юля")
    system.say(CLIENT_BOT, 700, f"/start {bot_link(name, '17', 'k-17').partition('start=')[2]}")
    system.hears(CLIENT_BOT, 700, "17")
    wait_for(lambda: system.order(ID=17).get("Telegram") in {700, "700"}, "the chat in the sheet")
    store.close()


def _mirrored(store: Store) -> bool:
    with store.reading() as tx:
        return tx.orders.get("17") is not None
