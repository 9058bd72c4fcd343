"""Several workers: one leads, another takes over however the leader ends, and nothing is announced twice."""

import signal
import time

from tests.harness.databases import server
from tests.harness.machines import Machines
from tests.harness.system import wait_for

TAKEN_OVER_S = 10


def test_pitfall_14_two_workers_run_by_mistake(machines: Machines) -> None:
    """Started in the same instant, as by two machines: one polls, the other waits."""
    machines.start("worker", "second worker")
    wait_for(lambda: bool(standing_by(machines)), "one to stand by")
    (idle,) = standing_by(machines)
    machines.type()
    machines.are_offered(1)
    assert machines.logged(idle, "poll") == []


def test_pitfall_14_another_takes_over_when_the_leader_is_killed(machines: Machines) -> None:
    """An order is typed just before the kill, and one after it."""
    machines.one_leads()
    machines.type()
    machines.waits_for("worker", "row_adopted")
    machines.system.end("worker", signal.SIGKILL)
    killed = time.monotonic()
    machines.waits_for("second worker", "poll")
    assert time.monotonic() - killed < TAKEN_OVER_S
    machines.type(Имя="Ян")
    machines.are_offered(1, 2)


def test_a_leader_that_loses_its_lock_stops_at_once(machines: Machines) -> None:
    """Its connection is ended; both workers are well, so either may lead next, but only one does."""
    machines.one_leads()
    machines.cut_leader()
    machines.waits_for("worker", "leadership_lost")
    machines.type()
    machines.are_offered(1)
    last = {name: [line["event"] for line in machines.events(name)] for name in ("worker", "second worker")}
    leading = [name for name, events in last.items() if leads(events)]
    assert len(leading) == 1, last
    assert [line["level"] for line in machines.logged("worker", "leadership_lost")] == ["warning"]


def test_a_leader_that_was_frozen_does_no_harm_when_it_thaws(machines: Machines) -> None:
    """Its machine stands still long enough for the server to give its lock to another; it does not know."""
    machines.one_leads()
    machines.system.freeze("worker")
    machines.cut_leader()
    machines.waits_for("second worker", "poll")
    machines.type()
    machines.are_offered(1)
    machines.type(Имя="Ян")
    machines.system.thaw("worker")
    machines.waits_for("worker", "leadership_lost")
    machines.are_offered(1, 2)
    machines.waits_for("worker", "standby")


def test_when_the_server_is_restarted_all_goes_on_by_itself(machines: Machines) -> None:
    """All connections end at once, of the worker and of a bot."""
    machines.start("worker", "master")
    machines.type()
    machines.are_offered(1)
    server().cut(machines.system.store_url)
    machines.waits_for("worker", "leadership_lost")
    machines.waits_for("worker", "started", times=2)
    machines.type(Имя="Ян")
    machines.are_offered(1, 2)
    wait_for(lambda: len([text for text in machines.cards(601) if "заявка" in text]) == 2, "both cards")


def standing_by(machines: Machines) -> list[str]:
    """Return the workers that stand by."""
    return [name for name in ("worker", "second worker") if machines.logged(name, "standby")]


def leads(events: list[str]) -> bool:
    """Say whether a worker has begun to lead and not ended it."""
    return events.count("started") > events.count("leadership_lost")
