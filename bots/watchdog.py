"""Tells the admin that nobody leads: a worker that is down or stands still can't say it itself, so the bot does."""

import asyncio
import contextlib
import time

from record.admin import chat_of
from record.errors import NaryadError
from record.health import ASK
from record.logs import get_logger
from record.notices import Notice
from record.settings import Settings
from record.store import Store

log = get_logger(__name__)

LOST_S = 90.0  # longer than a restart or another's taking over
TOLD = "leader_lost"
LOST = "Таблицу никто не читает больше минуты, заявки из неё не расходятся"
BACK = "✅ Таблицу снова читают"


class Watchdog:
    """Looks at the leader's sign of life; one that never was is not missed."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    async def look(self) -> None:
        """Tell what has changed since the last look, whichever process made that."""
        with contextlib.suppress(NaryadError):  # the next look does
            await asyncio.to_thread(self._look)

    def _look(self) -> None:
        with self._store.reading() as tx:
            beat, told = tx.facts.get("alive.worker"), tx.facts.get(TOLD)
        lost = bool(beat) and abs(time.time() - float(beat["at"])) > LOST_S
        if lost is not bool(told):
            self._tell(lost=lost)

    def _tell(self, *, lost: bool) -> None:
        with self._store.transaction() as tx:
            told = tx.facts.get(TOLD)
            if lost is bool(told):
                return  # another process of this bot was faster
            key, chat = f"leader:{time.time():.3f}", chat_of(tx, self._settings)
            tx.facts.put(TOLD, key if lost else "")
            kind, text = ("alarm", f"{LOST}: {ASK}") if lost else ("alarm_over", BACK)
            ends = {} if lost else {"ends": [told]}
            if chat:
                tx.outbox.add(Notice(key, "admin", str(chat), kind, facts={"text": text, **ends}))
        log.warning("leader_lost" if lost else "leader_is_back")
