"""How chats and messages look to a bot and to a person.

https://core.telegram.org/bots/api#message
"""

from .model import Bot, Chat, Json, Message, Press
from .state import State

_WRITTEN = {"text", "caption", "entities", "caption_entities", "photo"}


def chat_json(state: State, chat: Chat) -> Json:
    """A Chat object."""
    if chat.group is not None:
        forum: Json = {"is_forum": True} if chat.group.forum else {}
        return {"id": chat.id, "title": chat.group.title, "type": chat.kind, **forum}
    person = state.people.get(chat.id)
    if person is None:
        return {"id": chat.id, "type": "private", "first_name": ""}
    names = {
        key: value
        for key, value in person.user().items()
        if key not in {"is_bot", "language_code"}
    }
    return {**names, "type": "private"}


def sender_json(state: State, message: Message) -> Json:
    """The User who wrote the message."""
    if message.by_bot:
        return state.bots[message.sender].user()
    return state.people[message.sender].user()


def message_json(
    state: State, chat: Chat, message: Message, *, reply: bool = True
) -> Json:
    """A Message object.

    The message it answers is shown one level deep, as the real server does.
    """
    shown: Json = {
        "message_id": message.id,
        "from": sender_json(state, message),
        "chat": chat_json(state, chat),
        "date": message.date,
        **message.extra,
        **message.content,
    }
    if message.edit_date is not None:
        shown["edit_date"] = message.edit_date
    if message.thread is not None:
        shown["message_thread_id"] = message.thread
        shown["is_topic_message"] = True
    if message.protected:
        shown["has_protected_content"] = True
    if message.inline is not None:
        shown["reply_markup"] = message.inline
    if reply and message.reply_to is not None:
        original = chat.alive(message.reply_to)
        if original is not None:
            shown["reply_to_message"] = message_json(state, chat, original, reply=False)
    return shown


def callback_json(state: State, chat: Chat, press: Press) -> Json:
    """A CallbackQuery object (https://core.telegram.org/bots/api#callbackquery)."""
    query = {
        "id": press.id,
        "from": state.people[press.person].user(),
        "chat_instance": str(7_000_000_000_000_000_000 + abs(chat.id) + chat.bot),
        "data": press.data,
    }
    if not press.message:
        return {**query, "inline_message_id": f"AgAAAP{press.id}"}
    message = chat.alive(press.message)
    if message is None:
        # https://core.telegram.org/bots/api#inaccessiblemessage
        gone = {"chat": chat_json(state, chat), "message_id": press.message, "date": 0}
        return {**query, "message": gone}
    return {**query, "message": message_json(state, chat, message)}


def conversation(state: State, bot: Bot, chat: Chat, last: int = 0) -> list[Json]:
    """The whole chat in order, or its end; deleted messages are marked."""
    return [
        _seen(state, bot, message)
        for _, message in sorted(chat.messages.items())[-last:]
    ]


def _seen(state: State, bot: Bot, message: Message) -> Json:
    content = message.content
    line: Json = {
        "message_id": message.id,
        "from": "bot" if message.by_bot else "person",
        "date": message.date,
        "text": message.written,
        "buttons": inline_buttons(message),
        "keyboard": reply_labels(message),
        "edited": message.edit_date is not None,
        "deleted": message.deleted,
        "silent": message.silent,
        "entities": message.entities,
        "sender": message.extra.get("from") or sender_json(state, message),
    }
    for key, value in content.items():
        if key not in _WRITTEN and key not in line:
            line[key] = value
    if "photo" in content:
        line["photo"] = _photo_path(state, bot, content["photo"][-1]["file_unique_id"])
    if message.markup and "remove_keyboard" in message.markup:
        line["keyboard_removed"] = True
    if message.thread is not None:
        line["thread"] = message.thread
    if message.reply_to is not None:
        line["reply_to"] = message.reply_to
    return line


def _photo_path(state: State, bot: Bot, unique_id: str) -> str:
    return f"/file/bot{state.tokens.get(bot.id, '')}/photos/{unique_id}.jpg"


def inline_buttons(message: Message) -> list[list[Json]]:
    """The rows of buttons under the message, none once it is deleted."""
    rows: list[list[Json]] = (
        [] if message.inline is None else message.inline["inline_keyboard"]
    )
    return [] if message.deleted else rows


def reply_labels(message: Message) -> list[list[str]]:
    """The labels of the keyboard the message brought."""
    rows = (message.markup or {}).get("keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def answers(chat: Chat) -> list[Json]:
    """Presses in order, and the notice with which the bot answered each."""
    return [
        {
            "callback_query_id": press.id,
            "message_id": press.message,
            "data": press.data,
            "answered": press.answered,
            "text": press.text,
            "alert": press.alert,
            "url": press.url,
        }
        for press in chat.presses
    ]
