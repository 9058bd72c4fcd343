"""What /metrics shows: what has been counted, and what waits.

Counts are kept in the store, since several processes work on one: each count is written
with a transaction that is made anyway, at its end and in one order, so that it costs no
commit and no process waits for another's count.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from record.store.schema import (
    counters,
    history,
    journal,
    orders,
    outbox,
    unreachable,
    updates,
)
from record.store.statements import insert_into

PENDING = "naryad.tallies"
PREFIX = "tally."
BUCKETS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REST_S = 60.0


def tally(connection: Connection, name: str, by: int = 1, /, **labels: str) -> None:
    """Count something that is true when this transaction commits."""
    if by:
        connection.info.setdefault(PENDING, Counter())[_key(name, labels)] += by


def tally_seconds(
    connection: Connection, name: str, seconds: float, **labels: str
) -> None:
    """Count a duration in its bucket, and in the sum of milliseconds."""
    tally(connection, f"{name}_bucket", le=_bucket(seconds), **labels)
    # at least 1, since what adds nothing is not kept
    tally(connection, f"{name}_ms", max(1, round(seconds * 1000)), **labels)


def _bucket(seconds: float) -> str:
    for top in BUCKETS_S:
        if seconds <= top:
            return f"{top:g}"
    return "+Inf"


def _key(name: str, labels: Mapping[str, str]) -> str:
    """Return name and labels as one key of the table of counters."""
    key = PREFIX + name
    for label, value in sorted(labels.items()):
        # a word of ours: whatever else comes here must not show anything of a person
        word = re.sub(r"[^A-Za-z0-9_.+-]", "_", value)[:40]
        key += f"|{label}={word}"
    return key


class Tallies:
    """What one process has counted outside any transaction; written with its next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()

    def count(self, name: str, **labels: str) -> None:
        """Count something now."""
        with self._lock:
            self._waiting[_key(name, labels)] += 1

    @contextmanager
    def written(self, connection: Connection) -> Iterator[None]:
        """Write what was counted at the end of this transaction.

        What the transaction itself counted is forgotten when it fails.
        """
        connection.info.pop(PENDING, None)
        try:
            yield
            self._write(connection, connection.info.get(PENDING, Counter()))
        finally:
            # a lost connection has lost what was kept with it
            if not connection.invalidated:
                connection.info.pop(PENDING, None)

    def _write(self, connection: Connection, pending: Counter[str]) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        try:
            _add(connection, pending + taken)
        # what was counted outside of transactions goes with the next one
        except Exception:
            with self._lock:
                self._waiting += taken
            raise


def _add(connection: Connection, counted: Counter[str]) -> None:
    if not counted:
        return
    # in one order: else two processes might wait for each other's rows
    rows = [{"name": name, "value": value} for name, value in sorted(counted.items())]
    insert = insert_into(connection, counters).values(rows)
    grown = {"value": counters.c.value + insert.excluded.value}
    add = insert.on_conflict_do_update(index_elements=["name"], set_=grown)
    connection.execute(add)


@contextmanager
def undone_alone(connection: Connection) -> Iterator[None]:
    """Forget what was counted within when it raises."""
    before: Counter[str] = Counter(connection.info.get(PENDING, ()))
    try:
        yield
    except BaseException:
        if not connection.invalidated:
            connection.info[PENDING] = before
        raise


@dataclass(frozen=True)
class Tally:
    """One count by name and labels."""

    name: str
    labels: Mapping[str, str]
    value: int


class Metrics:
    """Counts and backlogs, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tallies(self) -> list[Tally]:
        """Return everything that was ever counted on this store."""
        query = select(counters.c.name, counters.c.value).where(
            counters.c.name.startswith(PREFIX, autoescape=True)
        )
        rows = self._connection.execute(query.order_by(counters.c.name))
        return [_read(name, value) for name, value in rows]

    def overdue(self, now: float, but: str = "") -> float:
        """Return how long the oldest notice waits that could have been sent, in seconds.

        Left out is what is for people of the kind ``but``, who can't be written to, and
        for those whom a channel itself asked to leave in peace for more than a minute.
        """
        held = outbox.alias("held")
        rests = (
            select(held.c.id)
            .where(held.c.state == "waiting", held.c.due_at > now + REST_S)
            .where(held.c.to == outbox.c.to, held.c.recipient == outbox.c.recipient)
        )
        waiting = select(func.min(outbox.c.queued_at)).where(
            outbox.c.state == "waiting", ~rests.exists()
        )
        waiting = waiting.where(outbox.c.to != but)
        oldest: float | None = self._connection.execute(waiting).scalar()
        if not oldest:
            return 0.0
        return max(0.0, now - oldest)

    def outbox_waiting(self) -> dict[str, int]:
        """Return how many notices wait by who they are for: master, client, admin."""
        query = (
            select(outbox.c.to, func.count())
            .where(outbox.c.state == "waiting")
            .group_by(outbox.c.to)
        )
        return self._counts(query)

    def updates_waiting(self) -> dict[str, int]:
        """Return how many updates of all channels wait to be handled, by bot."""
        query = (
            select(updates.c.bot, func.count())
            .where(updates.c.handled_at.is_(None))
            .group_by(updates.c.bot)
        )
        return self._counts(query)

    def parked(self) -> int:
        """Return how many writes Google refuses for good."""
        return self._count(select(journal).where(journal.c.state == "parked"))

    def unreachable(self) -> dict[str, int]:
        """Return how many people can't be written to, by kind: master, client."""
        query = select(unreachable.c.to, func.count()).group_by(unreachable.c.to)
        return self._counts(query)

    def rows(self) -> dict[str, int]:
        """Return how many rows the tables hold that grow with the work."""
        tables = (orders, history, outbox, journal, updates)
        return {table.name: self._count(select(table)) for table in tables}

    def _count(self, rows: Select[Any]) -> int:
        # without the second argument the table goes with its columns, and nothing is counted
        query = rows.with_only_columns(func.count(), maintain_column_froms=True)
        return self._connection.execute(query).scalar_one()

    def _counts(self, query: Select[Any]) -> dict[str, int]:
        rows = self._connection.execute(query)
        return {str(name): int(count) for name, count in rows}


def _read(name: str, value: int) -> Tally:
    bare, *pairs = name.removeprefix(PREFIX).split("|")
    labels: dict[str, str] = {}
    for pair in pairs:
        label, _, word = pair.partition("=")
        labels[label] = word
    return Tally(bare, labels, value)
