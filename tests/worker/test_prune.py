"""The local store does not grow for ever; and forgetting what is over never makes anybody be told twice."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from freezegun import freeze_time

from record.dispatch.notices import Notice
from record.dispatch.reach import Unreachable
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from record.settings.sections import Keep
from record.store import Store, Tx
from record.store.facts import BACKUP, RESTARTED, Fact, Restart
from record.values import telegram
from record.values.actors import STAFF
from tests.clock import Clock
from tests.harness.office import Office, order, said
from worker.prune import Prune
from worker.restart_notice import announce_restarted_store
from worker.schedule import Timetable

DAY = 86_400
SHORT = Keep(
    history_days=1, outbox_days=1, journal_days=1, updates_days=2, runs_days=1, forms_days=7, dialogs_days=1,
    cards_days=1, talks_days=1,
)  # fmt: skip
MANY = 1200  # more than two batches


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that the test sets."""
    with freeze_time("2024-12-15 12:00:00", auto_tick_seconds=0.01) as frozen:
        yield frozen


@pytest.fixture
def store(office: Office) -> Store:
    """A store that knows the sheet."""
    office.settle()
    return office.store


def rows(store: Store) -> dict[str, int]:
    """Return how many rows the growing tables hold."""
    with store.reading() as tx:
        return tx.metrics.rows()


Fill = Callable[[Tx, int], object]


def sent(tx: Tx, number: int) -> None:
    """Leave a notice that was sent."""
    queued(tx, number)
    tx.outbox.end(number, "sent")


def queued(tx: Tx, number: int) -> None:
    """Leave a notice that waits."""
    tx.outbox.add(Notice(f"k{number}", "client", "501", "done", "9000"))


def handled(tx: Tx, number: int) -> None:
    """Leave an update that was handled."""
    tx.inbox.add("client", number, {"text": "…"})
    tx.inbox.done("client", number)


def written(tx: Tx, number: int) -> None:
    """Leave a write that a poll has seen in the sheet."""
    tx.journal.add(Write(ORDERS, "set", "9000", {"Цена": number}))
    newest = tx.journal.open()[-1].id
    tx.journal.mark([newest], "written")
    tx.journal.echo([newest])


OVER: dict[str, Fill] = {
    "outbox": sent,
    "updates": handled,
    "journal": written,
    "history": lambda tx, number: tx.history.add("9000", "price", "", str(number), STAFF),
}
WAITING: dict[str, Fill] = {
    "outbox": queued,
    "updates": lambda tx, number: tx.inbox.add("client", number, {"text": "…"}),
    "journal": lambda tx, number: tx.journal.add(Write(ORDERS, "set", "9000", {"Цена": number})),
    "history": lambda tx, number: tx.history.add("17", "price", "", str(number), STAFF),
}


@pytest.mark.parametrize("table", OVER)
def test_what_is_long_over_goes_and_what_is_new_stays(clock: Clock, store: Store, table: str) -> None:
    before = rows(store)[table]
    with store.transaction() as tx:
        for number in range(1, MANY):
            OVER[table](tx, number)
    clock.tick(400 * DAY)
    with store.transaction() as tx:
        for number in range(MANY, MANY + 5):
            OVER[table](tx, number)
    done = Prune(store, Keep()).run()
    if table == "history":  # the order has stirred: its whole story stays for a year
        assert table not in done
        clock.tick(400 * DAY)
        assert Prune(store, Keep()).run()[table] == MANY + 3, "the newest row alone stays"
        return
    assert done[table] >= MANY - 1
    assert rows(store)[table] == before - (done[table] - MANY + 1) + 5
    assert Prune(store, Keep()).run() == {"idle": True}


@pytest.mark.parametrize("table", WAITING)
def test_what_waits_is_never_forgotten_however_old(clock: Clock, office: Office, store: Store, table: str) -> None:
    office.paste(order(17))
    office.settle()
    clock.tick(DAY)
    Prune(store, SHORT).run()
    with store.transaction() as tx:
        for number in range(1, 600):
            WAITING[table](tx, number)
    kept = rows(store)[table]
    clock.tick(4000 * DAY)
    assert table not in Prune(store, SHORT).run()
    assert rows(store)[table] == kept


