"""How long the company is without a leader when the one it has stands still."""

import tempfile
import time
from pathlib import Path

from bench.report import report
from tests.harness.system import System, wait_for

PATIENCE_S = 60


def measure() -> None:
    """Print the figure."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        try:
            system.run("worker", "init")
            for name, event in (("worker", '"poll"'), ("second worker", '"standby"')):
                system.start(name)
                wait_for(lambda: event in system.log(name), name, PATIENCE_S)
            system.freeze("worker")
            began = time.monotonic()
            wait_for(
                lambda: '"poll"' in system.log("second worker"),
                "another to lead",
                PATIENCE_S,
            )
            report("frozen_leader_s", time.monotonic() - began, "s", "<= 15")
            system.thaw("worker")
        finally:
            system.close()
