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
    """Return the admin's chat as the settings name it, 0 where they do not; write to
    :func:`chat_of`.
    """
    return settings.telegram.admin_chat_id


def chat_of(tx: Tx, settings: Settings) -> int:
    """Return the admin's chat, 0 where there is none; a group that became a supergroup
    has another number since.
    """
    return _now(tx, named(settings))


def tell(tx: Tx, settings: Settings, notice: Notice) -> bool:
    """Queue a notice for the admin, addressed to his chat of now; say whether it is
    new, and there is one.
    """
    found = _addressed(tx, settings, notice)
    return found is not None and tx.outbox.add(found)


def count(tx: Tx, settings: Settings, notice: Notice, after_s: float) -> None:
    """Count one more in the notice of this kind that waits for the admin; where none
    waits, queue this one.
    """
    if found := _addressed(tx, settings, notice):
        tx.outbox.gather(found, after_s)


def alarm(key: str, text: str, kind: str = "alarm", **facts: Any) -> Notice:
    """Return an alarm, or the end of one, for :func:`tell`."""
    return Notice(key, "admin", "", kind, facts={"text": text, **facts})


def address(tx: Tx, settings: Settings, chat: int) -> int:
    """Return where to send what was queued for this chat of an admin's: to another one
    once the settings name it.
    """
    chat = _now(tx, chat)
    return chat_of(tx, settings) if chat == _lost(tx).get("chat") else chat


def moved(tx: Tx, old: int, new: int) -> None:
    """Remember that a group has become a supergroup; what waits for it joins the one
    line of its new number.
    """
    known = tx.facts.get(MOVED) or {}
    tx.facts.put(MOVED, {**known, str(old): new})
    tx.outbox.readdress("admin", str(old), str(new))


def lost(tx: Tx, chat: int, words: str) -> bool:
    """Note that the admin's chat can't be written to, with Telegram's words; say
    whether that is news.
    """
    news = _lost(tx).get("chat") != chat
    tx.facts.put(LOST, Unreached(chat=chat, words=words))
    return news


def back(tx: Tx, chat: int) -> bool:
    """Note that a chat can be written to; where it is the admin's and could not, what
    waits for him goes out now.
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
    """Return in Russian why the admin can't be written to and what to do, "" while he
    can.
    """
    known = _lost(tx)
    if not known or known["chat"] != chat_of(tx, settings):
        return ""
    said = str(known["words"]).lower()
    why = next(
        (reason for mark, reason in WORDS.items() if mark in said),
        f"Telegram отвечает «{known['words']}»",
    )
    return f"Чат администратора недоступен: {why}; {AGAIN}"


def _addressed(tx: Tx, settings: Settings, notice: Notice) -> Notice | None:
    chat = chat_of(tx, settings)
    return replace(notice, to="admin", recipient=str(chat)) if chat else None


def _now(tx: Tx, chat: int) -> int:
    known = tx.facts.get(MOVED) or {}
    return known.get(str(chat), chat)


def _lost(tx: Tx) -> Unreached:
    return tx.facts.get(LOST) or {}
