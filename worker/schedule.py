"""The scheduler: which job runs when, how runs that are late or overlap are handled, and a clean end."""

import signal
import threading
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from record.flush import Flusher
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from worker.figures import FiguresJob
from worker.jobs import Job, PollJob, Runner, heartbeat, spare_reads
from worker.poll import Poller

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
        log.info(
            "started", interval_s=self._settings.polling.interval_s, spreadsheet=self._settings.sheets.spreadsheet_id
        )
        flusher = Flusher(self._store, self._settings)
        scheduler, poll = self._schedule()
        flusher.start()
        scheduler.start()
        try:
            self._listen(scheduler, poll)
        finally:
            scheduler.shutdown(wait=True)
            flusher.stop()
            log.info("stopped")

    def _schedule(self) -> tuple[BackgroundScheduler, PollJob]:
        """Return the scheduler with its jobs; a late run is made once, never two of the same at a time."""
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=self._settings.zone,
        )
        sheet, figures_sheet = Sheet(self._settings, self._store), Sheet(self._settings, self._store)
        poll = PollJob(
            Runner(self._store, sheet, self._settings),
            Poller(self._store, sheet, self._settings),
            lambda: spare_reads(sheet),
        )
        figures = FiguresJob(self._store, figures_sheet, self._settings)
        figures_runner = Runner(self._store, figures_sheet, self._settings)
        beat = Runner(self._store, Sheet(self._settings, self._store), self._settings)
        polling = self._settings.polling

        def every(seconds: float, work: Any, name: str) -> None:
            now = datetime.now(UTC)
            scheduler.add_job(work, "interval", seconds=seconds, id=name, name=name, next_run_time=now)

        every(polling.interval_s, poll.run, "poll")
        every(polling.statistics_s, lambda: figures_runner.run(Job("statistics", figures.run)), "statistics")
        every(HEARTBEAT_S, lambda: beat.run(Job("heartbeat", lambda: heartbeat(self._store, "worker"))), "heartbeat")
        return scheduler, poll

    def _listen(self, scheduler: BackgroundScheduler, poll: PollJob) -> None:
        """Poll at once whenever somebody nudges, until it is time to end."""
        watch = self._store.watch("poll")
        try:
            while not self._stop.is_set():
                if watch.wait(5.0, self._stop):
                    poll.nudge(lambda: scheduler.modify_job("poll", next_run_time=datetime.now(UTC)))
        finally:
            watch.close()
