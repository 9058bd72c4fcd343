"""What a day of 300 orders costs in requests to Google.

The day is played through the worker's own parts under a clock that is moved by hand,
five seconds at a time: orders from the site, the bot and the telephone, masters who
accept and finish, staff who correct. Polls at which nothing can have changed are not
made but counted, one read each, which is what `poll_requests` measures; all others are
made.
"""

import contextlib
import os
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from freezegun import freeze_time

from bench.report import report
from record.actions.client_acts import Draft
from record.actions.orders import Actions
from record.errors import SheetResting
from record.flush import Flush
from record.settings import load_settings
from record.sheet import AFTER_POLLS, SPARE, Sheet
from record.store import Store
from record.values import telegram
from record.values.actors import Actor
from tests.harness.system import System
from worker.jobs import spare
from worker.poll import Poller
from worker.statistics import StatisticsJob

ORDERS, CORRECTIONS, MASTER_COUNT = 300, 60, 8
TICK_S, STATISTICS_TICKS, DAY_S = 5, 3, 86_400
# for so long after an event polls are made: rows typed by hand rest, figures follow
LIVELY_TICKS = 9
MIDNIGHT = datetime(2026, 12, 14, 22, tzinfo=UTC)  # in Kaliningrad
SETTINGS = {
    "NARYAD_POLLING__INTERVAL_S": "5",
    "NARYAD_POLLING__SETTLE_S": "20",
    "NARYAD_SHEETS__READS_PER_MINUTE": "50",
    "NARYAD_SHEETS__WRITES_PER_MINUTE": "50",
}
Event = tuple[float, Callable[[], object]]


def measure() -> None:
    """Print the requests of the day."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder), **SETTINGS)
        try:
            with freeze_time(MIDNIGHT - timedelta(minutes=5)):
                system.run("worker", "init")
            people = [
                (600 + n, f"Мастер Номер{n}", f"+7900000{n:04d}")
                for n in range(MASTER_COUNT)
            ]
            system.masters(*people)
            day = Day(system)
            day.play()
            report(
                "day_api_reads",
                day.reads,
                "reads",
                f"<= {DAY_S // TICK_S} polls + 10 an order",
            )
            report("day_api_writes", day.writes, "writes", "<= 8 an order")
        finally:
            system.close()


class Day:
    """One day of the company, and the requests that the system makes of Google
    meanwhile.
    """

    def __init__(self, system: System) -> None:
        os.environ |= system.env
        settings = load_settings()
        self._system = system
        self._store = Store(settings.store.url)
        self._poller = Poller(self._store, Sheet(settings, self._store), settings)
        self._flush = Flush(
            self._store, Sheet(settings, self._store, AFTER_POLLS), settings
        )
        self._spare = Sheet(settings, self._store, SPARE)
        self._figures = StatisticsJob(self._store, self._spare, settings)
        self._actions = Actions(self._store, settings)
        self._chance = random.Random(300)
        self._watch = self._store.watch("poll")
        self._events: list[Event] = []
        self._lively = LIVELY_TICKS
        self.reads = self.writes = 0

    def play(self) -> None:
        """Let the day pass."""
        self._plan()
        before = self._asked("read"), self._asked("write")
        with freeze_time(MIDNIGHT) as clock:
            for tick in range(DAY_S // TICK_S):
                now = tick * TICK_S
                while self._events and self._events[0][0] <= now:
                    self._happen(self._events.pop(0)[1])
                if self._lively:
                    self._lively -= 1
                    self._worker(tick)
                else:
                    self.reads += 1
                clock.tick(TICK_S)
        self.reads += self._asked("read") - before[0]
        self.writes = self._asked("write") - before[1]
        self._watch.close()
        self._store.close()

    def _plan(self) -> None:
        """Spread orders and corrections over the hours in which people are awake."""
        for number in range(ORDERS):
            at = self._chance.triangular(7, 23, 18) * 3600
            self._events.append((at, self._typed if number % 5 == 0 else self._placed))
        for _ in range(CORRECTIONS):
            self._events.append((self._chance.uniform(9, 23) * 3600, self._corrected))
        self._events.sort(key=lambda event: event[0])

    def _later(self, minutes: float, act: Callable[[], object]) -> None:
        at = self._now() + minutes * 60
        self._events.append((at, act))
        self._events.sort(key=lambda event: event[0])

    @staticmethod
    def _now() -> float:
        return (datetime.now(UTC) - MIDNIGHT).total_seconds()

    # What people do

    def _placed(self) -> None:
        source: Literal["website", "telegram"] = self._chance.choice(
            ("website", "website", "telegram")
        )
        draft = Draft(
            "Юля", "+79001234567", "Невского 47", "Не работает розетка", source=source
        )
        self._on(self._actions.place_order(draft).id)

    def _typed(self) -> None:
        self._system.type_row(
            "Заявки",
            Имя="Борис",
            Телефон="8 900 765-43-21",
            Проблема="Выбивает автомат",
        )
        self._later(2, self._newest_goes_on)

    def _newest_goes_on(self) -> None:
        """Let the order that was typed go its way, now that it has a number."""
        with self._store.reading() as tx:
            (newest,) = tx.orders.find(limit=1)
        self._on(newest.id)

    def _on(self, order_id: str) -> None:
        master = str(self._chance.randrange(MASTER_COUNT) + 1)
        if self._chance.random() < 0.1:
            self._later(5, lambda: self._actions.cancel(order_id, by=Actor.client()))
            return
        self._later(
            self._chance.uniform(1, 20), lambda: self._actions.accept(order_id, master)
        )
        price = Decimal(self._chance.randrange(5, 60) * 100)
        self._later(
            self._chance.uniform(60, 180),
            lambda: self._actions.complete(order_id, master, price),
        )

    def _corrected(self) -> None:
        with self._store.reading() as tx:
            orders = tx.orders.find(limit=10)
        if orders:
            self._system.type_cell(
                self._chance.choice(orders).id,
                "Комментарий",
                f"Позвонить в {self._now():.0f}",
            )

    # What the system does

    def _happen(self, event: Callable[[], object]) -> None:
        event()
        self._lively = LIVELY_TICKS
        self._answer_bells()

    def _worker(self, tick: int) -> None:
        self._done(self._poller.poll)
        self._answer_bells()
        if tick % STATISTICS_TICKS == 0:
            self._done(self._figures.run)
            self._answer_bells()

    def _answer_bells(self) -> None:
        """Do at once what the processes do when they hear that something was journaled,
        seen or sent.
        """
        self._done(self._flush.run)
        while "poll" in self._watch.wait(0) and spare(self._spare):
            self._done(self._poller.poll)
            self._deliver()
            self._done(self._flush.run)

    def _deliver(self) -> None:
        with self._store.reading() as tx:
            due = tx.outbox.due(["master", "client", "admin"])
        for one in due:
            self._actions.sent(one, telegram(1), str(one.id))

    def _done(self, act: Callable[[], object]) -> None:
        # as in the worker: it is done at its next run
        with contextlib.suppress(SheetResting):
            act()

    def _asked(self, kind: str) -> int:
        """Return how many requests of a kind all processes on this store have made, as
        `/metrics` has it.
        """
        with self._store.transaction():
            pass  # what was counted since the last transaction is written with the next
        with self._store.reading() as tx:
            counted = tx.metrics.tallies()
        return sum(
            one.value
            for one in counted
            if one.name == "api_requests" and one.labels["kind"] == kind
        )
