"""values.get, batchGet, update, clear, batchUpdate, batchClear: shapes and edges as recorded from Google."""

from typing import Any

import gspread
import pytest
from gspread.utils import ValueInputOption, ValueRenderOption

from tests.sandbox.conftest import BOOK, DEMO, Sandbox


def put(sandbox: Sandbox, cells: str, rows: list[list[Any]], option: str = "RAW", **query: str) -> dict[str, Any]:
    """values.update that must succeed."""
    answer = sandbox.call("PUT", f"{BOOK}/values/{cells}", {"values": rows}, valueInputOption=option, **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def read(sandbox: Sandbox, cells: str, **query: str) -> dict[str, Any]:
    """values.get that must succeed."""
    answer = sandbox.get(f"{BOOK}/values/{cells}", **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_demo_spreadsheet_is_there_and_empty(sandbox: Sandbox) -> None:
    body = sandbox.get(BOOK).json()
    assert body["properties"]["title"] == "Наряд — демо"
    assert (body["properties"]["locale"], body["properties"]["timeZone"]) == ("ru_RU", "Europe/Kaliningrad")
    assert [sheet["properties"]["title"] for sheet in body["sheets"]] == ["Лист1"]
    assert body["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    assert read(sandbox, "Лист1") == {"range": "'Лист1'!A1:Z1000", "majorDimension": "ROWS"}


def test_trailing_empties_are_dropped_and_inner_ones_kept(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["a", "", "c", ""], [], ["", "b"], ["", ""]])
    body = read(sandbox, "A1:D10", valueRenderOption="UNFORMATTED_VALUE")
    assert body == {
        "range": "'Лист1'!A1:D10",
        "majorDimension": "ROWS",
        "values": [["a", "", "c"], [], ["", "b"]],
    }
    assert read(sandbox, "A1:D10", majorDimension="COLUMNS")["values"] == [["a"], ["", "", "b"], ["c"]]
    assert read(sandbox, "B1:B2") == {"range": "'Лист1'!B1:B2", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("A1", "'Лист1'!A1"),
        ("'Лист1'", "'Лист1'!A1:Z1000"),
        ("Лист1!A:B", "'Лист1'!A1:B1000"),
        ("Лист1!2:3", "'Лист1'!A2:Z3"),
        ("A5:B", "'Лист1'!A5:B1000"),
        ("B2:A1", "'Лист1'!A1:B2"),
        ("A999:ZZ2000", "'Лист1'!A999:Z1000"),
        ("'Лист1'!$A$1:B$2", "'Лист1'!A1:B2"),
    ],
)
def test_range_is_echoed_clipped_to_the_grid(sandbox: Sandbox, asked: str, answered: str) -> None:
    assert read(sandbox, asked)["range"] == answered


def test_titles_are_quoted_only_when_needed(demo: gspread.Spreadsheet) -> None:
    for title, shown in {
        "Sheet1": "Sheet1",
        "D3": "'D3'",
        "It's": "'It''s'",
        "Заявки": "'Заявки'",
        "a/b": "'a/b'",
    }.items():
        tab = demo.add_worksheet(title, 4, 4)
        tab.update([["x"]], "A1")
        answer: Any = demo.values_get(f"'{title.replace(chr(39), chr(39) * 2)}'")
        assert (answer["range"], answer["values"]) == (f"{shown}!A1:D4", [["x"]])


def test_batch_get_answers_in_the_order_asked(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["a", "b"]])
    body = sandbox.get(f"{BOOK}/values:batchGet", ranges=["B1", "A1", "C1"]).json()
    assert body == {
        "spreadsheetId": DEMO,
        "valueRanges": [
            {"range": "'Лист1'!B1", "majorDimension": "ROWS", "values": [["b"]]},
            {"range": "'Лист1'!A1", "majorDimension": "ROWS", "values": [["a"]]},
            {"range": "'Лист1'!C1", "majorDimension": "ROWS"},
        ],
    }


def test_batch_get_by_data_filter(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["a", "b"]])
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2}
    filters = [{"a1Range": "A1"}, {"gridRange": grid}]
    body = sandbox.post(f"{BOOK}/values:batchGetByDataFilter", {"dataFilters": filters}).json()
    assert [item["valueRange"]["values"] for item in body["valueRanges"]] == [[["a"]], [["b"]]]


def test_raw_keeps_strings_and_json_types(sandbox: Sandbox) -> None:
    row = ["=1+1", "TRUE", "007", "15.12.2024", 2000, 1.5, True, "+79001234567"]
    put(sandbox, "A1", [row])
    assert read(sandbox, "A1:H1", valueRenderOption="UNFORMATTED_VALUE")["values"] == [row]
    assert read(sandbox, "A1:H1")["values"] == [
        ["=1+1", "TRUE", "007", "15.12.2024", "2000", "1,5", "ИСТИНА", "+79001234567"]
    ]


def test_null_skips_and_empty_text_clears(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["a", "b", "c"]])
    put(sandbox, "A1", [[None, "", "C"]])
    assert read(sandbox, "A1:C1")["values"] == [["a", "", "C"]]


def test_update_answers_what_it_wrote(sandbox: Sandbox) -> None:
    body = put(
        sandbox,
        "B2:C3",
        [["1,5", "x"]],
        "USER_ENTERED",
        includeValuesInResponse="true",
        responseValueRenderOption="UNFORMATTED_VALUE",
    )
    assert body == {
        "spreadsheetId": DEMO,
        "updatedRange": "'Лист1'!B2:C2",
        "updatedRows": 1,
        "updatedColumns": 2,
        "updatedCells": 2,
        "updatedData": {"range": "'Лист1'!B2:C2", "majorDimension": "ROWS", "values": [[1.5, "x"]]},
    }


