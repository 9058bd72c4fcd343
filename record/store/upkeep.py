"""What the system remembers about itself: history, runs, counters, quota, resting rows."""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select

from record.dispatch.changes import OFFERING, SEEN, What
from record.store.metrics import tally, tally_seconds
from record.store.schema import buckets, counters, history, resting, runs
from record.store.statements import chunks, insert_new, upsert
from record.values import Status
from record.values.actors import Actor

LOGGED = 100  # runs of a job
SWEPT = 20  # old runs are deleted once in so many


@dataclass(frozen=True)
class Event:
    """One line of an order's history."""

    seq: int
    order_id: str
    at: float
    what: str
    before: str
    after: str
    by: Actor


class History:
    """What happened to each order, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, order_id: str, what: str, before: str, after: str, by: Actor) -> int:
        """Record a change; return its number, which is never used again."""
        values = {
            "order_id": order_id,
            "at": time.time(),
            "what": what,
            "before": before,
            "after": after,
            "by": by,
        }
        made = history.insert().values(values).returning(history.c.seq)
        tally(self._connection, "changes", what=what)
        return int(self._connection.execute(made).scalar_one())

    def of(self, order_id: str) -> list[Event]:
        """Return an order's history, oldest first."""
        query = (
            select(history)
            .where(history.c.order_id == order_id)
            .order_by(history.c.seq)
        )
        return [Event(**row) for row in self._connection.execute(query).mappings()]

    def round(self, order_id: str) -> int:
        """Return the number of the change by which it was last offered, 0 if never."""
        offered = history.c.what.in_(OFFERING)
        query = select(func.max(history.c.seq)).where(
            history.c.order_id == order_id, offered
        )
        return self._connection.execute(query).scalar() or 0

    def seen(self, order_id: str) -> bool:
        """Return whether this order ever was in the sheet since this store was made."""
        return bool(self.seen_of([order_id]))

    def seen_of(self, order_ids: Collection[str]) -> set[str]:
        """Return those of these orders that ever were in the sheet."""
        # pruning keeps one of these lines of each order, however old
        shown = history.c.what.in_(SEEN)
        found: set[str] = set()
        for some in chunks(list(order_ids)):
            query = select(history.c.order_id).where(
                history.c.order_id.in_(some), shown
            )
            found.update(self._connection.execute(query).scalars())
        return found

    def last_price(self, order_id: str) -> Decimal | None:
        """Return the price that was last cleared from a finished order, None if none."""
        mine = history.c.order_id == order_id
        became_done = select(func.max(history.c.seq)).where(
            mine, history.c.what == "status", history.c.after == Status.DONE.value
        )
        done = self._connection.execute(became_done).scalar() or 0
        # what was cleared before that was no finished price, and nothing is lower than it
        cleared = select(history.c.before).where(
            mine,
            history.c.what == "price",
            history.c.after == "",
            history.c.seq > done,
        )
        last = cleared.order_by(history.c.seq.desc()).limit(1)
        price = self._connection.execute(last).scalar()
        if not price:
            return None
        return Decimal(price)

    def came(self, since: float) -> Counter[Actor]:
        """Return how many orders appeared since then, by who brought them."""
        query = select(history.c.by, func.count()).where(_appeared(since))
        query = query.group_by(history.c.by)
        found = Counter[Actor]()
        for by, count in self._connection.execute(query):
            found[by] = count
        return found

    def came_lately(self, since: float) -> set[str]:
        """Return the orders that appeared since then."""
        query = select(history.c.order_id).where(_appeared(since))
        return set(self._connection.execute(query).scalars())


def _appeared(since: float) -> ColumnElement[bool]:
    return (history.c.at >= since) & (history.c.what == What.APPEARED.value)


@dataclass(frozen=True)
class Run:
    """One run of a scheduled job; ``facts`` are the figures of its log line."""

    at: float
    job: str
    ok: bool
    seconds: float
    facts: dict[str, Any]


