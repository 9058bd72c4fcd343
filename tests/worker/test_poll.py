"""What a poll makes of what people did to the sheet."""

from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from record.errors import SheetBroken, SheetBusy, SheetDenied
from record.settings import load_settings
from record.worksheets import MASTERS, ORDERS, SERVICES
from tests.worker.office import Office, order

TYPED: dict[str, Any] = {"Имя": "Юля", "Телефон": "8 (900) 123-45-67", "Проблема": "Не работает розетка"}
OFFERED = ["master 1: order_new {}", "master 2: order_new {}"]


def offered(number: int) -> list[str]:
    """Return the notices that offer an order to both masters."""
    return [line.format(number) for line in OFFERED]


@pytest.fixture
def company(office: Office) -> Office:
    """An office whose sheet holds three new orders that the masters know, and a worker that has seen them."""
    office.paste(order(1), order(2), order(3))
    office.begin()
    return office


# Orders come


def test_an_order_typed_by_hand_is_given_what_it_lacks_and_offered_once(company: Office) -> None:
    company.type(**TYPED)
    company.settle()
    row = company.row(4)
    assert row["Телефон"] == "8 (900) 123-45-67", "what a person typed stays as it is"
    assert (row["Источник"], row["Статус"], row["Проверка"], row["Оповещены"]) == ("phone", "Новая", "", "")
    assert len(row["Ключ"]) == 16
    assert row["Дата"] > 45641
    assert company.told() == offered(4)
    company.settle()
    assert (company.told(), company.history(4)) == ([], ["appeared"])
    with company.store.reading() as tx:
        found = tx.orders.get("4")
        assert found
        assert found.phone == "+79001234567"


def test_half_a_row_waits_until_the_rest_is_typed(company: Office) -> None:
    company.type(Телефон="89001234567")
    company.settle()
    assert [row["ID"] for row in company.rows()] == [1, 2, 3, ""]
    assert company.rows()[3]["Проверка"] == "Заявка не заполнена: нет проблемы или категории"
    company.tab().update_cell(5, 7, "Искрит щиток")
    company.settle()
    row = company.row(4)
    assert (row["Телефон"], row["Проверка"], company.told()) == ("89001234567", "", offered(4))


def test_a_row_that_cant_be_an_order_is_told_why(company: Office) -> None:
    company.type(Имя="Юля", Телефон="8900", Проблема="Искрит", Статус="дубль")
    company.settle()
    said = company.rows()[3]["Проверка"]
    assert said.startswith("Заявка не заполнена: нет телефона. Телефон «8900» непонятен")
    assert "Статус «дубль» непонятен" in said
    writes = company.requests()[1]
    company.settle()
    assert company.requests()[1] == writes, "it is said once"
    company.tab().update([["89001234567"]], "E5")
    company.tab().update([["Новая"]], "I5")
    company.settle()
    assert (company.row(4)["Проверка"], company.told()) == ("", offered(4))


