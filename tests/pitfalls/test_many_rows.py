"""A spreadsheet of many years: what one edit in it costs."""

from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

from bench.memory import peak_mb
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.office import Office, order
from worker.poll import Poller, Report

MANY, LAST = 50_000, 49_999
PEAK_MB = 400


@cache
def poller() -> Poller:
    """Return the poller of this process, to which the environment has told where the spreadsheet is."""
    settings = load_settings()
    store = Store(settings.store.url)
    return Poller(store, Sheet(settings, store), settings)


def poll() -> tuple[Report, float]:
    """Poll; return what was found, and the most memory in MB that this process ever had."""
    report = poller().poll()
    return report, peak_mb()


def apart() -> Executor:
    """Return a process of its own for the poller, so that its memory can be told from the tests'."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def finished(number: int) -> list[Any]:
    """Return the row of an order that is long over."""
    price = 500 + number % 40 * 100
    cells = order(number, Статус="Выполнена", Мастер="Иван Петров", Цена=price, Комиссия=price * 0.3)
    cells |= {"Телефон": f"+7911{number:07}", "Дата выполнения": 45641.7, "Категория": "Электрика"}
    return [cells.get(column, "") for column in WORKSHEETS[ORDERS].columns]


def test_pitfall_33_an_edit_at_the_end_of_fifty_thousand_rows(office: Office) -> None:
    tab, edited = office.tab(), LAST - 1
    tab.resize(rows=MANY + 10)
    tab.update([finished(number) for number in range(1, MANY + 1)], "A2", raw=True)
    with apart() as worker:
        assert worker.submit(poll).result()[0].rows == MANY
        assert office.told() == []
        tab.update_cell(LAST, WORKSHEETS[ORDERS].index("Статус") + 1, "Отменена")
        reads, writes = office.requests()
        report, peak = worker.submit(poll).result()
    assert office.requests() == (reads + 1, writes)
    assert (report.rows, report.changes, report.notices) == (MANY, 1, 2)
    assert office.history(edited) == ["status"]
    assert office.told() == [f"client {500 + edited}: withdrawn {edited}", f"master 1: withdrawn {edited}"]
    assert peak < PEAK_MB
