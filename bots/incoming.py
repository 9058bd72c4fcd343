"""What a person did in a chat, whichever channel it came by. Pure.

The door of a channel reads its updates into these values, as bots/telegram/incoming.py
does; all that decides what to answer knows nothing else.
"""

import re
from dataclasses import dataclass
from typing import Literal

from record.values import Address

Kind = Literal["text", "contact", "other", "press", "joined", "left"]


class Unreadable(Exception):
    """An update is not as the channel promises; the text says what is wrong with it."""


@dataclass(frozen=True)
class Incoming:
    """One act of one person in one chat.

    ``kind``: ``text`` typed, a key pressed, or the caption of something; ``contact`` a
    phone shared; ``other`` a photo, sticker, voice … without words; ``press`` a button
    under message ``message_id``; ``joined`` or ``left`` the bot let in, blocked.

    ``sort`` says what came beside words or instead of them (photo, voice, location …,
    "unknown"; "" for mere words), ``file`` what the channel knows its file by, and
    ``detail`` what can be said of it in words: where a place is, what a poll asks.
    ``album`` is what the parts of one album share. ``edited``: a message that was sent
    before, as it is now. ``at`` is when it was sent, in seconds since the epoch, 0
    where that is not known.

    ``data`` is what the pressed button carried; once the inbox has opened it, it is the
    button's act, and ``order`` its order's number. Both are empty for what was not
    shown in this chat by us. ``query`` is what the press is answered by.
    """

    chat: Address
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
    message_id: str = ""
    reply_to: str = ""
    sort: str = ""
    file: str = ""
    detail: str = ""
    album: str = ""
    edited: bool = False
    at: int = 0

    @property
    def known_as(self) -> str:
        """How the channel calls the person, for staff to find him there."""
        return f"{self.full_name} @{self.username}" if self.username else self.full_name

    @property
    def command(self) -> str:
        """The bot command without slash, bot's name and payload, "" for plain text."""
        # in a group a command is /id@the_bot
        found = re.match(r"/(\w+)", self.text) if self.kind == "text" else None
        return found[1].lower() if found else ""

    @property
    def payload(self) -> str:
        """What follows the command: a deep link's parameter."""
        return self.text.partition(" ")[2].strip() if self.command else ""
