"""Rows, columns and tabs that move, and everything that has to follow them."""

from typing import Any

import gspread
import pytest

from sandbox.sheets.shifting import Delete, Insert, Move
from tests.sandbox.conftest import BOOK, DEMO, Sandbox

Json = dict[str, Any]


def run(sandbox: Sandbox, *requests: Json, **options: Any) -> Json:
    """A batchUpdate that must succeed."""
    answer = sandbox.post(f"{BOOK}:batchUpdate", {"requests": list(requests), **options})
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def fill(sandbox: Sandbox, *rows: list[Any]) -> None:
    """Write rows from A1."""
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": list(rows)}, valueInputOption="RAW")


def values(sandbox: Sandbox, cells: str = "Лист1") -> list[list[Any]]:
    """What is in the tab."""
    body = sandbox.get(f"{BOOK}/values/{cells}", valueRenderOption="UNFORMATTED_VALUE").json()
    found: list[list[Any]] = body.get("values", [])
    return found


def span(dimension: str, start: int, end: int) -> Json:
    """A DimensionRange."""
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


def grid(r0: int, r1: int, c0: int, c1: int) -> Json:
    """A GridRange."""
    return {"sheetId": 0, **answered(r0, r1, c0, c1)}


def answered(r0: int, r1: int, c0: int, c1: int) -> Json:
    """A GridRange as it is answered: the id 0 is left out."""
    return {"startRowIndex": r0, "endRowIndex": r1, "startColumnIndex": c0, "endColumnIndex": c1}


def test_insert_delete_and_move_rows(sandbox: Sandbox) -> None:
    fill(sandbox, ["a"], ["b"], ["c"], ["d"])
    run(sandbox, {"insertDimension": {"range": span("ROWS", 1, 3)}})
    assert values(sandbox) == [["a"], [], [], ["b"], ["c"], ["d"]]
    run(sandbox, {"deleteDimension": {"range": span("ROWS", 1, 3)}})
    run(sandbox, {"moveDimension": {"source": span("ROWS", 0, 1), "destinationIndex": 3}})
    assert values(sandbox) == [["b"], ["c"], ["a"], ["d"]]
    run(sandbox, {"moveDimension": {"source": span("ROWS", 2, 4), "destinationIndex": 0}})
    assert values(sandbox) == [["a"], ["d"], ["b"], ["c"]]


def test_insert_delete_and_move_columns(sandbox: Sandbox) -> None:
    fill(sandbox, ["a", "b", "c"], ["1"], ["x", "", "z"])
    run(sandbox, {"insertDimension": {"range": span("COLUMNS", 1, 2)}})
    assert values(sandbox) == [["a", "", "b", "c"], ["1"], ["x", "", "", "z"]]
    run(sandbox, {"moveDimension": {"source": span("COLUMNS", 3, 4), "destinationIndex": 0}})
    assert values(sandbox) == [["c", "a", "", "b"], ["", "1"], ["z", "x"]]
    run(sandbox, {"deleteDimension": {"range": span("COLUMNS", 0, 2)}})
    assert values(sandbox) == [["", "b"]]


def test_inserted_rows_inherit_formats_not_values(demo: gspread.Spreadsheet, sandbox: Sandbox) -> None:
    demo.sheet1.update([["head"], ["row"]], "A1")
    demo.sheet1.format("A1", {"textFormat": {"bold": True}})
    run(sandbox, {"insertDimension": {"range": span("ROWS", 1, 2), "inheritFromBefore": True}})
    mask = "sheets.data.rowData.values(userEnteredValue,userEnteredFormat)"
    rows = sandbox.get(BOOK, ranges="A1:A3", fields=mask).json()["sheets"][0]["data"][0]["rowData"]
    assert rows[1] == {"values": [{"userEnteredFormat": {"textFormat": {"bold": True}}}]}


def test_decorations_follow_inserted_deleted_and_moved_rows(sandbox: Sandbox) -> None:
    run(
        sandbox,
        {"addProtectedRange": {"protectedRange": {"range": grid(2, 4, 0, 2)}}},
        {"addConditionalFormatRule": {"rule": rule(grid(5, 9, 0, 1)), "index": 0}},
        {"addNamedRange": {"namedRange": {"name": "имена", "range": grid(3, 4, 0, 1)}}},
        {"mergeCells": {"range": grid(10, 12, 0, 2), "mergeType": "MERGE_ALL"}},
        {"setBasicFilter": {"filter": {"range": grid(0, 20, 0, 3)}}},
        {
            "addBanding": {
                "bandedRange": {"range": grid(0, 20, 0, 3), "rowProperties": {"firstBandColor": {"red": 1}}}
            }
        },
        {
            "updateDimensionProperties": {
                "range": span("ROWS", 6, 7),
                "properties": {"hiddenByUser": True},
                "fields": "*",
            }
        },
        {"insertDimension": {"range": span("ROWS", 3, 5)}},
        {"deleteDimension": {"range": span("ROWS", 0, 1)}},
    )
    body = sandbox.get(BOOK, includeGridData="true").json()
    tab = body["sheets"][0]
    assert tab["protectedRanges"][0]["range"] == answered(1, 5, 0, 2)
    assert tab["conditionalFormats"][0]["ranges"] == [answered(6, 10, 0, 1)]
    assert body["namedRanges"][0]["range"] == answered(4, 5, 0, 1)
    assert tab["merges"] == [answered(11, 13, 0, 2)]
    assert tab["basicFilter"]["range"] == answered(0, 21, 0, 3)
    assert tab["bandedRanges"][0]["range"] == answered(0, 21, 0, 3)
    hidden = [index for index, item in enumerate(tab["data"][0]["rowMetadata"]) if item.get("hiddenByUser")]
    assert hidden == [7]


