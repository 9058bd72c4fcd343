"""Editing, deleting, answering."""

import pytest

from sandbox.documents import Documents
from sandbox.telegram import methods_edit
from sandbox.telegram.acts import Acts
from sandbox.telegram.call import Call, Services
from sandbox.telegram.errors import ApiError
from sandbox.telegram.files import Files
from sandbox.telegram.limits import Limits
from sandbox.telegram.methods_send import send_message
from sandbox.telegram.model import Person
from sandbox.telegram.params import Params
from sandbox.telegram.state import State
from sandbox.telegram.updates import Updates
from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import ACCEPT, BOT, PNG, YULIA, Talk

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it."""
    return Talk(sandbox).started()


def test_edit_text_drops_the_keyboard_unless_given_again(talk: Talk) -> None:
    card = talk.send("Заказ", reply_markup=ACCEPT)
    here = {"chat_id": YULIA, "message_id": card["message_id"]}
    edited = talk.bot("editMessageText", text="Заказ взят", **here)
    assert edited["text"] == "Заказ взят"
    assert edited["edit_date"] >= card["date"]
    assert "reply_markup" not in edited
    line = talk.seen()[-1]
    assert (line["text"], line["edited"], line["buttons"]) == ("Заказ взят", True, [])


def test_not_modified(talk: Talk) -> None:
    card = talk.send("Заказ", reply_markup=ACCEPT)
    here = {"chat_id": YULIA, "message_id": card["message_id"]}
    assert talk.refused("editMessageText", text="Заказ", reply_markup=ACCEPT, **here) == NOT_MODIFIED
    assert talk.refused("editMessageReplyMarkup", reply_markup=ACCEPT, **here) == NOT_MODIFIED
    assert talk.refused("editMessageText", text="<i></i>Заказ ", parse_mode="HTML", reply_markup=ACCEPT,
                        **here) == NOT_MODIFIED  # fmt: skip
    assert talk.bot("editMessageReplyMarkup", **here)["text"] == "Заказ"
    assert talk.refused("editMessageReplyMarkup", **here) == NOT_MODIFIED


def test_what_cannot_be_edited(talk: Talk) -> None:
    said = talk.say("моё")
    keyboard = talk.send("меню", reply_markup={"keyboard": [["Да"]]})["message_id"]
    deleted = talk.send()["message_id"]
    talk.bot("deleteMessage", chat_id=YULIA, message_id=deleted)
    edit = {"chat_id": YULIA, "text": "x"}
    assert talk.refused("editMessageText", message_id=said, **edit) == "message can't be edited"
    assert talk.refused("editMessageText", message_id=keyboard, **edit) == "message can't be edited"
    assert talk.refused("editMessageText", message_id=deleted, **edit) == "message to edit not found"
    assert talk.refused("editMessageText", message_id=777, **edit) == "message to edit not found"
    assert talk.refused("editMessageText", **edit) == "message identifier is not specified"
    own = talk.send()["message_id"]
    assert talk.refused("editMessageText", message_id=own, chat_id=YULIA, text="x" * 4097) == ("MESSAGE_TOO_LONG")
    assert talk.refused("editMessageReplyMarkup", message_id=own, chat_id=YULIA,
                        reply_markup={"keyboard": [["Да"]]}) == "inline keyboard expected"  # fmt: skip


def test_another_bots_message_cannot_be_edited(talk: Talk) -> None:
    talk.sandbox.control("telegram/groups", id=-100500, title="Штаб", forum=False)
    theirs = Talk(talk.sandbox, "98:OTHER").bot("sendMessage", chat_id=-100500, text="x")["message_id"]
    assert talk.refused("editMessageText", chat_id=-100500, message_id=theirs, text="y") == (
        "message can't be edited"
    )


def test_captions(talk: Talk) -> None:
    photo = talk.sandbox.session.post(
        f"{talk.sandbox.url}/bot{BOT}/sendPhoto", data={"chat_id": YULIA}, files={"photo": PNG}
    ).json()["result"]
    here = {"chat_id": YULIA, "message_id": photo["message_id"]}
    assert talk.bot("editMessageCaption", caption="Щиток", **here)["caption"] == "Щиток"
    assert talk.refused("editMessageCaption", caption="Щиток", **here) == NOT_MODIFIED
    assert talk.refused("editMessageText", text="x", **here) == "there is no text in the message to edit"
    text = {"chat_id": YULIA, "message_id": talk.send()["message_id"]}
    assert talk.refused("editMessageCaption", caption="x", **text) == ("there is no caption in the message to edit")


def test_delete(talk: Talk) -> None:
    first, second = talk.send()["message_id"], talk.send()["message_id"]
    assert talk.bot("deleteMessage", chat_id=YULIA, message_id=first) is True
    assert talk.refused("deleteMessage", chat_id=YULIA, message_id=first) == "message to delete not found"
    assert talk.bot("deleteMessages", chat_id=YULIA, message_ids=[first, second, 777]) is True
    assert [line["deleted"] for line in talk.seen()][1:] == [True, True]
    assert talk.refused("deleteMessages", chat_id=YULIA, message_ids=[]) == ("message identifiers are not specified")


def test_answer_reaches_the_person_once(talk: Talk) -> None:
    card = talk.send(reply_markup=ACCEPT)
    query = talk.press(card)["callback_query_id"]
    update = talk.updates()[-1]["callback_query"]
    assert (update["id"], update["data"], update["from"]["id"]) == (query, "y:1", YULIA)
    assert update["message"]["reply_markup"] == ACCEPT
    assert update["chat_instance"]
    assert talk.refused("answerCallbackQuery", callback_query_id=query, text="x" * 201) == "MESSAGE_TOO_LONG"
    answer = {"callback_query_id": query, "text": "Заказ ваш", "show_alert": True}
    assert talk.bot("answerCallbackQuery", **answer) is True
    assert talk.refused("answerCallbackQuery", **answer) == TOO_OLD
    notices = talk.sandbox.get("/sandbox/telegram/answers", bot=BOT, person=str(YULIA)).json()
    assert [(n["text"], n["alert"], n["answered"]) for n in notices] == [("Заказ ваш", True, True)]


def test_unknown_foreign_and_expired_queries(talk: Talk) -> None:
    query = talk.press(talk.send(reply_markup=ACCEPT))["callback_query_id"]
    assert talk.refused("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    other = Talk(talk.sandbox, "98:OTHER")
    assert other.refused("answerCallbackQuery", callback_query_id=query) == TOO_OLD
    assert talk.act("expire")["expired"] == 1
    assert talk.refused("answerCallbackQuery", callback_query_id=query) == TOO_OLD


def test_time_limits_of_answers_and_deletion() -> None:
    now = [1_800_000_000.0]
    documents = Documents(None)
    state = State(documents, lambda: now[0])
    services = Services(state, Updates(state), Files(documents), Limits())
    bot, acts = state.bot(99, BOT), Acts(services)
    state.save_person(Person(YULIA, "Юля"))
    chat = acts.chat(bot, state.person(YULIA))
    acts.say(bot, state.person(YULIA), chat, acts.text("/start"))

    def call(**params: object) -> Call:
        return Call(services, bot, Params({key: str(value) for key, value in params.items()}))

    markup = '{"inline_keyboard":[[{"text":"Принять","callback_data":"y:1"}]]}'
    card = send_message(call(chat_id=YULIA, text="x", reply_markup=markup))["message_id"]
    query = acts.press(bot, state.person(YULIA), chat, card, "Принять")["callback_query_id"]
    now[0] += 16
    with pytest.raises(ApiError, match="query is too old"):
        methods_edit.answer_callback_query(call(callback_query_id=query))
    now[0] += 48 * 3600
    with pytest.raises(ApiError, match="message can't be deleted"):
        methods_edit.delete_message(call(chat_id=YULIA, message_id=card))
    assert methods_edit.edit_message_text(call(chat_id=YULIA, message_id=card, text="y"))["text"] == "y"
