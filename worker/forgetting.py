"""Brings to its end what was begun about a person: sheet, store, copies, the files' free space."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from record.actions.forgetting import Forgetting, proof
from record.flush import Flush
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.store.forgets import Forget
from record.watch import admin_chat
from worker.backup.forgotten import scrub_copies

log = get_logger(__name__)

FORGET_S = 5
EXPIRE_S = 3600
PATIENCE_S = 90.0
STEP_S = 0.3


class ForgetJob:
    """Ends what was begun, as soon as the sheet holds it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._acts = Forgetting(store, settings)

    def run(self) -> dict[str, Any]:
        """Do what can be done now; return how many were ended."""
        with self._store.reading() as tx:
            acts = tx.forgets.open()
        done = sum(self.step(act) is not None for act in acts)
        return {"ended": done, "idle": not done}

    def step(self, act: Forget) -> Forget | None:
        """Go on with one act; return its proof once it is done, None while it waits."""
        if act.state == "writing" and not self._acts.is_written(act):
            return None
        # whoever is killed here begins again; each step may be done twice
        with self._store.exclusive("forget"):
            if act.state != "compacting":
                self._clean(act)
            self._store.compact()
            return self._acts.finish(act)

    def _clean(self, act: Forget) -> None:
        """Take the person out of the store and of the copies."""
        self._acts.clean_store(act)
        with self._store.reading() as tx:
            kept = tx.keepsakes.take()["forgets"]
            now = tx.forgets.get(act.id) or act
        # each copy holds the proof, and no more of it
        kept = [{**row, "whom": {}, "state": "done"} for row in kept]
        folder = Path(self._settings.backup.folder)
        copies, unread = scrub_copies(folder, act, kept)
        self._acts.let_go(now, copies)
        orders, masters = len(act.orders), len(act.masters)
        log.info(
            "forgotten",
            act=act.id,
            copies=copies,
            unread=len(unread),
            orders=orders,
            masters=masters,
        )


class ExpireJob:
    """Forgets the clients of orders that ended long ago, a few at a time."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._acts = Forgetting(store, settings)

    def run(self) -> dict[str, Any]:
        """Begin with the next few; return how many."""
        days = self._settings.keep.personal_days
        if not days:
            return {"idle": True}
        count = self._acts.expire(days)
        if count:
            self._tell(days)
        return {"orders": count, "idle": not count}

    def _tell(self, days: int) -> None:
        """Let the admin know, once a day."""
        today = datetime.now(self._settings.zone)
        said = (
            f"ℹ️ Стираю личные данные из заявок, которые закончились больше {days} дн. назад (keep.personal_days). "
            "Суммы и статистика остаются"
        )
        alarm = admin_chat.alarm(f"expired:{today:%Y-%m-%d}", said)
        with self._store.transaction() as tx:
            admin_chat.tell(tx, self._settings, alarm)


def forget_now(
    store: Store,
    sheet: Sheet,
    settings: Settings,
    number: int,
    patience_s: float = PATIENCE_S,
) -> str:
    """Carry an act out at once; return its proof, "" where others have to end it later.

    Raises:
        SheetError: Google is away; the act stays, and is ended later.
    """
    job, flush = ForgetJob(store, settings), Flush(store, sheet, settings)
    for _ in _turns(patience_s):
        flush.run()
        with store.reading() as tx:
            act = tx.forgets.get(number)
        if act is None:
            return ""
        if act.state == "done":
            return proof(act, settings.zone)
        if done := job.step(act):
            return proof(done, settings.zone)
    return ""


def _turns(patience_s: float) -> Iterator[None]:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        yield
        time.sleep(STEP_S)
