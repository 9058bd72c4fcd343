"""What people and attackers send besides texts: every kind of message, edits, and callbacks of their own making."""

import base64
from typing import Any

import pytest
import telegram

from tests.harness.system import HANG_S
from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import ACCEPT, ADMINS, PNG, YULIA, Talk

Json = dict[str, Any]
PICTURE = base64.b64encode(PNG).decode()


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it."""
    return Talk(sandbox).started(phone="+79001234567")


def sent(talk: Talk, content: object, **more: Any) -> Json:
    """The message the bot hears of after Юля sent this content; PTB can read it."""
    talk.act("say", person=YULIA, content=content, **more)
    update = talk.updates()[-1]
    assert telegram.Update.de_json(update) is not None
    message: Json = update["message"]
    return message


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ({"voice": {"duration": 7}}, {"voice": {"duration": 7, "mime_type": "audio/ogg"}}),
        ({"video_note": {}}, {"video_note": {"length": 240}}),
        ({"video": {}, "caption": "Искрит"}, {"caption": "Искрит"}),
        ({"animation": {}}, {"animation": {"duration": 2}}),
        ({"audio": {"title": "Гул"}}, {"audio": {"title": "Гул"}}),
        ({"sticker": {"emoji": "🔥"}}, {"sticker": {"emoji": "🔥", "type": "regular"}}),
        ({"document": {"file_name": "счёт.pdf"}}, {"document": {"file_name": "счёт.pdf"}}),
        ({"location": {"latitude": 54.7, "longitude": 20.5}}, {"location": {"latitude": 54.7, "longitude": 20.5}}),
        ({"venue": {"title": "Дом"}}, {"venue": {"title": "Дом"}}),
        ({"dice": {"value": 6}}, {"dice": {"emoji": "🎲", "value": 6}}),
        ({"poll": {"question": "Когда?"}}, {"poll": {"question": "Когда?"}}),
        ({"contact": {"phone_number": "79991112233", "first_name": "Сосед", "user_id": 77}},
         {"contact": {"phone_number": "79991112233", "first_name": "Сосед", "user_id": 77}}),
        ({"text": "/start x"}, {"text": "/start x", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}),
        ({"text": "x", "forward_origin": {"sender_user_name": "Кто-то"}},
         {"forward_origin": {"type": "hidden_user", "sender_user_name": "Кто-то"}}),
        ({"photo": PICTURE, "caption": "2500"}, {"caption": "2500"}),
        ({"photo": [{"file_id": "p"}]}, {"photo": [{"file_id": "p"}]}),
        ({"new_chat_members": [YULIA]}, {"new_chat_members": [{"id": YULIA, "first_name": "Юля"}]}),
        ({"left_chat_member": {"id": 4}}, {"left_chat_member": {"id": 4, "is_bot": False}}),
        ({"pinned_message": {"message_id": 1}}, {"pinned_message": {"message_id": 1, "text": "/start"}}),
        ({"group_chat_created": True}, {"group_chat_created": True}),
        ({"successful_payment": {"currency": "XTR", "total_amount": 1, "invoice_payload": "",
                                 "telegram_payment_charge_id": "", "provider_payment_charge_id": ""}},
         {"successful_payment": {"currency": "XTR"}}),
    ],
)  # fmt: skip
def test_every_kind_of_message_reaches_the_bot_whole(talk: Talk, content: Json, shown: Json) -> None:
    assert_within(shown, sent(talk, content))


def kinds(talk: Talk) -> list[str]:
    """The kinds of the updates that wait."""
    return [name for update in talk.updates() for name in update if name != "update_id"]


def assert_within(part: object, whole: object) -> None:
    """Everything that stands in `part` stands in `whole`."""
    if isinstance(part, dict):
        assert isinstance(whole, dict)
        for name, value in part.items():
            assert_within(value, whole[name])
    elif isinstance(part, list):
        assert isinstance(whole, list)
        for mine, theirs in zip(part, whole, strict=True):
            assert_within(mine, theirs)
    else:
        assert part == whole


@pytest.mark.parametrize("kind", ["voice", "video", "video_note", "audio", "animation", "document", "sticker"])
def test_what_was_sent_can_be_fetched(talk: Talk, kind: str) -> None:
    message = sent(talk, {kind: {"base64": PICTURE}})
    path = talk.bot("getFile", file_id=message[kind]["file_id"])["file_path"]
    assert talk.sandbox.session.get(f"{talk.sandbox.url}/file/bot{talk.token}/{path}", timeout=HANG_S).content == PNG
    assert talk.seen()[-1][kind]["file_id"] == message[kind]["file_id"]


def test_a_file_keeps_the_name_it_was_given(talk: Talk) -> None:
    sent(talk, {"voice": {"file_id": "AwACAgI"}})
    assert talk.bot("getFile", file_id="AwACAgI")["file_path"]


@pytest.mark.parametrize("album", [
    [{"photo": PICTURE, "caption": "Щиток"}, {"photo": PICTURE}],
    {"album": [PICTURE, PICTURE], "caption": "Щиток"},
])  # fmt: skip
def test_an_album_is_several_messages_of_one_group(talk: Talk, album: object) -> None:
    answer = talk.act("say", person=YULIA, content=album)
    first, second = (update["message"] for update in talk.updates())
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("Щиток", False)
    assert answer["message_ids"] == [first["message_id"], second["message_id"]]
    assert len(first["photo"]) == len(second["photo"]) > 0
    assert [("photo" in line, line["text"]) for line in talk.seen()[-2:]] == [(True, "Щиток"), (True, "")]


def test_an_album_may_be_sent_message_by_message(talk: Talk) -> None:
    first = sent(talk, {"media_group_id": "13", "photo": PICTURE})
    second = sent(talk, {"media_group_id": "13", "photo": PICTURE})
    assert first["media_group_id"] == second["media_group_id"] == "13"


def test_an_anonymous_administrator_writes_as_the_group(talk: Talk) -> None:
    talk.sandbox.control("telegram/groups", id=ADMINS, title="Диспетчеры")
    message = sent(talk, {"text": "/alarms", "sender_chat": {"id": ADMINS}}, chat=ADMINS)
    assert message["from"]["id"] == 1087968824
    assert message["from"]["is_bot"] is True
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"] == {"id": ADMINS, "type": "supergroup", "title": "Диспетчеры"}
    behalf = sent(talk, {"text": "x", "sender_chat": {"id": -1009}}, chat=ADMINS)
    assert (behalf["from"]["id"], behalf["sender_chat"]["type"]) == (136817688, "channel")


def test_a_content_that_is_none(talk: Talk) -> None:
    for content, why in (({}, "without content"), ("x", "JSON object"), ([{"photo": PICTURE}], "2 to 10"),
                         ({"voice": 1}, "voice must be")):  # fmt: skip
        response = talk.sandbox.post(
            "/sandbox/telegram/say", {"bot": talk.token, "person": YULIA, "content": content}
        )
        assert response.status_code == 400
        assert why in response.json()["error"]


def test_an_edit_reaches_the_bot_and_shows_in_the_chat(talk: Talk) -> None:
    number = talk.say("Ленинский, 1")
    talk.act("say", person=YULIA, edit={"message_id": number, "text": "Ленинский, 2 /start"})
    told, edited = talk.updates()
    assert told["message"]["text"] == "Ленинский, 1"
    message = edited["edited_message"]
    assert (message["message_id"], message["text"]) == (number, "Ленинский, 2 /start")
    assert message["entities"][0]["type"] == "bot_command"
    assert message["edit_date"] >= message["date"]
    line = talk.seen()[-1]
    assert (line["text"], line["edited"]) == ("Ленинский, 2 /start", True)


def test_an_edit_of_a_photo_changes_its_caption(talk: Talk) -> None:
    number = sent(talk, {"photo": PICTURE, "caption": "2500"})["message_id"]
    talk.act("say", person=YULIA, edit={"message_id": number, "text": "2600"})
    message = talk.updates()[-1]["edited_message"]
    assert message["caption"] == "2600"
    assert "text" not in message


def test_an_edit_to_the_same_words_is_none(talk: Talk) -> None:
    number = talk.say("раз")
    talk.act("say", person=YULIA, edit={"message_id": number, "text": "раз"})
    assert kinds(talk) == ["message"]
    assert talk.seen()[-1]["edited"] is False


def test_only_ones_own_messages_can_be_edited(talk: Talk) -> None:
    number = talk.say("раз")
    for other in (talk.send()["message_id"], 777):
        edit = {"bot": talk.token, "person": YULIA, "edit": {"message_id": other, "text": "x"}}
        response = talk.sandbox.post("/sandbox/telegram/say", edit)
        assert response.status_code == 400
        assert number in response.json()["messages"]


def test_edits_come_only_to_a_bot_that_asked_for_them(talk: Talk) -> None:
    talk.updates(allowed_updates=["message", "callback_query"])
    number = talk.say("раз")
    talk.act("say", person=YULIA, edit={"message_id": number, "text": "два"})
    assert kinds(talk) == ["message"]
    assert talk.seen()[-1]["text"] == "два"
    talk.updates(allowed_updates=["message", "edited_message"])
    talk.act("say", person=YULIA, edit={"message_id": number, "text": "три"})
    assert kinds(talk) == ["message", "edited_message"]


@pytest.mark.parametrize("data", ["accept:1", "why", "x" * 300, "", "\u202e☠️", "fix:9999999999999999999"])
def test_a_forged_callback_carries_any_data(talk: Talk, data: str) -> None:
    card = talk.send("Заказ", reply_markup=ACCEPT)
    talk.act("press", person=YULIA, message_id=card["message_id"], data=data)
    query = talk.updates()[-1]["callback_query"]
    assert telegram.CallbackQuery.de_json(query).data == data
    assert (query["data"], query["message"]["message_id"]) == (data, card["message_id"])
    assert query["from"]["id"] == YULIA
    assert talk.bot("answerCallbackQuery", callback_query_id=query["id"], text="Нет") is True
    answers = talk.sandbox.get("/sandbox/telegram/answers", bot=talk.token, person=str(YULIA)).json()
    assert (answers[-1]["data"], answers[-1]["text"]) == (data, "Нет")


def test_a_forged_callback_on_a_message_that_is_not_there(talk: Talk) -> None:
    card = talk.send("Заказ", reply_markup=ACCEPT)["message_id"]
    talk.bot("deleteMessage", chat_id=YULIA, message_id=card)
    for number in (card, 777):
        talk.act("press", person=YULIA, message_id=number, data="card:1")
        message = talk.updates()[-1]["callback_query"]["message"]
        assert message == {"chat": message["chat"], "message_id": number, "date": 0}
        assert message["chat"]["id"] == YULIA


def test_a_forged_callback_on_ones_own_message_or_on_none(talk: Talk) -> None:
    mine = talk.say("x")
    talk.act("press", person=YULIA, message_id=mine, data="done:1")
    assert talk.updates()[-1]["callback_query"]["message"]["from"]["id"] == YULIA
    talk.act("press", person=YULIA, data="done:1")
    query = talk.updates()[-1]["callback_query"]
    assert query["inline_message_id"]
    assert "message" not in query
