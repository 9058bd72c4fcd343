"""F10: staff enter the panel under their own names, and confirm it in their own chats; history names them."""

import io
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from bots.incoming import Incoming
from bots.master.entry import EntryTalk
from bots.master.entry_texts import MINE, NOT_MINE, question
from record.actions.second_factor import SecondFactor
from record.dispatch.notices import Notice
from record.store import Store
from record.store.staff import ENTRY_S
from record.values import Address, telegram
from tests.harness.bot_office import ADMIN, BotOffice
from tests.web.staff import NewPerson, Person, enters, later, password_hash
from tests.web.visitor import put_order, settings_for
from web import staff_commands
from web.views.admin import second

ANNA, PETR, STRANGER = telegram(901), telegram(902), telegram(999)


def name(store: Store, who: str, chat: Address | None = ANNA) -> None:
    """Let somebody be named, with the password of the tests."""
    with store.transaction() as tx:
        tx.staff.put(who, password_hash(), time.time())
        if chat:
            tx.staff.tie(who.casefold().replace("ё", "е"), chat)


@pytest.fixture
def talk(store: Store, tmp_path: Path) -> EntryTalk:
    """What the master bot answers about entries, on the site's store."""
    settings = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3")
    told = settings.telegram.model_copy(update={"admin_chat_id": ADMIN})
    return EntryTalk(store, settings.model_copy(update={"telegram": told}))


@pytest.fixture
def office(new_person: NewPerson, store: Store) -> NewPerson:
    """A panel in which Анна is named, and confirms in her chat."""
    name(store, "Анна")
    return new_person


def types(person: Person, who: str = "Анна", password: str | None = None) -> int:
    """Type a name and a password into the form; return what the site answers."""
    typed = {"username": who}
    answer = enters(person, **typed) if password is None else enters(person, password, **typed)
    if answer.status_code == 303:
        person.follows(answer)
    return answer.status_code


def questions(store: Store) -> list[Notice]:
    """Return what the bot has to ask, oldest first."""
    with store.reading() as tx:
        return [one.notice for one in tx.outbox.due(["staff"])]


def presses(talk: EntryTalk, asked: Notice, label: str = MINE, chat: Address = ANNA) -> str:
    """Press a button under a question; return the toast."""
    (row,) = question(asked.facts).buttons
    (data,) = [button.data for button in row if button.text == label]
    replies = talk.answer(Incoming(chat, "press", data=data, query="q", message_id="7"))
    assert replies
    return replies[0].toast


def says(talk: EntryTalk, text: str, chat: Address = ANNA) -> str:
    """Send the bot a text; return what it answers, "" where it is not about entries."""
    replies = talk.answer(Incoming(chat, "text", text=text, full_name="Анна И.", username="anna"))
    return replies[0].message.text if replies and replies[0].message else ""


def is_in(person: Person) -> bool:
    """Return whether somebody is in the panel."""
    return person.opens("/admin/orders").status_code == 200


def alarms(store: Store) -> list[str]:
    """Return what the admin is told."""
    with store.reading() as tx:
        return [str(one.notice.facts.get("text")) for one in tx.outbox.due(["admin"])]


