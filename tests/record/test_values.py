"""What people type into single cells: understood, or explained in one Russian sentence."""

from decimal import Decimal
from typing import Any

import pytest

from record import values
from record.values import Cell, Unclear, UnclearCell, attempt


@pytest.mark.parametrize(
    "typed",
    [
        "8 (900) 123-45-67",
        "+7 900 123 45 67",
        "+7 (900) 123—45—67",
        "79001234567",
        "9001234567",
        "8-900-123-45-67",
        "8.900.123.45.67",
        "8\u00a0900\u202f123 45 67 ",
        "тел. 89001234567",
        "８９００１２３４５６７",
        "+79001234567\x00",
        89001234567,
        79001234567,
        79001234567.0,
        9001234567,
    ],
)
def test_any_way_to_write_a_phone_is_one_phone(typed: Cell) -> None:
    assert values.phone(typed) == "+79001234567"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8 4012 50-00-00", "+74012500000"),
        ("812 123-45-67", "+78121234567"),
        ("8 800 555-35-35", "+78005553535"),
        ("+375 29 123-45-67", "+375291234567"),
        ("89001234567, 89111234567", "+79001234567"),
        ("89001234567 / 8 911 123-45-67", "+79001234567"),
        ("89001234567 89111234567", "+79001234567"),
        ("89001234567\n8 4012 50-00-00", "+79001234567"),
        ("12345, 89001234567", "+79001234567"),
        ("тел 8900 123 45 67 Юля", "+79001234567"),
        ("Юля 89001234567 после 18, кв. 5", "+79001234567"),
        ("📞 8-900-123-45-67", "+79001234567"),
        ("\u200f89001234567\u202c", "+79001234567"),
        ("=+7 (900) 123-45-67", "+79001234567"),
        ("", None),
        ("   ", None),
    ],
)
def test_phones_of_other_kinds(typed: Cell, meant: str | None) -> None:
    assert values.phone(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["12345", "500000", "1234567", "8900123456", "890012345678", "00000000000", "позвонить", "нет", 0, True,
     "см. выше", "карта 2200 1234 5678 9012", "8 900 123-45"],
)  # fmt: skip
def test_a_phone_that_nobody_could_call_is_explained(typed: Cell) -> None:
    with pytest.raises(Unclear, match=r"^Телефон «.+» непонятен: нужны 11 цифр, например \+79001234567$"):
        values.phone(typed)


def test_a_phone_that_the_sheet_took_for_a_formula_is_explained() -> None:
    with pytest.raises(Unclear, match=r"впишите номер слитно, например \+79001234567$"):
        values.phone("#ERROR!")


def test_phones_of_another_country() -> None:
    assert values.phone("(301) 234-56-78", "US") == "+13012345678"


@pytest.mark.parametrize(
    ("typed", "roubles"),
    [
        ("2000", "2000"),
        ("2 000 ₽", "2000"),
        ("₽2000", "2000"),
        ("2\u00a0000\u202f₽", "2000"),
        ("2000р.", "2000"),
        ("2000 р", "2000"),
        ("2000 руб.", "2000"),
        ("2000 рублей", "2000"),
        ("2000 RUB", "2000"),
        ("2000.-", "2000"),
        ("2 000,50", "2000.5"),
        ("2000.5", "2000.5"),
        ("2.000,50", "2000.5"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("1.234.567", "1234567"),
        ("2'000", "2000"),
        ("2т.р.", "2000"),
        ("2 т.р", "2000"),
        ("2к", "2000"),
        ("2,5 тыс. руб.", "2500"),
        ("2 тысячи", "2000"),
        ("2000 нал", "2000"),
        ("2000р. (карта)", "2000"),
        ("2000 на карту", "2000"),
        ("2000 переводом", "2000"),
        ("\u200f2000\u200f", "2000"),
        ("бесплатно", "0"),
        ("0", "0"),
        (2000, "2000"),
        (2000.0, "2000"),
        (1999.99, "1999.99"),
        (0, "0"),
    ],
)
def test_any_way_to_write_money_is_one_sum(typed: Cell, roubles: str) -> None:
    assert values.money(typed) == Decimal(roubles)


@pytest.mark.parametrize("typed", ["", "  ", "\u00a0"])
def test_no_money_is_none(typed: Cell) -> None:
    assert values.money(typed) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("две тысячи", "Цена «две тысячи» — не число: напишите, например, 2000"),
        ("полторы тысячи", "Цена «полторы тысячи» — не число: напишите, например, 1500"),
        ("три тысячи пятьсот", "Цена «три тысячи пятьсот» — не число: напишите, например, 3500"),
        ("от 3000", "Цена «от 3000» — не число: напишите, например, 3000"),
        ("~3 000 р", "Цена «~3 000 р» — не число: напишите, например, 3000"),
        ("3000-4000", "Цена «3000-4000» — не число: напишите, например, 3000"),
        ("2000+500", "Цена «2000+500» — не число: напишите, например, 2500"),
        ("1 500 р. + 500 р.", "Цена «1 500 р. + 500 р.» — не число: напишите, например, 2000"),
        ("договорная", "Цена «договорная» — не число: напишите, например, 2000"),
        ("$20", "Цена «$20» — не число: напишите, например, 2000"),
        ("nan", "Цена «nan» — не число: напишите, например, 2000"),
        ("#REF!", "Цена: в ячейке ошибка формулы, впишите число, например 2000"),
        ("-5", "Цена «-5» не может быть такой: нужно число от 0"),
        (-5, "Цена «-5» не может быть такой: нужно число от 0"),
        (1e12, "Цена «1000000000000»: слишком большая сумма, проверьте"),
        (float("inf"), "Цена «inf» не может быть такой: нужно число от 0"),
        (float("nan"), "Цена «nan» не может быть такой: нужно число от 0"),
        (True, "Цена: здесь флажок, а нужно число, например 2000"),
    ],
)
def test_what_is_no_money_is_explained(typed: Cell, sentence: str) -> None:
    with pytest.raises(Unclear) as unclear:
        values.money(typed)
    assert str(unclear.value) == sentence


