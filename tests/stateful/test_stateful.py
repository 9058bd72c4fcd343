"""The sheet may be edited by hand in any way, and the system stays right."""

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.harness.random_office import RandomOffice
from tests.stateful.machine import Day, Everything, Failing, Moving, Working

SOAK = int(os.environ.get("NARYAD_SOAK", "0"))
EXAMPLES, STEPS = SOAK or 30, 30
DAYS = [Moving, Working, Failing, Everything]


@pytest.mark.timeout(0)  # a failure is made smaller for minutes
@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.__name__.lower())
def test_all_promises_are_kept_whatever_people_do(day: type[Day], new_office: Callable[[], RandomOffice]) -> None:
    number = random.SystemRandom().randrange(10**9) if SOAK else DAYS.index(day)
    print(f"seed {number}")

    class Seeded(day):  # type: ignore[misc, valid-type]  # mypy wants a base known beforehand
        def __init__(self) -> None:
            super().__init__(new_office())

    run_state_machine_as_test(
        seed(number)(Seeded),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=False,
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow],  # an example is thirty steps of real requests
        ),
    )
