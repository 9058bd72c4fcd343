"""The jobs that the scheduler runs: each run leaves one log line and one stored row."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from record.errors import NaryadError
from record.flush import BACKOFF, Flush
from record.logs import bound, get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.store.facts import Beat, ProcessName, alive
from worker.alarms import Alarm

log = get_logger(__name__)

# figures of a run; ``idle``: there was nothing to do, ``untried``: it was not looked
RunFacts = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """Something to run again and again: ``work`` returns the figures of its log line."""

    name: str
    work: Callable[[], RunFacts]
    every_run: bool = True  # False: a run that had nothing to do leaves no trace


class Runner:
    """Runs a job: one structured line a run, and a lasting failure is logged once.

    Runners that run side by side share their ``alarm``. A listener of APScheduler
    (``EVENT_JOB_EXECUTED``, ``EVENT_JOB_ERROR``) could not do this: it hears of a run
    when it is over, when nothing can be added to the lines logged within any more, and
    it is told neither how long the run took nor what it asked Google.
    """

    def __init__(
        self, store: Store, sheet: Sheet, settings: Settings, alarm: Alarm | None = None
    ) -> None:
        self._store = store
        self._sheet = sheet
        self._alarm = alarm or Alarm(store, settings)
        self._failed = False

    def run(self, job: Job) -> bool:
        """Run a job once; return whether it went well. No error leaves this method."""
        run = uuid4().hex[:8]
        with bound(run=run):
            return self._run(job, run)

    def _run(self, job: Job, run: str) -> bool:
        calls, began = self._sheet.calls, time.monotonic()
        facts, error = _done(job)
        facts |= {"calls": self._sheet.calls - calls, "run": run}
        seconds = round(time.monotonic() - began, 3)
        if error is not None:
            self._record(job, facts, seconds, error)
        elif facts.get("untried"):
            # neither a failure nor the end of one: what was wrong may be wrong still
            return True
        elif job.every_run or self._failed or not facts.get("idle"):
            self._record(job, facts, seconds, None)
        self._failed = error is not None
        self._alarm.hear(job.name, error, began)
        return error is None

    def _record(
        self, job: Job, facts: RunFacts, seconds: float, error: NaryadError | None
    ) -> None:
        left: dict[str, int] = {}
        try:
            self._keep(job, facts, seconds, error)
            for kind, count in self._sheet.left().items():
                left[f"{kind}s_left"] = count
        except NaryadError as failure:
            # the alarm says it, once
            log.debug("run_not_recorded", job=job.name, error=str(failure))
        if error is None:
            log.info(job.name, seconds=seconds, **facts, **left)

    def _keep(
        self, job: Job, facts: RunFacts, seconds: float, error: NaryadError | None
    ) -> None:
        said = {"error": str(error)} if error else {}
        with self._store.transaction() as tx:
            tx.runs.add(
                job.name, ok=error is None, seconds=seconds, facts={**facts, **said}
            )


def _done(job: Job) -> tuple[RunFacts, NaryadError | None]:
    """Do a job's work; return the figures of its log line, and what went wrong."""
    try:
        return job.work(), None
    except NaryadError as failure:
        return {}, failure
    except Exception as failure:
        # a mistake of ours in one job must not end the others: it is told like a trouble
        log.exception("run_crashed", job=job.name)
        said = f"Внутренняя ошибка в задаче {job.name}: {failure!r}"
        return {}, NaryadError(said)


class NudgedJob:
    """A job that runs at every interval, and at once when nudged.

    A nudge during a run makes it run again afterwards. APScheduler leaves out what is
    due while a run goes on (``max_instances``) and forgets it; here that would be a
    write or an edit that waits for the whole next interval.
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
                # after a failure the interval is soon enough: no hammering at a Google
                # that is away
                again = self._asked and well and self._spare()
                self._asked = False
                self._running = again

    def nudge(self, start: Callable[[], None]) -> None:
        """Ask for a run now; where Google's quota runs low, the next interval does it."""
        with self._lock:
            self._asked = True
            running = self._running
        if not running and self._spare():
            start()


class Patient:
    """Flushes the journal; while Google is away it tries again later and later.

    It returns between two tries instead of waiting inside as a retry of tenacity does:
    each try is a run with its own line, and a worker that is told to end waits for none.
    """

    def __init__(self, flush: Flush) -> None:
        self._flush = flush
        self._failures = 0
        self._not_before = 0.0

    def run(self) -> RunFacts:
        """Flush once unless it is too early after a failure; return the figures.

        Raises:
            SheetError: see :mod:`record.errors`; nothing is lost.
        """
        if time.monotonic() < self._not_before:
            return untried()
        try:
            done = self._flush.run()
        except NaryadError:
            self._failures += 1
            self._not_before = time.monotonic() + BACKOFF.after(self._failures)
            raise
        self._not_before = time.monotonic() + done.rest_s
        facts = asdict(done)
        del facts["rest_s"]
        facts["idle"] = not done.rounds
        kept_waiting = done.rest_s > 0 or done.resting > 0
        if kept_waiting and not done.rounds:
            # Google was not asked, so it is not known to be back
            facts["untried"] = True
        else:
            self._failures = 0
        return facts


def untried() -> RunFacts:
    """Return the figures of a run that did not look: neither a success nor a failure."""
    return {"idle": True, "untried": True}


def spare(sheet: Sheet) -> bool:
    """Return whether Google's quota allows now what could wait for the next interval.

    Where the store can't be asked, it does not.
    """
    try:
        return not sheet.rest_s("read")
    except NaryadError:
        return False


def heartbeat(store: Store, process: ProcessName) -> RunFacts:
    """Note that this process is alive."""
    with store.transaction() as tx:
        tx.facts.put(alive(process), Beat(at=time.time(), pid=os.getpid()))
    return {"idle": True}
