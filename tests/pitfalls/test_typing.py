"""What staff type is understood as it was meant, or explained in «Проверка»; their cells stay as they are."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from record.grid.worksheets import MASTERS
from record.values import Status
from tests.harness.company import Company
from tests.harness.sheet import Sheet
from tests.pitfalls.test_rows import YULIA, offer


def test_pitfall_07_a_row_typed_in_two_sittings_is_announced_once(company: Company, sheet: Sheet) -> None:
    sheet.type(Телефон="8 900 765-43-21")
    company.nobody_hears_anything()
    assert "не заполнена" in sheet.rows()[-1]["Проверка"]
    row_number, header = len(sheet.values()), sheet.header()
    sheet.tab().update_cell(row_number, header.index("Имя") + 1, "Юлия")
    company.nobody_hears_anything()
    sheet.tab().update_cell(row_number, header.index("Проблема") + 1, "Искрит щиток")
    company.everyone_hears(**offer(sheet.next_id))
    new = sheet.row(sheet.next_id)
    assert (new["Имя"], new["Телефон"], new["Проверка"]) == ("Юлия", "8 900 765-43-21", "")
    company.nobody_hears_anything()


def test_pitfall_21_phones_in_every_spelling(company: Company, sheet: Sheet) -> None:
    """However it is spelled, it is one number; what was typed stays as it was typed."""
    spellings = ["8 (900) 123-45-67", "'+7 900 123 45 67", "79001234567", "8-900-123-45-67"]
    for one, spelling in zip(sheet.ids, spellings, strict=False):
        sheet.change(one, Телефон=spelling)
    sheet.type_number(sheet.ids[2], "Телефон", 79001234567)
    typed = [sheet.row(one)["Телефон"] for one in sheet.ids]
    company.everyone_hears()
    assert {company.order(one).phone for one in sheet.ids} == {"+79001234567"}
    assert [sheet.row(one)["Телефон"] for one in sheet.ids] == typed
    assert typed == ["8 (900) 123-45-67", "+7 900 123 45 67", 79001234567]
    assert [company.history(one) for one in sheet.ids] == [["appeared", "details"]] * 3

    sheet.type_number(sheet.ids[0], "Телефон", 79001234567.0)
    sheet.change(sheet.ids[1], Телефон=spellings[3])
    company.nobody_hears_anything()
    assert [company.history(one) for one in sheet.ids] == [["appeared", "details"]] * 3, "the same phone, no change"


def test_pitfall_21_a_phone_that_nobody_could_call_is_explained(company: Company, sheet: Sheet) -> None:
    known = company.order(sheet.ids[0]).phone
    sheet.change(sheet.ids[0], Телефон="позвонит сама")
    company.nothing_happened()
    assert sheet.row(sheet.ids[0])["Проверка"].startswith("Телефон «позвонит сама» непонятен")
    assert (sheet.row(sheet.ids[0])["Телефон"], company.order(sheet.ids[0]).phone) == ("позвонит сама", known)


@pytest.mark.parametrize("typed", ["2000", "2 000 ₽", "2000р.", "2\u00a0000,00"])
def test_pitfall_22_prices_in_every_spelling(company: Company, sheet: Sheet, typed: str) -> None:
    sheet.change(sheet.ids[0], Статус="Выполнена", Цена=typed)
    shown = sheet.row(sheet.ids[0])["Цена"]
    company.everyone_hears(julia=["✅ … Стоимость: 2 000 ₽"])
    row = sheet.row(sheet.ids[0])
    assert (row["Комиссия"], row["Цена"], row["Проверка"]) == (600, shown, "")
    assert company.order(sheet.ids[0]).price == Decimal(2000)


def test_pitfall_22_kopecks_number_cells_and_words(company: Company, sheet: Sheet) -> None:
    first, second, third = sheet.ids
    sheet.change(first, Статус="Выполнена", Цена="2 000,50")
    sheet.type_number(second, "Цена", 1999.9)
    sheet.change(third, Цена="две тысячи")
    company.everyone_hears(julia=["✅ … Стоимость: 2 000,50 ₽"])
    assert company.order(first).price == Decimal("2000.50")
    assert company.order(second).price == Decimal("1999.90")
    assert sheet.row(third)["Проверка"] == "Цена «две тысячи» — не число: напишите, например, 2000"
    sheet.change(third, Цена="2000")
    company.nobody_hears_anything()
    assert sheet.row(third)["Проверка"] == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (45641.604166666664, datetime(2024, 12, 15, 14, 30)),
        ("'15.12.2024 14:30", datetime(2024, 12, 15, 14, 30)),
        ("'2024-12-15", datetime(2024, 12, 15)),
        ("'05.12.2024", datetime(2024, 12, 5)),
    ],
)
def test_pitfall_23_dates_are_read_day_first(company: Company, sheet: Sheet, typed: Any, meant: datetime) -> None:
    sheet.change(sheet.ids[0], Дата=typed)
    company.nothing_happened()
    assert company.order(sheet.ids[0]).created == meant
    assert sheet.row(sheet.ids[0])["Проверка"] == ""


def test_pitfall_23_a_row_typed_by_hand_is_dated_in_the_companys_time_zone(company: Company, sheet: Sheet) -> None:
    before = company.wall_clock()
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    dated = company.order(sheet.next_id).created
    assert dated
    assert before <= dated <= company.wall_clock()


NOBODY_GOES = "Кто едет? Статус «В работе», а мастера нет: впишите его в «Мастер» или верните статус «Новая»"


@pytest.mark.parametrize(
    ("typed", "meant", "asked"),
    [
        ("в работе", Status.WORK, NOBODY_GOES),
        ("Впроцессе", Status.WORK, NOBODY_GOES),
        ("Выполнено", Status.DONE, ""),
        ("отмена", Status.CANCELLED, ""),
        ("новая ", Status.NEW, ""),
    ],
)
def test_pitfall_24_statuses_in_every_spelling(
    company: Company, sheet: Sheet, typed: str, meant: Status, asked: str
) -> None:
    third = sheet.ids[2]
    sheet.change(third, Статус=typed)
    company.everyone_hears()
    assert company.order(third).status is meant
    row = sheet.row(third)
    assert (row["Статус"].strip(), row["Проверка"]) == (typed.strip(), asked)
    assert company.history(third) == ["appeared"] + ["status"] * (meant is not Status.NEW)


def test_pitfall_24_an_unknown_status_is_explained_with_the_nearest(company: Company, sheet: Sheet) -> None:
    sheet.change(sheet.ids[0], Статус="отложена")
    company.nothing_happened()
    row = sheet.row(sheet.ids[0])
    assert row["Статус"] == "отложена"
    assert "Статус «отложена» непонятен: может быть, «Отменена»?" in row["Проверка"]
    assert company.order(sheet.ids[0]).status is Status.NEW
    sheet.change(sheet.ids[0], Статус="Новая")
    company.nothing_happened()
    assert sheet.row(sheet.ids[0])["Проверка"] == ""


@pytest.mark.parametrize("typed", ["сергей ким", " Сергей  Ким ", "Ким Сергей", "Ким"])
def test_pitfall_25_a_master_named_otherwise(company: Company, sheet: Sheet, typed: str) -> None:
    sheet.change(sheet.ids[2], Мастер=typed, Статус="В работе")
    company.everyone_hears(sergey=["📌 Диспетчер назначил вам заказ"])
    assert company.owner(sheet.ids[2]) == "2"
    assert sheet.row(sheet.ids[2])["Мастер"].strip() == typed.strip()


def test_pitfall_25_an_unknown_master_and_one_of_two_alike_are_explained(company: Company, sheet: Sheet) -> None:
    first, second, third = sheet.ids
    sheet.type(MASTERS, ID=3, Имя="Иван Иванов")
    sheet.change(first, Мастер="Иван")
    sheet.change(second, Мастер="Сергей Ки")
    sheet.change(third, Мастер="Василий")
    company.nothing_happened()
    assert sheet.row(first)["Проверка"].startswith("Мастеров с именем «Иван» несколько")
    assert "Сергей Ким" in sheet.row(second)["Проверка"]
    assert sheet.row(third)["Проверка"].startswith("Мастер «Василий» не найден")
    sheet.change(first, Мастер="Иван Петров")
    company.everyone_hears(ivan=["📌 Диспетчер назначил"], julia=["🚀 … Иван Петров"])
    assert sheet.row(first)["Проверка"] == ""


def test_pitfall_26_zeros_flags_and_pluses_stay_as_they_are(company: Company, sheet: Sheet) -> None:
    first, second, third = sheet.ids
    sheet.change(first, Цена=0, Комментарий=0, Имя="'007", Адрес="'+7 этаж")
    sheet.change(second, Комментарий=False, Имя="'0")
    sheet.change(third, Статус="Выполнена", Цена=0)
    typed = sheet.values()
    company.everyone_hears()
    now = sheet.values()
    columns = ["Имя", "Телефон", "Адрес", "Цена", "Комментарий"]
    for column in columns:
        place = typed[0].index(column)
        assert [row[place] for row in now] == [row[place] for row in typed], column
    assert (company.order(first).name, company.order(first).address) == ("007", "+7 этаж")
    assert (company.order(first).price, company.order(second).name) == (Decimal(0), "0")
    assert sheet.row(third)["Комиссия"] == 0
    assert {sheet.row(one)["Проверка"] for one in sheet.ids} == {""}
