"""What a person did, read from a Telegram update. Pure: the update is the JSON of the
Bot API.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "contact", "other", "press", "joined", "left"]
# controls, and marks that turn text round
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Incoming:
    """One act of one person in one chat.

    ``kind``: ``text`` typed or a key pressed; ``contact`` a phone shared; ``other`` a
    photo, sticker, voice …; ``press`` a button under message ``message_id``; ``joined``
    or ``left`` the bot let in, blocked.

    ``data`` is what the pressed button carried; once the inbox has opened it, it is the
    button's act, and ``order`` its order's number. Both are empty for what was not
    shown in this chat by us.
    """

    chat: int
    sender: int
    kind: Kind
    private: bool = True
    first_name: str = ""
    full_name: str = ""
    username: str = ""
    text: str = ""
    phone: str = ""
    own_phone: bool = False
    data: str = ""
    order: str = ""
    query: str = ""
    message_id: int = 0
    reply_to: int = 0

    @property
    def command(self) -> str:
        """The bot command without slash, bot's name and payload, "" for plain text."""
        found = re.match(r"/(\w+)", self.text) if self.kind == "text" else None
        return found[1].lower() if found else ""

    @property
    def payload(self) -> str:
        """What follows the command: a deep link's parameter."""
        return self.text.partition(" ")[2].strip() if self.command else ""


def chat_of(body: Mapping[str, Any]) -> int:
    """Return the chat in which something was done, 0 where no bot here reacts to it."""
    try:
        said = read_update(body)
    except UNREADABLE:
        return 0
    return said.chat if said else 0


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
        message_id=int(message.get("message_id", 0)),
        **_who(chat, query["from"]),
    )


def _message(message: Mapping[str, Any]) -> Incoming | None:
    sender = message.get("from")
    if not sender or sender.get("is_bot"):
        return None
    who, number = _who(message["chat"], sender), int(message["message_id"])
    if contact := message.get("contact"):
        own = contact.get("user_id") == sender["id"]
        return Incoming(
            kind="contact",
            phone=str(contact.get("phone_number", "")),
            own_phone=own,
            message_id=number,
            **who,
        )
    text, answered = (
        clean(str(message.get("text", ""))),
        message.get("reply_to_message") or {},
    )
    reply_to = int(answered.get("message_id", 0))
    return Incoming(
        kind="text" if text else "other",
        text=text,
        message_id=number,
        reply_to=reply_to,
        **who,
    )


def _member(change: Mapping[str, Any]) -> Incoming:
    gone = (change.get("new_chat_member") or {}).get("status") in {"kicked", "left"}
    return Incoming(
        kind="left" if gone else "joined", **_who(change["chat"], change["from"])
    )


def _who(chat: Mapping[str, Any], sender: Mapping[str, Any]) -> dict[str, Any]:
    first, last = (
        clean(str(sender.get("first_name", ""))),
        clean(str(sender.get("last_name", ""))),
    )
    return {
        "chat": int(chat["id"]),
        "sender": int(sender["id"]),
        "private": chat.get("type") == "private",
        "first_name": first,
        "full_name": f"{first} {last}".strip(),
        "username": clean(str(sender.get("username", ""))),
    }


def clean(text: str) -> str:
    """Return a text without signs that nobody sees and spaces around it."""
    return UNSEEN.sub("", text.replace("\r\n", "\n")).strip()
