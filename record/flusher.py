"""A thread that brings the journal to the sheet, in each process that takes orders or presses."""

import threading

from record.errors import NaryadError, SheetError
from record.flush import BACKOFF_S, GATHER_S, Flush
from record.logs import get_logger
from record.settings import Settings
from record.sheet import AFTER_POLLS, Sheet
from record.store import Store, Watch

log = get_logger(__name__)

STOP_S = 3.0


class Flusher:
    """A thread that flushes as soon as something is journaled, and again, later and later, while Google is away."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._failures = 0
        self._heard: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Flush what still waits, if Google lets us, and end."""
        self._stop.set()
        self._thread.join(timeout=STOP_S)

    def _run(self) -> None:
        flush = Flush(self._store, Sheet(self._settings, self._store, AFTER_POLLS), self._settings)
        watch = self._store.watch("journal")
        try:
            while not self._stop.is_set():
                if pause := self._once(flush):
                    self._stop.wait(pause)
                else:
                    self._listen(watch)
            self._once(flush)
        finally:
            watch.close()

    def _listen(self, watch: Watch) -> None:
        try:
            watch.wait(GATHER_S, self._stop)
        except NaryadError as error:
            self._stop.wait(self._failed(error))

    def _once(self, flush: Flush) -> float:
        """Flush; return the seconds to wait before it makes sense again, 0 where only new writes matter."""
        try:
            done = flush.run()
        except NaryadError as error:
            return self._failed(error)
        if self._failures:
            log.info("flush_recovered", written=done.written)
        self._failures, self._heard = 0, set()
        if done.rounds:
            log.info("flush", written=done.written, refused=done.refused, repaired=done.repaired, rounds=done.rounds)
        return done.rest_s

    def _failed(self, error: NaryadError) -> float:
        """Say each kind of failure once while it lasts."""
        cause = (error.cause if isinstance(error, SheetError) else "") or type(error).__name__
        if cause not in self._heard:
            log.warning("flush_failed", error=str(error), cause=cause)
        self._heard.add(cause)
        self._failures += 1
        return float(BACKOFF_S[min(self._failures, len(BACKOFF_S)) - 1])
