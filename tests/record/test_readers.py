"""The rules that all readers of cells share: what is no content, how much is read, and that nothing is guessed."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record import values
from record.dispatch.model import Master, Roster
from record.values import Categories, Cell, Status, Unclear
from record.values.cells import ERRORS, LOADING
from record.values.slips import is_slip
from record.values.words import STATUS_OF
from tests.record.hostile import HOSTILE, READERS
from tests.record.notation import COMPLETE, ROSTER, at, order, row

OF_CELLS: dict[str, Callable[[Cell], object]] = {
    "money": values.money,
    "percent": values.percent,
    "phone": values.phone,
    "moment": values.moment,
    "flag": values.flag,
    "status": values.status,
}


@pytest.mark.parametrize("reader", OF_CELLS)
def test_an_error_or_a_value_that_is_loading_is_no_content(reader: str) -> None:
    """So it is neither an empty cell: a status that shows ``#REF!`` is not Новая."""
    for error in ERRORS:
        assert (values.text(error), values.is_error(error), values.nothing(error)) == ("", True, True)
        with pytest.raises(Unclear, match="в ячейке ошибка формулы"):
            OF_CELLS[reader](error)
    for loading in LOADING:
        with pytest.raises(values.Loading):
            OF_CELLS[reader](loading.capitalize())


@pytest.mark.parametrize("said", ["#12", "#СРОЧНО!", "# REF!", "#REF", "Loading", "ждём...", "#REF! #REF!", ""])
def test_what_only_looks_like_an_error_is_a_text(said: str) -> None:
    assert (values.text(said), values.is_unread(said)) == (said, False)


def why_unclear(reader: str, text: str) -> str:
    """Return why a reader can't understand a text, "" where it does."""
    try:
        READERS[reader](text)
    except Unclear as unclear:
        return str(unclear)
    return ""


@given(text=st.text(max_size=60))
@pytest.mark.parametrize("reader", READERS)
def test_no_reader_raises_anything_but_unclear(reader: str, text: str) -> None:
    assert len(why_unclear(reader, text)) < 400


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_raises_anything_but_unclear_over_long_texts(reader: str) -> None:
    assert all(len(why_unclear(reader, text)) < 400 for text in HOSTILE.values())


NOT = ("не", "не ", "ещё не ", "без ", "нет, ", "вряд ли ")


@pytest.mark.parametrize("word", STATUS_OF)
def test_no_status_is_taken_for_what_is_denied_asked_or_half_so(word: str) -> None:
    for said in [*(f"{no}{word}" for no in NOT), f"{word}?", f"{word} нет", f"{word} 50%", f"{word} или отменена"]:
        with pytest.raises(Unclear, match=r"^Статус «.+» непонятен"):
            values.status(said)


@pytest.mark.parametrize(
    "typed",
    ["закрыть", "закрой", "закрыл бы", "выполнение", "выполнить", "выполняется", "выполним", "отменить", "отмени",
     "отменим", "отмечена", "принять", "прими", "сделать", "сделаю", "завершить", "доделано", "подготовлена",
     "переделано", "приготовлено", "обновлена", "передана в работу", "снять", "отказать", "готовится"],
)  # fmt: skip
def test_other_forms_of_a_word_are_asked_about(typed: str) -> None:
    with pytest.raises(Unclear, match=r"^Статус «.+» непонятен"):
        values.status(typed)


@pytest.mark.parametrize(
    ("status", "typed"),
    [
        (Status.WORK, ["Впроцессе", "вработе", "В работе!!", "в рабтое", "в раоботе", "Пирнята"]),
        (Status.DONE, ["выплнена", "Выпоолнена", "выолнена", "Вполнена", "завершна", "зкарыта", "Выполнена 14:30"]),
        (Status.CANCELLED, ["отмненена", "отминена", "Отмeнена", "оотменена", "ОТМЕННЕНА"]),
    ],
)
def test_a_slip_of_the_finger_is_understood(status: Status, typed: list[str]) -> None:
    found = {word: values.status(word) for word in typed if word != "отмненена"}
    assert found == dict.fromkeys(found, status)


def test_a_slip_never_leads_from_one_status_to_another() -> None:
    for typed, meant in STATUS_OF.items():
        for word, other in STATUS_OF.items():
            assert meant is other or not is_slip(typed.replace(" ", ""), word.replace(" ", "")), (typed, word)


@pytest.mark.parametrize(
    "typed", ["да?", "да нет", "нет, уволен", "не да", "не надо", "не неактивен", "+/-", "да/нет"]
)
def test_a_flag_is_yes_or_no_or_asked_about(typed: str) -> None:
    with pytest.raises(Unclear, match=r"^Активен «.+»: поставьте флажок"):
        values.flag(typed)


