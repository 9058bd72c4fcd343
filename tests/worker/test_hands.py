"""Hands in the sheet at the worst moment: what the random days of tests/stateful have found, one promise each."""

from decimal import Decimal
from typing import Any

import pytest
from gspread.utils import ValueInputOption

from record.errors import SheetUnclear
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.values.actors import Actor, ActorKind
from tests.harness.office import Office, order


def row(company: Office, number: int) -> dict[str, Any]:
    """Return one row by its number in the sheet, as a range of a request."""
    start = {"startIndex": number - 1, "endIndex": number}
    return {"range": {"sheetId": company.sheet_id, "dimension": "ROWS", **start}}


@pytest.mark.parametrize("landed", [False, True])
def test_a_master_whose_order_is_deleted_before_any_poll_saw_his_press_is_told_once(
    company: Office, *, landed: bool
) -> None:
    assert company.accept(2, "1") == ""
    if landed:
        company.flush()
    company.delete(2)
    company.settle()
    assert [said for said in company.told() if said.startswith("master")] == ["master 1: removed 2"]
    assert company.owner(2) is None


def test_a_master_is_told_of_a_deleted_order_though_his_press_first_hit_a_wrong_column(company: Office) -> None:
    assert company.accept(2, "1") == ""
    before_status = {"sheetId": company.sheet_id, "dimension": "COLUMNS", "startIndex": 8, "endIndex": 9}
    company.meanwhile({"insertDimension": {"range": before_status}})
    assert company.flush().repaired == 1
    company.delete(2)
    company.settle()
    assert [said for said in company.told() if said.startswith("master")] == ["master 1: removed 2"]


def test_a_deleted_order_that_is_undone_may_be_taken_by_another(company: Office) -> None:
    assert company.accept(2, "1") == ""
    company.delete(2)
    company.poll()
    company.settle()
    company.paste(order(2))
    company.settle()
    assert company.accept(2, "2") == ""


def test_an_order_finished_by_one_master_and_typed_to_another_is_the_others_everywhere(company: Office) -> None:
    company.accept(2, "1")
    company.actions.complete("2", "1", Decimal(2000))
    company.settle()
    company.change(2, Мастер="Сергей Ким")
    company.settle()
    assert (company.owner(2), company.row(2)["Статус"]) == ("2", "Выполнена")


def test_two_rows_typed_alike_both_become_orders_though_nobody_touches_the_sheet_again(company: Office) -> None:
    alike = {"Имя": "Юля", "Телефон": "89001234567", "Проблема": "Искрит"}
    company.type(**alike)
    company.poll()
    company.flush()
    company.type(**alike)
    company.settle()
    assert [found["ID"] for found in company.rows()] == [1, 2, 3, 4, 5]


def test_a_row_edited_before_its_number_came_and_edited_back_is_not_forgotten(company: Office) -> None:
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.poll()
    company.tab().update_cell(5, 7, "Не горит")
    assert company.flush().refused == 1
    company.tab().update_cell(5, 7, "Искрит")
    company.settle()
    assert [found["ID"] for found in company.rows()] == [1, 2, 3, 5]


def test_a_copied_row_takes_the_new_id_and_not_the_original_with_its_own_note(company: Office) -> None:
    company.insert_column(1, "Заметка")
    company.tab().update_cell(3, 1, "оригинал")
    company.settle()
    _, *rows = company.values()
    company.tab().append_row(["копия", *rows[1][1:]], value_input_option=ValueInputOption.raw, table_range="A1")
    company.settle()
    assert {found["Заметка"]: found["ID"] for found in company.rows() if found["Заметка"]} == {
        "оригинал": 2,
        "копия": 4,
    }


def test_a_copy_that_is_no_order_yet_does_not_keep_the_id_of_its_original(company: Office) -> None:
    company.change(2, Телефон="900")
    company.settle()
    company.paste(company.row(2))
    company.settle()
    (copy,) = [found for found in company.rows() if found["ID"] != 2 and found["Имя"] == "Клиент 2"]
    assert (copy["ID"], copy["Ключ"], "Телефон «900» непонятен" in copy["Проверка"]) == ("", "", True)
    company.tab().update_cell(company.number(""), 5, "89001234567")
    company.sort("ID", "asc")
    company.settle()
    assert [found["ID"] for found in company.rows()] == [1, 2, 3, 4]


def test_a_new_row_that_is_hit_by_a_misplaced_write_keeps_its_number_and_secret(company: Office) -> None:
    typed = {"Имя": "Юля", "Телефон": "89001234567", "Проблема": "Искрит"}
    company.type(**typed)
    company.tab().insert_rows([[]], 5)
    company.poll()
    company.journal(Write(ORDERS, "append", "77", order(77, Оповещены=""), by=Actor(ActorKind.WEBSITE)))
    company.meanwhile({"deleteDimension": row(company, 5)})
    assert company.flush().repaired == 1
    company.settle()
    assert (company.row(77)["Ключ"], company.row(77)["Имя"]) == ("key77", "Клиент 77")
    assert [found["Имя"] for found in company.rows()].count("Юля") == 1


def test_a_row_that_was_hit_is_not_taken_for_a_blank_one_that_differs_in_a_persons_own_column_only(
    company: Office,
) -> None:
    company.insert_column(19, "Заметка")
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.tab().update_cell(6, 19, "отпуск")
    company.tab().update_cell(6, 2, 46371)
    company.tab().insert_rows([[]], 2)
    company.poll()
    company.meanwhile({"deleteDimension": row(company, 2)})
    assert company.flush().repaired == 1
    assert [found["Дата"] for found in company.rows() if found["Заметка"]] == [46371]


def test_what_a_person_typed_since_the_last_poll_is_put_back_into_a_row_that_was_hit(company: Office) -> None:
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.poll()
    company.accept(2, "1")
    company.change(3, Статус="Отменена")
    company.meanwhile({"deleteDimension": row(company, 2)})
    company.flush()
    assert (company.row(2)["Статус"], company.row(3)["Статус"]) == ("В работе", "Отменена")


@pytest.mark.parametrize("to", [0, 2, 30])
def test_a_new_row_whose_answer_was_lost_is_set_right_where_its_headers_were_moved(company: Office, to: int) -> None:
    company.journal(Write(ORDERS, "append", "7", order(7, Оповещены=""), by=Actor(ActorKind.WEBSITE)))
    company.flush()  # remembers where columns stand
    company.move_column("Телефон", min(to, len(company.values()[0])))
    company.journal(Write(ORDERS, "append", "8", order(8, Оповещены=""), by=Actor(ActorKind.WEBSITE)))
    company.fault(":batchUpdate", 1, drop="after")
    with pytest.raises(SheetUnclear):
        company.flush()
    company.poll()
    assert not [said for said in company.told() if said.endswith("8")], "nobody believes a row under wrong headers"
    company.settle()
    assert [found["ID"] for found in company.rows()] == [1, 2, 3, 7, 8]
    assert {column: company.row(8)[column] for column in order(8, Оповещены="")} == order(8, Оповещены="")
