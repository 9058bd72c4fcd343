"""What a bot shows in a chat, as plain data. Pure."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Button:
    """A button under a message; a press comes back to the bot.

    What comes back is ``data``, a short word of ours for the act, and the number of the
    ``order`` it is about. Both are carried under a seal (bots/button_tokens.py), so a
    number may be as long as people type it.
    """

    text: str
    data: str = ""
    order: str = ""


@dataclass(frozen=True)
class Key:
    """A key of the keyboard below the chat.

    ``contact`` makes it send the person's own phone.
    """

    text: str
    contact: bool = False


Buttons = tuple[tuple[Button, ...], ...]
Keyboard = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True)
class File:
    """Something that a person sent to one of our bots, to be shown to another person.

    ``sort`` is photo, voice …; ``id`` what the bot of the role ``bot`` knows it by.
    """

    sort: str
    id: str
    bot: str
    name: str = ""


@dataclass(frozen=True)
class Message:
    """A text, marked as bots/markup.py says, with buttons or a keyboard, or a file."""

    text: str
    buttons: Buttons = ()
    keyboard: Keyboard = ()
    file: File | None = None


@dataclass(frozen=True)
class Reply:
    """One thing to do in answer to an update.

    ``message``: what to show: a new message, or the new look of the message
    ``edit``. ``toast``: what to show over the chat in answer to the pressed button
    ``query``. ``card``: the order and the master whose card the shown message is from
    now on. ``secret``: nothing of it may be kept.
    """

    message: Message | None = None
    edit: str = ""
    query: str = ""
    toast: str = ""
    alert: bool = False
    card: tuple[str, str] | None = None
    secret: bool = False


def say(text: str, *, keyboard: Keyboard = ()) -> Reply:
    """Return a reply that is a new message."""
    return Reply(Message(text, keyboard=keyboard))


def keyboard(*rows: tuple[str, ...]) -> Keyboard:
    """Return a keyboard of plain keys."""
    return tuple(tuple(Key(text) for text in row) for row in rows)


def buttons(*rows: tuple[Button, ...]) -> Buttons:
    """Return rows of buttons without the empty ones."""
    return tuple(row for row in rows if row)


def headed(head: str, message: Message) -> Message:
    """Return the message under a line of its own."""
    return replace(message, text=f"{head}\n\n{message.text}")
