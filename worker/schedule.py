"""The scheduler: who leads, which job runs when, and a clean end.

APScheduler starts the jobs, leaves out a run while the one before goes on, and makes
up for late runs with one. Our own code adds what it has no notion of: one leader among
several processes (:class:`Worker`), a run set off by another process's commit
(:class:`worker.jobs.NudgedJob`), and a clock that is set back (:func:`wake_overslept`).
"""

import signal
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from record.errors import StoreError
from record.flush import GATHER_S, Flush
from record.logs import get_logger
from record.settings import Settings
from record.sheet import AFTER_POLLS, FIRST, SPARE, Sheet
from record.store import Lock, Store
from worker.alarms import Alarm
from worker.backup.backup import BackupJob
from worker.backup.refill import bring_back
from worker.decor.spare_rows import ROWS_S, RowsJob
from worker.forgetting import EXPIRE_S, FORGET_S, ExpireJob, ForgetJob
from worker.jobs import Job, NudgedJob, Patient, Runner, heartbeat, spare
from worker.master_notes import NOTES_S, NotesJob
from worker.offers import OFFERS_S, OffersJob
from worker.pace import WAITING_JOB_S, Paced, WaitingJob
from worker.poll import Poller, figures
from worker.presence import Presence
from worker.prune import Prune
from worker.restart_notice import announce_restarted_store, announce_takeover
from worker.statistics import StatisticsJob
from worker.switch import begin_if_empty

log = get_logger(__name__)

HEARTBEAT_S = 10
STANDBY_S = 1.0
BACKUP_S = 60  # how often it is looked whether a copy is due
PRUNE_S = 3600
LATER_S = 60  # what a start leaves for when it has settled
TOGETHER = 8  # jobs that run at a time; one that waits for Google keeps its thread
FINISH_S = 5.0  # systemd and docker wait for longer before they kill
SLACK = timedelta(seconds=1)
LOOK_S = 1.0  # how often to look whether we still lead


