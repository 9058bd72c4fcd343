"""IDs and keys that people clear, copy, change and swap."""

from typing import Any

import pytest

from tests.harness.company import Company
from tests.harness.sheet import Sheet
from tests.pitfalls.test_rows import YULIA, offer


@pytest.mark.parametrize("typed", [{"ID": ""}, {"ID": 77777}, {"ID": "№ 2"}, {"Ключ": ""}])
def test_pitfall_27_a_cleared_or_changed_id_is_put_back(
    company: Company, sheet: Sheet, typed: dict[str, Any]
) -> None:
    second = sheet.ids[1]
    before = sheet.values()
    sheet.change(second, **typed)
    company.nothing_happened()
    assert sheet.values() == before
    assert [line["order"] for line in company.logged("identity_restored")] == [str(second)]


def test_pitfall_27_an_id_typed_over_by_another_orders_id(company: Company, sheet: Sheet) -> None:
    before = sheet.values()
    sheet.change(sheet.ids[1], ID=sheet.ids[0])
    company.nothing_happened()
    assert sheet.values() == before


def test_pitfall_27_two_ids_swapped(company: Company, sheet: Sheet) -> None:
    before = sheet.values()
    column = [[row[0]] for row in before[1:3]]
    sheet.tab().update(column[::-1], "A2:A3")
    company.nothing_happened()
    assert sheet.values() == before


def test_pitfall_27_the_id_column_sorted_alone(company: Company, sheet: Sheet) -> None:
    """Every order keeps its own number, since its key stands in its row."""
    before = sheet.values()
    sheet.tab().sort((1, "des"), range="A2:A4")
    company.nothing_happened()
    assert sheet.values() == before


def test_pitfall_27_the_whole_id_column_cleared(company: Company, sheet: Sheet) -> None:
    before = sheet.values()
    sheet.tab().batch_clear(["A2:A4"])
    company.nothing_happened()
    assert sheet.values() == before


def test_pitfall_27_a_copied_row_is_an_order_of_its_own(company: Company, sheet: Sheet) -> None:
    second = sheet.ids[1]
    kept = sheet.row(second)
    sheet.paste({**kept, "Проблема": "Ещё одна розетка"})
    company.everyone_hears(**{who: [f"🆕 … #{sheet.next_id} … Ещё одна розетка"] for who in ("ivan", "sergey")})
    copy = sheet.row(sheet.next_id)
    assert (copy["Имя"], sheet.row(second)) == (kept["Имя"], kept)
    assert copy["Ключ"] not in ("", kept["Ключ"])


def test_pitfall_27_a_copy_inserted_above_leaves_the_original_its_id(company: Company, sheet: Sheet) -> None:
    second = sheet.ids[1]
    kept = sheet.row(second)
    sheet.insert_above(second, **{**kept, "Телефон": "'+79007654321", "Проблема": "У соседа тоже"})
    company.everyone_hears(**{who: [f"🆕 … #{sheet.next_id} … У соседа тоже"] for who in ("ivan", "sergey")})
    assert sheet.row(second) == kept


def test_pitfall_27_a_new_row_under_a_number_that_is_taken(company: Company, sheet: Sheet) -> None:
    sheet.type(**YULIA, ID=sheet.ids[0])
    company.everyone_hears(**offer(sheet.next_id))
    assert sheet.row(sheet.next_id)["Имя"] == "Юлия"
    assert sheet.row(sheet.ids[0])["Имя"] == f"Клиент {sheet.ids[0]}"


def test_pitfall_27_id_and_key_both_cleared_are_put_back(company: Company, sheet: Sheet) -> None:
    """All its other cells say which order it is."""
    before = sheet.values()
    sheet.change(sheet.ids[1], ID="", Ключ="")
    company.nothing_happened()
    assert sheet.values() == before


def test_pitfall_27_id_and_key_cleared_and_more_typed_lose_no_order(company: Company, sheet: Sheet) -> None:
    """Nothing says any more which order it was: the row becomes another order, and nobody is called out twice."""
    second = sheet.ids[1]
    kept = sheet.row(second)
    sheet.change(second, ID="", Ключ="", Адрес="Мира 9")
    company.nobody_hears_anything()
    again = sheet.row(sheet.next_id)
    assert {**again, "ID": 0, "Ключ": ""} == {**kept, "ID": 0, "Ключ": "", "Адрес": "Мира 9"}
    assert company.history(second) == ["appeared", "removed"]
