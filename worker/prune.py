"""Keeps the local store from growing for ever: what is over is forgotten after the days
that [keep] gives it.
"""

import threading
import time
from typing import Any

from record.settings.sections import Keep
from record.store import Store

DAY_S = 86_400
PAUSE_S = 0.01


class Prune:
    """The job; each batch is a short transaction of its own, so nobody waits for more
    than one of them.
    """

    def __init__(
        self, store: Store, keep: Keep, stop: threading.Event | None = None
    ) -> None:
        self._store = store
        self._keep = keep
        self._stop = stop or threading.Event()

    def run(self) -> dict[str, Any]:
        """Delete what is old; returns how many rows of which table, for the log line."""
        now = time.time()
        gone = {
            name: self._table(name, now - days * DAY_S)
            for name, days in days_kept(self._keep).items()
        }
        found = {name: count for name, count in gone.items() if count}
        return {**found, "idle": not found}

    def _table(self, name: str, before: float) -> int:
        """Look for old rows without keeping anybody from writing, and delete a batch at
        a time.
        """
        gone, last = 0, ()
        while not self._stop.is_set():
            with self._store.reading() as tx:
                keys = tx.pruning.old(name, before, last)
            if not keys:
                break
            last = keys[-1]
            with self._store.transaction() as tx:
                gone += tx.pruning.drop(name, before, keys)
            self._stop.wait(PAUSE_S)
        return gone


def days_kept(keep: Keep) -> dict[str, int]:
    """Return for how many days each table keeps what is over, in the order in which
    they are pruned.
    """
    return {
        "updates": keep.updates_days,
        "outbox": keep.outbox_days,
        "journal": keep.journal_days,
        "history": keep.history_days,
        "runs": keep.runs_days,
        "forms": keep.forms_days,
        "dialogs": keep.dialogs_days,
        "cards": keep.cards_days,
        "talk_lines": keep.talks_days,
        "talk_messages": keep.talks_days,
        "talks": keep.talks_days,
    }
