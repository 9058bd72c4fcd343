"""The admin's chat: which it is by now, and whether it can be written to.

The one door to it: whatever is for the admin is addressed here, since the settings may
name a group that is none any more. What went to its old number would wait there in a
line of its own, and an alarm behind what strangers write.
"""

from dataclasses import replace
from typing import Any, TypedDict

from record.dispatch.notices import Notice
from record.dispatch.reach import Unreachable
from record.settings import Settings
from record.store import Tx
from record.store.facts import Fact
from record.values import Address, address, telegram


class Unreached(TypedDict, total=False):
    """The admin's chat that can't be written to, why, and in the channel's words; empty
    where it can.
    """

    chat: str
    code: Unreachable
    words: str


# Old address of a chat → its new one. Releases before this one kept Telegram's numbers
# here, and in the fact below.
MOVED = Fact[dict[str, str]]("admin_moved")
LOST = Fact[Unreached]("admin_lost")
AGAIN = "что было для него, дождётся."
STARTS = "бот мастеров его не знает: пусть он нажмёт в боте «Запустить», или поправьте telegram.admin_chat_id"
WHAT_TO_DO = {
    Unreachable.NO_RIGHTS: "боту нельзя писать в эту группу, разрешите ему",
    Unreachable.KICKED: "бота убрали из группы, добавьте его снова",
    Unreachable.NOT_A_MEMBER: "бота нет в группе, добавьте его",
    Unreachable.GONE_GROUP: "группу удалили, впишите другую в telegram.admin_chat_id",
    Unreachable.BLOCKED: "он остановил бота, пусть откроет бота мастеров и нажмёт «Запустить»",
    Unreachable.DEACTIVATED: "он удалил свой Telegram, впишите другой чат в telegram.admin_chat_id",
    Unreachable.NEVER_STARTED: STARTS,
}


def named(settings: Settings) -> Address | None:
    """Return the admin's chat as the settings name it, None where they name none.

    To write to the admin, take :func:`chat_of`.
    """
    return telegram(settings.telegram.admin_chat_id) or None


def chat_of(tx: Tx, settings: Settings) -> Address | None:
    """Return the admin's present chat, None where there is none."""
    chat = named(settings)
    return _present(tx, chat) if chat else None


def tell(tx: Tx, settings: Settings, notice: Notice, after_s: float = 0.0) -> bool:
    """Queue a notice for the admin; return whether it is new, and there is a chat."""
    addressed = _addressed(tx, settings, notice)
    return addressed is not None and tx.outbox.add(addressed, after_s)


def count(tx: Tx, settings: Settings, notice: Notice, after_s: float) -> None:
    """Count one more in the waiting notice of this kind; queue this where none waits."""
    addressed = _addressed(tx, settings, notice)
    if addressed is not None:
        tx.outbox.gather(addressed, after_s)


def alarm(key: str, text: str, kind: str = "alarm", **facts: Any) -> Notice:
    """Return an alarm, or the end of one, for :func:`tell`."""
    return Notice(key, "admin", "", kind, facts={"text": text, **facts})


def address_now(tx: Tx, settings: Settings, chat: Address) -> Address | None:
    """Return where to send what was queued for this chat of an admin's."""
    chat = _present(tx, chat)
    # what a lost chat never got goes to the one that the settings name by now
    if _is_lost(tx, chat):
        return chat_of(tx, settings)
    return chat


def moved(tx: Tx, old: Address, new: Address) -> None:
    """Remember that a group has become a supergroup, which has another number.

    What waits for it joins the one line of the new number.
    """
    known = tx.facts.get(MOVED) or {}
    tx.facts.put(MOVED, {**known, str(old): str(new)})
    tx.outbox.readdress("admin", str(old), str(new))


def lost(tx: Tx, chat: Address, reason: Unreachable, words: str) -> bool:
    """Note that the admin's chat can't be written to; return whether that is news.

    ``words`` are the channel's.
    """
    news = not _is_lost(tx, chat)
    tx.facts.put(LOST, Unreached(chat=str(chat), code=reason, words=words))
    return news


def back(tx: Tx, chat: Address) -> bool:
    """Note that a chat can be written to; return whether it was the admin's lost one.

    What waits for the admin then goes out now.
    """
    if not _is_lost(tx, chat):
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
    chat = chat_of(tx, settings)
    if chat is None or not _is_lost(tx, chat):
        return ""
    known = _lost(tx)
    reason = Unreachable(known.get("code", Unreachable.OTHER))
    why = what_to_do(reason, known.get("words", ""))
    return f"Чат администратора недоступен: {why}; {AGAIN}"


def what_to_do(reason: Unreachable, words: str) -> str:
    """Return in Russian why the admin can't be written to and what to do; ``words`` are
    the channel's own.
    """
    return WHAT_TO_DO.get(reason, f"Telegram отвечает «{words}»")


def _addressed(tx: Tx, settings: Settings, notice: Notice) -> Notice | None:
    chat = chat_of(tx, settings)
    if not chat:
        return None
    return replace(notice, to="admin", recipient=str(chat))


def _present(tx: Tx, chat: Address) -> Address:
    known = tx.facts.get(MOVED) or {}
    moved_to = known.get(str(chat), chat)
    return address(str(moved_to)) or chat


def _is_lost(tx: Tx, chat: Address) -> bool:
    return str(_lost(tx).get("chat", "")) == str(chat)


def _lost(tx: Tx) -> Unreached:
    return tx.facts.get(LOST) or {}
