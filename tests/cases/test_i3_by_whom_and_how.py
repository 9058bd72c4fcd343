"""I3: shown and forgotten by a command, by a button of the panel, at a client's word; never by half."""

import io
import json
import time
import unicodedata

import pytest

from bots.client.dialog import step
from record.actions.client_acts import Draft
from record.actions.forgetting import Forgetting
from record.dispatch.person import ERASED
from record.store import Store
from record.store.facts import Beat, alive
from tests.bots.acts import SHOP, text
from tests.cases.test_i3_forgotten_everywhere import CHAT, NAME, PHONE, STREET, TYPED, traces
from tests.harness.office import Office, order
from tests.web.staff import Person
from tests.web.visitor import put_order
from worker.__main__ import main
from worker.forgetting import ForgetJob, forget_now


@pytest.fixture
def caller(office: Office) -> Office:
    """A company with one order of hers, in work."""
    office.begin()
    office.actions.place_order(Draft(NAME, PHONE, STREET, "Искрит", source="telegram", chat=CHAT))
    office.settle()
    return office


def test_i3_show_prints_all_in_russian_and_as_json(caller: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert caller
    assert main(["show", TYPED]) == 0
    shown = capsys.readouterr().out
    for said in (NAME, STREET, PHONE, "Искрит", "Заявка #1"):
        assert said in shown
    assert main(["show", "--json", TYPED]) == 0
    (order,) = json.loads(capsys.readouterr().out)["orders"]
    assert order["name"] == NAME
    assert main(["show", "+79000000000"]) == 1
    assert "ничего не известно" in capsys.readouterr().out
    assert main(["show", "кто-то"]) == 1
    assert "нужны 11 цифр" in capsys.readouterr().err


@pytest.mark.parametrize("way", [[], ["--json"]])
def test_i3_what_was_typed_commands_no_terminal(
    office: Office, capsys: pytest.CaptureFixture[str], way: list[str]
) -> None:
    office.begin()
    typed = "Юля \x1b]0;чужой заголовок\x07\x1b[2J\x9b31m\u202eяирам"
    office.paste(order(5, Имя=typed, Телефон=PHONE, Проблема="Искрит\nв щите"))
    office.settle()
    assert main(["show", *way, TYPED]) == 0
    shown = capsys.readouterr().out
    assert not [sign for sign in shown if sign != "\n" and unicodedata.category(sign) in {"Cc", "Cf"}]
    assert "чужой заголовок" in shown
    assert r"\u001b[2J" in shown


def test_i3_an_order_in_work_prevents_it_unless_it_is_said_twice(
    caller: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["forget", "--yes", TYPED]) == 1
    assert "Ещё не закончены заявки #1" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("нет\n"))
    assert main(["forget", "--even-in-work", TYPED]) == 1
    assert caller.rows()[0]["Имя"] == NAME
    monkeypatch.setattr("sys.stdin", io.StringIO("да\n"))
    assert main(["forget", "--even-in-work", TYPED]) == 0
    out = capsys.readouterr().out
    assert "Акт № 1" in out
    assert "История версий" in out
    assert caller.rows()[0]["Имя"] == ERASED
    assert main(["show", TYPED]) == 1
    assert main(["forget", "--yes", TYPED]) == 0, "done again it harms nobody"


def test_i3_google_away_is_said_and_the_command_repeated_ends_it(
    caller: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    caller.change(1, Статус="Отменена")
    caller.settle()
    caller.fault(times=1000, status=403)
    assert main(["forget", "--yes", TYPED]) == 1
    assert "Записано и будет стёрто" in capsys.readouterr().err
    caller.mend()
    assert main(["forget", "--yes", TYPED]) == 0
    caller.settle()
    assert traces(caller) == []


def test_i3_while_a_worker_polls_its_poll_is_waited_for(caller: Office) -> None:
    caller.change(1, Статус="Отменена")
    caller.settle()
    polling(caller)
    acts = Forgetting(caller.store, caller.settings)
    acts.begin(acts.look(PHONE), "test")
    job = ForgetJob(caller.store, caller.settings)
    caller.flush()
    assert job.run()["ended"] == 0, "a poll on its way may still put her back"
    caller.poll()
    assert job.run()["ended"] == 1
    caller.settle()
    assert traces(caller) == []


SECOND = {"Имя": "Мария Вторая", "Телефон": "+79215550999", "Комментарий": "или 8 921 555-09-99"}


def test_i3_what_is_typed_before_the_write_does_not_stay(caller: Office) -> None:
    caller.change(1, Статус="Отменена")
    caller.settle()
    acts = Forgetting(caller.store, caller.settings)
    number = acts.begin(acts.look(PHONE), "test")
    caller.change(1, **SECOND)
    assert forget_now(caller.store, caller.sheet, caller.settings, number)
    caller.settle()
    told = str(caller.row(1))
    assert not [one for one in SECOND.values() if one in told]


def test_i3_what_is_typed_while_a_poll_is_waited_for_does_not_stay(caller: Office) -> None:
    caller.change(1, Статус="Отменена")
    caller.settle()
    polling(caller)
    acts = Forgetting(caller.store, caller.settings)
    acts.begin(acts.look(PHONE), "test")
    job = ForgetJob(caller.store, caller.settings)
    caller.flush()
    caller.change(1, **SECOND)
    caller.poll()
    assert job.run()["ended"] == 0, "it is erased too"
    caller.settle()
    polling(caller)
    assert job.run()["ended"] == 1
    caller.settle()
    row = caller.row(1)
    assert (row["Имя"], row["Телефон"], row["Комментарий"]) == (ERASED, "", "")
    assert Forgetting(caller.store, caller.settings).look(SECOND["Телефон"]).nobody


def polling(office: Office) -> None:
    """Let the store know of a worker that polls."""
    with office.store.transaction() as tx:
        tx.facts.put(alive("worker"), Beat(at=time.time(), pid=1))


def test_i3_the_panel_shows_asks_and_begins(admin: Person, store: Store) -> None:
    put_order(store, "7", Имя=NAME, Телефон=PHONE, Статус="Выполнена")
    admin.opens("/admin/person")
    admin.sends("/admin/person", phone=TYPED)
    assert NAME in admin.page
    admin.sends("/admin/person/forget", phone=PHONE)
    assert "вернуть будет нельзя" in admin.page
    with store.reading() as tx:
        assert tx.forgets.open() == []
    assert admin.sends("/admin/person/forget", phone=PHONE, sure="1").status_code == 303
    with store.reading() as tx:
        (act,) = tx.forgets.open()
        shown = tx.orders.get(act.orders[0])
    assert shown
    assert (act.by, shown.name, shown.phone) == ("panel", ERASED, "")


@pytest.mark.parametrize("said", ["/forget", "Удалить мои данные", "удалить мои данные!"])
def test_i3_a_client_asks_in_the_bot(caller: Office, said: str) -> None:
    turn = step({"step": "phone", "draft": {"name": NAME}}, text(said), SHOP)
    assert (turn.act, turn.state) == ("forget", {})
    acts = Forgetting(caller.store, caller.settings)
    caller.told()
    assert acts.ask(CHAT)
    assert acts.ask(CHAT), "and once a day is enough for the admin"
    with caller.store.reading() as tx:
        (alarm,) = [one.notice for one in tx.outbox.due(["admin"])]
    assert f"python -m worker forget {PHONE}" in alarm.facts["text"]
    assert "10 рабочих дней" in alarm.facts["text"]
