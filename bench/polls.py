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
from tests.born import ROOT
from tests.house import House
from worker.poll import Poller

ORDERS, MANY = 10_000, 50_000
TIMES = 15


def measure() -> None:
    """Print the figures of the poll."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        try:
            house.run("worker", "init")
            house.masters((11, "Иван Петров", "+79000000011"))
            fill(house, ORDERS)
            _costs(house)
            fill(house, MANY)
            _many(house)
            _memory(house)
        finally:
            house.close()


def _costs(house: House) -> None:
    os.environ |= house.env
    settings = load_settings()
    store = Store(settings.store.url)
    sheet = Sheet(settings, store)
    poller = Poller(store, sheet, settings)
    poller.poll()
    _requests(house, poller)
    body = sheet.read().body
    idle, changed = [], []
    for number in range(TIMES):  # pair by pair, since the machine's speed drifts
        idle.append(_cpu(poller.poll) / _cpu(lambda: json.loads(body)))
        house.type_cell(ORDERS - number, "Адрес", f"Гагарина {number}")
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


def _many(house: House) -> None:
    """Print what one changed row among 50,000 costs."""
    os.environ |= house.env | {
        "NARYAD_STORE__URL": f"sqlite:///{house.folder}/changed.sqlite3"
    }
    settings = load_settings()
    store = Store(settings.store.url)
    sheet = Sheet(settings, store)
    poller = Poller(store, sheet, settings)
    poller.poll()
    body = sheet.read().body
    ratios = []
    for number in range(TIMES // 3):
        house.type_cell(MANY - 1 - number, "Адрес", f"Гагарина {number}")
        ratios.append(_cpu(poller.poll) / _cpu(lambda: json.loads(body)))
    report("diff_50k_one_change_vs_parse", middle(ratios), "ratio", "<= 3")
    store.close()


def _requests(house: House, poller: Poller) -> None:
    before = house.http.get(f"{house.url}/sandbox/requests").json()["sheets_read"]
    for _ in range(TIMES):
        poller.poll()
    after = house.http.get(f"{house.url}/sandbox/requests").json()["sheets_read"]
    report("poll_requests", (after - before) / TIMES, "reads", "<= 1")


def _cpu(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def _memory(house: House) -> None:
    env = {**house.env, "NARYAD_STORE__URL": f"sqlite:///{house.folder}/many.sqlite3"}
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
