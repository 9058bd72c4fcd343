"""The thread that flushes goes on, whatever happens to one flush."""

from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from record.flush import Flusher
from record.store import Store
from tests.harness.databases import server
from tests.harness.office import Office
from tests.harness.system import wait_for
from tests.worker.flush.writes import accept, rows


def test_a_fault_nobody_foresaw_is_logged_once_and_does_not_end_the_thread(company: Office) -> None:
    """What waits can't be read; once it can, it is written."""
    company.journal(accept(2))
    cells = spoil(company, "5")
    flusher = Flusher(company.store, company.settings)
    with capture_logs() as logs:
        flusher.start()
        wait_for(lambda: logs, "the fault to be logged")
        spoil(company, cells)
        wait_for(lambda: rows(company)[2]["Мастер"], "the write")
        flusher.stop()
    assert [line["event"] for line in logs if line["event"] != "flush"] == ["flush_failed", "flush_recovered"]
    assert logs[0]["exc_info"] is True


def test_a_store_that_is_away_at_first_does_not_end_the_thread(company: Office) -> None:
    """Its server is down while the thread begins to listen."""
    url = server().new()
    store = Store(url)
    flusher = Flusher(store, company.settings)
    with capture_logs() as logs:
        with server().away(url):
            flusher.start()
            wait_for(lambda: logs, "the trouble to be logged")
        wait_for(lambda: logs[1:], "the thread to go on")
        flusher.stop()
    store.close()
    server().drop(url)
    assert [(line["event"], line.get("cause")) for line in logs] == [
        ("flush_failed", "StoreError"), ("flush_recovered", None)
    ]  # fmt: skip
    assert logs[0]["error"].startswith("Локальная база ")


def spoil(company: Office, cells: str) -> str:
    """Let the only write that waits have other cells; return those it had."""
    engine = create_engine(company.settings.store.url)
    with engine.begin() as connection:
        before = connection.execute(
            text("SELECT CAST(cells AS TEXT) FROM journal WHERE state = 'waiting'")
        ).scalar_one()
        connection.execute(text("UPDATE journal SET cells = :cells WHERE state = 'waiting'"), {"cells": cells})
    engine.dispose()
    return str(before)
