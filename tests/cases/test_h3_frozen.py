"""H3: a leader that stands still is replaced within 15 s, and finds out before it acts when it goes on."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bots.watchdog import Watchdog
from record.actions.client_acts import Draft
from record.actions.orders import Actions
from record.grid.worksheets import ORDERS
from record.settings import load_settings
from record.store import Store
from record.store.facts import Beat, Fact, alive
from tests.harness.databases import databases
from tests.harness.machines import Machines
from tests.harness.system import HANG_S, System, wait_for
from tests.machines.conftest import _company
from tests.record.stores import other_process

TAKEN_OVER_S = 15
HOLDING = """
with store.exclusive("worker"), store.exclusive("flush"):
    print("held", flush=True)
    import time; time.sleep(120)
"""

WRITING = """
from record.store.facts import Fact
with store.exclusive("worker"), store.transaction() as tx:
    tx.facts.put(Fact("half"), 1)
    print("held", flush=True)
    import time; time.sleep(120)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def machines(request: pytest.FixtureRequest, open_system: Callable[..., System]) -> Iterator[Machines]:
    """A company on either kind of store."""
    with databases.of_kind(request.param):
        made = _company(open_system)
    yield made
    made.close()


def frozen(machines: Machines) -> float:
    """Let the leader stand still until the other one has polled; return how long that took."""
    machines.system.freeze("worker")
    began = time.monotonic()
    machines.waits_for("second worker", "poll")
    return time.monotonic() - began


def finds_out(machines: Machines) -> None:
    """Let the old leader go on; with SQLite it was killed where it had stood still in the midst of a commit."""
    machines.system.thaw("worker")

    def knows() -> bool:
        return bool(machines.logged("worker", "leadership_lost")) or not machines.system.lives("worker")

    wait_for(knows, "the old leader to find out")


def test_h3_another_leads_while_the_leader_stands_still(machines: Machines) -> None:
    machines.one_leads()
    machines.waits_for("worker", "poll")
    assert frozen(machines) < TAKEN_OVER_S
    with machines.store.reading() as tx:
        told = [one.notice.facts["text"] for one in tx.outbox.due(["admin"]) if one.notice.kind == "alarm"]
    assert [text for text in told if "не подаёт признаков жизни" in text]
    machines.type()
    machines.are_offered(1)
    finds_out(machines)
    machines.type(Имя="Ян")
    machines.are_offered(1, 2)
    polls = len(machines.logged("worker", "poll"))
    machines.polled()
    assert len(machines.logged("worker", "poll")) == polls, "it stands by, or has ended"


def test_h3_a_leader_that_stands_still_in_the_midst_of_a_write(machines: Machines) -> None:
    """Its request is on its way to Google, and takes effect while nobody hears the answer."""
    machines.one_leads()
    machines.waits_for("worker", "poll")
    system = machines.system
    fault = {"api": "sheets", "path": ":batchUpdate", "times": 1, "delay_s": 3}
    system.http.post(f"{system.url}/sandbox/faults", json=fault).raise_for_status()
    placed = Actions(machines.store, load_settings()).place_order(
        Draft("Аня", "+79001234567", "Мира 1", "Искрит", source="website")
    )

    def on_its_way() -> bool:
        if system.http.get(f"{system.url}/sandbox/faults").json():
            return False  # it has not come to Google yet
        with machines.store.reading() as tx:
            return any(write.state == "unclear" for write in tx.journal.unechoed())

    wait_for(on_its_way, "the request to be on its way")
    assert frozen(machines) < TAKEN_OVER_S
    machines.are_offered(int(placed.id))
    finds_out(machines)
    machines.polled()
    assert [row["ID"] for row in system.rows(ORDERS)] == [int(placed.id)]
    machines.are_offered(int(placed.id))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_h3_locks_of_whoever_stands_still_can_be_had(tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    with databases.of_kind(kind):
        url = databases.url(tmp_path_factory.mktemp("store"), "store.sqlite3")
    store = Store(url)
    with other_process(HOLDING, url) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == "held\n"
            assert not free(store, "worker")
            holder.send_signal(signal.SIGSTOP)
            wait_for(lambda: free(store, "worker"), "the lock to be taken away", TAKEN_OVER_S)
            with store.exclusive("flush") as lock:
                assert lock
                assert lock.holds()
        finally:
            holder.kill()
    store.close()


def test_h3_whoever_stands_still_in_a_commit_keeps_nobody_from_writing(tmp_path: Path) -> None:
    """SQLite lets one process write, and takes that from nobody; so he is ended."""
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    store = Store(url)
    with other_process(WRITING, url) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == "held\n"
            holder.send_signal(signal.SIGSTOP)
            wait_for(lambda: free(store, "worker"), "the lock to be taken away", TAKEN_OVER_S)
            with store.transaction() as tx:
                assert tx.facts.get(Fact[int]("half")) is None
                tx.facts.put(Fact("whole"), 1)
            assert holder.wait(HANG_S) == -signal.SIGKILL
        finally:
            holder.kill()
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_h3_a_holder_that_lives_keeps_its_lock(tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    with databases.of_kind(kind):
        url = databases.url(tmp_path_factory.mktemp("store"), "store.sqlite3")
    store = Store(url)
    with other_process(HOLDING, url) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == "held\n"
            ends = time.monotonic() + 11
            while time.monotonic() < ends:  # longer than a holder may be silent
                assert not free(store, "worker")
                time.sleep(0.3)
        finally:
            holder.kill()
    store.close()


def free(store: Store, name: str) -> bool:
    """Say whether a lock can be had."""
    with store.exclusive(name, wait=False) as lock:
        return lock is not None


def test_h3_a_company_without_any_leader_is_told_to_the_admin(tmp_path: Path) -> None:
    """Nobody takes over; the worker can't say it, so the master bot does, once, and its end once."""
    store, settings = Store(f"sqlite:///{tmp_path}/store.sqlite3"), load_settings()
    dog = Watchdog(store, settings)

    def beat(ago: float) -> None:
        with store.transaction() as tx:
            tx.facts.put(alive("worker"), Beat(at=time.time() - ago, pid=1))

    def told() -> list[str]:
        asyncio.run(dog.look())
        with store.transaction() as tx:
            due = tx.outbox.due(["admin"])
            for one in due:
                tx.outbox.end(one.id, "sent")
        return [one.notice.kind for one in due]

    assert told() == [], "who never was is not missed"
    beat(60)
    assert told() == []
    beat(120)
    assert (told(), told()) == (["alarm"], [])
    beat(1)
    assert (told(), told()) == (["alarm_over"], [])
    store.close()