@pytest.mark.parametrize(
    ("typed", "percent"),
    [
        ("30", "30"),
        ("30%", "30"),
        ("30,5 %", "30.5"),
        ("30 проц.", "30"),
        ("30 процентов", "30"),
        (30, "30"),
        (30.0, "30"),
        (0.3, "30"),  # a cell formatted as percent
        (1, "1"),
        (0, "0"),
        (100, "100"),
        ("", None),
    ],
)
def test_percents(typed: Cell, percent: str | None) -> None:
    assert values.percent(typed) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize("typed", ["половина", 101, -1, "inf", "nan", float("nan"), True])
def test_what_is_no_percent_is_explained(typed: Cell) -> None:
    with pytest.raises(Unclear, match=r"^Комиссия, %.* от 0 до 100$|^Комиссия, %.* напишите, например, 30$"):
        values.percent(typed)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (0, "0"),
        (False, "ЛОЖЬ"),
        (True, "ИСТИНА"),
        (7.0, "7"),
        (0.5, "0.5"),
        ("007", "007"),
        ("+79001234567", "+79001234567"),
        ("=IMPORTXML(1)", "=IMPORTXML(1)"),
        ("<b>&", "<b>&"),
        (" a\x00b \n", "ab"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_text_is_kept_as_it_is(cell: Cell, shown: str) -> None:
    assert values.text(cell) == shown


@pytest.mark.parametrize(
    ("cell", "empty"), [("", True), (" \u00a0", True), (0, False), (False, False), (0.0, False), ("0", False)]
)
def test_zero_and_no_are_something(cell: Cell, *, empty: bool) -> None:
    assert values.is_empty(cell) is empty


@pytest.mark.parametrize(
    ("cell", "number"),
    [("501", 501), (501.0, 501), ("-1001234", -1001234), ("@user", None), ("", None), (True, None), ("5.5", None)],
)
def test_chat_ids(cell: Cell, number: int | None) -> None:
    chat = values.address(values.text(cell))
    assert chat == (None if number is None else values.telegram(number))


@pytest.mark.parametrize(
    ("text", "cut"), [("коротко", "коротко"), ("a" * 50, "a" * 39 + "…"), ("две\nстроки", "две строки")]
)
def test_long_texts_are_cut_with_a_sign(text: str, cut: str) -> None:
    assert values.cut(text) == cut


@pytest.mark.parametrize(
    "read", [values.phone, values.money, values.percent, values.moment, values.flag, values.status]
)
@pytest.mark.parametrize(
    "cell",
    ["", " ", "\x00", "nan", "inf", "-inf", "1e400", "sNaN", "٣", "²", "½", "🤷", "=1/0", "#REF!", "a" * 50_000,
     "\u200f", 0, -1, 1e308, -1e308, float("inf"), float("nan"), 10**30, True, False],
)  # fmt: skip
def test_no_cell_is_more_than_unclear(read: Any, cell: Cell) -> None:
    """Bad input is a value, not an exception: whatever stands in the cell is read, or explained in a short line."""
    troubles: list[UnclearCell] = []
    attempt("Столбец", lambda: read(cell), troubles)
    assert all(0 < len(trouble.sentence) < 200 for trouble in troubles)