def test_a_row_rests_before_it_is_an_order(company: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as somebody is typing in it, a row is left alone."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "60")
    company.settings = load_settings()
    company.restart()
    with freeze_time("2026-12-15 12:00:00", tick=True) as clock:
        company.type(**TYPED)
        company.settle()
        clock.tick(55)
        company.tab().update_cell(5, 8, "Невского 47")
        company.settle()
        clock.tick(55)
        company.settle()
        assert company.told() == []
        assert company.poll().idle
        clock.tick(6)
        company.settle()
        assert company.row(4)["Адрес"] == "Невского 47"
        assert company.told() == offered(4)


def test_a_row_typed_with_a_master_goes_to_him(company: Office) -> None:
    company.type(**TYPED, Мастер="ким")
    company.settle()
    assert company.row(4)["Статус"] == "В работе"
    assert (company.told(), company.owner(4)) == (["master 2: assigned 4"], "2")


def test_nothing_in_a_bad_row_stops_the_others(company: Office) -> None:
    company.type(**{**TYPED, "Телефон": "позвонит сама"})
    company.type(**TYPED, Статус="дубль", Цена="дорого", Дата="завтра", Мастер="Вася")
    company.type(**TYPED)
    company.change(1, Статус="nan", Цена="две тысячи")
    company.tab(MASTERS).update_cell(3, 7, "nan")
    company.settle()
    assert company.told() == offered(5)
    assert {row["ID"] for row in company.rows()} == {1, 2, 3, 4, 5, ""}
    check = company.row(1)["Проверка"]
    assert "Статус «nan» непонятен" in check
    assert "Цена «две тысячи» — не число" in check
    assert company.row(4)["Проверка"].count("«") >= 4
    company.change(1, Статус="Новая", Цена="2000")
    company.settle()
    assert company.row(1)["Проверка"] == ""


def test_text_that_looks_like_a_formula_stays_text(company: Office) -> None:
    company.paste({"Имя": "=1+1", "Телефон": "+79001234567", "Проблема": "<b>&\u202e👷 " + "а" * 5000})
    company.settle()
    row = company.row(4)
    assert (row["Имя"], len(row["Проблема"])) == ("=1+1", 5007)
    assert company.told() == offered(4)


# What staff do to rows


def delete_and_append(staff: Office) -> None:
    staff.delete(2)
    staff.type(**TYPED)


def insert_above(staff: Office) -> None:
    line = [TYPED.get(column, "") for column in staff.tab().row_values(1)]
    staff.tab().insert_row(line, 2)


def delete_last_then_append_in_its_place(staff: Office) -> None:
    staff.delete(3)
    staff.settle()
    assert staff.told() == []
    staff.type(**TYPED)


@pytest.mark.parametrize("edit", [delete_and_append, insert_above, delete_last_then_append_in_its_place])
def test_only_the_new_order_is_announced(company: Office, edit: Any) -> None:
    edit(company)
    company.settle()
    assert company.told() == offered(4)
    assert company.row(4)["Проблема"] == TYPED["Проблема"]


def reverse(staff: Office) -> None:
    staff.sort("ID", "des")


def sort_by_text(staff: Office) -> None:
    staff.change(2, Комментарий="а")
    staff.sort("Комментарий", "asc")


def move_a_row(staff: Office) -> None:
    source = {"sheetId": staff.sheet_id, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    staff.book.batch_update({"requests": [{"moveDimension": {"source": source, "destinationIndex": 4}}]})


def blank_rows(staff: Office) -> None:
    staff.tab().insert_rows([[], [" "]], 3)


def own_column_first(staff: Office) -> None:
    staff.insert_column(1, "Кто принял")


def move_columns(staff: Office) -> None:
    staff.move_column("Статус", 0)
    staff.move_column("ID", 17)


def hide_a_column(staff: Office) -> None:
    staff.tab().hide_columns(3, 5)


def comments(staff: Office) -> None:
    staff.change(2, Комментарий="перезвонить", Источник="direct")


def header_spelled_otherwise(staff: Office) -> None:
    staff.tab().update([[" СТАТУС:", "мастер\u00a0"]], "I1")


@pytest.mark.parametrize(
    "edit",
    [reverse, sort_by_text, move_a_row, blank_rows, own_column_first, move_columns, hide_a_column, comments,
     header_spelled_otherwise],
)  # fmt: skip
def test_arranging_the_sheet_causes_nothing(company: Office, edit: Any) -> None:
    """Sorting, inserting and moving rows or columns is no event and makes no write; the next edit is seen."""
    edit(company)
    company.settle()
    before = company.requests()[1]
    company.settle()
    assert (company.told(), company.requests()[1]) == ([], before)
    assert [company.history(number) for number in (1, 2, 3)] == [[], [], []]
    column = "Статус" if edit is not header_spelled_otherwise else " СТАТУС:"
    company.change(2, **{column: "Отменена"})
    company.settle()
    assert company.told() == ["client 502: cancelled 2"]
    assert [company.history(number) for number in (1, 2, 3)] == [[], ["status"], []]


def test_a_deleted_order_is_recorded_and_nothing_else(company: Office) -> None:
    company.delete(1)
    company.settle()
    assert (company.history(1), company.told()) == (["removed"], [])
    assert [company.history(number) for number in (2, 3)] == [[], []]


def test_undo_brings_an_order_back_without_a_second_announcement(company: Office) -> None:
    company.change(3, Статус="Выполнена")
    company.settle()
    assert company.told() == ["client 503: done 3"]
    kept = {number: company.row(number) for number in (1, 3)}
    company.delete(1)
    company.delete(3)
    company.settle()
    company.paste(*kept.values())
    company.settle()
    assert company.told() == []
    assert company.history(1) == ["removed", "restored"]
    assert company.history(3) == ["status", "removed", "restored"]


def test_all_replaced_by_others(company: Office) -> None:
    company.tab().delete_rows(2, 4)
    company.paste(*[{**TYPED, "Имя": name} for name in ("Аня", "Боря", "Вера")])
    company.settle()
    assert sorted(company.told()) == sorted(offered(4) + offered(5) + offered(6))
    assert [company.history(number) for number in (1, 2, 3)] == [["removed"]] * 3


def test_a_copied_row_becomes_an_order_of_its_own(company: Office) -> None:
    kept = company.row(2)
    company.paste({**kept, "Проблема": "Ещё одна розетка"})
    company.settle()
    copy = company.row(4)
    assert (copy["Проблема"], copy["Имя"]) == ("Ещё одна розетка", "Клиент 2")
    assert copy["Ключ"] not in ("", kept["Ключ"])
    assert company.row(2) == kept
    assert company.told() == offered(4)


@pytest.mark.parametrize("typed", [{"ID": ""}, {"ID": 77}, {"ID": 1}, {"Ключ": ""}])
def test_a_lost_id_or_key_is_put_back(company: Office, typed: dict[str, Any]) -> None:
    kept = company.row(2)
    company.change(2, **typed)
    company.settle()
    assert company.row(2) == kept
    assert company.told() == []
    assert company.history(2) == []


# Statuses, masters, money


def test_staff_assign_reassign_and_take_away(company: Office) -> None:
    company.change(1, Статус="в работе", Мастер="петров")
    company.settle()
    assert company.told() == ["client 501: accepted 1", "master 1: assigned 1"]
    assert company.owner(1) == "1"
    company.change(1, Мастер="Ким")
    company.settle()
    assert company.told() == ["master 1: taken_away 1", "client 501: reassigned 1", "master 2: assigned 1"]
    assert company.owner(1) == "2"
    company.change(1, Мастер="")
    company.settle()
    assert company.row(1)["Статус"] == "Новая"
    assert company.told() == ["master 2: taken_away 1", "client 501: searching 1", *offered(1)]
    assert company.owner(1) is None


def test_a_master_typed_on_a_new_order_has_it(company: Office) -> None:
    company.change(1, Мастер="Сергей Ким")
    company.settle()
    assert company.row(1)["Статус"] == "В работе"
    assert company.told() == ["client 501: accepted 1", "master 2: assigned 1"]
    assert company.owner(1) == "2"


def test_an_order_put_back_to_new_belongs_to_nobody_and_may_be_taken_by_another(company: Office) -> None:
    company.change(1, Статус="В работе", Мастер="Сергей Ким")
    company.settle()
    company.change(1, Статус="Новая")
    company.settle()
    assert (company.owner(1), company.row(1)["Мастер"]) == (None, "")
    company.told()
    assert company.accept(1, "1") == ""
    company.settle()
    assert (company.row(1)["Статус"], company.row(1)["Мастер"]) == ("В работе", "Иван Петров")
    assert company.told() == ["client 501: accepted 1"]


def test_a_master_presses_and_hears_nothing_of_his_own_press(company: Office) -> None:
    assert company.accept(1, "2") == ""
    assert company.accept(1, "1") == "taken"
    company.settle()
    assert (company.row(1)["Статус"], company.row(1)["Мастер"]) == ("В работе", "Сергей Ким")
    assert company.told() == ["client 501: accepted 1"]
    with company.store.reading() as tx:
        assert [event.by for event in tx.history.of("1")] == ["master 2"]


def test_clearing_the_time_of_telling_asks_for_telling_again(company: Office) -> None:
    company.change(2, Оповещены="")
    company.settle()
    assert company.told() == offered(2)


def test_commission_follows_what_staff_type(company: Office) -> None:
    company.change(1, Статус="Выполнена", Цена="2000 рублей")
    company.settle()
    row = company.row(1)
    assert (row["Цена"], row["Комиссия"]) == ("2000 рублей", 600)
    assert row["Дата выполнения"] > 45641
    company.change(1, Цена=1500)
    company.settle()
    assert company.row(1)["Комиссия"] == 450
    company.change(1, Комиссия=100)
    company.settle()
    company.change(1, Имя="Юлия")
    company.settle()
    assert company.row(1)["Комиссия"] == 100, "what a person typed stays"
    company.change(1, Цена=1000)
    company.settle()
    assert company.row(1)["Комиссия"] == 300, "until the price changes"
    company.change(1, Статус="В работе", Мастер="Ким")
    company.settle()
    assert (company.row(1)["Комиссия"], company.row(1)["Дата выполнения"]) == ("", "")


def test_commission_by_the_masters_own_percent(company: Office) -> None:
    company.tab(MASTERS).update_cell(3, 7, "20%")
    company.change(1, Статус="Выполнена", Мастер="Ким", Цена=2000)
    company.change(2, Статус="Выполнена", Мастер="Петров", Цена=2000)
    company.settle()
    assert (company.row(1)["Комиссия"], company.row(2)["Комиссия"]) == (400, 600)


def test_an_order_typed_as_done_gets_its_commission(company: Office) -> None:
    company.type(**TYPED, Статус="Выполнена", Цена=2000, Мастер="Петров")
    company.settle()
    assert company.row(4)["Комиссия"] == 600


# Masters


def test_a_new_master_is_given_an_id_and_told_when_active(company: Office) -> None:
    company.type(MASTERS, Имя="Пётр Новый", Телефон="89110000003", Telegram="603")
    company.settle()
    row = company.row(3, MASTERS)
    assert row["Имя"] == "Пётр Новый"
    assert row["Дата регистрации"] > 45641
    assert company.told() == []
    company.change(3, MASTERS, Активен="да")
    company.settle()
    assert company.told() == ["master 3: activated"]
    company.change(3, MASTERS, Активен="нет")
    company.settle()
    assert company.told() == ["master 3: deactivated"]


def test_orders_that_came_while_nobody_could_be_told_wait_for_the_first_master(office: Office) -> None:
    for number in (1, 2):
        office.change(number, MASTERS, Активен="нет")
    office.begin()
    office.type(**TYPED)
    office.settle()
    assert office.told() == ["admin 900: no_masters 1"]
    office.change(1, MASTERS, Активен=True)
    office.settle()
    assert office.told() == ["master 1: activated", "master 1: order_new 1"]


def test_a_name_that_was_unknown_is_understood_once_the_master_is_there(company: Office) -> None:
    company.change(1, Статус="В работе", Мастер="Пётр Новый")
    company.settle()
    assert "Мастер «Пётр Новый» не найден" in company.row(1)["Проверка"]
    company.told()
    company.type(MASTERS, ID=3, Имя="Пётр Новый", Telegram="603", Активен=True)
    company.settle()
    assert company.row(1)["Проверка"] == ""
    assert "master 3: assigned 1" in company.told()


# Baseline and restarts


def test_the_first_poll_announces_only_new_orders_that_nobody_was_told_of(office: Office) -> None:
    office.paste(
        order(1),
        order(2, Оповещены=""),
        order(3, Оповещены="", Статус="В работе", Мастер="Сергей Ким"),
        order(4, Оповещены="", Статус="Выполнена", Цена=2000),
        order(5, Оповещены="", Телефон=""),
    )
    before = office.values()
    office.settle()
    assert office.told() == offered(2)
    assert office.values() == before, "history is left as it is"
    office.type(**TYPED)
    office.settle()
    assert office.row(6)["Имя"] == "Юля", "numbers go on after the greatest"


@pytest.mark.parametrize("forget", [False, True])
def test_after_a_restart_nobody_is_told_twice(company: Office, *, forget: bool) -> None:
    """With the store kept or deleted: what matters is in the sheet."""
    company.type(**TYPED)
    company.change(1, Статус="В работе", Мастер="Ким")
    company.settle()
    company.deliver()
    company.settle()
    company.restart(forget=forget)
    company.settle()
    assert company.told() == []
    company.change(1, Мастер="Петров")
    company.settle()
    told = [line for line in company.told() if ": card" not in line]
    assert told == ["master 2: taken_away 1", "client 501: reassigned 1", "master 1: assigned 1"]


def test_what_changed_while_the_worker_was_away_is_told(company: Office) -> None:
    company.change(2, Статус="Отменена")
    company.sort("ID", "des")
    company.restart()
    company.settle()
    assert company.told() == ["client 502: cancelled 2"]


# Readings that can't be trusted


def break_header(staff: Office) -> None:
    staff.tab().update_cell(1, 9, "Состояние")


def double_header(staff: Office) -> None:
    staff.tab().update_cell(1, 14, "Статус")


def delete_header(staff: Office) -> None:
    staff.tab().delete_rows(1)


def rename_tab(staff: Office) -> None:
    staff.tab().update_title("Заявки 2024")


def clear_tab(staff: Office) -> None:
    staff.tab().batch_clear(["A2:R100"])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (break_header, "Лист «Заявки»: нет столбца «Статус»"),
        (double_header, "Лист «Заявки»: столбец «Статус» встречается дважды"),
        (delete_header, "Лист «Заявки»: "),
        (rename_tab, "Нет листа «Заявки»"),
        (clear_tab, "сразу исчезли 3 из 3 заявок"),
    ],
)
def test_a_reading_that_cant_be_trusted_changes_nothing(company: Office, spoil: Any, said: str) -> None:
    before, header_row = company.values(), company.tab()
    company.change(3, Статус="Отменена")
    spoil(company)
    writes = company.requests()[1]
    for _ in range(3):
        with pytest.raises(SheetBroken, match=said):
            company.poll()
    company.flush()
    assert (company.told(), company.requests()[1]) == ([], writes)
    assert [company.history(number) for number in (1, 2, 3)] == [[], [], []]

    header_row.update_title(ORDERS)
    header_row.clear()
    header_row.update(before, raw=True)
    company.settle()
    assert company.told() == []
    company.change(3, Статус="Отменена")
    company.settle()
    assert company.told() == ["client 503: cancelled 3"]