def rule(where: Json) -> Json:
    """A conditional format."""
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Новая"}]}
    return {"ranges": [where], "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}}}


def test_decorations_of_deleted_rows_are_gone(sandbox: Sandbox) -> None:
    run(
        sandbox,
        {"addProtectedRange": {"protectedRange": {"range": grid(2, 4, 0, 2)}}},
        {"addConditionalFormatRule": {"rule": rule(grid(2, 4, 0, 1)), "index": 0}},
        {"deleteDimension": {"range": span("ROWS", 1, 6)}},
    )
    tab = sandbox.get(BOOK).json()["sheets"][0]
    assert not tab.keys() & {"protectedRanges", "conditionalFormats"}


@pytest.mark.parametrize(
    ("shift", "before", "after"),
    [
        (Insert("ROWS", 3, 2), (0, 3), (0, 3)),
        (Insert("ROWS", 3, 2), (3, 5), (5, 7)),
        (Insert("ROWS", 3, 2), (0, None), (0, None)),
        (Delete("ROWS", 3, 5), (0, 4), (0, 3)),
        (Delete("ROWS", 3, 5), (4, None), (3, None)),
        (Delete("ROWS", 3, 5), (3, 5), None),
        (Move("ROWS", 1, 3, 6), (1, 3), (4, 6)),
        (Move("ROWS", 1, 3, 6), (4, 6), (2, 4)),
        (Move("ROWS", 1, 3, 6), (4, 7), (2, 7)),
        (Move("ROWS", 4, 6, 1), (4, 5), (1, 2)),
        (Move("ROWS", 4, 6, 1), (1, 3), (3, 5)),
        (Move("ROWS", 1, 2, 4), (None, None), (None, None)),
    ],
)
def test_intervals(shift: Any, before: tuple[Any, Any], after: tuple[Any, Any] | None) -> None:
    assert shift.interval(*before) == after


def test_sort_puts_numbers_before_text_before_booleans_and_blanks_last(sandbox: Sandbox) -> None:
    fill(sandbox, ["h"], ["б", 1], [True, 2], [10, 3], ["", 4], ["А", 5], [2, 6], ["ёж", 7], ["жук", 8])
    request = {"range": {"sheetId": 0, "startRowIndex": 1}, "sortSpecs": [{"dimensionIndex": 0}]}
    run(sandbox, {"sortRange": request})
    assert [row[1] for row in values(sandbox)[1:]] == [6, 3, 5, 1, 7, 8, 2, 4]
    request["sortSpecs"] = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    run(sandbox, {"sortRange": request})
    assert [row[1] for row in values(sandbox)[1:]] == [2, 8, 7, 1, 5, 3, 6, 4]


def test_sort_moves_only_the_columns_of_its_range_and_is_stable(sandbox: Sandbox) -> None:
    fill(sandbox, ["b", 1, "x"], ["a", 2, "y"], ["b", 0, "z"])
    run(sandbox, {"sortRange": {"range": grid(0, 3, 0, 2), "sortSpecs": [{"dimensionIndex": 0}]}})
    assert values(sandbox) == [["a", 2, "x"], ["b", 1, "y"], ["b", 0, "z"]]


def test_cut_copy_and_paste(sandbox: Sandbox) -> None:
    fill(sandbox, ["a", "b"], ["c", "d"])
    place = {"sheetId": 0, "rowIndex": 4, "columnIndex": 1}
    run(sandbox, {"cutPaste": {"source": grid(0, 1, 0, 2), "destination": place, "pasteType": "PASTE_NORMAL"}})
    assert values(sandbox) == [[], ["c", "d"], [], [], ["", "a", "b"]]
    run(sandbox, {"copyPaste": {"source": grid(1, 2, 0, 2), "destination": grid(5, 7, 0, 4)}})
    assert values(sandbox)[5:] == [["c", "d", "c", "d"]] * 2
    transposed = {"source": grid(1, 2, 0, 2), "destination": grid(8, 9, 0, 1), "pasteOrientation": "TRANSPOSE"}
    run(sandbox, {"copyPaste": transposed})
    assert values(sandbox)[8:] == [["c"], ["d"]]


def test_paste_data_is_typed(sandbox: Sandbox) -> None:
    coordinate = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    run(
        sandbox,
        {"pasteData": {"coordinate": coordinate, "data": 'Юля\t2 000 ₽\n"a\tb"\t1,5', "type": "PASTE_NORMAL"}},
    )
    assert values(sandbox) == [["Юля", 2000], ["a\tb", 1.5]]
    run(sandbox, {"pasteData": {"coordinate": coordinate, "data": "x;y", "delimiter": ";"}})
    assert values(sandbox)[0] == ["x", "y"]


def test_find_replace(sandbox: Sandbox) -> None:
    fill(sandbox, ["Новая", "новая заявка"], ["В работе", "нов"])
    answer = run(sandbox, {"findReplace": {"find": "новая", "replacement": "Отменена", "allSheets": True}})
    assert answer["replies"] == [
        {"findReplace": {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2}}
    ]
    assert values(sandbox)[0] == ["Отменена", "Отменена заявка"]
    by_regex = {"find": r"^(В) (работе)$", "replacement": "$2 $1", "searchByRegex": True, "sheetId": 0}
    run(sandbox, {"findReplace": by_regex})
    assert values(sandbox)[1] == ["работе В", "нов"]
    assert run(sandbox, {"findReplace": {"find": "нет такого", "sheetId": 0}})["replies"] == [{"findReplace": {}}]


def test_update_cells_clears_what_the_mask_names_and_the_rows_do_not_reach(sandbox: Sandbox) -> None:
    fill(sandbox, ["a", "b"], ["c", "d"])
    rows = [{"values": [{"note": "первая"}]}]
    run(sandbox, {"updateCells": {"rows": rows, "range": grid(0, 2, 0, 1), "fields": "userEnteredValue,note"}})
    assert values(sandbox) == [["", "b"], ["", "d"]]
    cells = sandbox.get(BOOK, ranges="A1:A2", fields="sheets.data.rowData.values.note").json()
    assert cells["sheets"][0]["data"][0]["rowData"][0] == {"values": [{"note": "первая"}]}


def test_append_cells_goes_below_the_last_row_with_data(sandbox: Sandbox) -> None:
    fill(sandbox, ["a"], [], ["c"])
    rows = [{"values": [{"userEnteredValue": {"numberValue": 1}}, {"userEnteredValue": {"boolValue": True}}]}]
    answer = run(sandbox, {"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}})
    assert answer == {"spreadsheetId": DEMO, "replies": [{}]}
    assert values(sandbox) == [["a"], [], ["c"], [1, True]]


def test_tabs_are_added_renamed_moved_duplicated_deleted(demo: gspread.Spreadsheet) -> None:
    tab = demo.add_worksheet("Заявки", 100, 18, index=0)
    assert (tab.row_count, tab.col_count, tab.index) == (100, 18, 0)
    tab.update([["ID"]], "A1")
    tab.update_title("Заказы")
    copy = tab.duplicate(new_sheet_name="Копия")
    assert copy.get("A1") == [["ID"]]
    copy.update([["x"]], "A1")
    assert tab.get("A1") == [["ID"]]
    demo.reorder_worksheets([demo.worksheet("Лист1"), copy, tab])
    assert [sheet.title for sheet in demo.worksheets()] == ["Лист1", "Копия", "Заказы"]
    demo.del_worksheet(copy)
    tab.hide()
    assert [sheet.title for sheet in demo.worksheets(exclude_hidden=True)] == ["Лист1"]
    tab.resize(5, 3)
    tab.freeze(rows=1)
    assert demo.worksheet("Заказы").frozen_row_count == 1


def test_a_new_tab_without_a_title_gets_the_locales(sandbox: Sandbox) -> None:
    reply = run(sandbox, {"addSheet": {}})["replies"][0]["addSheet"]["properties"]
    assert (reply["title"], reply["index"], reply["sheetType"]) == ("Лист2", 1, "GRID")
    assert reply["gridProperties"] == {"rowCount": 1000, "columnCount": 26}


def test_copy_to_another_spreadsheet(demo: gspread.Spreadsheet, sandbox: Sandbox) -> None:
    demo.sheet1.update([["ID"]], "A1")
    other = sandbox.gspread().create("Другая")
    copied: Any = demo.sheet1.copy_to(other.id)
    assert copied["title"] == "Copy of Лист1"
    assert other.get_worksheet_by_id(copied["sheetId"]).get("A1") == [["ID"]]


def test_the_answer_may_carry_the_updated_spreadsheet(sandbox: Sandbox) -> None:
    rows = [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}]
    request = {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": {"sheetId": 0}}}
    asked: Json = {"includeSpreadsheetInResponse": True, "responseRanges": ["A1:B2"], "responseIncludeGridData": True}
    tab = run(sandbox, request, **asked)["updatedSpreadsheet"]["sheets"][0]
    assert tab["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"
    del asked["responseIncludeGridData"]
    assert "data" not in run(sandbox, request, **asked)["updatedSpreadsheet"]["sheets"][0]
    path = f"{BOOK}:batchUpdate?fields=updatedSpreadsheet.sheets.data.rowData.values.effectiveValue"
    masked = sandbox.post(path, {"requests": [request], **asked}).json()
    assert masked == {
        "updatedSpreadsheet": {
            "sheets": [{"data": [{"rowData": [{"values": [{"effectiveValue": {"stringValue": "x"}}]}]}]}]
        }
    }
