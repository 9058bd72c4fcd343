"""What preparing a spreadsheet costs: write requests of `worker init` on a new one, and
on one that is ready.
"""

import tempfile
from pathlib import Path

from bench.report import report
from tests.harness.system import System


def measure() -> None:
    """Print the figures of `worker init`."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        try:
            report("init_requests", _writes(system), "writes", "<= 3")
            report("init_again_requests", _writes(system), "writes", "<= 0")
        finally:
            system.close()


def _writes(system: System) -> int:
    """Prepare the spreadsheet; return how many write requests it took."""
    before = system.http.get(f"{system.url}/sandbox/requests").json()["sheets_write"]
    done = system.run("worker", "init")
    if done.returncode:
        raise RuntimeError(done.stderr)
    return int(
        system.http.get(f"{system.url}/sandbox/requests").json()["sheets_write"]
        - before
    )
