"""H5: what comes in a number that a working day does not know waits for a person; all else goes on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from bots.wave_cards import outcome
from record.dispatch.waves import State, Wave, held_in
from record.values import Status
from record.watch import open_waves
from tests.harness.company import IVAN, JULIA, WAVE_ROWS, Company, labels
from tests.harness.office import Office, offered, order
from tests.harness.system import ADMIN, CLIENT_BOT, MASTER_BOT

MANY = 30


def pasted(number: int, **more: Any) -> dict[str, Any]:
    """Return a row as somebody pastes it: no number, no key, no status."""
    return {"Имя": f"Клиент {number}", "Телефон": f"+7900555{number:04}", "Проблема": f"Розетка {number}", **more}


def checks(office: Office) -> list[str]:
    """Return what «Проверка» says of each order, from the top."""
    place = office.values()[0].index("Проверка")
    return [str(row[place]) if place < len(row) else "" for row in office.values()[1:] if any(row)]


def decide(office: Office, state: str, number: int = 1) -> str:
    """Let the admin press a button of a wave's question."""
    return office.actions.decide_wave(number, send=state == "send")[0]


def wave(office: Office) -> Wave:
    """Return the wave that waits."""
    with office.store.reading() as tx:
        (found,) = open_waves.waiting(tx)
    return found


def wave_of(office: Office, number: int = 1) -> Wave:
    """Return a wave, whatever was decided about it."""
    with office.store.reading() as tx:
        return open_waves.waves_of(tx)[number]


@pytest.fixture
def flooded(office: Office) -> Office:
    """Thirty rows have been pasted into an empty sheet, and have rested."""
    office.begin()
    office.paste(*(pasted(n) for n in range(1, MANY + 1)))
    office.settle()
    return office


def test_h5_a_pasted_wave_is_held_and_the_admin_is_asked_once(flooded: Office) -> None:
    assert flooded.told() == ["admin 900: wave"]
    assert {held_in(said) for said in checks(flooded)} == {1}
    assert all("в числе 30 строк сразу" in said and "не разослана" in said for said in checks(flooded))
    assert {row["ID"] for row in flooded.rows()} == {""}, "no number is used up before the decision"
    flooded.settle()
    assert flooded.told() == []


def test_h5_sent_each_master_hears_of_each_once(flooded: Office) -> None:
    flooded.told()
    assert decide(flooded, "send") == "sent"
    while flooded.poll().idle is False:
        flooded.flush()
        flooded.deliver()
    flooded.settle()
    rows = flooded.rows()
    assert [row["Проверка"] for row in rows] == [""] * MANY
    assert all(row["ID"] and row["Ключ"] and row["Оповещены"] for row in rows)
    with flooded.store.reading() as tx:
        told = [said for row in rows for said in tx.outbox.results(str(row["ID"]))]
    assert sorted(notice.kind for notice, _, _ in told) == ["order_new"] * (2 * MANY)
    assert decide(flooded, "send") == "gone"


def test_h5_left_out_they_stay_and_say_why_and_one_can_be_sent(flooded: Office) -> None:
    flooded.told()
    assert decide(flooded, "leave") == "left"
    assert decide(flooded, "send") == "decided"
    flooded.settle()
    assert flooded.told() == []
    assert all("так решил администратор" in said for said in checks(flooded))
    assert {row["Оповещены"] for row in flooded.rows()} == {"не рассылать"}
    given = {(row["Статус"], row["Источник"], bool(row["Дата"])) for row in flooded.rows()}
    assert given == {("Новая", "phone", True)}, "as any typed row"
    flooded.restart(forget=True)
    flooded.settle()
    assert flooded.told() == [], "the sheet remembers the decision"
    flooded.change(7, Оповещены="")
    flooded.settle()
    assert flooded.told() == offered(7)
    assert flooded.row(7)["Проверка"] == ""


def test_h5_undone_nothing_is_left_and_nothing_stands_still(flooded: Office) -> None:
    flooded.told()
    flooded.tab().batch_clear([f"A2:O{MANY + 1}"])
    flooded.settle()
    assert checks(flooded) == []
    assert decide(flooded, "send") == "gone"
    assert flooded.told() == ["admin 900: alarm_over"]


def test_h5_who_deals_with_a_row_by_hand_has_decided_about_it(flooded: Office) -> None:
    flooded.told()
    header = flooded.header()
    flooded.tab().update_cell(2, header.index("Мастер") + 1, "Иван Петров")
    flooded.tab().update_cell(3, header.index("Проверка") + 1, "")
    flooded.tab().update_cell(4, header.index("Статус") + 1, "Отменена")
    flooded.settle()
    assert sorted(flooded.told()) == sorted(["master 1: assigned 1", *offered(2)])
    assert [held_in(said) for said in checks(flooded)] == [0, 0, 0] + [1] * (MANY - 3)


