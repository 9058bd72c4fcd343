"""What the system remembers about itself: history, runs, counters, quota and rows that
still rest.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, func, select

from record.store.metrics import tally, tally_seconds
from record.store.schema import buckets, counters, history, resting, runs
from record.store.statements import insert_new, upsert
from record.values import Status
from record.values.actors import Actor

CHUNK = 500


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
        """Return the number of the change for which the order was last offered to the
        masters, 0 if never.
        """
        offered = history.c.what.in_(("appeared", "reopened", "retold"))
        query = select(func.max(history.c.seq)).where(
            history.c.order_id == order_id, offered
        )
        return self._connection.execute(query).scalar() or 0

    def seen(self, order_id: str) -> bool:
        """Say whether this order ever was in the sheet while this store has existed."""
        shown = history.c.what.in_(("appeared", "removed"))
        query = (
            select(history.c.seq).where(history.c.order_id == order_id, shown).limit(1)
        )
        return self._connection.execute(query).first() is not None

    def seen_of(self, order_ids: Collection[str]) -> set[str]:
        """Return those of these orders that ever were in the sheet while this store has
        existed.
        """
        ids, found = list(order_ids), set[str]()
        for start in range(0, len(ids), CHUNK):
            mine = history.c.order_id.in_(ids[start : start + CHUNK])
            query = select(history.c.order_id).where(
                mine, history.c.what.in_(("appeared", "removed"))
            )
            found |= set(self._connection.execute(query).scalars())
        return found

    def last_price(self, order_id: str) -> Decimal | None:
        """Return the price that was last cleared from an order since it is done, None
        where none was.

        What was cleared before was no finished price, and nothing is lower than it.
        """
        mine = history.c.order_id == order_id
        finished = (
            mine & (history.c.what == "status") & (history.c.after == Status.DONE.value)
        )
        done = (
            self._connection.execute(
                select(func.max(history.c.seq)).where(finished)
            ).scalar()
            or 0
        )
        cleared = (
            mine
            & (history.c.what == "price")
            & (history.c.after == "")
            & (history.c.seq > done)
        )
        query = (
            select(history.c.before)
            .where(cleared)
            .order_by(history.c.seq.desc())
            .limit(1)
        )
        price = self._connection.execute(query).scalar()
        return Decimal(price) if price else None

    def came(self, since: float) -> Counter[Actor]:
        """Return how many orders appeared since then, by who brought them."""
        lately = (history.c.at >= since) & (history.c.what == "appeared")
        query = select(history.c.by, func.count()).where(lately).group_by(history.c.by)
        found = Counter[Actor]()
        for by, count in self._connection.execute(query):
            found[by] = count
        return found

    def came_lately(self, since: float) -> set[str]:
        """Return the orders that appeared since then."""
        lately = (history.c.at >= since) & (history.c.what == "appeared")
        return set(
            self._connection.execute(select(history.c.order_id).where(lately)).scalars()
        )


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
        """Record a run and forget all but the last hundred of its kind."""
        row = {
            "at": time.time(),
            "job": job,
            "ok": ok,
            "seconds": seconds,
            "facts": dict(facts),
        }
        tally(self._connection, "runs", job=job, result="ok" if ok else "failed")
        tally_seconds(self._connection, "run_seconds", seconds, job=job)
        newest = int(
            self._connection.execute(
                runs.insert().values(row).returning(runs.c.id)
            ).scalar_one()
        )
        keep = (
            select(runs.c.id)
            .where(runs.c.job == job)
            .order_by(runs.c.id.desc())
            .limit(100)
            .offset(99)
        )
        oldest = self._connection.execute(keep).scalar()
        if oldest and newest % 20 == 0:
            self._connection.execute(
                delete(runs).where(runs.c.job == job, runs.c.id < oldest)
            )

    def last(self, job: str, limit: int = 10, *, ok: bool | None = None) -> list[Run]:
        """Return the last runs of a job, newest first."""
        query = select(
            runs.c.at, runs.c.job, runs.c.ok, runs.c.seconds, runs.c.facts
        ).where(runs.c.job == job)
        if ok is not None:
            query = query.where(runs.c.ok.is_(ok))
        rows = self._connection.execute(
            query.order_by(runs.c.id.desc()).limit(limit)
        ).mappings()
        return [Run(**row) for row in rows]


class Counters:
    """Numbers that only grow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, name: str) -> int:
        """Return the next number; no two callers ever get the same."""
        insert_new(self._connection, counters, {"name": name, "value": 0})
        grown = (
            counters.update()
            .where(counters.c.name == name)
            .values(value=counters.c.value + 1)
        )
        return int(
            self._connection.execute(grown.returning(counters.c.value)).scalar_one()
        )

    def at_least(self, name: str, value: int) -> None:
        """Make sure that the next number will be greater than this one."""
        insert_new(self._connection, counters, {"name": name, "value": 0})
        behind = (counters.c.name == name) & (counters.c.value < value)
        self._connection.execute(counters.update().where(behind).values(value=value))


