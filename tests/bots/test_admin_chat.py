"""The admin's chat can't be written to, or is another by now: what is for him waits, and it is shown."""

import time

import pytest
from sqlalchemy import text

from bots.master.bot import MasterBot
from record.actions.talks import TalkActions
from record.dispatch.notices import Notice
from record.store import Speech
from record.values import telegram
from record.watch import admin_chat
from record.watch.alerts import Alerts
from record.watch.health import examine
from tests.harness.bot_office import ADMIN, Answer, BotOffice, Json, handles, refusal

SUPERGROUP = -1001234567890
KICKED = "Forbidden: bot was kicked from the group chat"


def away(words: str = KICKED, code: int = 403) -> Answer:
    """Return Telegram's answer about a chat that can't be written to."""
    return refusal(code, words)


def lose(room: BotOffice, *keys: str, words: str = KICKED) -> None:
    """Let notices be queued, and the first of them be tried in vain."""
    room.wire.answers = lambda name, _: away(words) if name == "sendMessage" else None
    for key in keys:
        room.queue("admin", "alarm", key=key, text=f"Беда {key}")
    room.delivers(lambda: reasons(room))


def reasons(room: BotOffice) -> list[str]:
    """Return what a monitor is told of the admin's chat and of what waits."""
    with room.store.reading() as tx:
        found = examine(tx, room.settings, time.time(), up_s=0).reasons
    return [one for one in found if "Чат администратора" in one or "ждёт отправки" in one]


def later(room: BotOffice, seconds: float) -> None:
    """Let all that waits have waited for longer, and be due again."""
    with room.store._engine.begin() as connection:  # noqa: SLF001  time is not let pass otherwise
        moved = "UPDATE outbox SET queued_at = queued_at - :s, due_at = queued_at - :s WHERE state = 'waiting'"
        connection.execute(text(moved), {"s": seconds})


def member(status: str, chat: int = ADMIN) -> Json:
    """Return the update of the bot's being let into a group, or put out."""
    who = {"id": 7, "is_bot": False, "first_name": "Ольга"}
    change = {"chat": {"id": chat, "type": "group"}, "from": who, "date": 1, "new_chat_member": {"status": status}}
    return {"update_id": 1, "my_chat_member": change}


def test_alarms_wait_for_a_chat_that_cant_be_written_to_and_come_when_it_is_back(room: BotOffice) -> None:
    lose(room, "a", "b")
    assert room.outbox() == {"a": "waiting", "b": "waiting"}
    assert reasons(room) == [
        "Чат администратора недоступен: бота убрали из группы, добавьте его снова; что было для него, дождётся."
    ]
    room.wire.answers = lambda _name, _given: None
    handles(room, member("member"))
    assert reasons(room) == []
    assert not room.postponed(), "he is told at once, and not in an hour"
    room.delivers(lambda: set(room.outbox().values()) == {"sent"})
    assert room.wire.said(ADMIN)[-2:] == ["🚨 Беда a", "🚨 Беда b"]


def test_it_is_tried_less_and_less_often_but_once_it_arrives_all_is_well(room: BotOffice) -> None:
    lose(room, "a")
    for _ in range(5):
        room.tries_again()
    with room.store.reading() as tx:
        assert tx.outbox.heads(["admin"]) == []
    room.wire.answers = lambda _name, _given: None
    room.hurry()
    room.delivers(lambda: room.outbox() == {"a": "sent"})
    assert reasons(room) == []


def test_that_something_waits_is_not_said_beside(room: BotOffice) -> None:
    lose(room, "a")
    later(room, 3600)
    assert len(reasons(room)) == 1
    room.queue("client", "done", "5")
    later(room, 120)
    assert len(reasons(room)) == 2, "what is for others still counts"


def test_nothing_waits_for_ever(room: BotOffice) -> None:
    lose(room, "old", "also old")
    later(room, 8 * 86400)
    room.queue("admin", "alarm", key="new", text="Беда")
    room.delivers(lambda: room.outbox() == {"old": "failed", "also old": "failed", "new": "waiting"})


def test_a_bot_that_is_put_out_of_the_group_is_not_back(room: BotOffice) -> None:
    lose(room, "a")
    handles(room, member("kicked"))
    assert len(reasons(room)) == 1


