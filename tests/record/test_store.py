"""The local store: what commits together, who wins, what is never given twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from freezegun import freeze_time

from record.errors import StoreError
from record.model import read_master, read_order
from record.notices import Notice
from record.store import Store, Stored, Tx
from record.values import Status
from record.worksheets import MASTERS, ORDERS
from record.writes import Write
from tests.house import ROOT
from tests.record.notation import COMPLETE, ROSTER, named, row

THREADS = 50


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a store that does not exist yet, in a folder that does not either."""
    return f"sqlite:///{tmp_path}/var/store.sqlite3"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    made = Store(url)
    yield made
    made.close()


def notice(key: str, recipient: str = "1", kind: str = "order_new") -> Notice:
    """Return a notice to a master."""
    return Notice(key, "master", recipient, kind, "7")


def remember(tx: Tx, *rows: str) -> None:
    """Let the mirror hold these orders."""
    read = [(row(f"{COMPLETE}; {said}"), place) for place, said in enumerate(rows, start=2)]
    tx.orders.put_new([Stored(read_order(cells, ROSTER), cells, place) for cells, place in read])


def other_process(code: str, url: str) -> subprocess.Popen[str]:
    """Start a Python process that has the store open as `store`."""
    program = f"from record.store import Store\nstore = Store({url!r})\n{code}"
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)


# Transactions


def test_a_transaction_commits_together_or_not_at_all(store: Store) -> None:
    def fails() -> None:
        with store.transaction() as tx:
            tx.journal.add(Write(ORDERS, "set", "7", {"Статус": "В работе"}))
            tx.outbox.add(notice("a"))
            tx.claims.take("7", "1")
            tx.history.add("7", "status", "", "", "staff")
            tx.facts.put("baseline", 1)
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    with store.reading() as tx:
        assert (tx.journal.open(), tx.outbox.due(["master"]), tx.claims.owner("7")) == ([], [], None)
        assert (tx.history.of("7"), tx.facts.get("baseline")) == ([], None)


def test_a_killed_process_leaves_nothing_of_its_transaction(store: Store, url: str) -> None:
    code = """
with store.transaction() as tx:
    tx.claims.take("7", "1")
    print("taken", flush=True)
    import time; time.sleep(60)
"""
    with other_process(code, url) as process:
        assert process.stdout
        assert process.stdout.readline() == "taken\n"
        process.kill()
    with store.transaction() as tx:
        assert tx.claims.take("7", "2")


def test_a_reader_keeps_no_writer_waiting_and_sees_one_moment(store: Store) -> None:
    with store.reading() as view:
        assert view.facts.get("a") is None
        with store.transaction() as tx:
            tx.facts.put("a", 1)
        assert view.facts.get("a") is None
    with store.reading() as view:
        assert view.facts.get("a") == 1


# Races


def race(runner: Callable[[int], object]) -> list[object]:
    """Run something in many threads at the same instant and return what each got."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> object:
        gate.wait()
        return runner(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_of_many_masters_who_press_at_once_one_wins(store: Store) -> None:
    def press(number: int) -> object:
        with store.transaction() as tx:
            return tx.claims.take("7", str(number))

    won = race(press)
    assert won.count(True) == 1
    with store.transaction() as tx:
        assert tx.claims.owner("7") == str(won.index(True))
        assert tx.claims.take("7", str(won.index(True))), "pressing twice changes nothing"


def test_numbers_are_given_once_over_threads_and_processes(store: Store, url: str) -> None:
    code = """
for _ in range(20):
    with store.transaction() as tx:
        print(tx.counters.next("order"), flush=True)
