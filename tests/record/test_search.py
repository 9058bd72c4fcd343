"""Lists of orders: in one order for good, found as people search, alike by index and by rule; on both databases."""

import random
from datetime import date, datetime

import pytest

from record.dispatch.listing import Wanted, needles, rank, words
from record.dispatch.model import Order, Roster
from record.dispatch.reading import read_order
from record.grid.overlay import row_of
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Store, Stored
from record.values import Cell


def put(store: Store, *rows: dict[str, Cell]) -> None:
    """Put orders into the mirror."""
    made = [row_of(ORDERS, {"Статус": "Новая", **row}) for row in rows]
    with store.transaction() as tx:
        tx.orders.put_new([Stored(read_order(row, Roster()), row, 2) for row in made])


def dated(count: int) -> list[dict[str, Cell]]:
    """Return orders that came one a day."""
    return [{"ID": number, "Дата": 46_000 + number} for number in range(1, count + 1)]


def ids(store: Store, wanted: Wanted, **page: int) -> list[str]:
    """Return the numbers of a page."""
    with store.reading() as tx:
        return [order.id for order in tx.search.page(wanted, **page).orders]


def test_orders_stand_by_the_moment_they_came_then_by_number() -> None:
    noon = datetime(2026, 11, 22, 12)
    later = datetime(2026, 11, 22, 12, 0, 1)
    order = [Order("7"), Order("9", noon), Order("10", noon), Order("A-5", later), Order("1", datetime(2027, 1, 1))]
    assert sorted(order, key=rank) == order


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("8 (911) 456-78-01", ["89114567801"]),
        ("Юля 8 (911) 456-78-01, Мира", ["89114567801", "юля", "мира"]),
        ("Мира 12 2000", ["мира", "12", "2000"]),
        ("+7 911", ["+7", "911"]),
        ("456-78-01", ["4567801"]),
        ("Мира, 5", ["мира", "5"]),
        ("Тёмная", ["темная"]),
        ("№ 17", ["#17 "]),
        ("", []),
    ],
)
def test_a_phone_is_one_needle_and_words_are_several(typed: str, found: list[str]) -> None:
    assert needles(typed) == found


def test_an_order_is_searched_by_number_phone_name_and_address() -> None:
    order = Order("17", phone="+79001234567", name="Фёдор", address="Невского 47")
    assert words(order) == "#17 79001234567 89001234567 123-45-67 новая федор невского 47 "


WANTED = [
    Wanted(),
    Wanted(status="Новая"),
    Wanted(status="?"),
    Wanted(source="phone"),
    Wanted(unclear=True),
    Wanted(since=date(2025, 12, 10)),
    Wanted(until=date(2025, 12, 10)),
    Wanted(since=date(2025, 12, 9), until=date(2025, 12, 10), status="Новая"),
    Wanted(text="мира"),
    Wanted(text="№ 3"),
    Wanted(text="100%"),
]


@pytest.mark.parametrize("wanted", WANTED)
def test_the_index_and_the_rule_say_the_same(store: Store, wanted: Wanted) -> None:
    put(
        store,
        {"ID": 1, "Дата": 46_000.5, "Источник": "phone", "Адрес": "Мира 3"},
        {"ID": 2, "Дата": 46_001.5, "Статус": "чепуха", "Проверка": "непонятно"},
        {"ID": 3, "Дата": 46_002.5, "Статус": "Отменена", "Имя": "100% клиент"},
        {"ID": 4, "Адрес": "проспект Мира"},
        {"ID": 30, "Дата": 46_003.99},
    )
    with store.reading() as tx:
        everything = tx.orders.find(limit=100)
    expected = sorted((order for order in everything if wanted.matches(order)), key=rank, reverse=True)
    assert ids(store, wanted) == [order.id for order in expected]
    with store.reading() as tx:
        assert [order.id for order in tx.search.all(wanted)] == [order.id for order in expected]


def test_a_page_knows_where_it_stands(store: Store) -> None:
    put(store, *dated(7))
    with store.reading() as tx:
        first = tx.search.page(Wanted(), limit=3)
        second = tx.search.page(Wanted(), below=first.older, limit=3)
        last = tx.search.page(Wanted(), below=second.older, limit=3)
        back = tx.search.page(Wanted(), above=last.newer, limit=3)
    assert [[order.id for order in page.orders] for page in (first, second, last)] == [
        ["7", "6", "5"], ["4", "3", "2"], ["1"],
    ]  # fmt: skip
    assert [(page.first, page.total) for page in (first, second, last)] == [(1, 7), (4, 7), (7, 7)]
    assert (first.newer, last.older) == (None, None)
    assert back == second


def test_writes_on_their_way_count_wherever_they_lead(store: Store) -> None:
    put(store, *dated(5))
    with store.transaction() as tx:
        tx.journal.add(Write(ORDERS, "set", "3", {"Статус": "Отменена"}))
        tx.journal.add(Write(ORDERS, "append", "6", {"ID": 6, "Дата": 46_006, "Статус": "Новая"}))
    assert ids(store, Wanted(status="Новая")) == ["6", "5", "4", "2", "1"]
    assert ids(store, Wanted(status="Отменена")) == ["3"]
    assert ids(store, Wanted(), limit=3) == ["6", "5", "4"]
    with store.reading() as tx:
        page = tx.search.page(Wanted(), below=rank(Order("4", datetime(2025, 12, 13))))
        assert [order.id for order in tx.search.all(Wanted())] == ["6", "5", "4", "3", "2", "1"]
    assert (page.first, page.total) == (3, 6) if page.orders[0].id == "4" else (4, 6)


def test_sums_are_by_day(store: Store) -> None:
    put(
        store,
        {"ID": 1, "Дата": 46_000.1, "Источник": "phone"},
        {"ID": 2, "Дата": 46_000.9, "Источник": "phone"},
        {
            "ID": 3,
            "Дата": 46_001.1,
            "Статус": "Выполнена",
            "Дата выполнения": 46_002.5,
            "Цена": 100.5,
            "Комиссия": 30,
        },
        {"ID": 4, "Дата": 46_009.1},
    )
    with store.reading() as tx:
        arrived = tx.search.arrived(date(2025, 12, 9), date(2025, 12, 10))
        (done,) = tx.search.done(date(2025, 12, 9), date(2025, 12, 30))
    assert sorted((line.day.day, line.source, line.orders) for line in arrived) == [(9, "phone", 2), (10, "", 1)]
    assert (done.day.day, done.orders, str(done.turnover), str(done.commission)) == (11, 1, "100.5", "30")


def test_texts_of_any_length_are_listed(store: Store) -> None:
    long = "".join(random.Random(1).choices("абвгдежзийклмнопрстуфхцч", k=5000))
    put(store, {"ID": 1, "Источник": long, "Имя": long, "Адрес": long, "Проверка": long, "Мастер": long})
    assert ids(store, Wanted(source=long[:200])) == ["1"]
    assert ids(store, Wanted(text=long[:30])) == ["1"]