@pytest.mark.parametrize("forget", [False, True])
def test_h5_a_restart_forgets_nothing(flooded: Office, *, forget: bool) -> None:
    flooded.told()
    flooded.restart(forget=forget)
    flooded.settle()
    assert flooded.told() == (["admin 900: wave"] if forget else [])
    assert {held_in(said) for said in checks(flooded)} == {1}
    assert decide(flooded, "leave") == "left"


def test_h5_left_out_dealt_with_and_reopened_it_is_offered_like_any_other(flooded: Office) -> None:
    flooded.told()
    decide(flooded, "leave")
    flooded.settle()
    flooded.change(7, Статус="В работе", Мастер="Сергей Ким")
    flooded.settle()
    assert flooded.row(7)["Оповещены"] == ""
    flooded.told()
    flooded.change(7, Статус="Новая", Мастер="")
    flooded.settle()
    told = flooded.told()
    assert [one for one in told if "order_new" in one] == offered(7)
    with flooded.store.reading() as tx:
        assert [found.id for found in tx.orders.find(status=Status.NEW, offered=True)] == ["7"]


@pytest.mark.parametrize("state", ["send", "leave"])
def test_h5_the_answer_names_no_number_of_rows_that_were_dealt_with_by_hand(flooded: Office, state: State) -> None:
    flooded.tab().batch_clear(["A2:O11"])
    flooded.settle()
    assert decide(flooded, state)
    shown = outcome(replace(wave_of(flooded), state=state), 1).text
    assert str(MANY) not in shown
    assert shown.startswith("📣 Пачка 1: рассылаю" if state == "send" else "🤫 Пачка 1: не рассылаю")


def test_h5_what_a_person_wrote_into_the_check_of_a_held_row_is_kept(office: Office) -> None:
    office.begin()
    office.paste(*(pasted(n, Проверка="звонить после 18") for n in range(MANY)))
    office.settle()
    assert {held_in(said) for said in checks(office)} == {1}
    decide(office, "leave")
    office.settle()
    assert {row["Комментарий"] for row in office.rows()} == {"звонить после 18"}


@pytest.mark.parametrize("late", [False, True])
def test_h5_a_note_in_the_check_of_a_held_order_is_kept_and_lets_nothing_go(office: Office, *, late: bool) -> None:
    office.begin()
    note = {"Проверка": "звонить после 18"}
    first = {} if late else note
    office.paste(*(order(n, Оповещены="", **first) for n in range(1, MANY + 1)))
    office.poll()
    office.change(7, Адрес="Мира 7", **note)
    office.poll()
    office.settle()
    assert office.told() == ["admin 900: wave"]
    assert {held_in(said) for said in checks(office)} == {1}
    assert office.row(7)["Комментарий"] == "звонить после 18"
    office.change(8, Проверка=f"{office.row(8)['Проверка']}. Ключ у соседа")
    office.settle()
    decide(office, "leave")
    office.settle()
    assert "Ключ у соседа" in office.row(8)["Комментарий"]


def test_h5_an_old_question_decides_nothing_about_another_wave_of_its_number(flooded: Office) -> None:
    asked = wave(flooded)
    flooded.restart(forget=True)
    with freeze_time(datetime.now() + timedelta(hours=1), tick=True):
        flooded.settle()
        assert wave(flooded).number == asked.number
        assert flooded.actions.decide_wave(1, send=True, opened=asked.second)[0] == "gone"
        assert flooded.actions.decide_wave(1, send=True, opened=wave(flooded).second)[0] == "sent"


@pytest.mark.parametrize("typed", [True, False])
def test_h5_no_new_wave_takes_the_number_of_one_that_only_the_sheet_knows(flooded: Office, *, typed: bool) -> None:
    flooded.told()
    flooded.restart(forget=True)
    numbers = range(31, 31 + MANY)
    flooded.paste(*(map(pasted, numbers) if typed else (order(n, Оповещены="") for n in numbers)))
    flooded.settle()
    assert flooded.told() == ["admin 900: wave"] * 2
    held = [held_in(said) for said in checks(flooded)]
    assert held == [1] * MANY + [2] * MANY


