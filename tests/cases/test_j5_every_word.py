"""J5: the panel's search finds an order by every word that people read in its row."""

import re

import pytest

from record.dispatch.listing import Wanted
from record.store import Store
from record.values import Cell
from tests.record.test_search import ids, put
from tests.web.staff import Person
from tests.web.visitor import put_order

ROW: dict[str, Cell] = {
    "ID": 125,
    "Дата": 46_000.5,
    "Источник": "phone",
    "Имя": "Ёлкина Марина (кафе «Бриз»)",
    "Телефон": "+79110000201",
    "Категория": "Слаботочка",
    "Проблема": "Заменить счётчик, выбивает АВТОМАТ; домофон/видео",
    "Адрес": "пр-т Ленинский, 12к2, кв. 5",
    "Статус": "Выполнена",
    "Мастер": "Сергей Ким",
    "Цена": 2500,
    "Комиссия": 750,
    "Комментарий": "звонить после 18:00; собака во дворе",
    "Проверка": "Мастера «Сергей Ким» нет в листе «Мастера»",
}
TYPED = (
    "счётчик", "счетчик", "СЧЁТЧИК", "счёт", "чётчи", "автомат", "видео", "домофон", "заменить счётчик",
    "счётчик заменить", "елкина", "Ёлкина", "бриз", "«Бриз»", "(кафе", "ленинский 12к2", "12к2 Ленинский,", "кв. 5",
    "слаботочка", "выполнена", "сергей", "Ким Сергей", "собака", "после 18:00", "телефон", "phone",
    "2500", "2 500", "2 500 ₽", "750", "#125", "№ 125", "125", "нет в листе", "09.12.2025",
    "89110000201", "8 911 000-02-01", "+7 (911) 000 02 01", "9110000201", "000-02-01", "0201", "8911000", "7911",
    "Марина 8 911 000 02 01", "8(911)0000201 Ёлкина", "марина, 02-01", "  счётчик   автомат  ", "счётчик.",
)  # fmt: skip
MISSES = ("розетка", "счётчик розетка", "№ 12", "#1250", "89110000202", "марина 8 911 000 02 02")


@pytest.mark.parametrize("typed", TYPED)
def test_j5_is_found(store: Store, typed: str) -> None:
    put(store, ROW, {"ID": 999, "Проблема": "ничего общего", "Дата": 46_001.5})
    assert "125" in ids(store, Wanted(text=typed))


@pytest.mark.parametrize("typed", MISSES)
def test_j5_is_not_found(store: Store, typed: str) -> None:
    put(store, ROW)
    assert ids(store, Wanted(text=typed)) == []


def test_j5_every_word_of_the_row_and_every_two_of_them(store: Store) -> None:
    put(store, ROW)
    texts = [value for value in ROW.values() if isinstance(value, str)]
    words = re.findall(r"\w{2,}", " ".join(texts))
    for one, other in zip(words, reversed(words), strict=True):
        assert ids(store, Wanted(text=f"{one.swapcase()} {other}")) == ["125"], (one, other)


def test_j5_what_was_changed_or_deleted_is_searched_as_it_is_now(store: Store) -> None:
    put(store, ROW)
    put_order(store, "125", Проблема="Повесить люстру")
    assert (ids(store, Wanted(text="люстру")), ids(store, Wanted(text="счётчик"))) == (["125"], [])
    with store.transaction() as tx:
        tx.orders.drop(["125"])
    assert ids(store, Wanted(text="люстру")) == []


def test_j5_pages_and_filters_hold_for_what_was_found(store: Store) -> None:
    rows: list[dict[str, Cell]] = []
    for n in range(1, 12):
        status = "Отменена" if n % 2 else "Новая"
        rows.append({"ID": n, "Дата": 46_000 + n, "Проблема": "счётчик", "Статус": status})
    put(store, *rows)
    wanted = Wanted(text="счётчик", status="Новая")
    with store.reading() as tx:
        first = tx.search.page(wanted, limit=2)
        second = tx.search.page(wanted, below=first.older, limit=2)
        back = tx.search.page(wanted, above=second.newer, limit=2)
    assert [order.id for order in first.orders] == ["10", "8"]
    assert [order.id for order in second.orders] == ["6", "4"]
    assert (first.total, first.first, second.first, first.newer) == (5, 1, 3, None)
    assert back == first


def test_j5_nothing_found_says_what_to_try(admin: Person, store: Store) -> None:
    put_order(store, "17", Проблема="Заменить счётчик")
    admin.opens("/admin/orders")
    admin.follows(admin.sends("/admin/orders", q="Счетчик"))
    assert "17" in admin.says()
    admin.follows(admin.sends("/admin/orders", q="дирижабль"))
    assert "Таких заявок нет" in admin.says()
