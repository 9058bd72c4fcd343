"""What the system writes into a row by itself: its own columns and empty cells, nothing that a person typed."""

from decimal import Decimal

import pytest

from record.dispatch.followups import cells_to_follow, explanation, first_cells, is_note, missing
from record.dispatch.model import Master
from record.dispatch.reading import read_order
from record.dispatch.rereading import carried
from record.values import Cell
from tests.record.notation import KIM, PETROV, ROSTER, at, named, order, row

NOW = at(2024, 12, 15, 12)
TODAY = 45641.5


def written(was: str | None, now: str, master: Master | None = PETROV) -> dict[str, Cell]:
    """Return what is written because one state of an order follows another."""
    before = None if was is None else order(was)
    return cells_to_follow(before, carried(before, order(now)), master, Decimal(30), NOW)


def settled(was: str, now: str) -> dict[str, Cell]:
    """Return what is written beside «Проверка»."""
    cells = written(was, now)
    cells.pop("Проверка", None)
    return cells


@pytest.mark.parametrize(
    ("was", "now", "cells"),
    [
        ("Статус: В работе", "Статус: Выполнена", {"Дата выполнения": TODAY}),
        ("Статус: В работе", "Статус: Выполнена; Цена: 2000", {"Комиссия": 600, "Дата выполнения": TODAY}),
        ("Статус: В работе; Цена: 2000", "Статус: В работе; Цена: 1500", {}),
        ("Статус: Выполнена; Дата выполнения: 45641", "Статус: Выполнена; Дата выполнения: 45641; Цена: 999.9",
         {"Комиссия": 299.97}),
        ("Статус: Новая", "Статус: Новая; Цена: 2000", {}),
    ],
)  # fmt: skip
def test_commission_and_date_follow_when_the_work_is_done(was: str, now: str, cells: dict[str, Cell]) -> None:
    assert settled(was, now) == cells


DONE = "Статус: Выполнена; Дата выполнения: 45641"


@pytest.mark.parametrize(
    ("was", "now", "cells"),
    [
        ("Цена: 2000; Комиссия: 600", "Цена: 1000; Комиссия: 600", {"Комиссия": 300}),
        ("Цена: 2000; Комиссия: 600", "Комиссия: 600", {"Комиссия": ""}),
        ("Цена: 2000; Комиссия: 600", "Цена: дорого; Комиссия: 600", {}),
        ("Цена: 2000; Комиссия: 600", "Цена: 2 000 ₽; Комиссия: 600", {}),
        ("Цена: 2000; Комиссия: 600", "Цена: 2000; Комиссия: 500", {}),
        ("Цена: 2000; Комиссия: 500", "Цена: 2000; Комиссия: 500; Имя: Ян", {}),
        ("Цена: 2000; Комиссия: 500", "Цена: 1000; Комиссия: 500", {"Комиссия": 300}),
        ("Цена: 2000; Комиссия: 500", "Комиссия: 500", {"Комиссия": ""}),
        ("Цена: 2000; Комиссия: 600", "Цена: 1000; Комиссия: 250", {}),
        ("Цена: 2000; Комиссия: 600", "Цена: 2000", {}),
        ("Комиссия: 600", "Комиссия: 600; Имя: Ян", {}),
        ("Цена: 2000; Комиссия: 0", "Цена: 2000; Комиссия: 0; Имя: Ян", {}),
    ],
)
def test_commission_follows_the_price_and_what_was_typed_stays_until_then(
    was: str, now: str, cells: dict[str, Cell]
) -> None:
    assert settled(f"{DONE}; {was}", f"{DONE}; {now}") == cells


@pytest.mark.parametrize(
    ("commission", "cells"),
    [
        ("600", {"Комиссия": "", "Дата выполнения": ""}),
        ("500", {"Дата выполнения": ""}),
        ("", {"Дата выполнения": ""}),
    ],
)
@pytest.mark.parametrize("status", ["Новая", "В работе", "Отменена"])
def test_taken_back_from_done(status: str, commission: str, cells: dict[str, Cell]) -> None:
    """What the system had written goes; a commission typed by hand stays."""
    was = f"{DONE}; Цена: 2000; Комиссия: {commission}"
    assert settled(was, f"{was}; Статус: {status}") == cells


