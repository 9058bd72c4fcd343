"""What Google leaves out of its answers, and what it makes of colours."""

from typing import Any

import pytest

from sandbox.sheets.colors import rounded
from tests.sandbox.conftest import BOOK, Sandbox

Json = dict[str, Any]
RANGE = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
FIRST_CELL = {"endRowIndex": 1, "endColumnIndex": 1}
ORANGE, TEAL = {"red": 1, "green": 0.6}, {"green": 0.5019608, "blue": 0.5019608}


def batch(sandbox: Sandbox, *requests: Json) -> list[Json]:
    """The replies of a batchUpdate that must succeed."""
    answer = sandbox.post(f"{BOOK}:batchUpdate", {"requests": list(requests)})
    assert answer.status_code == 200, answer.text
    replies: list[Json] = answer.json()["replies"]
    return replies


def tab(sandbox: Sandbox, mask: str) -> Json:
    """The part of the first tab that the mask names."""
    first: Json = sandbox.get(BOOK, fields=f"sheets({mask})").json()["sheets"][0]
    return first


def cell(sandbox: Sandbox) -> Json:
    """The first cell's own format."""
    form: Json = tab(sandbox, "data.rowData.values.userEnteredFormat")["data"][0]["rowData"][0]["values"][0]
    own: Json = form["userEnteredFormat"]
    return own


@pytest.mark.pure
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"red": 1, "green": 0, "blue": 0.5}, {"red": 1, "blue": 0.49803922}),  # recorded, and so are those below
        ({"red": 1.0, "green": 0.0, "blue": 0.4980392156862745}, {"red": 1, "blue": 0.49803922}),
        (
            {"red": 66 / 255, "green": 133 / 255, "blue": 244 / 255},
            {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
        ),
        ({"red": 251 / 255, "green": 188 / 255}, {"red": 0.9843137, "green": 0.7372549}),
        ({"red": 0.2}, {"red": 0.2}),
        ({"red": 0.001}, {}),
        ({"red": 7, "green": -1}, {"red": 1}),
        ({}, {}),
    ],
)  # fmt: skip
def test_colours_are_kept_in_eight_bits(given: dict[str, float], kept: dict[str, float]) -> None:
    assert rounded(given) == kept
    assert rounded(kept) == kept, "what was read can be written back"


@pytest.mark.parametrize(
    ("given", "mask", "kept"),
    [
        ({"backgroundColor": ORANGE}, "backgroundColor", ORANGE),
        ({"backgroundColorStyle": {"rgbColor": ORANGE}}, "backgroundColorStyle", ORANGE),
        ({"backgroundColor": TEAL, "backgroundColorStyle": {"rgbColor": ORANGE}}, "backgroundColor", ORANGE),
        ({"backgroundColorStyle": {"themeColor": "BACKGROUND"}}, "*", {"red": 1, "green": 1, "blue": 1}),
        ({"backgroundColor": {"red": 0, "green": 0, "blue": 0}}, "backgroundColor", {}),
    ],
)
def test_a_colour_is_answered_under_both_names(sandbox: Sandbox, given: Json, mask: str, kept: Json) -> None:
    form = {"cell": {"userEnteredFormat": given}, "fields": f"userEnteredFormat.{mask}"}
    batch(sandbox, {"repeatCell": {"range": FIRST_CELL, **form}})
    found = cell(sandbox)
    assert found["backgroundColor"] == kept
    theme = given.get("backgroundColorStyle", {}).get("themeColor")
    assert found["backgroundColorStyle"] == ({"themeColor": theme} if theme else {"rgbColor": kept})


def test_a_colour_taken_away_under_one_name_is_gone_under_both(sandbox: Sandbox) -> None:
    def colour(style: Json | None) -> Json:
        properties = {"sheetId": 0, "tabColorStyle": {"rgbColor": style}}
        batch(sandbox, {"updateSheetProperties": {"properties": properties, "fields": "tabColorStyle"}})
        found: Json = tab(sandbox, "properties(tabColor,tabColorStyle)")["properties"]
        return found

    assert colour(ORANGE) == {"tabColor": ORANGE, "tabColorStyle": {"rgbColor": ORANGE}}
    assert colour(None) == {}


HIDDEN = {"properties": {"sheetId": 0, "hidden": False}, "fields": "hidden"}
LIST = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "да"}]}
LOOSE = {"condition": LIST, "strict": False, "showCustomUi": False}
FIRST_TAB = {"sheetId": 0, **RANGE}
EDITORS: Json = {"users": [], "groups": []}
PROTECTED = {
    "range": {"sheetId": 0, **RANGE},
    "warningOnly": False,
    "requestingUserCanEdit": False,
    "editors": EDITORS,
}


@pytest.mark.parametrize(
    ("request_body", "mask", "answered"),
    [
        (
            {"updateSheetProperties": HIDDEN},
            "properties(sheetId,index,hidden)",
            {"properties": {"sheetId": 0, "index": 0}},
        ),
        ({"mergeCells": {"range": FIRST_TAB}}, "merges", {"merges": [RANGE]}),
        ({"setBasicFilter": {"filter": {"range": FIRST_TAB}}}, "basicFilter", {"basicFilter": {"range": RANGE}}),
        (
            {"setDataValidation": {"range": FIRST_CELL, "rule": LOOSE}},
            "data.rowData.values.dataValidation",
            {"data": [{"rowData": [{"values": [{"dataValidation": {"condition": LIST}}]}]}]},
        ),
        (
            {"addProtectedRange": {"protectedRange": PROTECTED}},
            "protectedRanges(range,warningOnly,editors.groups)",
            {"protectedRanges": [{"range": RANGE, "editors": {}}]},
        ),
    ],
)  # fmt: skip
def test_zeros_falses_and_empty_lists_are_left_out(
    sandbox: Sandbox, request_body: Json, mask: str, answered: Json
) -> None:
    batch(sandbox, request_body)
    assert tab(sandbox, mask) == answered


def test_a_reply_leaves_them_out_too(sandbox: Sandbox) -> None:
    (reply,) = batch(sandbox, {"addProtectedRange": {"protectedRange": PROTECTED}})
    added = reply["addProtectedRange"]["protectedRange"]
    del added["protectedRangeId"]
    assert added == {"range": RANGE, "requestingUserCanEdit": True, "editors": {}}


@pytest.mark.parametrize(
    ("mask", "answer"),
    [
        ("sheets.properties.tabColorStyle", {"sheets": [{"properties": {}}]}),  # recorded
        ("sheets(merges,protectedRanges)", {"sheets": [{}]}),
        ("namedRanges", {}),
    ],
)
def test_a_mask_that_finds_nothing_leaves_the_parents(sandbox: Sandbox, mask: str, answer: Json) -> None:
    assert sandbox.get(BOOK, fields=mask).json() == answer


def test_an_effective_format_is_whole(sandbox: Sandbox) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    request = {"range": FIRST_CELL, "cell": bold, "fields": "userEnteredFormat.textFormat.bold"}
    batch(sandbox, {"repeatCell": request})
    found = tab(sandbox, "data.rowData.values.effectiveFormat.textFormat")["data"][0]["rowData"][0]["values"][0]
    text = found["effectiveFormat"]["textFormat"]
    assert (text["bold"], text["italic"], text["fontSize"]) == (True, False, 10)
