"""The local store on both databases: what commits together, who wins, what is never given twice, what is shown."""

import pytest
from freezegun import freeze_time

from record.dispatch.notices import Notice
from record.dispatch.reading import read_master, read_order
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from record.store import Store
from record.store.facts import BASELINE, Fact
from record.values import Status, telegram
from record.values.actors import STAFF, Actor
from tests.record.notation import COMPLETE, ROSTER, at, named, row
from tests.record.stores import THREADS, notice, other_process, race, remember

A, SAID = Fact[int]("a"), Fact[str]("a")

# Transactions


def test_a_transaction_commits_together_or_not_at_all(store: Store) -> None:
    def fails() -> None:
        with store.transaction() as tx:
            tx.journal.add(Write(ORDERS, "set", "7", {"Статус": "В работе"}))
            tx.outbox.add(notice("a"))
            tx.claims.take("7", "1")
            tx.history.add("7", "status", "", "", STAFF)
            tx.facts.put(BASELINE, 1.0)
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    with store.reading() as tx:
        assert (tx.journal.open(), tx.outbox.due(["master"]), tx.claims.owner("7")) == ([], [], None)
        assert (tx.history.of("7"), tx.facts.get(BASELINE)) == ([], None)


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
        assert view.facts.get(A) is None
        with store.transaction() as tx:
            tx.facts.put(A, 1)
        assert view.facts.get(A) is None
    with store.reading() as view:
        assert view.facts.get(A) == 1


# Races


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
            tx.journal.add(
                Write(ORDERS, "set", str(number), {"Статус": "В работе"}, {"Статус": "Новая"}, Actor.master("1"))
            )
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


def test_a_write_that_a_poll_has_seen_is_echoed_and_no_other(store: Store) -> None:
    with store.transaction() as tx:
        for status in ("В работе", "Выполнена"):
            tx.journal.add(Write(ORDERS, "set", "7", {"Статус": status}))
        one, two = tx.journal.open()
        tx.journal.mark([one.id, two.id], "written")
        tx.journal.echo([one.id])
        assert [write.id for write in tx.journal.pending(ORDERS, "7")] == [two.id]
        assert [write.id for write in tx.journal.unechoed()] == [two.id]


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
        assert (fresh.name, fresh.phone, fresh.chat) == ("Оля", "+79001234567", telegram(501))
        assert tx.orders.get("77") is None
        assert [one.id for one in tx.orders.find()] == ["9", "8", "7"]
        assert [one.id for one in tx.orders.find(status=Status.NEW)] == ["9", "8"]
        assert [one.id for one in tx.orders.find(master_id="2")] == ["7"]
        assert [one.id for one in tx.orders.find(chat=telegram(501))] == ["9", "8"]
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


def test_all_together_never_take_more_than_may_be_asked_at_once(store: Store) -> None:
    def take(_: int) -> object:
        with store.transaction() as tx:
            return tx.quota.take("write", 20)

    with freeze_time("2024-12-15 12:00:00") as clock:
        assert race(take).count(0.0) == 8, "two fifths of the share"
        assert take(0) == 5.0, "the other twelve come back one every five seconds"
        clock.tick(4.9)
        assert take(0) != 0
        clock.tick(0.2)
        assert (take(0), bool(take(0))) == (0.0, True)
        clock.tick(3600)
        assert [take(0) for _ in range(20)].count(0.0) == 8, "what was not used does not add up"


@pytest.mark.parametrize("kind", ["read", "write"])
@pytest.mark.parametrize("share", [3, 10, 50])
def test_in_no_minute_is_more_asked_than_the_share(store: Store, kind: str, share: int) -> None:
    """Whoever asks as often as he may, after a rest or without one, is within Google's minute wherever it begins."""
    taken: list[float] = []
    with freeze_time("2024-12-15 12:00:00") as clock, store.transaction() as tx:
        for tick in range(4 * 120):
            if not 30 <= tick / 4 < 55 and tx.quota.take(kind, share) == 0.0:
                taken.append(tick / 4)
            clock.tick(0.25)
    assert max(sum(begin <= at < begin + 60 for at in taken) for begin in taken) in (share - 1, share)


def test_what_can_wait_leaves_something_to_what_cannot(store: Store) -> None:
    with store.transaction() as tx, freeze_time("2024-12-15 12:00:00"):
        patient = [tx.quota.take("write", 50, leave=0.5) for _ in range(20)]
        urgent = [tx.quota.take("write", 50) for _ in range(20)]
    assert (patient.count(0.0), urgent.count(0.0)) == (10, 10)


def test_a_bucket_that_google_calls_empty_is_empty(store: Store) -> None:
    with store.transaction() as tx:
        tx.quota.drain("read")
        assert tx.quota.take("read", 60) > 0
        assert tx.quota.take("write", 60) == 0


def test_a_clock_set_back_gives_nothing_away(store: Store) -> None:
    with store.transaction() as tx:
        with freeze_time("2024-12-15 12:00:00"):
            assert [tx.quota.take("read", 20) for _ in range(3)] == [0.0] * 3
        with freeze_time("2024-12-15 11:00:00"):
            assert tx.quota.take("read", 20) > 0


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


def test_what_no_text_may_hold_is_no_error(store: Store) -> None:
    """A stranger asks for it, or types it; PostgreSQL knows no NUL in a text."""
    with store.transaction() as tx:
        tx.history.add("7\0", "status", "", "a\0b", STAFF)
        tx.facts.put(SAID, "b\0c")
    with store.reading() as tx:
        assert tx.orders.get("\0") is None
        assert [event.after in ("a\0b", "a\N{REPLACEMENT CHARACTER}b") for event in tx.history.of("7\0")] == [True]
        assert tx.facts.get(SAID) == "b\0c"


@pytest.mark.parametrize("typed", ["89001234567", "8 900 123-45-67 жена Аня, до шести"])
def test_a_call_is_known_by_its_phone_whatever_stands_beside_it(store: Store, typed: str) -> None:
    with store.transaction() as tx:
        mine, others = f"ID: 7; Телефон: {typed}", "ID: 8; Телефон: 89007654321 муж"
        remember(tx, f"{mine}; Дата: 05.11.2026", f"{others}; Дата: 05.11.2026")
    with store.reading() as tx:
        found = tx.orders.calls(["+79001234567"], at(2026, 11, 4), at(2026, 11, 6))
    assert [(call.id, call.phone) for call in found] == [("7", "+79001234567")]
