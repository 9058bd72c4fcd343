"""Figures of a stretch of days: what came and was done, from where, by whom, how fast,
for how much. Pure.

Orders are counted by the day they came, finished work and money by the day it was done,
as «Статистика» does.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from record.dispatch.changes import OFFERING
from record.dispatch.model import Roster
from record.values import Status
from record.values.actors import Actor
from record.values.sources import source_name

Grain = Literal["day", "week", "month"]
DAYS_SHOWN, WEEKS_SHOWN = 31, 120
WAITS = ((5, "до 5 минут"), (15, "5–15 минут"), (60, "15–60 минут"), (240, "1–4 часа"))
LONGER = "дольше 4 часов"


class Arrived(NamedTuple):
    """How many orders of one source came on a day and stand so now."""

    day: date
    source: str
    status: str
    orders: int


class Done(NamedTuple):
    """What one master finished on a day; money in roubles.

    ``unpriced``: of how many orders no price is known.
    """

    day: date
    master_id: str
    orders: int
    turnover: Decimal
    commission: Decimal
    unpriced: int = 0


class OfferEvent(NamedTuple):
    """A line of the history that offers an order or gives it a status."""

    order_id: str
    at: float
    what: str
    after: str
    by: Actor


@dataclass(frozen=True)
class Period:
    """Whole days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @classmethod
    def last(cls, days: int, today: date) -> "Period":
        """Return so many days, the last of which is today."""
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def grain(self) -> Grain:
        """What one bar of a chart stands for."""
        if self.days <= DAYS_SHOWN:
            return "day"
        return "week" if self.days <= WEEKS_SHOWN else "month"

    def before(self) -> "Period":
        """Return the stretch of the same length just before this one."""
        return Period(
            self.since - timedelta(days=self.days), self.since - timedelta(days=1)
        )

    def holds(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.since <= day <= self.until

    def start_of(self, day: date) -> date:
        """Return the first day of the bar that a day belongs to."""
        match self.grain:
            case "day":
                return day
            case "week":
                return day - timedelta(days=day.weekday())
            case "month":
                return day.replace(day=1)

    def starts(self) -> list[date]:
        """Return the first day of every bar, those of empty ones too."""
        return sorted(
            {
                self.start_of(self.since + timedelta(days=one))
                for one in range(self.days)
            }
        )


@dataclass
class Sums:
    """What came and what was finished."""

    came: int = 0
    done: int = 0
    turnover: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)
    unpriced: int = 0

    @property
    def average(self) -> Decimal:
        """The average price of finished work that has one, in whole roubles."""
        priced = self.done - self.unpriced
        if not priced:
            return Decimal(0)
        return (self.turnover / priced).quantize(Decimal(1))


@dataclass(frozen=True)
class Funnel:
    """What became of the orders that came: taken by a master (finished ones too),
    finished, cancelled.
    """

    came: int
    taken: int
    done: int
    cancelled: int

    def share(self, part: int) -> int:
        """Return a part in percent of all that came."""
        if not self.came:
            return 0
        return round(100 * part / self.came)


@dataclass(frozen=True)
class MasterSums:
    """What one master finished; ``minutes`` is his usual time to acceptance, None where
    it is not known.
    """

    master_id: str
    name: str
    done: int
    turnover: Decimal
    commission: Decimal
    minutes: float | None


class Wait(NamedTuple):
    """How long an order was on offer until somebody had it; ``by`` is who took it."""

    order_id: str
    by: Actor
    minutes: float


def total(period: Period, arrived: Iterable[Arrived], done: Iterable[Done]) -> Sums:
    """Return the sums of a whole period."""
    sums = Sums()
    for line in arrived:
        if period.holds(line.day):
            sums.came += line.orders
    for work in done:
        if period.holds(work.day):
            _add(sums, work)
    return sums


def by_bar(
    period: Period, arrived: Iterable[Arrived], done: Iterable[Done]
) -> dict[date, Sums]:
    """Return the sums of each day, week or month of a period, oldest first."""
    bars = {start: Sums() for start in period.starts()}
    for line in arrived:
        if period.holds(line.day):
            bars[period.start_of(line.day)].came += line.orders
    for work in done:
        if period.holds(work.day):
            _add(bars[period.start_of(work.day)], work)
    return bars


def _add(sums: Sums, work: Done) -> None:
    sums.done += work.orders
    sums.turnover += work.turnover
    sums.commission += work.commission
    sums.unpriced += work.unpriced


def by_source(period: Period, arrived: Iterable[Arrived]) -> list[tuple[str, int]]:
    """Return how many orders came from where, most first."""
    counts: Counter[str] = Counter()
    for line in arrived:
        if period.holds(line.day):
            counts[source_name(line.source)] += line.orders
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def funnel(period: Period, arrived: Iterable[Arrived]) -> Funnel:
    """Return what has become of the orders that came within a period."""
    counts: Counter[str] = Counter()
    for line in arrived:
        if period.holds(line.day):
            counts[line.status] += line.orders
    done = counts[Status.DONE.value]
    return Funnel(
        sum(counts.values()),
        counts[Status.WORK.value] + done,
        done,
        counts[Status.CANCELLED.value],
    )


def waits(events: Iterable[OfferEvent]) -> list[Wait]:
    """Return how long each order waited to be taken, from the latest offer on."""
    offered: dict[str, float] = {}
    found = []
    for event in events:
        if event.what in OFFERING:
            offered[event.order_id] = event.at
        elif event.after == Status.WORK.value and event.order_id in offered:
            seconds = event.at - offered.pop(event.order_id)
            # a clock may have been set back in between
            minutes = max(0.0, seconds) / 60
            found.append(Wait(event.order_id, event.by, minutes))
    return found


def by_wait(found: Sequence[Wait]) -> list[tuple[str, int]]:
    """Return how many orders were taken within how long."""
    counts: Counter[str] = Counter()
    for wait in found:
        counts[_length(wait.minutes)] += 1
    names = [name for _, name in WAITS]
    return [(name, counts[name]) for name in (*names, LONGER)]


def _length(minutes: float) -> str:
    for limit, name in WAITS:
        if minutes < limit:
            return name
    return LONGER


def usual(found: Iterable[Wait]) -> float | None:
    """Return the median time to acceptance in minutes, None where nothing was taken."""
    minutes = [wait.minutes for wait in found]
    return statistics.median(minutes) if minutes else None


def by_master(
    period: Period, done: Iterable[Done], found: Sequence[Wait], roster: Roster
) -> list[MasterSums]:
    """Return what each master finished, the greatest turnover first; work of nobody
    known is «без мастера».
    """
    sums: dict[str, Sums] = defaultdict(Sums)
    for work in done:
        if period.holds(work.day):
            _add(sums[work.master_id], work)
    lines = [
        _of_master(master_id, one, found, roster) for master_id, one in sums.items()
    ]
    return sorted(lines, key=lambda line: (-line.turnover, -line.done, line.name))


def _of_master(
    master_id: str, sums: Sums, found: Sequence[Wait], roster: Roster
) -> MasterSums:
    minutes = None
    if master_id:
        minutes = usual(wait for wait in found if wait.by.is_master(master_id))
    return MasterSums(
        master_id,
        _name(master_id, roster),
        sums.done,
        sums.turnover,
        sums.commission,
        minutes,
    )


def _name(master_id: str, roster: Roster) -> str:
    if not master_id:
        return "без мастера"
    master = roster.get(master_id)
    if master is None:
        return f"мастер {master_id}"
    return roster.label(master)
