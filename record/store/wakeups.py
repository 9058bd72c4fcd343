"""How one process tells another that there is something to do, through the store alone.

With SQLite a waiting process looks at ``PRAGMA data_version``, which costs microseconds and changes when any other
connection commits (https://www.sqlite.org/pragma.html#pragma_data_version); only then does it read the bells. With
PostgreSQL the server says so itself (https://www.postgresql.org/docs/18/sql-notify.html).
"""

import threading
import time

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, PoolProxiedConnection, select, text
from sqlalchemy.exc import DBAPIError

from record.store.engine import reading, told
from record.store.schema import counters
from record.store.statements import upsert

STEP_S = 0.03
SERVER_STEP_S = 0.2
AGAIN_S = 1.0


def ring(connection: Connection, name: str) -> None:
    """Ring a bell when this transaction commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_notify(:channel, '')"), {"channel": _channel(name)}
        )
        return
    heard = connection.execute(
        select(counters.c.value).where(counters.c.name == f"bell.{name}")
    ).scalar()
    upsert(connection, counters, {"name": f"bell.{name}", "value": (heard or 0) + 1})


def _channel(name: str) -> str:
    return f"naryad.{name}"


class Watch:
    """Waits for bells to ring; remembers what it has heard, so that a ring between two
    waits is not missed.
    """

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._ear = (
            _Counted(engine, names)
            if engine.dialect.name == "sqlite"
            else _Notified(engine, names)
        )

    def wait(
        self, timeout: float, stop: threading.Event | None = None
    ) -> frozenset[str]:
        """Return which bells rang as soon as one does; none after ``timeout`` seconds
        or when ``stop`` is set.

        After the connection to a server was lost, all bells count as rung.
        """
        deadline = time.monotonic() + timeout
        rang = self._ear.rang(0)
        while (
            not rang
            and (left := deadline - time.monotonic()) > 0
            and not (stop and stop.is_set())
        ):
            rang = self._ear.rang(left, stop)
        return rang

    def close(self) -> None:
        """Give the connection back."""
        self._ear.close()


def _pause(seconds: float, stop: threading.Event | None) -> None:
    if stop:
        stop.wait(seconds)
    else:
        time.sleep(seconds)


class _Counted:
    """Hears bells by reading how often each has rung."""

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._engine = engine
        self._names = [f"bell.{name}" for name in names]
        self._connection = engine.raw_connection()
        self._version: object = None
        self._heard = self._read()

    def rang(
        self, patience: float, stop: threading.Event | None = None
    ) -> frozenset[str]:
        """Return which bells have rung, after a short pause where there is patience."""
        if patience:
            _pause(min(STEP_S, patience), stop)
        if not self._stirred():
            return frozenset()
        now, before = self._read(), self._heard
        self._heard = now
        return frozenset(
            name.removeprefix("bell.")
            for name, rings in now.items()
            if before.get(name) != rings
        )

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _stirred(self) -> bool:
        with told(self._engine):
            cursor = self._connection.cursor()
            version = cursor.execute("PRAGMA data_version").fetchone()
            cursor.close()
        stirred = bool(version != self._version)
        self._version = version
        return stirred

    def _read(self) -> dict[str, int]:
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(counters.c.name, counters.c.value).where(
                    counters.c.name.in_(self._names)
                )
            )
            return dict(rows.all())


class _Notified:
    """Hears bells on a connection of its own to which the server sends them; connects
    again when it is lost.
    """

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._engine = engine
        self._names = frozenset(names)
        self._kept: PoolProxiedConnection | None = None
        self._listen()

    def rang(
        self, patience: float, stop: threading.Event | None = None
    ) -> frozenset[str]:
        """Return which bells have rung, as soon as one does but after a short while at
        the latest.
        """
        try:
            if self._kept is None:
                self._listen()
                return self._names  # what rang meanwhile nobody knows
            return self._heard(_speaking(self._kept), min(SERVER_STEP_S, patience))
        except (psycopg.Error, DBAPIError):
            self.close()
            _pause(min(AGAIN_S, patience), stop)
            return frozenset()

    def close(self) -> None:
        """Hang up."""
        kept, self._kept = self._kept, None
        if kept:
            kept.close()

    def _listen(self) -> None:
        self._kept = self._engine.raw_connection()
        self._kept.detach()  # it is not for others any more, whatever they set in it
        connection = _speaking(self._kept)
        connection.autocommit = True
        for name in sorted(self._names):
            connection.execute(
                sql.SQL("LISTEN {}").format(sql.Identifier(_channel(name)))
            )

    def _heard(self, connection: psycopg.Connection, seconds: float) -> frozenset[str]:
        """Return what the server has to tell; asked anything, it tells first what was
        committed before.
        """
        if not seconds:
            connection.execute("SELECT 1")
        told = {
            notice.channel
            for notice in connection.notifies(timeout=seconds, stop_after=1)
        }
        told |= {notice.channel for notice in connection.notifies(timeout=0)}
        return frozenset(name for name in self._names if _channel(name) in told)


def _speaking(kept: PoolProxiedConnection) -> psycopg.Connection:
    """Return the driver's own connection, which alone can listen."""
    connection: psycopg.Connection = kept.dbapi_connection  # type: ignore[assignment]  # the pool knows any driver
    return connection
