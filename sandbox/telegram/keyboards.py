"""Reply markup: inline keyboards, reply keyboards, their checks.

https://core.telegram.org/bots/api#inlinekeyboardmarkup
"""

import json
from collections.abc import Iterable
from typing import Any

from .errors import bad_request
from .markup import checked_url
from .model import Chat, Json
from .params import Params

CALLBACK_DATA_BYTES = 64
IN_ROW, IN_KEYBOARD = 8, 100
REPLY_IN_ROW, REPLY_IN_KEYBOARD = 12, 300
MARKUP_BYTES = 10 * 1024
"""Not documented: https://github.com/tginfo/Telegram-Limits/issues/187, /228."""
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
    if given.get("keyboard"):
        rows = _reply_rows(given["keyboard"], chat)
        return {**given, "keyboard": rows} if rows else None
    if given.get("inline_keyboard"):
        rows = _inline_rows(given["inline_keyboard"])
        return {"inline_keyboard": rows} if rows else None
    if given.get("remove_keyboard") or given.get("force_reply"):
        return given
    return None


def parse_inline_markup(params: Params, chat: Chat) -> Json | None:
    """The reply_markup of an edit, where only an inline keyboard may stand."""
    markup = parse_markup(params, chat)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _inline_rows(given: Any) -> list[list[Json]]:
    """The rows as they are shown: what is too much in a row is dropped in silence.

    Too many in all, or too much text in them, is refused.
    """
    shown = []
    for row in _rows(given, "inline_keyboard"):
        made = map(_inline_button, row)
        shown.append(_with_text(made)[:IN_ROW])
    total = sum(len(row) for row in shown)
    size = len(json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())
    if total > IN_KEYBOARD or size > MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    return [row for row in shown if row]


def _with_text(row: Iterable[Json]) -> list[Json]:
    return [button for button in row if button["text"]]


def _reply_row(row: list[Any], chat: Chat) -> list[Json]:
    return [_reply_button(button, chat) for button in row]


def _reply_rows(given: Any, chat: Chat) -> list[list[Json]]:
    # all are looked at before any is dropped: one that is wrong refuses the message
    made = [_reply_row(row, chat) for row in _rows(given, "keyboard")]
    left = REPLY_IN_KEYBOARD
    rows = []
    for row in made:
        shown = _with_text(row)
        shown = shown[: min(REPLY_IN_ROW, left)]
        left -= len(shown)
        if shown:
            rows.append(shown)
    return rows


def _rows(given: Any, name: str) -> list[list[Any]]:
    if not isinstance(given, list):
        raise bad_request(f'field "{name}" must be of type Array')
    whose = " of the InlineKeyboardMarkup" if name == "inline_keyboard" else ""
    for row in given:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}"{whose} must be an Array of Arrays')
    return given


def _text(button: Json, kind: str) -> str:
    """The label, which has to be there; one of nothing is no button."""
    text = button.get("text")
    if text is None:
        raise bad_request(f"can't parse {kind} button: Can't find field \"text\"")
    if not isinstance(text, str):
        raise bad_request(
            f'can\'t parse {kind} button: Field "text" must be of type String'
        )
    if text and not text.strip():
        raise bad_request(f"{kind} button text must be non-empty")
    return text


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    text = _text(button, "inline keyboard")
    if not any(_acts(button, action) for action in _INLINE_ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if button.get("url"):
        url = checked_url(str(button["url"]))
        if not url:
            raise bad_request(
                f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
            )
        return {"text": text, "url": url}
    if button.get("callback_data"):
        data = str(button["callback_data"])
        if not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": text, "callback_data": data}
    return dict(button)


def _acts(button: Json, action: str) -> bool:
    # an empty address or empty data is as if it was not given
    given = button.get(action)
    return given not in (None, "") or (given == "" and action.startswith("switch"))


def _reply_button(button: Any, chat: Chat) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    _text(button, "keyboard")
    for key, asked in (
        ("request_contact", "phone number"),
        ("request_location", "location"),
    ):
        if button.get(key) and chat.kind != "private":
            raise bad_request(f"{asked} can be requested in private chats only")
    return dict(button)
