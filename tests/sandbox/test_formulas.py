"""Formulas from within: how they are turned into the engine's language, and what is seen while one takes long."""

import time

import pytest

from sandbox.sheets import calculator
from sandbox.sheets.cells import Cell, Formula
from sandbox.sheets.failure import LOADING
from sandbox.sheets.formula_text import translated
from sandbox.sheets.spreadsheet import Spreadsheet
from tests.harness.system import wait_for

TABS = {"Лист1": 0, "Цены, 'новые'": 7, "A1": 9}


@pytest.mark.parametrize(
    ("typed", "engine"),
    [
        ("=1,5+2", "=1.5+2"),
        ("=SUM(1,5;2)", "=SUM(1.5,2)"),
        ("=SUM(A1,2)", "=SUM(Tab0!A1,2)"),
        ("=IF(A1>1,2,3)", "=IF(Tab0!A1>1,2,3)"),
        ("={1\\2;3\\4}", "={1,2;3,4}"),
        ("=$B$2+b$3", "=Tab0!B2+Tab0!B3"),
        ("=SUM(A:A;2:3;B4:B)", "=SUM(Tab0!A1:A1048576,Tab0!A2:XFD3,Tab0!B4:B1048576)"),
        ("=B3:A1", "=Tab0!A1:B3"),
        ("='Цены, ''новые'''!A1", "=Tab7!A1"),
        ("=A1!B2+Лист1!C3", "=Tab9!B2+Tab0!C3"),
        ("=Чужой!A1+'И этот'!B2", "=#REF!+#REF!"),
        ('="A1;B2,5"&LOG10(100)', '="A1;B2,5"&LOG10(100)'),
        ("=ArrayFormula(A1*2)", "=(Tab0!A1*2)"),
        ("=#REF!+1", "=#REF!+1"),
        ("=A1B+A1.5", "=A1B+A1.5"),
    ],
)
def test_formulas_become_those_of_the_engine(typed: str, engine: str) -> None:
    assert translated(typed, 0, TABS, decimal_comma=True).text == engine


def test_with_a_decimal_point_commas_part_arguments() -> None:
    assert translated("=SUM(1,2;1.5)", 0, TABS, decimal_comma=False).text == "=SUM(1,2,1.5)"


HOSTILE = ["(", "A1:", '"', "A", "1", "''!", "A!", "'", "'x", "A1'", "$", "{", ";", "1,", "9^", "-", "_.", "A1:A"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_formula_is_read_in_linear_time(piece: str) -> None:
    hostile = "=" + piece * (50_000 // len(piece) - 1)
    began = time.monotonic()
    assert translated(hostile, 0, TABS, decimal_comma=True).text
    assert time.monotonic() - began < 20, "a reader that went back and forth would need minutes"
    book = made(hostile)
    assert str(book.rows_seen(book.sheets[0], 0, 1)[0].cells[0].value).startswith(("#", "Loading"))


def made(formula: str) -> Spreadsheet:
    """A spreadsheet with one formula."""
    book = Spreadsheet("x", {"locale": "ru_RU", "timeZone": "Europe/Kaliningrad"}, "owner", "")
    book.add_sheet({"sheetId": 0, "title": "Лист1"})
    book.sheets[0].put_row(0, [Cell(Formula(formula))])
    return book


def test_what_takes_long_reads_loading_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    book = made("=1+1")
    book.published = True
    monkeypatch.setattr(calculator, "PATIENCE_S", 0.01)
    with book.calculator.free:  # another formula is being computed
        assert book.rows_seen(book.sheets[0], 0, 1)[0].cells[0].value == LOADING
    monkeypatch.setattr(calculator, "PATIENCE_S", 60.0)
    wait_for(lambda: book.rows_seen(book.sheets[0], 0, 1)[0].cells[0].value == 2, "the result", 60)