AT_ONCE = {"read": 0.15, "write": 0.4}
CLOCKS_S = 5.0  # how far the clocks of two machines may be apart


class Quota:
    """A token bucket that all processes share, so that together they stay under
    Google's limits.

    Of a minute's share a part may be asked at once (``AT_ONCE``); the rest comes back
    evenly over the minute. So in no minute, wherever it begins, is more asked than the
    share, and whoever finds nothing left waits seconds only.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, per_minute: int, leave: float = 0.0) -> float:
        """Take one request; return 0, or the seconds after which to ask again.

        ``leave``: the part of what may be asked at once that has to be left to others.
        """
        # of all that were filled before the clock was set back
        ahead = buckets.c.at > time.time()
        self._connection.execute(buckets.update().where(ahead).values(at=time.time()))
        if wait := self.wait(name, per_minute, leave):
            return wait
        tokens = self.left(name, per_minute) - 1
        upsert(
            self._connection,
            buckets,
            {"name": name, "tokens": tokens, "at": time.time()},
        )
        return 0.0

    def wait(
        self, name: str, per_minute: int, leave: float = 0.0, requests: int = 1
    ) -> float:
        """Return the seconds after which a request, or so many, may be taken, 0 for at
        once.
        """
        lacks = (
            requests
            + leave * (at_once(name, per_minute) - 1)
            - self.left(name, per_minute)
        )
        return max(0.0, lacks / a_second(name, per_minute))

    def seconds(self, name: str, per_minute: int, requests: float) -> float:
        """Return in how many seconds so many requests come back."""
        return requests / a_second(name, per_minute)

    def drain(self, name: str) -> None:
        """Empty the bucket, since Google itself said that the quota is used up."""
        upsert(
            self._connection, buckets, {"name": name, "tokens": 0.0, "at": time.time()}
        )

    def left(self, name: str, per_minute: int) -> float:
        """Return how many requests may be made now."""
        most = at_once(name, per_minute)
        row = self._connection.execute(
            select(buckets.c.tokens, buckets.c.at).where(buckets.c.name == name)
        ).first()
        set_back = row is not None and row[1] > time.time() + CLOCKS_S
        # whoever takes one then mends the bucket; who only looks must not wait for
        # hours
        if row is None or set_back:
            return most
        passed = max(0.0, time.time() - row[1])
        return float(min(most, row[0] + passed * a_second(name, per_minute)))


def a_second(name: str, per_minute: int) -> float:
    """Return how many requests of a minute's share come back in a second."""
    return max(per_minute - at_once(name, per_minute), 1.0) / 60


def at_once(name: str, per_minute: int) -> float:
    """Return how many requests of a minute's share may be made at once."""
    return max(1.0, per_minute * AT_ONCE[name])


class Resting:
    """Rows typed by hand that have no ID yet, by fingerprint, and since when they look
    as they do.
    """

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
        return self._connection.execute(
            select(func.count()).select_from(resting)
        ).scalar_one()
