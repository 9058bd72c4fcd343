"""Anything a Telegram app can send.

What a message lacks is filled in, so that any library can read it.

https://core.telegram.org/bots/api#message
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from .entities import found_entities
from .errors import ControlError
from .files import Files
from .model import Bot, Chat, Json, Person
from .state import State
from .views import message_json

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
ON_BEHALF_OF_A_CHANNEL: Json = {
    "id": 136817688,
    "is_bot": True,
    "first_name": "Channel",
    "username": "Channel_Bot",
}
LONGEST_ALBUM = 10

# What each kind of attached file has besides its file, where nothing else is said.
_MEDIA: dict[str, Json] = {
    "voice": {"duration": 2, "mime_type": "audio/ogg"},
    "audio": {"duration": 2, "mime_type": "audio/mpeg"},
    "video": {"width": 640, "height": 480, "duration": 2, "mime_type": "video/mp4"},
    "video_note": {"length": 240, "duration": 2},
    "animation": {"width": 320, "height": 240, "duration": 2, "mime_type": "video/mp4"},
    "document": {"file_name": "file.pdf", "mime_type": "application/pdf"},
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    },
}
_OTHERS: dict[str, Json] = {
    "location": {"latitude": 54.7104, "longitude": 20.4522},
    "contact": {"phone_number": "79990000000", "first_name": "Знакомый"},
    "dice": {"emoji": "🎲", "value": 4},
    "venue": {
        "location": {"latitude": 54.7104, "longitude": 20.4522},
        "title": "Дом",
        "address": "Ленинский пр., 1",
    },
    "poll": {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    },
}
_EXTRAS = (
    "forward_date",
    "forward_origin",
    "media_group_id",
    "sender_chat",
    "via_bot",
    "reply_to_message",
    "from",
)
_FILE = b"\0" * 16


class Sent:
    """Completes what a person sends in one chat."""

    def __init__(self, state: State, files: Files, bot: Bot, chat: Chat) -> None:
        """`bot` owns the files of the message."""
        self._state = state
        self._files = files
        self._bot = bot
        self._chat = chat

    def messages(self, content: Any) -> list[Json]:
        """The messages that one act of sending makes: several where it is an album.

        An album is a list of contents, or a content with `album`: a list of contents or
        of base64 photos.
        """
        if isinstance(content, dict) and "album" in content:
            whole = {key: value for key, value in content.items() if key != "album"}
            parts = _listed(content["album"])
            parts = [_content_of(part) for part in parts]
            # what is said of the whole album stands in its first message
            if parts:
                parts[0] = {**whole, **parts[0]}
        elif isinstance(content, list):
            parts = content
        else:
            return [self.completed(content)]
        if not 2 <= len(parts) <= LONGEST_ALBUM:
            raise ControlError(f"an album has 2 to {LONGEST_ALBUM} messages")
        group = str(self._state.version + 13_000_000_000_000_000)
        return [
            self.completed({"media_group_id": group, **_object(part)}) for part in parts
        ]

    def completed(self, content: Any) -> Json:
        """The fields of one message.

        Those given stay as they are, those given as null are left out.
        """
        given = _object(content)
        if not given:
            raise ControlError("a message without content")
        fields: Json = {}
        for name, value in given.items():
            if value is not None:
                fields[name] = self._field(name, value)
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            if text in fields and entities not in given:
                found = found_entities(str(fields[text]), [])
                fields.update({entities: found} if found else {})
        if "sender_chat" in fields and "from" not in given:
            anonymous = fields["sender_chat"].get("id") == self._chat.id
            fields["from"] = ANONYMOUS_ADMIN if anonymous else ON_BEHALF_OF_A_CHANNEL
        return fields

    def _field(self, name: str, value: Any) -> Any:
        if name in _MEDIA:
            return self._file(name, {**_MEDIA[name], **_object(value, name)})
        if name in _OTHERS:
            return {**_OTHERS[name], **_object(value, name)}
        complete: dict[str, Callable[[Any], Any]] = {
            "photo": self._photo,
            "new_chat_members": lambda users: [
                self._user(user) for user in _listed(users)
            ],
            "left_chat_member": self._user,
            "via_bot": self._user,
            "forward_from": self._user,
            "pinned_message": self._message,
            "reply_to_message": self._message,
            "sender_chat": self._sender_chat,
            "forward_origin": self._origin,
        }
        return complete[name](value) if name in complete else value

    def _photo(self, value: Any) -> list[Json]:
        if isinstance(value, str):
            return self._files.add_photo(self._bot, decoded(value, "photo"))
        sizes = [_object(size, "photo") for size in _listed(value)]
        if not sizes:
            raise ControlError("photo has no sizes")
        return [
            self._file("photo", {"width": 800, "height": 600, **size}) for size in sizes
        ]

    def _file(self, kind: str, media: Json) -> Json:
        """The media with a file that the bot can fetch: its `base64`, or a few bytes."""
        given = media.pop("base64", None)
        content = decoded(str(given), kind) if given else _FILE
        named = str(media.get("file_id", ""))
        known = self._files.find(self._bot, named) if named else None
        name = str(media.get("file_name", ""))
        stored = known or self._files.add_file(
            self._bot, kind, content, name=name, file_id=named
        )
        held = {
            "file_id": stored.file_id,
            "file_unique_id": stored.unique_id,
            "file_size": stored.size,
        }
        return {**held, **media}

    def _user(self, value: Any) -> Json:
        """A User object of a person or bot by their number, or of anybody else."""
        given = {"id": value} if isinstance(value, int) else _object(value, "user")
        number = int(given.get("id", 0))
        known: Person | Bot | None = self._state.people.get(
            number
        ) or self._state.bots.get(number)
        stranger: Json = {"is_bot": False, "first_name": "Прохожий"}
        return {**(known.user() if known else stranger), **given}

    def _message(self, value: Any) -> Json:
        given = (
            {"message_id": value}
            if isinstance(value, int)
            else _object(value, "message")
        )
        known = self._chat.alive(int(given.get("message_id", 0)))
        if known is None:
            return given
        return {**message_json(self._state, self._chat, known, reply=False), **given}

    def _origin(self, value: Any) -> Json:
        hidden: Json = {"type": "hidden_user", "date": int(self._state.clock())}
        return {**hidden, **_object(value, "forward_origin")}

    def _sender_chat(self, value: Any) -> Json:
        given = _object(value, "sender_chat")
        group = self._state.groups.get(int(given.get("id", self._chat.id)))
        if group is None or group.group is None:
            return {"type": "channel", "title": "Канал", **given}
        return {"id": group.id, "type": group.kind, "title": group.group.title, **given}


def _content_of(part: Any) -> Any:
    """A part of an album, which may be a bare base64 photo."""
    if isinstance(part, str):
        return {"photo": part}
    return part


def split(fields: Json) -> tuple[Json, Json]:
    """What the message is, and where it comes from and belongs to."""
    content = {name: value for name, value in fields.items() if name not in _EXTRAS}
    extra = {name: value for name, value in fields.items() if name in _EXTRAS}
    return content, extra


def decoded(encoded: str, name: str) -> bytes:
    """Bytes from base64 or a data: URL."""
    try:
        return base64.b64decode(encoded.partition(",")[2] or encoded, validate=True)
    except binascii.Error:
        raise ControlError(f"{name} must be base64") from None


def _object(value: Any, name: str = "content") -> Json:
    if not isinstance(value, dict):
        raise ControlError(f"{name} must be a JSON object")
    return dict(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