@pytest.mark.parametrize(
    "typed",
    ["не электрика", "кроме розеток", "не розетки и выключатели", "розетки и выключатели или освещение",
     "освещение, розетки и выключатели", "без освещения"],
)  # fmt: skip
def test_a_category_that_is_denied_or_one_of_two_is_asked_about(typed: str) -> None:
    known = Categories([("Розетки и выключатели", "Замена розетки"), ("Освещение", "Подвес люстры")], "Электрика")
    with pytest.raises(Unclear, match=r"^Категории «.+» нет"):
        known.find(typed)


@pytest.mark.parametrize(
    "typed",
    ["не Петров", "не Иван Петров", "кроме Петрова", "Иван Петров или Ким", "Петров/Ким", "Петров или Ким", "я",
     "Иван Петров?", "Иван Петров отказался", "вместо Иван Петров", "не назначен", "Иван Петров и Сергей Ким"],
)  # fmt: skip
def test_a_master_who_is_denied_or_one_of_two_is_asked_about(typed: str) -> None:
    with pytest.raises(Unclear, match=r"^Мастер"):
        ROSTER.find(typed)


def test_another_surname_is_not_a_slip() -> None:
    roster = Roster.of([Master("1", "Пётр Таранов"), Master("2", "Олег Баранов")])
    for typed in ("Тарасов", "Барабанов"):
        with pytest.raises(Unclear):
            roster.find(typed)
    assert roster.find("Торанов").id == "1"


SEVERAL = "; чисел здесь несколько, напишите одно число"


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("2000 500", 2000), ("1500р 300р", 1500), ("2000\n500", 2000), ("1 000 2 000", 1000), ("10р 300р", 2000),
        ("2000/500", 2000), ("2000, 500", 2000), ("1,500 2", 1500), ("2\t000", 2000), ("500 300", 500),
        ("2 000 500", 2000), ("2000.500", 2000), ("2000р50", 2000), ("2 5 тыс", 2000), ("2\t500", 2000),
        ("2000 нал 500 карта", 2000), ("20 00", 2000), ("2000\u00a0500", 2000), ("2000\u202f500", 2000),
        ("1000 ₽ 2000 ₽", 1000), ("12 5", 2000), ("0 500", 2000), ("2000 14.12", 2000), ("14.12 2000", 2000),
        ("2000 и 500", 2000), ("2000+500 карта", 2000), ("1500 или 2000", 1500), ("2000; 500", 2000),
        ("2 тыс 500", 2000), ("3 розетки по 500", 2000), ("150т 300", 2000), ("7 тысяч 300 рублей", 2000),
    ],
)  # fmt: skip
def test_what_is_written_apart_is_never_joined(typed: str, example: int) -> None:
    """Neither is it in the hint, which shows the first sum or a neutral one, and says to write one number."""
    with pytest.raises(Unclear, match=rf"^Цена «.+» — не число: напишите, например, {example}{SEVERAL}$"):
        values.money(typed)


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("2000 не нал", 2000), ("2000к", 2000), ("5 000 000", 5000000), ("2000+500", 2500), ("=2000+500", 2500),
        ("2000р + 500р", 2500), ("3000-4000", 3000), ("1 500 - 2 000 р", 1500), ("сто двадцать пять", 125),
        ("пятьсот триста", 500), ("две тысячи нал пятьсот карта", 2000), ("тысяча две тысячи", 1000),
        ("десять пять", 2000), ("2,55т", 2000), ("5 шт", 2000), ("50-60", 2000), ("2+3", 2000), ("три розетки", 2000),
        ("300 тыс р итого", 2000), ("0 по гарантии", 0),
    ],
)  # fmt: skip
def test_a_hint_for_one_unclear_sum_is_that_sum(typed: str, example: int) -> None:
    with pytest.raises(Unclear, match=rf"^Цена «.+» — не число: напишите, например, {example}$"):
        values.money(typed)


@given(
    first=st.integers(100, 99_999),
    second=st.integers(1, 9_999),
    between=st.sampled_from([" ", ", ", "; ", "р ", " / ", "\n", " и "]),
)
def test_no_hint_holds_what_nobody_wrote(first: int, second: int, between: str) -> None:
    """Of two numbers the hint shows the first or the neutral 2000, never a number made of both."""
    reason = why_unclear("money", f"{first}{between}{second}")
    if reason:
        example = reason.rpartition("например, ")[2].partition(";")[0]
        assert example in {str(first), "2000"}


@pytest.mark.parametrize(
    ("typed", "roubles"),
    [("2 000", 2000), ("15 500 ₽", 15500), ("150 000", 150000), ("1 000 000", 1000000), ("2\u202f000", 2000)],
)
def test_thousands_may_stand_apart(typed: str, roubles: int) -> None:
    assert values.money(typed) == roubles


