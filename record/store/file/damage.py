"""A store's file that was damaged or deleted: noticed at once, replaced by a new one,
what waited in it saved. SQLite only.

    damaged ─▶ what can be read is saved ─▶ file put aside (…damaged-DATE) ─▶ new file, with what was saved
    deleted under a running process ─▶ what waits is saved from the file it still holds open ─▶ new file, likewise

Before and after every use a process looks whether the file at the store's place still
is the one it opened. Where it is not, nothing is done on the old one, nobody hears that
something was saved, and the process starts again.
"""

import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from record.errors import StoreError
from record.logs import get_logger
from record.store.facts import Restart
from record.store.file.salvage import Saved, put_in, take_out

log = get_logger(__name__)

Opening = Callable[[URL], Engine]
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# lock files that only a store that was at work has beside it
OURS = ("flush", "worker", "turns")
PARTS = ("", "-wal", "-shm")
KEPT = 3  # damaged files
REPLACED = "Файл локальной базы заменён новым: этот процесс начинает сначала"


def is_damage(error: BaseException) -> bool:
    """Return whether SQLite complains that the file is no whole database any more."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0) or 0
    return code & 0xFF in DAMAGED


def cure(where: URL, opening: Opening) -> Engine | None:
    """Put a damaged file aside and return a new store with what could be saved.

    Returns None where the file is not ours: store.url may name somebody else's file.
    """
    path = Path(where.database or "")
    if not any(path.with_name(f"{path.name}.{name}.lock").exists() for name in OURS):
        return None
    with _alone(path):
        # another process was faster
        if _is_sound(path):
            return opening(where)
        # put aside before it is read: whoever writes into it from now on finds out that
        # it does not count
        aside = _put_aside(path)
        saved = _read_apart(path.with_name(aside))
        return _replace(where, opening, "damaged", saved, aside)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.with_name(f"{path.name}.damage.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_sound(path: Path) -> bool:
    """Return whether the file is whole, by a look at all of it."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    return False


def _read_apart(path: Path) -> Saved:
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as connection:
        return take_out(connection)
    return Saved()


def _replace(
    where: URL, opening: Opening, why: str, saved: Saved, aside: str = ""
) -> Engine:
    engine = opening(where)
    restart = Restart(at=time.time(), why=why, aside=aside, writes=saved.writes)
    put_in(engine, saved, restart)
    log.error(
        "store_begun_anew",
        why=why,
        aside=aside,
        writes=saved.writes,
        updates=saved.count("updates"),
    )
    return engine


def _put_aside(path: Path) -> str:
    """Rename the file with all that belongs to it; return its new name.

    Of such files the last few are kept.
    """
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y-%m-%dT%H-%M-%S')}")
    for part in PARTS:
        with suppress(FileNotFoundError):
            Path(f"{path}{part}").rename(f"{aside}{part}")
    damaged = path.parent.glob(f"{path.name}.damaged-*")
    files = sorted(file for file in damaged if not file.name.endswith(PARTS[1:]))
    for old in files[:-KEPT]:
        _clear(old)
    return aside.name


def drop_put_aside(engine: Engine) -> None:
    """Remove the damaged files: whoever was forgotten may stand in them."""
    if engine.dialect.name != "sqlite":
        return
    path = Path(engine.url.database or "")
    for old in path.parent.glob(f"{path.name}.damaged-*"):
        with suppress(OSError):
            old.unlink()


def _clear(path: Path) -> None:
    """Remove a file with all that belongs to it.

    SQLite would take a write-ahead log that is left there for a new file's.
    """
    for part in PARTS:
        Path(f"{path}{part}").unlink(missing_ok=True)


class Guard:
    """Watches the file of one open store on behalf of its process."""

    def __init__(self, where: URL, opening: Opening) -> None:
        self._where = where
        self._opening = opening
        self._path = Path(where.database or "")
        self._kept = sqlite3.connect(
            self._path, check_same_thread=False, isolation_level=None
        )
        # a query opens the file and its log: what is deleted later can still be read
        self._kept.execute("SELECT count(*) FROM facts").fetchone()
        self._file = _identity(self._path)
        self._lock = threading.Lock()
        self.replaced = False
        self._closed = False
        self.then: Callable[[], None] = lambda: None

    def look(self) -> None:
        """Go on where the file still is the one that was opened.

        Raises:
            StoreError: it is not; by now there is a new one in its place.
        """
        is_same = _identity(self._path) == self._file
        if is_same and not self.replaced:
            return
        with self._lock:
            if not self.replaced and not self._closed:
                self._save_deleted()
                self._give_up()
        raise StoreError(REPLACED)

    def examine(self, error: BaseException) -> None:
        """Find out whether an error means that the file is damaged or gone.

        Raises:
            StoreError: it is; by now there is a new one in its place.
        """
        self.look()
        if not is_damage(error):
            return
        with self._lock:
            if self._closed:
                return
            # another thread may have done it while we waited
            if not self.replaced and not self._cured():
                return
            self._give_up()
        raise StoreError(REPLACED) from error

    def close(self) -> None:
        """Let go of the file; whatever becomes of it then is none of our business."""
        self._closed = True
        self._kept.close()

    def _save_deleted(self) -> None:
        with _alone(self._path):
            # another process may have put a new one there; sqlite3 makes an empty one
            if not self._path.exists() or self._path.stat().st_size == 0:
                saved = take_out(self._kept)
                _clear(self._path)
                _replace(self._where, self._opening, "deleted", saved).dispose()

    def _cured(self) -> bool:
        engine = cure(self._where, self._opening)
        if engine:
            engine.dispose()
        return engine is not None

    def _give_up(self) -> None:
        if self.replaced:
            return
        self.replaced = True
        log.error("store_replaced", file=self._path.name)
        self.then()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


_guards: WeakKeyDictionary[Engine, Guard] = WeakKeyDictionary()


def watch_over(engine: Engine, opening: Opening) -> None:
    """Watch the file of an open store from now on."""
    if engine.dialect.name == "sqlite":
        _guards[engine] = Guard(engine.url, opening)


def guard_of(engine: Engine) -> Guard | None:
    """Return who watches the file of a store; nobody where it is a server's."""
    return _guards.get(engine)


@contextmanager
def guarded(engine: Engine) -> Iterator[None]:
    """Let something be done only on the file that stands at the store's place.

    It counts only if the file still stands there afterwards.

    Raises:
        StoreError: the file was damaged or is gone, and has been replaced.
    """
    guard = _guards.get(engine)
    if guard:
        guard.look()
    try:
        yield
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if guard:
            guard.examine(error)
        raise
    if guard:
        guard.look()
