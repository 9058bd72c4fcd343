"""What a channel is to everything that is not its door.

    messenger ─▶ door ─Update─▶ intake ─▶ store ─▶ inbox ─Incoming─▶ dialogs ─Reply─┐
    messenger ◀─ door ◀───────────────── Message ◀─ delivery ◀─ outbox ◀────────────┘

A channel is a folder beside bots/telegram/ whose door has these methods, and one line
in bots/channels.py. Nothing else knows which messengers there are.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from bots.button_tokens import Seals
from bots.incoming import Incoming
from bots.intake import Intake
from bots.messages import Message
from record.backoff import Backoff
from record.dispatch.reach import Unreachable
from record.values import TELEGRAM, Address

# after so many failures in a row of a channel
BACKOFF = Backoff((0.5, 1, 2, 5, 10, 20, 30))
Commands = Sequence[tuple[str, str]]  # the command without slash, what it does


class Failure(StrEnum):
    """What a refusal of a channel means for the next try.

    ``PASSING``: the same call may succeed later; ``UNSURE``: the channel had the call
    and did not answer in time, so it may have succeeded; ``UNREACHABLE``: this chat
    can't be written to; ``MOVED``: the chat has another address from now on;
    ``UNCHANGED``: the message looks so already; ``NO_MESSAGE``: there is nothing left
    to edit; ``LATE``: a press is too old to answer; ``REFUSED``: trying again does not
    help.
    """

    PASSING = "passing"
    UNSURE = "unsure"
    UNREACHABLE = "unreachable"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    NO_MESSAGE = "no_message"
    LATE = "late"
    REFUSED = "refused"


class NotDelivered(Exception):
    """A channel did not do what it was asked; the text is in its own words.

    ``wait`` is how many seconds it asks to wait, ``reason`` why the chat can't be
    written to, ``moved_to`` where it is now.
    """

    def __init__(
        self,
        words: str,
        failure: Failure,
        *,
        wait: float = 0,
        reason: Unreachable = Unreachable.OTHER,
        moved_to: Address | None = None,
    ) -> None:
        super().__init__(words)
        # as the channel said it: for the log, and for who mends it
        self.words = words
        self.failure = failure
        self.wait = wait
        self.reason = reason
        self.moved_to = moved_to


class Chats(Protocol):
    """Reads what people did in a channel's chats, and shows our messages there.

    A message's number is whatever text the channel names it by. What can't be done
    raises :class:`NotDelivered`.
    """

    channel: str
    seals: Seals

    def read(self, body: Mapping[str, Any]) -> Incoming | None:
        """Return what a person did, None for what no bot here reacts to.

        Raises:
            Unreadable: the update is not as the channel promises.
        """

    async def send(
        self, chat: Address, message: Message, *, silent: bool = False
    ) -> str:
        """Send a message, with sound unless ``silent``; return its number."""

    async def edit(self, chat: Address, message_id: str, message: Message) -> None:
        """Give a message that was sent its new look."""

    async def strip(self, chat: Address, message_id: str) -> None:
        """Take the buttons off a message that another one replaces."""

    async def toast(self, query: str, text: str, *, alert: bool = False) -> None:
        """Answer a press, so that the button stops waiting."""

    async def ask(self) -> None:
        """Find out whether the channel answers at all."""


class Door(Chats, Protocol):
    """One bot in one channel, from start to stop."""

    @property
    def name(self) -> str:
        """The bot's name in the channel, once it is connected."""

    @property
    def heard_at(self) -> float:
        """When the channel last answered as it should, in seconds since the epoch."""

    async def connect(self, commands: Commands) -> None:
        """Learn who we are, however often that has to be tried.

        Raises:
            SettingsError: the channel doesn't know us, and never will.
        """

    async def receive(self, intake: Intake) -> None:
        """Hand over what people do, until cancelled.

        The channel is told that an update arrived only after ``intake`` has stored it.
        """

    async def look(self) -> None:
        """Look now and then whether people still are heard."""

    async def close(self) -> None:
        """Give connections back."""


def inbox_name(role: str, channel: str) -> str:
    """Return what the updates of a bot are stored under; numbers differ by channel."""
    if channel == TELEGRAM:
        return role  # as before there were channels
    return f"{role} {channel}"