class Worker:
    """The one process that polls: it leads while it holds the lock, else waits for it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._stop = threading.Event()
        self.unfinished = False

    def run(self) -> None:
        """Work until a signal to end arrives, then finish what is being done.

        What is ``unfinished`` after a few seconds may be cut off at any moment, as by a
        kill.
        """
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop.set())
        logged = ""
        while not self._stop.is_set():
            why = self._lead_or_learn_why_not()
            if why != logged and not self._stop.is_set():
                log.info("standby", why=why)
            logged = why
            self._stop.wait(STANDBY_S)

    def _lead_or_learn_why_not(self) -> str:
        """Lead as long as nobody else does; return why that is over, or never began."""
        try:
            with self._store.exclusive("worker", wait=False) as lock:
                if not lock:
                    return "another worker leads"
                return self._lead(lock)
        except StoreError as error:
            return str(error)

    def _lead(self, lock: Lock) -> str:
        """Run all jobs until the signal to end, or until the lock is lost."""
        settings = self._settings
        log.info(
            "started",
            interval_s=settings.polling.interval_s,
            spreadsheet=settings.sheets.spreadsheet_id,
        )
        scheduler = _scheduler(settings)
        store = self._store.led()
        begin_if_empty(store, settings)
        bring_back(store, settings)
        if lock.taken_away:
            announce_takeover(store, settings)
        timetable = Timetable(scheduler, store, self._store, settings, self._stop)
        nudged = timetable.fill()
        announce_restarted_store(self._store, settings)
        scheduler.start()
        try:
            self._listen(scheduler, nudged, lock)
        finally:
            self._finish(scheduler, nudged["journal"])
        if self._stop.is_set():
            return "told to end"
        return "the lock was lost"

    def _listen(
        self, scheduler: BackgroundScheduler, nudged: dict[str, NudgedJob], lock: Lock
    ) -> None:
        """Run a job at once at each wake-up for it, until the end or a lost lock."""
        watch = self._store.watch(*nudged)
        try:
            while not self._stop.is_set():
                for name in watch.wait(LOOK_S, self._stop):
                    nudged[name].nudge(partial(_run_now, scheduler, name))
                wake_overslept(scheduler, datetime.now(UTC))
                if not lock.holds():
                    why = "the connection that held the lock is gone"
                    log.warning("leadership_lost", why=why)
                    return
        finally:
            watch.close()

    def _finish(self, scheduler: BackgroundScheduler, journal: NudgedJob) -> None:
        """Let running jobs end, and flush once more; give up on slow answers at the end."""

        def finish() -> None:
            scheduler.shutdown(wait=True)
            if self._stop.is_set():
                journal.run()

        # APScheduler's shutdown has no time-out, and a request to Google may hang for
        # longer than whoever stops us waits before he kills
        finishing = threading.Thread(target=finish, name="finishing", daemon=True)
        finishing.start()
        patience_s = None
        if self._stop.is_set():
            patience_s = FINISH_S
        finishing.join(patience_s)
        self.unfinished = finishing.is_alive()
        if self._stop.is_set():
            log.info("stopped", unfinished=self.unfinished)


def _scheduler(settings: Settings) -> BackgroundScheduler:
    """Return a scheduler that makes late runs once, and no two of a job at a time."""
    return BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(TOGETHER)},
        job_defaults={
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": None,
        },
        timezone=settings.zone,
    )


def _run_now(scheduler: BackgroundScheduler, name: str) -> None:
    scheduler.modify_job(name, next_run_time=datetime.now(UTC))


class Timetable:
    """All jobs of the leader, and how often each of them runs.

    ``store`` is the leader's. The journal may be flushed by any process, so that one job
    goes through the ``common`` store.
    """

    def __init__(
        self,
        scheduler: BackgroundScheduler,
        store: Store,
        common: Store,
        settings: Settings,
        stop: threading.Event,
    ) -> None:
        self._scheduler = scheduler
        self._store = store
        self._common = common
        self._settings = settings
        self._stop = stop
        self._alarm = Alarm(store, settings)
        self._presence_sheet = self._sheet(FIRST)
        self._presence = Presence(store, self._presence_sheet, settings)

    def fill(self) -> dict[str, NudgedJob]:
        """Schedule all jobs; return those that a wake-up sets off, by its name."""
        polls, flushes = self._polls(), self._flushes()
        self._add(self._settings.polling.interval_s, "poll", polls.run)
        self._add(GATHER_S, "journal", flushes.run)
        self._add_writers()
        self._add_watchers()
        self._add_upkeep()
        return {"poll": polls, "journal": flushes}

    def _polls(self) -> NudgedJob:
        sheet, nudges = self._sheet(FIRST), self._sheet(SPARE)
        poller = Poller(self._store, sheet, self._settings)

        def polled() -> dict[str, Any]:
            self._presence.need()
            return figures(poller.poll())

        paced = Paced(self._store, self._settings, polled)
        # a poll out of turn is a favour: it must leave quota to those in turn
        return NudgedJob(
            self._runner(sheet), Job("poll", paced.run), lambda: spare(nudges)
        )

    def _flushes(self) -> NudgedJob:
        sheet = Sheet(self._settings, self._common, AFTER_POLLS)
        patient = Patient(Flush(self._common, sheet, self._settings))
        return NudgedJob(
            self._runner(sheet), Job("flush", patient.run, every_run=False)
        )

    def _add_writers(self) -> None:
        """Add the jobs that write to the sheet; they do nothing unless we lead it."""
        store, settings, only = self._store, self._settings, self._presence.only
        sheet = self._sheet(SPARE)
        statistics = StatisticsJob(store, sheet, settings)
        self._add_quiet(
            settings.polling.statistics_s,
            "statistics",
            lambda: only(statistics.run),
            sheet,
        )
        sheet = self._sheet(SPARE)
        notes = NotesJob(store, sheet)
        self._add_quiet(NOTES_S, "marks", lambda: only(notes.run), sheet)
        sheet = self._sheet(SPARE)
        rows = RowsJob(store, sheet)
        self._add_quiet(ROWS_S, "rows", lambda: only(rows.run), sheet)

    def _add_watchers(self) -> None:
        """Add the jobs that look whether all is well, and tell people where it is not."""
        store, settings = self._store, self._settings
        presence, mark_s = self._presence, settings.sheets.mark_s
        self._add_quiet(mark_s, "presence", presence.run, self._presence_sheet)
        offers = OffersJob(store, settings)
        self._add_quiet(OFFERS_S, "offers", lambda: presence.only(offers.run))
        waiting = WaitingJob(store, self._alarm)
        self._add_quiet(WAITING_JOB_S, "waiting", waiting.run)
        self._add_quiet(HEARTBEAT_S, "heartbeat", lambda: heartbeat(store, "worker"))

    def _add_upkeep(self) -> None:
        """Add the jobs that a start leaves for when it has settled."""
        sheet = self._sheet(SPARE)
        backup = BackupJob(self._store, sheet, self._settings, self._stop)
        self._add_quiet(BACKUP_S, "backup", backup.run, sheet, later=LATER_S)
        prune = Prune(self._store, self._settings.keep, self._stop)
        self._add_quiet(PRUNE_S, "prune", prune.run, later=LATER_S)
        forget = ForgetJob(self._store, self._settings)
        self._add_quiet(FORGET_S, "forget", forget.run)
        expire = ExpireJob(self._store, self._settings)
        self._add_quiet(EXPIRE_S, "expire", expire.run, later=LATER_S)

    def _add_quiet(
        self,
        seconds: float,
        name: str,
        work: Callable[[], dict[str, Any]],
        sheet: Sheet | None = None,
        later: float = 0,
    ) -> None:
        """Add a job whose runs without anything to do leave no trace."""
        runner = self._runner(sheet or self._sheet(FIRST))
        job = Job(name, work, every_run=False)
        self._add(seconds, name, lambda: runner.run(job), later)

    def _add(
        self, seconds: float, name: str, work: Callable[[], object], later: float = 0
    ) -> None:
        # without this, an interval's first run comes only after the interval
        first = datetime.now(UTC) + timedelta(seconds=later)
        self._scheduler.add_job(
            work, "interval", seconds=seconds, id=name, name=name, next_run_time=first
        )

    def _sheet(self, leaves: Mapping[str, float]) -> Sheet:
        """Return a door to Google of its own: jobs run in threads of their own."""
        return Sheet(self._settings, self._store, leaves)

    def _runner(self, sheet: Sheet) -> Runner:
        return Runner(self._store, sheet, self._settings, self._alarm)


def wake_overslept(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Run every job now that would wait for longer than its interval.

    APScheduler keeps the next run as a moment of the wall clock: were the clock set back
    by an hour, all jobs would wait for that hour.
    """
    for job in scheduler.get_jobs():
        if not job.next_run_time:
            continue
        waits = job.next_run_time - now
        if waits > job.trigger.interval + SLACK:
            job.modify(next_run_time=now)
