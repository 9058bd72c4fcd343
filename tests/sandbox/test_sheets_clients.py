"""What other clients ask of Google: whole new spreadsheets, searches of Drive, addresses spelt their own way."""

from typing import Any

import pytest

from tests.sandbox.conftest import BOOK, DEMO, Sandbox

Json = dict[str, Any]
FILES = "/drive/v3/files"
SHEET = "application/vnd.google-apps.spreadsheet"
CORNER = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}


def words(*texts: str) -> Json:
    """A RowData of texts."""
    return {"values": [{"userEnteredValue": {"stringValue": text}} for text in texts]}


def make(sandbox: Sandbox, name: str, user: str = "anybody") -> str:
    """A new file; its id."""
    answer = sandbox.post(FILES, {"name": name, "mimeType": SHEET}, user)
    return str(answer.json()["id"])


def names(sandbox: Sandbox, query: str, user: str = "anybody") -> list[str]:
    """What a search finds, by name."""
    answer = sandbox.get(FILES, user, q=query, orderBy="name")
    assert answer.status_code == 200, answer.text
    return [file["name"] for file in answer.json()["files"]]


def test_a_spreadsheet_is_created_with_all_it_shall_hold(sandbox: Sandbox) -> None:
    rule = {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}
    first = {
        "properties": {"title": "Заявки", "gridProperties": {"rowCount": 20, "columnCount": 5, "frozenRowCount": 1}},
        "data": [
            {"rowData": [words("ID", "Дата"), words("1")], "columnMetadata": [{"pixelSize": 40}]},
            {"startRow": 4, "startColumn": 1, "rowData": [words("внизу")]},
        ],
        "merges": [CORNER],
        "conditionalFormats": [{"ranges": [CORNER], "booleanRule": rule}],
        "protectedRanges": [{"range": CORNER, "warningOnly": True}],
        "basicFilter": {"range": {"startRowIndex": 1}},
    }
    body = {
        "properties": {"title": "Новая", "locale": "ru_RU"},
        "sheets": [first, {"properties": {"title": "Мастера"}}],
    }
    made = sandbox.post("/v4/spreadsheets", body).json()
    book = f"/v4/spreadsheets/{made['spreadsheetId']}"
    assert [tab["properties"]["title"] for tab in made["sheets"]] == ["Заявки", "Мастера"]
    values = sandbox.get(f"{book}/values/Заявки").json()["values"]
    assert values == [["ID"], ["1"], [], [], ["", "внизу"]], "what is merged keeps its first cell"
    (tab, _) = sandbox.get(book, includeGridData="true").json()["sheets"]
    number = tab["properties"]["sheetId"]
    assert tab["merges"] == [{**CORNER, "sheetId": number}]
    assert tab["protectedRanges"][0]["range"] == {**CORNER, "sheetId": number}
    assert tab["basicFilter"]["range"]["endRowIndex"] == 20
    assert len(tab["conditionalFormats"]) == 1
    assert tab["data"][0]["columnMetadata"][0] == {"pixelSize": 40}
    assert tab["properties"]["gridProperties"]["frozenRowCount"] == 1


def test_nothing_is_created_where_a_part_can_not_be(sandbox: Sandbox) -> None:
    wrong = {"properties": {"title": "Нет"}, "sheets": [{"data": [{"startRow": 5000, "rowData": [words("x")]}]}]}
    assert sandbox.post("/v4/spreadsheets", wrong).status_code == 400
    assert names(sandbox, "name = 'Нет'") == []


def test_nulls_touch_nothing_and_are_not_counted(sandbox: Sandbox) -> None:
    rows = [["верх", None, None], [None, None, None], [None, None, "низ"]]
    answer = sandbox.call("PUT", f"{BOOK}/values/A1:C3", {"values": rows}, valueInputOption="RAW").json()
    assert answer == {  # recorded so
        "spreadsheetId": DEMO,
        "updatedRange": "'Лист1'!A1:C3",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 2,
    }
    body = {"valueInputOption": "RAW", "data": [{"range": "A1:B1", "values": [[None, "x"]]}]}
    total = sandbox.post(f"{BOOK}/values:batchUpdate", body).json()
    assert (total["totalUpdatedRows"], total["totalUpdatedColumns"], total["totalUpdatedCells"]) == (1, 1, 1)


@pytest.mark.parametrize("place", ["", "'Лист1'!", "Лист1!"])
def test_a_named_range_may_be_asked_for_with_its_tab(sandbox: Sandbox, place: str) -> None:
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 3}
    named = {"addNamedRange": {"namedRange": {"name": "Prices", "range": grid}}}
    sandbox.post(f"{BOOK}:batchUpdate", {"requests": [named, {"addSheet": {"properties": {"title": "Other"}}}]})
    assert sandbox.get(f"{BOOK}/values/{place}Prices").json()["range"] == "'Лист1'!B1:C2"
    other = sandbox.get(f"{BOOK}/values/Other!Prices")
    assert other.json()["error"]["message"] == "Unable to parse range: Other!Prices"


