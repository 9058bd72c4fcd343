"""The scheduler: which job runs when, how runs that are late or overlap are handled,
and a clean end.
"""

import signal
import threading
from collections.abc import Callable
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
from worker.jobs import Job, NudgedJob, Patient, Runner, heartbeat, spare
from worker.master_notes import NOTES_S, NotesJob
from worker.offers import OFFERS_S, OffersJob
from worker.pace import WAITING_JOB_S, Paced, WaitingJob
from worker.poll import Poller, figures
from worker.presence import Presence
from worker.prune import Prune
from worker.restart_notice import announce_restarted_store, announce_takeover
from worker.statistics import StatisticsJob

log = get_logger(__name__)

HEARTBEAT_S = 10
STANDBY_S = 1.0
BACKUP_S = 60  # how often it is looked whether a copy is due
PRUNE_S = 3600
LATER_S = 60  # what a start leaves for when it has settled
TOGETHER = 8
FINISH_S = 5.0
SLACK = timedelta(seconds=1)
LOOK_S = 1.0  # how often to look whether we still lead


class Worker:
    """The one process that polls: leads while it holds the lock, waits its turn while
    another does.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._stop = threading.Event()
        self.unfinished = False

    def run(self) -> None:
        """Work until a signal to end arrives; what is being done is finished first, for
        a few seconds.

        What is ``unfinished`` by then may be cut off at any moment, as by a kill.
        """
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop.set())
        told = ""
        while not self._stop.is_set():
            why = self._lead_or_learn_why_not()
            if why != told and not self._stop.is_set():
                log.info("standby", why=why)
            told = why
            self._stop.wait(STANDBY_S)

    def _lead_or_learn_why_not(self) -> str:
        """Lead as long as nobody else does; return why that is over, or never began."""
        try:
            with self._store.exclusive("worker", wait=False) as lock:
                return self._lead(lock) if lock else "another worker leads"
        except StoreError as error:
            return str(error)

    def _lead(self, lock: Lock) -> str:
        """Run all jobs until it is time to end, or another worker may lead since the
        lock was lost.
        """
        interval, spreadsheet = (
            self._settings.polling.interval_s,
            self._settings.sheets.spreadsheet_id,
        )
        log.info("started", interval_s=interval, spreadsheet=spreadsheet)
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(TOGETHER)},
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,
            },
            timezone=self._settings.zone,
        )
        store = self._store.led()
        bring_back(store, self._settings)
        if lock.taken_away:
            announce_takeover(store, self._settings)
        nudged = self._jobs(scheduler, store)
        announce_restarted_store(self._store, self._settings)
        scheduler.start()
        try:
            self._listen(scheduler, nudged, lock)
        finally:
            self._finish(scheduler, nudged["journal"])
        return "told to end" if self._stop.is_set() else "the lock was lost"

    def _finish(self, scheduler: BackgroundScheduler, journal: NudgedJob) -> None:
        """Let the jobs end that run, and flush once more; who has to end waits for no
        slow answer from outside.
        """

        def finish() -> None:
            scheduler.shutdown(wait=True)
            if self._stop.is_set():
                journal.run()

        finishing = threading.Thread(target=finish, name="finishing", daemon=True)
        finishing.start()
        finishing.join(FINISH_S if self._stop.is_set() else None)
        self.unfinished = finishing.is_alive()
        if self._stop.is_set():
            log.info("stopped", unfinished=self.unfinished)

    def _jobs(
        self, scheduler: BackgroundScheduler, store: Store
    ) -> dict[str, NudgedJob]:
        """Schedule all jobs; return those that a bell sets off, by the bell's name.

        A run that is late is made once, and no job ever runs twice at a time. ``store``
        is the leader's; only the journal, which any process may flush, is flushed
        through the common one.
        """
        settings, polling = self._settings, self._settings.polling
        leave = dict.fromkeys(
            ("poll", "heartbeat", "prune", "offers", "waiting", "presence"), FIRST
        )
        leave |= {
            "flush": AFTER_POLLS,
            **dict.fromkeys(("statistics", "nudges", "marks", "rows", "backup"), SPARE),
        }
        sheets = {
            name: Sheet(settings, store, leaves)
            for name, leaves in leave.items()
            if name != "flush"
        }
        sheets["flush"] = Sheet(settings, self._store, leave["flush"])
        alarm = Alarm(store, settings)
        runners = {
            name: Runner(store, sheet, settings, alarm)
            for name, sheet in sheets.items()
        }
        poller = Poller(store, sheets["poll"], settings)
        flush = Patient(Flush(self._store, sheets["flush"], settings))
        counted = StatisticsJob(store, sheets["statistics"], settings)
        presence = Presence(store, sheets["presence"], settings)
        offers, waiting = OffersJob(store, settings), WaitingJob(store, alarm)
        marks, prune = (
            NotesJob(store, sheets["marks"]),
            Prune(store, settings.keep, self._stop),
        )
        rows = RowsJob(store, sheets["rows"])
        copy = BackupJob(store, sheets["backup"], settings, self._stop)

        def polled() -> dict[str, Any]:
            presence.need()
            return figures(poller.poll())

        paced = Paced(store, settings, polled)
        poll_job = NudgedJob(
            runners["poll"], Job("poll", paced.run), lambda: spare(sheets["nudges"])
        )
        flush_job = NudgedJob(
            runners["flush"], Job("flush", flush.run, every_run=False)
        )

        def every(
            seconds: float, name: str, work: Callable[[], object], later: float = 0
        ) -> None:
            first = datetime.now(UTC) + timedelta(seconds=later)
            scheduler.add_job(
                work,
                "interval",
                seconds=seconds,
                id=name,
                name=name,
                next_run_time=first,
            )

        def quietly(
            seconds: float,
            name: str,
            work: Callable[[], dict[str, Any]],
            later: float = 0,
        ) -> None:
            job = Job(name, work, every_run=False)
            every(seconds, name, lambda: runners[name].run(job), later)

        every(polling.interval_s, "poll", poll_job.run)
        every(GATHER_S, "journal", flush_job.run)
        quietly(polling.statistics_s, "statistics", lambda: presence.only(counted.run))
        quietly(NOTES_S, "marks", lambda: presence.only(marks.run))
        quietly(ROWS_S, "rows", lambda: presence.only(rows.run))
        quietly(settings.sheets.mark_s, "presence", presence.run)
        quietly(OFFERS_S, "offers", lambda: presence.only(offers.run))
        quietly(WAITING_JOB_S, "waiting", waiting.run)
        quietly(HEARTBEAT_S, "heartbeat", lambda: heartbeat(store, "worker"))
        quietly(BACKUP_S, "backup", copy.run, LATER_S)
        quietly(PRUNE_S, "prune", prune.run, LATER_S)
        return {"poll": poll_job, "journal": flush_job}

    def _listen(
        self, scheduler: BackgroundScheduler, nudged: dict[str, NudgedJob], lock: Lock
    ) -> None:
        """Run a job at once whenever somebody rings for it, until it is time to end or
        the lock is lost.
        """
        watch = self._store.watch(*nudged)
        try:
            while not self._stop.is_set():
                for bell in watch.wait(LOOK_S, self._stop):
                    nudged[bell].nudge(
                        partial(
                            scheduler.modify_job, bell, next_run_time=datetime.now(UTC)
                        )
                    )
                wake_overslept(scheduler, datetime.now(UTC))
                if not lock.holds():
                    log.warning(
                        "leadership_lost",
                        why="the connection that held the lock is gone",
                    )
                    return
        finally:
            watch.close()


def wake_overslept(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Let every job run now that would wait for longer than its interval, since the
    clock was set back.
    """
    for job in scheduler.get_jobs():
        if job.next_run_time and job.next_run_time - now > job.trigger.interval + SLACK:
            job.modify(next_run_time=now)
