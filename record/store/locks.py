"""Locks between processes and machines, which are freed when their holder dies, and
when it stands still.

    exclusive   one holder of a name: who leads, who flushes, who makes the tables
    turn        one at a time for a key out of many: who sends to this person, who answers in this chat

With SQLite these are locks on files beside the store. With PostgreSQL an exclusive lock is an advisory lock on a
connection that is kept for it, and a turn is a locked row, which the others pass over (SKIP LOCKED).
https://www.postgresql.org/docs/18/explicit-locking.html#ADVISORY-LOCKS

Neither the operating system nor the server takes a lock from a process that is stopped
or a container that is paused. So a holder gives a sign of life every second and a half;
who wants its lock and sees none for six, by a clock of his own, takes it away. The
holder finds out by :meth:`Lock.holds` before it acts.
"""

import fcntl
import os
import signal
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from record.logs import get_logger
from record.store.schema import turns

log = get_logger(__name__)

KEY = "hashtext('naryad'), hashtext(:name)"
BEAT_S = 1.5
STILL_S = 6.0
WRITE_BYTE = 120  # of SQLite's shared memory, locked by whoever writes
LOCKS = Path("/proc/locks")
TURNS = ".turns.lock"
GAP_S = 3.0  # who has not looked for so long was still himself, or had no need to
AGAIN_S = (0.002, 0.005, 0.01, 0.02)
HOLDER = text(
    "SELECT a.pid, a.application_name, a.backend_start, a.state_change FROM pg_locks l "
    "JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND l.classid::bigint = hashtext('naryad')::bigint & 4294967295 "
    "AND l.objid::bigint = hashtext(:name)::bigint & 4294967295"
)
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() "
    "AND (pid = :pid OR (application_name = :app AND application_name LIKE 'naryad %'))"
)


class Lock:
    """A lock that was got; it is lost when its file is deleted, or the connection that
    holds it.
    """

    def __init__(self, holds: Callable[[], bool], *, taken_away: bool = False) -> None:
        """``taken_away``: from a process that gave no sign of life."""
        self._holds = holds
        self.taken_away = taken_away

    def holds(self) -> bool:
        """Say whether the lock still is ours; asks the operating system or the server."""
        return self._holds()


