"""Reads and writes a minute for each user:
https://developers.google.com/sheets/api/limits.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

from sandbox.sheets.errors import quota_exceeded

MINUTE = 60.0


class Quota:
    """Off by default.

    Each user's minute starts with their first counted request and then refills at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Off, Google's limits, nothing used."""
        self.configure(enabled=False, reads=60, writes=60)

    def configure(self, *, enabled: bool, reads: int, writes: int) -> None:
        """Switch on or off; what was used is forgotten."""
        with self._lock:
            self.enabled = enabled
            self.limits = {"read": reads, "write": writes}
            self._used: defaultdict[tuple[str, str], tuple[float, int]] = defaultdict(
                lambda: (0.0, 0)
            )

    def spend(self, user: str, kind: str) -> None:
        """Count one request of `kind` "read" or "write".

        429 when the minute is used up.
        """
        if not self.enabled:
            return
        with self._lock:
            moment = self._clock()
            start, used = self._used[user, kind]
            if not used or moment - start >= MINUTE:
                start, used = moment, 0
            if used >= self.limits[kind]:
                raise quota_exceeded(kind)
            self._used[user, kind] = (start, used + 1)
