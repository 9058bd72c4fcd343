"""What ops want to see in figures: what has been counted, and what waits.

Counts are kept in the store, since several processes work on one: each count is written
with a transaction that is made anyway, at its end and in one order, so that it costs no
commit and no process waits for another's count.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from record.store.schema import (
    counters,
    history,
    journal,
    orders,
    outbox,
    unreachable,
    updates,
)

PENDING = "naryad.tallies"
PREFIX = "tally."
BUCKETS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REST_S = 60.0


def tally(connection: Connection, name: str, by: int = 1, /, **labels: str) -> None:
    """Count something that is true when this transaction commits."""
    if by:
        connection.info.setdefault(PENDING, Counter())[_spelled(name, labels)] += by


def tally_seconds(
    connection: Connection, name: str, seconds: float, **labels: str
) -> None:
    """Count a duration: in its bucket (seconds, "+Inf" above the last), and in the sum
    of milliseconds.
    """
    bucket = next((f"{top:g}" for top in BUCKETS_S if seconds <= top), "+Inf")
    tally(connection, f"{name}_bucket", le=bucket, **labels)
    tally(connection, f"{name}_ms", max(1, round(seconds * 1000)), **labels)


def _spelled(name: str, labels: Mapping[str, str]) -> str:
    """Return name and labels as one key; a label is a word of ours and can't hold
    anything of a person.
    """
    words = (
        f"|{label}={re.sub(r'[^A-Za-z0-9_.+-]', '_', value)[:40]}"
        for label, value in sorted(labels.items())
    )
    return PREFIX + name + "".join(words)


class Tallies:
    """What one process has counted outside any transaction; written with its next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()

    def count(self, name: str, **labels: str) -> None:
        """Count something now."""
        with self._lock:
            self._waiting[_spelled(name, labels)] += 1

    @contextmanager
    def written(self, connection: Connection) -> Iterator[None]:
        """Write what was counted at the end of this transaction; what it counted itself
        goes when it fails.
        """
        connection.info.pop(PENDING, None)
        try:
            yield
            self._write(connection, connection.info.get(PENDING, Counter()))
        finally:
            # what was lost has taken along what was kept with it
            if not connection.invalidated:
                connection.info.pop(PENDING, None)

    def _write(self, connection: Connection, pending: Counter[str]) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        try:
            _add(connection, pending + taken)
        except Exception:
            with self._lock:
                self._waiting += taken
            raise


def _add(connection: Connection, counted: Counter[str]) -> None:
    if not counted:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [{"name": name, "value": value} for name, value in sorted(counted.items())]
    insert: Any = dialect.insert(counters).values(rows)
    grown = {"value": counters.c.value + insert.excluded.value}
    connection.execute(
        insert.on_conflict_do_update(index_elements=["name"], set_=grown)
    )


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
        return [
            _read(name, value)
            for name, value in self._connection.execute(query.order_by(counters.c.name))
        ]

    def overdue(self, now: float, but: str = "") -> float:
        """Return for how many seconds the oldest notice has waited that could have been
        sent.

        Left out is who Telegram itself asked to leave in peace for longer than a
        minute, with all that is for him, and what is for people of the kind ``but``,
        who can't be written to.
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
        oldest = self._connection.execute(waiting).scalar()
        return max(0.0, now - oldest) if oldest else 0.0

    def outbox_waiting(self) -> dict[str, int]:
        """Return how many notices wait by who they are for: master, client, admin."""
        query = (
            select(outbox.c.to, func.count())
            .where(outbox.c.state == "waiting")
            .group_by(outbox.c.to)
        )
        return self._counts(query)

    def updates_waiting(self) -> dict[str, int]:
        """Return how many updates of Telegram wait to be handled, by bot."""
        query = (
            select(updates.c.bot, func.count())
            .where(updates.c.handled_at.is_(None))
            .group_by(updates.c.bot)
        )
        return self._counts(query)

    def parked(self) -> int:
        """Return how many writes Google refuses for good."""
        query = (
            select(func.count()).select_from(journal).where(journal.c.state == "parked")
        )
        return self._connection.execute(query).scalar_one()

    def unreachable(self) -> dict[str, int]:
        """Return how many people Telegram can't reach, by kind: master, client."""
        return self._counts(
            select(unreachable.c.to, func.count()).group_by(unreachable.c.to)
        )

    def rows(self) -> dict[str, int]:
        """Return how many rows the tables hold that grow with the work."""
        tables = (orders, history, outbox, journal, updates)
        return {
            table.name: self._connection.execute(
                select(func.count()).select_from(table)
            ).scalar_one()
            for table in tables
        }

    def _counts(self, query: Select[Any]) -> dict[str, int]:
        return {
            str(name): int(count) for name, count in self._connection.execute(query)
        }


def _read(name: str, value: int) -> Tally:
    bare, *labels = name.removeprefix(PREFIX).split("|")
    return Tally(bare, dict(_pairs(labels)), value)


def _pairs(labels: Iterable[str]) -> Iterator[tuple[str, str]]:
    for label in labels:
        key, _, value = label.partition("=")
        yield key, value
