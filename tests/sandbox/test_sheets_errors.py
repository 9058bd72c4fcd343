"""Refusals: codes, texts and bodies as Google sends them, and nothing changed afterwards."""

import base64
import json
from typing import Any

import gspread
import pytest
import requests

from tests.harness.system import HANG_S
from tests.sandbox.conftest import BOOK, DEMO, Sandbox

UNKNOWN = "Invalid JSON payload received. Unknown name"


def refused(sandbox: Sandbox, verb: str, path: str, body: object = None, **query: str) -> dict[str, Any]:
    """The error of a request that must be refused with its code in both places."""
    answer = sandbox.call(verb, path, body, **query)
    error: dict[str, Any] = answer.json()["error"]
    assert error["code"] == answer.status_code
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    return error


def batch(sandbox: Sandbox, *requests: dict[str, Any]) -> dict[str, Any]:
    """The error of a batchUpdate that must be refused."""
    return refused(sandbox, "POST", f"{BOOK}:batchUpdate", {"requests": list(requests)})


def test_unknown_spreadsheet(sandbox: Sandbox) -> None:
    body = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
    assert refused(sandbox, "GET", "/v4/spreadsheets/nobody") == body
    with pytest.raises(gspread.SpreadsheetNotFound):
        sandbox.gspread().open_by_key("nobody")


def test_unshared_spreadsheet(sandbox: Sandbox) -> None:
    sandbox.control("access", spreadsheet=DEMO, token_user="staff", allowed=False)
    answer = sandbox.get(BOOK, "staff")
    body = {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
    assert (answer.status_code, answer.json()) == (403, {"error": body})
    with pytest.raises(PermissionError):
        sandbox.gspread("staff").open_by_key(DEMO)
    assert sandbox.get(BOOK, "someone else").status_code == 200
    sandbox.control("access", spreadsheet=DEMO, token_user="staff", allowed=True)
    assert sandbox.get(BOOK, "staff").status_code == 200


def test_revoked_key(sandbox: Sandbox) -> None:
    sandbox.control("revoke", user="staff")
    answer = sandbox.get(BOOK, "staff")
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    sandbox.control("revoke", user="staff", revoked=False)
    assert sandbox.get(BOOK, "staff").status_code == 200


def test_a_key_that_was_revoked_and_its_successor(sandbox: Sandbox) -> None:
    """Both keys belong to one service account; a token says by which it was issued."""
    old, new = token(sandbox, "key1"), token(sandbox, "key2")
    assert {
        sandbox.get(BOOK, old["access_token"]).status_code,
        sandbox.get(BOOK, new["access_token"]).status_code,
    } == {200}
    sandbox.control("revoke", key="key1")
    assert sandbox.get(BOOK, old["access_token"]).status_code == 401
    assert token(sandbox, "key1") == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    assert sandbox.get(BOOK, new["access_token"]).status_code == 200
    assert "access_token" in token(sandbox, "key2")


def token(sandbox: Sandbox, key: str) -> dict[str, Any]:
    """What the token endpoint answers to an assertion signed by a key."""
    parts = ({"alg": "RS256", "kid": key}, {"iss": "naryad@project.iam.gserviceaccount.com"})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": ".".join([*encoded, "signed"])}
    answer: dict[str, Any] = requests.post(f"{sandbox.url}/token", data=form, timeout=HANG_S).json()
    return answer


def test_an_api_that_nobody_switched_on(sandbox: Sandbox) -> None:
    sandbox.control("project", sheets_api=False)
    error = refused(sandbox, "GET", BOOK)
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
    assert error["message"].startswith("Google Sheets API has not been used in project 123456789012 before")
    assert [detail.get("reason") for detail in error["details"]] == [None, "SERVICE_DISABLED"]
    sandbox.control("project", sheets_api=True)
    assert sandbox.get(BOOK).status_code == 200


@pytest.mark.parametrize(
    ("state", "code", "status"), [("deleted", 404, "NOT_FOUND"), ("office", 400, "FAILED_PRECONDITION")]
)
def test_a_file_that_is_gone_or_no_google_sheet(sandbox: Sandbox, state: str, code: int, status: str) -> None:
    sandbox.control("file", spreadsheet=DEMO, state=state)
    error = refused(sandbox, "GET", BOOK)
    assert (error["code"], error["status"]) == (code, status)
    sandbox.control("file", spreadsheet=DEMO, state="there")
    assert sandbox.get(BOOK).status_code == 200


@pytest.mark.parametrize("cells", ["Нет!A1", "'Нет'!A1", "A0", "1A", "A1:", "Лист1!", "лист1!A1", "Нет", "AAAA1"])
def test_bad_ranges(sandbox: Sandbox, cells: str) -> None:
    error = refused(sandbox, "GET", f"{BOOK}/values/{cells}")
    assert error == {"code": 400, "message": f"Unable to parse range: {cells}", "status": "INVALID_ARGUMENT"}


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ("A1001:B", "'Лист1'!A1001:B"),
        ("A1001", "'Лист1'!A1001"),
        ("A1001:B1002", "'Лист1'!A1001:B1002"),
        ("AA1:AA2", "'Лист1'!AA1:AA2"),
        ("AA:AB", "'Лист1'!AA1:AB"),
    ],
)
def test_ranges_starting_outside_the_grid(sandbox: Sandbox, cells: str, named: str) -> None:
    message = f"Range ({named}) exceeds grid limits. Max rows: 1000, max columns: 26"
    assert refused(sandbox, "GET", f"{BOOK}/values/{cells}")["message"] == message
    body = {"values": [["x"]]}
    assert refused(sandbox, "PUT", f"{BOOK}/values/{cells}", body, valueInputOption="RAW")["message"] == message


