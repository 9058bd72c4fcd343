"""Yes and no, statuses and categories as people type them."""

import pytest

from record import values
from record.values import Categories, Cell, Status, Unclear

STATUSES = ", ".join(Status)


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
    assert str(unclear.value) == f"Статус «{typed}» непонятен: может быть, «{nearest}»? Бывают: {STATUSES}"


@pytest.mark.parametrize("typed", ["дубль", "TRUE", "???", 0])
def test_a_status_like_none_of_them_is_explained_without_a_guess(typed: Cell) -> None:
    with pytest.raises(Unclear, match=f"^Статус «.+» непонятен: бывают {STATUSES}$"):
        values.status(typed)


def test_a_checkbox_is_no_status() -> None:
    ticked: Cell = True
    with pytest.raises(Unclear, match=f"^Статус: здесь флажок, а бывают {STATUSES}$"):
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
