"""What people do: write, press, block. Each act reaches the bot as an update."""

import secrets
from dataclasses import dataclass

from .call import Services
from .entities import cleaned, found_entities
from .errors import ControlError
from .model import Bot, Chat, Json, Message, Person, Press
from .sent import Sent, decoded, split
from .views import callback_json, inline_buttons, message_json, reply_labels

_LIMIT = 4096
_PRESSES = 200


@dataclass(frozen=True)
class Acts:
    """People's side of the conversation."""

    services: Services

    def chat(self, bot: Bot, person: Person, chat_id: int = 0) -> Chat:
        """The person's private chat with the bot, or the group named by `chat_id`."""
        state = self.services.state
        if not chat_id or chat_id == person.id:
            return state.private_chat(bot, person.id)
        if chat_id not in state.groups:
            raise ControlError(f"no group {chat_id}", groups=sorted(state.groups))
        return state.groups[chat_id]

    def say(
        self,
        bot: Bot,
        person: Person,
        chat: Chat,
        fields: Json,
        reply_to: int | None = None,
    ) -> Message:
        """The person sends something; all bots in a group hear it."""
        if chat.blocked:
            raise ControlError(f"person {person.id} has blocked the bot; unblock first")
        if reply_to is not None and chat.alive(reply_to) is None:
            raise ControlError(f"no message {reply_to} to reply to")
        state = self.services.state
        content, extra = split(fields)
        message = Message(
            id=state.new_message_id(bot, chat),
            date=int(state.clock()),
            sender=person.id,
            by_bot=False,
            content=content,
            reply_to=reply_to,
            extra=extra,
        )
        chat.spoken = True
        if chat.group is not None and person.id not in chat.group.members:
            chat.group.members.append(person.id)
        state.add_message(bot, chat, message)
        self._heard(bot, chat, message, "message")
        return message

    def send(
        self,
        bot: Bot,
        person: Person,
        chat: Chat,
        content: object,
        reply_to: int | None = None,
    ) -> list[Message]:
        """The person sends anything there is in Telegram, given as fields of a message.

        An album is several.
        """
        sent = Sent(self.services.state, self.services.files, bot, chat)
        return [
            self.say(bot, person, chat, fields, reply_to)
            for fields in sent.messages(content)
        ]

    def edit(
        self, bot: Bot, person: Person, chat: Chat, message_id: int, changes: Json
    ) -> Message:
        """The person changes a message of theirs: its `text`, or any of its fields.

        The text of a photo is its caption.
        """
        message = chat.alive(message_id)
        if message is None or message.by_bot or message.sender != person.id:
            raise ControlError(
                f"no message {message_id} of person {person.id} to edit",
                messages=_own(chat, person),
            )
        if chat.blocked:
            raise ControlError(f"person {person.id} has blocked the bot; unblock first")
        content = self._changed(bot, chat, message, changes)
        if content == message.content:
            return message
        state = self.services.state
        message.content, message.edit_date = content, int(state.clock())
        state.save_message(chat, message)
        self._heard(bot, chat, message, "edited_message")
        return message

    def _changed(self, bot: Bot, chat: Chat, message: Message, changes: Json) -> Json:
        """The whole content of the message after the changes."""
        changed = dict(changes)
        if "text" in changed and "text" not in message.content:
            changed["caption"] = changed.pop("text")
        sent = Sent(self.services.state, self.services.files, bot, chat)
        kept = dict(message.content)
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            if text in changed:
                kept.pop(entities, None)
        return {**kept, **sent.completed(changed)}

    def _heard(self, bot: Bot, chat: Chat, message: Message, kind: str) -> None:
        state = self.services.state
        hearers = [bot] if chat.group is None else list(state.bots.values())
        for hearer in hearers:
            self.services.updates.push(hearer, kind, message_json(state, chat, message))

    def press(
        self, bot: Bot, person: Person, chat: Chat, message_id: int, label: str
    ) -> Json:
        """The person presses a button by its label."""
        message = chat.alive(message_id)
        if message is None:
            raise ControlError(
                f"no message {message_id}", labels=[], messages=_with_buttons(chat)
            )
        for row in inline_buttons(message):
            for button in row:
                if button["text"] == label:
                    return self._press_inline(bot, person, chat, message, button)
        for row in (message.markup or {}).get("keyboard", []):
            for button in row:
                if button["text"] == label:
                    return self._press_reply(bot, person, chat, button)
        labels = [button["text"] for row in inline_buttons(message) for button in row]
        labels += [text for row in reply_labels(message) for text in row]
        raise ControlError(
            f"no button {label!r} on message {message_id}", labels=labels
        )

    def _press_inline(
        self, bot: Bot, person: Person, chat: Chat, message: Message, button: Json
    ) -> Json:
        if "url" in button:
            return {"url": button["url"]}
        if "callback_data" not in button:
            raise ControlError("the sandbox presses callback and url buttons only")
        owner = self.services.state.bots.get(message.sender, bot)
        return self.call_back(owner, person, chat, message.id, button["callback_data"])

    def call_back(
        self, owner: Bot, person: Person, chat: Chat, message_id: int, data: str
    ) -> Json:
        """The person's app sends a bot callback data: a button's, or forged ones.

        `message_id` may name a message that is gone or never was; 0 is a message sent
        in inline mode.
        """
        if chat.blocked:
            raise ControlError(f"person {person.id} has blocked the bot; unblock first")
        state = self.services.state
        press = Press(
            id=str(10**17 + secrets.randbelow(9 * 10**17)),
            bot=owner.id,
            person=person.id,
            message=message_id,
            data=data,
            pressed=state.clock(),
        )
        chat.presses = [*chat.presses[-_PRESSES:], press]
        state.save_chat(chat)
        self.services.updates.push(
            owner, "callback_query", callback_json(state, chat, press)
        )
        return {"ok": True, "callback_query_id": press.id}

    def _press_reply(self, bot: Bot, person: Person, chat: Chat, button: Json) -> Json:
        if button.get("request_contact"):
            content = self.contact(person)
        elif button.get("request_location"):
            content = {"location": {"latitude": 54.7104, "longitude": 20.4522}}
        else:
            content = self.text(button["text"])
        return {"ok": True, "message_id": self.say(bot, person, chat, content).id}

    def contact(self, person: Person) -> Json:
        """The content of the person's shared contact."""
        if not person.phone:
            raise ControlError(f"person {person.id} has no phone to share")
        return {"contact": person.contact()}

    def text(self, text: str) -> Json:
        """The content of what the person typed, with what Telegram finds in it."""
        text, _ = cleaned(text, [])
        if not text:
            raise ControlError("a person can't send an empty message")
        if len(text) > _LIMIT:
            raise ControlError(
                f"a person's app splits messages over {_LIMIT} characters"
            )
        entities = found_entities(text, [])
        return {"text": text, "entities": entities} if entities else {"text": text}

    def photo(self, bot: Bot, encoded: str, caption: str) -> Json:
        """The content of a photo the person took."""
        content: Json = {
            "photo": self.services.files.add_photo(bot, decoded(encoded, "photo"))
        }
        if caption:
            said = self.text(caption)
            content["caption"] = said["text"]
            if "entities" in said:
                content["caption_entities"] = said["entities"]
        return content

    def block(self, bot: Bot, person: Person, *, blocked: bool) -> None:
        """The person blocks or unblocks the bot, which hears of it as my_chat_member."""
        state = self.services.state
        chat = state.private_chat(bot, person.id)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        state.save_chat(chat)
        member: Json = {"user": bot.user(), "status": "member"}
        kicked: Json = {"user": bot.user(), "status": "kicked", "until_date": 0}
        update = {
            "chat": {
                "id": person.id,
                "type": "private",
                "first_name": person.first_name,
            },
            "from": person.user(),
            "date": int(state.clock()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.services.updates.push(bot, "my_chat_member", update)


def _own(chat: Chat, person: Person) -> list[int]:
    """The person's messages."""
    own = [
        message
        for message in chat.messages.values()
        if not message.by_bot and message.sender == person.id
    ]
    return [message.id for message in own if not message.deleted]


def _with_buttons(chat: Chat) -> Json:
    """The messages that have something to press, with their labels."""
    shown = {}
    for message in chat.messages.values():
        labels = [button["text"] for row in inline_buttons(message) for button in row]
        labels += [text for row in reply_labels(message) for text in row]
        if labels and not message.deleted:
            shown[str(message.id)] = labels
    return shown
