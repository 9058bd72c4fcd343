"""What a person did, read from a Telegram update.

Pure: the update is the JSON of the Bot API.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bots.incoming import Incoming
from bots.intake import Update
from bots.telegram.contents import SERVICE, UNSEEN, content_of
from record.values import NOBODY, Address, telegram

# what Telegram is asked for
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def arrived(body: Mapping[str, Any]) -> Update:
    """Return an update of Telegram's as it is stored."""
    return Update(body["update_id"], body, chat_of(body))


def chat_of(body: Mapping[str, Any]) -> Address:
    """Return the chat in which something was done, NOBODY where no bot here reacts."""
    try:
        said = read_update(body)
    except UNREADABLE:
        return NOBODY
    return said.chat if said else NOBODY


def read_update(body: Mapping[str, Any]) -> Incoming | None:
    """Return what the person did, or None for what no bot here reacts to.

    Raises:
        UNREADABLE: it is not as the Bot API says.
    """
    if query := body.get("callback_query"):
        return _press(query)
    if message := body.get("message"):
        return _message(message)
    if message := body.get("edited_message"):
        return _edited(message)
    if member := body.get("my_chat_member"):
        return _member(member)
    return None


def _press(query: Mapping[str, Any]) -> Incoming | None:
    message = query.get("message") or {}
    chat = message.get("chat")
    if not chat:
        return None
    return Incoming(
        kind="press",
        data=str(query.get("data", "")),
        query=str(query["id"]),
        message_id=_number(message.get("message_id", 0)),
        **_who(chat, query["from"]),
    )


def _edited(message: Mapping[str, Any]) -> Incoming | None:
    """Return a message that was changed; a live place moves by itself all the time."""
    if message.get("location"):
        return None
    said = _message(message)
    return replace(said, edited=True) if said else None


def _message(message: Mapping[str, Any]) -> Incoming | None:
    if not _from_a_person(message):
        return None
    what = content_of(message)
    if what.sort in SERVICE:
        return None
    text = clean(str(message.get("text") or message.get("caption") or ""))
    answered = message.get("reply_to_message") or {}
    said = Incoming(
        kind="text" if text else "other",
        text=text,
        message_id=_number(message["message_id"]),
        reply_to=_number(answered.get("message_id", 0)),
        sort=what.sort,
        file=what.file,
        detail=what.detail,
        album=str(message.get("media_group_id") or ""),
        at=int(message.get("date") or 0),
        **_who(message["chat"], message["from"]),
    )
    contact = message.get("contact")
    return _shared(said, contact, message["from"]) if contact else said


def _from_a_person(message: Mapping[str, Any]) -> bool:
    """Return whether a person wrote it: posts of channels and bots are not answered.

    An admin of a group may write in its name.
    """
    sender = message.get("from")
    if not sender:
        return False
    in_whose_name = message.get("sender_chat") or {}
    if in_whose_name:
        return bool(in_whose_name.get("id") == message["chat"]["id"])
    return not sender.get("is_bot")


def _shared(
    said: Incoming, contact: Mapping[str, Any], sender: Mapping[str, Any]
) -> Incoming:
    # a contact out of the phone book is somebody else's number
    own = contact.get("user_id") == sender["id"]
    phone = str(contact.get("phone_number", ""))
    return replace(said, kind="contact", phone=phone, own_phone=own)


def _member(change: Mapping[str, Any]) -> Incoming:
    # restricted ones still read what is sent to them
    gone = (change.get("new_chat_member") or {}).get("status") in {"kicked", "left"}
    return Incoming(
        kind="left" if gone else "joined", **_who(change["chat"], change["from"])
    )


def _who(chat: Mapping[str, Any], sender: Mapping[str, Any]) -> dict[str, Any]:
    first = clean(str(sender.get("first_name", "")))
    last = clean(str(sender.get("last_name", "")))
    return {
        "chat": telegram(int(chat["id"])),
        "private": chat.get("type") == "private",
        "first_name": first,
        "full_name": f"{first} {last}".strip(),
        "username": clean(str(sender.get("username", ""))),
    }


def _number(message_id: Any) -> str:
    """Return a message's number as text, "" for 0, which stands for none."""
    number = int(message_id)
    return str(number) if number else ""


def clean(text: str) -> str:
    """Return a text without signs that nobody sees and spaces around it."""
    return UNSEEN.sub("", text.replace("\r\n", "\n")).strip()
