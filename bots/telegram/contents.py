"""What a Telegram message holds beside its words: a file, a place, a poll … Pure.

https://core.telegram.org/bots/api#message
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from record.values.wording import point_url

# controls, and marks that turn text round
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
# what people send as a file, the more special first: a GIF comes as a document too
FILES = (
    "photo", "voice", "video_note", "video", "animation", "audio", "sticker", "document",
)  # fmt: skip
OTHERS = (
    "contact", "venue", "location", "poll", "dice", "game", "story", "invoice", "paid_media", "checklist",
)  # fmt: skip
# of every message, whatever it holds
_ENVELOPE = """
message_id message_thread_id from sender_chat sender_boost_count sender_business_bot business_connection_id
chat date edit_date forward_origin forward_from forward_from_chat forward_from_message_id forward_signature
forward_date forward_sender_name is_topic_message is_automatic_forward reply_to_message external_reply quote
reply_to_story reply_to_checklist_task_id via_bot has_protected_content is_from_offline is_paid_post
media_group_id author_signature paid_star_count text entities link_preview_options effect_id caption
caption_entities show_caption_above_media has_media_spoiler reply_markup suggested_post_info
direct_messages_topic sender_tag
"""
ENVELOPE = frozenset(_ENVELOPE.split())
# what Telegram itself writes into a chat; nobody waits for an answer
_SERVICE = """
new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo group_chat_created
supergroup_chat_created channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id
migrate_from_chat_id pinned_message successful_payment refunded_payment users_shared user_shared chat_shared
connected_website write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set
checklist_tasks_done checklist_tasks_added direct_message_price_changed forum_topic_created forum_topic_edited
forum_topic_closed forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden gift
unique_gift giveaway_created giveaway giveaway_winners giveaway_completed paid_message_price_changed
suggested_post_approved suggested_post_approval_failed suggested_post_declined suggested_post_paid
suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
video_chat_participants_invited web_app_data
"""
SERVICE = frozenset(_SERVICE.split())
LONGEST = 300


class Content(NamedTuple):
    """What a message holds: see :class:`bots.incoming.Incoming`."""

    sort: str = ""
    file: str = ""
    detail: str = ""


def content_of(message: Mapping[str, Any]) -> Content:
    """Return what stands in a message beside words; sort "unknown" for what is new."""
    for sort in FILES:
        if message.get(sort):
            return Content(sort, _file(message[sort]), _said_of(sort, message[sort]))
    for sort in OTHERS:
        if sort in message:
            return Content(sort, detail=_said_of(sort, message[sort] or {}))
    rest = set(message) - ENVELOPE
    of_telegram = rest & SERVICE
    if of_telegram:
        return Content(min(of_telegram))
    has_words = message.get("text") or message.get("caption")
    return Content("" if has_words else "unknown")


def _file(given: Any) -> str:
    # of a photo there are several sizes, the largest last
    one = given[-1] if isinstance(given, list) else given
    return str(one.get("file_id", ""))


def _said_of(sort: str, given: Any) -> str:
    """Return what can be said of it in words, "" for nothing."""
    match sort:
        case "location":
            said = _place(given)
        case "venue":
            place = _place(given.get("location") or {})
            said = f"{_joined(given, 'title', 'address')} {place}"
        case "contact":
            names = _joined(given, "first_name", "last_name")
            said = f"{names} {given.get('phone_number', '')}"
        case "poll":
            options = [str(one.get("text", "")) for one in given.get("options") or ()]
            said = f"{given.get('question', '')}: {', '.join(options)}"
        case "sticker" | "dice":
            said = str(given.get("emoji", ""))
        case "document" | "audio":
            said = str(given.get("file_name", ""))
        case _:
            said = ""
    return UNSEEN.sub("", said).strip()[:LONGEST]


def _joined(given: Mapping[str, Any], *names: str) -> str:
    return ", ".join(str(given[name]) for name in names if given.get(name))


def _place(given: Mapping[str, Any]) -> str:
    latitude, longitude = given.get("latitude"), given.get("longitude")
    if latitude is None or longitude is None:
        return ""
    return point_url(float(latitude), float(longitude))