@pytest.mark.parametrize(
    ("was", "now", "cells"),
    [
        ("Статус: Новая", "Статус: Новая; Мастер: Ким", {"Статус": "В работе"}),
        ("Статус: Новая; Мастер: Вася", "Статус: Новая; Мастер: Ким", {"Статус": "В работе"}),
        ("Статус: Новая; Мастер: Ким", "Статус: Новая; Мастер: Ким; Имя: Ян", {}),
        ("Статус: В работе; Мастер: Ким", "Статус: В работе", {"Статус": "Новая"}),
        ("Статус: В работе", "Статус: В работе; Имя: Ян", {}),
        ("Статус: В работе; Мастер: Ким", "Статус: Новая; Мастер: Ким", {"Мастер": ""}),
        ("Статус: В работе; Мастер: Ким", "Статус: Новая; Мастер: Петров", {}),
        ("Статус: Отменена; Мастер: Ким", "Статус: Новая; Мастер: Ким", {}),
        ("Статус: Отменена; Мастер: Ким", "Статус: Отменена", {}),
    ],
)
def test_status_and_master_agree_where_a_person_changed_one_of_them(
    was: str, now: str, cells: dict[str, Cell]
) -> None:
    assert settled(was, now) == cells


NO_PHONE = "Заявка не заполнена: нет понятного телефона"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Телефон: 89001234567", "Заявка не заполнена: нет проблемы или категории"),
        ("Имя: Юля", "Заявка не заполнена: нет телефона и проблемы или категории"),
        (
            "Телефон: 12; Категория: Щиты",
            f"{NO_PHONE}. Телефон «12» непонятен: нужны 11 цифр, например +79001234567",
        ),
        (
            "Телефон: 12",
            f"{NO_PHONE} и проблемы или категории. "  # noqa: ISC004  one sentence of the table's row
            "Телефон «12» непонятен: нужны 11 цифр, например +79001234567",
        ),
        ("Телефон: -; Категория: Щиты", "Заявка не заполнена: нет телефона"),
        (
            "Телефон: #REF!; Категория: Щиты",
            f"{NO_PHONE}. Телефон: в ячейке ошибка формулы, впишите номер слитно, например +79001234567",
        ),
    ],
)
def test_what_a_row_typed_by_hand_lacks(typed: str, said: str) -> None:
    assert missing(read_order(row(typed), ROSTER)) == said


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("ID: — ДЕКАБРЬ —", True),
        ("Имя: *** январь ***", True),
        ("Проблема: ————————", True),
        ("Мастер: Итого:; Цена: 45000", True),
        ("Проблема: ИТОГО за месяц; Цена: 45 000 р", True),
        ("Имя: Всего; Цена: 45000", True),
        ("Имя: Сумма за декабрь; Проблема: 45000", True),
        ("Имя: Всего по мастерам; Статус: 12", True),
        ("Имя: Total; Проблема: 45000", True),
        ("Проблема: Всего одна розетка", False),
        ("Статус: Итого:; Цена: 45000; Проверка: Заявка не заполнена", True),
        ("Цена: 45000", True),
        ("Комментарий: с 31 по 2 не работаем", True),
        ("Дата: цены подняли", True),
        ("Мастер: Ким болеет", True),
        ("Имя: Юля", False),
        ("Телефон: 12", False),
        ("Телефон: 12; Комментарий: Итого 500", False),
        ("Проблема: Всего одна розетка не работает", False),
        ("Адрес: Невского 47", False),
        ("Статус: Выполнена; Цена: 2000", False),
    ],
)
def test_headings_totals_and_notes_are_no_orders(typed: str, *, note: bool) -> None:
    """Of a row that is plainly no order «Проверка» says nothing; of what may be one, it says what is missing."""
    assert is_note(named(typed)) is note


