"""Methods that change, delete or answer.

https://core.telegram.org/bots/api#updating-messages
"""

import json

from .call import Call, deletable, known_chat, method, own_message, writable_chat
from .errors import bad_request
from .keyboards import parse_inline_markup
from .methods_send import caption_content, text_content
from .model import Chat, Json, Message, Press
from .views import message_json

ANSWER_LENGTH = 200
ANSWER_WITHIN_S = 15
"""Telegram does not publish it; people report failures from about this age on."""

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def _apply(call: Call, chat: Chat, message: Message, content: Json) -> Json:
    """Change content and keyboard at once.

    Leaving reply_markup out takes the keyboard away.
    """
    markup = parse_inline_markup(call.params, chat)
    if message.content == content and message.inline == markup:
        raise bad_request(_NOT_MODIFIED)
    message.content, message.markup = content, markup
    message.edit_date = int(call.state.clock())
    call.state.save_message(chat, message)
    return message_json(call.state, chat, message)


def _refuse_inline(call: Call) -> None:
    if call.params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext"""
    _refuse_inline(call)
    content = text_content(call, too_long="MESSAGE_TOO_LONG")
    chat = writable_chat(call)
    message = own_message(call, chat)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _apply(call, chat, message, content)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    _refuse_inline(call)
    caption = caption_content(call)
    chat = writable_chat(call)
    message = own_message(call, chat)
    if not {"photo", "document"} & message.content.keys():
        raise bad_request("there is no caption in the message to edit")
    kept = {
        key: value
        for key, value in message.content.items()
        if not key.startswith("caption")
    }
    return _apply(call, chat, message, {**kept, **caption})


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    _refuse_inline(call)
    chat = writable_chat(call)
    message = own_message(call, chat)
    return _apply(call, chat, message, message.content)


def _delete(call: Call, chat: Chat, message: Message) -> None:
    message.deleted = True
    call.state.save_message(chat, message)


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    chat = known_chat(call)
    message = chat.alive(call.params.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not deletable(call, message):
        raise bad_request("message can't be deleted")
    _delete(call, chat, message)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessages — what can't be found is
    skipped.
    """
    chat = known_chat(call)
    try:
        ids = json.loads(call.params.text("message_ids") or "[]")
    except ValueError:
        raise bad_request("can't parse message identifiers JSON object") from None
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    for message_id in ids:
        message = chat.alive(int(message_id))
        if message is not None and deletable(call, message):
            _delete(call, chat, message)
    return True


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    text = call.params.text("text")
    if len(text) > ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    chat, press = _pressed(call, call.params.text("callback_query_id"))
    press.answered = True
    press.text = text
    press.alert = call.params.flag("show_alert")
    press.url = call.params.text("url")
    call.state.save_chat(chat)
    return True


def _pressed(call: Call, query_id: str) -> tuple[Chat, Press]:
    """The press to answer: this bot's, young enough and not answered yet."""
    for chat in [*call.state.chats.values(), *call.state.groups.values()]:
        for press in reversed(chat.presses):
            if press.id == query_id and press.bot == call.bot.id:
                too_old = call.state.clock() - press.pressed > ANSWER_WITHIN_S
                if press.answered or press.expired or too_old:
                    raise bad_request(_TOO_OLD)
                return chat, press
    raise bad_request(_TOO_OLD)