"""

    def take(_: int) -> object:
        with store.transaction() as tx:
            return tx.counters.next("order")

    others = [other_process(code, url) for _ in range(2)]
    mine = race(take)
    theirs = [int(line) for one in others for line in one.communicate()[0].split()]
    assert sorted(map(int, [*map(str, mine), *map(str, theirs)])) == list(range(1, THREADS + 41))


def test_a_counter_only_grows(store: Store) -> None:
    with store.transaction() as tx:
        tx.counters.at_least("order", 41)
        tx.counters.at_least("order", 7)
        assert tx.counters.next("order") == 42


def test_a_form_sent_many_times_at_once_makes_one_order(store: Store) -> None:
    def send(number: int) -> object:
        with store.transaction() as tx:
            return tx.forms.put("form", str(number), f"key{number}")

    first = race(send).index(True)
    with store.reading() as tx:
        assert tx.forms.order("form") == (str(first), f"key{first}")


# The outbox


def test_the_same_notice_is_never_queued_twice(store: Store) -> None:
    def queue(_: int) -> object:
        with store.transaction() as tx:
            return tx.outbox.add(notice("order_new:7:1:1"))

    assert race(queue).count(True) == 1
    with store.transaction() as tx:
        (waiting,) = tx.outbox.due(["master"])
        tx.outbox.end(waiting.id, "sent")
        assert not tx.outbox.add(notice("order_new:7:1:1")), "nor after it was sent"
        assert tx.outbox.due(["master"]) == []


def test_each_recipient_gets_his_notices_in_their_order(store: Store) -> None:
    with store.transaction() as tx:
        for key, recipient in (("a", "1"), ("b", "2"), ("c", "1"), ("d", "2")):
            tx.outbox.add(notice(key, recipient))
        first = tx.outbox.due(["master"])
        assert [one.notice.key for one in first] == ["a", "b", "c", "d"]
        tx.outbox.postpone(first[0].id, 60, "429")
        assert [one.notice.key for one in tx.outbox.due(["master"])] == ["b", "d"], "c waits for a"
        tx.outbox.postpone(first[0].id, 0, "429")
        later = tx.outbox.due(["master"])
        assert [(one.notice.key, one.attempts) for one in later] == [("a", 2), ("b", 0), ("c", 0), ("d", 0)]
        tx.outbox.end(first[0].id, "failed", "blocked")
        assert tx.outbox.results("7")[0][1:] == ("failed", "blocked")
        assert tx.outbox.depth()[0] == 3


def test_a_bot_takes_only_the_notices_of_its_own_people(store: Store) -> None:
    with store.transaction() as tx:
        tx.outbox.add(Notice("a", "client", "501", "done", "7", {"price": "2000"}))
        tx.outbox.add(notice("b"))
        assert [one.notice.key for one in tx.outbox.due(["master", "admin"])] == ["b"]
        (client,) = tx.outbox.due(["client"])
        assert (client.notice.facts, client.notice.order_id) == ({"price": "2000"}, "7")


# The journal and what it shows


def test_a_write_passes_through_its_states(store: Store) -> None:
    with store.transaction() as tx:
        for number in (1, 2, 3):
            tx.journal.add(Write(ORDERS, "set", str(number), {"Статус": "В работе"}, {"Статус": "Новая"}, "master 1"))
        one, two, three = (write.id for write in tx.journal.open())
        assert [write.subject for write in tx.journal.open(limit=2)] == ["1", "2"]

        tx.journal.mark([one], "unclear")
        tx.journal.tried([one], "no answer")
        assert [(write.state, write.attempts) for write in tx.journal.open()] == [
            ("unclear", 1), ("waiting", 0), ("waiting", 0)
        ]  # fmt: skip
        assert tx.journal.depth()[0] == 3

        tx.journal.mark([one], "written")
        tx.journal.mark([two], "refused", "changed by a person")
        tx.journal.mark([three], "parked", "protected cell")
        assert (tx.journal.open(), tx.journal.depth()) == ([], (0, 0.0))
        assert [(write.id, error) for write, error in tx.journal.parked()] == [(three, "protected cell")]
        assert {write.id for write in tx.journal.unechoed()} == {one, three}


def test_a_write_is_echoed_by_a_reading_that_began_after_it(store: Store) -> None:
    with store.transaction() as tx:
        tx.journal.add(Write(ORDERS, "set", "7", {"Статус": "В работе"}))
        (write,) = tx.journal.open()
        before = time.time() - 1
        tx.journal.echo(time.time() + 60)
        assert tx.journal.pending(ORDERS, "7"), "it has not been written yet"
        tx.journal.mark([write.id], "written")
        tx.journal.echo(before)
        assert tx.journal.pending(ORDERS, "7"), "a reading begun earlier can't have seen it"
        tx.journal.echo(time.time() + 1)
        assert tx.journal.pending(ORDERS, "7") == []


def test_an_order_is_shown_as_it_will_stand_once_waiting_writes_are_in_the_sheet(store: Store) -> None:
    with store.transaction() as tx:
        tx.masters.put(read_master(row("ID: 2; Имя: Ким; Активен: да", MASTERS)), row("ID: 2; Имя: Ким", MASTERS), 2)
        remember(tx, "ID: 7; Ключ: k7", "ID: 8; Ключ: k8; Telegram: 501")
        tx.journal.add(Write(ORDERS, "set", "7", named("Статус: В работе; Мастер: Ким")))
        tx.journal.add(Write(ORDERS, "append", "9", named("ID: 9; Имя: Оля; Телефон: 89001234567; Статус: Новая")))
        tx.journal.add(Write(ORDERS, "set", "9", named("Telegram: 501")))

    with store.reading() as tx:
        taken, fresh = tx.orders.get("7"), tx.orders.get("9")
        assert taken
        assert (taken.status, taken.master_id, taken.name) == (Status.WORK, "2", "Юля")
        assert fresh
        assert (fresh.name, fresh.phone, fresh.chat) == ("Оля", "+79001234567", 501)
        assert tx.orders.get("77") is None
        assert [one.id for one in tx.orders.find()] == ["9", "8", "7"]
        assert [one.id for one in tx.orders.find(status=Status.NEW)] == ["9", "8"]
        assert [one.id for one in tx.orders.find(master_id="2")] == ["7"]
        assert [one.id for one in tx.orders.find(chat=501)] == ["9", "8"]
        assert [one.id for one in tx.orders.find(limit=1)] == ["9"]
        stored = tx.orders.stored(["7"])["7"].order
        assert (stored.status, stored.master_id) == (Status.NEW, ""), "the mirror is what was read"


def test_a_refused_write_shows_no_more(store: Store) -> None:
    with store.transaction() as tx:
        remember(tx, "")
        tx.journal.add(Write(ORDERS, "set", "7", named("Статус: В работе")))
        tx.journal.mark([tx.journal.open()[0].id], "refused")
        shown = tx.orders.get("7")
        assert shown
        assert shown.status is Status.NEW


def test_the_mirror_gives_back_exactly_what_it_was_given(store: Store) -> None:
    said = "Статус: дубль; Цена: 0.1; Комиссия: 1999.99; Дата: 15.12.2024 14:30; Telegram: 501; Проблема: 007"
    with store.transaction() as tx:
        remember(tx, said)
    with store.reading() as tx:
        found = tx.orders.stored(["7"])["7"]
    assert found.order == read_order(row(f"{COMPLETE}; {said}"), ROSTER)
    assert found.row == row(f"{COMPLETE}; {said}")
    assert [type(cell) for cell in found.row] == [type(cell) for cell in row(f"{COMPLETE}; {said}")]


# Google's quota


def test_all_together_never_take_more_than_the_minutes_share(store: Store) -> None:
    def take(_: int) -> object:
        with store.transaction() as tx:
            return tx.quota.take("read", 20)

    with freeze_time("2024-12-15 12:00:00") as clock:
        assert race(take).count(0.0) == 20
        assert take(0) == 3.0, "one comes back every three seconds"
        clock.tick(2.9)
        assert take(0) != 0
        clock.tick(0.2)
        assert (take(0), bool(take(0))) == (0.0, True)
        clock.tick(3600)
        assert [take(0) for _ in range(21)].count(0.0) == 20, "what was not used does not add up"


def test_any_minute_long_window_stays_under_twice_the_share(store: Store) -> None:
    """A full bucket and a minute's refill: the share is set so that twice of it is spread, not bunched."""
    taken = 0
    with freeze_time("2024-12-15 12:00:00") as clock:
        for _ in range(600):
            with store.transaction() as tx:
                taken += tx.quota.take("write", 10) == 0.0
            clock.tick(0.1)
    assert taken <= 20


