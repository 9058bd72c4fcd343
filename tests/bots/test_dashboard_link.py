"""The way from the master bot to a master's page on the site."""

import re
import time

from record.store import Tx
from record.values import Address, telegram
from tests.harness.bot_system import BotSystem, Talker, master_id

SITE = "🌐 Кабинет на сайте"


def token_of(said: str) -> str:
    """Return the secret of the link in a message."""
    found = re.search(r"/master-dashboard\.html\?enter=([\w-]+)", said)
    assert found, said
    return found[1]


def opens(bot_system: BotSystem, token: str) -> tuple[str, Address] | None:
    """Use a link up, as the site does."""
    with bot_system.store.transaction() as tx:
        return tx.links.take(token, time.time())


def dialog(tx: Tx, who: Talker) -> str:
    """Return all that the store keeps of a conversation."""
    return str(tx.dialogs.get("master", telegram(who.chat_id)))


def test_a_master_gets_a_link_of_his_own_by_key_and_by_command(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Ссылкин")
    first = token_of(ivan.asks(SITE, "кабинет")["text"])
    second = token_of(ivan.asks("/site", "кабинет")["text"])
    assert opens(bot_system, first) is None  # only the latest opens
    assert opens(bot_system, second) == (master_id(ivan), telegram(ivan.chat_id))
    assert opens(bot_system, second) is None


def test_the_link_is_kept_nowhere(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Памятный")
    token = token_of(ivan.asks(SITE, "кабинет")["text"])
    with bot_system.store.reading() as tx:
        assert token not in dialog(tx, ivan)
    assert token not in bot_system.system.log("master")


def test_who_is_not_in_work_gets_none(bot_system: BotSystem) -> None:
    idle = bot_system.master("Семён Ждущий", active=False)
    for said in (SITE, "/site"):
        answer = idle.asks(said, "пока не открыты")
        assert "enter=" not in answer["text"]