class Runs:
    """The log of scheduled runs, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, job: str, *, ok: bool, seconds: float, facts: Mapping[str, Any]
    ) -> None:
        """Record a run; now and then forget all but the last hundred of its kind."""
        row = {
            "at": time.time(),
            "job": job,
            "ok": ok,
            "seconds": seconds,
            "facts": dict(facts),
        }
        tally(self._connection, "runs", job=job, result="ok" if ok else "failed")
        tally_seconds(self._connection, "run_seconds", seconds, job=job)
        made = runs.insert().values(row).returning(runs.c.id)
        newest = int(self._connection.execute(made).scalar_one())
        if newest % SWEPT == 0:
            self._forget_old(job)

    def _forget_old(self, job: str) -> None:
        mine = select(runs.c.id).where(runs.c.job == job).order_by(runs.c.id.desc())
        oldest = self._connection.execute(mine.limit(1).offset(LOGGED - 1)).scalar()
        if oldest is not None:
            old = delete(runs).where(runs.c.job == job, runs.c.id < oldest)
            self._connection.execute(old)

    def last(self, job: str, limit: int = 10, *, ok: bool | None = None) -> list[Run]:
        """Return the last runs of a job, newest first."""
        columns = (runs.c.at, runs.c.job, runs.c.ok, runs.c.seconds, runs.c.facts)
        query = select(*columns).where(runs.c.job == job)
        if ok is not None:
            query = query.where(runs.c.ok.is_(ok))
        latest = query.order_by(runs.c.id.desc()).limit(limit)
        rows = self._connection.execute(latest).mappings()
        return [Run(**row) for row in rows]


class Counters:
    """Numbers that only grow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, name: str) -> int:
        """Return the next number; no two callers ever get the same."""
        insert_new(self._connection, counters, {"name": name, "value": 0})
        mine = counters.update().where(counters.c.name == name)
        grown = mine.values(value=counters.c.value + 1).returning(counters.c.value)
        return int(self._connection.execute(grown).scalar_one())

    def at_least(self, name: str, value: int) -> None:
        """Make sure that the next number will be greater than this one."""
        insert_new(self._connection, counters, {"name": name, "value": 0})
        behind = (counters.c.name == name) & (counters.c.value < value)
        self._connection.execute(counters.update().where(behind).values(value=value))


AT_ONCE = {"read": 0.15, "write": 0.4}
CLOCKS_S = 5.0  # how far the clocks of two machines may be apart


class Quota:
    """A token bucket that all processes share: together they stay under Google's limits.

    Of a minute's share a part may be asked at once (``AT_ONCE``); the rest comes back
    evenly over the minute. So in no minute, wherever it begins, is more asked than the
    share, and whoever finds nothing left waits seconds only. A limiter of a library
    counts within one process; ours has to stand in the store.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, per_minute: int, leave: float = 0.0) -> float:
        """Take one request; return 0, or the seconds after which to ask again.

        ``leave``: the part of what may be asked at once that has to be left to others.
        """
        now = time.time()
        # filled before the clock was set back: else nothing would come back for long
        ahead = buckets.update().where(buckets.c.at > now)
        self._connection.execute(ahead.values(at=now))
        wait = self.wait(name, per_minute, leave)
        if wait:
            return wait
        self._fill(name, self.left(name, per_minute) - 1)
        return 0.0

    def wait(
        self, name: str, per_minute: int, leave: float = 0.0, requests: int = 1
    ) -> float:
        """Return in how many seconds so many requests may be taken, 0 for now."""
        left_to_others = leave * (at_once(name, per_minute) - 1)
        lacks = requests + left_to_others - self.left(name, per_minute)
        return max(0.0, lacks / a_second(name, per_minute))

    def seconds(self, name: str, per_minute: int, requests: float) -> float:
        """Return in how many seconds so many requests come back."""
        return requests / a_second(name, per_minute)

    def drain(self, name: str) -> None:
        """Empty the bucket, since Google itself said that the quota is used up."""
        self._fill(name, 0.0)

    def _fill(self, name: str, tokens: float) -> None:
        values = {"name": name, "tokens": tokens, "at": time.time()}
        upsert(self._connection, buckets, values)

    def left(self, name: str, per_minute: int) -> float:
        """Return how many requests may be made now."""
        most = at_once(name, per_minute)
        query = select(buckets.c.tokens, buckets.c.at).where(buckets.c.name == name)
        row = self._connection.execute(query).first()
        if row is None:
            return most
        passed = time.time() - row.at
        # the clock was set back: whoever takes a request mends the bucket, but who only
        # looks must not wait for hours
        if passed < -CLOCKS_S:
            return most
        come_back = max(0.0, passed) * a_second(name, per_minute)
        return float(min(most, row.tokens + come_back))


def a_second(name: str, per_minute: int) -> float:
    """Return how many requests of a minute's share come back in a second."""
    return max(per_minute - at_once(name, per_minute), 1.0) / 60


def at_once(name: str, per_minute: int) -> float:
    """Return how many requests of a minute's share may be made at once."""
    return max(1.0, per_minute * AT_ONCE[name])


class Resting:
    """Rows typed by hand that have no ID yet, and since when they look as they do."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, title: str) -> dict[str, float]:
        """Return since when each row has looked as it does, by fingerprint."""
        query = select(resting.c.print, resting.c.since_at).where(
            resting.c.title == title
        )
        return dict(self._connection.execute(query).all())

    def replace(self, title: str, since: Mapping[str, float]) -> None:
        """Remember exactly these rows."""
        self._connection.execute(delete(resting).where(resting.c.title == title))
        rows = [
            {"title": title, "print": fingerprint, "since_at": at}
            for fingerprint, at in since.items()
        ]
        if rows:
            self._connection.execute(resting.insert(), rows)

    def count(self) -> int:
        """Return how many rows still rest."""
        query = select(func.count()).select_from(resting)
        return self._connection.execute(query).scalar_one()
