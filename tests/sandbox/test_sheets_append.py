"""values.append: the documented search for a table, with the quirks that were recorded."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gspread
import pytest

from tests.sandbox.conftest import BOOK, DEMO, Sandbox


def append(sandbox: Sandbox, cells: str, *rows: list[Any], **query: str) -> dict[str, Any]:
    """values.append that must succeed."""
    query.setdefault("valueInputOption", "RAW")
    answer = sandbox.post(f"{BOOK}/values/{cells}:append", {"values": list(rows)}, **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def two_tables(sandbox: Sandbox) -> None:
    """A1:C2 and B4:D6, the example of Google's guide."""
    rows = [["x", "y", "z"], [1, 2, 3], [], ["", "x", "y", "z"], ["", 1, 2, 3], ["", 4, 5, 6]]
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": rows}, valueInputOption="RAW")


@pytest.mark.parametrize(
    ("cells", "lands"),
    [
        ("Лист1", "B7"),
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_the_guides_example(sandbox: Sandbox, cells: str, lands: str) -> None:
    two_tables(sandbox)
    assert append(sandbox, cells, ["new"])["updates"]["updatedRange"] == f"'Лист1'!{lands}"


def test_reply_names_the_table_and_what_was_written(sandbox: Sandbox) -> None:
    first = append(sandbox, "Лист1", ["ID", "Имя"])
    assert first == {
        "spreadsheetId": DEMO,
        "updates": {
            "spreadsheetId": DEMO,
            "updatedRange": "'Лист1'!A1:B1",
            "updatedRows": 1,
            "updatedColumns": 2,
            "updatedCells": 2,
        },
    }
    query = {"includeValuesInResponse": "true", "responseValueRenderOption": "UNFORMATTED_VALUE"}
    second = append(sandbox, "Лист1", [1, "Юля"], **query)
    assert second["tableRange"] == "'Лист1'!A1:B1"
    assert second["updates"]["updatedData"]["values"] == [[1, "Юля"]]


def test_a_gap_in_the_only_row_makes_the_next_row_land_under_the_last_cell(demo: gspread.Spreadsheet) -> None:
    demo.sheet1.append_row(["x", "", "y"])
    demo.sheet1.append_row(["x", "", "y"])
    assert demo.sheet1.get_all_values() == [["x", "", "y", "", ""], ["", "", "x", "", "y"]]


def test_table_range_prevents_it(demo: gspread.Spreadsheet) -> None:
    demo.sheet1.append_row(["x", "", "y"], table_range="A1")
    demo.sheet1.append_row(["x", "", "y"], table_range="A1")
    assert demo.sheet1.get_all_values() == [["x", "", "y"], ["x", "", "y"]]


def test_a_blank_row_above_the_header_lets_rows_land_above_it(sandbox: Sandbox) -> None:
    sandbox.call("PUT", f"{BOOK}/values/A2", {"values": [["ID", "Имя"]]}, valueInputOption="RAW")
    assert append(sandbox, "A1:B1", ["1"])["updates"]["updatedRange"] == "'Лист1'!A1"


def test_overwrite_fills_the_gap_under_the_table_and_what_follows(sandbox: Sandbox) -> None:
    rows = [["ID"], ["1"], [], ["3"]]
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": rows}, valueInputOption="RAW")
    append(sandbox, "A1", ["new"], ["newer"])
    assert sandbox.get(f"{BOOK}/values/A1:A9").json()["values"] == [["ID"], ["1"], ["new"], ["newer"]]


def test_insert_rows_pushes_down_what_follows(sandbox: Sandbox) -> None:
    rows = [["ID"], ["1"], [], ["3"]]
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": rows}, valueInputOption="RAW")
    append(sandbox, "A1", ["new"], ["newer"], insertDataOption="INSERT_ROWS")
    assert sandbox.get(f"{BOOK}/values/A1:A9").json()["values"] == [
        ["ID"],
        ["1"],
        ["new"],
        ["newer"],
        [],
        ["3"],
    ]
    grid = sandbox.get(BOOK).json()["sheets"][0]["properties"]["gridProperties"]
    assert grid["rowCount"] == 1002


def test_an_empty_cell_inside_the_table_belongs_to_it(sandbox: Sandbox) -> None:
    rows = [["a", "b", "c"], ["1", "", "3"], ["4", "5", "6"]]
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": rows}, valueInputOption="RAW")
    assert append(sandbox, "B2", ["new"])["updates"]["updatedRange"] == "'Лист1'!A4"


def test_the_grid_grows_when_it_is_full(demo: gspread.Spreadsheet) -> None:
    tab = demo.add_worksheet("мал", 2, 2)
    tab.append_rows([["a", "b"], ["c", "d"]])
    tab.append_rows([["e", "f", "g"]], table_range="A1")
    grid: Any = demo.fetch_sheet_metadata()["sheets"][1]["properties"]["gridProperties"]
    assert (grid["rowCount"], grid["columnCount"]) == (3, 3)
    assert tab.get_all_values()[-1] == ["e", "f", "g"]


def test_formats_do_not_count_as_data(demo: gspread.Spreadsheet) -> None:
    demo.sheet1.update([["ID"], ["1"]], "A1")
    demo.sheet1.format("A1:A500", {"textFormat": {"bold": True}})
    assert append_range(demo.sheet1.append_row(["2"])) == "'Лист1'!A3"


def append_range(reply: Any) -> str:
    """Where gspread's append landed."""
    return str(reply["updates"]["updatedRange"])


def test_parallel_appends_each_keep_their_row(sandbox: Sandbox) -> None:
    append(sandbox, "Лист1", ["ID"])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: append(sandbox, "A1", [number]), range(40)))
    values = sandbox.get(f"{BOOK}/values/A2:A", valueRenderOption="UNFORMATTED_VALUE").json()["values"]
    assert sorted(row[0] for row in values) == list(range(40))
