"""How long the company is without a leader when the one it has stands still."""

import tempfile
import time
from pathlib import Path

from bench.report import report
from tests.house import House, wait_for

PATIENCE_S = 60


def measure() -> None:
    """Print the figure."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        try:
            house.run("worker", "init")
            for name, event in (("worker", '"poll"'), ("second worker", '"standby"')):
                house.start(name)
                wait_for(lambda: event in house.log(name), name, PATIENCE_S)
            house.freeze("worker")
            began = time.monotonic()
            wait_for(
                lambda: '"poll"' in house.log("second worker"),
                "another to lead",
                PATIENCE_S,
            )
            report("frozen_leader_s", time.monotonic() - began, "s", "<= 15")
            house.thaw("worker")
        finally:
            house.close()