def test_a_corrected_setting_leads_what_waits_to_the_new_chat(room: BotOffice) -> None:
    lose(room, "a")
    telegram = room.settings.telegram.model_copy(update={"admin_chat_id": 901})
    room.settings = room.settings.model_copy(update={"telegram": telegram})
    assert reasons(room) == []
    assert room.postponed()
    room.wire.answers = lambda _name, _given: None
    room.delivers(lambda: room.outbox() == {"a": "sent"})
    assert room.wire.said(901) == ["🚨 Беда a"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Forbidden: bot was blocked by the user", "остановил бота"),
        ("Forbidden: bot is not a member of the supergroup chat", "бота нет в группе"),
        ("Forbidden: bot can't initiate conversation with a user", "нажмёт в боте «Запустить»"),
        ("Bad Request: chat not found", "telegram.admin_chat_id"),
        ("Bad Request: not enough rights to send text messages to the chat", "разрешите ему"),
        ("Forbidden: something new", "Telegram отвечает «Forbidden: something new»"),
    ],
)
def test_what_is_to_be_done_about_it(room: BotOffice, words: str, said: str) -> None:
    code = 400 if words.startswith("Bad") else 403
    room.wire.answers = lambda name, _: away(words, code) if name == "sendMessage" else None
    room.queue("admin", "alarm", text="Беда")
    room.delivers(lambda: reasons(room))
    assert said in reasons(room)[0]


def test_a_group_that_became_a_supergroup_is_followed(room: BotOffice) -> None:
    def moved(_name: str, given: Json) -> Answer:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        return refusal(400, words, migrate_to_chat_id=SUPERGROUP) if given.get("chat_id") == str(ADMIN) else None

    room.wire.answers = moved
    room.queue("admin", "alarm", key="a", text="Беда a")
    room.delivers(lambda: set(room.outbox().values()) == {"sent"} and len(room.outbox()) == 2)
    heard = room.wire.said(SUPERGROUP)
    assert "🚨 Беда a" in heard
    assert any(f"номер теперь {SUPERGROUP}" in one and "telegram.admin_chat_id" in one for one in heard)
    tried = room.wire.said(ADMIN)
    room.queue("admin", "alarm", key="b", text="Беда b")
    room.delivers(lambda: set(room.outbox().values()) == {"sent"})
    assert room.wire.said(SUPERGROUP)[-1] == "🚨 Беда b"
    assert room.wire.said(ADMIN) == tried, "the old number is not tried again"
    with room.store.reading() as tx:
        assert admin_chat.chat_of(tx, room.settings) == telegram(SUPERGROUP)
    bot = MasterBot(room.store, room.settings, room.actions)
    assert bot._is_admin(telegram(SUPERGROUP))  # noqa: SLF001  answers to visitors of the site come from there now


def test_all_that_is_for_a_group_that_moved_stands_in_one_line_alarms_first(room: BotOffice) -> None:
    """Whoever tells the admin something addresses the chat of now, where an alarm overtakes what strangers write."""
    with room.store.transaction() as tx:
        tx.outbox.add(Notice("before", "admin", str(ADMIN), "alarm", facts={"text": "Было до переезда"}))
        admin_chat.moved(tx, telegram(ADMIN), telegram(SUPERGROUP))
    talks = TalkActions(room.store, room.settings)
    secret = talks.said("", "Здравствуйте", lambda _: Speech("assistant", "Здравствуйте"))
    assert talks.ask_person(secret)
    room.actions.register_master("Ким", "+79110000009", telegram(77), "Электрика")
    with room.store.transaction() as tx:
        Alerts(tx, room.settings, "k").open("a", "Беда")
    with room.store.reading() as tx:
        waiting = {one.notice.kind: one.notice.recipient for one in tx.outbox.due(["admin"])}
    assert waiting.keys() == {"alarm", "talk", "master_registered"}
    assert set(waiting.values()) == {str(SUPERGROUP)}
    room.delivers(lambda: set(room.outbox().values()) == {"sent"})
    heard = room.wire.said(SUPERGROUP)
    assert room.wire.said(ADMIN) == []
    alarm, talk = (next(place for place, one in enumerate(heard) if words in one) for words in ("Беда", "Здравст"))
    assert alarm < talk