class Stillness:
    """Since when the holder of each lock has given no sign of life, by this machine's
    own clock.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._seen: dict[str, tuple[object, float, float]] = {}

    def still(self, name: str, sign: object) -> bool:
        """Say whether this sign is the same for so long already; who looks must do so
        at least every few seconds.
        """
        now = time.monotonic()
        with self._guard:
            last, since, looked = self._seen.get(name, (None, now, now))
            if sign != last or now - looked > GAP_S:
                since = now
            self._seen[name] = (sign, since, now)
            return now - since >= STILL_S


@contextmanager
def exclusive(
    engine: Engine, name: str, *, wait: bool = True, stillness: Stillness | None = None
) -> Iterator[Lock | None]:
    """Hold a lock between all processes on this store; yield None where it is taken and
    ``wait`` is off.

    ``stillness`` remembers between calls what was seen of a holder.

    Raises:
        DBAPIError, OSError: the lock can't be asked for.
    """
    hold = _file_lock if engine.dialect.name == "sqlite" else _server_lock
    with hold(engine, name, wait=wait, stillness=stillness or Stillness()) as held:
        yield held


@contextmanager
def _beating(beat: Callable[[], object]) -> Iterator[None]:
    """Give signs of life from a thread of its own, which stands still only when the
    whole process does.
    """
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(BEAT_S):
            # lost; whoever acts by the lock finds out
            with suppress(OSError, ValueError, SQLAlchemyError):
                beat()

    threading.Thread(target=run, name="sign of life", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _pauses() -> Iterator[float]:
    yield from AGAIN_S
    while True:
        yield AGAIN_S[-1]


@contextmanager
def _file_lock(
    engine: Engine, name: str, *, wait: bool, stillness: Stillness
) -> Iterator[Lock | None]:
    path = Path(f"{engine.url.database}.{name}.lock")
    file, taken_away = _take_file(path, name, wait=wait, stillness=stillness)
    if file is None:
        yield None
        return
    with file, _beating(lambda: os.utime(file.fileno())):
        yield Lock(lambda: _still_there(file, path), taken_away=taken_away)


def _take_file(
    path: Path, name: str, *, wait: bool, stillness: Stillness
) -> tuple[IO[str] | None, bool]:
    """Return the locked file, None where another process has it, and whether it was
    taken from one that stands still.

    The file's time of change is its holder's sign of life.
    """
    taken_away = False
    for pause in _pauses():
        file = path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sign = _sign(os.fstat(file.fileno()))
            file.close()
            if stillness.still(name, sign):
                _put_aside(path, sign)
                taken_away = True
            elif not wait:
                return None, False
            else:
                time.sleep(pause)
            continue
        except BaseException:
            file.close()
            raise
        if _still_there(file, path):
            _sign_in(file)
            return file, taken_away
        file.close()
    raise AssertionError  # the pauses never end


@cache
def _named(process: int) -> bytes:
    """Return what a process writes into its lock files; one that was forked has a name
    of its own.
    """
    return f"{process} {uuid4().hex}".encode()


def _sign_in(file: IO[str]) -> None:
    """Say whose the lock is by now; on a full disk the time of change must do."""
    with suppress(OSError):
        file.truncate(0)
        os.write(file.fileno(), _named(os.getpid()))
    os.utime(file.fileno())


def _sign(found: os.stat_result) -> tuple[int, int]:
    return found.st_ino, found.st_mtime_ns


def _put_aside(path: Path, sign: tuple[int, int]) -> None:
    """Delete all lock files of a process that stands still, unless another has just
    done so; new ones are free.
    """
    with (
        path.with_name(f"{path.name}.broken").open("a") as guard,
        suppress(BlockingIOError, FileNotFoundError),
    ):
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _sign(path.stat()) != sign:
            return
        whose, store = path.read_bytes(), path.name.split(".")[0]
        others = path.parent.glob(f"{store}.*.lock") if whose else ()
        # opened and closed, our own would be lost
        alike = (one for one in others if not one.name.endswith(TURNS))
        for file in {path, *(one for one in alike if one.read_bytes() == whose)}:
            file.unlink()
            log.warning(
                "lock_taken_away",
                lock=file.name,
                why="its holder gives no sign of life",
            )
        _end_in_a_commit(path, whose)


def _end_in_a_commit(path: Path, whose: bytes) -> None:
    """Kill a process that stands still in the midst of writing to the store, since
    nobody else can write till then.

    SQLite finds out at the next opening that the commit never was. It is killed only
    where the number that it gave itself is the one by which the kernel knows who locks
    the file, so never one of another container.
    """
    number = whose.split()[0].decode() if whose else ""
    shared = path.with_name(path.name.split(".lock")[0].rpartition(".")[0] + "-shm")
    with suppress(OSError):
        if number and number in _writers(shared):
            os.kill(int(number), signal.SIGKILL)
            log.error(
                "frozen_process_killed",
                pid=int(number),
                why="it stood still in a commit",
            )


def _writers(shared: Path) -> set[str]:
    """Return the processes that hold SQLite's write lock, as Linux lists them;
    elsewhere nobody knows.

    Asking by fcntl would mean to open the file, and to lose all of SQLite's own locks on it by closing it again.
    https://www.sqlite.org/walformat.html#wal_locks, https://man7.org/linux/man-pages/man5/proc_locks.5.html
    """
    inode = str(shared.stat().st_ino)
    lines = [line.split() for line in LOCKS.read_text(encoding="ascii").splitlines()]
    held = [
        line
        for line in lines
        if "->" not in line and line[1] == "POSIX" and line[3] == "WRITE"
    ]
    mine = [line for line in held if line[5].rpartition(":")[2] == inode]
    return {line[4] for line in mine if _meets_write_byte(line[6], line[7])}


def _meets_write_byte(first: str, last: str) -> bool:
    """Say whether a range of bytes holds that of the writer; locks side by side are
    listed as one.
    """
    return int(first) <= WRITE_BYTE and (last == "EOF" or int(last) >= WRITE_BYTE)


def _still_there(file: IO[str], path: Path) -> bool:
    """Say whether nobody has deleted the file: another process would lock the one made
    in its place.
    """
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _server_lock(
    engine: Engine, name: str, *, wait: bool, stillness: Stillness
) -> Iterator[Lock | None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken_away = _take_server(connection, name, wait=wait, stillness=stillness)
        if taken_away is None:
            yield None
            return
        asking = threading.Lock()  # a connection is for one thread at a time
        with _beating(lambda: _answers(connection, asking)):
            try:
                yield Lock(lambda: _answers(connection, asking), taken_away=taken_away)
            finally:
                with asking, suppress(SQLAlchemyError):  # lost with its connection
                    connection.execute(
                        text(f"SELECT pg_advisory_unlock({KEY})"), {"name": name}
                    )


def _take_server(
    connection: Connection, name: str, *, wait: bool, stillness: Stillness
) -> bool | None:
    """Say whether the lock was taken from one that stands still, None where it was not
    got.

    The server's record of the holder's last request is its sign of life.
    """
    named, taken_away = {"name": name}, False
    for pause in _pauses():
        if connection.execute(
            text(f"SELECT pg_try_advisory_lock({KEY})"), named
        ).scalar():
            return taken_away
        holder = connection.execute(HOLDER, named).first()
        if holder and stillness.still(name, tuple(holder)):
            _cut(connection, name, holder)
            taken_away = True
        elif not wait and not taken_away:
            return None
        else:
            time.sleep(pause)  # also until the server has ended what was cut
    raise AssertionError  # the pauses never end


def _cut(connection: Connection, name: str, holder: Any) -> None:
    """End all connections of a process that stands still, and with them all that it
    keeps from others.
    """
    connection.execute(CUT, {"pid": holder.pid, "app": holder.application_name})
    log.warning("lock_taken_away", lock=name, why="its holder gives no sign of life")


def _answers(connection: Connection, asking: threading.Lock) -> bool:
    """Say whether the connection lives, and with it all the locks that it holds."""
    with asking:
        try:
            connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


class Turns:
    """One at a time for each key of a kind, over all processes on this store; nobody
    waits for his turn.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._here = (
            _Bytes(Path(f"{engine.url.database}{TURNS}"))
            if engine.dialect.name == "sqlite"
            else None
        )

    @contextmanager
    def take(self, kind: str, key: str) -> Iterator[bool]:
        """Say whether it is our turn; it is until the end, or until the connection is
        lost.

        Raises:
            DBAPIError, OSError: it can't be asked for.
        """
        with (
            self._here.hold(f"{kind} {key}")
            if self._here
            else _row(self._engine, kind, key) as mine
        ):
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
        connection.execute(
            insert(turns).values(kind=kind, key=key).on_conflict_do_nothing()
        )
        connection.commit()
        if (
            connection.execute(
                select(turns.c.key).where(mine).with_for_update(skip_locked=True)
            ).first()
            is None
        ):
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
