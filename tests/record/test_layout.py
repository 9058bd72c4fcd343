"""A person arranges the sheet as he likes; a reading that can't be trusted is refused whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.errors import SheetBroken
from record.grid.layout import Values, find_columns, fingerprint, lasting_print, read_table, same
from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES, WORKSHEETS
from record.values import Cell
from tests.record.notation import table

HEADERS = list(WORKSHEETS[ORDERS].columns)
QUESTIONS_ROWS = [(2, ("Сколько стоит?", "500 ₽")), (3, ("Когда?", "Сегодня"))]


def read(drawn: str, title: str = QUESTIONS) -> list[tuple[int, tuple[Cell, ...]]]:
    """Return row numbers and cells of a drawn worksheet."""
    return read_table(title, table(drawn)).rows()


@pytest.mark.parametrize(
    "drawn",
    [
        """
        Вопрос         | Ответ
        Сколько стоит? | 500 ₽
        Когда?         | Сегодня
        """,
        """
        Ответ   | Вопрос
        500 ₽   | Сколько стоит?
        Сегодня | Когда?
        """,
        """
        Кто ответил |  | Ответ   | Моё | Вопрос         | Заметка
        Оля         |  | 500 ₽   | x   | Сколько стоит? |
                    |  | Сегодня |     | Когда?         | y
        """,
    ],
)
def test_columns_may_stand_in_any_order_among_own_ones(drawn: str) -> None:
    assert read(drawn) == QUESTIONS_ROWS


@pytest.mark.parametrize(
    "header",
    ["дата регистрации", "  Дата   регистрации ", "ДАТА РЕГИСТРАЦИИ:", "Дата\u00a0регистрации", "Дата\nрегистрации",
     "Дата регистрации\u200b", "\ufeffДата регистрации", "Дата регистрации *"],
)  # fmt: skip
def test_a_header_is_found_however_it_is_spelled(header: str) -> None:
    headers = ["Имя", "ID", "Телефон", "Telegram", "Активен", header]
    assert find_columns(MASTERS, headers).place("Дата регистрации") == 5


def test_yo_and_ye_are_one_letter() -> None:
    assert find_columns(QUESTIONS, ["вопрос", "отвЁт".replace("Ё", "е")]).places == (0, 1)
    assert find_columns(ORDERS, [h.replace("е", "ё") for h in HEADERS]).places == tuple(range(len(HEADERS)))


def test_an_optional_column_may_be_missing_and_reads_as_empty() -> None:
    drawn = """
        Цена | Услуга  | Категория
        500  | Розетка | Розетки
        """
    assert read(drawn, SERVICES) == [(2, ("Розетки", "Розетка", "", "", 500, ""))]


@pytest.mark.parametrize("missing", sorted(WORKSHEETS[ORDERS].required))
def test_each_required_header_is_missed_by_name(missing: str) -> None:
    with pytest.raises(SheetBroken, match=f"^Лист «Заявки»: нет столбца «{missing}»"):
        find_columns(ORDERS, [header for header in HEADERS if header != missing])


@pytest.mark.parametrize("doubled", ["ID", "Статус", "Комментарий"])
def test_a_doubled_header_is_named(doubled: str) -> None:
    with pytest.raises(SheetBroken) as broken:
        find_columns(ORDERS, [*HEADERS, f" {doubled.lower()} "])
    said = f"Лист «Заявки»: столбец «{doubled}» встречается дважды. Исправьте первую строку — до этого Наряд ничего"
    assert str(broken.value).startswith(said)


def test_a_misspelled_header_is_recognised_in_the_complaint() -> None:
    headers = ["Статусс" if header == "Статус" else header for header in HEADERS if header != "Цена"]
    with pytest.raises(SheetBroken) as broken:
        find_columns(ORDERS, headers)
    assert "нет столбца «Статус» (есть похожий «Статусс»)" in str(broken.value)
    assert "нет столбца «Цена»" in str(broken.value)
    assert "\n" not in str(broken.value)


@pytest.mark.parametrize("values", [[], [[]], [["", " "]], [["", ""], ["Ответ", "Да"]]])
def test_no_header_row_at_all(values: Values) -> None:
    with pytest.raises(SheetBroken, match=r"^Лист «Вопросы»: в первой строке нет заголовков\. Верните её"):
        read_table(QUESTIONS, values)


def test_a_deleted_header_row_is_not_taken_for_headers() -> None:
    with pytest.raises(SheetBroken, match=r"нет столбца «Вопрос», нет столбца «Ответ»"):
        read("Сколько стоит? | 500")


def test_own_columns_may_be_doubled_or_nameless() -> None:
    assert find_columns(QUESTIONS, ["", "Моё", "Вопрос", "", "Моё", "Ответ"]).places == (2, 5)


def test_blank_rows_are_left_out_and_rows_below_keep_their_numbers() -> None:
    drawn = """
        Вопрос | Ответ
        Раз?   | Да

               |
        Два?   | Нет
        """
    values = table(drawn)
    values.insert(3, [" ", "\u00a0"])
    assert [number for number, _ in read_table(QUESTIONS, values).rows()] == [2, 6]


def test_zero_and_no_make_a_row_that_is_not_blank() -> None:
    assert read_table(QUESTIONS, [["Вопрос", "Ответ"], [0], ["", False]]).rows() == [(2, (0, "")), (3, ("", False))]


def test_trailing_empty_cells_read_like_missing_ones() -> None:
    short, padded = [["Вопрос", "Ответ", "Моё"], ["Раз?"]], [["Вопрос", "Ответ", "Моё"], ["Раз?", "", ""]]
    assert read_table(QUESTIONS, short).rows() == read_table(QUESTIONS, padded).rows() == [(2, ("Раз?", ""))]


def test_cells_are_placed_by_header_and_missing_columns_are_skipped() -> None:
    layout = find_columns(SERVICES, ["Цена", "Моё", "Услуга", "Категория"])
    assert layout.spread({"Услуга": "Розетка", "Единица": "шт", "Цена": 500}) == [(2, "Розетка"), (0, 500)]


CELL = st.one_of(st.text(max_size=5), st.integers(-(10**6), 10**6), st.booleans(), st.floats(0, 1e6))


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[dict[str, Cell]], Values]:
    """Return rows by column, and a sheet of them whose columns are shuffled among own ones, ragged as Google's."""
    rows = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADERS, CELL)), max_size=4))
    own = draw(st.lists(st.sampled_from(["", "Моё", "Заметки Оли"]), max_size=3))
    headers = draw(st.permutations([*HEADERS, *own]))
    values: list[list[Any]] = [list(headers)]
    for row in rows:
        cells = [row[header] if header in row else draw(CELL) for header in headers]
        while cells and cells[-1] == "" and draw(st.booleans()):
            cells.pop()
        values.append(cells)
    return rows, values


