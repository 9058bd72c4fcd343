"""USER_ENTERED: what typing becomes and how it is shown, in the Russian locale and in en_US."""

import datetime as dt
from typing import Any

import pytest

from sandbox.sheets.cells import Cell, Formula
from sandbox.sheets.entered import typed
from sandbox.sheets.locales import EN_US, RU_RU
from sandbox.sheets.rendered import shown
from tests.sandbox.conftest import BOOK, Sandbox

TODAY = dt.date(2024, 12, 20)
NBSP = "\u00a0"


def typing(text: str, language: str) -> tuple[Any, str]:
    """The value, and what the cell shows afterwards."""
    locale = RU_RU if language == "ru" else EN_US
    found = typed(text, locale, TODAY)
    form = {"numberFormat": found.format} if found.format else None
    return found.value, shown(Cell(found.value, form), locale)


@pytest.mark.parametrize(
    ("text", "value", "display"),
    [
        ("2000", 2000, "2000"),
        ("2 000 ₽", 2000, f"2{NBSP}000 ₽"),
        ("2000₽", 2000, f"2{NBSP}000 ₽"),
        ("1 234 567,5", 1234567.5, f"1{NBSP}234{NBSP}567,50"),
        (f"2{NBSP}000,50 ₽", 2000.5, f"2{NBSP}000,50 ₽"),
        ("1,5", 1.5, "1,5"),
        ("-3,25", -3.25, "-3,25"),
        ("007", 7, "7"),
        ("89001234567", 89001234567, "89001234567"),
        ("+79001234567", 79001234567, "79001234567"),
        ("30%", 0.3, "30%"),
        ("12,5 %", 0.125, "12,50%"),
        ("8e3", 8000, "8,00E+03"),
        ("ИСТИНА", True, "ИСТИНА"),
        ("истина", True, "ИСТИНА"),
        ("ЛОЖЬ", False, "ЛОЖЬ"),
        ("TRUE", True, "ИСТИНА"),
        ("15.12.2024", 45641, "15.12.2024"),
        ("5.1.24", 45296, "05.01.24"),
        ("2024-12-15", 45641, "2024-12-15"),
        ("15/12/2024", 45641, "15/12/2024"),
        ("15.12", 45641, "15.12"),
        ("1.5", 45413, "01.05"),
        ("15 декабря 2024", 45641, "15 декабря 2024"),
        ("14:29", pytest.approx(0.603472, abs=1e-6), "14:29"),
        ("15.12.2024 14:29", pytest.approx(45641.603472, abs=1e-6), "15.12.2024 14:29"),
        ("15.12.2024 9:05:07", pytest.approx(45641.378553, abs=1e-6), "15.12.2024 9:05:07"),
    ],
)
def test_russian_numbers_dates_and_booleans(text: str, value: Any, display: str) -> None:
    assert typing(text, "ru") == (value, display)
    assert type(typing(text, "ru")[0]) is type(value) or not isinstance(value, bool)


@pytest.mark.parametrize(
    "text",
    [
        "Юля",
        "две тысячи",
        "2000р.",
        "2000.50",
        "31.02.2024",
        "1 2",
        "8 (900) 123-45-67",
        "$5",
        "12:75",
        "1,2,3",
        "Новая ",
    ],
)
def test_everything_else_stays_text_in_russian(text: str) -> None:
    assert typing(text, "ru") == (text, text)


@pytest.mark.parametrize(
    ("text", "value", "display"),
    [
        ("1,000.50", 1000.5, "1,000.50"),
        ("$1,000", 1000, "$1,000"),
        ("1.5", 1.5, "1.5"),
        ("12/15/2024", 45641, "12/15/2024"),
        ("2:30 PM", pytest.approx(0.604166, abs=1e-5), "2:30 PM"),
        ("TRUE", True, "TRUE"),
        ("ИСТИНА", "ИСТИНА", "ИСТИНА"),
        ("1,5", "1,5", "1,5"),
        ("15.12.2024", "15.12.2024", "15.12.2024"),
    ],
)
def test_english(text: str, value: Any, display: str) -> None:
    assert typing(text, "en") == (value, display)


