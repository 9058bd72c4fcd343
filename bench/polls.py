"""What a poll costs: requests, processor time against parsing alone, memory with 50,000
orders.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.memory import peak_mb
from bench.report import middle, report
from bench.rows import fill
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.processes import ROOT
from tests.harness.system import System
from worker.poll import Poller

ORDERS, MANY = 10_000, 50_000
TIMES = 15


def measure() -> None:
    """Print the figures of the poll."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        try:
            system.run("worker", "init")
            system.masters((11, "Иван Петров", "+79000000011"))
            fill(system, ORDERS)
            _costs(system)
            fill(system, MANY)
            _many(system)
            _memory(system)
        finally:
            system.close()


def _costs(system: System) -> None:
    os.environ |= system.env
    settings = load_settings()
    store = Store(settings.store.url)
    sheet = Sheet(settings, store)
    poller = Poller(store, sheet, settings)
    poller.poll()
    _requests(system, poller)
    body = sheet.read().body
    idle, changed = [], []
    for number in range(TIMES):  # pair by pair, since the machine's speed drifts
        idle.append(_cpu(poller.poll) / _cpu(lambda: json.loads(body)))
        system.type_cell(ORDERS - number, "Адрес", f"Гагарина {number}")
        changed.append(_cpu(poller.poll) / _cpu(lambda: json.loads(body)))
    _stand_in(sheet)
    report("poll_idle_vs_parse", middle(idle), "ratio", "<= 0.3")
    report("poll_changed_vs_parse", middle(changed), "ratio", "<= 3")
    store.close()


def _stand_in(sheet: Sheet) -> None:
    """Print how long the stand-in of Google takes to answer with 10,000 rows, against
    parsing them.
    """
    ratios = []
    for _ in range(TIMES):
        began = time.perf_counter()
        body = sheet.read().body
        answered = time.perf_counter()
        json.loads(body)
        ratios.append((answered - began) / (time.perf_counter() - answered))
    report("stand_in_read_vs_parse", middle(ratios), "ratio", "<= 4")


def _many(system: System) -> None:
    """Print what one changed row among 50,000 costs."""
    os.environ |= system.env | {
        "NARYAD_STORE__URL": f"sqlite:///{system.folder}/changed.sqlite3"
    }
    settings = load_settings()
    store = Store(settings.store.url)
    sheet = Sheet(settings, store)
    poller = Poller(store, sheet, settings)
    poller.poll()
    body = sheet.read().body
    ratios = []
    for number in range(TIMES // 3):
        system.type_cell(MANY - 1 - number, "Адрес", f"Гагарина {number}")
        ratios.append(_cpu(poller.poll) / _cpu(lambda: json.loads(body)))
    report("diff_50k_one_change_vs_parse", middle(ratios), "ratio", "<= 3")
    store.close()


def _requests(system: System, poller: Poller) -> None:
    before = system.http.get(f"{system.url}/sandbox/requests").json()["sheets_read"]
    for _ in range(TIMES):
        poller.poll()
    after = system.http.get(f"{system.url}/sandbox/requests").json()["sheets_read"]
    report("poll_requests", (after - before) / TIMES, "reads", "<= 1")


def _cpu(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def _memory(system: System) -> None:
    env = {**system.env, "NARYAD_STORE__URL": f"sqlite:///{system.folder}/many.sqlite3"}
    command = [sys.executable, "-m", "bench.polls"]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    report("poll_50k_peak_mb", float(done.stdout), "MB", "<= 400")


def peak_of_polls() -> float:
    """Return the peak memory in MB of this process after a baseline, an idle poll and
    one with everything parsed.
    """
    settings = load_settings()
    store = Store(settings.store.url)
    for _ in range(2):
        poller = Poller(store, Sheet(settings, store), settings)
        poller.poll()
        poller.poll()
    return peak_mb()


if __name__ == "__main__":
    print(peak_of_polls())
