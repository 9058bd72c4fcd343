"""One sandbox for each pytest worker; a spreadsheet and a store of its own for every example."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from record.settings import load_settings
from tests.harness.book import Book
from tests.harness.random_office import RandomOffice, prepared
from tests.harness.system import System

SETTINGS = {
    "NARYAD_POLLING__SETTLE_S": "0",
    "NARYAD_POLLING__VANISHED_SHARE": "1",  # a few rows are most rows here
    "NARYAD_SHEETS__READS_PER_MINUTE": "100000",
    "NARYAD_SHEETS__WRITES_PER_MINUTE": "100000",
    "NARYAD_TELEGRAM__ADMIN_CHAT_ID": "900",
}


@pytest.fixture(scope="module")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], RandomOffice]]:
    """Return what opens a new company each time: nothing stands in its sheet, nothing in its store."""
    folder = tmp_path_factory.mktemp("stateful")
    system, patch = System(folder, **SETTINGS), pytest.MonkeyPatch()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in system.env.items():
            environment.setenv(name, value)
        settings = load_settings()
    patch.setattr("tenacity.nap.time", SimpleNamespace(sleep=lambda _seconds: None))  # a read is retried at once
    book, fresh = Book(system.url), prepared(folder)
    yield lambda: RandomOffice(settings, book, fresh)
    book.close()
    patch.undo()
    system.close()
