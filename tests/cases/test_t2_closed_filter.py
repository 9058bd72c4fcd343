"""T2: the stand-in for Google closes a filter's open range to the grid as it is when the filter is set."""

from typing import Any

import pytest

from tests.sandbox.conftest import BOOK, DEMO, Sandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


def ask(sandbox: Sandbox, *requests: dict[str, Any]) -> None:
    """A batchUpdate that must succeed."""
    answer = sandbox.post(f"{BOOK}:batchUpdate", {"requests": list(requests)})
    assert answer.status_code == 200, answer.text


def filtered(sandbox: Sandbox) -> dict[str, int]:
    """The rows and columns of the filter."""
    found = sandbox.get(BOOK).json()["sheets"][0]["basicFilter"]["range"]
    return {name: value for name, value in found.items() if name != "sheetId"}


@pytest.mark.parametrize(
    ("given", "closed"),
    [
        ({}, (0, 1000, 0, 26)),
        ({"startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 18}, (0, 1000, 0, 18)),
        ({"startRowIndex": 2}, (2, 1000, 0, 26)),
        ({"startRowIndex": 0, "endRowIndex": 20, "startColumnIndex": 1}, (0, 20, 1, 26)),
        ({"startRowIndex": 0, "endRowIndex": 20, "startColumnIndex": 0, "endColumnIndex": 3}, (0, 20, 0, 3)),
    ],
)
def test_t2_a_filter_is_closed_to_the_grid_as_it_is_then(
    sandbox: Sandbox, given: dict[str, int], closed: tuple[int, int, int, int]
) -> None:
    ask(sandbox, {"setBasicFilter": {"filter": {"range": {"sheetId": 0, **given}}}})
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    assert filtered(sandbox) == dict(zip(names, closed, strict=True))


def test_t2_rows_that_come_later_lie_outside_of_it(sandbox: Sandbox) -> None:
    ask(sandbox, {"setBasicFilter": {"filter": {"range": {"sheetId": 0, "startRowIndex": 0}}}})
    ask(sandbox, {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 50}})
    grown = sandbox.get(BOOK).json()["sheets"][0]["properties"]["gridProperties"]["rowCount"]
    assert (filtered(sandbox)["endRowIndex"], grown) == (1000, 1050)
    rows = [[number] for number in range(1100)]
    append = f"{BOOK}/values/A1:append"
    assert sandbox.post(append, {"values": rows}, valueInputOption="RAW").status_code == 200
    assert filtered(sandbox)["endRowIndex"] == 1000
    book = sandbox.gspread().open_by_key(DEMO)
    book.sheet1.insert_rows([["x"]], 5)
    assert filtered(sandbox)["endRowIndex"] == 1001, "a row inserted within is one of it"
