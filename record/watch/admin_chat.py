"""The chat of the person who answers for everything: which it is by now, and whether it
can be written to.

The one door to it: whatever is for the admin is addressed here, since the settings may
name a group that is none any more. What went to its old number would wait there in a
line of its own, and an alarm behind what strangers write.
"""

from dataclasses import replace
from typing import Any, TypedDict

from record.dispatch.notices import Notice
from record.settings import Settings
from record.store import Tx
from record.store.facts import Fact


class Unreached(TypedDict, total=False):
    """The admin's chat that can't be written to, and Telegram's words; empty where it
    can.
    """

    chat: int
    words: str


MOVED = Fact[dict[str, int]]("admin_moved")  # old number of a chat → its new one
LOST = Fact[Unreached]("admin_lost")
AGAIN = "что было для него, дождётся."
STARTS = "бот мастеров его не знает: пусть он нажмёт в боте «Запустить», или поправьте telegram.admin_chat_id"
# https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp
WORDS = {
    "rights": "боту нельзя писать в эту группу, разрешите ему",
    "kicked": "бота убрали из группы, добавьте его снова",
    "not a member": "бота нет в группе, добавьте его",
    "group chat was deleted": "группу удалили, впишите другую в telegram.admin_chat_id",
    "blocked": "он остановил бота, пусть откроет бота мастеров и нажмёт «Запустить»",
    "deactivated": "он удалил свой Telegram, впишите другой чат в telegram.admin_chat_id",
    "can't initiate": STARTS,
    "chat not found": STARTS,
}


def named(settings: Settings) -> int:
    """Return the admin's chat as the settings name it, 0 where they name none.

    To write to the admin, take :func:`chat_of`.
    """
    return settings.telegram.admin_chat_id


def chat_of(tx: Tx, settings: Settings) -> int:
    """Return the admin's present chat, 0 where there is none."""
    return _present(tx, named(settings))


def tell(tx: Tx, settings: Settings, notice: Notice) -> bool:
    """Queue a notice for the admin; return whether it is new, and there is a chat."""
    addressed = _addressed(tx, settings, notice)
    return addressed is not None and tx.outbox.add(addressed)


def count(tx: Tx, settings: Settings, notice: Notice, after_s: float) -> None:
    """Count one more in the waiting notice of this kind; queue this where none waits."""
    addressed = _addressed(tx, settings, notice)
    if addressed is not None:
        tx.outbox.gather(addressed, after_s)


def alarm(key: str, text: str, kind: str = "alarm", **facts: Any) -> Notice:
    """Return an alarm, or the end of one, for :func:`tell`."""
    return Notice(key, "admin", "", kind, facts={"text": text, **facts})


def address(tx: Tx, settings: Settings, chat: int) -> int:
    """Return where to send what was queued for this chat of an admin's."""
    chat = _present(tx, chat)
    # what a lost chat never got goes to the one that the settings name by now
    if chat == _lost(tx).get("chat"):
        return chat_of(tx, settings)
    return chat


def moved(tx: Tx, old: int, new: int) -> None:
    """Remember that a group has become a supergroup, which has another number.

    What waits for it joins the one line of the new number.
    """
    known = tx.facts.get(MOVED) or {}
    tx.facts.put(MOVED, {**known, str(old): new})
    tx.outbox.readdress("admin", str(old), str(new))


def lost(tx: Tx, chat: int, words: str) -> bool:
    """Note that the admin's chat can't be written to; return whether that is news.

    ``words`` are Telegram's.
    """
    news = _lost(tx).get("chat") != chat
    tx.facts.put(LOST, Unreached(chat=chat, words=words))
    return news


def back(tx: Tx, chat: int) -> bool:
    """Note that a chat can be written to; return whether it was the admin's lost one.

    What waits for the admin then goes out now.
    """
    if _lost(tx).get("chat") != chat:
        return False
    tx.facts.put(LOST, Unreached())
    tx.outbox.hurry("admin")
    return True


def try_again(tx: Tx) -> None:
    """Let what waits for an admin who could not be written to be tried now."""
    if _lost(tx):
        tx.outbox.hurry("admin")


def trouble(tx: Tx, settings: Settings) -> str:
    """Return in Russian why the admin can't be written to, and what to do about it.

    Returns "" while the admin can.
    """
    known = _lost(tx)
    if not known or known["chat"] != chat_of(tx, settings):
        return ""
    return f"Чат администратора недоступен: {_why(known['words'])}; {AGAIN}"


def _why(words: str) -> str:
    lowered = words.lower()
    for sign, reason in WORDS.items():
        if sign in lowered:
            return reason
    return f"Telegram отвечает «{words}»"


def _addressed(tx: Tx, settings: Settings, notice: Notice) -> Notice | None:
    chat = chat_of(tx, settings)
    if not chat:
        return None
    return replace(notice, to="admin", recipient=str(chat))


def _present(tx: Tx, chat: int) -> int:
    known = tx.facts.get(MOVED) or {}
    return known.get(str(chat), chat)


def _lost(tx: Tx) -> Unreached:
    return tx.facts.get(LOST) or {}
