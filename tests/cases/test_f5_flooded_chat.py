"""F5: however many people write in the site's chat, alarms reach the admin first, and nothing said is lost."""

import re
from pathlib import Path

import pytest

from record.actions import talks
from record.actions.talks import TalkActions
from record.dispatch.notices import Notice
from record.settings.sections import Company, Telegram
from record.store import Speech, Store
from tests.harness.bot_system import BotSystem
from tests.web.staff import Person
from tests.web.visitor import settings_for

ADMIN = 900
PEOPLE, EACH = 10, 12


@pytest.fixture
def chat(store: Store) -> TalkActions:
    """The acts of the chat of a company with a phone and an admin."""
    changed = {"telegram": Telegram(admin_chat_id=ADMIN), "company": Company(phone="+74012000000")}
    return TalkActions(store, settings_for("sqlite:///unused").model_copy(update=changed))


def asks(chat: TalkActions, phone: str = "") -> str:
    """Let a visitor ask for a person; return the secret of his talk."""
    secret = chat.said("", "Есть кто живой?", lambda _: Speech("assistant", "Не знаю"))
    assert chat.ask_person(secret, phone)
    return secret


def says(chat: TalkActions, secret: str, text: str) -> None:
    """Let him say something to the person."""
    chat.said(secret, text, lambda _: Speech("assistant", "Не знаю"))


def floods(chat: TalkActions, people: int = PEOPLE, each: int = EACH) -> list[str]:
    """Let many visitors say much; return their secrets."""
    secrets = [asks(chat) for _ in range(people)]
    for number in range(each):
        for secret in secrets:
            says(chat, secret, f"спам {number}")
    return secrets


def waiting(store: Store) -> list[Notice]:
    """Return what waits for the admin, in the order in which it will be sent."""
    found = []
    with store.transaction() as tx:
        tx.outbox.hurry()
        while heads := tx.outbox.heads(["admin"]):
            found.append(heads[0].notice)
            tx.outbox.end(heads[0].id, "sent")
    return found


def alarm(store: Store, key: str, kind: str = "alarm") -> None:
    """Let something need a person."""
    with store.transaction() as tx:
        tx.outbox.add(Notice(key, "admin", str(ADMIN), kind, facts={"text": key}))


def test_f5_an_alarm_overtakes_ten_floods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real bot, at the pace that Telegram allows: one message a second to a chat."""
    with monkeypatch.context() as patch:
        bot_system = BotSystem(tmp_path, patch, NARYAD_TELEGRAM__CHAT_MESSAGES_PER_SECOND="1")
        try:
            bot_system.system.start("master")
            admin = bot_system.admin()
            admin.asks("/start", "Сюда будут приходить")
            floods(TalkActions(bot_system.store, bot_system.settings))
            with bot_system.store.reading() as tx:
                before = tx.outbox.depth()[0]
            alarm(bot_system.store, "Таблица удалена")
            admin.hears("Таблица удалена")
            with bot_system.store.reading() as tx:
                assert tx.outbox.depth()[0] >= min(before, talks.A_MINUTE) - 5, "most of the flood still waits"
        finally:
            bot_system.close()


@pytest.mark.parametrize("kind", ["alarm", "alarm_over", "no_masters", "price_lowered", "some_kind_of_tomorrow"])
def test_f5_whatever_a_stranger_cannot_make_goes_first_and_in_its_order(
    chat: TalkActions, store: Store, kind: str
) -> None:
    floods(chat, people=3)
    alarm(store, "first", kind)
    floods(chat, people=1)
    alarm(store, "second", "alarm")
    told = waiting(store)
    assert [notice.key for notice in told[:2]] == ["first", "second"]
    lines = [int(notice.key.rpartition(":")[2]) for notice in told if notice.kind == "talk"]
    assert lines == sorted(lines) != []


def test_f5_what_comes_too_fast_is_told_in_one_message_and_kept(chat: TalkActions, store: Store) -> None:
    secrets = floods(chat)
    told = waiting(store)
    assert [notice.kind for notice in told] == ["talk"] * talks.A_MINUTE + ["talks"]
    assert told[-1].facts["count"] == PEOPLE * (EACH + 1) - talks.A_MINUTE
    for secret in secrets:
        said = [line.speech.text for line in chat.lines(secret)[0] if line.speech.who == "client"]
        assert said == ["Есть кто живой?", *(f"спам {number}" for number in range(EACH))]


def test_f5_the_next_ones_are_told_in_another_message(chat: TalkActions, store: Store) -> None:
    floods(chat)
    waiting(store)
    floods(chat, people=1, each=2)
    assert [(notice.kind, notice.facts["count"]) for notice in waiting(store)] == [("talks", 3)]


def test_f5_who_says_too_much_is_asked_to_call_once(chat: TalkActions, store: Store) -> None:
    loud, calm = asks(chat), asks(chat)
    for number in range(60):
        says(chat, loud, f"алло {number}")
    with store.transaction() as tx:  # a minute later
        tx.facts.put(talks.THIS_MINUTE, talks.Minute(since=0.0, told=0))
    says(chat, calm, "Сколько стоит розетка?")
    told = waiting(store)
    assert sum("алло" in str(notice.facts.get("text")) for notice in told) <= talks.HOURLY
    assert any(notice.facts.get("text") == "Сколько стоит розетка?" for notice in told)
    answers = [line.speech.text for line in chat.lines(loud)[0] if line.speech.who == "assistant"]
    assert sum("позвоните: +7 4012 00-00-00" in text for text in answers) == 1


def test_f5_staff_read_and_answer_in_the_panel(admin: Person, chat: TalkActions) -> None:
    floods(chat)
    secret = asks(chat, "+79001234567")
    says(chat, secret, "Повесите <люстру>?")
    admin.opens("/admin/talks")
    page = admin.says()
    assert "Повесите <люстру>?" in page
    assert "+79001234567" in page, "though no message of its own told it"
    assert "<люстру>" not in admin.page
    number = re.search(r'action="(/admin/talks/\d+)"', admin.page)
    assert number
    admin.follows(admin.sends(number[1], text="Повесим"))
    assert "Ответ уже стоит" in admin.says()
    assert chat.lines(secret)[0][-1].speech == Speech("staff", "Повесим")
    assert admin.sends("/admin/talks/999999", text="Кому?").status_code == 404


def test_f5_strangers_read_no_talks(person: Person, chat: TalkActions) -> None:
    asks(chat)
    answer = person.opens("/admin/talks")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin.html?next=/admin/talks")
