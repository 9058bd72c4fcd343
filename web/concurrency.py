"""A limit on slow work: so many threads do it at once, a few wait, the rest are refused.

Flask-Limiter counts requests over a stretch of time and cannot say how many run at this
moment; that is what keeps some of the site's few threads free for everybody else.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ConcurrencyLimit:
    """Lets ``width`` threads in at once; ``queue`` more may wait for up to ``wait_s``."""

    def __init__(self, width: int, queue: int = 0, wait_s: float = 0.0) -> None:
        self._running = threading.Semaphore(width)
        self._running_or_waiting = threading.Semaphore(width + queue)
        self._wait_s = wait_s

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Yield whether the caller may do the work; it then holds a slot until it leaves."""
        # beyond the queue nobody waits: a waiting thread is a thread taken from others
        if not self._running_or_waiting.acquire(blocking=False):
            yield False
            return
        try:
            may_run = self._running.acquire(timeout=self._wait_s)
            try:
                yield may_run
            finally:
                if may_run:
                    self._running.release()
        finally:
            self._running_or_waiting.release()