def test_formulas_and_the_leading_plus_and_apostrophe() -> None:
    assert isinstance(typed("=4/2", RU_RU, TODAY).value, Formula)
    phone = typed("+7 (900) 123-45-67", RU_RU, TODAY).value
    assert isinstance(phone, Formula)
    assert phone == "=+7 (900) 123-45-67"
    assert typed("'007", RU_RU, TODAY).value == "007"
    assert typed("", RU_RU, TODAY).value is None


def test_a_text_format_keeps_text() -> None:
    assert typed("007", RU_RU, TODAY, {"type": "TEXT", "pattern": "@"}).value == "007"


@pytest.mark.parametrize(
    ("value", "pattern", "display"),
    [
        (1234.5, "#,##0.00", f"1{NBSP}234,50"),
        (0.305, "0.0%", "30,5%"),
        (-5, "0;(0)", "(5)"),
        (0, "0;-0;—", "—"),
        (45641.5, "dd.mm.yyyy hh:mm", "15.12.2024 12:00"),
        (45641.5, 'd mmmm yyyy "г."', "15 декабря 2024 г."),
        (45641, "dddd", "воскресенье"),
        (1.5, "[h]:mm", "36:00"),
        (0.125, "hh:mm:ss", "03:00:00"),
        (1234567, '0.0,,"M"', "1,2M"),
        (7, "000", "007"),
    ],
)
def test_number_patterns(value: float, pattern: str, display: str) -> None:
    assert shown(Cell(value, {"numberFormat": {"type": "NUMBER", "pattern": pattern}}), RU_RU) == display


def test_automatic_numbers() -> None:
    assert [shown(Cell(value), EN_US) for value in (1 / 3, 0.1 + 0.2, 1e15, 12345678.5, -2.0)] == [
        "0.3333333333",
        "0.3",
        "1E+15",
        "12345678.5",
        "-2",
    ]


def test_typing_over_http_sets_the_format_and_keeps_an_earlier_one(sandbox: Sandbox) -> None:
    rows = [["2 000 ₽", "15.12.2024", "30%", "ИСТИНА", "1,5"]]
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": rows}, valueInputOption="USER_ENTERED")
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": [["3000", "16.12.2024"]]}, valueInputOption="USER_ENTERED")
    shown_values = sandbox.get(f"{BOOK}/values/A1:E1").json()["values"]
    assert shown_values == [[f"3{NBSP}000 ₽", "16.12.2024", "30%", "ИСТИНА", "1,5"]]
    raw = sandbox.get(f"{BOOK}/values/A1:E1", valueRenderOption="UNFORMATTED_VALUE").json()["values"]
    assert raw == [[3000, 45642, 0.3, True, 1.5]]
    cells = sandbox.get(BOOK, ranges="A1:B1", fields="sheets.data.rowData.values.userEnteredFormat.numberFormat")
    formats = [
        cell["userEnteredFormat"]["numberFormat"]
        for cell in cells.json()["sheets"][0]["data"][0]["rowData"][0]["values"]
    ]
    assert formats == [
        {"type": "CURRENCY", "pattern": "#,##0 [$₽-419]"},
        {"type": "DATE", "pattern": "dd.mm.yyyy"},
    ]


def test_the_locale_can_be_changed(sandbox: Sandbox) -> None:
    change = {"updateSpreadsheetProperties": {"properties": {"locale": "en_US"}, "fields": "locale"}}
    assert sandbox.post(f"{BOOK}:batchUpdate", {"requests": [change]}).status_code == 200
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": [["1.5", "TRUE"]]}, valueInputOption="USER_ENTERED")
    assert sandbox.get(f"{BOOK}/values/A1:B1").json()["values"] == [["1.5", "TRUE"]]
