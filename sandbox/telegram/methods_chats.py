"""Methods about chats, their members and forum topics."""

from .call import Call, known_chat, method
from .errors import bad_request
from .methods_send import post
from .model import Chat, Group, Json, Topic
from .views import chat_json

ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


@method("getChat")
def get_chat(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchat"""
    chat = known_chat(call)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **chat_json(call.state, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmember"""
    chat = known_chat(call)
    user_id = call.params.number("user_id")
    if user_id in call.state.bots:
        return _bot_member(call, chat, user_id)
    person = call.state.people.get(user_id)
    if person is None:
        raise bad_request("user not found")
    inside = user_id == chat.id if chat.group is None else user_id in chat.group.members
    return {"user": person.user(), "status": "member" if inside else "left"}


def _bot_member(call: Call, chat: Chat, user_id: int) -> Json:
    user = call.state.bots[user_id].user()
    if chat.group is None:
        return {"user": user, "status": "member"}
    rights = dict.fromkeys(_RIGHTS, True)
    return {
        "user": user,
        "status": "administrator",
        "can_be_edited": False,
        "is_anonymous": False,
        **rights,
    }


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """https://core.telegram.org/bots/api#getchatmembercount"""
    chat = known_chat(call)
    return 2 if chat.group is None else len(chat.group.members) + len(call.state.bots)


def _forum(call: Call) -> tuple[Chat, Group]:
    chat = known_chat(call)
    if chat.group is None or not chat.group.forum:
        raise bad_request("the chat is not a forum")
    return chat, chat.group


def _topic(call: Call) -> tuple[Chat, Topic]:
    chat, group = _forum(call)
    topic = group.topics.get(call.params.number("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """https://core.telegram.org/bots/api#createforumtopic"""
    name = call.params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    color = call.params.number("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("invalid forum topic icon color specified")
    chat, group = _forum(call)
    shown = {"name": name[:128], "icon_color": color}
    message = post(call, chat, {"forum_topic_created": shown})
    message.thread = message.id
    group.topics[message.id] = Topic(message.id, name[:128], color)
    call.state.save_chat(chat)
    call.state.save_message(chat, message)
    return {"message_thread_id": message.id, **shown}


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """https://core.telegram.org/bots/api#editforumtopic"""
    chat, topic = _topic(call)
    name = call.params.text("name").strip()[:128]
    if not name or name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    call.state.save_chat(chat)
    return True


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat, topic = _topic(call)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    call.state.save_chat(chat)
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    """https://core.telegram.org/bots/api#closeforumtopic"""
    return _set_closed(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    """https://core.telegram.org/bots/api#reopenforumtopic"""
    return _set_closed(call, closed=False)
