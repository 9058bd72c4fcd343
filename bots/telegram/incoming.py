"""What a person did, read from a Telegram update.

Pure: the update is the JSON of the Bot API.
"""

import re
from collections.abc import Mapping
from typing import Any

from bots.incoming import Incoming
from bots.intake import Update
from record.values import NOBODY, Address, telegram

# controls, and marks that turn text round
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

# what Telegram is asked for
ALLOWED = ("message", "callback_query", "my_chat_member")
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


def _message(message: Mapping[str, Any]) -> Incoming | None:
    sender = message.get("from")
    # posts of channels have no sender; bots are not talked with
    if not sender or sender.get("is_bot"):
        return None
    who, number = _who(message["chat"], sender), _number(message["message_id"])
    if contact := message.get("contact"):
        # a contact out of the phone book is somebody else's number
        own = contact.get("user_id") == sender["id"]
        return Incoming(
            kind="contact",
            phone=str(contact.get("phone_number", "")),
            own_phone=own,
            message_id=number,
            **who,
        )
    text = clean(str(message.get("text", "")))
    answered = message.get("reply_to_message") or {}
    reply_to = _number(answered.get("message_id", 0))
    return Incoming(
        kind="text" if text else "other",
        text=text,
        message_id=number,
        reply_to=reply_to,
        **who,
    )


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
