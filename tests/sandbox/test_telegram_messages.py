"""Sending: shapes, limits, refusals, files, groups and topics."""

import json
from typing import Any

import pytest

from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import ACCEPT, ADMINS, BOT, PNG, YULIA, Refused, Talk

CONTACT_KEYBOARD = {"keyboard": [[{"text": "Мой номер", "request_contact": True}]], "resize_keyboard": True}


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it."""
    return Talk(sandbox).started()


def url(talk: Talk, method: str, token: str = BOT) -> str:
    """The address of a method."""
    return f"{talk.sandbox.url}/bot{token}/{method}"


def test_get_me(talk: Talk) -> None:
    me = talk.bot("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (99, True, "naryad_99_bot")
    assert me["can_join_groups"] is True
    assert me["has_topics_enabled"] is False


def test_get_post_forms_json_and_any_letter_case(talk: Talk) -> None:
    session = talk.sandbox.session
    body: dict[str, Any] = {"chat_id": YULIA, "text": "123", "unknown_parameter": [1]}
    answers = [
        session.get(url(talk, "SENDMESSAGE"), params=body),
        session.post(url(talk, "sendmessage"), json={**body, "disable_notification": True}),
        session.post(url(talk, "sendMessage"), data=body),
        session.post(url(talk, "sendMessage"), files={"chat_id": (None, "5"), "text": (None, "123")}),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["123"] * 4
    assert [line["silent"] for line in talk.seen()[1:]] == [False, True, False, False]


def test_the_colon_of_the_token_may_be_escaped(talk: Talk) -> None:
    assert talk.sandbox.session.get(url(talk, "getMe", "99%3ATEST")).json()["result"]["id"] == 99


@pytest.mark.parametrize("token", ["TEST", "x:TEST", "99:", "099:TEST"])
def test_what_is_no_token_is_not_found(talk: Talk, token: str) -> None:
    assert talk.sandbox.session.get(url(talk, "getMe", token)).json() == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }


def test_revoked_token_is_unauthorized(talk: Talk) -> None:
    talk.act("revoke", revoked=True)
    with pytest.raises(Refused) as refusal:
        talk.bot("getMe")
    assert (refusal.value.status, refusal.value.description) == (401, "Unauthorized")
    talk.act("revoke", revoked=False)
    assert talk.bot("getMe")["id"] == 99


def test_unknown_method(talk: Talk) -> None:
    with pytest.raises(Refused) as refusal:
        talk.bot("sendSmoke")
    assert (refusal.value.status, refusal.value.description) == (404, "Not Found: method not found")


def test_message_shape(talk: Talk) -> None:
    message = talk.send("<b>Заказ</b> #1", parse_mode="HTML", reply_markup=ACCEPT, protect_content=True)
    assert message["chat"] == {"id": YULIA, "type": "private", "first_name": "Юля"}
    assert message["from"] == {
        "id": 99, "is_bot": True, "first_name": "Naryad 99", "username": "naryad_99_bot"
    }  # fmt: skip
    assert message["text"] == "Заказ #1"
    assert {"offset": 0, "length": 5, "type": "bold"} in message["entities"]
    assert message["reply_markup"] == ACCEPT
    assert message["has_protected_content"] is True
    assert message["date"] < 10_000_000_000


def test_a_reply_keyboard_is_not_shown_in_the_message(talk: Talk) -> None:
    assert "reply_markup" not in talk.send(reply_markup=CONTACT_KEYBOARD)
    assert talk.seen()[-1]["keyboard"] == [["Мой номер"]]


def test_message_ids_are_one_count_per_bot(talk: Talk) -> None:
    talk.started(6)
    first, second = talk.send(person=YULIA), talk.send(person=6)
    assert second["message_id"] == first["message_id"] + 1


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": "1 <2", "parse_mode": "html"},
         "can't parse entities: Unclosed start tag at byte offset 2"),
        ({"text": "x.", "parse_mode": "MarkdownV2"},
         "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 2, "length": 1}]},
         "entity begins after the end of the text at UTF-16 offset 2"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 5}]},
         "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 5"),
        ({"text": "x", "entities": [{"type": "bold", "length": 1}]},
         "can't parse MessageEntity: Can't find field \"offset\""),
        ({"text": "x", "link_preview_options": "{"}, "can't parse link preview options JSON object"),
        ({"text": "x", "link_preview_options": [1]}, "object expected as link preview options"),
        ({"text": "x", "link_preview_options": {"is_disabled": "да"}}, 'field "is_disabled" must be of type Boolean'),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 777}, "chat not found"),
        ({"text": "x", "chat_id": -777}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [["a"]]}},
         "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [{"text": "a"}]}},
         'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        ({"text": "x", "reply_markup": {"keyboard": [[1]]}},
         "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ж" * 33}]]}},
         "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "localhost/x"}]]}},
         "inline keyboard button URL 'localhost/x' is invalid: Wrong HTTP URL"),
        ({"text": "x", "reply_parameters": {"message_id": 777}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 777}, "message thread not found"),
    ],
)  # fmt: skip
def test_refusals(talk: Talk, params: dict[str, object], why: str) -> None:
    before = len(talk.seen())
    assert talk.refused("sendMessage", **{"chat_id": YULIA, **params}) == why
    assert len(talk.seen()) == before


def test_limits_count_after_entity_parsing(talk: Talk) -> None:
    assert len(talk.send("<b>" + "x" * 4096 + "</b>", parse_mode="HTML")["text"]) == 4096
    button = {"inline_keyboard": [[{"text": "a", "callback_data": "ж" * 32}]]}
    assert talk.send(reply_markup=button)["reply_markup"] == button


def test_whom_a_bot_cannot_write_to(talk: Talk) -> None:
    talk.exists(6, "Новый")
    assert talk.refused("sendMessage", chat_id=6, text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    talk.act("block", person=YULIA, blocked=True)
    for method in ("sendMessage", "editMessageText"):
        refusal = talk.refused(method, chat_id=YULIA, text="x", message_id=1)
        assert refusal == "Forbidden: bot was blocked by the user"
    talk.act("block", person=YULIA, blocked=False)
    assert talk.send()["message_id"]
    talk.exists(YULIA, deactivated=True)
    assert talk.refused("sendMessage", chat_id=YULIA, text="x") == "Forbidden: user is deactivated"


def test_blocking_is_told_to_the_bot(talk: Talk) -> None:
    talk.act("block", person=YULIA, blocked=True)
    talk.act("block", person=YULIA, blocked=False)
    changes = [update["my_chat_member"] for update in talk.updates()]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


def test_a_reply_shows_its_original(talk: Talk) -> None:
    original = talk.say("вопрос")
    answer = talk.send("ответ", reply_parameters={"message_id": original})
    assert answer["reply_to_message"]["text"] == "вопрос"
    loose = talk.send("x", reply_parameters={"message_id": 777, "allow_sending_without_reply": True})
    assert "reply_to_message" not in loose


def test_photo_upload_file_id_and_download(talk: Talk) -> None:
    answer = talk.sandbox.session.post(
        url(talk, "sendPhoto"), data={"chat_id": YULIA, "caption": "Щиток"}, files={"photo": PNG}
    ).json()["result"]
    sizes = answer["photo"]
    assert [size["width"] for size in sizes] == [90, 320, 800, 1000]
    assert len({size["file_id"] for size in sizes}) == 4
    assert answer["caption"] == "Щиток"
    again = talk.bot("sendPhoto", chat_id=YULIA, photo=sizes[-1]["file_id"])
    assert again["photo"] == sizes
    file = talk.bot("getFile", file_id=sizes[-1]["file_id"])
    content = talk.sandbox.session.get(f"{talk.sandbox.url}/file/bot99%3ATEST/{file['file_path']}").content
    assert content == PNG
    assert file["file_size"] == len(PNG)


@pytest.mark.parametrize(
    ("photo", "why"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (PNG[:16] + (9000).to_bytes(4, "big") + (9000).to_bytes(4, "big"), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_what_is_no_photo(talk: Talk, photo: bytes, why: str) -> None:
    answer = talk.sandbox.session.post(url(talk, "sendPhoto"), data={"chat_id": YULIA}, files={"photo": photo})
    assert answer.json()["description"] == f"Bad Request: {why}"


def test_refused_files(talk: Talk) -> None:
    assert talk.refused("sendPhoto", chat_id=YULIA) == "there is no photo in the request"
    assert talk.refused("sendPhoto", chat_id=YULIA, photo="AgAC") == ("wrong file identifier/HTTP URL specified")
    assert talk.refused("sendPhoto", chat_id=YULIA, photo="https://x.ru/a.png") == ("failed to get HTTP URL content")
    assert talk.refused("getFile", file_id="AgAC") == "invalid file_id"
    answer = talk.sandbox.session.post(
        url(talk, "sendPhoto"), data={"chat_id": YULIA, "caption": "x" * 1025}, files={"photo": PNG}
    )
    assert answer.json()["description"] == "Bad Request: message caption is too long"


def test_a_file_id_belongs_to_one_bot_and_one_kind(talk: Talk) -> None:
    other = Talk(talk.sandbox, "98:OTHER").started()
    sent = talk.sandbox.session.post(
        url(talk, "sendDocument"), data={"chat_id": YULIA}, files={"document": ("смета.pdf", b"%PDF")}
    ).json()["result"]["document"]
    assert (sent["file_name"], sent["mime_type"]) == ("смета.pdf", "application/pdf")
    assert other.refused("sendDocument", chat_id=YULIA, document=sent["file_id"]).startswith("wrong file")
    assert talk.refused("sendPhoto", chat_id=YULIA, photo=sent["file_id"]) == (
        "can't use file of type Document as Photo"
    )


def test_media_group(talk: Talk) -> None:
    media = [{"type": "photo", "media": f"attach://p{i}", "caption": "Фото" if not i else ""} for i in (0, 1)]
    album = talk.sandbox.session.post(
        url(talk, "sendMediaGroup"),
        data={"chat_id": YULIA, "media": json.dumps(media)},
        files={"p0": PNG, "p1": PNG + b"2"},
    ).json()["result"]
    assert len(album) == 2
    assert album[0]["media_group_id"] == album[1]["media_group_id"]
    assert [message.get("caption") for message in album] == ["Фото", None]
    assert "2-10" in talk.refused("sendMediaGroup", chat_id=YULIA, media=media[:1])


def test_location_contact_and_chat_action(talk: Talk) -> None:
    place = talk.bot("sendLocation", chat_id=YULIA, latitude=54.71, longitude=20.45)
    assert place["location"] == {"latitude": 54.71, "longitude": 20.45}
    card = talk.bot("sendContact", chat_id=YULIA, phone_number="+79001234567", first_name="Пётр")
    assert card["contact"]["first_name"] == "Пётр"
    assert talk.bot("sendChatAction", chat_id=YULIA, action="typing") is True
    assert talk.refused("sendChatAction", chat_id=YULIA, action="sleep") == ("wrong parameter action in request")


def test_copy_and_forward(talk: Talk) -> None:
    said = talk.say("Не работает розетка")
    talk.started(6)
    copied = talk.bot("copyMessage", chat_id=6, from_chat_id=YULIA, message_id=said)
    assert list(copied) == ["message_id"]
    forwarded = talk.bot("forwardMessage", chat_id=6, from_chat_id=YULIA, message_id=said)
    assert forwarded["forward_origin"]["sender_user"]["id"] == YULIA
    assert [line["text"] for line in talk.seen(6)][1:] == ["Не работает розетка"] * 2
    missing = {"chat_id": 6, "from_chat_id": YULIA, "message_id": 777}
    assert talk.refused("copyMessage", **missing) == "message to copy not found"
    assert talk.refused("forwardMessage", **missing) == "message to forward not found"
    secret = talk.send(protect_content=True)["message_id"]
    assert talk.refused("forwardMessage", chat_id=6, from_chat_id=YULIA, message_id=secret) == (
        "message can't be forwarded"
    )


def test_group_and_its_topics(talk: Talk) -> None:
    talk.sandbox.control("telegram/groups", id=ADMINS, title="Диспетчеры", forum=True)
    topic = talk.bot("createForumTopic", chat_id=ADMINS, name="Заказ #1")
    assert (topic["name"], topic["icon_color"]) == ("Заказ #1", 7322096)
    thread = topic["message_thread_id"]
    message = talk.bot("sendMessage", chat_id=ADMINS, text="x", message_thread_id=thread)
    assert (message["chat"]["type"], message["message_thread_id"]) == ("supergroup", thread)
    here = {"chat_id": ADMINS, "message_thread_id": thread}
    assert talk.bot("editForumTopic", name="Заказ #1 ✅", **here) is True
    assert talk.refused("editForumTopic", name="Заказ #1 ✅", **here) == "TOPIC_NOT_MODIFIED"
    assert talk.bot("closeForumTopic", **here) is True
    assert talk.refused("closeForumTopic", **here) == "TOPIC_NOT_MODIFIED"
    assert talk.refused("createForumTopic", chat_id=YULIA, name="x") == "the chat is not a forum"
    assert talk.refused("closeForumTopic", chat_id=ADMINS, message_thread_id=7) == "TOPIC_ID_INVALID"


def test_group_conversation(talk: Talk) -> None:
    talk.sandbox.control("telegram/groups", id=ADMINS, title="Диспетчеры", forum=False)
    talk.say("/stats", chat=ADMINS)
    heard = talk.updates()[-1]["message"]
    assert heard["chat"] == {"id": ADMINS, "title": "Диспетчеры", "type": "supergroup"}
    assert heard["from"]["id"] == YULIA
    assert talk.refused("sendMessage", chat_id=ADMINS, text="x", reply_markup=CONTACT_KEYBOARD) == (
        "phone number can be requested in private chats only"
    )
    assert talk.bot("getChatMember", chat_id=ADMINS, user_id=99)["status"] == "administrator"
    assert talk.bot("getChatMember", chat_id=ADMINS, user_id=YULIA)["status"] == "member"
    assert talk.refused("getChatMember", chat_id=ADMINS, user_id=777) == "user not found"
    assert [line["text"] for line in talk.seen(ADMINS)] == ["/stats"]


def test_upgraded_group_names_the_new_one(talk: Talk) -> None:
    talk.sandbox.control("telegram/groups", id=-55, title="Старая", forum=False, migrated_to=ADMINS)
    with pytest.raises(Refused) as refusal:
        talk.bot("sendMessage", chat_id=-55, text="x")
    assert refusal.value.body["parameters"] == {"migrate_to_chat_id": ADMINS}


def test_commands_names_and_menu(talk: Talk) -> None:
    commands = [{"command": "start", "description": "Начать"}]
    assert talk.bot("setMyCommands", commands=commands) is True
    assert talk.bot("getMyCommands") == commands
    assert talk.bot("getMyCommands", scope={"type": "chat", "chat_id": 5}) == []
    assert talk.bot("deleteMyCommands") is True
    assert talk.bot("getMyCommands") == []
    many = commands * 101
    assert talk.refused("setMyCommands", commands=many) == "BOT_COMMANDS_TOO_MUCH"
    bad = [{"command": "Старт", "description": "x"}]
    assert talk.refused("setMyCommands", commands=bad) == "BOT_COMMAND_INVALID"
    assert talk.bot("setMyName", name="Балт-Сеть") is True
    assert talk.bot("getMe")["first_name"] == "Балт-Сеть"
    assert talk.bot("setMyDescription", description="Электрики") is True
    assert talk.bot("getMyDescription") == {"description": "Электрики"}
    assert talk.bot("setChatMenuButton", menu_button={"type": "commands"}) is True
    assert talk.bot("getChatMenuButton") == {"type": "commands"}


def test_get_chat(talk: Talk) -> None:
    chat = talk.bot("getChat", chat_id=YULIA)
    assert (chat["type"], chat["first_name"]) == ("private", "Юля")
    assert talk.refused("getChat", chat_id=777) == "chat not found"


def test_log_out_and_close(talk: Talk) -> None:
    with pytest.raises(Refused) as refusal:
        talk.bot("close")
    assert refusal.value.status == 429
    assert talk.bot("logOut") is True
    assert talk.refused("getMe") == "Logged out"
