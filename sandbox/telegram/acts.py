"""What people do: write, press, block. Each act reaches the bot as an update."""

import base64
import binascii
import secrets
from dataclasses import dataclass

from .call import Services
from .entities import cleaned, found_entities
from .errors import ControlError
from .model import Bot, Chat, Json, Message, Person, Press
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

    def say(self, bot: Bot, person: Person, chat: Chat, content: Json, reply_to: int | None = None) -> Message:
        """The person sends something; all bots in a group hear it."""
        if chat.blocked:
            raise ControlError(f"person {person.id} has blocked the bot; unblock first")
        if reply_to is not None and chat.alive(reply_to) is None:
            raise ControlError(f"no message {reply_to} to reply to")
        state = self.services.state
        message = Message(
            id=state.new_message_id(bot, chat),
            date=int(state.clock()),
            sender=person.id,
            by_bot=False,
            content=content,
            reply_to=reply_to,
        )
        chat.spoken = True
        if chat.group is not None and person.id not in chat.group.members:
            chat.group.members.append(person.id)
        state.add_message(bot, chat, message)
        hearers = [bot] if chat.group is None else list(state.bots.values())
        for hearer in hearers:
            self.services.updates.push(hearer, "message", message_json(state, chat, message))
        return message

    def press(self, bot: Bot, person: Person, chat: Chat, message_id: int, label: str) -> Json:
        """The person presses a button by its label."""
        message = chat.alive(message_id)
        if message is None:
            raise ControlError(f"no message {message_id}", labels=[], messages=_with_buttons(chat))
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
        raise ControlError(f"no button {label!r} on message {message_id}", labels=labels)

    def _press_inline(self, bot: Bot, person: Person, chat: Chat, message: Message, button: Json) -> Json:
        if "url" in button:
            return {"url": button["url"]}
        if "callback_data" not in button:
            raise ControlError("the sandbox presses callback and url buttons only")
        if chat.blocked:
            raise ControlError(f"person {person.id} has blocked the bot; unblock first")
        state = self.services.state
        press = Press(
            id=str(10**17 + secrets.randbelow(9 * 10**17)),
            bot=message.sender,
            person=person.id,
            message=message.id,
            data=button["callback_data"],
            pressed=state.clock(),
        )
        chat.presses = [*chat.presses[-_PRESSES:], press]
        state.save_chat(chat)
        owner = state.bots.get(message.sender, bot)
        self.services.updates.push(owner, "callback_query", callback_json(state, chat, press))
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
            raise ControlError(f"a person's app splits messages over {_LIMIT} characters")
        entities = found_entities(text, [])
        return {"text": text, "entities": entities} if entities else {"text": text}

    def photo(self, bot: Bot, encoded: str, caption: str) -> Json:
        """The content of a photo the person took."""
        try:
            picture = base64.b64decode(encoded.partition(",")[2] or encoded, validate=True)
        except binascii.Error:
            raise ControlError("photo must be base64") from None
        content: Json = {"photo": self.services.files.add_photo(bot, picture)}
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
            "chat": {"id": person.id, "type": "private", "first_name": person.first_name},
            "from": person.user(),
            "date": int(state.clock()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.services.updates.push(bot, "my_chat_member", update)


def _with_buttons(chat: Chat) -> Json:
    """The messages that have something to press, with their labels."""
    shown = {}
    for message in chat.messages.values():
        labels = [button["text"] for row in inline_buttons(message) for button in row]
        labels += [text for row in reply_labels(message) for text in row]
        if labels and not message.deleted:
            shown[str(message.id)] = labels
    return shown
