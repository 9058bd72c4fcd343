"""T4: the stand-in for Google computes formulas, and shows errors where it can't."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import gspread
import pytest
from gspread.utils import ValueInputOption, ValueRenderOption

from tests.sandbox.conftest import BOOK, DEMO, Sandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

TYPED = ValueInputOption.user_entered
SEEN, PLAIN, FORMULA = ValueRenderOption.formatted, ValueRenderOption.unformatted, ValueRenderOption.formula
NBSP = "\xa0"


@pytest.fixture
def tab(sandbox: Sandbox) -> Iterator[gspread.Worksheet]:
    """The first tab, with figures, names and days in A1:C3, in a Russian spreadsheet with a second tab."""
    book = sandbox.gspread().open_by_key(DEMO)
    book.add_worksheet("Цены, ₽ (2026)", 10, 5).update([["розетка", 500], ["лампа", 700]], "A1")
    book.sheet1.update([[2, "а", "2 000 ₽"], [4, "б", "5%"], [6, "в", "27.11.2026"]], "A1", value_input_option=TYPED)
    yield book.sheet1
    sandbox.control("reset")


def shows(tab: gspread.Worksheet, formula: str, option: ValueRenderOption = PLAIN) -> Any:
    """What E1 reads once the formula has been typed into it."""
    tab.update([[formula]], "E1", value_input_option=TYPED)
    values = tab.get_values("E1", value_render_option=option)
    return values[0][0] if values and values[0] else ""


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1000+500", 1500),
        ("=1,5+2", 3.5),
        ("=(1+2)*3^2/2-1", 12.5),
        ("=10%", 0.1),
        ('="а"&"б"', "аб"),
        ("=A1", 2),
        ("=$A$1+A$2*$A3", 26),
        ("=B2", "б"),
        ("=D9", ""),
        ("=A1=2", True),
        ("=SUM(A1:A3)", 12),
        ("=SUM(A1;A2;1,5)", 7.5),
        ("=SUM(A1, A2)", 6),
        ("=SUM(A:A)", 12),
        ("=SUM(A2:A)", 10),
        ("=SUM(1:1)-C1-E1*0", None),
        ("=AVERAGE(A1:A3)", 4),
        ("=MAX(A1:A3)-MIN(A1:A3)", 4),
        ("=COUNT(A1:C3)", 6),
        ("=COUNTIF(A1:A3;\">2\")", 2),
        ("=ROUND(A1/3;2)", 0.67),
        ('=IF(A1>1;"да";"нет")', "да"),
        ('=IF(A1>5,"да","нет")', "нет"),
        ("=IFERROR(1/0;7)", 7),
        ("='Цены, ₽ (2026)'!B2", 700),
        ("=SUM('Цены, ₽ (2026)'!B1:B2)", 1200),
        ('=VLOOKUP("лампа";\'Цены, ₽ (2026)\'!A:B;2;0)', 700),
        ('=VLOOKUP("лампа",\'Цены, ₽ (2026)\'!A1:B2,2,FALSE)', 700),
        ('=HYPERLINK("https://balt-set.ru";"Сайт")', "Сайт"),
        ('=INDEX(B1:B3;MATCH(4;A1:A3;0))', "б"),
        ("=ARRAYFORMULA(A1:A3*2)", 4),
        ("=LEN(\"8;9\")", 3),
        ("=1/0", "#DIV/0!"),
        ("=НЕТ(1)", "#NAME?"),
        ("=просто", "#NAME?"),
        ("=1+", "#ERROR!"),
        ("=)", "#ERROR!"),
        ("+7 (900) 123-45-67", "#ERROR!"),
        ("='Нет такого'!A1", "#REF!"),
        ("=E1", "#REF!"),
        ("=B1+1", "#VALUE!"),
        ("=SQRT(-1)", "#NUM!"),
        ("=NA()", "#N/A"),
        ('=VLOOKUP("нет";B1:C3;2;0)', "#N/A"),
        ('=IMPORTRANGE("https://docs.google.com/…";"A1")', "Loading..."),
        ('=1+IMPORTRANGE("x";"A1")', "Loading..."),
    ],
)  # fmt: skip
def test_t4_a_formula_reads_as_its_value(tab: gspread.Worksheet, formula: str, value: object) -> None:
    if value is None:  # a row that holds the formula itself is a circle
        value = "#REF!"
    found = shows(tab, formula)
    assert found == pytest.approx(value) if isinstance(value, float) else found == value
    if isinstance(value, str) and value.startswith(("#", "Loading")):
        assert shows(tab, formula, SEEN) == value, "an error is the same text however it is read"
    typed = formula if formula.startswith("=") else f"={formula}"
    assert shows(tab, formula, FORMULA) == typed


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("=1000+500", "1500"),
        ("=1/3", "0,3333333333"),
        ("=C1", f"2{NBSP}000 ₽"),
        ("=C1*2", f"4{NBSP}000 ₽"),
        ("=SUM(C1;500)", f"2{NBSP}500 ₽"),
        ("=C2", "5%"),
        ("=C3+1", "28.11.2026"),
        ("=A1=2", "ИСТИНА"),
        ("=A1=3", "ЛОЖЬ"),
    ],
)
def test_t4_a_result_is_shown_as_a_person_sees_it(tab: gspread.Worksheet, formula: str, text: str) -> None:
    assert shows(tab, formula, SEEN) == text


def test_t4_the_format_of_the_cell_itself_comes_first(tab: gspread.Worksheet) -> None:
    tab.format("E1", {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}})
    assert shows(tab, "=1000+500", SEEN) == f"1{NBSP}500,00"


def test_t4_today_and_now_are_those_of_the_spreadsheet(tab: gspread.Worksheet) -> None:
    now = datetime.now(ZoneInfo("Europe/Kaliningrad"))
    shown = datetime.strptime(shows(tab, "=NOW()", SEEN), "%d.%m.%Y %H:%M:%S").replace(tzinfo=now.tzinfo)
    assert abs(shown - now) < timedelta(minutes=1)
    assert shows(tab, "=TODAY()", SEEN) in {f"{now:%d.%m.%Y}", f"{now + timedelta(minutes=1):%d.%m.%Y}"}
    assert isinstance(shows(tab, "=TODAY()"), int)


def test_t4_what_refers_to_a_cell_follows_it(tab: gspread.Worksheet) -> None:
    tab.update([["=A1*2", "=E1+1", "=F1+'Цены, ₽ (2026)'!B1"]], "E1", value_input_option=TYPED)
    assert tab.get_values("E1:G1", value_render_option=PLAIN) == [[4, 5, 505]]
    tab.update([[10]], "A1")
    assert tab.get_values("E1:G1", value_render_option=PLAIN) == [[20, 21, 521]]
    tab.spreadsheet.worksheet("Цены, ₽ (2026)").update([[0]], "B1")
    assert tab.get_values("E1:G1", value_render_option=PLAIN) == [[20, 21, 21]]
    tab.batch_clear(["A1"])
    assert tab.get_values("E1:G1", value_render_option=PLAIN) == [[0, 1, 1]]
    tab.update([["текст"]], "A1")
    assert tab.get_values("E1:G1", value_render_option=PLAIN) == [["#VALUE!"] * 3]
    tab.update([["7"]], "E1", value_input_option=TYPED)
    assert tab.get_values("E1:G1", value_render_option=PLAIN) == [[7, 8, 8]]


def test_t4_a_tab_that_goes_is_a_lost_reference(tab: gspread.Worksheet) -> None:
    assert shows(tab, "='Цены, ₽ (2026)'!B1") == 500
    tab.spreadsheet.del_worksheet(tab.spreadsheet.worksheet("Цены, ₽ (2026)"))
    assert tab.get_values("E1", value_render_option=PLAIN) == [["#REF!"]]


def test_t4_cells_tell_what_was_entered_and_what_came_of_it(sandbox: Sandbox, tab: gspread.Worksheet) -> None:
    tab.update([["=1000+500", "=1/0", "=НЕТ(1)", "=)", "=IMPORTRANGE()", "=TODAY()"]], "E1", value_input_option=TYPED)
    cells = sandbox.get(BOOK, ranges="E1:J1", includeGridData="true").json()["sheets"][0]["data"][0]["rowData"]
    first, *errors, today = cells[0]["values"]
    assert first["userEnteredValue"] == {"formulaValue": "=1000+500"}
    assert (first["effectiveValue"], first["formattedValue"]) == ({"numberValue": 1500}, "1500")
    kinds = [(cell["effectiveValue"]["errorValue"]["type"], cell["formattedValue"]) for cell in errors]
    assert kinds == [
        ("DIVIDE_BY_ZERO", "#DIV/0!"),
        ("NAME", "#NAME?"),
        ("ERROR", "#ERROR!"),
        ("LOADING", "Loading..."),
    ]
    assert all(cell["effectiveValue"]["errorValue"]["message"] for cell in errors)
    assert today["effectiveFormat"]["numberFormat"]["type"] == "DATE"
    assert "userEnteredFormat" not in today


def test_t4_a_write_may_ask_what_came_of_it(sandbox: Sandbox, tab: gspread.Worksheet) -> None:
    path = f"{BOOK}/values/E1?valueInputOption=USER_ENTERED&includeValuesInResponse=true"
    render = "responseValueRenderOption=UNFORMATTED_VALUE"
    answer = sandbox.call("PUT", f"{path}&{render}", {"values": [["=A1+A2"]]}).json()
    assert answer["updatedData"]["values"] == [[6]]
    request = {"updateCells": {"start": {"columnIndex": 5}, "fields": "userEnteredValue",
                               "rows": [{"values": [{"userEnteredValue": {"formulaValue": "=E1*2"}}]}]}}  # fmt: skip
    assert sandbox.post(f"{BOOK}:batchUpdate", {"requests": [request]}).status_code == 200
    assert tab.get_values("F1", value_render_option=PLAIN) == [[12]]


def test_t4_a_raw_formula_is_a_text(tab: gspread.Worksheet) -> None:
    tab.update([["=1+1"]], "E1", value_input_option=ValueInputOption.raw)
    assert tab.get_values("E1", value_render_option=PLAIN) == [["=1+1"]]


def test_t4_many_formulas_over_many_rows_are_computed_once_for_a_change(tab: gspread.Worksheet) -> None:
    rows = [[number, number * 2, f"=A{number}+B{number}", "=SUM(A:A)"] for number in range(1, 501)]
    tab.update(rows, "A1", value_input_option=TYPED)
    values = tab.get_values("C1:D500", value_render_option=PLAIN)
    assert values[499] == [1500, 125250]
    tab.update([[0]], "A500")
    assert tab.get_values("C500:D500", value_render_option=PLAIN) == [[1000, 124750]]


def test_t4_a_formula_can_not_hang_it(sandbox: Sandbox, tab: gspread.Worksheet) -> None:
    tab.resize(rows=3000)
    tab.update([[number] for number in range(3000)], "A1")
    began = time.monotonic()
    heavy = "=SUMPRODUCT(A1:A3000*TRANSPOSE(A1:A3000)*TRANSPOSE(A1:A3000))"
    tab.update([[heavy], ["=1+1"]], "E1", value_input_option=TYPED)
    for _ in range(3):
        assert sandbox.get(f"{BOOK}/values/E1:E2").status_code == 200
        assert sandbox.get("/sandbox/requests").status_code == 200
    assert time.monotonic() - began < 20
