"""Reply markup: inline keyboards, reply keyboards, their checks.

https://core.telegram.org/bots/api#inlinekeyboardmarkup
"""

from typing import Any

from .errors import bad_request
from .markup import checked_url
from .model import Chat, Json
from .params import Params

CALLBACK_DATA_BYTES = 64
_INLINE_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "login_url",
    "pay",
)


def parse_markup(params: Params, chat: Chat) -> Json | None:
    """The reply_markup argument, checked and tidied; None if there is none to show."""
    given = params.json("reply_markup", "reply keyboard markup")
    if given is None or given == {}:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        rows = [
            [_inline_button(button) for button in row]
            for row in _rows(given["inline_keyboard"])
        ]
        rows = [row for row in rows if row]
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in given:
        rows = [
            [_reply_button(button, chat) for button in row]
            for row in _rows(given["keyboard"])
        ]
        rows = [row for row in rows if row]
        return {**given, "keyboard": rows} if rows else None
    if given.get("remove_keyboard") or given.get("force_reply"):
        return given
    return None


def parse_inline_markup(params: Params, chat: Chat) -> Json | None:
    """The reply_markup of an edit, where only an inline keyboard may stand."""
    markup = parse_markup(params, chat)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _rows(given: Any) -> list[list[Any]]:
    if not isinstance(given, list):
        raise bad_request(
            'field "keyboard" of the ReplyKeyboardMarkup must be an Array'
        )
    for row in given:
        if not isinstance(row, list):
            raise bad_request("can't parse keyboard row: expected an Array of buttons")
    return given


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request(
            "can't parse inline keyboard button: Can't find field \"text\""
        )
    if not any(action in button for action in _INLINE_ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button:
        data = str(button["callback_data"])
        if not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": text, "callback_data": data}
    if "url" in button:
        url = checked_url(str(button["url"]))
        if not url:
            raise bad_request(
                f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
            )
        return {"text": text, "url": url}
    return dict(button)


def _reply_button(button: Any, chat: Chat) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    for key, asked in (
        ("request_contact", "phone number"),
        ("request_location", "location"),
    ):
        if button.get(key) and chat.kind != "private":
            raise bad_request(f"{asked} can be requested in private chats only")
    return dict(button)
