"""What the tests of the store share: races, other processes, notices and orders to put in."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from record.dispatch.notices import Notice
from record.dispatch.reading import read_order
from record.store import Stored, Tx
from tests.harness.processes import ROOT
from tests.record.notation import COMPLETE, ROSTER, row

THREADS = 50


def notice(key: str, recipient: str = "1", kind: str = "order_new") -> Notice:
    """Return a notice to a master."""
    return Notice(key, "master", recipient, kind, "7")


def remember(tx: Tx, *rows: str) -> None:
    """Let the mirror hold these orders."""
    read = [(row(f"{COMPLETE}; {said}"), place) for place, said in enumerate(rows, start=2)]
    tx.orders.put_new([Stored(read_order(cells, ROSTER), cells, place) for cells, place in read])


def other_process(code: str, url: str) -> subprocess.Popen[str]:
    """Start a Python process that has the store open as `store`."""
    program = f"from record.store import Store\nstore = Store({url!r})\n{code}"
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def race(runner: Callable[[int], object]) -> list[object]:
    """Run something in many threads at the same instant and return what each got."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> object:
        gate.wait()
        return runner(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))