@pytest.mark.parametrize(
    ("now", "cells"),
    [
        ("Статус: Выполнена; Цена: 2000; Комиссия: ?", {"Дата выполнения": TODAY}),
        ("Статус: Выполнена; Цена: 2000; Дата выполнения: вечером", {"Комиссия": 600}),
    ],
)
def test_what_a_person_typed_stays_also_where_it_is_unclear(now: str, cells: dict[str, Cell]) -> None:
    written_cells = written("Статус: В работе", now)
    assert written_cells.pop("Проверка")
    assert written_cells == cells


def test_work_done_before_is_not_dated_today_nor_counted_again() -> None:
    assert written("Статус: Выполнена; Цена: 2000", "Статус: Выполнена; Цена: 2000; Имя: Ян") == {}


def test_a_date_typed_in_the_same_moment_stays() -> None:
    assert settled("Статус: В работе", "Статус: Выполнена; Дата выполнения: 14.12.2024") == {}
    assert settled(DONE, "Статус: В работе; Дата выполнения: 14.12.2024") == {}


def test_the_masters_own_percent() -> None:
    assert written(DONE, f"{DONE}; Цена: 2000", KIM) == {"Комиссия": 400}
    assert written(DONE, f"{DONE}; Цена: 2000", None) == {"Комиссия": 600}


@pytest.mark.parametrize(
    ("now", "cells"),
    [
        ("Статус: Новая", {}),
        ("Статус: Выполнена; Цена: 2000", {"Комиссия": 600, "Дата выполнения": TODAY}),
        ("Статус: Выполнена; Цена: 2000; Комиссия: 100; Дата выполнения: 1.12.2024", {}),
        ("Статус: дубль", {"Проверка": explanation(order("Статус: дубль"))}),
    ],
)  # fmt: skip
def test_an_order_that_appears_as_it_was_typed_gets_what_it_lacks(now: str, cells: dict[str, Cell]) -> None:
    assert written(None, now) == cells


def test_what_is_unclear_is_explained_and_clears_by_itself() -> None:
    said = "Цена «дорого» — не число: напишите, например, 2000"
    assert written("", "Цена: дорого") == {"Проверка": said}
    assert written("", f"Цена: дорого; Проверка: {said}") == {}
    assert written("Цена: дорого", f"Цена: 2000; Проверка: {said}") == {"Проверка": ""}
    assert written("", "Проверка: что угодно") == {"Проверка": "", "Комментарий": "что угодно"}


def test_several_troubles_are_said_in_one_cell_of_bounded_length() -> None:
    both = explanation(order("Цена: дорого; Дата: завтра"))
    assert both.count("«") == 2
    assert both.startswith("Дата «завтра» непонятна")
    assert ". Цена «дорого»" in both
    bad = "й" * 100
    many = "; ".join(f"{c}: {bad}" for c in ("Дата", "Телефон", "Статус", "Мастер", "Цена", "Комиссия"))
    assert len(explanation(order(f"{many}; Дата выполнения: {bad}"))) == 500
    assert explanation(order(f"{many}; Дата выполнения: {bad}")).endswith("…")


@pytest.mark.parametrize(
    ("typed", "master_id", "given"),
    [
        ("", "", {"Дата": TODAY, "Источник": "phone", "Статус": "Новая"}),
        ("Дата: 1.12.2024; Источник: direct; Статус: новый", "", {}),
        ("Статус:  ", "", {"Дата": TODAY, "Источник": "phone", "Статус": "Новая"}),
        ("Мастер: Ким", "2", {"Дата": TODAY, "Источник": "phone", "Статус": "В работе"}),
        ("Мастер: Вася", "", {"Дата": TODAY, "Источник": "phone", "Статус": "Новая"}),
        ("Мастер: —", "", {"Дата": TODAY, "Источник": "phone", "Статус": "Новая"}),
        ("Мастер: Ким; Статус: Выполнена", "2", {"Дата": TODAY, "Источник": "phone"}),
    ],
)
def test_a_row_typed_by_hand_is_given_what_is_empty(typed: str, master_id: str, given: dict[str, Cell]) -> None:
    assert first_cells(named(typed), 17, "key", NOW, master_id) == {"ID": 17, "Ключ": "key"} | given
    bare = first_cells(named(typed), 17, "key", None, master_id)
    assert bare == {"ID": 17, "Ключ": "key"}, "nobody knows the past"
