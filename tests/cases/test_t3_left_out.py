"""T3: the stand-in for Google leaves zero, false and empty fields out, and answers colours as Google keeps them."""

from tests.sandbox.conftest import BOOK, Sandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


def test_t3_zeros_are_left_out_and_colours_come_in_eight_bits_under_two_names(sandbox: Sandbox) -> None:
    corner = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    red = {"red": 0.9, "green": 0, "blue": 0}
    cell = {"userEnteredFormat": {"backgroundColor": red}}
    protected = {"range": corner, "warningOnly": False, "editors": {"users": [], "groups": []}}
    requests = [
        {"mergeCells": {"range": corner, "mergeType": "MERGE_ALL"}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": False}, "fields": "hidden"}},
        {"repeatCell": {"range": corner, "cell": cell, "fields": "userEnteredFormat.backgroundColor"}},
        {"addProtectedRange": {"protectedRange": protected}},
    ]
    answer = sandbox.post(f"{BOOK}:batchUpdate", {"requests": requests}).json()
    kept = {name: place for name, place in corner.items() if name != "sheetId"}
    assert answer["replies"][3]["addProtectedRange"]["protectedRange"]["range"] == kept
    assert answer["replies"][3]["addProtectedRange"]["protectedRange"]["editors"] == {}
    tab = sandbox.get(BOOK, includeGridData="true").json()["sheets"][0]
    assert tab["merges"] == [kept]
    assert "hidden" not in tab["properties"]
    assert tab["properties"]["sheetId"] == tab["properties"]["index"] == 0, "a tab's own are answered"
    form = tab["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert form == {"backgroundColor": {"red": 0.8980392}, "backgroundColorStyle": {"rgbColor": {"red": 0.8980392}}}
