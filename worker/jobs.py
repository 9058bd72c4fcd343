"""The jobs that the scheduler runs; each run leaves one log line and one row in the store."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from record.errors import NaryadError, SheetBusy
from record.logs import get_logger
from record.notices import Notice
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store, Tx
from worker.poll import Poller, figures

log = get_logger(__name__)

PATIENCE_S = 60
RESERVE = 15  # reads kept back from nudges for the polls that come anyway


@dataclass(frozen=True)
class Job:
    """Something to run again and again: ``work`` returns the figures of its log line."""

    name: str
    work: Callable[[], dict[str, Any]]


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
        self._record(job, facts, seconds, error)
        self._alarm.hear(job.name, error)
        return error is None

    def _record(self, job: Job, facts: dict[str, Any], seconds: float, error: NaryadError | None) -> None:
        try:
            with self._store.transaction() as tx:
                said = {"error": str(error)} if error else {}
                tx.runs.add(job.name, ok=error is None, seconds=seconds, facts={**facts, **said})
        except NaryadError as failure:
            log.error("store_failed", error=str(failure))  # noqa: TRY400  its text is the whole story
        if error is None:
            left = {f"{kind}s_left": count for kind, count in self._sheet.left().items()}
            (log.debug if facts.get("idle") else log.info)(job.name, seconds=seconds, **facts, **left)


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
            log.error("store_failed", error=str(failure))  # noqa: TRY400

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
            if _kind(standing.get(job, "")) != _kind(said):
                self._stands(tx, {**standing, job: said})
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
                self._tell(tx, "alarm_over", job, f"✅ Снова в порядке. Было: {said}")
        self._well.add(job)

    def _stands(self, tx: Tx, standing: dict[str, str]) -> None:
        tx.facts.put("alarms", standing)
        tx.facts.put("sheet_problems", list(standing.values()))

    def _tell(self, tx: Tx, kind: str, job: str, said: str) -> None:
        if self._admin:
            key = f"{kind}:{job}:{time.time():.3f}"
            tx.outbox.add(Notice(key, "admin", str(self._admin), kind, facts={"text": said}))


def _kind(said: str) -> str:
    """Return an alarm without its figures, which differ from poll to poll."""
    return "".join(letter for letter in said if not letter.isdigit())


class PollJob:
    """The poll: at every interval, and at once when nudged; a nudge during a poll makes it run again after."""

    def __init__(self, runner: Runner, poller: Poller, spare: Callable[[], bool]) -> None:
        self._runner = runner
        self._job = Job("poll", lambda: figures(poller.poll()))
        self._spare = spare
        self._lock = threading.Lock()
        self._running = False
        self._asked = False

    def run(self) -> None:
        """Poll until nobody has asked for another poll meanwhile."""
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
        """Ask for a poll now; it is left to the next interval when Google's quota runs low."""
        with self._lock:
            self._asked = True
            running = self._running
        if not running and self._spare():
            start()


def spare_reads(sheet: Sheet) -> bool:
    """Say whether enough reads are left for a poll between the regular ones."""
    return sheet.left()["read"] > RESERVE


def heartbeat(store: Store, process: str) -> dict[str, Any]:
    """Note that this process is alive."""
    with store.transaction() as tx:
        tx.facts.put(f"alive.{process}", {"at": time.time(), "pid": os.getpid()})
    return {"idle": True}
