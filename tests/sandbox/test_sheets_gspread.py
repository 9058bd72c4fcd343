"""The breadth of gspread 6 against the sandbox, Drive, the token endpoint, and spreadsheets.get."""

import base64
import json
from typing import Any

import gspread
import gspread.utils
import pytest
from gspread.cell import Cell
from gspread.utils import MergeType, ValidationConditionType

from tests.harness.system import HANG_S
from tests.sandbox.conftest import BOOK, DEMO, Sandbox

Json = dict[str, Any]


def test_records_find_and_cells(demo: gspread.Spreadsheet) -> None:
    tab = demo.sheet1
    tab.update([["ID", "Имя"], [1, "Юля"], [2, "Пётр"]], "A1")
    assert tab.get_all_records() == [{"ID": 1, "Имя": "Юля"}, {"ID": 2, "Имя": "Пётр"}]
    found = tab.find("Пётр")
    assert found is not None
    assert (found.row, found.col) == (3, 2)
    tab.update_cells([Cell(2, 2, "Юлия"), Cell(3, 2, "Пётр I")])
    assert tab.col_values(2) == ["Имя", "Юлия", "Пётр I"]
    assert tab.row_values(2) == ["1", "Юлия"]
    tab.batch_update([{"range": "A5:B5", "values": [["x", "y"]]}])
    tab.batch_clear(["A5"])
    assert tab.get("A5:B5") == [["", "y"]]


def test_rows_and_columns(demo: gspread.Spreadsheet) -> None:
    tab = demo.sheet1
    tab.append_rows([["a"], ["b"], ["c"]])
    tab.insert_row(["new"], 2)
    tab.insert_cols([["x", "y"]], 1)
    tab.delete_rows(4)
    tab.add_rows(10)
    assert tab.get_all_values() == [["x", "a"], ["y", "new"], ["", "b"]]
    tab.sort((2, "des"))
    assert tab.col_values(2) == ["new", "b", "a"]
    tab.hide_rows(0, 1)
    tab.columns_auto_resize(0, 2)
    tab.clear()
    assert tab.get_all_values() == [[]]


def test_decorations_are_returned(demo: gspread.Spreadsheet, sandbox: Sandbox) -> None:
    tab = demo.sheet1
    tab.format("A1:B1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1, "green": 0.9}})
    tab.freeze(rows=1, cols=2)
    tab.merge_cells("C1:D2", merge_type=MergeType.merge_all)
    tab.set_basic_filter("A1:D10")
    tab.add_protected_range("A1:B1", editor_users_emails=["boss@example.com"])
    tab.define_named_range("A1:B1", "шапка")
    tab.insert_note("A1", "номер заявки")
    tab.add_validation(
        "B2:B9", ValidationConditionType.one_of_list, ["Новая", "В работе"], strict=True, showCustomUi=True
    )
    tab.update_tab_color("#FF0000")
    body = sandbox.get(BOOK, "staff", includeGridData="true").json()
    sheet = body["sheets"][0]
    assert sheet["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert sheet["merges"][0]["endColumnIndex"] == 4
    assert sheet["basicFilter"]["range"]["endRowIndex"] == 10
    assert "boss@example.com" in sheet["protectedRanges"][0]["editors"]["users"]
    assert body["namedRanges"][0]["name"] == "шапка"
    rows = sheet["data"][0]["rowData"]
    assert rows[0]["values"][0]["note"] == "номер заявки"
    assert rows[0]["values"][0]["userEnteredFormat"]["textFormat"]["bold"] is True
    assert rows[1]["values"][1]["dataValidation"]["condition"]["type"] == "ONE_OF_LIST"
    assert tab.get_note("A1") == "номер заявки"
    assert len(demo.list_named_ranges()) == 1
    assert len(demo.list_protected_ranges(0)) == 1
    tab.unmerge_cells("C1:D2")
    tab.clear_basic_filter()
    demo.sheet1.delete_named_range(body["namedRanges"][0]["namedRangeId"])
    body = sandbox.get(BOOK).json()
    assert not body["sheets"][0].keys() & {"merges", "basicFilter"}
    assert "namedRanges" not in body


def test_merging_keeps_the_first_cell(demo: gspread.Spreadsheet) -> None:
    demo.sheet1.update([["a", "b"], ["c", "d"]], "A1")
    demo.sheet1.merge_cells("A1:B2")
    assert demo.sheet1.get_all_values() == [["a"]]


def test_drive_files(sandbox: Sandbox) -> None:
    client = sandbox.gspread()
    made = client.create("Заказы 2024")
    assert made.sheet1.title == "Sheet1"
    assert (made.locale, made.timezone) == ("en_US", "Etc/GMT")
    assert client.open("Заказы 2024").id == made.id
    assert {file["name"] for file in client.list_spreadsheet_files()} == {"Заказы 2024", "Наряд — демо"}
    made.update_title("Архив")
    assert client.open_by_key(made.id).title == "Архив"
    copy = client.copy(made.id, "Копия")
    client.del_spreadsheet(made.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(made.id)
    assert client.open("Копия").id == copy.id
    client.http_client.session.close()


def test_sharing_and_unsharing(sandbox: Sandbox) -> None:
    owner = sandbox.gspread("owner@example.com")
    book = owner.create("Общая")
    book.share("robot@example.com", perm_type="user", role="writer", notify=False)
    assert {item["emailAddress"] for item in book.list_permissions()} == {"owner@example.com", "robot@example.com"}
    assert sandbox.gspread("robot@example.com").open_by_key(book.id).title == "Общая"
    book.remove_permissions("robot@example.com", role="any")
    with pytest.raises(PermissionError):
        sandbox.gspread("robot@example.com").open_by_key(book.id)


def test_drive_errors_carry_a_list(sandbox: Sandbox) -> None:
    answer = sandbox.get("/drive/v3/files/nobody")
    assert answer.status_code == 404
    assert answer.json()["error"]["errors"][0]["reason"] == "notFound"
    assert answer.json()["error"]["message"] == "File not found: nobody."
    assert sandbox.get("/drive/v3/files", q="starred maybe").status_code == 400


def test_last_update_time_moves_with_a_write(demo: gspread.Spreadsheet) -> None:
    before = demo.get_lastUpdateTime()
    demo.sheet1.update([["x"]], "A1")
    assert demo.get_lastUpdateTime() > before


def test_create_through_the_sheets_api(sandbox: Sandbox) -> None:
    body = {
        "properties": {"title": "Новая", "locale": "ru_RU"},
        "sheets": [{"properties": {"title": "Заявки", "gridProperties": {"rowCount": 5, "columnCount": 3}}}],
    }
    made = sandbox.post("/v4/spreadsheets", body).json()
    assert made["sheets"][0]["properties"]["title"] == "Заявки"
    assert made["spreadsheetUrl"].startswith("https://docs.google.com/spreadsheets/d/")
    assert sandbox.get(f"/v4/spreadsheets/{made['spreadsheetId']}").json()["properties"]["locale"] == "ru_RU"


def assertion(email: str) -> str:
    """A service account's signed assertion; nobody checks the signature."""
    parts = ({"alg": "RS256"}, {"iss": email})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "c2ln"])


def token(sandbox: Sandbox, **form: str) -> Any:
    """POST /token."""
    return sandbox.session.post(f"{sandbox.url}/token", data=form, timeout=HANG_S)


def test_token_endpoint(sandbox: Sandbox) -> None:
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion("robot@x.iam")}
    body = token(sandbox, **grant).json()
    assert (body["expires_in"], body["token_type"]) == (3599, "Bearer")
    assert sandbox.get(BOOK, body["access_token"]).status_code == 200
    sandbox.control("revoke", user="robot@x.iam")
    assert sandbox.get(BOOK, body["access_token"]).status_code == 401
    refused = token(sandbox, **grant)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert token(sandbox, **{**grant, "assertion": "nonsense"}).json()["error"] == "invalid_grant"
    assert token(sandbox, grant_type="password").json()["error"] == "unsupported_grant_type"


