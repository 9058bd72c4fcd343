"""Exclusive locks on files beside the store, for SQLite."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO
from uuid import uuid4

from sqlalchemy import Engine

from record.logs import get_logger
from record.store.locks.signs import Lock, Stillness, beating, pauses
from record.store.locks.turns import TURNS

log = get_logger(__name__)

WRITE_BYTE = 120  # of SQLite's shared memory, locked by whoever writes
LOCKS = Path("/proc/locks")


@contextmanager
def file_lock(
    engine: Engine, name: str, *, wait: bool, stillness: Stillness
) -> Iterator[Lock | None]:
    """Hold a lock on a file beside the store; yield None where it is taken."""
    path = Path(f"{engine.url.database}.{name}.lock")
    file, taken_away = _take_file(path, name, wait=wait, stillness=stillness)
    if file is None:
        yield None
        return
    with file, beating(lambda: os.utime(file.fileno())):
        yield Lock(lambda: _still_there(file, path), taken_away=taken_away)


def _take_file(
    path: Path, name: str, *, wait: bool, stillness: Stillness
) -> tuple[IO[str] | None, bool]:
    """Return the locked file, and whether it was taken from a process that stands still.

    The file is None where another process has it. Its time of change is the holder's
    sign of life.
    """
    taken_away = False
    for pause in pauses():
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
        # whoever takes the lock away deletes its file: ours may be that deleted one
        if _still_there(file, path):
            _sign_in(file)
            return file, taken_away
        file.close()
    raise AssertionError  # the pauses never end


@cache
def _named(process: int) -> bytes:
    """Return what a process writes into its lock files; a forked one has its own name."""
    return f"{process} {uuid4().hex}".encode()


def _sign_in(file: IO[str]) -> None:
    """Write into the file whose the lock is by now."""
    # on a full disk the time of change must do
    with suppress(OSError):
        file.truncate(0)
        os.write(file.fileno(), _named(os.getpid()))
    os.utime(file.fileno())


def _sign(found: os.stat_result) -> tuple[int, int]:
    return found.st_ino, found.st_mtime_ns


def _put_aside(path: Path, sign: tuple[int, int]) -> None:
    """Delete all lock files of a process that stands still; new ones are free.

    Does nothing where another process has just done so.
    """
    with (
        path.with_name(f"{path.name}.broken").open("a") as guard,
        suppress(BlockingIOError, FileNotFoundError),
    ):
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _sign(path.stat()) != sign:
            return
        whose = path.read_bytes()
        for file in {path, *_files_of(whose, path)}:
            file.unlink()
            why = "its holder gives no sign of life"
            log.warning("lock_taken_away", lock=file.name, why=why)
        _kill_in_a_commit(path, whose)


def _files_of(whose: bytes, path: Path) -> Iterator[Path]:
    """Yield the lock files that a process has beside this one."""
    # on a full disk it could not write its name
    if not whose:
        return
    store = path.name.split(".")[0]
    for file in path.parent.glob(f"{store}.*.lock"):
        # to open and close the file of turns would free our own turns, see turns.py
        if file.name.endswith(TURNS):
            continue
        if file.read_bytes() == whose:
            yield file


def _kill_in_a_commit(path: Path, whose: bytes) -> None:
    """Kill a process that stands still while it writes to the store.

    Nobody else can write till then, and SQLite finds out at the next opening that the
    commit never was. It is killed only where the number that it gave itself is the one
    by which the kernel knows who locks the file: never one of another container.
    """
    if not whose:
        return
    number = whose.split()[0].decode()
    store = path.name.split(".lock")[0].rpartition(".")[0]
    with suppress(OSError):
        if number in _writers(path.with_name(f"{store}-shm")):
            os.kill(int(number), signal.SIGKILL)
            why = "it stood still in a commit"
            log.error("frozen_process_killed", pid=int(number), why=why)


def _writers(shared: Path) -> set[str]:
    """Return the numbers of the processes that hold SQLite's write lock.

    Linux lists all locks, one a line; elsewhere nobody knows:

        1: POSIX  ADVISORY  WRITE 1420 08:01:655 120 120

    Asking by fcntl would mean to open the file, and to lose all of SQLite's own locks on
    it by closing it again.
    https://www.sqlite.org/walformat.html#wal_locks
    https://man7.org/linux/man-pages/man5/proc_locks.5.html

    Raises:
        OSError: there is no such list, or no such file.
    """
    inode = str(shared.stat().st_ino)
    writers = set()
    for line in LOCKS.read_text(encoding="ascii").splitlines():
        # this one does not hold the lock, it waits for it
        if "->" in line:
            continue
        _, kind, _, mode, process, file, first, last, *_ = line.split()
        if (kind, mode) != ("POSIX", "WRITE"):
            continue
        if file.rpartition(":")[2] == inode and _holds_write_byte(first, last):
            writers.add(process)
    return writers


def _holds_write_byte(first: str, last: str) -> bool:
    # a process's locks on bytes side by side are listed as one range
    begins_before = int(first) <= WRITE_BYTE
    return begins_before and (last == "EOF" or int(last) >= WRITE_BYTE)


def _still_there(file: IO[str], path: Path) -> bool:
    """Return whether nobody has deleted the file that we locked.

    Another process would lock the one that is made in its place.
    """
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
