"""How much memory the worker's parts take on over 10,000 polls, a person editing all
the while.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import report
from bench.rows import fill
from record.flush import Flush
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.processes import ROOT
from tests.harness.system import System
from worker.jobs import Job, Patient, Runner
from worker.poll import Poller, figures
from worker.statistics import StatisticsJob

ORDERS, WARM, POLLS = 300, 500, 10_000
SETTINGS = {
    "NARYAD_SHEETS__READS_PER_MINUTE": "100000",
    "NARYAD_SHEETS__WRITES_PER_MINUTE": "100000",
}


def measure() -> None:
    """Print the growth of a process of its own between its 500th poll and its 10,500th."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder), **SETTINGS)
        try:
            system.run("worker", "init")
            system.masters((11, "Иван Петров", "+79000000011"))
            fill(system, ORDERS)
            report("soak_rss_growth_mb", _growth(system), "MB", "<= 10")
        finally:
            system.close()


def _growth(system: System) -> float:
    command = [sys.executable, "-m", "bench.soak"]
    with subprocess.Popen(
        command, cwd=ROOT, env=system.env, stdout=subprocess.PIPE, text=True
    ) as worker:
        number = 0
        while worker.poll() is None:
            number += 1
            system.type_cell(1 + number % ORDERS, "Цена", 500 + number)
        said = worker.stdout.read() if worker.stdout else ""
        sizes = json.loads(said.splitlines()[-1])
    return float(sizes["end"] - sizes["warm"])


def poll_on_and_on() -> dict[str, float]:
    """Run the worker's jobs one after another for 10,500 polls; return the memory in MB
    once warm and at the end.
    """
    settings = load_settings()
    store = Store(settings.store.url)
    sheet = Sheet(settings, store)
    poller, flush = (
        Poller(store, sheet, settings),
        Patient(Flush(store, sheet, settings)),
    )
    statistics = StatisticsJob(store, sheet, settings)
    runner = Runner(store, sheet, settings)
    sizes: dict[str, float] = {}
    for number in range(WARM + POLLS):
        runner.run(Job("poll", lambda: figures(poller.poll())))
        runner.run(Job("flush", flush.run, every_run=False))
        if number % 3 == 0:
            runner.run(Job("statistics", statistics.run, every_run=False))
        if number == WARM:
            sizes["warm"] = _resident()
    return {**sizes, "end": _resident()}


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    import logging

    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    print(json.dumps(poll_on_and_on()))
