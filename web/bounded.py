"""Slow work, bounded: so many at once, some who wait for a moment, nobody beyond; so
threads stay for others.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Places:
    """So many places at once, and a queue before them in which nobody stands for longer
    than ``patience_s``.
    """

    def __init__(self, width: int, queue: int = 0, patience_s: float = 0.0) -> None:
        self._inside = threading.Semaphore(width)
        self._anywhere = threading.Semaphore(width + queue)
        self._patience_s = patience_s

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Give a place, or say that there is none."""
        if not self._anywhere.acquire(blocking=False):
            yield False
            return
        try:
            inside = self._inside.acquire(timeout=self._patience_s)
            try:
                yield inside
            finally:
                if inside:
                    self._inside.release()
        finally:
            self._anywhere.release()
