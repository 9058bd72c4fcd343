"""Columns are known by their headers; a sheet that can't be trusted changes nothing."""

from collections.abc import Callable

import pytest

from tests.harness.company import Company
from tests.harness.sheet import Sheet
from tests.pitfalls.test_rows import YULIA, offer


def own_column_first(sheet: Sheet) -> None:
    sheet.insert_column(1, "Кто принял", "Маша", "Оля", "Маша")


def own_column_in_the_middle(sheet: Sheet) -> None:
    sheet.insert_column(9, "Когда удобно", "после 18", "=1+1", "")


def columns_moved(sheet: Sheet) -> None:
    sheet.move_column("Статус", 0)
    sheet.move_column("ID", 18)
    sheet.move_column("Ключ", 3)


def column_hidden(sheet: Sheet) -> None:
    sheet.tab().hide_columns(15, 18)


@pytest.mark.parametrize("edit", [own_column_first, own_column_in_the_middle, columns_moved, column_hidden])
def test_pitfall_17_columns_arranged_anew(company: Company, sheet: Sheet, edit: Callable[[Sheet], None]) -> None:
    """Nothing happens; what comes next is read from, and written to, the right columns, own ones left untouched."""
    edit(sheet)
    arranged = sheet.values()
    company.nothing_happened()
    assert sheet.values() == arranged
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    new = sheet.row(sheet.next_id)
    assert (new["Имя"], new["Статус"], new["Источник"]) == ("Юлия", "Новая", "phone")
    assert sheet.values()[:4] == arranged[:4]


def renamed(sheet: Sheet) -> None:
    sheet.rename_header("Статус", "Состояние")


def doubled(sheet: Sheet) -> None:
    sheet.rename_header("Комментарий", "Статус")


def header_row_deleted(sheet: Sheet) -> None:
    sheet.tab().delete_rows(1)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (renamed, "нет столбца «Статус»"),
        (doubled, "столбец «Статус» встречается дважды"),
        (header_row_deleted, "Лист «Заявки»: "),
    ],
)
def test_pitfall_18_a_header_row_that_cant_be_trusted(
    company: Company, sheet: Sheet, spoil: Callable[[Sheet], None], named: str
) -> None:
    """One alarm that names it, no events and no writes; when it is mended, all goes on."""
    before = sheet.values()
    sheet.overwrite(before)
    spoil(sheet)
    spoiled = sheet.values()
    company.everyone_hears(olga=[f"⚠️ … {named}"])
    place = before[0].index("Статус")
    row_number = spoiled.index(before[1]) + 1
    sheet.tab().update_cell(row_number, place + 1, "Отменена")
    sheet.tab().append_row([YULIA.get(str(column), "") for column in before[0]], table_range="A1")
    spoiled = sheet.values()
    company.nothing_happened()
    assert sheet.values() == spoiled

    sheet.overwrite(before)
    company.everyone_hears(olga=["✅ … Снова в порядке"])
    sheet.change(sheet.ids[0], Статус="Отменена")
    company.everyone_hears(julia=["❌ … отменена"])
    assert len(company.logged("trouble")) == len(company.logged("trouble_over")) == 1


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("Статус", "  СТАТУС "),
        ("Статус", "статус:"),
        ("Оповещены", "Оповещёны"),
        ("Дата выполнения", "дата\u00a0 выполнения"),
        ("Ключ", "ключ\u200b"),
    ],
)
def test_pitfall_19_a_header_written_otherwise(company: Company, sheet: Sheet, header: str, written: str) -> None:
    sheet.rename_header(header, written)
    company.nothing_happened()
    column = written if header == "Статус" else "Статус"
    sheet.change(sheet.ids[0], **{column: "Отменена"})
    company.everyone_hears(julia=["❌ … отменена"])


def test_pitfall_20_the_whole_tab_cleared_and_pasted_back(company: Company, sheet: Sheet) -> None:
    before = sheet.values()
    sheet.tab().batch_clear(["A2:Z100"])
    company.everyone_hears(olga=["⚠️ … сразу исчезли 3 из 3 заявок"])
    company.nothing_happened()
    sheet.overwrite(before)
    company.everyone_hears(olga=["✅ … Снова в порядке"])
    company.nothing_happened()
    assert sheet.values() == before


def test_pitfall_20_the_tab_cleared_with_its_headers(company: Company, sheet: Sheet) -> None:
    before = sheet.values()
    sheet.tab().clear()
    company.everyone_hears(olga=["⚠️ … нет заголовков"])
    sheet.overwrite(before)
    company.everyone_hears(olga=["✅ … Снова в порядке"])
    company.nothing_happened()
    assert sheet.values() == before
