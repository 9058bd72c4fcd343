"""What an open order has lost, and what finished work lacks, is asked for in «Проверка» until it is there."""

from decimal import Decimal

import pytest

from record.dispatch.followups import cells_to_follow
from record.dispatch.lacks import NO_PHONE, NO_PRICE, NO_PROBLEM, NOBODY_DID
from record.dispatch.own_words import own_words
from record.dispatch.reading import read_order
from record.dispatch.rereading import carried
from tests.record.notation import PETROV, ROSTER, at, row

FULL = "ID: 7; Ключ: k7; Телефон: 89001234567; Проблема: Искрит; Категория: Щиты; Мастер: Петров"
OPEN = "ID: 7; Ключ: k7; Телефон: 89001234567; Проблема: Искрит; Категория: Щиты; Статус: Новая"
WORK = f"{FULL}; Статус: В работе"
DONE = f"{FULL}; Статус: Выполнена; Цена: 2000; Дата выполнения: 45641; Комиссия: 600"


def check(was: str, now: str) -> str:
    """Return what «Проверка» says after an edit, and then says on at every edit elsewhere."""
    before, cells = read_order(row(was), ROSTER), f"{was}; {now}"
    stands = read_order(row(was), ROSTER).check
    for comment in ("", "код 12", "код 13"):
        typed = read_order(row(f"{cells}; Комментарий: {comment}"), ROSTER)
        after = carried(before, typed)
        due = cells_to_follow(before, after, PETROV, Decimal(30), at(2024, 12, 15, 12))
        if "Проверка" in due:
            assert not comment, "what is said stays as it is"
            stands = str(due["Проверка"])
            cells += f"; Проверка: {stands}"
        before = carried(before, read_order(row(f"{cells}; Комментарий: {comment}"), ROSTER))
    assert own_words(stands) == ""
    return stands


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (WORK, "Телефон: ", [NO_PHONE]),
        (WORK, "Телефон: —", [NO_PHONE]),
        (WORK, "Проблема: ", [NO_PROBLEM]),
        (WORK, "Телефон: ; Проблема: ; Категория: ", [NO_PHONE, NO_PROBLEM]),
        (WORK, "Категория: ", []),
        (WORK, "Статус: Выполнена", [NO_PRICE]),
        (WORK, "Статус: Выполнена; Цена: 0", []),
        (OPEN, "Статус: Выполнена", []),
        (WORK, "Статус: Выполнена; Мастер: ", [NO_PRICE, NOBODY_DID]),
        (WORK, "Статус: Выполнена; Телефон: ; Цена: 500", []),
        (WORK, "Статус: Отменена; Телефон: ", []),
        (DONE, "Цена: ", [NO_PRICE]),
        (DONE, "Мастер: ", [NOBODY_DID]),
        (DONE, "Адрес: Мира 1", []),
        (f"{DONE}; Цена: ; Мастер: ", "Адрес: Мира 1", []),
    ],
)
def test_what_is_asked(was: str, now: str, said: list[str]) -> None:
    assert check(was, now) == ". ".join(said)


@pytest.mark.parametrize(
    ("was", "lost", "filled"),
    [
        (WORK, f"Телефон: ; Проверка: {NO_PHONE}", "Телефон: 89001234568"),
        (WORK, f"Проблема: ; Проверка: {NO_PROBLEM}", "Проблема: Искрит щит"),
        (DONE, f"Цена: ; Проверка: {NO_PRICE}", "Цена: 1500"),
        (DONE, f"Мастер: ; Проверка: {NOBODY_DID}", "Мастер: Ким"),
        (WORK, f"Телефон: ; Проверка: {NO_PHONE}", "Статус: Отменена"),
    ],
)
def test_it_goes_once_that_is_there(was: str, lost: str, filled: str) -> None:
    assert check(f"{was}; {lost}", filled) == ""


def test_what_cant_be_understood_is_explained_and_not_asked_for() -> None:
    assert check(WORK, "Статус: Выполнена; Цена: дорого").startswith("Цена «дорого» — не число")
    assert "стёрт" not in check(WORK, "Телефон: позже")
