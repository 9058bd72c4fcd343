"""E6: a second Naryad with another store refuses to lead a spreadsheet, says who does, and waits."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from record.errors import SheetBroken
from record.grid.worksheets import ORDERS
from record.sheet import Sheet
from record.store import Store
from record.store.facts import BASELINE
from record.watch.presence import ID, KEY, Mark, Watching, read_mark
from tests.harness.office import Office
from tests.harness.staff import CALLER
from tests.harness.system import MASTER_BOT, System, wait_for
from worker.presence import Presence

IVAN = 601


def polls(system: System, name: str) -> int:
    """Return how often a worker has polled."""
    log = system.folder / f"{name}.log"
    return log.read_text(encoding="utf-8").count('"event": "poll"') if log.exists() else 0


def test_e6_a_second_leader_from_another_store_is_refused(open_system: Callable[..., System], tmp_path: Path) -> None:
    system = open_system(NARYAD_SHEETS__MARK_S="1")
    done = system.run("worker", "init")
    assert done.returncode == 0, done.stderr
    system.masters((IVAN, "Иван Петров", "+79000000601"))
    system.start("worker", "master")
    wait_for(lambda: polls(system, "worker"), "the first to lead")
    first, system.folder = system.folder, tmp_path / "other machine"
    system.folder.mkdir()
    system.start("second worker")
    wait_for(lambda: "another_leads" in system.log("second worker"), "the second to find the first")
    wait_for(lambda: "уже ведёт другой Наряд" in system.run("worker", "status").stdout, "status to say so")
    said = system.run("worker", "status")
    assert said.returncode == 1
    assert str(first) in said.stdout.replace("\n", "")
    system.type_row(ORDERS, **CALLER)
    system.hears(MASTER_BOT, IVAN, "🆕")
    other = Store(system.store_url)
    with other.reading() as tx:
        assert not tx.facts.get(BASELINE)
        assert [one.notice.kind for one in tx.outbox.due(["admin", "master"])] == ["alarm"]
    other.close()
    system.end("worker", signal.SIGKILL)

    def leads() -> bool:
        with Store(system.store_url).reading() as tx:
            return tx.facts.get(BASELINE) is not None

    wait_for(leads, "the second to take over")
    wait_for(lambda: system.run("worker", "status").returncode == 0, "all to be well")
    assert len(system.heard(MASTER_BOT, IVAN, "🆕")) == 1


def test_e6_a_store_that_was_deleted_is_no_second_leader(open_system: Callable[..., System]) -> None:
    system = open_system(NARYAD_SHEETS__MARK_S="60")
    done = system.run("worker", "init")
    assert done.returncode == 0, done.stderr
    system.start("worker")
    wait_for(lambda: polls(system, "worker"), "it to lead")
    system.end("worker", signal.SIGKILL)
    system.forget()
    system.start("worker")
    wait_for(lambda: polls(system, "worker"), "it to lead again at once")


def test_e6_of_two_who_begin_in_the_same_instant_one_leads(office: Office) -> None:
    mark = Mark("another store", "elsewhere", "vps-2", "run", 1, time.time())
    where = {"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    made = {"metadataId": ID, "metadataKey": KEY, "metadataValue": mark.text(), **where}
    office.meanwhile({"createDeveloperMetadata": {"developerMetadata": made}})
    presence = Presence(office.store, office.sheet, office.settings)
    with pytest.raises(SheetBroken, match="уже ведёт другой Наряд: компьютер vps-2"):
        presence.need()
    assert presence.only(lambda: {"done": True}) == {"idle": True, "untried": True}


def test_e6_the_mark_costs_a_read_and_a_write_a_beat(office: Office) -> None:
    presence = Presence(office.store, Sheet(office.settings, office.store), office.settings)
    before = office.requests()
    for _ in range(3):
        presence.need()
    assert cost(before, office.requests()) == (1, 1)
    before = office.requests()
    presence.run()
    assert cost(before, office.requests()) == (1, 1)


def cost(before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
    return after[0] - before[0], after[1] - before[1]


# The kind: whose a mark is, by a clock of the test's own

NOW = 1_800_000_000.0


def leads(*looks: tuple[float, Mark | None], known: Mark | None = None, mine: int = 0) -> list[bool]:
    """Return at each look, seconds after the start, whether we may lead; ``mine``: how often we marked it."""
    watching = Watching(Mark("store", "place", "here", "my run", mine), 60.0, known)
    return [watching.stranger(mark, at, NOW + at) is None for at, mark in looks]


def other(beat: int = 7, at: float = NOW) -> Mark:
    """Return the mark of another installation."""
    return Mark("other store", "other place", "there", "his run", beat, at)


def ours(beat: int = 4, run: str = "run before", store: str = "store") -> Mark:
    """Return a mark of this place."""
    return Mark(store, "place", "here", run, beat, NOW)


@pytest.mark.parametrize(
    ("may_lead", "expected"),
    [
        (leads((0, None)), [True]),
        (leads((0, other()), (60, other(8)), (149, other(8))), [False, False, False]),
        (leads((0, other()), (149, other()), (150, other())), [False, False, True]),
        (leads((0, other(at=NOW - 7200))), [True]),
        (leads((0, other(at=NOW + 300))), [False]),  # his clock is ahead
        (leads((0, ours(store="deleted store"))), [True]),
        (leads((0, ours()), known=ours()), [True]),  # a restart
        (leads((0, ours(5)), known=ours()), [True]),  # killed before it was written down
        (leads((0, ours(90)), known=ours()), [False]),  # a copy of a whole machine
        (leads((0, ours(run="his run")), mine=3), [False]),  # somebody took over meanwhile
        (leads((0, ours(3, run="my run")), mine=3), [True]),
    ],
)
def test_e6_whose_a_mark_is(may_lead: list[bool], expected: list[bool]) -> None:
    assert may_lead == expected


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"store": 1}', "1e999"])
def test_e6_what_is_no_mark_is_none(text: str) -> None:
    assert read_mark(text) is None


def test_e6_a_mark_is_read_as_it_was_written() -> None:
    assert read_mark(other().text()) == other()
