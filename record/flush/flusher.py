"""A thread that brings the journal to the sheet.

Each process that takes orders or presses has one, so that they reach the sheet even
while no worker runs.
"""

import threading
from contextlib import closing

from record.errors import NaryadError, SheetError
from record.flush.flush import BACKOFF, GATHER_S, Flush
from record.logs import get_logger
from record.settings import Settings
from record.sheet import AFTER_POLLS, Sheet
from record.store import Store

log = get_logger(__name__)

STOP_S = 3.0


class Flusher:
    """Flushes as soon as something is journaled.

    While Google is away it tries again, later and later.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._failures = 0
        self._reported: set[str] = set()
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
        # the worker's polls go first: they share Google's quota
        sheet = Sheet(self._settings, self._store, AFTER_POLLS)
        flush = Flush(self._store, sheet, self._settings)
        while not self._stop.is_set():
            try:
                self._serve(flush)
            except NaryadError as error:
                self._stop.wait(self._failed(error))
        self._once(flush)

    def _serve(self, flush: Flush) -> None:
        """Flush whenever there is something to flush, until it is stopped.

        Raises:
            StoreError: wake-ups can't be had for the moment.
        """
        with closing(self._store.watch("journal")) as watch:
            while not self._stop.is_set():
                if pause := self._once(flush):
                    self._stop.wait(pause)
                else:
                    watch.wait(GATHER_S, self._stop)

    def _once(self, flush: Flush) -> float:
        """Flush; return the seconds to wait before it makes sense again.

        0 where only new writes matter.
        """
        try:
            done = flush.run()
        except Exception as error:  # noqa: BLE001  whatever it was, the next order must find a thread that flushes
            return self._failed(error)
        if done.resting and not done.rounds:
            # nothing was sent, so whether Google is back is not known yet
            return 0
        if self._failures:
            log.info("flush_recovered", written=done.written)
        self._failures, self._reported = 0, set()
        if done.rounds:
            log.info(
                "flush",
                written=done.written,
                refused=done.refused,
                repaired=done.repaired,
                rounds=done.rounds,
            )
        return done.rest_s

    def _failed(self, error: Exception) -> float:
        """Log each kind of failure once while it lasts; return the seconds to wait.

        A fault of our own is logged with its trace.
        """
        cause = type(error).__name__
        if isinstance(error, SheetError) and error.cause:
            cause = error.cause
        if cause not in self._reported:
            log.warning(
                "flush_failed",
                error=str(error),
                cause=cause,
                exc_info=not isinstance(error, NaryadError),
            )
        self._reported.add(cause)
        self._failures += 1
        return BACKOFF.after(self._failures)
