"""How many requests the processes make of Google in any minute, by what the sandbox has
counted.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.harness.system import System

MINUTE_S, STEP_S = 60.0, 0.2
KINDS = ("read", "write")


class Meter:
    """Looks at the sandbox's count all the while; the looks of the bench itself into
    the sheet are left out.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._own = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._seen: list[tuple[float, dict[str, int]]] = []
        self._thread = threading.Thread(target=self._measure, daemon=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what is done within."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()

    @contextmanager
    def own_read(self) -> Iterator[None]:
        """Let one read be the bench's own."""
        with self._lock:
            yield
            self._own += 1

    def total(self, kind: str) -> int:
        """Return how many requests were made altogether."""
        return self._seen[-1][1][kind] - self._seen[0][1][kind]

    def most(self, kind: str) -> int:
        """Return the most that were made in any minute, or in a moment more: between
        two looks nobody knows when.
        """
        found = first = 0
        for at, counted in self._seen:
            while (
                first + 1 < len(self._seen)
                and self._seen[first + 1][0] <= at - MINUTE_S
            ):
                first += 1
            found = max(found, counted[kind] - self._seen[first][1][kind])
        return found

    def _measure(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self._over.is_set():
                self._seen.append((time.monotonic(), self._look(session)))
                self._over.wait(STEP_S)
            self._seen.append((time.monotonic(), self._look(session)))

    def _look(self, session: requests.Session) -> dict[str, int]:
        with self._lock:
            counted = session.get(f"{self._system.url}/sandbox/requests").json()
            ours = {"read": self._own}
            return {
                kind: int(counted[f"sheets_{kind}"]) - ours.get(kind, 0)
                for kind in KINDS
            }
