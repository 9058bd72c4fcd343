"""The jobs that the scheduler runs; each run leaves one log line and one row in the store."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from record.errors import NaryadError, SheetBusy
from record.flush import BACKOFF_S, Flush
from record.logs import get_logger
from record.notices import Notice
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store, Tx

log = get_logger(__name__)

PATIENCE_S = 60
RESERVE = 15  # reads kept back from nudges for the polls that come anyway


@dataclass(frozen=True)
class Job:
    """Something to run again and again: ``work`` returns the figures of its log line."""

    name: str
    work: Callable[[], dict[str, Any]]
    every_run: bool = True  # False: a run that had nothing to do leaves no trace


class Runner:
    """Runs a job: one structured line a run; a failure that lasts is logged once, and once when it is over."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._alarm = Alarm(store, settings)

    def run(self, job: Job) -> bool:
        """Run a job once; say whether it went well. Nothing that goes wrong leaves here."""
        run, calls, began = uuid4().hex[:8], self._sheet.calls, time.monotonic()
        try:
            facts, error = job.work(), None
        except NaryadError as failure:
            facts, error = {}, failure
        except Exception as failure:
            log.exception("run_crashed", job=job.name, run=run)
            facts, error = {}, NaryadError(f"Внутренняя ошибка в задаче {job.name}: {failure!r}")
        facts |= {"calls": self._sheet.calls - calls, "run": run}
        seconds = round(time.monotonic() - began, 3)
        if job.every_run or error or not facts.get("idle"):
            self._record(job, facts, seconds, error)
        if not facts.get("untried"):
            self._alarm.hear(job.name, error)
        return error is None

    def _record(self, job: Job, facts: dict[str, Any], seconds: float, error: NaryadError | None) -> None:
        try:
            with self._store.transaction() as tx:
                said = {"error": str(error)} if error else {}
                tx.runs.add(job.name, ok=error is None, seconds=seconds, facts={**facts, **said})
        except NaryadError as failure:
            log.debug("run_not_recorded", job=job.name, error=str(failure))  # the alarm says it, once
        if error is None:
            left = {f"{kind}s_left": count for kind, count in self._sheet.left().items()}
            log.info(job.name, seconds=seconds, **facts, **left)


class Alarm:
    """Tells ops and admins once when something begins to be wrong, and once when it is over.

    What stands is kept in the store by job, so that a restart neither tells it again nor forgets that it is over.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._admin = settings.telegram.admin_chat_id
        self._since: dict[str, float] = {}
        self._well: set[str] = set()

    def hear(self, job: str, error: NaryadError | None) -> None:
        """Take note of how a run of a job ended."""
        try:
            if error is None:
                self._over(job)
            else:
                self._begins(job, error)
        except NaryadError as failure:
            log.debug("alarm_not_kept", job=job, error=str(failure))

    def _begins(self, job: str, error: NaryadError) -> None:
        said = str(error)
        first = job not in self._since
        since = self._since.setdefault(job, time.time())
        self._well.discard(job)
        if first:
            log.error("trouble", job=job, error=said)
        passing = isinstance(error, SheetBusy) and time.time() - since < PATIENCE_S
        if passing:
            return
        with self._store.transaction() as tx:
            standing = tx.facts.get("alarms", {})
            told = {_kind(one) for one in standing.values()}
            self._stands(tx, {**standing, job: said})
            if _kind(said) not in told:
                self._tell(tx, "alarm", job, f"⚠️ {said}")

    def _over(self, job: str) -> None:
        if job in self._well:
            return
        if self._since.pop(job, None) is not None:
            log.info("trouble_over", job=job)
        with self._store.transaction() as tx:
            standing = dict(tx.facts.get("alarms", {}))
            if said := standing.pop(job, ""):
                self._stands(tx, standing)
                if _kind(said) not in {_kind(one) for one in standing.values()}:
                    self._tell(tx, "alarm_over", job, f"✅ Снова в порядке. Было: {said}")
        self._well.add(job)

    def _stands(self, tx: Tx, standing: dict[str, str]) -> None:
        tx.facts.put("alarms", standing)
        tx.facts.put("sheet_problems", sorted(set(standing.values())))

    def _tell(self, tx: Tx, kind: str, job: str, said: str) -> None:
        if self._admin:
            key = f"{kind}:{job}:{time.time():.3f}"
            tx.outbox.add(Notice(key, "admin", str(self._admin), kind, facts={"text": said}))


def _kind(said: str) -> str:
    """Return an alarm without its figures, which differ from poll to poll."""
    return "".join(letter for letter in said if not letter.isdigit())


class NudgedJob:
    """A job that runs at every interval, and at once when nudged; a nudge during a run makes it run again after."""

    def __init__(self, runner: Runner, job: Job, spare: Callable[[], bool] = lambda: True) -> None:
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
        """Ask for a run now; it is left to the next interval when Google's quota runs low."""
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
        """Flush once unless it is too early after a failure; returns the figures of the log line.

        Raises:
            SheetError: see :mod:`record.errors`; nothing is lost.
        """
        if time.monotonic() < self._not_before:
            return {"idle": True, "untried": True}
        try:
            done = self._flush.run()
        except NaryadError:
            self._not_before = time.monotonic() + BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)]
            self._failures += 1
            raise
        self._failures = 0
        return {**asdict(done), "idle": not done.rounds}


def spare_reads(sheet: Sheet) -> bool:
    """Say whether enough reads are left for a poll between the regular ones."""
    return sheet.left()["read"] > RESERVE


def heartbeat(store: Store, process: str) -> dict[str, Any]:
    """Note that this process is alive."""
    with store.transaction() as tx:
        tx.facts.put(f"alive.{process}", {"at": time.time(), "pid": os.getpid()})
    return {"idle": True}
