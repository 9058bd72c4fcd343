"""What a monitor is told."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from freezegun import freeze_time

from record.dispatch.notices import Notice
from record.store import Store
from record.store.facts import SHEET_PROBLEMS, Beat, alive
from tests.clock import Clock
from tests.web.visitor import NewVisitor, Visitor

ASK = ": запущен ли python -m worker run?"


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that the test sets; a site that is made under it has just been started."""
    with freeze_time() as frozen:
        yield frozen


def poll(store: Store, *, ok: bool = True) -> None:
    """Record that the sheet was read, or could not be."""
    with store.transaction() as tx:
        tx.runs.add("poll", ok=ok, seconds=0.1, facts={})


def queue(store: Store, key: str, recipient: str = "900") -> int:
    """Queue a message; return its number."""
    with store.transaction() as tx:
        tx.outbox.add(Notice(key, "admin", recipient, "alarm"))
        return max((one.id for one in tx.outbox.due(["admin"])), default=0)


def ask(visitor: Visitor) -> tuple[int, list[str]]:
    """Return the answer's status and reasons."""
    answer = visitor.client.get("/healthz")
    assert answer.json is not None
    assert answer.json["healthy"] == (answer.status_code == 200)
    return answer.status_code, answer.json["reasons"]


def test_all_is_well(visitor: Visitor, store: Store) -> None:
    poll(store)
    answer = visitor.client.get("/healthz")
    assert answer.json is not None
    assert list(answer.json) == [
        "healthy", "reasons", "starting", "poll_age_s", "outbox", "outbox_oldest_s", "journal", "journal_oldest_s",
    ]  # fmt: skip
    assert (answer.status_code, answer.json["reasons"], answer.json["outbox"]) == (200, [], 0)


# The last poll


def test_a_fresh_start_may_take_a_moment_to_read_the_sheet(clock: Clock, visitor: Visitor, store: Store) -> None:
    assert ask(visitor) == (200, [])
    answer = visitor.client.get("/healthz").json
    assert answer is not None
    assert (answer["starting"], answer["poll_age_s"]) == (True, None)
    clock.tick(21)
    assert ask(visitor) == (503, ["Таблицу ещё ни разу не прочитали" + ASK])
    poll(store)
    assert ask(visitor) == (200, [])


def test_a_start_after_a_night_off_may_take_a_moment_too(clock: Clock, store: Store, new_visitor: NewVisitor) -> None:
    poll(store)
    clock.tick(8 * 3600)
    visitor = new_visitor()
    assert ask(visitor) == (200, [])
    clock.tick(21)
    assert ask(visitor) == (503, ["Таблицу не читали 8 ч" + ASK])


@pytest.mark.parametrize(("age", "status"), [(15, 200), (16, 503)])
def test_a_poll_older_than_three_intervals(
    clock: Clock, visitor: Visitor, store: Store, age: int, status: int
) -> None:
    clock.tick(3600)
    poll(store)
    clock.tick(age)
    poll(store, ok=False)
    assert ask(visitor) == (status, [] if status == 200 else [f"Таблицу не читали {age} с" + ASK])


def test_a_worker_that_lives_is_not_asked_to_be_started(clock: Clock, visitor: Visitor, store: Store) -> None:
    poll(store)
    clock.tick(600)
    with store.transaction() as tx:
        tx.facts.put(alive("worker"), Beat(at=time.time(), pid=1))
        tx.facts.put(SHEET_PROBLEMS, ["Нет листа «Заявки»"])
    assert ask(visitor) == (503, ["Таблицу не читали 10 мин", "Нет листа «Заявки»"])


# The oldest message


def test_a_message_that_waits_longer_than_a_minute(clock: Clock, visitor: Visitor, store: Store) -> None:
    queue(store, "k")
    for seconds, status in ((60, 200), (1, 503)):
        clock.tick(seconds)
        poll(store)
        assert ask(visitor)[0] == status
    assert ask(visitor)[1] == ["Сообщение ждёт отправки 61 с"]


def test_an_outage_of_telegram_is_seen_though_each_message_is_put_off_again(
    clock: Clock, visitor: Visitor, store: Store
) -> None:
    number = queue(store, "k")
    for _ in range(4):
        with store.transaction() as tx:
            tx.outbox.postpone(number, 30, "Timed out")
        clock.tick(20)
    poll(store)
    assert ask(visitor) == (503, ["Сообщение ждёт отправки 80 с"])


def test_who_telegram_asks_to_leave_in_peace_is_no_trouble_of_ours(
    clock: Clock, visitor: Visitor, store: Store
) -> None:
    number = queue(store, "k", "901")
    queue(store, "behind it", "901")
    with store.transaction() as tx:
        tx.outbox.postpone(number, 600, "Flood control exceeded. Retry in 600 seconds")
    clock.tick(300)
    poll(store)
    assert ask(visitor) == (200, [])
    queue(store, "another's", "902")
    clock.tick(61)
    poll(store)
    assert ask(visitor) == (503, ["Сообщение ждёт отправки 61 с"])


# The whole sheet, the store


def test_a_problem_of_the_whole_sheet(visitor: Visitor, store: Store) -> None:
    poll(store)
    with store.transaction() as tx:
        tx.facts.put(SHEET_PROBLEMS, ["На листе «Заявки» нет столбца «Телефон»", "спросите +79001234567"])
    assert ask(visitor) == (503, ["На листе «Заявки» нет столбца «Телефон»", "спросите ***67"])


@pytest.mark.usefixtures("on_sqlite")
def test_a_store_that_fails(visitor: Visitor, store: Store, tmp_path: Path) -> None:
    poll(store)
    store.close()
    for file in tmp_path.glob("naryad.sqlite3*"):
        file.unlink()
    (tmp_path / "naryad.sqlite3").write_bytes(b"this is not a database" * 100)
    status, [reason] = ask(visitor)
    assert status == 503
    assert "окальной базы" in reason or "Локальная база" in reason
    assert visitor.opens("/track.html?id=1&key=2").status_code == 503
    assert "Сайт ненадолго прилёг" in visitor.page
    assert visitor.opens("/").status_code == 200


def test_a_monitor_may_ask_as_often_as_it_likes(visitor: Visitor, store: Store) -> None:
    poll(store)
    assert {ask(visitor)[0] for _ in range(200)} == {200}