@pytest.mark.parametrize(
    ("grid", "named"),
    [
        ({"startRowIndex": 1000, "startColumnIndex": 0, "endColumnIndex": 2}, "T!A1001:B"),
        ({"startRowIndex": 1000, "endRowIndex": 1001, "endColumnIndex": 2}, "T!A1001:B1001"),
        ({"endRowIndex": 2, "startColumnIndex": 26}, "T!AA1:2"),
    ],
)
def test_grid_ranges_starting_outside_name_the_request(sandbox: Sandbox, grid: dict[str, int], named: str) -> None:
    add = {"addSheet": {"properties": {"title": "T", "sheetId": 7}}}
    repeat = {"repeatCell": {"range": {"sheetId": 7, **grid}, "cell": {}, "fields": "note"}}
    error = batch(sandbox, add, repeat)
    limits = "Max rows: 1000, max columns: 26"
    assert error["message"] == f"Invalid requests[1].repeatCell: Range ({named}) exceeds grid limits. {limits}"
    assert len(sandbox.get(BOOK).json()["sheets"]) == 1


def test_a_range_that_starts_inside_and_ends_outside_is_taken(sandbox: Sandbox) -> None:
    grid = {"startRowIndex": 999, "endRowIndex": 1003, "startColumnIndex": 25, "endColumnIndex": 28}
    repeat = {"repeatCell": {"range": grid, "cell": {"note": "n"}, "fields": "note"}}
    assert sandbox.post(f"{BOOK}:batchUpdate", {"requests": [repeat]}).json()["replies"] == [{}]
    assert sandbox.get(BOOK).json()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1000


@pytest.mark.parametrize(
    ("cells", "rows", "message"),
    [
        ("A1:B2", [["x"]] * 3, "range ['Лист1'!A1:B2], but tried writing to row [3]"),
        ("A1:B2", [["a", "b", "c"]], "range ['Лист1'!A1:B2], but tried writing to column [C]"),
        ("A999", [["x"]] * 5, "range ['Лист1'!A999], but tried writing to row [1001]"),
    ],
)
def test_more_values_than_the_range(sandbox: Sandbox, cells: str, rows: list[list[str]], message: str) -> None:
    error = refused(sandbox, "PUT", f"{BOOK}/values/{cells}", {"values": rows}, valueInputOption="RAW")
    assert error["message"] == f"Requested writing within {message}"


def test_missing_or_wrong_input_option(sandbox: Sandbox) -> None:
    body = {"values": [["x"]]}
    error = refused(sandbox, "PUT", f"{BOOK}/values/A1", body)
    assert error["message"] == "'valueInputOption' is required but not specified"
    error = refused(sandbox, "PUT", f"{BOOK}/values/A1", body, valueInputOption="raw")
    expected = (
        "Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), \"raw\""
    )
    assert error["message"] == expected


def test_malformed_values_as_recorded(sandbox: Sandbox) -> None:
    text = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    error = refused(
        sandbox, "PUT", f"{BOOK}/values/A1", {"values": "X", "majorDimension": None}, valueInputOption="RAW"
    )
    assert error == {
        "code": 400,
        "message": text,
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{"field": "data.values", "description": text}],
            }
        ],
    }
    error = refused(sandbox, "PUT", f"{BOOK}/values/A1", {"values": [[{"a": 1}]]}, valueInputOption="RAW")
    assert error["message"].startswith("Invalid values[0][0]: struct_value")


def test_unknown_fields_requests_and_parameters(sandbox: Sandbox) -> None:
    error = batch(sandbox, {"addSheat": {}})
    assert error["message"] == f"{UNKNOWN} \"addSheat\" at 'requests[0]': Cannot find field."
    assert error["details"][0]["fieldViolations"][0]["field"] == "requests[0]"
    error = batch(sandbox, {"updateCells": {"rows": [{"values": [{"userEnteredValue": {"text": "x"}}]}]}})
    where = "requests[0].update_cells.rows[0].values[0].user_entered_value"
    assert error["message"] == f"{UNKNOWN} \"text\" at '{where}': Cannot find field."
    error = refused(sandbox, "POST", f"{BOOK}:batchUpdate", {"request": []})
    assert error["message"] == f'{UNKNOWN} "request": Cannot find field.'
    error = refused(sandbox, "GET", BOOK, None, includeGrid="true")
    assert 'Unknown name "includeGrid": Cannot bind query parameter.' in error["message"]


