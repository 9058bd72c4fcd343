"""How one process tells another that there is something to do, through the store alone.

With SQLite a waiting process looks at ``PRAGMA data_version``, which costs microseconds and changes when any other
connection commits (https://www.sqlite.org/pragma.html#pragma_data_version); only then does it read the bells.
"""

import threading
import time

from sqlalchemy import Connection, Engine, select

from record.store.engine import reading, upsert
from record.store.schema import counters

STEP_S = 0.03


def ring(connection: Connection, name: str) -> None:
    """Ring a bell when this transaction commits."""
    heard = connection.execute(select(counters.c.value).where(counters.c.name == f"bell.{name}")).scalar()
    upsert(connection, counters, {"name": f"bell.{name}", "value": (heard or 0) + 1})


class Watch:
    """Waits for bells to ring; remembers what it has heard, so that a ring between two waits is not missed."""

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self._engine = engine
        self._names = [f"bell.{name}" for name in names]
        self._connection = engine.raw_connection() if engine.dialect.name == "sqlite" else None
        self._version: object = None
        self._heard = self._read()

    def wait(self, timeout: float, stop: threading.Event | None = None) -> frozenset[str]:
        """Return which bells rang as soon as one does; none after ``timeout`` seconds or when ``stop`` is set."""
        deadline = time.monotonic() + timeout
        while not (rang := self._rang()):
            left = deadline - time.monotonic()
            if left <= 0 or (stop and stop.is_set()):
                return rang
            if stop:
                stop.wait(min(STEP_S, left))
            else:
                time.sleep(min(STEP_S, left))
        return rang

    def close(self) -> None:
        """Give the connection back."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _rang(self) -> frozenset[str]:
        if not self._stirred():
            return frozenset()
        now, before = self._read(), self._heard
        self._heard = now
        return frozenset(name.removeprefix("bell.") for name, rings in now.items() if before.get(name) != rings)

    def _stirred(self) -> bool:
        if self._connection is None:
            return True
        cursor = self._connection.cursor()
        version = cursor.execute("PRAGMA data_version").fetchone()
        cursor.close()
        stirred = bool(version != self._version)
        self._version = version
        return stirred

    def _read(self) -> dict[str, int]:
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(counters.c.name, counters.c.value).where(counters.c.name.in_(self._names))
            )
            return dict(rows.all())