@pytest.mark.parametrize(("place", "titles"), [(None, ["b", "Лист1"]), (1, ["Лист1", "b"])])
def test_a_copy_of_a_tab_comes_first_unless_told_otherwise(
    sandbox: Sandbox, place: int | None, titles: list[str]
) -> None:
    request = {"sourceSheetId": 0, "newSheetName": "b", "insertSheetIndex": place}
    sandbox.post(f"{BOOK}:batchUpdate", {"requests": [{"duplicateSheet": request}]})
    tabs = sandbox.get(BOOK).json()["sheets"]
    assert [tab["properties"]["title"] for tab in tabs] == titles


def test_a_slash_after_an_id_means_nothing(sandbox: Sandbox) -> None:
    assert sandbox.get(f"{BOOK}/").json()["spreadsheetId"] == DEMO
    assert sandbox.post("/v4/spreadsheets/", {}).status_code == 200
    request = {"requests": [{"addSheet": {"properties": {"title": "x"}}}]}
    assert sandbox.post(f"{BOOK}/:batchUpdate", request).status_code == 200
    assert sandbox.get(f"{FILES}/").json()["kind"] == "drive#fileList"
    assert sandbox.get(f"{FILES}/{DEMO}/").json()["id"] == DEMO


def test_what_is_binned_is_still_a_spreadsheet(sandbox: Sandbox) -> None:
    number = make(sandbox, "старое")
    sandbox.call("PATCH", f"{FILES}/{number}", {"trashed": True})
    assert sandbox.get(f"{FILES}/{number}", fields="trashed").json() == {"trashed": True}
    assert sandbox.get(f"/v4/spreadsheets/{number}").status_code == 200
    assert names(sandbox, "trashed = true") == ["старое"]
    assert "старое" not in names(sandbox, "trashed = false")
    sandbox.call("PATCH", f"{FILES}/{number}", {"trashed": False})
    assert "старое" in names(sandbox, "not trashed = true")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'b'", ["b"]),
        (f'mimeType="{SHEET}" and name = "a"', ["a"]),
        ("name contains 'A' or (name = 'b' and trashed = false)", ["a", "b"]),
        ("'me' in owners", ["a"]),
        ("'other' in owners and not name = 'c'", ["b"]),
        ("'root' in parents and name < 'b'", ["a"]),
        ('parents in "root" and name = "c"', ["c"]),
        ("'nowhere' in parents", []),
        ("modifiedTime > '2020-01-01T00:00:00' and name != 'a' and name != 'Наряд — демо'", ["b", "c"]),
        (r"name = 'it\'s'", []),
    ],
)
def test_drive_finds_what_a_query_means(sandbox: Sandbox, query: str, found: list[str]) -> None:
    for name, user in (("a", "anybody"), ("b", "other"), ("c", "other")):
        make(sandbox, name, user)
    assert names(sandbox, query) == found


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"q": "name ="}, "q"),
        ({"q": "colour = 'red'"}, "q"),
        ({"q": "name = 'a' name = 'b'"}, "q"),
        ({"q": "(name = 'a'"}, "q"),
        ({"pageSize": "0"}, "pageSize"),
        ({"pageSize": "1001"}, "pageSize"),
        ({"pageToken": "?"}, "pageToken"),
        ({"orderBy": "weight"}, "orderBy"),
    ],
)
def test_what_drive_does_not_understand(sandbox: Sandbox, options: dict[str, str], named: str) -> None:
    answer = sandbox.get(FILES, **options)
    (error,) = answer.json()["error"]["errors"]
    assert (answer.status_code, error["reason"], error["location"]) == (400, "invalid", named)


def test_a_long_list_comes_by_pages(sandbox: Sandbox) -> None:
    for number in range(5):
        make(sandbox, f"f{number}")
    seen, token = [], ""
    for _ in range(3):
        page = sandbox.get(FILES, q="name contains 'f'", orderBy="name", pageSize="2", pageToken=token).json()
        seen.append([file["name"] for file in page["files"]])
        token = page.get("nextPageToken", "")
    assert (seen, token) == ([["f0", "f1"], ["f2", "f3"], ["f4"]], "")


def test_a_file_names_its_owners(sandbox: Sandbox) -> None:
    number = make(sandbox, "моё", "olga@example.com")
    file = sandbox.get(f"{FILES}/{number}", "olga@example.com", fields="owners(emailAddress,me),ownedByMe").json()
    assert file == {"owners": [{"emailAddress": "olga@example.com", "me": True}], "ownedByMe": True}
    assert sandbox.get(f"{FILES}/{number}", fields="ownedByMe").json() == {"ownedByMe": False}
