"""The scheduler: which job runs when, how runs that are late or overlap are handled, and a clean end."""

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from record.flush import GATHER_S, Flush
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from worker.figures import FiguresJob
from worker.jobs import Job, NudgedJob, Patient, Runner, heartbeat, spare_reads
from worker.poll import Poller, figures

log = get_logger(__name__)

HEARTBEAT_S = 10
STANDBY_S = 1.0


class Worker:
    """The one process that polls: leads while it holds the lock, waits its turn while another does."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until a signal to end arrives; what is being done is finished first."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop.set())
        waiting = False
        while not self._stop.is_set():
            with self._store.exclusive("worker", wait=False) as leads:
                if leads:
                    self._lead()
                    return
            if not waiting:
                log.info("standby", why="another worker leads")
                waiting = True
            self._stop.wait(STANDBY_S)

    def _lead(self) -> None:
        interval, spreadsheet = self._settings.polling.interval_s, self._settings.sheets.spreadsheet_id
        log.info("started", interval_s=interval, spreadsheet=spreadsheet)
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=self._settings.zone,
        )
        nudged = self._jobs(scheduler)
        scheduler.start()
        try:
            self._listen(scheduler, nudged)
        finally:
            scheduler.shutdown(wait=True)
            nudged["journal"].run()
            log.info("stopped")

    def _jobs(self, scheduler: BackgroundScheduler) -> dict[str, NudgedJob]:
        """Schedule all jobs; return those that a bell sets off, by the bell's name.

        A run that is late is made once, and no job ever runs twice at a time.
        """
        store, settings, polling = self._store, self._settings, self._settings.polling
        sheets = {name: Sheet(settings, store) for name in ("poll", "flush", "statistics", "heartbeat")}
        runners = {name: Runner(store, sheet, settings) for name, sheet in sheets.items()}
        poller = Poller(store, sheets["poll"], settings)
        flush = Patient(Flush(store, sheets["flush"], settings))
        counted = FiguresJob(store, sheets["statistics"], settings)
        poll_job = NudgedJob(
            runners["poll"], Job("poll", lambda: figures(poller.poll())), lambda: spare_reads(sheets["poll"])
        )
        flush_job = NudgedJob(runners["flush"], Job("flush", flush.run, every_run=False))
        statistics = Job("statistics", counted.run, every_run=False)
        beat = Job("heartbeat", lambda: heartbeat(store, "worker"), every_run=False)

        def every(seconds: float, name: str, work: Callable[[], object]) -> None:
            scheduler.add_job(work, "interval", seconds=seconds, id=name, name=name, next_run_time=datetime.now(UTC))

        every(polling.interval_s, "poll", poll_job.run)
        every(GATHER_S, "journal", flush_job.run)
        every(polling.statistics_s, "statistics", lambda: runners["statistics"].run(statistics))
        every(HEARTBEAT_S, "heartbeat", lambda: runners["heartbeat"].run(beat))
        return {"poll": poll_job, "journal": flush_job}

    def _listen(self, scheduler: BackgroundScheduler, nudged: dict[str, NudgedJob]) -> None:
        """Run a job at once whenever somebody rings for it, until it is time to end."""
        watch = self._store.watch(*nudged)
        try:
            while not self._stop.is_set():
                for bell in watch.wait(5.0, self._stop):
                    nudged[bell].nudge(partial(scheduler.modify_job, bell, next_run_time=datetime.now(UTC)))
        finally:
            watch.close()
