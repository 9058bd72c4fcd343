"""Exclusive locks of PostgreSQL, on a connection that is kept for each.

https://www.postgresql.org/docs/18/explicit-locking.html#ADVISORY-LOCKS
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from record.logs import get_logger
from record.store.locks.signs import Lock, Stillness, beating, pauses

log = get_logger(__name__)

KEY = "hashtext('naryad'), hashtext(:name)"
TRY_LOCK = text(f"SELECT pg_try_advisory_lock({KEY})")
UNLOCK = text(f"SELECT pg_advisory_unlock({KEY})")
# pg_locks shows the two hashes of a lock as numbers without a sign
HOLDER = text(
    "SELECT a.pid, a.application_name, a.backend_start, a.state_change FROM pg_locks l "
    "JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND l.classid::bigint = hashtext('naryad')::bigint & 4294967295 "
    "AND l.objid::bigint = hashtext(:name)::bigint & 4294967295"
)
# all its connections by the name that opening.py gave them: each may keep others waiting
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() "
    "AND (pid = :pid OR (application_name = :app AND application_name LIKE 'naryad %'))"
)


@contextmanager
def server_lock(
    engine: Engine, name: str, *, wait: bool, stillness: Stillness
) -> Iterator[Lock | None]:
    """Hold an advisory lock on a connection of its own; yield None where it is taken."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken_away = _take_server(connection, name, wait=wait, stillness=stillness)
        if taken_away is None:
            yield None
            return
        # a connection is for one thread at a time, and two ask whether it lives
        asking = threading.Lock()
        with beating(lambda: _answers(connection, asking)):
            try:
                yield Lock(lambda: _answers(connection, asking), taken_away=taken_away)
            finally:
                # where the connection is lost, so is the lock
                with asking, suppress(SQLAlchemyError):
                    connection.execute(UNLOCK, {"name": name})


def _take_server(
    connection: Connection, name: str, *, wait: bool, stillness: Stillness
) -> bool | None:
    """Return whether the lock was taken from one that stands still, None if not got.

    The server's record of the holder's last request is its sign of life.
    """
    named, taken_away = {"name": name}, False
    for pause in pauses():
        got = connection.execute(TRY_LOCK, named).scalar()
        if got:
            return taken_away
        holder = connection.execute(HOLDER, named).first()
        if holder and stillness.still(name, tuple(holder)):
            _cut(connection, name, holder)
            taken_away = True
        elif not wait and not taken_away:
            return None
        else:
            # also until the server has ended what was cut
            time.sleep(pause)
    raise AssertionError  # the pauses never end


def _cut(connection: Connection, name: str, holder: Any) -> None:
    """End all connections of a process that stands still, and with them its locks."""
    connection.execute(CUT, {"pid": holder.pid, "app": holder.application_name})
    log.warning("lock_taken_away", lock=name, why="its holder gives no sign of life")


def _answers(connection: Connection, asking: threading.Lock) -> bool:
    """Return whether the connection lives, and with it all the locks that it holds."""
    with asking:
        try:
            connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True