def test_a_bucket_that_google_calls_empty_is_empty(store: Store) -> None:
    with store.transaction() as tx:
        tx.quota.drain("read")
        assert tx.quota.take("read", 60) > 0
        assert tx.quota.take("write", 60) == 0


def test_a_clock_set_back_gives_nothing_away(store: Store) -> None:
    with store.transaction() as tx:
        with freeze_time("2024-12-15 12:00:00"):
            assert [tx.quota.take("read", 5) for _ in range(5)] == [0.0] * 5
        with freeze_time("2024-12-15 11:00:00"):
            assert tx.quota.take("read", 5) > 0


# Locks and bells between processes


def test_a_lock_is_freed_when_its_holder_is_killed(store: Store, url: str) -> None:
    code = """
with store.exclusive("worker"):
    print("held", flush=True)
    import time; time.sleep(60)
"""
    with other_process(code, url) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with store.exclusive("worker", wait=False) as mine:
            assert mine is False
        with store.exclusive("flush", wait=False) as other:
            assert other is True, "locks of other names are free"
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with store.exclusive("worker", wait=False) as mine:
            assert mine is True
    with store.exclusive("worker", wait=False) as again:
        assert again is True, "and it is free after use"


def test_a_ring_from_another_process_is_heard(store: Store, url: str) -> None:
    watch = store.watch("poll")
    code = """
with store.transaction() as tx:
    tx.ring("poll")
"""
    with other_process(code, url):
        assert watch.wait(20)
    assert not watch.wait(0)
    watch.close()


