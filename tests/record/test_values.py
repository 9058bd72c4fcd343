"""What people type into single cells: understood, or explained in one Russian sentence."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from record import values
from record.values import Categories, Cell, Status, Trouble, Unclear, attempt
from tests.record.notation import at


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
    with pytest.raises(Unclear, match=r"^Телефон «.+» непонятен: нужны 11 цифр, например \+7 900 123-45-67$"):
        values.phone(typed)


def test_a_phone_that_the_sheet_took_for_a_formula_is_explained() -> None:
    with pytest.raises(Unclear, match=r"впишите номер с восьмёрки, например 8 900 123-45-67$"):
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
        ("$20", "Цена «$20» — не число: напишите, например, 20"),
        ("nan", "Цена «nan» — не число: напишите, например, 2000"),
        ("#REF!", "Цена: в ячейке ошибка формулы, впишите число, например 2000"),
        ("-5", "Цена «-5» не может быть такой: нужно число от 0"),
        (-5, "Цена «-5» не может быть такой: нужно число от 0"),
        (1e12, "Цена «1000000000000» не может быть такой: нужно число от 0"),
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
    ("typed", "meant"),
    [
        (45641, at(2024, 12, 15)),
        (45641.604166666664, at(2024, 12, 15, 14, 30)),
        ("15.12.2024", at(2024, 12, 15)),
        ("05.06.2024", at(2024, 6, 5)),
        ("5.6.24", at(2024, 6, 5)),
        ("05/06/2024", at(2024, 6, 5)),
        ("2024-12-15", at(2024, 12, 15)),
        ("2024-06-05 09:07:03", at(2024, 6, 5, 9, 7, 3)),
        ("2024-06-05T09:07", at(2024, 6, 5, 9, 7)),
        ("15.12.2024 9:05", at(2024, 12, 15, 9, 5)),
        ("15.12.2024, 14:30", at(2024, 12, 15, 14, 30)),
        ("29.02.2024", at(2024, 2, 29)),
        ("15.12.2024 14.30", at(2024, 12, 15, 14, 30)),
        ("15.12.24 в 9.05", at(2024, 12, 15, 9, 5)),
        ("15.12.2024 в 14 ч", at(2024, 12, 15, 14)),
        ("15.12.2024г.", at(2024, 12, 15)),
        ("15 декабря 2024", at(2024, 12, 15)),
        ("15 дек 24", at(2024, 12, 15)),
        ("1 мая 2024 г. 10:00", at(2024, 5, 1, 10)),
        ("3 марта 2024 года", at(2024, 3, 3)),
        ("вс, 15.12.2024", at(2024, 12, 15)),
        ("\u200e15.12.2024\u200f", at(2024, 12, 15)),
        ("", None),
        (" ", None),
    ],
)
def test_dates_are_read_day_first(typed: Cell, meant: datetime | None) -> None:
    assert values.moment(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("сегодня", at(2024, 12, 15)),
        ("Вчера", at(2024, 12, 14)),
        ("позавчера", at(2024, 12, 13)),
        ("вчера 14.30", at(2024, 12, 14, 14, 30)),
        ("сегодня в 9:05", at(2024, 12, 15, 9, 5)),
        ("15.12", at(2024, 12, 15)),
        ("16.12", at(2023, 12, 16)),
        ("1 января", at(2024, 1, 1)),
        ("31 дек. 18:00", at(2023, 12, 31, 18)),
        ("29.02", at(2024, 2, 29)),
        ("5-го июня", at(2024, 6, 5)),
    ],
)
def test_days_told_from_today(typed: str, meant: datetime) -> None:
    """A day without a year is the last one by today; where nobody knows when it was typed, it is unclear."""
    assert values.moment(typed, today=date(2024, 12, 15)) == meant
    with pytest.raises(Unclear, match="неясно, как"):
        values.moment(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "завтра",
        "вечером",
        "14:30",
        0.5,
        "30.02",
        "15 ууу",
        "#REF!",
        "31.02.2024",
        "12/15/2024",
        "15.12",
        "15.12.0024",
        5,
        100_000,
        True,
    ],
)
def test_what_is_no_date_is_explained(typed: Cell) -> None:
    with pytest.raises(Unclear, match=r"^Дата.* 15\.12\.2026"):
        values.moment(typed)


@pytest.mark.parametrize(
    ("serial", "when"),
    [
        (43831, at(2020, 1, 1)),
        (45641.5, at(2024, 12, 15, 12)),
        (46352.99998843, at(2026, 11, 26, 23, 59, 59)),
    ],
)
def test_serial_numbers_there_and_back(serial: float, when: datetime) -> None:
    assert values.from_serial(serial) == when
    assert values.to_serial(when) == serial


@pytest.mark.parametrize(
    "typed",
    [True, "да", "Да ", "ДА.", "да!", "✔️", "☑", "ага", "V", "истина", "TRUE", "✓", "✅", "+", 1, 1.0, "1", "yes"],
)
def test_yes(typed: Cell) -> None:
    assert values.flag(typed) is True


@pytest.mark.parametrize(
    "typed", [False, "—", "☐", "не активен", "нет", " Нет", "ЛОЖЬ", "FALSE", "-", 0, "0", "", "  ", "no", "✗"]
)
def test_no(typed: Cell) -> None:
    assert values.flag(typed) is False


@pytest.mark.parametrize("typed", ["может быть", 2, "в отпуске"])
def test_neither_yes_nor_no_is_explained(typed: Cell) -> None:
    with pytest.raises(Unclear, match=r"^Активен «.+»: поставьте флажок или напишите «да» либо «нет»$"):
        values.flag(typed)


@pytest.mark.parametrize(
    ("status", "typed"),
    [
        (Status.NEW, ["новая ", "Новая", "НОВАЯ", "новый", "Новаяя", "", "  "]),
        (Status.WORK, ["в работе", "В  РАБОТЕ", "в\u00a0работе", "вработе", "Впроцессе", "в процессе", "в раб."]),
        (Status.DONE, ["Выполнено", "выполнена.", "выплнена", "Готово!", "сделано", "завершено"]),
        (Status.DONE, ["вып.", "Выполнена ✅", "готово 15.12", "выполнил", "закрыта", "выполнена\u200f"]),
        (Status.CANCELLED, ["отмена", "Отменён", "отменено", "отказ", "Отменена ❌", "отм.", "отказались"]),
    ],
)
def test_statuses_as_people_type_them(status: Status, typed: list[str]) -> None:
    assert {word: values.status(word) for word in typed} == dict.fromkeys(typed, status)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("отказ клиента", "Отменена"), ("взял", "В работе"), ("новая, срочно", "Новая"), ("выполнил Иван", "Выполнена")],
)
def test_an_unknown_status_is_explained_with_the_nearest(typed: str, nearest: str) -> None:
    with pytest.raises(Unclear) as unclear:
        values.status(typed)
    assert str(unclear.value) == (
        f"Статус «{typed}» непонятен: может быть, «{nearest}»? Бывают: Новая, В работе, Выполнена, Отменена"
    )


@pytest.mark.parametrize("typed", ["дубль", "TRUE", "???", 0])
def test_a_status_like_none_of_them_is_explained_without_a_guess(typed: Cell) -> None:
    with pytest.raises(Unclear, match=r"^Статус «.+» непонятен: бывают Новая, В работе, Выполнена, Отменена$"):
        values.status(typed)


def test_a_checkbox_is_no_status() -> None:
    ticked: Cell = True
    with pytest.raises(Unclear, match=r"^Статус: здесь флажок, а бывают Новая, В работе, Выполнена, Отменена$"):
        values.status(ticked)


CATEGORIES = Categories(
    [("Розетки и выключатели", "Замена розетки"), ("Освещение", "Подвес люстры"), ("", "Разное")], "Электрика"
)


@pytest.mark.parametrize(
    ("category", "typed"),
    [
        ("Электрика", ["Электрика", "электрика ", "⚡ Электрика", "электрику", "Элетрика"]),
        ("Розетки и выключатели", ["Розетки и выключатели", "розетки", "Розетка", "выключатель", "замена розетки"]),
        ("Освещение", ["освещение", "освищение", "люстра", "люстры"]),
        ("", [""]),
    ],
)
def test_categories_as_people_type_them(category: str, typed: list[str]) -> None:
    assert {one: CATEGORIES.find(one) for one in typed} == dict.fromkeys(typed, category)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("сантехника", "Категории «сантехника» нет на листе «Услуги»"),
        ("Электромонтаж", "Категории «Электромонтаж» нет на листе «Услуги»: может быть, «Электрика»?"),
    ],
)
def test_an_unknown_category_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(Unclear) as unclear:
        CATEGORIES.find(typed)
    assert str(unclear.value) == sentence
    assert Categories().find(typed) == typed, "while no price list is known, any will do"


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
    assert values.number(cell) == number


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
    troubles: list[Trouble] = []
    attempt("Столбец", lambda: read(cell), troubles)
    assert all(0 < len(trouble.sentence) < 200 for trouble in troubles)
