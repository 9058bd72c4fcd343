"""Control calls: what people do, what they see, and that it outlives a restart."""

import base64
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.telegram import error_body
from sandbox.telegram.errors import ApiError
from sandbox.telegram.limits import Limits
from tests.harness.system import HANG_S
from tests.sandbox.conftest import Sandbox, start, stop
from tests.sandbox.telegram_talk import ACCEPT, BOT, PNG, YULIA, Refused, Talk

CONTACT_KEYBOARD = {"keyboard": [["Отмена"], [{"text": "Мой номер", "request_contact": True}]]}


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it and has a phone."""
    return Talk(sandbox).started(phone="+79001234567")


def refused(talk: Talk, name: str, **body: Any) -> dict[str, Any]:
    """The answer of a control call that must be refused."""
    response = talk.sandbox.post(f"/sandbox/telegram/{name}", {"bot": BOT, "person": YULIA, **body})
    assert response.status_code == 400
    answer: dict[str, Any] = response.json()
    return answer


def test_update_shape_of_a_deep_link(talk: Talk) -> None:
    talk.say("/start order_5")
    update = talk.updates()[-1]
    message = update["message"]
    assert message["text"] == "/start order_5"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"] == {"id": YULIA, "is_bot": False, "first_name": "Юля", "language_code": "ru"}
    assert message["chat"] == {"id": YULIA, "type": "private", "first_name": "Юля"}


def test_people_change_when_told_again(talk: Talk) -> None:
    talk.exists(YULIA, "Юлия", last_name="К", username="yulia")
    talk.say("x")
    sender = talk.updates()[-1]["message"]["from"]
    assert (sender["first_name"], sender["last_name"], sender["username"]) == ("Юлия", "К", "yulia")


def test_chat_fields(talk: Talk) -> None:
    card = talk.send("Заказ", reply_markup=ACCEPT, disable_notification=True)
    link = {"inline_keyboard": [[{"text": "Сайт", "url": "https://balt-set.ru"}]]}
    talk.send("Ссылка", reply_markup=link)
    assert talk.seen()[1] == {
        "message_id": card["message_id"],
        "from": "bot",
        "date": card["date"],
        "text": "Заказ",
        "buttons": [[{"text": "Принять", "callback_data": "y:1"}]],
        "keyboard": [],
        "edited": False,
        "deleted": False,
        "silent": True,
        "entities": [],
        "sender": card["from"],
    }
    assert talk.seen()[2]["buttons"] == [[{"text": "Сайт", "url": "https://balt-set.ru/"}]]


def test_contact_is_the_persons_own_without_plus(talk: Talk) -> None:
    talk.act("say", person=YULIA, contact=True)
    contact = talk.updates()[-1]["message"]["contact"]
    assert contact == {"phone_number": "79001234567", "first_name": "Юля", "user_id": YULIA}


def test_contact_of_somebody_else(talk: Talk) -> None:
    talk.act("say", person=YULIA, contact={"phone_number": "79990000000", "first_name": "Сосед"})
    assert "user_id" not in talk.updates()[-1]["message"]["contact"]


def test_photo_of_a_person_can_be_fetched(talk: Talk) -> None:
    talk.act("say", person=YULIA, photo=base64.b64encode(PNG).decode(), text="Искрит +79001234567")
    message = talk.updates()[-1]["message"]
    assert message["caption"] == "Искрит +79001234567"
    assert message["caption_entities"][0]["type"] == "phone_number"
    path = talk.bot("getFile", file_id=message["photo"][-1]["file_id"])["file_path"]
    shown = talk.seen()[-1]["photo"]
    assert shown.endswith(path)
    assert requests.get(talk.sandbox.url + shown, timeout=HANG_S).content == PNG


def test_reply_to(talk: Talk) -> None:
    card = talk.send("Сколько?")
    talk.say("2000", reply_to=card["message_id"])
    assert talk.updates()[-1]["message"]["reply_to_message"]["text"] == "Сколько?"
    assert refused(talk, "say", text="x", reply_to=777)["error"] == "no message 777 to reply to"


def test_pressing_reply_buttons(talk: Talk) -> None:
    menu = talk.send("Меню", reply_markup=CONTACT_KEYBOARD)
    talk.press(menu, "Отмена")
    talk.press(menu, "Мой номер")
    first, second = (update["message"] for update in talk.updates())
    assert first["text"] == "Отмена"
    assert second["contact"]["phone_number"] == "79001234567"


def test_pressing_a_link_opens_it(talk: Talk) -> None:
    link = {"inline_keyboard": [[{"text": "Сайт", "url": "https://balt-set.ru"}]]}
    assert talk.press(talk.send(reply_markup=link), "Сайт") == {"url": "https://balt-set.ru/"}
    assert talk.updates() == []


def test_what_cannot_be_pressed_names_what_can(talk: Talk) -> None:
    card = talk.send("Заказ", reply_markup=ACCEPT)["message_id"]
    assert refused(talk, "press", message_id=card, text="Нет")["labels"] == ["Принять"]
    assert refused(talk, "press", message_id=777, text="Принять")["messages"] == {str(card): ["Принять"]}
    talk.bot("deleteMessage", chat_id=YULIA, message_id=card)
    assert refused(talk, "press", message_id=card, text="Принять")["messages"] == {}


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("say", {"text": " "}, "a person can't send an empty message"),
        ("say", {"text": "x", "person": 777}, "no person 777"),
        ("say", {"text": "x", "chat": -777}, "no group -777"),
        ("say", {"photo": "***"}, "photo must be base64"),
        ("say", {"bot": "nobody", "text": "x"}, "bot must be a token like 99:SECRET"),
        ("press", {"text": "x"}, "message_id is missing"),
        ("dance", {}, "no control call 'dance'"),
        ("people", {"id": -1, "first_name": "x"}, "a person's id is positive"),
        ("groups", {"id": 1, "title": "x"}, "a group's id is negative"),
    ],
)
def test_refused_control_calls(talk: Talk, name: str, body: dict[str, Any], why: str) -> None:
    assert refused(talk, name, **body)["error"] == why


def test_who_has_blocked_the_bot_says_nothing_to_it(talk: Talk) -> None:
    card = talk.send(reply_markup=ACCEPT)["message_id"]
    talk.act("block", person=YULIA, blocked=True)
    assert "unblock first" in refused(talk, "say", text="x")["error"]
    assert "unblock first" in refused(talk, "press", message_id=card, text="Принять")["error"]


def test_requests_are_counted_by_method(talk: Talk) -> None:
    talk.sandbox.control("reset")
    talk.started()
    talk.send()
    talk.sandbox.session.get(f"{talk.sandbox.url}/bot{BOT}/SENDMESSAGE")
    counted = talk.sandbox.get("/sandbox/requests").json()["telegram"]
    assert counted == {"getUpdates": 3, "sendMessage": 2}


def test_conversations_lists_everybody(talk: Talk) -> None:
    talk.sandbox.control("telegram/groups", id=-100500, title="Штаб", forum=False)
    known = talk.sandbox.get("/sandbox/telegram/conversations").json()
    assert [person["first_name"] for person in known["people"]] == ["Юля"]
    assert [bot["token"] for bot in known["bots"]] == [BOT]
    assert [(chat["bot"], chat["person"]) for chat in known["chats"]] == [(BOT, YULIA)]
    assert known["groups"] == [{"id": -100500, "title": "Штаб", "last_message": 0}]
    talk.exists(6, "Пётр", role="мастер", bot=BOT)
    known = talk.sandbox.get("/sandbox/telegram/conversations").json()
    assert (known["people"][1]["role"], known["chats"][1]["spoken"]) == ("мастер", False)
    before = talk.sandbox.get("/sandbox/telegram/version").json()["version"]
    talk.say("x")
    assert talk.sandbox.get("/sandbox/telegram/version").json()["version"] > before


def test_rates_are_kept_when_switched_on(talk: Talk) -> None:
    talk.sandbox.control("telegram/limits", enabled=True)
    for _ in range(3):
        talk.send()
    response = talk.sandbox.post(f"/bot{BOT}/sendMessage", {"chat_id": YULIA, "text": "x"})
    assert response.status_code == 429
    assert response.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert response.headers["Retry-After"] == "1"
    talk.sandbox.control("telegram/limits", enabled=False)
    assert talk.send()["message_id"]


def admitted(limits: Limits, chats: list[int]) -> tuple[int, int]:
    """How many messages pass before the first refusal, and its retry_after."""
    for passed, chat in enumerate(chats):
        try:
            limits.check(99, chat)
        except ApiError as refusal:
            return passed, refusal.parameters["retry_after"]
    return len(chats), 0


def test_rates() -> None:
    now = [1000.0]
    assert admitted(Limits(lambda: now[0]), [5] * 10) == (3, 1)
    assert admitted(Limits(lambda: now[0]), list(range(1, 50))) == (30, 1)
    group = Limits(lambda: now[0])
    passed = 0
    for _ in range(40):
        now[0] += 1.001
        passed += admitted(group, [-100])[0]
    assert passed == 20
    assert admitted(group, [-100]) == (0, 21)
    now[0] += 61
    assert admitted(group, [-100]) == (1, 0)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 429, 500, 502, 599])
def test_bodies_of_injected_faults(status: int) -> None:
    body = error_body(status, "/bot1:x/sendMessage")
    assert (body["ok"], body["error_code"]) == (False, status)
    assert bool(body["description"])
    assert ("parameters" in body) is (status == 429)


def test_everything_outlives_a_restart(tmp_path: Path) -> None:
    data = str(tmp_path / "sandbox.sqlite3")
    process, url = start("--port", "0", "--data", data)
    talk = Talk(Sandbox(url)).started(phone="+79001234567")
    card = talk.send("Заказ", reply_markup=ACCEPT)
    talk.act("say", person=YULIA, photo=base64.b64encode(PNG).decode())
    for number in range(150):
        talk.say(str(number))
    talk.bot("setMyCommands", commands=[{"command": "start", "description": "Начать"}])
    talk.sandbox.control("telegram/groups", id=-100500, title="Штаб", forum=True)
    topic = talk.bot("createForumTopic", chat_id=-100500, name="Заказ #1")["message_thread_id"]
    seen, waiting = talk.seen(), talk.updates()
    talk.sandbox.session.close()
    stop(process)

    process, url = start("--port", "0", "--data", data)
    talk = Talk(Sandbox(url))
    try:
        assert talk.seen() == seen
        assert talk.updates() == waiting
        talk.press(card)
        talk.bot("getUpdates", offset=-1)
        query = talk.updates()[-1]["callback_query"]
        assert talk.bot("answerCallbackQuery", callback_query_id=query["id"]) is True
        assert talk.send()["message_id"] == seen[-1]["message_id"] + 1
        assert talk.bot("sendMessage", chat_id=-100500, text="x", message_thread_id=topic)
        assert (
            requests.get(url + next(line["photo"] for line in seen if "photo" in line), timeout=HANG_S).content == PNG
        )
        talk.sandbox.control("reset")
        with pytest.raises(Refused, match="chat not found"):
            talk.send()
    finally:
        talk.sandbox.session.close()
        stop(process)
