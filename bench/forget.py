"""How long it takes to forget a person in a store of 20,000 orders: sheet, store, copies,
free space.
"""

import os
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.report import report
from bench.rows import fill, plausible
from record.actions.forgetting import Forgetting
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.system import System
from worker.backup.backup import on_demand
from worker.forgetting import forget_now
from worker.init import prepare
from worker.poll import Poller

MANY = 20_000


def measure() -> None:
    """Print the time from the command to its proof."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        os.environ.update(system.env)
        try:
            report("forget_s", _seconds(system), "s", "<= 30")
        finally:
            system.close()


def _seconds(system: System) -> float:
    settings = load_settings()
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store)
        prepare(sheet)
        fill(system, MANY)
        Poller(store, sheet, settings).poll()
        on_demand(store, sheet, settings)
        acts = Forgetting(store, settings)
        row = next(iter(plausible(1)))
        phone = str(row[WORKSHEETS[ORDERS].index("Телефон")])
        began = time.perf_counter()
        number = acts.begin(acts.look(phone), "bench")
        if not forget_now(store, sheet, settings, number):
            raise RuntimeError("the person is not forgotten")
        return time.perf_counter() - began
