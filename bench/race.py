"""Fifty masters press «ПРИНЯТЬ» in the same instant, two hundred times: how many win.

They press in five processes of ten threads, more than one bot has, on one store; what a
bot does with a press is `Actions.accept` and nothing else decides it.
"""

import multiprocessing
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.report import report
from record.actions.orders import Actions
from record.dispatch.reading import read_master, read_order
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS
from record.settings import load_settings
from record.store import Store
from record.store.facts import BASELINE
from record.values import Cell

RACES, PROCESSES, THREADS = 200, 5, 10
MASTER_COUNT = PROCESSES * THREADS


def measure() -> None:
    """Print the most and the fewest winners of a race."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.sqlite3"
        store = Store(url)
        _prepare(store)
        winners = _race(url)
        with store.reading() as tx:
            owners = [tx.claims.owner(str(order)) for order in range(1, RACES + 1)]
        store.close()
    report("accept_race_winners", max(winners), "winners", "1")
    report("accept_race_winners_fewest", min(winners), "winners", "1")
    report(
        "accept_race_orders_without_owner",
        sum(not owner for owner in owners),
        "orders",
        "0",
    )


def _prepare(store: Store) -> None:
    with store.transaction() as tx:
        tx.facts.put(BASELINE, 1.0)
        for number in range(1, MASTER_COUNT + 1):
            given: dict[str, Cell] = {
                "ID": number,
                "Имя": f"Мастер Номер{number}",
                "Telegram": str(number),
                "Активен": True,
            }
            row = row_of(MASTERS, given)
            tx.masters.put(read_master(row), row, number + 1)
        roster = tx.masters.roster()
        for number in range(1, RACES + 1):
            row = row_of(
                ORDERS,
                {
                    "ID": number,
                    "Проблема": "Свет",
                    "Телефон": "+79001234567",
                    "Статус": "Новая",
                },
            )
            tx.orders.put(read_order(row, roster), row, number + 1)


def _race(url: str) -> list[int]:
    """Let all press for each order in turn; return how many won each."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(MASTER_COUNT)
    results = context.Queue()
    pressing = [
        context.Process(target=_press, args=(url, part, start, results))
        for part in range(PROCESSES)
    ]
    for process in pressing:
        process.start()
    won = [results.get(timeout=900) for _ in range(MASTER_COUNT)]
    for process in pressing:
        process.join()
    return [sum(mine[race] for mine in won) for race in range(RACES)]


def _press(url: str, part: int, start: Any, results: Any) -> None:
    """Be ten of the masters, each pressing as soon as all are ready."""
    store = Store(url)
    settings = load_settings(str(Path(__file__).parent.parent / "config.toml"))

    def one(thread: int) -> list[bool]:
        actions, master = Actions(store, settings), str(part * THREADS + thread + 1)
        won = []
        for order in range(1, RACES + 1):
            start.wait()
            won.append(actions.accept(str(order), master).refusal == "")
        return won

    with ThreadPoolExecutor(THREADS) as pool:
        for mine in pool.map(one, range(THREADS)):
            results.put(mine)
    store.close()
