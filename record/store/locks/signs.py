"""Signs of life of those who hold locks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from record.backoff import Backoff

BEAT_S = 1.5
STILL_S = 6.0
# who has not looked for so long stood still itself, or had no need to look
GAP_S = 3.0
AGAIN = Backoff((0.002, 0.005, 0.01, 0.02))


class Lock:
    """A lock that was got; it is lost with its file, or the connection that holds it."""

    def __init__(self, holds: Callable[[], bool], *, taken_away: bool = False) -> None:
        """``taken_away``: from a process that gave no sign of life."""
        self._holds = holds
        self.taken_away = taken_away

    def holds(self) -> bool:
        """Return whether the lock still is ours, by the operating system or the server."""
        return self._holds()


class Stillness:
    """Since when the holder of each lock has given no sign of life, by our own clock."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._seen: dict[str, tuple[object, float, float]] = {}

    def still(self, name: str, sign: object) -> bool:
        """Return whether the holder's sign is the same for long already.

        Who looks must do so at least every few seconds.
        """
        now = time.monotonic()
        with self._guard:
            last, since, looked = self._seen.get(name, (None, now, now))
            has_moved = sign != last
            # while we stood still ourselves, the holder may have moved and stopped again
            we_stood_still = now - looked > GAP_S
            if has_moved or we_stood_still:
                since = now
            self._seen[name] = (sign, since, now)
            return now - since >= STILL_S


@contextmanager
def beating(beat: Callable[[], object]) -> Iterator[None]:
    """Give signs of life from a thread of its own, until the whole process stands still."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(BEAT_S):
            # the lock is lost, and whoever acts by it finds out
            with suppress(OSError, ValueError, SQLAlchemyError):
                beat()

    threading.Thread(target=run, name="sign of life", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def pauses() -> Iterator[float]:
    """Yield for how long to wait before each next look at a lock that is taken.

    Short ones at first: most locks are held for some milliseconds. No retry of
    tenacity's, since nothing failed, and the wait has no end.
    """
    looked = 0
    while True:
        looked += 1
        yield AGAIN.after(looked)
