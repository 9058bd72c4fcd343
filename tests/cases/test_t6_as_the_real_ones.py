"""T6: the stand-ins answer what else clients ask, as the real services do."""

from tests.sandbox.conftest import BOOK, DEMO, Sandbox, sandbox, sandbox_process
from tests.sandbox.telegram_talk import YULIA, Talk

__all__ = ["sandbox", "sandbox_process"]
FILES = "/drive/v3/files"


def test_t6_google_creates_with_data_searches_drive_and_takes_other_spellings(sandbox: Sandbox) -> None:
    cells = [{"values": [{"userEnteredValue": {"stringValue": "ID"}}]}]
    body = {"sheets": [{"properties": {"title": "Заявки"}, "data": [{"rowData": cells}]}]}
    made = sandbox.post("/v4/spreadsheets", body).json()["spreadsheetId"]
    assert sandbox.get(f"/v4/spreadsheets/{made}/values/Заявки").json()["values"] == [["ID"]]
    sandbox.call("PATCH", f"{FILES}/{made}", {"trashed": True})
    page = sandbox.get(FILES, q="trashed = true", pageSize="1", fields="files(id,owners(me))").json()
    assert page == {"files": [{"id": made, "owners": [{"me": True}]}]}
    assert sandbox.get(f"{BOOK}/").json()["spreadsheetId"] == DEMO
    nulls = {"values": [["a", None], [None, None]]}
    answer = sandbox.call("PUT", f"{BOOK}/values/A1:B2", nulls, valueInputOption="RAW").json()
    assert (answer["updatedRows"], answer["updatedColumns"]) == (1, 1)
    assert sandbox.get(BOOK, fields="sheets.properties.tabColor").json() == {"sheets": [{"properties": {}}]}
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    named = {"addNamedRange": {"namedRange": {"name": "Prices", "range": area}}}
    copied = {"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "Копия"}}
    sandbox.post(f"{BOOK}:batchUpdate", {"requests": [named, copied]})
    assert sandbox.get(f"{BOOK}/values/'Лист1'!Prices").json()["values"] == [["a"]]
    first = sandbox.get(BOOK).json()["sheets"][0]["properties"]
    assert (first["title"], first["index"]) == ("Копия", 0)


def test_t6_telegram_reads_markdown_shows_previews_and_limits_keyboards(sandbox: Sandbox) -> None:
    talk = Talk(sandbox).started()
    message = talk.send("*2\\.5*", parse_mode="MarkdownV2", link_preview_options={"is_disabled": True})
    assert (message["text"], message["entities"][0]["type"]) == ("2.5", "bold")
    assert message["link_preview_options"] == {"is_disabled": True}
    row = [{"text": "x", "callback_data": "x"}]
    wide = talk.send(reply_markup={"inline_keyboard": [row * 9]})
    assert len(wide["reply_markup"]["inline_keyboard"][0]) == 8
    long = {"inline_keyboard": [row] * 101}
    assert talk.refused("sendMessage", chat_id=YULIA, text="x", reply_markup=long) == "reply markup is too long"