def test_no_ring_between_two_waits_is_missed_and_no_other_bell_wakes(store: Store) -> None:
    watch = store.watch("poll", "outbox")
    for bell, heard in (("poll", True), ("journal", False), ("outbox", True)):
        with store.transaction() as tx:
            tx.ring(bell)
        assert watch.wait(0) == (frozenset({bell}) if heard else frozenset()), bell
    for _ in range(3):
        with store.transaction() as tx:
            tx.ring("poll")
    assert watch.wait(0)
    assert not watch.wait(0), "rings before a wait are one"
    watch.close()


def test_a_ring_of_a_transaction_that_failed_is_not_heard(store: Store) -> None:
    def fails() -> None:
        with store.transaction() as tx:
            tx.ring("poll")
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


# Housekeeping


def test_runs_are_kept_newest_first_and_not_for_ever(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(240):
            tx.runs.add("poll", ok=bool(number % 2), seconds=0.1, facts={"number": number})
        assert [run.facts["number"] for run in tx.runs.last("poll", 2)] == [239, 238]
        assert [run.facts["number"] for run in tx.runs.last("poll", 1, ok=False)] == [238]
        assert len(tx.runs.last("poll", 1000)) <= 120


def test_an_update_is_kept_until_it_is_handled(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.inbox.add("client", 5, {"text": "hi"})
        assert not tx.inbox.add("client", 5, {"text": "hi"})
        tx.inbox.add("master", 5, {})
        tx.inbox.tried("client", 5)
        assert tx.inbox.open("client") == [(5, {"text": "hi"}, 1)]
        tx.inbox.done("client", 5)
        assert tx.inbox.open("client") == []
        assert not tx.inbox.add("client", 5, {"text": "hi"}), "Telegram may send it again"


# What can be wrong with the place


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        ("below a file", "проверьте"),
        ("a folder", "файл не открывается: проверьте путь и права на папку"),
        ("not a database", "это не база Наряда: удалите файл или укажите другой путь, всё восстановится из таблицы"),
    ],
)
def test_an_unusable_place_is_told_in_one_line(tmp_path: Path, spoil: str, hint: str) -> None:
    place = tmp_path / "store.sqlite3"
    if spoil == "a folder":
        place.mkdir()
    else:
        place.write_text("это не база " * 500, encoding="utf-8")
    url = f"sqlite:///{place / 'deep' / 'store.sqlite3' if spoil == 'below a file' else place}"
    with pytest.raises(StoreError) as error:
        Store(url)
    assert str(error.value).startswith(f"Локальная база ({url}): ")
    assert hint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_damaged_file_is_told_in_one_line(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        remember(tx, *[f"ID: {n}; Ключ: k{n}; Проблема: {'очень ' * 300}" for n in range(50)])
    store.close()
    file = tmp_path / "var" / "store.sqlite3"
    with file.open("r+b") as damaged:
        damaged.seek(8192)
        damaged.write(b"\xff" * (file.stat().st_size - 8192))
    with pytest.raises(StoreError, match=r"файл повреждён: остановите Наряд, удалите файл") as error:
        Store(f"sqlite:///{file}")
    assert "\n" not in str(error.value)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(StoreError, match=r"сервер базы не отвечает") as error:
        Store("postgresql+psycopg://naryad:secret@127.0.0.1:1/naryad")
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)