def test_field_masks_of_get(sandbox: Sandbox) -> None:
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": [["x"]]}, valueInputOption="RAW")
    assert sandbox.get(BOOK, fields="properties.title,sheets(properties(sheetId,title))").json() == {
        "properties": {"title": "Наряд — демо"},
        "sheets": [{"properties": {"sheetId": 0, "title": "Лист1"}}],
    }
    masked = sandbox.get(BOOK, fields="sheets/data/rowData/values/formattedValue", ranges="A1:A1")
    assert masked.json() == {"sheets": [{"data": [{"rowData": [{"values": [{"formattedValue": "x"}]}]}]}]}
    assert "data" not in sandbox.get(BOOK, fields="sheets.properties", includeGridData="true").json()["sheets"][0]
    answer = sandbox.get(BOOK, fields="sheets.title")
    violation = answer.json()["error"]["details"][0]["fieldViolations"][0]
    assert (answer.status_code, violation["field"]) == (400, "sheets.title")


def test_grid_data_has_rows_columns_and_defaults(sandbox: Sandbox) -> None:
    sandbox.call("PUT", f"{BOOK}/values/B3", {"values": [["2 000 ₽"]]}, valueInputOption="USER_ENTERED")
    data = sandbox.get(BOOK, includeGridData="true", ranges="B3:C4").json()["sheets"][0]["data"][0]
    assert (data["startRow"], data["startColumn"]) == (2, 1)
    assert (data["rowMetadata"], data["columnMetadata"]) == ([{"pixelSize": 21}] * 2, [{"pixelSize": 100}] * 2)
    cell = data["rowData"][0]["values"][0]
    assert cell["userEnteredValue"] == cell["effectiveValue"] == {"numberValue": 2000}
    assert cell["formattedValue"] == "2\u00a0000 ₽"
    assert cell["effectiveFormat"]["verticalAlignment"] == "BOTTOM"


def test_get_by_data_filter(sandbox: Sandbox) -> None:
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": [["x"]]}, valueInputOption="RAW")
    body = {"dataFilters": [{"a1Range": "A1"}], "includeGridData": True}
    sheet = sandbox.post(f"{BOOK}:getByDataFilter", body).json()["sheets"][0]
    assert sheet["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"


def test_opening_by_key_costs_one_read_and_each_worksheet_one_more(sandbox: Sandbox) -> None:
    sandbox.gspread().open_by_key(DEMO).worksheet("Лист1")
    assert sandbox.get("/sandbox/requests").json()["sheets_read"] == 2
