"""What a visitor waits for and loads: pages at 50 requests a second over 10,000 orders,
bytes of a first view.
"""

import csv
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from bench.report import p95, report
from bench.rows import plausible
from record.dispatch.model import Master
from record.dispatch.reading import read_order
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS, SERVICES, WORKSHEETS
from record.store import Store, Stored
from record.values import telegram
from tests.harness.processes import ROOT
from tests.web.browser import chromium
from tests.web.process import Process

ORDERS_COUNT, PER_SECOND, SECONDS, CLIENTS = 10_000, 50, 8, 8
PAGES = {
    "index": "/",
    "catalog": "/catalog.html",
    "track": "/track.html?id=9999&key=key0000000009999",
}


def measure() -> None:
    """Print the figures of the public pages."""
    with tempfile.TemporaryDirectory() as folder:
        site = Process(Path(folder))
        try:
            fill(site.store)
            _pages(site.url)
            report("index_bytes", _first_view(site.url), "bytes", "<= 150000")
        finally:
            site.end()


def fill(store: Store) -> None:
    """Put prices, a master and many orders into a store."""
    columns = WORKSHEETS[ORDERS].columns
    with (ROOT / "worker" / "first" / "services.csv").open(encoding="utf-8") as file:
        prices = [
            row_of(SERVICES, {**row, "Цена": int(row["Цена"])})
            for row in csv.DictReader(file)
        ]
    with store.transaction() as tx:
        tx.lists.put(SERVICES, prices)
        master = Master("1", "Иван Петров", "+79000000011", telegram(11), active=True)
        tx.masters.put(master, row_of(MASTERS, {"ID": 1, "Имя": master.name}), 3)
        roster = tx.masters.roster()
        read = (
            row_of(ORDERS, dict(zip(columns, row, strict=True)))
            for row in plausible(ORDERS_COUNT)
        )
        tx.orders.put_new(
            [
                Stored(read_order(row, roster), row, place)
                for place, row in enumerate(read, 2)
            ]
        )


def _pages(url: str) -> None:
    worst = 0.0
    for name, path in PAGES.items():
        _load(url, path, 1)
        taken = p95(_load(url, path, SECONDS)) * 1000
        worst = max(worst, taken)
        report(f"page_{name}_p95_ms", taken, "ms", "<= 50")
    report("page_p95_ms", worst, "ms", "<= 50")


def _load(url: str, path: str, seconds: int) -> list[float]:
    """Ask for a page at a steady rate; return how long each answer took, counted from
    when it was due.
    """
    taken: list[float] = []
    began = time.monotonic() + 0.1

    def client(number: int) -> None:
        connection = HTTPConnection(url.removeprefix("http://"), timeout=30)
        for turn in range(number, seconds * PER_SECOND, CLIENTS):
            due = began + turn / PER_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            taken.append(time.monotonic() - due)
        connection.close()

    threads = [
        threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _first_view(url: str) -> float:
    """Return the bytes, headers included, that a browser with an empty cache loads for
    the first page.
    """
    sizes: list[float] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on(
            "Network.loadingFinished",
            lambda event: sizes.append(event["encodedDataLength"]),
        )
        page.goto(url, wait_until="networkidle")
        page.context.close()
    return sum(sizes)