def test_wrong_types(sandbox: Sandbox) -> None:
    error = batch(sandbox, {"addSheet": {"properties": {"sheetId": "x", "title": 5, "hidden": "yes"}}})
    assert error["message"].splitlines() == [
        "Invalid value at 'requests[0].add_sheet.properties.sheet_id' (TYPE_INT32), \"x\"",
        "Invalid value at 'requests[0].add_sheet.properties.title' (TYPE_STRING), 5",
        "Invalid value at 'requests[0].add_sheet.properties.hidden' (TYPE_BOOL), \"yes\"",
    ]


def test_body_that_is_not_json(sandbox: Sandbox) -> None:
    answer = sandbox.session.post(f"{sandbox.url}{BOOK}:batchUpdate", data=b"{nope")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid JSON payload received. Unexpected token.")


def test_requests_without_a_kind_or_with_two(sandbox: Sandbox) -> None:
    assert batch(sandbox, {})["message"] == "Invalid requests[0]: No request set."
    two = {"deleteSheet": {"sheetId": 0}, "addSheet": {}}
    assert "oneof field 'kind' is already set" in batch(sandbox, two)["message"]
    assert batch(sandbox)["message"] == "Must specify at least one request."


def test_known_but_uncovered_requests_are_never_a_silent_success(sandbox: Sandbox) -> None:
    assert batch(sandbox, {"addChart": {}})["status"] == "UNIMPLEMENTED"
    assert refused(sandbox, "POST", f"{BOOK}/developerMetadata:search", {})["code"] == 501


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/v4/spreadsheets"),
        ("POST", f"{BOOK}:nothing"),
        ("GET", f"{BOOK}/sheets"),
        ("POST", f"{BOOK}/values/A1"),
        ("DELETE", BOOK),
        ("GET", "/v5/spreadsheets"),
    ],
)
def test_unknown_methods_are_the_front_ends_404(sandbox: Sandbox, verb: str, path: str) -> None:
    answer = sandbox.call(verb, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")


def test_a_request_batch_is_atomic(sandbox: Sandbox) -> None:
    error = batch(
        sandbox,
        {"updateCells": cells_request("x")},
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 5}}},
        {"addSheet": {"properties": {"title": "Новый"}}},
        {"deleteSheet": {"sheetId": 999}},
    )
    assert error["message"] == "Invalid requests[3].deleteSheet: No grid with id: 999"
    body = sandbox.get(BOOK).json()
    assert [sheet["properties"]["title"] for sheet in body["sheets"]] == ["Лист1"]
    assert body["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1000
    assert "values" not in sandbox.get(f"{BOOK}/values/Лист1").json()


def cells_request(text: str) -> dict[str, Any]:
    """An updateCells of A1."""
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
    return {"rows": rows, "fields": "userEnteredValue", "start": {"sheetId": 0}}


def test_limits(sandbox: Sandbox) -> None:
    long = {"values": [["x" * 50_001]]}
    message = "Your input contains more than the maximum of 50000 characters in a single cell."
    assert refused(sandbox, "PUT", f"{BOOK}/values/A1", long, valueInputOption="RAW")["message"] == message
    assert batch(sandbox, {"updateCells": cells_request("x" * 50_001)})["message"].endswith(message)
    grow = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 500_000}}
    assert batch(sandbox, grow)["message"] == (
        "Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook above "
        "the limit of 10000000 cells."
    )


def test_masks_of_writes(sandbox: Sandbox) -> None:
    request = cells_request("x")
    del request["fields"]
    assert batch(sandbox, {"updateCells": request})["message"] == (
        "Invalid requests[0].updateCells: At least one field must be listed in 'fields'. "
        "(Use '*' to indicate all fields.)"
    )
    assert "Invalid field" in batch(sandbox, {"updateCells": {**request, "fields": "value"}})["message"]


def test_tabs_that_cannot_be(sandbox: Sandbox) -> None:
    message = 'A sheet with the name "лист1" already exists. Please enter another name.'
    assert batch(sandbox, {"addSheet": {"properties": {"title": "лист1"}}})["message"].endswith(message)
    assert "remove all the sheets" in batch(sandbox, {"deleteSheet": {"sheetId": 0}})["message"]
    rows = {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1000}}
    assert "can't delete all the rows" in batch(sandbox, {"deleteDimension": rows})["message"]


def test_inserting_past_the_end(sandbox: Sandbox) -> None:
    rows = {"dimension": "ROWS", "startIndex": 1000, "endIndex": 1001}
    assert batch(sandbox, {"insertDimension": {"range": rows}})["message"] == (
        "Invalid requests[0].insertDimension: range.startIndex[1000] must be less than the grid size (1000) "
        "if inheritFromBefore is false"
    )
    request = {"insertDimension": {"range": rows, "inheritFromBefore": True}}
    assert sandbox.post(f"{BOOK}:batchUpdate", {"requests": [request]}).status_code == 200
