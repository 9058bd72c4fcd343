"""Everything the stand-in knows, in memory.

Behind it is one document per bot, chat and file.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

from .errors import ApiError, ControlError
from .model import Bot, Chat, Group, Json, Message, Person, block_number

Clock = Callable[[], float]

_PREFIX = "telegram/"


class DocumentStore(Protocol):
    """The part of the sandbox's document store that is used here."""

    def get_all(self, prefix: str) -> dict[str, Any]:
        """All documents whose key starts so."""

    def put(self, key: str, value: Any) -> None:
        """Keep a document; a callable is asked for it when it is written."""

    def delete(self, key: str) -> None:
        """Forget a document."""


def split_token(token: str) -> int:
    """The bot's id in its token, 0 where it has not the form `<digits>:<something>`.

    https://core.telegram.org/bots/api#authorizing-your-bot
    """
    head, colon, tail = token.partition(":")
    valid = (
        bool(colon and tail)
        and head.isascii()
        and head.isdigit()
        and not head.startswith("0")
    )
    return int(head) if valid and len(token) <= 80 and int(head) < 1 << 54 else 0


class State:
    """Bots, people and chats.

    Use it holding `lock`; wait for news on `changed`, which lets the lock go.
    """

    def __init__(
        self,
        documents: DocumentStore,
        clock: Clock = time.time,
        *,
        limits: bool = False,
    ) -> None:
        """`limits`: whether sending rates are kept until a control call says otherwise."""
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.documents = documents
        self.clock = clock
        self.version = 0
        self._limits = limits
        self._clear()
        self._load()

    def _clear(self) -> None:
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.groups: dict[int, Chat] = {}
        self.revoked: set[str] = set()
        self.tokens: dict[int, str] = {}
        self.limits_enabled = self._limits

    def _load(self) -> None:
        blocks = []
        for key, data in self.documents.get_all(_PREFIX).items():
            kind = key.removeprefix(_PREFIX).split("/")[0]
            if kind == "bot":
                self.bots[data["id"]] = Bot.from_json(data)
            elif kind == "person":
                self.people[data["id"]] = Person(**data)
            elif kind in {"chat", "group"}:
                self._keep(Chat.from_json(data))
            elif kind == "messages":
                blocks.append(data)
            elif kind == "settings":
                self.revoked = set(data["revoked"])
                self.tokens = {int(bot): token for bot, token in data["tokens"].items()}
                self.limits_enabled = self._limits or data["limits"]
        for block in blocks:
            chat = (
                self.chats[block["bot"], block["chat"]]
                if block["bot"]
                else self.groups[block["chat"]]
            )
            chat.messages.update(
                (data["id"], Message(**data)) for data in block["messages"]
            )

    def _keep(self, chat: Chat) -> None:
        if chat.group is None:
            self.chats[chat.bot, chat.id] = chat
        else:
            self.groups[chat.id] = chat

    def reset(self) -> None:
        """Forget everything, on disk too, and wake whoever waits."""
        # asked before taking the lock: the store may be waiting for it to write a
        # snapshot
        keys = list(self.documents.get_all(_PREFIX))
        with self.lock:
            for key in keys:
                self.documents.delete(key)
            self._clear()
            self.touch()

    def touch(self) -> None:
        """Something changed: a new version number, and waiters look again."""
        with self.lock:
            self.version += 1
            self.changed.notify_all()

    def bot_by_token(self, token: str) -> Bot:
        """The bot behind a token, made on first use.

        A token of another form or a revoked one is refused.
        """
        bot_id = split_token(token)
        if not bot_id:
            raise ApiError(404, "Not Found")
        if token in self.revoked:
            raise ApiError(401, "Unauthorized")
        return self.bot(bot_id, token)

    def bot(self, bot_id: int, token: str) -> Bot:
        """The bot of this id, made on first use.

        Its first update id is random, as on the real server.
        """
        if self.tokens.get(bot_id) != token:
            self.tokens[bot_id] = token
            self.save_settings()
        if bot_id not in self.bots:
            first = 100_000_000 + secrets.randbelow(800_000_000)
            self.bots[bot_id] = Bot(bot_id, f"Naryad {bot_id}", self.clock(), first)
            self.save_bot(self.bots[bot_id])
        return self.bots[bot_id]

    def person(self, person_id: int) -> Person:
        """The person of this id, for control calls."""
        if person_id not in self.people:
            raise ControlError(f"no person {person_id}", people=sorted(self.people))
        return self.people[person_id]

    def private_chat(self, bot: Bot, person_id: int) -> Chat:
        """The conversation of a bot with a person, made where there is none."""
        if (bot.id, person_id) not in self.chats:
            self.chats[bot.id, person_id] = Chat(person_id, bot.id)
        return self.chats[bot.id, person_id]

    def add_group(
        self, group_id: int, title: str, *, forum: bool, migrated_to: int
    ) -> None:
        """A group chat with all bots in it as administrators."""
        chat = self.groups.setdefault(group_id, Chat(group_id, 0, Group(title)))
        assert chat.group is not None  # noqa: S101 - groups hold group chats only
        chat.group.title, chat.group.forum, chat.group.migrated_to = (
            title,
            forum,
            migrated_to,
        )
        self.save_chat(chat)

    def new_message_id(self, bot: Bot, chat: Chat) -> int:
        """The next message number: one count for a bot's private chats, one per group."""
        if chat.group is not None:
            return chat.last_message + 1
        return bot.last_message + 1

    def add_message(self, bot: Bot, chat: Chat, message: Message) -> Message:
        """Put a new message into a chat."""
        chat.messages[message.id] = message
        chat.last_message = message.id
        if chat.group is None:
            bot.last_message = message.id
            self.save_bot(bot)
        self.save_chat(chat)
        self.save_message(chat, message)
        return message

    def save_message(self, chat: Chat, message: Message) -> None:
        """Keep the document of the few messages around this one."""
        number = block_number(message.id)

        def snapshot() -> Json:
            return {"bot": chat.bot, "chat": chat.id, "messages": chat.block(number)}

        self._save(f"messages/{chat.bot}/{chat.id}/{number}", snapshot)

    def save_chat(self, chat: Chat) -> None:
        """Keep the chat's document, without its messages."""
        key = (
            f"group/{chat.id}"
            if chat.group is not None
            else f"chat/{chat.bot}/{chat.id}"
        )
        self._save(key, chat.to_json)

    def save_bot(self, bot: Bot) -> None:
        """Keep the bot's document."""
        self._save(f"bot/{bot.id}", bot.to_json)

    def save_person(self, person: Person) -> None:
        """Keep the person's document."""
        self.people[person.id] = person
        self._save(f"person/{person.id}", lambda: asdict(person))

    def save_settings(self) -> None:
        """Keep what belongs to no bot."""
        self._save("settings", self._settings)

    def _settings(self) -> Json:
        tokens = {str(bot): token for bot, token in self.tokens.items()}
        return {
            "revoked": sorted(self.revoked),
            "tokens": tokens,
            "limits": self.limits_enabled,
        }

    def _save(self, key: str, snapshot: Callable[[], Json]) -> None:
        def locked() -> Json:
            with self.lock:
                return snapshot()

        self.documents.put(_PREFIX + key, locked)
        self.touch()
