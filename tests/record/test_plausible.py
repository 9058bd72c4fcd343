"""What a price is held against, and which one is asked about."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from record.dispatch.model import Order
from record.dispatch.plausible import is_unusual, usual_price
from record.store import Store, Stored
from record.values import Status

NOON = datetime(2026, 5, 1, 12)


@pytest.mark.parametrize(
    ("price", "usual", "asked"),
    [
        (19_999, 2000, False), (20_000, 2000, True), (200, 2000, False), (199, 2000, True), (0, 2000, False),
        (20_000, None, False), (9, None, True), (10, None, False), (2000, 2000, False), (1_000_000, 150_000, False),
    ],
)  # fmt: skip
def test_far_is_ten_times(price: int, usual: int | None, *, asked: bool) -> None:
    assert is_unusual(Decimal(price), Decimal(usual) if usual else None) is asked


def test_few_prices_say_nothing() -> None:
    few, many = [Decimal(500)] * 9, [Decimal(500)] * 10
    assert usual_price(many, [Decimal(9000)] * 50) == 500
    assert usual_price(few, [Decimal(9000)] * 50) == 9000
    assert usual_price(few, few[:2]) is None


def done(number: int, category: str, price: int, status: Status = Status.DONE) -> Stored:
    """Return an order of a category, each one finished an hour after the one before."""
    finished = NOON + timedelta(hours=number)
    order = Order(str(number), category=category, price=Decimal(price), status=status, done=finished)
    return Stored(order, ("",), number + 1)


def test_the_last_hundred_of_a_category_count(store: Store) -> None:
    old = [done(number, "Свет", 100) for number in range(1, 151)]
    lately = [done(number, "Свет", 3000) for number in range(151, 252)]
    never = [done(number, "Свет", 90_000, Status.WORK) for number in range(252, 400)]
    free = [done(number, "Свет", 0) for number in range(400, 500)]
    undated = [Stored(replace(one.order, id=f"x{one.order.id}", done=None), ("",), 1) for one in old]
    few = [done(number, "Щит", 70_000) for number in range(500, 509)]
    with store.transaction() as tx:
        tx.orders.put_new([*undated, *old, *lately, *never, *free, *few])
        assert tx.orders.usual_price("Свет") == 3000
        # nine say too little: all categories count, the latest hundred prices of them
        assert tx.orders.usual_price("Щит") == 3000
        tx.orders.put_new([done(600, "Щит", 70_000)])
        assert tx.orders.usual_price("Щит") == 70_000


def test_works_of_a_day_that_nobody_wrote_down_count_too(store: Store) -> None:
    undated = [Stored(replace(done(number, "Свет", 500).order, done=None), ("",), 1) for number in range(12)]
    with store.transaction() as tx:
        tx.orders.put_new(undated)
        assert tx.orders.usual_price("Свет") == 500
