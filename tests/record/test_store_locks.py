"""Locks, turns and wake-ups between processes, on both databases."""

import threading
from pathlib import Path

import pytest

from record.errors import StoreError
from record.store import Store
from record.store.facts import Fact
from tests.harness.databases import server
from tests.harness.system import wait_for
from tests.record.stores import THREADS, notice, other_process, race

HOLDING = """
with store.exclusive("worker"), store.turn("outbox", "master 1") as mine:
    print(mine, flush=True)
    import time; time.sleep(60)
"""


A = Fact[int]("a")


def free(store: Store, name: str) -> bool:
    """Say whether a lock can be had."""
    with store.exclusive(name, wait=False) as lock:
        return lock is not None


def turn(store: Store, key: str, kind: str = "outbox") -> bool:
    """Say whether somebody's turn can be had."""
    with store.turn(kind, key) as mine:
        return mine


def test_locks_and_turns_are_freed_when_their_holder_is_killed(store: Store, url: str) -> None:
    with other_process(HOLDING, url) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == "True\n"
            assert (free(store, "worker"), free(store, "flush")) == (False, True), "locks of other names are free"
            assert (turn(store, "master 1"), turn(store, "master 2")) == (False, True)
            assert turn(store, "master 1", "inbox")
        finally:
            holder.kill()
        holder.wait()
        wait_for(lambda: free(store, "worker") and turn(store, "master 1"), "both to be free")
    assert (free(store, "worker"), turn(store, "master 1")) == (True, True), "and they are free after use"


def test_a_turn_is_one_threads_alone(store: Store) -> None:
    with store.turn("outbox", "master 1") as mine, store.turn("outbox", "master 2") as other:
        assert (mine, other) == (True, True)
        assert not turn(store, "master 1")
        with store.transaction() as tx:
            assert tx.outbox.add(notice("a")), "whoever has a turn may write, and others too"
    assert turn(store, "master 1")


def test_of_many_who_want_a_turn_at_once_one_has_it(store: Store) -> None:
    """Nobody waits; and over all of them the turn is had by one after another."""
    served: list[int] = []

    def serve(number: int) -> object:
        while number not in served:
            with store.turn("outbox", "master 1") as mine:
                if mine:
                    before = len(served)
                    served.append(number)
                    assert len(served) == before + 1
        return True

    race(serve)
    assert sorted(served) == list(range(THREADS))


# Who leads


def test_a_leader_who_was_replaced_can_write_nothing(store: Store) -> None:
    """He may not know it yet: his lock's connection is lost, or he was frozen for a while."""
    old = store.led()
    with old.transaction() as tx:
        tx.facts.put(A, 1)
    new = store.led()
    with pytest.raises(StoreError, match="ведёт другой"), old.transaction() as tx:
        tx.facts.put(A, 2)
    with new.transaction() as tx:
        assert tx.facts.get(A) == 1
        tx.facts.put(A, 3)
    with store.transaction() as tx:
        assert tx.facts.get(A) == 3, "whoever claims to lead nothing writes as ever"


def test_a_lock_is_known_to_be_lost(store: Store, url: str, tmp_path: Path) -> None:
    """Its connection is ended by the server, its file deleted by somebody who tidies up."""
    with store.exclusive("worker") as lock:
        assert lock
        assert lock.holds()
        if url.startswith("sqlite"):
            (tmp_path / "var" / "store.sqlite3.worker.lock").unlink()
        else:
            server().cut(url)
        assert not lock.holds()
    assert free(store, "worker"), "all works again by itself"


# Wake-ups


def test_a_wake_up_from_another_process_comes(store: Store, url: str) -> None:
    watch = store.watch("poll")
    code = """
with store.transaction() as tx:
    tx.wake("poll")
"""
    with other_process(code, url):
        assert watch.wait(120)
    assert not watch.wait(0)
    watch.close()


def test_no_wake_up_between_two_waits_is_missed_and_no_other_one_comes(store: Store) -> None:
    watch = store.watch("poll", "outbox")
    for name, woken in (("poll", True), ("journal", False), ("outbox", True)):
        with store.transaction() as tx:
            tx.wake(name)
        assert watch.wait(0) == (frozenset({name}) if woken else frozenset()), name
    for _ in range(3):
        with store.transaction() as tx:
            tx.wake("poll")
    assert watch.wait(0)
    assert not watch.wait(0), "wake-ups before a wait are one"
    watch.close()


def test_a_transaction_that_failed_wakes_nobody(store: Store) -> None:
    def fails() -> None:
        with store.transaction() as tx:
            tx.wake("poll")
            raise LookupError

    watch = store.watch("poll")
    with pytest.raises(LookupError):
        fails()
    assert not watch.wait(0)
    watch.close()


def test_waiting_ends_when_it_is_time_to_stop(store: Store) -> None:
    watch, stop = store.watch("poll"), threading.Event()
    stop.set()
    assert not watch.wait(60, stop)
    watch.close()


def test_wake_ups_that_cannot_be_listened_for_are_told_in_one_line() -> None:
    """The server is away; once it is back, whoever asks again hears."""
    url = server().new()
    store = Store(url)
    with server().away(url), pytest.raises(StoreError, match=r"^Локальная база ") as error:
        store.watch("poll")
    assert "\n" not in str(error.value)
    watch = store.watch("poll")
    with store.transaction() as tx:
        tx.wake("poll")
    assert watch.wait(20)
    watch.close()
    store.close()
    server().drop(url)


def test_after_a_lost_connection_all_bells_count_as_rung_and_later_ones_are_heard() -> None:
    """What woke us meanwhile nobody knows; so all that waits is looked through once."""
    url = server().new()
    store = Store(url)
    watch = store.watch("poll", "outbox")
    assert watch.wait(0) == frozenset()
    server().cut(url)
    assert watch.wait(20) == {"poll", "outbox"}
    with store.transaction() as tx:
        tx.wake("outbox")
    assert watch.wait(20) == {"outbox"}
    watch.close()
    store.close()
    server().drop(url)