def test_a_broken_price_list_does_not_stop_orders(company: Office) -> None:
    company.tab(SERVICES).delete_rows(1)
    company.type(**TYPED)
    company.settle()
    assert company.told() == offered(4)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_read_that_fails_loses_nothing(company: Office, status: int) -> None:
    company.type(**TYPED)
    company.fault("values:batchGet", times=9, status=status)
    with pytest.raises(SheetBusy):
        company.poll()
    company.mend()
    company.settle()
    assert company.told() == offered(4)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_read_whose_connection_is_lost_is_made_again(company: Office, drop: str) -> None:
    company.type(**TYPED)
    company.fault("values:batchGet", drop=drop)
    company.settle()
    assert company.told() == offered(4)


def test_access_taken_away_is_told_as_what_it_is_and_recovers(company: Office) -> None:
    book = company.settings.sheets.spreadsheet_id
    company.house.post("access", spreadsheet=book, token_user="naryad", allowed=False)
    with pytest.raises(SheetDenied, match="Нет доступа к таблице"):
        company.poll()
    company.house.post("access", spreadsheet=book, token_user="naryad", allowed=True)
    company.house.post("revoke", user="naryad")
    with pytest.raises(SheetDenied, match="Google не принимает ключ"):
        company.poll()
    company.house.post("revoke", user="naryad", revoked=False)
    assert company.poll().idle


