"""Locks between processes and machines, which the operating system or the server frees when their holder dies.

    exclusive   one holder of a name: who leads, who flushes, who makes the tables
    turn        one at a time for a key out of many: who sends to this person, who answers in this chat

With SQLite these are locks on files beside the store. With PostgreSQL an exclusive lock is an advisory lock on a
connection that is kept for it, and a turn is a locked row, which the others pass over (SKIP LOCKED).
https://www.postgresql.org/docs/18/explicit-locking.html#ADVISORY-LOCKS
"""

import fcntl
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from record.store.schema import turns

KEY = "hashtext('naryad'), hashtext(:name)"


class Lock:
    """A lock that was got; it is lost when its file is deleted, or the connection that holds it."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        self._holds = holds

    def holds(self) -> bool:
        """Say whether the lock still is ours; asks the operating system or the server."""
        return self._holds()


@contextmanager
def exclusive(engine: Engine, name: str, *, wait: bool = True) -> Iterator[Lock | None]:
    """Hold a lock between all processes on this store; yield None where it is taken and ``wait`` is off.

    Raises:
        DBAPIError, OSError: the lock can't be asked for.
    """
    hold = _file_lock if engine.dialect.name == "sqlite" else _server_lock
    with hold(engine, name, wait=wait) as held:
        yield held


@contextmanager
def _file_lock(engine: Engine, name: str, *, wait: bool) -> Iterator[Lock | None]:
    path = Path(f"{engine.url.database}.{name}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield Lock(lambda: _still_there(file, path))


def _still_there(file: IO[str], path: Path) -> bool:
    """Say whether nobody has deleted the file: another process would lock the one made in its place."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _server_lock(engine: Engine, name: str, *, wait: bool) -> Iterator[Lock | None]:
    call, values = "pg_advisory_lock" if wait else "pg_try_advisory_lock", {"name": name}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.execute(text(f"SELECT {call}({KEY})"), values).scalar() is False:
            yield None
            return
        try:
            yield Lock(lambda: _answers(connection))
        finally:
            with suppress(SQLAlchemyError):  # lost with its connection
                connection.execute(text(f"SELECT pg_advisory_unlock({KEY})"), values)


def _answers(connection: Connection) -> bool:
    """Say whether the connection lives, and with it all the locks that it holds."""
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


class Turns:
    """One at a time for each key of a kind, over all processes on this store; nobody waits for his turn."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._here = _Bytes(Path(f"{engine.url.database}.turns.lock")) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def take(self, kind: str, key: str) -> Iterator[bool]:
        """Say whether it is our turn; it is until the end, or until the connection is lost.

        Raises:
            DBAPIError, OSError: it can't be asked for.
        """
        with self._here.hold(f"{kind} {key}") if self._here else _row(self._engine, kind, key) as mine:
            yield mine

    def close(self) -> None:
        """Give up all turns."""
        if self._here:
            self._here.close()


@contextmanager
def _row(engine: Engine, kind: str, key: str) -> Iterator[bool]:
    """Hold a row that is there only while somebody holds it, or has just done so."""
    mine = (turns.c.kind == kind) & (turns.c.key == key)
    with engine.connect() as connection:
        connection.execute(insert(turns).values(kind=kind, key=key).on_conflict_do_nothing())
        connection.commit()
        if connection.execute(select(turns.c.key).where(mine).with_for_update(skip_locked=True)).first() is None:
            connection.rollback()
            yield False
            return
        try:
            yield True
        finally:
            with suppress(SQLAlchemyError):  # lost with its connection
                connection.execute(turns.delete().where(mine))
                connection.commit()


class _Bytes:
    """Locks single bytes of one file, each standing for the keys that hash to it.

    Such a lock is a process's, not a thread's, and ends when the process closes the file anywhere
    (https://man7.org/linux/man-pages/man2/fcntl_locking.2.html): so there is one file, and a list of what is taken.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._taken: set[int] = set()
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, key: str) -> Iterator[bool]:
        """Say whether the key was free and is ours now."""
        place = zlib.crc32(key.encode())
        mine = self._take(place)
        try:
            yield mine
        finally:
            if mine:
                self._free(place)

    def _take(self, place: int) -> bool:
        with self._guard:
            if self._file is None:
                self._file = self._path.open("w")
            if place in self._taken:
                return False
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):
                return False
            self._taken.add(place)
            return True

    def _free(self, place: int) -> None:
        with self._guard:
            self._taken.discard(place)
            if self._file:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def close(self) -> None:
        """Free all that is taken."""
        with self._guard:
            if self._file:
                self._file.close()
            self._file = None
            self._taken.clear()
