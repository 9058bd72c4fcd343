"""When a postponed notice is due, whatever the clocks say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from record.dispatch.notices import Notice
from record.store import Store

NOON = datetime(2026, 12, 15, 12, 0, tzinfo=UTC)
HOUR_S = 3600


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with one notice, queued at noon."""
    made = Store(url)
    with freeze_time(NOON), made.transaction() as tx:
        tx.outbox.add(Notice("a", "master", "1", "order_new", "7"))
    yield made
    made.close()


def postpone(store: Store, seconds: float) -> None:
    with store.transaction() as tx:
        (one,) = tx.outbox.heads(["master"])
        tx.outbox.postpone(one.id, seconds, "Flood control exceeded")


def due(store: Store) -> bool:
    with store.reading() as tx:
        return bool(tx.outbox.heads(["master"]))


@pytest.mark.parametrize(("asked_h", "kept_h"), [(2, 2), (23, 23), (100, 24)])
def test_a_chat_rests_as_long_as_telegram_says_but_no_longer_than_a_day(
    store: Store, asked_h: float, kept_h: float
) -> None:
    with freeze_time(NOON) as clock:
        postpone(store, asked_h * HOUR_S)
        clock.tick(timedelta(hours=kept_h, seconds=-1))
        assert not due(store)
        clock.tick(2)
        assert due(store)


def test_it_rests_though_whoever_queued_it_has_a_clock_that_is_ahead(store: Store) -> None:
    with freeze_time(NOON - timedelta(hours=3)) as clock:
        assert due(store), "nobody waits for his clock"
        postpone(store, 600)
        assert not due(store)
        clock.tick(599)
        assert not due(store)
        clock.tick(2)
        assert due(store)


def test_a_clock_that_is_set_back_afterwards_makes_nobody_wait(store: Store) -> None:
    with freeze_time(NOON):
        postpone(store, 600)
    with freeze_time(NOON - timedelta(hours=3)):
        assert due(store)