def test_h5_who_gets_a_chat_later_is_asked_then(office: Office) -> None:
    chat = office.settings.telegram.admin_chat_id
    alone(office, 0)
    office.begin()
    office.paste(*(pasted(n) for n in range(1, MANY + 1)))
    office.settle()
    assert office.told() == []
    alone(office, chat)
    office.settle()
    assert office.told() == ["admin 900: wave"]
    office.restart()
    office.settle()
    assert office.told() == []


def alone(office: Office, chat: int) -> None:
    """Start anew with another chat of the admin's, 0 for none."""
    telegram = office.settings.telegram.model_copy(update={"admin_chat_id": chat})
    office.settings = office.settings.model_copy(update={"telegram": telegram})
    office.restart()


def test_h5_copies_of_held_rows_make_the_wave_larger_and_the_admin_is_asked_again(flooded: Office) -> None:
    flooded.told()
    held = [{**row, "Имя": f"Копия {number}"} for number, row in enumerate(flooded.rows())]
    flooded.paste(*held)
    flooded.settle()
    assert wave(flooded).count == 2 * MANY
    assert flooded.told() == ["admin 900: wave"]


def test_h5_typed_one_by_one_orders_go_past_a_wave(flooded: Office) -> None:
    flooded.told()
    flooded.paste(pasted(900))
    flooded.settle()
    assert flooded.told() == offered(1)


def test_h5_orders_pasted_with_their_numbers_are_held_too(office: Office) -> None:
    office.begin()
    office.paste(*(order(n, Оповещены="") for n in range(1, MANY + 1)))
    office.settle()
    assert office.told() == ["admin 900: wave"]
    assert {held_in(said) for said in checks(office)} == {1}
    decide(office, "leave")
    office.settle()
    assert office.told() == []
    assert {row["Оповещены"] for row in office.rows()} == {"не рассылать"}


def test_h5_an_old_table_with_new_orders_is_held_at_the_first_reading(office: Office) -> None:
    office.paste(*(order(n, Оповещены="") for n in range(1, MANY + 1)))
    office.settle()
    assert office.told() == ["admin 900: wave"]
    decide(office, "send")
    office.settle()
    assert sorted(office.told()) == sorted(said for n in range(1, MANY + 1) for said in offered(n))


def test_h5_a_wave_of_work_already_begun_is_told_to_nobody(office: Office) -> None:
    office.begin()
    office.paste(*(pasted(n, Статус="Выполнена", Мастер="Иван Петров") for n in range(MANY)))
    office.settle()
    assert office.told() == ["admin 900: wave"]
    assert {held_in(said) for said in checks(office)} == {1}
    decide(office, "leave")
    office.settle()
    assert office.told() == []
    assert all(row["ID"] and row["Проверка"] == "" and row["Дата выполнения"] == "" for row in office.rows())
    assert {row["Дата"] for row in office.rows()} == {""}, "nobody knows when it was"


def test_h5_a_master_who_begins_is_not_offered_what_is_held(flooded: Office) -> None:
    flooded.told()
    decide(flooded, "leave")
    flooded.settle()
    flooded.type("Мастера", ID=3, Имя="Ольга Власова", Телефон="+79110000003", Telegram="603", Активен=True)
    flooded.settle()
    assert flooded.told() == ["master 3: activated"]


def test_h5_the_admin_decides_in_his_chat_and_a_form_goes_past(company: Company) -> None:
    """Played with all processes: sixty-one rows pasted, an order by the bot, a press by the admin."""
    company.sheet.paste(*(pasted(n) for n in range(1, WAVE_ROWS + 2)))
    question = company.system.hears(MASTER_BOT, ADMIN, "пачка")
    assert labels(question) == ["Разослать", "Не рассылать"]
    assert f"{WAVE_ROWS + 1} строка" in question["text"]
    for said in ("/start", "⚡ Услуги электрика", "Искрит щиток", "Мира 1", "Юля", "+79115550001", "✅ Подтвердить"):
        company.system.say(CLIENT_BOT, JULIA, said)
    company.system.hears(MASTER_BOT, IVAN, "Искрит щиток")
    assert company.system.heard(MASTER_BOT, IVAN, "Розетка") == []
    company.system.post(
        "telegram/press", bot=MASTER_BOT, person=ADMIN, message_id=question["message_id"], text="Не рассылать"
    )
    company.system.hears(MASTER_BOT, ADMIN, "не рассылаю")
    company.waits_for(
        lambda: [row["Оповещены"] for row in company.system.rows("Заявки")].count("не рассылать") == WAVE_ROWS + 1,
        "a decision",
    )
    company.rests()
    assert company.system.heard(MASTER_BOT, IVAN, "Розетка") == []
