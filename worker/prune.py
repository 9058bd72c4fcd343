"""Keeps the local store from growing for ever.

What is over is forgotten after the days that ``[keep]`` of the settings gives it.
"""

import threading
import time
from typing import Any

from record.settings.sections import Keep
from record.store import Store

DAY_S = 86_400
PAUSE_S = 0.01


class Prune:
    """The job that forgets, one batch at a time.

    Each batch is a short transaction of its own: SQLite lets one write at a time, and
    nobody waits for more than one batch.
    """

    def __init__(
        self, store: Store, keep: Keep, stop: threading.Event | None = None
    ) -> None:
        self._store = store
        self._keep = keep
        self._stop = stop or threading.Event()

    def run(self) -> dict[str, Any]:
        """Delete what is old; return how many rows of which table."""
        now = time.time()
        gone: dict[str, int] = {}
        for name, days in days_kept(self._keep).items():
            count = self._table(name, now - days * DAY_S)
            if count:
                gone[name] = count
        return {**gone, "idle": not gone}

    def _table(self, name: str, before: float) -> int:
        """Delete the old rows of a table, a batch at a time; return how many."""
        gone, last = 0, ()
        while not self._stop.is_set():
            # to look for old rows in a transaction of its own keeps nobody from writing
            with self._store.reading() as tx:
                keys = tx.pruning.old(name, before, last)
            if not keys:
                break
            last = keys[-1]
            with self._store.transaction() as tx:
                gone += tx.pruning.drop(name, before, keys)
            # a writer that waits gets its turn
            self._stop.wait(PAUSE_S)
        return gone


def days_kept(keep: Keep) -> dict[str, int]:
    """Return for how many days each table keeps what is over, in pruning order."""
    return {
        "updates": keep.updates_days,
        "outbox": keep.outbox_days,
        "journal": keep.journal_days,
        "history": keep.history_days,
        "runs": keep.runs_days,
        "forms": keep.forms_days,
        "dialogs": keep.dialogs_days,
        "cards": keep.cards_days,
        "order_files": keep.cards_days,
        "talk_lines": keep.talks_days,
        "talk_messages": keep.talks_days,
        "talks": keep.talks_days,
    }