# Figures


def test_figures_follow_the_orders_and_unchanged_ones_cause_no_write(company: Office) -> None:
    company.change(1, Статус="Выполнена", Мастер="Ким", Цена=2000)
    company.type(**TYPED, Источник="радио")
    company.settle()
    company.count()
    shown = {row["Показатель"]: row["Всего"] for row in company.rows("Статистика")}
    assert shown["Заявок"] == 4
    assert (shown["Выполнено"], shown["Оборот, ₽"], shown["Комиссия, ₽"], shown["Средний чек, ₽"]) == (
        1,
        2000,
        600,
        2000,
    )
    assert (shown["Источник: телефон"], shown["Источник: радио"], shown["Сергей Ким: выполнено"]) == (3, 1, 1)
    ivan, sergey = (company.row(number, MASTERS) for number in (1, 2))
    assert (sergey["Выполнено"], sergey["Заработок"], sergey["Комиссия"]) == (1, 1400, 600)
    assert (ivan["Выполнено"], ivan["Заработок"]) in {(0, 0), ("", "")}

    writes = company.requests()[1]
    assert company.figures.run()["idle"]
    company.settle()
    assert company.figures.run()["idle"]
    assert company.requests()[1] == writes

    company.change(4, Источник="direct")
    company.settle()
    company.count()
    shown = {row["Показатель"]: row["Всего"] for row in company.rows("Статистика")}
    assert (shown["Источник: личное сообщение"], shown["Источник: радио"]) == (1, 0)


