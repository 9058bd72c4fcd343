"""Control calls under /sandbox/telegram: JSON in, JSON out."""

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from .acts import Acts
from .call import Services
from .errors import ApiError, ControlError
from .model import Bot, Chat, Json, Person
from .state import split_token
from .views import answers, conversation

Handler = Callable[[Json], Any]


class Control:
    """What tests and the page do in people's place."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._state = services.state
        self._acts = Acts(services)
        self.posts: dict[str, Handler] = {
            "people": self.people,
            "groups": self.groups,
            "say": self.say,
            "press": self.press,
            "block": self.block,
            "limits": self.limits,
            "revoke": self.revoke,
            "expire": self.expire,
        }
        self.gets: dict[str, Handler] = {
            "chat": self.chat,
            "answers": self.answers,
            "conversations": self.conversations,
            "people": lambda _: [
                person.user() for person in self._state.people.values()
            ],
            "version": lambda _: {"version": self._state.version},
        }

    def answer(self, name: str) -> Response:
        """One control call."""
        table = self.posts if request.method == "POST" else self.gets
        body = (
            request.get_json(silent=True)
            if request.method == "POST"
            else request.args.to_dict()
        )
        try:
            if name not in table:
                raise ControlError(f"no control call {name!r}", calls=sorted(table))
            if not isinstance(body, dict):
                raise ControlError("a JSON object is expected")
            with self._state.lock:
                return jsonify(table[name](body))
        except ControlError as error:
            refusal = jsonify(error.body())
        except (ApiError, KeyError, TypeError, ValueError) as error:
            refusal = jsonify({"error": _explained(error)})
        refusal.status_code = 400
        return refusal

    def _bot(self, body: Json) -> Bot:
        token = str(body["bot"])
        bot_id = split_token(token)
        if not bot_id:
            raise ControlError("bot must be a token like 99:SECRET")
        return self._state.bot(bot_id, token)

    def _parties(self, body: Json) -> tuple[Bot, Person, Chat]:
        bot, person = self._bot(body), self._state.person(int(body["person"]))
        return bot, person, self._acts.chat(bot, person, int(body.get("chat", 0)))

    def people(self, body: Json) -> Json:
        """A person exists; saying it again changes what is given.

        With `bot` they have that chat open.
        """
        known = self._state.people.get(int(body["id"]))
        person = known or Person(int(body["id"]), str(body["first_name"]))
        if person.id <= 0:
            raise ControlError("a person's id is positive")
        for key in ("first_name", "last_name", "username", "phone", "role"):
            if key in body:
                setattr(person, key, str(body[key] or ""))
        person.deactivated = bool(body.get("deactivated", person.deactivated))
        self._state.save_person(person)
        if body.get("bot"):
            self._state.save_chat(self._state.private_chat(self._bot(body), person.id))
        return {"ok": True}

    def groups(self, body: Json) -> Json:
        """A group chat exists, with every bot in it as an administrator."""
        group_id = int(body["id"])
        if group_id >= 0:
            raise ControlError("a group's id is negative")
        forum, migrated_to = bool(body.get("forum")), int(body.get("migrated_to", 0))
        self._state.add_group(
            group_id, str(body.get("title", "")), forum=forum, migrated_to=migrated_to
        )
        return {"ok": True}

    def say(self, body: Json) -> Json:
        """The person writes to the bot, or into the group `chat`.

        Or changes what they wrote.
        """
        bot, person, chat = self._parties(body)
        if body.get("edit") is not None:
            return self._edit(bot, person, chat, body["edit"])
        reply_to = int(body["reply_to"]) if body.get("reply_to") else None
        if body.get("content") is not None:
            return self._send(bot, person, chat, body, reply_to)
        text = str(body.get("text") or "")
        if body.get("photo"):
            content = self._acts.photo(bot, str(body["photo"]), text)
        elif isinstance(body.get("contact"), dict):
            content = {"contact": body["contact"]}
        elif body.get("contact"):
            content = self._acts.contact(person)
        else:
            content = self._acts.text(text)
        return {
            "ok": True,
            "message_id": self._acts.say(bot, person, chat, content, reply_to).id,
        }

    def _send(
        self, bot: Bot, person: Person, chat: Chat, body: Json, reply_to: int | None
    ) -> Json:
        content = body["content"]
        if isinstance(content, dict):
            # a text, photo or contact given beside the content belongs to the same
            # message
            beside = {key: body[key] for key in ("text", "photo") if body.get(key)}
            files = ("photo", "video", "document", "voice", "album")
            has_file = any(key in {**beside, **content} for key in files)
            if has_file and "text" in beside:
                # what is said with a file is its caption
                beside["caption"] = beside.pop("text")
            content = {**beside, **content}
        sent = self._acts.send(bot, person, chat, content, reply_to)
        return {
            "ok": True,
            "message_id": sent[0].id,
            "message_ids": [message.id for message in sent],
        }

    def _edit(self, bot: Bot, person: Person, chat: Chat, edit: object) -> Json:
        if not isinstance(edit, dict):
            raise ControlError("edit must be a JSON object")
        changes = {
            key: value
            for key, value in edit.items()
            if key not in ("message_id", "content")
        }
        changes.update(edit.get("content") or {})
        return {
            "ok": True,
            "message_id": self._acts.edit(
                bot, person, chat, int(edit["message_id"]), changes
            ).id,
        }

    def press(self, body: Json) -> Json:
        """The person presses a button, or their app sends `data` of its own to the bot."""
        bot, person, chat = self._parties(body)
        if body.get("data") is not None:
            message_id = int(body.get("message_id") or 0)
            return self._acts.call_back(
                bot, person, chat, message_id, str(body["data"])
            )
        return self._acts.press(
            bot, person, chat, int(body["message_id"]), str(body["text"])
        )

    def block(self, body: Json) -> Json:
        """The person blocks or unblocks the bot."""
        bot, person, _ = self._parties(body)
        self._acts.block(bot, person, blocked=bool(body.get("blocked", True)))
        return {"ok": True}

    def limits(self, body: Json) -> Json:
        """Switch Telegram's sending rates on or off."""
        self._state.limits_enabled = bool(body.get("enabled", True))
        self._services.limits.reset()
        self._state.save_settings()
        return {"ok": True}

    def revoke(self, body: Json) -> Json:
        """The bot's token is revoked, or works again."""
        token = str(body["bot"])
        if body.get("revoked", True):
            self._state.revoked.add(token)
        else:
            self._state.revoked.discard(token)
        self._state.save_settings()
        return {"ok": True}

    def expire(self, body: Json) -> Json:
        """All unanswered presses of the bot's buttons become too old to answer."""
        bot = self._bot(body)
        count = 0
        for chat in [*self._state.chats.values(), *self._state.groups.values()]:
            for press in chat.presses:
                if press.bot == bot.id and not press.answered:
                    press.expired = True
                    count += 1
            self._state.save_chat(chat)
        return {"ok": True, "expired": count}

    def _visible(self, body: Json) -> tuple[Bot, Chat | None]:
        """The conversation asked for; `person` may be a group's id."""
        bot, chat_id = self._bot(body), int(body["person"])
        return bot, self._state.groups.get(chat_id) or self._state.chats.get(
            (bot.id, chat_id)
        )

    def chat(self, body: Json) -> list[Json]:
        """The whole conversation in order, or its `last` messages."""
        bot, chat = self._visible(body)
        return (
            []
            if chat is None
            else conversation(self._state, bot, chat, int(body.get("last", 0)))
        )

    def answers(self, body: Json) -> list[Json]:
        """What the bot answered to presses."""
        _, chat = self._visible(body)
        return [] if chat is None else answers(chat)

    def conversations(self, _: Json) -> Json:
        """Everybody there is: people with the bots they talk to, bots, groups."""
        chats = [
            {
                "bot": self._state.tokens.get(chat.bot, ""),
                "person": chat.id,
                "spoken": chat.spoken,
                "blocked": chat.blocked,
                "last_message": chat.last_message,
            }
            for chat in self._state.chats.values()
        ]
        bots = [
            {
                **bot.user(),
                "token": self._state.tokens.get(bot.id, ""),
                "commands": bot.commands,
            }
            for bot in self._state.bots.values()
        ]
        people = [
            {**person.user(), "phone": person.phone, "role": person.role}
            for person in self._state.people.values()
        ]
        groups = [
            {
                "id": chat.id,
                "title": chat.group.title,
                "last_message": chat.last_message,
            }
            for chat in self._state.groups.values()
            if chat.group
        ]
        return {
            "version": self._state.version,
            "people": people,
            "bots": bots,
            "chats": chats,
            "groups": groups,
        }


def _explained(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
