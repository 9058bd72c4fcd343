"""The jobs that the scheduler runs; each run leaves one log line and one row in the
store.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from record.errors import NaryadError
from record.flush import BACKOFF_S, Flush
from record.logs import bound, get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.store.facts import Beat, ProcessName, alive
from worker.alarms import Alarm

log = get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Something to run again and again: ``work`` returns the figures of its log line."""

    name: str
    work: Callable[[], dict[str, Any]]
    every_run: bool = True  # False: a run that had nothing to do leaves no trace


class Runner:
    """Runs a job: one structured line a run; a failure that lasts is logged once, and
    once when it is over.

    Runners that run side by side share their ``alarm``.
    """

    def __init__(
        self, store: Store, sheet: Sheet, settings: Settings, alarm: Alarm | None = None
    ) -> None:
        self._store = store
        self._sheet = sheet
        self._alarm = alarm or Alarm(store, settings)
        self._failed = False

    def run(self, job: Job) -> bool:
        """Run a job once; say whether it went well. Nothing that goes wrong leaves
        here.
        """
        run = uuid4().hex[:8]
        with bound(run=run):
            return self._run(job, run)

    def _run(self, job: Job, run: str) -> bool:
        calls, began = self._sheet.calls, time.monotonic()
        try:
            facts, error = job.work(), None
        except NaryadError as failure:
            facts, error = {}, failure
        except Exception as failure:
            log.exception("run_crashed", job=job.name)
            facts, error = (
                {},
                NaryadError(f"Внутренняя ошибка в задаче {job.name}: {failure!r}"),
            )
        facts |= {"calls": self._sheet.calls - calls, "run": run}
        seconds = round(time.monotonic() - began, 3)
        untried = bool(facts.get("untried"))
        if (
            error
            or not (untried or facts.get("idle"))
            or (not untried and (job.every_run or self._failed))
        ):
            self._record(job, facts, seconds, error)
        if not untried:
            self._failed = error is not None
            self._alarm.hear(job.name, error, began)
        return error is None

    def _record(
        self, job: Job, facts: dict[str, Any], seconds: float, error: NaryadError | None
    ) -> None:
        try:
            with self._store.transaction() as tx:
                said = {"error": str(error)} if error else {}
                tx.runs.add(
                    job.name, ok=error is None, seconds=seconds, facts={**facts, **said}
                )
            left = {
                f"{kind}s_left": count for kind, count in self._sheet.left().items()
            }
        except NaryadError as failure:
            left = {}
            # the alarm says it, once
            log.debug("run_not_recorded", job=job.name, error=str(failure))
        if error is None:
            log.info(job.name, seconds=seconds, **facts, **left)


class NudgedJob:
    """A job that runs at every interval, and at once when nudged; a nudge during a run
    makes it run again after.
    """

    def __init__(
        self, runner: Runner, job: Job, spare: Callable[[], bool] = lambda: True
    ) -> None:
        self._runner = runner
        self._job = job
        self._spare = spare
        self._lock = threading.Lock()
        self._running = False
        self._asked = False

    def run(self) -> None:
        """Run until nobody has asked for another run meanwhile."""
        with self._lock:
            if self._running:
                return
            self._running, self._asked = True, False
        again = True
        while again:
            well = self._runner.run(self._job)
            with self._lock:
                again = self._asked and well and self._spare()
                self._asked = False
                self._running = again

    def nudge(self, start: Callable[[], None]) -> None:
        """Ask for a run now; it is left to the next interval when Google's quota runs
        low.
        """
        with self._lock:
            self._asked = True
            running = self._running
        if not running and self._spare():
            start()


class Patient:
    """Flushes the journal; while Google is away it tries again later and later."""

    def __init__(self, flush: Flush) -> None:
        self._flush = flush
        self._failures = 0
        self._not_before = 0.0

    def run(self) -> dict[str, Any]:
        """Flush once unless it is too early after a failure; returns the figures of the
        log line.

        Raises:
            SheetError: see :mod:`record.errors`; nothing is lost.
        """
        if time.monotonic() < self._not_before:
            return {"idle": True, "untried": True}
        try:
            done = self._flush.run()
        except NaryadError:
            self._not_before = (
                time.monotonic() + BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)]
            )
            self._failures += 1
            raise
        untried = not done.rounds and (done.rest_s > 0 or done.resting > 0)
        self._failures = self._failures if untried else 0
        self._not_before = time.monotonic() + done.rest_s
        facts = asdict(done)
        del facts["rest_s"]
        return {
            **facts,
            "idle": not done.rounds,
            **({"untried": True} if untried else {}),
        }


def spare(sheet: Sheet) -> bool:
    """Say whether Google's quota allows now what may as well be done at the next
    interval; no where nobody knows.
    """
    try:
        return not sheet.rest_s("read")
    except NaryadError:
        return False


def heartbeat(store: Store, process: ProcessName) -> dict[str, Any]:
    """Note that this process is alive."""
    with store.transaction() as tx:
        tx.facts.put(alive(process), Beat(at=time.time(), pid=os.getpid()))
    return {"idle": True}