def test_figures_may_stand_in_any_order_beside_own_notes(company: Office) -> None:
    company.count()
    tab = company.tab("Статистика")
    tab.insert_cols([["Заметка", "моё"]], 1)
    tab.sort((2, "des"), range="A2:F40")
    company.change(1, Статус="Отменена")
    company.settle()
    company.count()
    rows = company.rows("Статистика")
    assert len({row["Показатель"] for row in rows}) == len(rows)
    assert {row["Показатель"]: row["Всего"] for row in rows}["Отменена"] == 1
    assert [row["Заметка"] for row in rows].count("моё") == 1


# One order that can't be handled


def spoil(company: Office, status: str) -> None:
    """Let the store hold a status of order 2 that can't be read, or one that can: an error that nobody foresaw."""
    engine = create_engine(company.settings.store.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET status = :status WHERE id = '2'"), {"status": status})
    engine.dispose()


def polls_in_vain(company: Office) -> None:
    """Poll as often as it takes to put an order aside."""
    with capture_logs() as logged:
        for _ in range(5):
            company.poll()
    assert [line["order"] for line in logged if line["event"] == "order_failed"] == ["2"] * 3
    assert company.poll().idle, "it does not keep the worker busy"


def test_an_order_whose_handling_fails_stops_no_other_and_is_tried_again_when_it_is_edited(company: Office) -> None:
    spoil(company, "Испорчено")
    for number in (1, 2, 3):
        company.change(number, Статус="Отменена")
    polls_in_vain(company)
    assert company.told() == ["client 501: cancelled 1", "client 503: cancelled 3", "admin 900: alarm"]
    assert [company.history(number) for number in (1, 2, 3)] == [["status"], [], ["status"]]
    company.restart()
    polls_in_vain(company)
    assert company.told() == [], "an alarm is told once, whoever restarts"
    spoil(company, "Новая")
    assert company.poll().idle
    company.change(2, Комментарий="Проверено")
    company.settle()
    assert sorted(company.told()) == ["admin 900: alarm_over", "client 502: cancelled 2"]


def test_an_order_that_was_put_aside_is_tried_again_by_itself(company: Office) -> None:
    spoil(company, "Испорчено")
    company.change(2, Статус="Отменена")
    with freeze_time(tick=True) as clock:
        polls_in_vain(company)
        spoil(company, "Новая")
        assert company.poll().idle
        clock.tick(660)
        company.settle()
        assert sorted(company.told()) == ["admin 900: alarm", "admin 900: alarm_over", "client 502: cancelled 2"]
