"""`worker init`: makes what is missing, repeatable, destroys nothing."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from gspread.utils import ValueInputOption, rowcol_to_a1

from record.dispatch.reading import read_service
from record.errors import SheetBroken, SheetBusy, SheetDenied
from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES, WORKSHEETS
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.system import System
from worker.init import Prepared, prepare


@pytest.fixture
def sheet(empty_system: System) -> Iterator[Sheet]:
    """The door to a spreadsheet in which nothing has been prepared."""
    settings = load_settings()
    assert settings.sheets.api_url == empty_system.url
    with closing(Store(settings.store.url)) as store:
        yield Sheet(settings, store)


def seen(system: System) -> tuple[int, int]:
    """Return how many reads and writes Google has seen."""
    counts = system.http.get(f"{system.url}/sandbox/requests").json()
    return counts["sheets_read"], counts["sheets_write"]


def contents(system: System) -> dict[str, list[list[Any]]]:
    """Return all values of all worksheets."""
    return {one.title: one.get_values() for one in system.staff().worksheets()}


def test_an_empty_spreadsheet_gets_all_worksheets_in_at_most_three_writes(empty_system: System, sheet: Sheet) -> None:
    _, before = seen(empty_system)
    assert prepare(sheet) == Prepared(made=list(WORKSHEETS))
    assert seen(empty_system)[1] - before <= 3
    found = contents(empty_system)
    assert {title: tuple(found[title][0]) for title in WORKSHEETS} == {
        title: sheet.columns for title, sheet in WORKSHEETS.items()
    }
    assert len(found[ORDERS]) == len(found[MASTERS]) == 1


def test_headers_stay_in_sight_and_choices_are_offered(empty_system: System, sheet: Sheet) -> None:
    prepare(sheet)
    fields = "sheets(properties,data.rowData.values(dataValidation,effectiveFormat.numberFormat))"
    book = empty_system.staff().fetch_sheet_metadata({"fields": fields, "includeGridData": "true"})
    sheets = {one["properties"]["title"]: one for one in book["sheets"]}
    assert {one["properties"]["gridProperties"]["frozenRowCount"] for one in sheets.values() if
            one["properties"]["title"] in WORKSHEETS} == {1}  # fmt: skip
    first = dict(zip(WORKSHEETS[ORDERS].columns, sheets[ORDERS]["data"][0]["rowData"][1]["values"], strict=False))
    rule = first["Статус"]["dataValidation"]
    assert [choice["userEnteredValue"] for choice in rule["condition"]["values"]] == [
        "Новая", "В работе", "Выполнена", "Отменена"
    ]  # fmt: skip
    assert not rule.get("strict"), "what is typed otherwise is explained, not forbidden"
    assert first["Мастер"]["dataValidation"]["condition"]["type"] == "ONE_OF_RANGE"
    assert first["Телефон"]["effectiveFormat"]["numberFormat"]["type"] == "TEXT"
    assert "yy" in first["Дата"]["effectiveFormat"]["numberFormat"]["pattern"]


def test_the_price_list_and_the_questions_begin_with_something_to_correct(sheet: Sheet) -> None:
    prepare(sheet)
    values = sheet.read().values()
    services = [read_service(tuple(row)) for row in values[SERVICES][1:]]
    assert len(services) >= 30
    assert all(service.name and service.category and service.description and service.unit for service in services)
    assert all(service.price and service.shown for service in services)
    assert len({service.category for service in services}) >= 5
    assert len(values[QUESTIONS]) - 1 >= 20
    assert all(len(row) == 2 and all(row) for row in values[QUESTIONS])


def test_a_second_time_changes_and_writes_nothing(empty_system: System, sheet: Sheet) -> None:
    prepare(sheet)
    before, (_, writes) = contents(empty_system), seen(empty_system)
    assert prepare(sheet) == Prepared()
    assert (contents(empty_system), seen(empty_system)[1]) == (before, writes)


def test_what_people_made_of_it_stays(empty_system: System, sheet: Sheet) -> None:
    prepare(sheet)
    book = empty_system.staff()
    book.worksheet(ORDERS).insert_cols([["Кто принял", "Оля"]], 1)
    book.worksheet(ORDERS).append_row(["Оля", 7, "", "phone", "=1+1"], value_input_option=ValueInputOption.raw)
    book.worksheet(SERVICES).delete_rows(3, 40)
    book.worksheet(SERVICES).update_cell(2, 5, 777)
    book.worksheet(QUESTIONS).clear()
    book.worksheet(QUESTIONS).update([["ответ ", "Моё", "ВОПРОС"], ["Да", "x", "Можно?"]])
    book.add_worksheet("Черновик", 10, 10)
    before = contents(empty_system)
    assert prepare(sheet) == Prepared()
    assert contents(empty_system) == before


def test_a_column_that_was_removed_is_added_at_the_right_of_all_that_is_there(
    empty_system: System, sheet: Sheet
) -> None:
    prepare(sheet)
    worksheet = empty_system.staff().worksheet(ORDERS)
    worksheet.delete_columns(WORKSHEETS[ORDERS].index("Комментарий") + 1)
    last = rowcol_to_a1(1, len(WORKSHEETS[ORDERS].columns))
    worksheet.update([["Моё"], ["", "заметка без заголовка"]], last)
    before = worksheet.get_values()
    assert prepare(sheet) == Prepared(added=["«Заявки»: Комментарий"])
    after = worksheet.get_values()
    assert after[0][-1] == "Комментарий"
    assert [row[: len(before[0])] for row in after] == [row[: len(after[0])] for row in before]


def test_a_worksheet_that_is_there_but_empty_gets_its_headers_and_no_rows(empty_system: System, sheet: Sheet) -> None:
    empty_system.staff().add_worksheet(SERVICES, 5, 2)
    assert SERVICES not in prepare(sheet).made
    assert contents(empty_system)[SERVICES] == [list(WORKSHEETS[SERVICES].columns)]


def test_a_doubled_header_is_refused_with_its_name_and_nothing_is_written(empty_system: System, sheet: Sheet) -> None:
    prepare(sheet)
    empty_system.staff().worksheet(ORDERS).update_cell(1, 14, " статус")
    before, (_, writes) = contents(empty_system), seen(empty_system)
    with pytest.raises(SheetBroken, match="Лист «Заявки»: столбец «Статус» встречается дважды"):
        prepare(sheet)
    assert (contents(empty_system), seen(empty_system)[1]) == (before, writes)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [({"status": 503, "times": 9}, SheetBusy), ({"status": 403, "times": 1}, SheetDenied)],
)
def test_init_can_be_repeated_after_google_failed_at_any_point(
    empty_system: System, sheet: Sheet, trouble: dict[str, Any], error: type[Exception]
) -> None:
    body = {"api": "sheets", "path": "batchUpdate", **trouble}
    empty_system.http.post(f"{empty_system.url}/sandbox/faults", json=body).raise_for_status()
    with pytest.raises(error):
        prepare(sheet)
    empty_system.http.delete(f"{empty_system.url}/sandbox/faults")
    prepare(sheet)
    assert {title: tuple(rows[0]) for title, rows in contents(empty_system).items() if title in WORKSHEETS} == {
        title: one.columns for title, one in WORKSHEETS.items()
    }


def test_the_command_says_what_it_did(empty_system: System) -> None:
    first = empty_system.run("worker", "init")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "Созданы листы: «Заявки», «Мастера», «Статистика», «Услуги», «Вопросы»\n"
    empty_system.staff().worksheet(MASTERS).delete_columns(5)
    again = empty_system.run("worker", "init")
    assert again.stdout == "Все листы на месте\nДобавлены столбцы: «Мастера»: Специализация\n"
