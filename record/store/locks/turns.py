"""Turns: one at a time for a key out of many, as a person or a chat."""

import fcntl
import threading
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from record.store.schema import turns
from record.store.statements import insert_into

TURNS = ".turns.lock"


class Turns:
    """One at a time for each key of a kind, over all processes; nobody waits for a turn."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bytes: _Bytes | None = None
        if engine.dialect.name == "sqlite":
            self._bytes = _Bytes(Path(f"{engine.url.database}{TURNS}"))

    def take(self, kind: str, key: str) -> AbstractContextManager[bool]:
        """Yield whether it is our turn: until the end, or the connection is lost.

        Raises:
            DBAPIError, OSError: it can't be asked for.
        """
        if self._bytes is not None:
            return self._bytes.hold(f"{kind} {key}")
        return _row(self._engine, kind, key)

    def close(self) -> None:
        """Give up all turns."""
        if self._bytes is not None:
            self._bytes.close()


@contextmanager
def _row(engine: Engine, kind: str, key: str) -> Iterator[bool]:
    """Hold a row that is there only while somebody holds it, or has just done so."""
    mine = (turns.c.kind == kind) & (turns.c.key == key)
    with engine.connect() as connection:
        row = insert_into(connection, turns).values(kind=kind, key=key)
        connection.execute(row.on_conflict_do_nothing())
        connection.commit()
        # SKIP LOCKED: nothing is found while another process holds the row
        free = select(turns.c.key).where(mine).with_for_update(skip_locked=True)
        if connection.execute(free).first() is None:
            connection.rollback()
            yield False
            return
        try:
            yield True
        finally:
            # where the connection is lost, so is the turn
            with suppress(SQLAlchemyError):
                connection.execute(turns.delete().where(mine))
                connection.commit()


class _Bytes:
    """Locks single bytes of one file, each standing for the keys that hash to it.

    Such a lock is a process's, not a thread's, and ends when the process closes the file
    anywhere: so there is one open file, and a list of what is taken.
    https://man7.org/linux/man-pages/man2/fcntl_locking.2.html
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._taken: set[int] = set()
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, key: str) -> Iterator[bool]:
        """Yield whether the key was free and is ours now."""
        place = zlib.crc32(key.encode())
        is_mine = self._take(place)
        try:
            yield is_mine
        finally:
            if is_mine:
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
