"""How one process wakes another, through the store alone.

With SQLite a waiting process looks at ``PRAGMA data_version``, which costs microseconds
and changes when any other connection commits; only then does it read how often each
wake-up was called. With PostgreSQL the server sends notifications.
https://www.sqlite.org/pragma.html#pragma_data_version
https://www.postgresql.org/docs/18/sql-notify.html
"""

import threading
import time

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, PoolProxiedConnection, select, text
from sqlalchemy.exc import DBAPIError

from record.store.engine import explaining, reading
from record.store.schema import counters
from record.store.statements import upsert

# how long a wake-up may go unnoticed
STEP_S = 0.03
# the server speaks at once; this only bounds how late we see that we are to stop
SERVER_STEP_S = 0.2
AGAIN_S = 1.0
# wake-ups were called bells; stores in use count them under that name
STORED = "bell."


def wake(connection: Connection, name: str) -> None:
    """Wake whoever waits for this name when the transaction commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_notify(:channel, '')"), {"channel": _channel(name)}
        )
        return
    stored = STORED + name
    before = connection.execute(
        select(counters.c.value).where(counters.c.name == stored)
    ).scalar()
    upsert(connection, counters, {"name": stored, "value": (before or 0) + 1})


def _channel(name: str) -> str:
    return f"naryad.{name}"


class Watch:
    """Waits for wake-ups; one that comes between two waits is not missed."""

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._source: _FileWakeups | _ServerWakeups
        if engine.dialect.name == "sqlite":
            self._source = _FileWakeups(engine, names)
        else:
            self._source = _ServerWakeups(engine, names)

    def wait(
        self, timeout: float, stop: threading.Event | None = None
    ) -> frozenset[str]:
        """Return the wake-ups that came, as soon as one does.

        Returns none after ``timeout`` seconds or when ``stop`` is set, and all of them
        after the connection to a server was lost.
        """
        deadline = time.monotonic() + timeout
        woken = self._source.woken(0)
        while not woken:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            if stop is not None and stop.is_set():
                break
            woken = self._source.woken(left, stop)
        return woken

    def close(self) -> None:
        """Give the connection back."""
        self._source.close()


def _pause(seconds: float, stop: threading.Event | None) -> None:
    if stop is not None:
        stop.wait(seconds)
    else:
        time.sleep(seconds)


class _FileWakeups:
    """Reads from a file how often each wake-up was called."""

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._engine = engine
        self._stored = [STORED + name for name in names]
        # data_version counts what others commit since one connection last looked
        self._connection = engine.raw_connection()
        self._version: object = None
        self._counts = self._read()

    def woken(
        self, patience: float, stop: threading.Event | None = None
    ) -> frozenset[str]:
        """Return the wake-ups that came, after a short pause where there is patience."""
        if patience:
            _pause(min(STEP_S, patience), stop)
        if not self._has_changed():
            return frozenset()
        before, self._counts = self._counts, self._read()
        names = set()
        for stored, count in self._counts.items():
            if before.get(stored) != count:
                names.add(stored.removeprefix(STORED))
        return frozenset(names)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _has_changed(self) -> bool:
        with explaining(self._engine):
            cursor = self._connection.cursor()
            version = cursor.execute("PRAGMA data_version").fetchone()
            cursor.close()
        before, self._version = self._version, version
        return bool(version != before)

    def _read(self) -> dict[str, int]:
        mine = counters.c.name.in_(self._stored)
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(counters.c.name, counters.c.value).where(mine)
            )
            return dict(rows.all())


class _ServerWakeups:
    """Listens on a connection of its own, and connects again when that is lost."""

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._engine = engine
        self._names = frozenset(names)
        self._kept: PoolProxiedConnection | None = None
        self._listen()

    def woken(
        self, patience: float, stop: threading.Event | None = None
    ) -> frozenset[str]:
        """Return the wake-ups that came, after a short while at the latest."""
        try:
            if self._kept is None:
                self._listen()
                # nobody knows what came meanwhile, so all that waits is looked through
                return self._names
            connection = _driver_connection(self._kept)
            return self._notified(connection, min(SERVER_STEP_S, patience))
        except (psycopg.Error, DBAPIError):
            self.close()
            _pause(min(AGAIN_S, patience), stop)
            return frozenset()

    def close(self) -> None:
        """Hang up."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _listen(self) -> None:
        self._kept = self._engine.raw_connection()
        # it goes back to no pool: it listens, and commits by itself
        self._kept.detach()
        connection = _driver_connection(self._kept)
        connection.autocommit = True
        for name in sorted(self._names):
            channel = sql.Identifier(_channel(name))
            connection.execute(sql.SQL("LISTEN {}").format(channel))

    def _notified(
        self, connection: psycopg.Connection, seconds: float
    ) -> frozenset[str]:
        if not seconds:
            # asked anything, the server first sends what was committed before
            connection.execute("SELECT 1")
        channels = set()
        for notice in connection.notifies(timeout=seconds, stop_after=1):
            channels.add(notice.channel)
        for notice in connection.notifies(timeout=0):
            channels.add(notice.channel)
        return frozenset(name for name in self._names if _channel(name) in channels)


def _driver_connection(kept: PoolProxiedConnection) -> psycopg.Connection:
    """Return the driver's own connection, since only that can listen."""
    connection: psycopg.Connection = kept.dbapi_connection  # type: ignore[assignment]  # the pool knows any driver
    return connection