def test_the_small_tables(clock: Clock, office: Office, store: Store) -> None:
    office.paste(order(17), order(18, Статус="Выполнена"), order(19, Статус="Выполнена"))
    office.settle()

    def remember(number: int) -> None:
        with store.transaction() as tx:
            tx.dialogs.put("client", telegram(number), {"step": "name"})
            tx.forms.put(f"form{number}", str(number), "key")
            tx.runs.add("poll", ok=True, seconds=0.1, facts={})
            for order_id in ("17", "18", str(number)):
                tx.cards.put(order_id, f"m{number}", telegram(601), str(number))

    remember(1)
    with store.transaction() as tx:
        tx.forms.put("paid:19:2000", "19", "key")
        tx.forms.put("paid:77:2000", "77", "key")
    clock.tick(200 * DAY)
    with store.transaction() as tx:
        tx.history.add("18", "price", "", "2000", STAFF)
    remember(2)
    done = Prune(store, Keep()).run()
    assert {name: done[name] for name in ("dialogs", "forms", "runs", "cards")} == {
        "dialogs": 1, "forms": 2, "runs": 1, "cards": 1,
    }  # fmt: skip
    with store.reading() as tx:
        assert (tx.dialogs.get("client", telegram(1)), tx.dialogs.get("client", telegram(2))) == (
            {},
            {"step": "name"},
        )
        assert tx.forms.order("form1") is None
        assert tx.forms.order("paid:19:2000"), "his word counts as long as the order stands in the sheet"
        assert tx.cards.holders("17") == ["m1", "m2"], "the order is still on offer"
        assert tx.cards.holders("18") == ["m1", "m2"], "the order has stirred since"
        assert tx.cards.holders("1") == []


def test_nobody_waits_for_it(clock: Clock, store: Store) -> None:
    """Between two batches anybody may write: here the bots do, each time that the job begins another one."""
    with store.transaction() as tx:
        for number in range(1, MANY):
            sent(tx, number)
    clock.tick(400 * DAY)

    class Interrupting(Event):
        turns = 0

        def is_set(self) -> bool:
            with store.transaction() as tx:
                tx.facts.put(Fact("turn"), self.turns)
            self.turns += 1
            return self.turns > 2

        def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  the signature is Event's
            return False

    stop = Interrupting()
    done = Prune(store, Keep(updates_days=36500), stop).run()
    assert stop.turns >= 2
    assert done.get("outbox", 0) <= 500, "told to stop, it stops after the batch in hand"


# Nobody is told twice


def deliver(office: Office) -> list[str]:
    """Send what waits, as the bots do; return it."""
    told = []
    with office.store.transaction() as tx:
        due = tx.outbox.due(["master", "client", "admin"])
    for waiting in due:
        told.append(said(waiting.notice))
        office.actions.sent(waiting, telegram(601), str(1000 + waiting.id))
    office.settle()
    return sorted(told)


def forget(office: Office, clock: Clock) -> None:
    """Let ten years pass, and prune all that may be pruned."""
    clock.tick(3650 * DAY)
    assert not Prune(office.store, SHORT).run()["idle"]
    assert Prune(office.store, SHORT).run() == {"idle": True}


def a_year_of_work(office: Office) -> None:
    """Let orders of every kind come and be told of."""
    office.paste(*(order(number, Оповещены="") for number in range(1, 7)))
    office.settle()
    deliver(office)
    for number, status in ((2, "В работе"), (3, "Выполнена"), (4, "Отменена"), (5, "Выполнена")):
        office.change(number, Статус=status, Мастер="Иван Петров")
    office.change(3, Цена=2000)
    office.settle()
    office.delete(6)
    office.settle()
    deliver(office)
    office.change(1, MASTERS, Активен=False)
    office.settle()
    deliver(office)


