"""Keeps polls and writes from starving each other, and says it when writes wait all the
same.
"""

import time
from collections.abc import Callable
from typing import Any

from record.errors import SheetError
from record.settings import Settings
from record.sheet import AFTER_POLLS
from record.store import Store
from record.watch.health import WAITING_S, writes_wait
from worker.alarms import Alarm

WAITING_JOB_S = 5.0
OLD_S = 1.0  # by then a write has gathered what goes with it
# so many reads come back while polls stand aside: two for a flush, and one more than
# they leave to polls
TOKENS = 3
UNTRIED: dict[str, Any] = {"idle": True, "untried": True}


class Paced:
    """Polls as often as Google's quota allows, and not while a write that is due lacks
    the quota it needs.

    A flush needs a read and a write, and leaves some reads to polls; polls that come
    faster than the quota refills would never let it have that much. So they stand aside
    until it has, for as long as three reads take to come back and no longer: an endless
    stream of writes keeps no poll waiting either.
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
            return dict(UNTRIED)
        self._last = time.monotonic()
        return self._poll()

    def _may(self) -> bool:
        with self._store.reading() as tx:
            if tx.quota.wait("read", self._limit):
                return False
            longest = tx.quota.seconds("read", self._limit, TOKENS)
            enough_for_both = not tx.quota.wait(
                "read", self._limit, AFTER_POLLS["read"], requests=2
            )
            _, oldest = tx.journal.depth()
        return (
            enough_for_both
            or oldest < OLD_S
            or time.monotonic() - self._last >= longest
        )


class WaitingJob:
    """Tells once that writes have waited for a minute, whatever keeps them, unless that
    was told already.
    """

    def __init__(self, store: Store, alarm: Alarm) -> None:
        self._store = store
        self._alarm = alarm

    def run(self) -> dict[str, Any]:
        """Look.

        Raises:
            SheetError: they wait, and nobody has said why.
        """
        with self._store.reading() as tx:
            count, age = tx.journal.depth()
        if (
            age > WAITING_S
            and not self._alarm.stands("flush")
            and not self._alarm.stands("poll")
        ):
            raise SheetError(writes_wait(count, age), cause="writes_wait")
        return {"idle": True}
