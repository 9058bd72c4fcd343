"""Rows come, go and move: an order is its ID, wherever it stands."""

from collections.abc import Callable
from typing import Any

import pytest

from record.values import telegram
from tests.harness.company import ACCEPT, JULIA, Company, labels
from tests.harness.sheet import Sheet

YULIA: dict[str, Any] = {
    "Имя": "Юлия", "Телефон": "8 (900) 765-43-21", "Проблема": "Не работает розетка", "Адрес": "Мира 5"
}  # fmt: skip


def offer(number: int) -> dict[str, list[str]]:
    """Return what is heard when an order is announced: both masters get one card."""
    return {who: [f"🆕 Новая заявка … #{number}"] for who in ("ivan", "sergey")}


def test_pitfall_01_a_row_deleted_and_one_appended_between_two_polls(company: Company, sheet: Sheet) -> None:
    first, second, third = sheet.ids
    sheet.delete(first)
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    assert company.history(first) == ["appeared", "removed"]
    assert company.history(second) == company.history(third) == ["appeared"]
    assert [row["ID"] for row in sheet.rows()] == [second, third, sheet.next_id]


def test_pitfall_02_an_order_inserted_above_the_first(company: Company, sheet: Sheet) -> None:
    sheet.insert_above(sheet.ids[0], **YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    assert [row["ID"] for row in sheet.rows()] == [sheet.next_id, *sheet.ids]
    assert [company.history(one) for one in sheet.ids] == [["appeared"]] * 3


def test_pitfall_03_all_orders_replaced_by_others(company: Company, sheet: Sheet) -> None:
    header, new = sheet.header(), sheet.next_id
    others = [[{**YULIA, "Имя": name}.get(column, "") for column in header] for name in ("Аня", "Боря", "Вера")]
    sheet.overwrite([header, *others])
    three = [f"🆕 … #{new + number}" for number in range(3)]
    company.everyone_hears(ivan=three, sergey=three)
    assert [company.history(one) for one in sheet.ids] == [["appeared", "removed"]] * 3
    assert [line["level"] for line in company.logged("orders_replaced")] == ["warning"]
    assert company.logged("orders_replaced")[0]["gone"] == 3


def by_name(sheet: Sheet) -> None:
    sheet.sort("Имя", "des")


def by_text(sheet: Sheet) -> None:
    sheet.change(sheet.ids[1], Комментарий="а")
    sheet.sort("Комментарий")


def reverse(sheet: Sheet) -> None:
    sheet.sort("ID", "des")


def drag_a_row(sheet: Sheet) -> None:
    sheet.move_row(sheet.ids[0], 4)


@pytest.mark.parametrize("edit", [by_name, by_text, reverse, drag_a_row])
def test_pitfall_04_rows_in_another_order(company: Company, sheet: Sheet, edit: Callable[[Sheet], None]) -> None:
    edit(sheet)
    arranged = sheet.values()
    company.nothing_happened()
    assert sheet.values() == arranged
    sheet.change(sheet.ids[0], Статус="Отменена")
    company.everyone_hears(julia=[f"❌ Заявка #{sheet.ids[0]} отменена"])


def test_pitfall_05_the_first_order_deleted(announced: Company, sheet: Sheet) -> None:
    first, second, third = sheet.ids
    sheet.delete(first)
    announced.everyone_hears()
    assert announced.history(first) == ["appeared", "removed"]
    assert announced.history(second) == announced.history(third) == ["appeared"]
    for who in ("ivan", "sergey"):
        assert announced.card(who, first)["text"] == f"🗑 Заказ #{first} убрали из таблицы"
        assert [labels(announced.card(who, one)) for one in sheet.ids] == [[], [ACCEPT], [ACCEPT]]


def test_pitfall_06_an_order_in_the_row_number_of_a_deleted_one(company: Company, sheet: Sheet) -> None:
    last = sheet.ids[-1]
    row_number = sheet.number(last)
    sheet.delete(last)
    company.nobody_hears_anything()
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    assert sheet.number(sheet.next_id) == row_number


def test_pitfall_15_rows_below_a_blank_one_are_seen(company: Company, sheet: Sheet) -> None:
    sheet.tab().insert_rows([[], [" "]], sheet.number(sheet.ids[0]) + 1)
    company.nothing_happened()
    sheet.change(sheet.ids[2], Статус="Отменена")
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    assert company.history(sheet.ids[2]) == ["appeared", "status"]


def test_pitfall_16_trailing_cells_emptied_are_one_change(company: Company, sheet: Sheet) -> None:
    """Google leaves out what is empty at the end of a row; those cells are read as empty."""
    sheet.move_column("Адрес", 18)
    sheet.move_column("Категория", 18)
    company.nothing_happened()
    sheet.change(sheet.ids[2], Адрес="", Категория="")
    company.everyone_hears()
    assert company.history(sheet.ids[2]) == ["appeared", "details"]
    assert (company.order(sheet.ids[2]).address, company.order(sheet.ids[2]).category) == ("", "")
    assert [company.history(one) for one in sheet.ids[:2]] == [["appeared"]] * 2


def test_pitfall_28_a_deleted_order_restored_by_undo(announced: Company, sheet: Sheet) -> None:
    first, before = sheet.ids[0], sheet.values()
    sheet.delete(first)
    announced.everyone_hears()
    sheet.overwrite(before)
    announced.everyone_hears()
    assert announced.history(first) == ["appeared", "removed", "restored"]
    assert sheet.values() == before
    assert labels(announced.card("ivan", first)) == [ACCEPT], "its cards work again"


def test_pitfall_28_an_order_at_work_deleted_and_restored(company: Company, sheet: Sheet) -> None:
    """Its master is told that it is gone, and gets it back; the client never hears of either."""
    first = sheet.ids[0]
    sheet.change(first, Статус="В работе", Мастер="Ким")
    company.everyone_hears(julia=["🚀 … Сергей Ким"], sergey=["📌 Диспетчер назначил вам заказ"])
    before = sheet.values()
    sheet.delete(first)
    company.everyone_hears(sergey=[f"🗑 Заказ #{first} убрали из таблицы"])
    sheet.overwrite(before)
    company.everyone_hears(sergey=[f"📌 Диспетчер назначил вам заказ … #{first}"])
    assert company.owner(first) == "2"


def test_pitfall_28_a_row_cut_and_pasted_below(company: Company, sheet: Sheet) -> None:
    """Cut is a deletion to whoever looks in between."""
    first = sheet.ids[0]
    kept = sheet.row(first)
    sheet.delete(first)
    company.nobody_hears_anything()
    sheet.paste(kept)
    company.nobody_hears_anything()
    assert company.history(first) == ["appeared", "removed", "restored"]
    assert company.order(first).chat == telegram(JULIA)
