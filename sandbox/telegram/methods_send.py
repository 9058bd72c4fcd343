"""Methods that put a new message into a chat.

https://core.telegram.org/bots/api#available-methods
"""

from typing import Any

from .call import Call, known_chat, method, writable_chat
from .entities import formatted
from .errors import bad_request
from .files import document_content, input_file, photo_content
from .keyboards import parse_markup
from .model import Chat, Json, Message
from .params import Params
from .views import message_json

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
ALBUM = range(2, 11)
_PREVIEW = {
    "is_disabled": bool,
    "url": str,
    "prefer_small_media": bool,
    "prefer_large_media": bool,
    "show_above_text": bool,
}
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def text_content(call: Call, *, too_long: str = "message is too long") -> Json:
    """The content of a text message from `text`; limits count after the markup."""
    if not call.params.text("text"):
        raise bad_request("message text is empty")
    text, entities = formatted(call.state, call.params)
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > TEXT_LENGTH:
        raise bad_request(too_long)
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    preview = _link_preview(call.params)
    if preview:
        content["link_preview_options"] = preview
    return content


def _link_preview(params: Params) -> Json:
    """https://core.telegram.org/bots/api#linkpreviewoptions — only what is switched on."""
    given = params.json("link_preview_options", "link preview options")
    if given is None:
        off = params.flag("disable_web_page_preview")
        return {"is_disabled": True} if off else {}
    if not isinstance(given, dict):
        raise bad_request("object expected as link preview options")
    for name, kind in _PREVIEW.items():
        if not isinstance(given.get(name, kind()), kind):
            wanted = "Boolean" if kind is bool else "String"
            raise bad_request(f'field "{name}" must be of type {wanted}')
    return {name: given[name] for name in _PREVIEW if given.get(name)}


def caption_content(call: Call, params: Params | None = None) -> Json:
    """The caption fields of a media message, none when there is no caption."""
    text, entities = formatted(
        call.state, params or call.params, "caption", "caption_entities"
    )
    if len(text) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return (
        {"caption": text, "caption_entities": entities}
        if entities
        else {"caption": text}
    )


def post(
    call: Call, chat: Chat, content: Json, *, markup: Json | None = None, **extra: Any
) -> Message:
    """Put the bot's message into the chat with the options every send method has."""
    params = call.params
    message = Message(
        id=call.state.new_message_id(call.bot, chat),
        date=int(call.state.clock()),
        sender=call.bot.id,
        by_bot=True,
        content=content,
        markup=markup,
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
        reply_to=_reply_target(params, chat),
        thread=_thread(params, chat),
        extra=extra,
    )
    return call.state.add_message(call.bot, chat, message)


def _reply_target(params: Params, chat: Chat) -> int | None:
    given = params.json("reply_parameters", "reply parameters")
    options = given if isinstance(given, dict) else {}
    target = int(options.get("message_id", params.number("reply_to_message_id")))
    if not target:
        return None
    if chat.alive(target) is not None:
        return target
    if options.get("allow_sending_without_reply") or params.flag(
        "allow_sending_without_reply"
    ):
        return None
    raise bad_request("message to be replied not found")


def _thread(params: Params, chat: Chat) -> int | None:
    thread = params.number("message_thread_id")
    if not thread:
        return None
    if chat.group is None or thread not in chat.group.topics:
        raise bad_request("message thread not found")
    return thread


def _send(call: Call, content: Json) -> Json:
    chat = writable_chat(call)
    message = post(call, chat, content, markup=parse_markup(call.params, chat))
    return message_json(call.state, chat, message)


@method("sendMessage")
def send_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    return _send(call, text_content(call))


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendphoto"""
    caption = caption_content(call)
    files = call.services.files
    source = input_file(
        files, call.bot, call.params, "photo", call.params.text("photo")
    )
    return _send(call, {**photo_content(files, call.bot, source), **caption})


@method("sendDocument")
def send_document(call: Call) -> Json:
    """https://core.telegram.org/bots/api#senddocument"""
    caption = caption_content(call)
    files = call.services.files
    source = input_file(
        files, call.bot, call.params, "document", call.params.text("document")
    )
    return _send(call, {**document_content(files, call.bot, source), **caption})


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#sendmediagroup"""
    media = call.params.json("media", "media")
    if not isinstance(media, list) or len(media) not in ALBUM:
        raise bad_request("media group must have 2-10 items")
    contents = [_album_item(call, item) for item in media]
    if len({next(iter(content)) for content in contents}) > 1:
        raise bad_request("document can't be mixed with other media types")
    chat = writable_chat(call)
    album = str(call.state.version) + str(chat.last_message + 1)
    messages = [post(call, chat, content, media_group_id=album) for content in contents]
    return [message_json(call.state, chat, message) for message in messages]


def _album_item(call: Call, item: Any) -> Json:
    if not isinstance(item, dict) or item.get("type") not in {"photo", "document"}:
        raise bad_request(
            "can't parse InputMedia: type must be photo or document in the sandbox"
        )
    files = call.services.files
    source = input_file(
        files, call.bot, call.params, str(item["type"]), str(item.get("media", ""))
    )
    options = Params(
        {key: str(item[key]) for key in ("caption", "parse_mode") if item.get(key)}
    )
    build = photo_content if item["type"] == "photo" else document_content
    return {**build(files, call.bot, source), **caption_content(call, options)}


@method("sendLocation")
def send_location(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendlocation"""
    try:
        latitude = float(call.params.text("latitude"))
        longitude = float(call.params.text("longitude"))
    except ValueError:
        raise bad_request("latitude and longitude must be numbers") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return _send(call, {"location": {"latitude": latitude, "longitude": longitude}})


@method("sendContact")
def send_contact(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendcontact"""
    phone, first_name = call.params.text("phone_number"), call.params.text("first_name")
    if not phone:
        raise bad_request("phone number is empty")
    if not first_name:
        raise bad_request("first name is empty")
    contact = {"phone_number": phone, "first_name": first_name}
    if call.params.text("last_name"):
        contact["last_name"] = call.params.text("last_name")
    return _send(call, {"contact": contact})


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    if call.params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    writable_chat(call)
    return True


def _original(call: Call, verb: str) -> tuple[Chat, Message]:
    source = known_chat(call, "from_chat_id")
    message = source.alive(call.params.number("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.protected or "forum_topic_created" in message.content:
        raise bad_request(
            f"message can't be {'copied' if verb == 'copy' else 'forwarded'}"
        )
    return source, message


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#copymessage"""
    _, original = _original(call, "copy")
    content = dict(original.content)
    if "text" not in content and call.params.has("caption"):
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content.update(caption_content(call))
    chat = writable_chat(call)
    return {
        "message_id": post(
            call, chat, content, markup=parse_markup(call.params, chat)
        ).id
    }


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#forwardmessage"""
    source, original = _original(call, "forward")
    chat = writable_chat(call)
    origin = original.extra.get("forward_origin") or {
        "type": "user",
        "sender_user": message_json(call.state, source, original)["from"],
        "date": original.date,
    }
    message = post(call, chat, original.content, forward_origin=origin)
    return message_json(call.state, chat, message)
