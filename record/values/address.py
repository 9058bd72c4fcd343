"""Where a person or a group is written to: in which messenger, and by which number there.

An address is text wherever text is kept or shown: in the cell «Telegram», in the outbox,
in the store's columns. One of Telegram is its bare number, as staff know it and as it
stood there before there was a second channel; any other one names its channel:

    501           chat 501 of Telegram
    -1001234      a group of Telegram
    max://77      user 77 of the channel «max»
"""

import re
from dataclasses import dataclass

TELEGRAM = "telegram"
# as many digits as an int64 surely holds; Telegram's have at most 52 bits
NUMBER = re.compile(r"-?[0-9]{1,18}")
NAMED = re.compile(rf"([a-z]{{2,20}})://({NUMBER.pattern})")


@dataclass(frozen=True, slots=True)
class Address:
    """A chat of one channel; ``id`` is the channel's own number of it."""

    channel: str
    id: int

    def __str__(self) -> str:
        """Return the address as it is kept and shown."""
        if self.channel == TELEGRAM:
            return str(self.id)
        return f"{self.channel}://{self.id}"

    def __bool__(self) -> bool:
        """Return whether it is anybody's; no channel numbers a chat 0."""
        return self.id != 0


def telegram(chat: int) -> Address:
    """Return the address of a Telegram chat."""
    return Address(TELEGRAM, chat)


NOBODY = telegram(0)


def address(written: str) -> Address | None:
    """Return the address that is written so, None for any other text."""
    if NUMBER.fullmatch(written):
        return telegram(int(written))
    named = NAMED.fullmatch(written)
    if named is None:
        return None
    return Address(named[1], int(named[2]))
