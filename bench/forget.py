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
from record.dispatch.reading import read_order
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store, Stored
from record.values import Cell
from tests.harness.system import System
from worker.backup.file import Copy, Tab, save
from worker.forgetting import forget_now
from worker.init import prepare
from worker.poll import Poller

MANY, FEW = 20_000, 20
MADE = "2026-11-28T03:30:00+02:00"


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
    rows = list(plausible(MANY))
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store)
        prepare(sheet)
        # the sheet holds her order, the store and the copy all of them
        fill(system, FEW)
        Poller(store, sheet, settings).poll()
        with store.transaction() as tx:
            roster = tx.masters.roster()
            known = enumerate(rows[FEW:], FEW + 2)
            others = [
                Stored(read_order(tuple(row), roster), tuple(row), position)
                for position, row in known
            ]
            tx.orders.put_new(others)
        headers: list[Cell] = list(WORKSHEETS[ORDERS].columns)
        tab = Tab(ORDERS, [headers, *rows], {}, [])
        copy = Copy(settings.sheets.spreadsheet_id, "bench", MADE, [tab])
        save(copy, Path(settings.backup.folder) / "2026-11-28.json.gz")
        acts = Forgetting(store, settings)
        phone = str(rows[0][WORKSHEETS[ORDERS].index("Телефон")])
        began = time.perf_counter()
        number = acts.begin(acts.look(phone), "bench")
        if not forget_now(store, sheet, settings, number):
            raise RuntimeError("the person is not forgotten")
        return time.perf_counter() - began
