"""A working day at speed, while each process is killed with kill -9 again and again; then the reckoning.

`make test` kills 20 times, `make soak` 300 times; NARYAD_KILLS and NARYAD_SEED set the number and the seed.
"""

import os
import random
import secrets
from collections import Counter
from collections.abc import Callable

import pytest

from record.failpoints import POINTS
from record.store import Store
from tests.harness.system import System, wait_for
from tests.torture import reckoning, repeats
from tests.torture.people import Day
from tests.torture.shift import REACH, Shift, fates, free_port

KILLS = int(os.environ.get("NARYAD_KILLS", "300" if os.environ.get("NARYAD_SOAK") else "20"))
SEED = int(os.environ.get("NARYAD_SEED", "0")) or secrets.randbelow(10**6) + 1


@pytest.fixture
def company(open_system: Callable[..., System]) -> System:
    """A prepared spreadsheet with three masters; the processes are started by who kills them."""
    made = open_system(
        NARYAD_WEB__PORT=str(free_port()),
        NARYAD_WEB__ORDERS_PER_MINUTE="100000",
        NARYAD_POLLING__STATISTICS_S="2",
        NARYAD_POLLING__WAVE_ORDERS="0",  # a day of orders comes within minutes
        NARYAD_POLLING__WAVE_ROWS="0",
        NARYAD_SHEETS__UNCLEAR_REST_S="0.5",
        SECRET_KEY="a key of the tests",
    )
    made.post("telegram/limits", enabled=False)
    assert made.run("worker", "init").returncode == 0
    reckoning.masters_stand_in_the_sheet(made)
    return made


def test_every_fail_point_is_reached_by_some_process() -> None:
    assert sorted(point for points in REACH.values() for point in points) == sorted(POINTS)


@pytest.mark.timeout(120 + 10 * KILLS)
def test_a_day_of_kills(company: System) -> None:
    """Whoever dies at whatever moment: every order is one row and is offered once, every press counts once."""
    print(f"\nkills {KILLS}, seed {SEED}")
    shift = Shift(company, fates(random.Random(SEED), KILLS))
    day = Day(company, shift.site, lambda: shift.killing, SEED)
    try:
        day.play()
        assert not day.faults + shift.faults
        store = Store(company.store_url)
        wait_for(lambda: reckoning.at_rest(store), "the company to come to rest")
        store.close()
    finally:
        codes = shift.end()
    assert codes == dict.fromkeys(REACH, 0)
    url = company.store_url
    reckoning.all_rows_are_right(day)
    reckoning.all_were_told(day, url)
    reckoning.claims_and_masters_agree(day, url)
    reckoning.the_store_is_sound(url)
    repeats.nothing_marked_was_sent_again(company)
    usual_s = repeats.the_window_is_short(day)
    again = repeats.repeats(day, shift.kills, url)
    _print(day, shift, again, usual_s)
    assert [repeat for repeat in again if repeat.kill is None] == []
    assert all(count <= reckoning.AT_ONCE for count in Counter((one.kill, one.person) for one in again).values())
    assert len(shift.kills) == KILLS
    assert {kill.point for kill in shift.kills} >= set(POINTS)


def _print(day: Day, shift: Shift, again: list[repeats.Repeat], usual_s: float) -> None:
    kinds = Counter("".join(one.partition(" ")[0]) for one in day.ordered)
    print(f"orders {len(day.ordered)} {dict(kinds)}, forms sent again {day.resent}")
    print(f"kills {len(shift.kills)}: {dict(Counter(kill.process for kill in shift.kills))}")
    print(f"told twice in the stated window, usually {usual_s:.2f} s: {len(again)}")
    for one in again:
        when = f"killed {one.kill.point or 'at a random moment'}" if one.kill else "NOT EXPLAINED"
        print(f"  {one.bot} {one.person} «{one.said.splitlines()[0][:40]}» {when}")