def test_f10_a_right_password_alone_opens_nothing(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    anna = office()
    assert types(anna, " анна ") == 303
    assert "Это вы" in anna.says()
    assert not is_in(anna)
    (asked,) = questions(store)
    said = question(asked.facts).text
    assert all(part in said for part in ("Анна", "127.0.0.1", "Когда:")), said
    assert presses(talk, asked) == "Вход открыт"
    anna.follows(anna.opens("/admin/confirm"))
    assert is_in(anna)
    assert "Анна" in anna.says()


def test_f10_a_waiting_page_goes_on_by_itself(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    anna = office()
    anna.follows(enters(anna, username="Анна", next="/admin/masters"))
    live = anna.opens("/admin/confirm/live")
    assert (live.status_code, "HX-Redirect" in live.headers) == (200, False)
    presses(talk, questions(store)[0])
    assert anna.opens("/admin/confirm/live").headers["HX-Redirect"] == "/admin/confirm"
    assert anna.opens("/admin/confirm").headers["Location"] == "/admin/masters"


def test_f10_not_me_refuses_warns_the_admin_and_stops_the_questions(
    office: NewPerson, store: Store, talk: EntryTalk
) -> None:
    thief = office()
    types(thief)
    (asked,) = questions(store)
    assert presses(talk, asked, NOT_MINE) == "Не впустили"
    assert presses(talk, asked, NOT_MINE) == "Не впустили", "a press that is handled twice"
    thief.follows(thief.opens("/admin/confirm"))
    assert "Это не я" in thief.says()
    assert not is_in(thief)
    (told,) = alarms(store)
    assert "Анна" in told
    assert "127.0.0.1" in told
    assert types(office()) == 429
    assert len(questions(store)) == 1


def test_f10_one_press_lets_in_one_browser_once(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    thief, anna = office(), office()
    types(thief)
    first = questions(store)[0]
    types(anna)
    second_asked = questions(store)[-1]
    assert presses(talk, first).startswith("Время вышло"), "only the last entry can be confirmed"
    assert presses(talk, second_asked) == "Вход открыт"
    assert presses(talk, second_asked) == "Вход открыт"
    waiting = anna.client.get_cookie("naryad-entry")
    assert waiting
    anna.follows(anna.opens("/admin/confirm"))
    assert is_in(anna)
    assert not is_in(thief)
    thief.client.set_cookie("naryad-entry", waiting.value)
    thief.opens("/admin/confirm")
    assert not is_in(thief), "used up"
    assert presses(talk, second_asked, NOT_MINE).startswith("Время вышло")


def test_f10_only_her_own_chat_counts(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    name(store, "Пётр", PETR)
    anna = office()
    types(anna)
    (asked,) = questions(store)
    for chat in (PETR, STRANGER):
        assert presses(talk, asked, chat=chat) == "Эта кнопка не для вас"
    anna.opens("/admin/confirm")
    assert not is_in(anna)


@pytest.mark.parametrize("late", [ENTRY_S + 1, 86_400.0])
def test_f10_the_word_comes_too_late(office: NewPerson, store: Store, talk: EntryTalk, late: float) -> None:
    anna = office()
    types(anna)
    (asked,) = questions(store)
    with later(late):
        assert presses(talk, asked).startswith("Время вышло")
        assert anna.opens("/admin/confirm").status_code == 303
        assert not is_in(anna)


@pytest.mark.parametrize("data", ["entry:1:1:yes", "entry:x", "entry:", "entry:1:1:maybe", "entry:999999999:1:no"])
def test_f10_made_up_presses_are_one_toast(office: NewPerson, talk: EntryTalk, data: str) -> None:
    types(office())
    replies = talk.answer(Incoming(ANNA, "press", data=data, query="q", message_id="7"))
    assert replies
    assert replies[0].toast.startswith("Время вышло")


def test_f10_the_first_entry_ties_her_chat_by_the_code_of_the_page(
    new_person: NewPerson, store: Store, talk: EntryTalk
) -> None:
    name(store, "Анна", None)
    anna = new_person()
    types(anna)
    assert questions(store) == []
    (code,) = re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", anna.says())[:1]
    assert "не действует" in says(talk, "AAAA-AA2A")
    for _ in range(2):
        assert "Готово, Анна" in says(talk, f"/start {code.lower()}"), "again after a kill"
    anna.follows(anna.opens("/admin/confirm"))
    assert is_in(anna)
    assert "нового чата" in alarms(store)[0]
    assert "не действует" in says(talk, code, STRANGER), "once"
    types(new_person())
    assert [one.recipient for one in questions(store)] == [str(ANNA)]


@pytest.mark.parametrize("typed", ["АННА 2027", "АННА2027", "BMW5 2023", "ВМW5 2345"])
def test_f10_a_name_or_a_car_is_no_dead_code(talk: EntryTalk, typed: str) -> None:
    assert says(talk, typed) == ""


@pytest.mark.parametrize("typed", ["BMW5-2345", "BMW52345", "код BMW5 2345", "/start BMW5 2345"])
def test_f10_a_dead_code_is_called_so(talk: EntryTalk, typed: str) -> None:
    assert "не действует" in says(talk, typed)


def test_f10_a_tied_chat_is_not_changed_by_who_knows_the_password(
    office: NewPerson, store: Store, talk: EntryTalk
) -> None:
    thief = office()
    types(thief)
    assert not re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b(?!, например)", thief.says())
    with store.transaction() as tx:
        code = tx.staff.give_code("анна", time.time())
    for _ in range(2):
        assert "Готово" in says(talk, code, PETR), "the code of the command line does, as for a lost phone"
    assert "не действует" in says(talk, code, STRANGER), "once"
    with store.reading() as tx:
        member = tx.staff.get("анна")
    assert member
    assert member.chat == PETR


@pytest.mark.parametrize("spelt", ["{}", " {} ", "код {}", "Вход: {}"])
def test_f10_without_telegram_a_code_of_the_command_line_lets_in(office: NewPerson, store: Store, spelt: str) -> None:
    anna = office()
    types(anna)
    with store.transaction() as tx:
        code = tx.staff.give_code("анна", time.time())
    assert anna.sends("/admin/confirm", code="K7MN-4Q5T").status_code == 422
    anna.follows(anna.sends("/admin/confirm", code=spelt.format(code).lower()))
    assert is_in(anna)
    other = office()
    types(other)
    assert other.sends("/admin/confirm", code=code).status_code == 422, "once"


def test_f10_codes_cannot_be_guessed(office: NewPerson, store: Store) -> None:
    thief = office()
    types(thief)
    told = [thief.sends("/admin/confirm", code=f"K7MN-4Q{n}T").status_code for n in range(2, 7)]
    assert told == [422] * 4 + [303]
    with store.transaction() as tx:
        code = tx.staff.give_code("анна", time.time())
    thief.sends("/admin/confirm", code=code)
    assert not is_in(thief)


def test_f10_the_shared_password_opens_no_more_once_somebody_is_named(new_person: NewPerson, store: Store) -> None:
    owner = new_person()
    owner.follows(enters(owner))
    assert is_in(owner)
    assert "по одному паролю" in owner.opens("/admin/health").get_data(as_text=True)
    name(store, "Анна")
    assert not is_in(owner)
    assert enters(owner).status_code == 422
    with store.transaction() as tx:
        tx.staff.remove("анна")
    assert enters(owner).status_code == 303


def enters_whole(person: Person, store: Store, talk: EntryTalk, who: str = "Анна", chat: Address = ANNA) -> None:
    """Enter with all that it takes."""
    assert types(person, who) == 303
    assert presses(talk, questions(store)[-1], chat=chat) == "Вход открыт"
    person.follows(person.opens("/admin/confirm"))
    assert is_in(person)


def test_f10_who_is_taken_out_or_gets_another_password_is_out_at_once(
    office: NewPerson, store: Store, talk: EntryTalk
) -> None:
    name(store, "Пётр", PETR)
    anna, petr = office(), office()
    enters_whole(anna, store, talk)
    enters_whole(petr, store, talk, "Петр", PETR)
    with store.transaction() as tx:
        tx.staff.remove("анна")
    assert (is_in(anna), is_in(petr)) == (False, True)
    assert types(office()) == 422
    with store.transaction() as tx:
        tx.staff.put("Пётр", password_hash() + "0", time.time())
    assert not is_in(petr)


def test_f10_a_password_changed_meanwhile_lets_nobody_in(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    anna = office()
    types(anna)
    presses(talk, questions(store)[0])
    with store.transaction() as tx:
        tx.staff.put("Анна", password_hash() + "0", time.time())
    anna.opens("/admin/confirm")
    assert not is_in(anna)


def test_f10_history_names_her(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    put_order(store, "17")
    anna = office()
    enters_whole(anna, store, talk)
    anna.opens("/admin/orders/17")
    anna.sends("/admin/orders/17", status="Отменена", seen_status="Новая")
    with store.reading() as tx:
        (waiting,) = tx.journal.pending("Заявки", "17")
        assert str(waiting.by) == "panel Анна"


def test_f10_unknown_names_and_wrong_passwords_look_alike(office: NewPerson) -> None:
    one, other = office(), office()
    assert types(one, "Никто") == types(other, "Анна", "кривая лошадь") == 422
    assert "Имя или пароль не подошли" in one.says()
    assert one.says().replace("Никто", "") == other.says().replace("Анна", "")


def test_f10_she_is_not_worn_down_with_questions(office: NewPerson, store: Store, talk: EntryTalk) -> None:
    anna = office()
    enters_whole(anna, store, talk)
    thief = office()
    thief.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert [types(thief) for _ in range(6)] == [303] * 5 + [429]
    assert types(anna) == 303, "her own device asks in spite of them"


def test_f10_the_bot_asks_in_her_chat_before_the_sheet_was_ever_read_and_not_too_late(tmp_path: Path) -> None:
    room = BotOffice(tmp_path, known=False)
    acts = SecondFactor(room.store, room.settings)
    name(room.store, "Анна")
    name(room.store, "Пётр", PETR)
    with room.store.reading() as tx:
        anna, petr = tx.staff.all()
    acts.begin(anna, "1.2.3.4", "Chrome, Windows")
    room.delivers(lambda: set(room.outbox().values()) == {"sent"})
    assert "1.2.3.4" in str(room.wire.asked)
    with freeze_time(datetime.now(UTC) - timedelta(seconds=ENTRY_S + 5), tick=True):
        acts.begin(petr, "5.6.7.8", "Chrome, Windows")
    room.delivers(lambda: "stale" in room.outbox().values())
    assert "5.6.7.8" not in str(room.wire.asked)
    room.store.close()


class TestTheCommand:
    """`python -m web set-password NAME` and `… staff`."""

    @pytest.fixture(autouse=True)
    def _here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3")
        monkeypatch.setattr(staff_commands, "load_settings", lambda: settings)

    def test_f10_a_person_is_added_listed_and_taken_out(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], talk: EntryTalk
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("верная лошадь скрепка\n" * 2))
        assert staff_commands.set_password(["Анна", "Иванова"]) == 0
        said = capsys.readouterr().out
        (code,) = re.findall(r"Код: (\S+),", said)
        assert "Готово, Анна Иванова" in says(talk, code)
        assert staff_commands.staff([]) == 0
        assert "Анна Иванова: подтверждает в Telegram" in capsys.readouterr().out
        assert staff_commands.staff(["remove", "анна иванова"]) == 0
        assert staff_commands.staff(["remove", "анна иванова"]) == 1
        assert "Такого сотрудника нет" in capsys.readouterr().err

    def test_f10_a_code_read_is_good(self, monkeypatch: pytest.MonkeyPatch, talk: EntryTalk, store: Store) -> None:
        name(store, "Анна", chat=None)
        heard: list[str] = []

        class Screen(io.StringIO):
            def write(self, said: str) -> int:
                heard.extend(says(talk, code) for code in re.findall(r"Код: (\S+),", said))
                return len(said)

        monkeypatch.setattr(sys, "stdout", Screen())
        assert staff_commands.staff(["code", "Анна"]) == 0
        assert "Готово, Анна" in heard[0]

    @pytest.mark.parametrize("typed", ["", "12", "x" * 61])
    def test_f10_a_name_is_a_word(self, typed: str, capsys: pytest.CaptureFixture[str], store: Store) -> None:
        assert staff_commands.set_password([typed]) == 1
        assert "Имя" in capsys.readouterr().err
        with store.reading() as tx:
            assert not tx.staff.any()


def test_f10_nothing_of_a_person_stands_in_the_clear(store: Store) -> None:
    name(store, "Анна")
    with store.transaction() as tx:
        code = tx.staff.give_code("анна", time.time())
        _, secret = tx.entries.begin(tx.staff.all()[0], "1.2.3.4", "Chrome", time.time())
        kept = str(tx.keepsakes.take())
    assert code not in kept
    assert secret not in kept
    assert second.SALT
