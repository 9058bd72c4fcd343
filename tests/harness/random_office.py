"""The company's software in this process, made ready in milliseconds: a store copied from a prepared file."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar, cast

from record.actions.orders import Actions
from record.dispatch.notices import Notice
from record.errors import SheetBusy
from record.flush import Flush, Flushed
from record.grid.worksheets import ORDERS
from record.grid.writes import Write, WriteKind
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.values import telegram
from record.values.actors import read_actor
from tests.harness.book import Book
from worker.poll import Poller, Report

T = TypeVar("T")
ENOUGH = 40
SENT_AGAIN = "SELECT cells FROM journal WHERE title = ? AND kind = 'append' AND attempts > 0"


class RandomOffice:
    """Poll, flush, presses and deliveries, each when it is asked for."""

    def __init__(self, settings: Settings, book: Book, fresh: Path) -> None:
        self.file = Path(settings.store.url.removeprefix("sqlite:///"))
        for left in self.file.parent.glob(f"{self.file.name}*"):
            left.unlink()
        shutil.copy(fresh, self.file)
        book.open_new()
        self.book = book
        self.settings = settings
        self.store = Store(settings.store.url)
        self.sheet = Sheet(settings, self.store)
        self.actions = Actions(self.store, settings)
        self.restart()

    def restart(self) -> None:
        """Start the worker anew; what it remembered is only what the store holds."""
        self.poller = Poller(self.store, self.sheet, self.settings)
        self.flusher = Flush(self.store, self.sheet, self.settings)

    def poll(self) -> Report | None:
        """Poll; None where Google was away."""
        return if_google_lets(self.poller.poll)

    def flush(self) -> Flushed | None:
        """Bring all that waits to the sheet; None where Google was away."""
        return if_google_lets(self.flusher.run)

    def deliver(self) -> int:
        """Let Telegram take all that waits to be told; return how much it was."""
        with self.store.reading() as tx:
            due = tx.outbox.due(["master", "client", "admin"])
        for one in due:
            self.actions.sent(one, telegram(600), str(one.id))
        return len(due)

    def recover(self) -> None:
        """Let Google work again, and the quota that a 429 used up be there again."""
        self.book.mend()
        while min(self.sheet.left().values()) < ENOUGH:
            time.sleep(0.002)

    def notices(self) -> list[Notice]:
        """Return all that was ever to be told, oldest first."""
        rows = self._select('SELECT key, "to", recipient, kind, order_id, facts FROM outbox ORDER BY id')
        return [Notice(key, to, who, kind, order, json.loads(facts)) for key, to, who, kind, order, facts in rows]

    def landed(self) -> dict[str, list[Write]]:
        """Return the writes to «Заявки» that reached the sheet, by order, in the order in which they were decided."""
        query = "SELECT subject, cells, seen, by, kind FROM journal WHERE title = ? AND state = 'written' ORDER BY id"
        found: dict[str, list[Write]] = {}
        for subject, cells, seen, by, kind in self._select(query, ORDERS):
            found.setdefault(subject, []).append(
                Write(ORDERS, cast("WriteKind", kind), subject, json.loads(cells), json.loads(seen), read_actor(by))
            )
        return found

    def sent_again(self) -> set[str]:
        """Return the keys of the orders whose row was added again, since the first answer was lost."""
        return {json.loads(cells)["Ключ"] for (cells,) in self._select(SENT_AGAIN, ORDERS)}

    def _select(self, query: str, *values: object) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Leave."""
        self.store.close()


def if_google_lets(act: Callable[[], T]) -> T | None:
    """Return what comes of an act, or None where Google was away."""
    try:
        return act()
    except SheetBusy:
        return None


def prepared(folder: Path) -> Path:
    """Return a store file whose tables have been made."""
    made = folder / "fresh.sqlite3"
    Store(f"sqlite:///{made}").close()
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return made