@given(
    sums=st.lists(st.integers(100, 9_999), min_size=2, max_size=3), between=st.sampled_from([" ", "р ", " / ", "\n"])
)
def test_two_sums_are_two(sums: list[int], between: str) -> None:
    """Unless the later ones are just the thousands that a space groups, as in «2 000»."""
    with pytest.raises(Unclear):
        values.money(between.join(map(str, sums)))


@pytest.mark.parametrize(
    ("typed", "beside"), [("2000 нал", "нал"), ("2000 сбп", "сбп"), ("2т.р. на карту", "на карту"), ("2000 ₽", "")]
)
def test_what_is_said_beside_a_sum(typed: str, beside: str) -> None:
    found = values.spoken_sum(typed)
    assert found == (Decimal(2000), beside)


@pytest.mark.parametrize("typed", ["30 40", "3 0", "1 5", "30/70", "30-40", "5 0%", "30%70%", "1e1", "1_0", "не 30"])
def test_a_percentage_is_one_number(typed: str) -> None:
    with pytest.raises(Unclear):
        values.percent(typed)


@pytest.mark.parametrize(("cell", "share"), [(1, 1), (1.0, 100), ("1", 1), ("100%", 100), (0.5, 50), ("1%", 1)])
def test_a_share_of_one_is_all_and_a_one_is_one(cell: Cell, share: int) -> None:
    assert values.percent(cell) == share


@pytest.mark.parametrize(
    "typed",
    ["12.05 или 13.05", "10-12.05", "10-12", "15.12.2026 10-12", "не 15.12.2026", "до 15.12.2026", "3 сеньора",
     "15.12.2026-16.12.2026", "вчера/сегодня", "15 декад"],
)  # fmt: skip
def test_two_days_or_hours_are_not_one(typed: str) -> None:
    with pytest.raises(Unclear):
        values.moment(typed, today=at(2026, 11, 27).date())


@pytest.mark.parametrize(
    ("typed", "more"),
    [("8 900 123-45-67", False), ("тел. 8 (900) 123-45-67", False), ("+7 900 123 45 67 Анна", True),
     ("89001234567, 89111234567", True), ("89001234567 доб. 5", True), ("89001234567 после 18", True),
     ("WhatsApp 89001234567", True), ("мой номер 89001234567", False)],
)  # fmt: skip
def test_what_is_said_beside_a_phone(typed: str, *, more: bool) -> None:
    assert values.spoken_phone(typed) == ("+79001234567", more)
    assert values.phone_words(typed) == (typed if more else "")


@pytest.mark.parametrize(
    "typed", ["не 89001234567, а 89111234567", "не звонить: не 89001234567", "8 900 CALL ME NOW"]
)
def test_a_phone_that_is_taken_back_is_asked_about(typed: str) -> None:
    with pytest.raises(Unclear, match=r"^Телефон «.+» непонятен"):
        values.phone(typed)


def test_both_phones_are_kept_with_the_order() -> None:
    said = "8 900 123-45-67 или 8 911 123-45-67"
    read = order(f"Телефон: {said}")
    assert (read.phone, read.phone_said, read.about_phone) == ("+79001234567", said, said)
    told = order("Комментарий: Телефон")
    assert (told.phone_said, told.about_phone) == ("", "")


def test_an_unread_cell_is_known_by_its_column() -> None:
    shown = row(f"{COMPLETE}; Адрес: #REF!; Имя: Loading...")
    assert values.is_unread(shown[3])
    assert [(one.column, one.passing) for one in order("Адрес: #REF!; Имя: Loading...").troubles] == [
        ("Имя", True),
        ("Адрес", False),
    ]


@pytest.mark.parametrize(
    "typed",
    ["1 000,000 руб", "1 000,000", "9½,121 000не", "2 000,500 или 3", 1, 0.5, "2000\u200b500", "1500\u2060500"],
)
def test_a_sum_that_may_be_something_else_is_asked_about(typed: Cell) -> None:
    with pytest.raises(Unclear):
        values.money(typed)


@pytest.mark.parametrize(
    "typed",
    ["[ ] выполнена", "[] готово", "≠выполнена", "¬ выполнена", "!выполнена", "-выполнена",
     "выполнена (-)", "~~Выполнена~~", "В\u0336ы\u0336п\u0336о\u0336л\u0336н\u0336е\u0336н\u0336а\u0336"],
)  # fmt: skip
def test_a_sign_may_take_a_status_back(typed: str) -> None:
    with pytest.raises(Unclear):
        values.status(typed)


def test_a_reader_that_breaks_is_a_trouble_of_its_cell() -> None:
    troubles: list[values.UnclearCell] = []

    def breaks() -> int:
        return int("1000.000")

    assert values.attempt("Цена", breaks, troubles) is None
    assert [trouble.column for trouble in troubles] == ["Цена"]