def test_update_by_columns(sandbox: Sandbox) -> None:
    body = {"values": [["a", "b"], ["c"]], "majorDimension": "COLUMNS", "range": "A1"}
    sandbox.call("PUT", f"{BOOK}/values/A1", body, valueInputOption="RAW")
    assert read(sandbox, "A1:B2")["values"] == [["a", "c"], ["b"]]


def test_clear_keeps_formats(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["2 000 ₽"]], "USER_ENTERED")
    answer = sandbox.post(f"{BOOK}/values/A1:B1:clear")
    assert answer.json() == {"spreadsheetId": DEMO, "clearedRange": "'Лист1'!A1:B1"}
    put(sandbox, "A1", [[3000]])
    assert read(sandbox, "A1")["values"] == [["3\u00a0000 ₽"]]


def test_batch_update_and_batch_clear(sandbox: Sandbox) -> None:
    data = [{"range": "A1", "values": [["a", "b"]]}, {"range": "A5:B5", "values": [["c"]]}]
    body = sandbox.post(f"{BOOK}/values:batchUpdate", {"valueInputOption": "RAW", "data": data}).json()
    totals = {name: value for name, value in body.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 2,
        "totalUpdatedCells": 3,
        "totalUpdatedSheets": 1,
    }
    assert [part["updatedRange"] for part in body["responses"]] == ["'Лист1'!A1:B1", "'Лист1'!A5"]
    body = sandbox.post(f"{BOOK}/values:batchClear", {"ranges": ["A1", "A5:B5"]}).json()
    assert body == {"spreadsheetId": DEMO, "clearedRanges": ["'Лист1'!A1", "'Лист1'!A5:B5"]}
    assert read(sandbox, "Лист1")["values"] == [["", "b"]]


def test_batch_update_is_atomic(sandbox: Sandbox) -> None:
    data = [{"range": "A1", "values": [["a"]]}, {"range": "Нет!A1", "values": [["b"]]}]
    answer = sandbox.post(f"{BOOK}/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Invalid data[1]: Unable to parse range: Нет!A1"
    assert "values" not in read(sandbox, "Лист1")


def test_formulas_are_stored_and_read_as_what_they_come_to(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["=4/2", "=IMPORTXML(1)"]], "USER_ENTERED")
    shown = {
        "FORMULA": ["=4/2", "=IMPORTXML(1)"],
        "FORMATTED_VALUE": ["2", "Loading..."],
        "UNFORMATTED_VALUE": [2, "Loading..."],
    }
    for option, values in shown.items():
        assert read(sandbox, "A1:B1", valueRenderOption=option)["values"] == [values]
    cell = sandbox.get(BOOK, includeGridData="true", ranges="A1").json()["sheets"][0]["data"][0]["rowData"][0]
    assert cell["values"][0]["userEnteredValue"] == {"formulaValue": "=4/2"}


def test_dates_come_as_serials_or_text(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["01.01.2020", "14:30"]], "USER_ENTERED")
    unformatted = {"valueRenderOption": "UNFORMATTED_VALUE"}
    assert read(sandbox, "A1", **unformatted)["values"] == [[43831]]
    assert read(sandbox, "A1", valueRenderOption="FORMULA")["values"] == [[43831]]
    assert read(sandbox, "A1:B1", **unformatted, dateTimeRenderOption="FORMATTED_STRING")["values"] == [
        ["01.01.2020", "14:30"]
    ]
    assert read(sandbox, "A1", dateTimeRenderOption="SERIAL_NUMBER")["values"] == [["01.01.2020"]]


def test_named_range_is_a_range(demo: gspread.Spreadsheet) -> None:
    demo.sheet1.update([["a", "b"]], "A1")
    demo.sheet1.define_named_range("A1:B1", "шапка")
    assert demo.values_get("шапка")["values"] == [["a", "b"]]


def test_gspread_reads_an_empty_sheet_as_google(demo: gspread.Spreadsheet) -> None:
    assert demo.sheet1.get() == [[]]
    assert demo.sheet1.get_all_values() == [[]]
    assert demo.sheet1.batch_get(["A1:B2"]) == [[]]


def test_gspread_update_cell_is_typed_and_update_is_raw(demo: gspread.Spreadsheet) -> None:
    demo.sheet1.update_acell("A1", "2 000 ₽")
    demo.sheet1.update([["2 000 ₽"]], "A2")
    demo.sheet1.update([["50%"]], "A3", value_input_option=ValueInputOption.user_entered)
    values = demo.sheet1.get("A1:A3", value_render_option=ValueRenderOption.unformatted)
    assert values == [[2000], ["2 000 ₽"], [0.5]]


def test_fields_trims_a_values_answer(sandbox: Sandbox) -> None:
    put(sandbox, "A1", [["a"]])
    assert read(sandbox, "A1", fields="values") == {"values": [["a"]]}


def test_lone_surrogates_and_control_characters_do_not_break_an_answer(sandbox: Sandbox) -> None:
    raw = '{"values": [["\\ud800x", "a\\u0007\\nб\\u202e"]]}'
    answer = sandbox.session.put(
        f"{sandbox.url}{BOOK}/values/A1?valueInputOption=RAW", data=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200
    assert read(sandbox, "A1:B1")["values"] == [["?x", "a\u0007\nб\u202e"]]
