"""Tells the admin that nobody leads.

A worker that is down or stands still can't say it itself, so the bot does.
"""

import asyncio
import contextlib
import time

from record.errors import NaryadError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store
from record.store.facts import alive
from record.watch.alerts import Alerts
from record.watch.health import ASK

log = get_logger(__name__)

LOST_S = 90.0  # longer than a restart or another's taking over
LEADER = "leader"
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
            beat = tx.facts.get(alive("worker"))
            alerts = Alerts(tx, self._settings, LEADER)
            stands, reported = LEADER in alerts.standing, alerts.is_reported(LEADER)
        # a sign from the future is as good as none: the clock was set back since
        lost = beat is not None and abs(time.time() - beat["at"]) > LOST_S
        if lost and not reported:
            self._open()
        elif stands and not lost:
            self._close()

    # Another process of this bot may be faster: only what is news is logged.

    def _open(self) -> None:
        with self._store.transaction() as tx:
            alerts = Alerts(tx, self._settings, LEADER)
            news = alerts.open(LEADER, f"{LOST}: {ASK}")
        if news:
            log.warning("leader_lost")

    def _close(self) -> None:
        with self._store.transaction() as tx:
            alerts = Alerts(tx, self._settings, LEADER)
            news = alerts.close([LEADER], BACK)
        if news:
            log.warning("leader_is_back")
