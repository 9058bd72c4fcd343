"""What preparing a spreadsheet costs: write requests of `worker init` on a new one, and
on one that is ready.
"""

import tempfile
from pathlib import Path

from bench.report import report
from tests.house import House


def measure() -> None:
    """Print the figures of `worker init`."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        try:
            report("init_requests", _writes(house), "writes", "<= 3")
            report("init_again_requests", _writes(house), "writes", "<= 0")
        finally:
            house.close()


def _writes(house: House) -> int:
    """Prepare the spreadsheet; return how many write requests it took."""
    before = house.http.get(f"{house.url}/sandbox/requests").json()["sheets_write"]
    done = house.run("worker", "init")
    if done.returncode:
        raise RuntimeError(done.stderr)
    return int(
        house.http.get(f"{house.url}/sandbox/requests").json()["sheets_write"] - before
    )
