"""Rows and columns in the hands of staff: sorted, moved, deleted, copied, brought back."""

from typing import Any

import pytest

from tests.harness.office import Office, offered
from tests.harness.staff import CALLER


def delete_and_append(staff: Office) -> None:
    staff.delete(2)
    staff.type(**CALLER)


def insert_above(staff: Office) -> None:
    line = [CALLER.get(column, "") for column in staff.tab().row_values(1)]
    staff.tab().insert_row(line, 2)


def delete_last_then_append_in_its_place(staff: Office) -> None:
    staff.delete(3)
    staff.settle()
    assert staff.told() == []
    staff.type(**CALLER)


@pytest.mark.parametrize("edit", [delete_and_append, insert_above, delete_last_then_append_in_its_place])
def test_only_the_new_order_is_announced(company: Office, edit: Any) -> None:
    edit(company)
    company.settle()
    assert company.told() == offered(4)
    assert company.row(4)["Проблема"] == CALLER["Проблема"]


def reverse(staff: Office) -> None:
    staff.sort("ID", "des")


def sort_by_text(staff: Office) -> None:
    staff.change(2, Комментарий="а")
    staff.sort("Комментарий", "asc")


def move_a_row(staff: Office) -> None:
    staff.move("ROWS", 1, 4)


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
    company.paste(*[{**CALLER, "Имя": name} for name in ("Аня", "Боря", "Вера")])
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


@pytest.mark.parametrize("copies", [1, 2])
def test_of_a_row_and_its_exact_copies_the_uppermost_keeps_the_number(company: Office, copies: int) -> None:
    kept = company.row(2)
    company.paste(*[kept] * copies)
    company.settle()
    alike = [row for row in company.rows() if row["Имя"] == "Клиент 2"]
    assert [row["ID"] for row in alike] == [2, 4, 5][: copies + 1]
    assert alike[0] == kept
    assert len({row["Ключ"] for row in alike}) == copies + 1


@pytest.mark.parametrize("typed", [{"ID": ""}, {"ID": 77}, {"ID": 1}, {"Ключ": ""}])
def test_a_lost_id_or_key_is_put_back(company: Office, typed: dict[str, Any]) -> None:
    kept = company.row(2)
    company.change(2, **typed)
    company.settle()
    assert company.row(2) == kept
    assert company.told() == []
    assert company.history(2) == []