@given(sheets())
def test_any_order_of_columns_reads_the_same_rows(sheet: tuple[list[dict[str, Cell]], Values]) -> None:
    """Moving columns and adding own ones changes nothing that is read."""
    rows, values = sheet
    found = dict(read_table(ORDERS, values).rows())
    for number, row in enumerate(rows, start=2):
        blank = all(isinstance(cell, str) and not cell.strip() for cell in row.values())
        assert number in found or blank
        assert blank or found[number] == tuple(row[header] for header in HEADERS)


def test_prints_differ_whenever_a_cell_differs_type_included() -> None:
    rows: list[tuple[Cell, ...]] = [("1", ""), (1, ""), (True, ""), (1.5, ""), ("", "1"), ("1", 0), ("1", False)]
    assert len({fingerprint(row) for row in rows}) == len(rows)
    assert len({lasting_print(row) for row in rows}) == len(rows)
    assert lasting_print(("1", 2.0, True)) == lasting_print(("1", 2.0, True))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (2000, 2000.0, True),
        ("2000", 2000, True),
        (" x ", "x", True),
        ("", 0, False),
        ("", False, False),
        (1, 2, False),
    ],
)
def test_cells_that_show_the_same(one: Cell, other: Cell, *, alike: bool) -> None:
    assert same(one, other) is alike


@pytest.mark.parametrize(
    "header",
    [
        "Tелeфон",
        "ТЕЛЕФОН:",
        "Телефон\n",
        "«Телефон»",
        "Теле\u00a0фон",
        "(телефон)",
        "Tелефон*",
        "тeлeфон .",
        "Телефон_",
    ],
)
def test_what_nobody_sees_the_difference_of_is_the_same_header(header: str) -> None:
    assert find_columns(MASTERS, ["ID", "Имя", header, "Telegram", "Активен"]).place("Телефон") == 2


@pytest.mark.parametrize("header", ["Комиссия %", "Комиссия,%", "Комиссия (%)", "комиссия, %"])
def test_the_rate_and_the_sum_of_a_commission_are_two_columns(header: str) -> None:
    layout = find_columns(MASTERS, ["ID", "Имя", "Телефон", "Telegram", "Активен", "Комиссия", header])
    assert (layout.place("Комиссия"), layout.place("Комиссия, %")) == (5, 6)


def test_a_header_right_to_the_letter_goes_before_one_that_looks_so() -> None:
    assert find_columns(QUESTIONS, ["Вoпрос", "Вопрос", "Ответ", "О т в е т"]).places == (1, 2)
    with pytest.raises(SheetBroken, match="столбец «Вопрос» встречается дважды"):
        find_columns(QUESTIONS, ["Вoпрос", "Bопрос", "Ответ"])


@pytest.mark.parametrize(
    ("column", "header"),
    [("Телефон", "Телефон клиента"), ("Телефон", "Тел."), ("Телефон", "Контакты"), ("ID", "№"), ("ID", "№ п/п"),
     ("Статус", "Статус заявки (меняем вручную)"), ("Цена", "Стоимость"), ("Мастер", "Исполнитель"),
     ("Адрес", "Адресс"), ("Имя", "ФИО"), ("Проблема", "Проблемма"), ("Телефон", "Телефон\nклиента")],
)  # fmt: skip
def test_a_renamed_header_is_named_with_the_likely_one(column: str, header: str) -> None:
    headers = list(HEADERS)
    headers[headers.index(column)] = header
    with pytest.raises(SheetBroken) as broken:
        find_columns(ORDERS, headers)
    shown = header.replace("\n", " ")
    assert f"нет столбца «{column}» (есть похожий «{shown}»)" in str(broken.value)


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ([["Наша база"]], "заголовки в строке 2, а нужны в первой: удалите строку 1 выше них"),
        ([["Наша база"], [], ["с 2019 года"]], "заголовки в строке 4, а нужны в первой: удалите строки 1–3 выше них"),
        ([[], []], "заголовки в строке 3, а нужны в первой: удалите строки 1–2 выше них"),
    ],
)
def test_headers_that_slid_down_are_found_there(above: Values, said: str) -> None:
    for row in (HEADERS, [*HEADERS[:3], "Клиент", *HEADERS[4:]]):
        with pytest.raises(SheetBroken) as broken:
            read_table(ORDERS, [*above, row, [1, "", "", "Юля"]])
        assert said in str(broken.value)


def test_a_lone_word_below_is_no_header_row() -> None:
    with pytest.raises(SheetBroken, match="нет столбца «ID»"):
        read_table(ORDERS, [["Наша база"], ["Имя", "Адрес"], [1, "Юля"]])
