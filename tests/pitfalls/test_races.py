"""Two things at once: edits and polls, masters and masters, restarts, and a crowd of clients."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.harness.company import ACCEPT, FLUSH, POLL, Company, labels
from tests.harness.sheet import Sheet
from tests.pitfalls.test_rows import YULIA, offer
from tests.test_whole_story import order_in_the_bot, order_on_the_site


def at_once(*acts: Callable[[], None]) -> None:
    """Let several people act in the same instant."""
    together = threading.Barrier(len(acts))

    def act(what: Callable[[], None]) -> None:
        together.wait()
        what()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(act, what) for what in acts]:
            done.result()


def finished(company: Company, sheet: Sheet) -> None:
    """Finish the first order, and let a poll see it."""
    sheet.change(sheet.ids[0], Статус="Выполнена", Цена=2000)
    company.waits_for(lambda: "status" in company.history(sheet.ids[0]), "a poll that saw it")


def test_pitfall_08_nudges_during_a_slow_poll(company: Company, sheet: Sheet) -> None:
    company.fault(POLL, times=2, delay_s=0.8)
    sheet.type(**YULIA)
    for _ in range(20):
        company.nudge()
    company.everyone_hears(**offer(sheet.next_id))
    assert company.history(sheet.next_id) == ["appeared"]


def test_pitfall_08_a_second_worker_polls_too(company: Company, sheet: Sheet) -> None:
    company.system.start("second worker")
    company.waits_for(lambda: "standby" in company.system.log("second worker"), "the second worker stands by")
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    assert company.history(sheet.next_id) == ["appeared"]
    company.system.end("second worker")


def test_pitfall_09_a_commission_typed_while_ours_is_on_its_way(company: Company, sheet: Sheet) -> None:
    """The system looks again just before it writes, and leaves alone what a person has typed meanwhile."""
    first = sheet.ids[0]
    company.hold(FLUSH)
    finished(company, sheet)
    company.held()
    sheet.change(first, Комиссия=50)
    company.let_go()
    company.everyone_hears(julia=["✅ … 2 000 ₽"])
    assert sheet.row(first)["Комиссия"] == 50
    assert company.order(first).commission == 50
    assert [line["order"] for line in company.logged("write_refused")] == [str(first)]


def test_pitfall_09_an_edit_between_looking_and_writing_is_seen_next(company: Company, sheet: Sheet) -> None:
    first, second, _ = sheet.ids
    company.hold(FLUSH)
    finished(company, sheet)
    sheet.meanwhile(second, Статус="Отменена", Комментарий="передумали")
    company.let_go()
    company.everyone_hears(julia=["✅ … 2 000 ₽"])
    assert (sheet.row(first)["Комиссия"], sheet.row(second)["Комментарий"]) == (600, "передумали")
    assert company.history(second) == ["appeared", "status"]


def test_pitfall_09_a_row_inserted_between_looking_and_writing(company: Company, sheet: Sheet) -> None:
    """The write lands one row too high, is noticed in its read-back, undone, and done right."""
    first, second, third = sheet.ids
    others = [sheet.row(second), sheet.row(third)]
    above = {"sheetId": sheet.tab().id, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    company.hold(FLUSH)
    finished(company, sheet)
    sheet.meanwhile_requests({"insertDimension": {"range": above, "inheritFromBefore": False}})
    company.let_go()
    company.everyone_hears(julia=["✅ … 2 000 ₽"])
    assert (sheet.row(first)["Комиссия"], sheet.number(first)) == (600, 3)
    assert [sheet.row(second), sheet.row(third)] == others
    assert set(sheet.values()[1]) == {""}
    assert [line["level"] for line in company.logged("misplaced_write")] == ["warning"]


def test_pitfall_09_a_row_typed_on_while_it_is_given_its_number(company: Company, sheet: Sheet) -> None:
    company.hold(FLUSH)
    sheet.type(**YULIA)
    company.waits_for(lambda: company.logged("row_adopted"), "a poll that gives it a number")
    row, column = len(sheet.values()), sheet.header().index("Адрес")
    start = {"sheetId": sheet.tab().id, "rowIndex": row - 1, "columnIndex": column}
    typed = {"values": [{"userEnteredValue": {"stringValue": "Мира 5, кв. 12"}}]}
    sheet.meanwhile_requests({"updateCells": {"start": start, "rows": [typed], "fields": "userEnteredValue"}})
    company.let_go()
    company.rests()
    (new,) = sheet.rows()[3:]
    assert (new["Имя"], new["Адрес"]) == ("Юлия", "Мира 5, кв. 12")
    assert company.history(new["ID"])[0] == "appeared"
    assert len([text for text in company.news("ivan") if text.startswith("🆕")]) == 1


@pytest.mark.parametrize("forget", [False, True])
def test_pitfall_13_a_restart_tells_nobody_anything_twice(company: Company, sheet: Sheet, *, forget: bool) -> None:
    """With the store kept or deleted: what matters is in the sheet."""
    first, second, _ = sheet.ids
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    sheet.change(second, Статус="В работе", Мастер="Ким")
    company.everyone_hears(sergey=["📌 …"])
    before = sheet.values()
    company.restart(forget=forget)
    company.nobody_hears_anything()
    assert sheet.values() == before
    assert company.owner(second) == ("" if forget else "2")
    sheet.change(second, Статус="Отменена")
    sheet.change(first, Статус="Отменена")
    company.everyone_hears(sergey=[f"❌ Заказ #{second} отменён"], julia=[f"❌ Заявка #{first} отменена"])


def test_pitfall_13_what_was_edited_while_all_was_off_is_told_once(company: Company, sheet: Sheet) -> None:
    company.system.end_all()
    sheet.change(sheet.ids[0], Статус="Отменена")
    sheet.sort("ID", "des")
    sheet.type(**YULIA)
    company.system.start("worker", "client", "master")
    company.everyone_hears(**offer(sheet.next_id), julia=["❌ … отменена"])


def test_pitfall_38_the_systems_own_writes_are_no_events(announced: Company, sheet: Sheet) -> None:
    """ID, key, date, source, «Оповещены», status, master, commission: written by the system, heard as nothing."""
    sheet.type(**YULIA)
    announced.everyone_hears(**offer(sheet.next_id))
    announced.press("ivan", sheet.next_id, ACCEPT)
    announced.waits_for(lambda: sheet.row(sheet.next_id)["Статус"] == "В работе", "the acceptance in the sheet")
    announced.everyone_hears()
    sheet.change(sheet.next_id, Статус="Выполнена", Цена=2000)
    announced.everyone_hears(ivan=["📋 Диспетчер закрыл"])
    assert sheet.row(sheet.next_id)["Комиссия"] == 600
    assert announced.history(sheet.next_id) == ["appeared", "status", "status", "price"]
    announced.nobody_hears_anything()
    assert [announced.history(one) for one in sheet.ids] == [["appeared"]] * 3


def test_pitfall_40_two_masters_accept_in_the_same_instant(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    before = {who: len(announced.toasts(who)) for who in ("ivan", "sergey")}
    at_once(*(lambda who=who: announced.press(who, first, ACCEPT) for who in ("ivan", "sergey")))
    announced.waits_for(lambda: all(len(announced.toasts(who)) > before[who] for who in before), "both answers")
    announced.rests()
    winner = "ivan" if announced.owner(first) == "1" else "sergey"
    loser, name = ("sergey", "Иван Петров") if winner == "ivan" else ("ivan", "Сергей Ким")
    announced.everyone_hears(julia=[f"🚀 … {name}"])
    assert (sheet.row(first)["Мастер"], sheet.row(first)["Статус"]) == (name, "В работе")
    assert announced.toasts(winner)[-1] == f"🚀 Заказ #{first} ваш! Позвоните клиенту"
    assert announced.toasts(loser)[-1] == f"🔒 Заказ #{first} занят: {name}"
    assert announced.card(loser, first)["text"] == f"🔒 Заказ #{first} занят: {name}"
    assert announced.card(winner, first)["text"].startswith("🛠 Заказ у вас в работе")


def test_pitfall_40_one_master_presses_twice(announced: Company, sheet: Sheet) -> None:
    """The card could not be brought up to date after the first press."""
    first, answered = sheet.ids[0], len(announced.toasts("ivan"))
    announced.fault("editMessageText", times=2, api="telegram", status=502)
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: len(announced.toasts("ivan")) == answered + 1, "an answer")
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: len(announced.toasts("ivan")) == answered + 2, "another answer")
    announced.everyone_hears(julia=["🚀 … Иван Петров"])
    assert announced.toasts("ivan")[-2:] == [f"🚀 Заказ #{first} ваш! Позвоните клиенту"] * 2
    assert announced.history(first) == ["appeared", "status"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"Статус": "В работе", "Мастер": "Ким"}, "занят: Сергей Ким"),
        ({"Статус": "Отменена"}, "отменён"),
        ({"Статус": "Выполнена"}, "уже выполнен"),
    ],
)
def test_pitfall_40_accept_pressed_after_it_was_taken_or_cancelled(
    announced: Company, sheet: Sheet, typed: dict[str, str], answer: str
) -> None:
    """The button is still there, since the card could not be brought up to date."""
    third, answered = sheet.ids[2], len(announced.toasts("ivan"))
    announced.fault("editMessageText", times=2, api="telegram", status=400)
    sheet.change(third, **typed)
    announced.rests()
    before = sheet.values()
    announced.everybody_looks()
    announced.press("ivan", third, ACCEPT)
    announced.waits_for(lambda: len(announced.toasts("ivan")) > answered, "an answer")
    assert answer in announced.toasts("ivan")[-1]
    announced.waits_for(lambda: labels(announced.card("ivan", third)) == [], "the button is gone")
    announced.everyone_hears()
    assert sheet.values() == before


def test_pitfall_40_accept_pressed_before_anybody_saw_that_it_was_cancelled(announced: Company, sheet: Sheet) -> None:
    """The sheet wins: the press is void, the master is told so, and the client hears only that it is cancelled."""
    first = sheet.ids[0]
    announced.fault(POLL, times=1000, status=503)
    sheet.change(first, Статус="Отменена")
    announced.press("ivan", first, ACCEPT)
    void = f"⚠️ Заказ #{first} тем временем поправили в таблице: «Статус» там теперь «Отменена»"
    announced.waits_for(lambda: [text for text in announced.news("ivan") if void in text], "the master is told")
    announced.mend()
    announced.everyone_hears(ivan=["⚠️ …"], julia=["❌ … отменена"])
    assert (sheet.row(first)["Статус"], sheet.row(first)["Мастер"]) == ("Отменена", "")
    assert announced.card("ivan", first)["text"].startswith("⚠️ Заказ")
    assert announced.owner(first) == ""


def test_pitfall_40_a_press_that_reached_the_sheet_and_was_typed_over_before_a_poll_saw_it(
    announced: Company, sheet: Sheet
) -> None:
    """The row looks as it did: the client hears nothing, the master that it is not his, and another may take it."""
    first = sheet.ids[0]
    announced.fault(POLL, times=1000, status=503)
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: sheet.row(first)["Статус"] == "В работе", "the acceptance in the sheet")
    sheet.change(first, Статус="Новая", Мастер="")
    announced.mend()
    announced.everyone_hears(ivan=[f"🔁 Заказ #{first} больше не у вас", f"🆕 … #{first}"], sergey=[f"🆕 … #{first}"])
    assert announced.owner(first) == ""
    announced.press("sergey", first, ACCEPT)
    announced.everyone_hears(julia=["🚀 … Сергей Ким"])


def test_pitfall_34_twenty_clients_order_at_the_same_time(company: Company, sheet: Sheet) -> None:
    """Twelve by the form, eight in the bot: twenty rows, twenty numbers, no cell missing, each told his own."""
    company.open_site()
    numbers: list[str] = []

    def on_the_site(number: int) -> None:
        form = {
            "name": f"Сайт {number}",
            "phone": "8 900 123-45-67",
            "address": "Мира 1",
            "problem": f"Беда {number}",
        }
        numbers.append(order_on_the_site(company.system, **form)[0])

    def in_the_bot(person: int) -> None:
        numbers.append(order_in_the_bot(company.system, person))

    visits = [lambda n=n: on_the_site(n) for n in range(12)]
    talks = [lambda p=p: in_the_bot(p) for p in range(701, 709)]
    at_once(*visits, *talks)
    company.rests()
    new = sheet.rows()[3:]
    assert sorted(int(number) for number in numbers) == sorted(row["ID"] for row in new)
    assert [row["ID"] for row in new] == sorted({row["ID"] for row in new})
    assert len(new) == len({row["Ключ"] for row in new}) == 20
    filled = ["Дата", "Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус", "Оповещены", "Ключ"]
    assert all(row[column] != "" for row in new for column in filled)
    assert sorted(row["Имя"] for row in new) == sorted([f"Сайт {n}" for n in range(12)] + ["Анна"] * 8)
    announced = [json.dumps(text, ensure_ascii=False) for text in company.news("ivan") if text.startswith("🆕")]
    assert len(announced) == 20
