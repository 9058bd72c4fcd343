"""Keeps polls and writes from starving each other; tells when writes wait all the same."""

import time
from collections.abc import Callable
from typing import Any

from record.errors import SheetError
from record.settings import Settings
from record.sheet import AFTER_POLLS
from record.store import Store
from record.watch.health import WAITING_S, writes_wait
from worker.alarms import Alarm
from worker.jobs import untried

WAITING_JOB_S = 5.0
# a write that is older than this has gathered all that goes with it
OLD_S = 1.0
# so many reads come back while polls stand aside: two for a flush, and one more than
# they leave to polls
TOKENS = 3


class Paced:
    """Polls as often as Google's quota allows; a write that is due goes first.

    A flush needs a read and a write, and leaves some reads to polls; polls that come
    faster than the quota refills would never let it have that much. So they stand aside
    until it has, for as long as three reads take to come back and no longer: an endless
    stream of writes keeps no poll waiting either.

    APScheduler knows the interval of each job, not two jobs that share one budget.
    """

    def __init__(
        self, store: Store, settings: Settings, poll: Callable[[], dict[str, Any]]
    ) -> None:
        self._store = store
        self._limit = settings.sheets.reads_per_minute
        self._poll = poll
        self._last = float("-inf")

    def run(self) -> dict[str, Any]:
        """Poll, or return that it was not tried.

        Raises:
            SheetError: see :mod:`record.errors`.
        """
        if not self._may():
            return untried()
        self._last = time.monotonic()
        return self._poll()

    def _may(self) -> bool:
        with self._store.reading() as tx:
            quota = tx.quota
            if quota.wait("read", self._limit):
                return False
            longest_s = quota.seconds("read", self._limit, TOKENS)
            leaves = AFTER_POLLS["read"]
            # one read for this poll and one for the flush
            lacks_s = quota.wait("read", self._limit, leaves, requests=2)
            _, oldest_s = tx.journal.depth()
        if not lacks_s or oldest_s < OLD_S:
            return True
        stood_aside_s = time.monotonic() - self._last
        return stood_aside_s >= longest_s


class WaitingJob:
    """Tells once that writes have waited for a minute, whatever keeps them.

    Where a trouble of polling or flushing is told already, it says why they wait.
    """

    def __init__(self, store: Store, alarm: Alarm) -> None:
        self._store = store
        self._alarm = alarm

    def run(self) -> dict[str, Any]:
        """Look how long the oldest write has waited.

        Raises:
            SheetError: they wait, and nobody has said why.
        """
        with self._store.reading() as tx:
            count, age_s = tx.journal.depth()
        explained = self._alarm.stands("flush") or self._alarm.stands("poll")
        if age_s > WAITING_S and not explained:
            raise SheetError(writes_wait(count, age_s), cause="writes_wait")
        return {"idle": True}