def test_after_all_is_forgotten_nobody_is_told_again(clock: Clock, office: Office) -> None:
    with office.store.transaction() as tx:
        tx.masters.set_unreachable("master", telegram(602), Unreachable.BLOCKED)
    a_year_of_work(office)
    forget(office, clock)
    assert office.poll().changes == 0
    office.restart()
    assert office.poll().changes == 0
    office.sort("Имя", "des")
    office.settle()
    assert deliver(office) == []
    office.restart(forget=True)
    office.settle()
    assert deliver(office) == [], "nor when the store is deleted"


def test_an_order_that_comes_back_after_all_is_forgotten_is_known_again(clock: Clock, office: Office) -> None:
    """Staff move finished orders to an archive and back; their clients must not hear of it years later."""
    a_year_of_work(office)
    was = {number: next(row for row in office.rows() if row["ID"] == number) for number in (1, 3, 4)}
    for number in was:
        office.delete(number)
        office.settle()
    deliver(office)
    forget(office, clock)
    office.paste(*was.values())
    office.settle()
    assert deliver(office) == []


def test_a_master_who_begins_is_offered_only_what_nobody_was_told_of(clock: Clock, office: Office) -> None:
    a_year_of_work(office)
    forget(office, clock)
    office.change(1, MASTERS, Активен=True)
    office.settle()
    # his order in work has its master again
    assert deliver(office) == ["admin 900: alarm_over", "master 1: activated"]


def test_what_happens_after_all_is_forgotten_is_told(clock: Clock, office: Office) -> None:
    """Numbers are part of the notices' keys: one that is given again would hold the new notice back."""
    a_year_of_work(office)
    clock.tick(3650 * DAY)
    Prune(office.store, SHORT.model_copy(update={"outbox_days": 36500})).run()
    for active in (True, False, True):
        office.change(1, MASTERS, Активен=active)
        office.settle()
        his = [line for line in deliver(office) if line.startswith("master 1:")]
        assert his == [f"master 1: {'activated' if active else 'deactivated'}"]
    office.change(3, Цена=2500)
    office.settle()
    assert "client 503: price 3" in deliver(office)


def test_an_order_still_on_offer_is_not_offered_again_to_who_was_told(clock: Clock, office: Office) -> None:
    """«Оповещены» may stay empty for long, where the column is protected: only the outbox knows who was told."""
    office.paste(order(1, Оповещены=""))
    office.settle()
    assert sorted(office.told()) == ["master 1: order_new 1", "master 2: order_new 1"]
    clock.tick(3650 * DAY)
    Prune(office.store, SHORT).run()
    for active in (False, True):
        office.change(1, MASTERS, Активен=active)
        office.settle()
    assert office.told() == ["master 1: deactivated", "master 1: activated"]


def test_a_store_begun_anew_is_told_of_once_however_often_the_worker_starts(
    clock: Clock, office: Office, store: Store
) -> None:
    with store.transaction() as tx:
        tx.facts.put(RESTARTED, Restart(at=1.0, why="deleted", aside="", writes=0))
    for told in (1, 0):
        announce_restarted_store(store, office.settings)
        assert len(office.told()) == told
        clock.tick(400 * DAY)
        office.settle()
        Prune(store, SHORT).run()


def test_the_scheduler_prunes_every_hour_and_looks_every_minute_whether_a_copy_is_due(
    clock: Clock, office: Office, store: Store
) -> None:
    with store.transaction() as tx:
        for number in (1, 2):
            handled(tx, number)
    clock.tick(400 * DAY)
    scheduler = BackgroundScheduler()
    Timetable(scheduler, store, store, office.settings, Event()).fill()  # its clock would take an hour
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert (jobs["prune"].trigger.interval.seconds, jobs["backup"].trigger.interval.seconds) == (3600, 60)
    jobs["prune"].func()
    jobs["backup"].func()
    assert rows(store)["updates"] == 0
    with store.reading() as tx:
        assert tx.runs.last("prune", 1)[0].facts["updates"] == 2
        assert "since" in (tx.facts.get(BACKUP) or {})
