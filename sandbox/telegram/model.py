"""The nouns of the stand-in: people, bots, chats, messages, presses.

Plain data that goes to JSON and back.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]

MESSAGES_IN_BLOCK = 100


@dataclass
class Person:
    """Somebody with a Telegram account (https://core.telegram.org/bots/api#user)."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    phone: str = ""
    role: str = ""
    deactivated: bool = False

    def user(self) -> Json:
        """The person as a User object."""
        known = {"last_name": self.last_name, "username": self.username}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            **{key: value for key, value in known.items() if value},
            "language_code": "ru",
        }

    def contact(self) -> Json:
        """The person's own card.

        Like the real service it gives the phone without a plus sign.
        """
        card: Json = {
            "phone_number": self.phone.lstrip("+"),
            "first_name": self.first_name,
        }
        if self.last_name:
            card["last_name"] = self.last_name
        return {**card, "user_id": self.id}


@dataclass
class Message:
    """One message; `content` holds the fields of its kind as the API shows them."""

    id: int
    date: int
    sender: int
    by_bot: bool
    content: Json
    markup: Json | None = None
    edit_date: int | None = None
    deleted: bool = False
    silent: bool = False
    protected: bool = False
    reply_to: int | None = None
    thread: int | None = None
    extra: Json = field(default_factory=dict)

    @property
    def inline(self) -> Json | None:
        """The inline keyboard, the only kind of reply markup a Message shows."""
        return self.markup if self.markup and "inline_keyboard" in self.markup else None

    @property
    def written(self) -> str:
        """What a person reads in it: the text or the caption."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        """The entities of the text or caption."""
        return list(
            self.content.get("entities") or self.content.get("caption_entities") or []
        )


@dataclass
class Press:
    """A pressed inline button and what came of it.

    https://core.telegram.org/bots/api#callbackquery
    """

    id: str
    bot: int
    person: int
    message: int
    data: str
    pressed: float
    answered: bool = False
    expired: bool = False
    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass
class Topic:
    """A forum topic (https://core.telegram.org/bots/api#forumtopic)."""

    id: int
    name: str
    icon_color: int
    closed: bool = False


@dataclass
class Group:
    """What a group chat has and a private one has not."""

    title: str
    forum: bool = False
    migrated_to: int = 0
    members: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)


@dataclass
class Chat:
    """A chat of one bot with one person, or a group of all bots (`bot` is 0)."""

    id: int
    bot: int
    group: Group | None = None
    spoken: bool = False
    blocked: bool = False
    menu_button: Json | None = None
    last_message: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    presses: list[Press] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The chat's type as the API names it.

        https://core.telegram.org/bots/api#chat
        """
        if self.group is None:
            return "private"
        return (
            "supergroup"
            if self.group.forum or str(self.id).startswith("-100")
            else "group"
        )

    def alive(self, message_id: int) -> Message | None:
        """The message, unless it never was or was deleted."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def to_json(self) -> Json:
        """The conversation without its messages."""
        head = {key: value for key, value in vars(self).items() if key != "messages"}
        head["group"] = asdict(self.group) if self.group is not None else None
        head["presses"] = [dict(vars(press)) for press in self.presses]
        return head

    def block(self, number: int) -> list[Json]:
        """The messages kept together under one block number (see `block_number`)."""
        first = number * MESSAGES_IN_BLOCK
        ids = range(first, first + MESSAGES_IN_BLOCK)
        return [dict(vars(self.messages[i])) for i in ids if i in self.messages]

    @classmethod
    def from_json(cls, data: Json) -> "Chat":
        """The conversation back from JSON, whose object keys are always strings."""
        group = data["group"]
        if group is not None:
            topics = {
                int(key): Topic(**topic) for key, topic in group["topics"].items()
            }
            group = Group(**{**group, "topics": topics})
        presses = [Press(**press) for press in data["presses"]]
        return cls(**{**data, "group": group, "presses": presses})


def block_number(message_id: int) -> int:
    """Messages are kept in blocks, so that a new one does not rewrite a long chat."""
    return message_id // MESSAGES_IN_BLOCK


@dataclass
class Update:
    """An update waiting to be fetched, with the time it happened."""

    id: int
    kind: str
    happened: float
    body: Json


@dataclass
class Bot:
    """A bot account, its settings and its queue of updates."""

    id: int
    first_name: str
    born: float
    next_update: int
    last_message: int = 0
    queue: list[Update] = field(default_factory=list)
    allowed_updates: list[str] | None = None
    webhook: Json | None = None
    commands: dict[str, list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    menu_button: Json | None = None
    logged_out: float = 0.0

    @property
    def username(self) -> str:
        """The bot's public name, derived from its id."""
        return f"naryad_{self.id}_bot"

    def user(self) -> Json:
        """The bot as a User object."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }

    def to_json(self) -> Json:
        """The bot as JSON."""
        return {**vars(self), "queue": [dict(vars(update)) for update in self.queue]}

    @classmethod
    def from_json(cls, data: Json) -> "Bot":
        """The bot back from JSON."""
        return cls(**{**data, "queue": [Update(**update) for update in data["queue"]]})


@dataclass
class StoredFile:
    """A file one bot may name by `file_id` (https://core.telegram.org/bots/api#file)."""

    file_id: str
    unique_id: str
    bot: int
    kind: str
    path: str
    digest: str
    size: int
    width: int = 0
    height: int = 0
    name: str = ""
    mime: str = ""
