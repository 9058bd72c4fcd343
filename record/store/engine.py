"""Transactions of the local store, and its errors in plain Russian."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from record.errors import StoreError
from record.store.file import damage

Got = TypeVar("Got")
BUSY_S = 20
# so long a machine that vanishes in a transaction keeps the others waiting
IDLE_S = 30
# the right to write to an engine's file, among the threads of this process
_writing: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()
_WRITING_GUARD = threading.Lock()
ONE_WRITER = text(
    "SELECT set_config('lock_timeout', :busy, true), set_config('idle_in_transaction_session_timeout', :idle, true), "
    "pg_advisory_xact_lock(hashtext('naryad'), hashtext('write'))"
).bindparams(busy=f"{BUSY_S}s", idle=f"{IDLE_S}s")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose writes commit together, or not at all.

    There is one writer at a time, as SQLite has it by nature: what was read in a
    transaction still holds when it commits, so whoever decides by it needs no thought
    of what others do meanwhile.

    Raises:
        StoreError: the store can't be written, said in one line.
    """
    with explaining(engine), _one_writer(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(ONE_WRITER)
        yield connection


@contextmanager
def _one_writer(engine: Engine) -> Iterator[None]:
    """Let the threads of this process write to SQLite's file one after another."""
    # left to themselves they sleep and look again, and of sixteen at once the last one
    # waits ten times as long
    if engine.dialect.name != "sqlite":
        yield
        return
    with _WRITING_GUARD:
        writing = _writing.setdefault(engine, threading.Lock())
    # whoever has it may be waiting for another process
    if not writing.acquire(timeout=2 * BUSY_S):
        raise StoreError(explained(engine.url, TimeoutError("locked")))
    try:
        yield
    finally:
        writing.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment of the store and keeps no writer waiting."""
    with explaining(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection.execution_options(readonly=True)


def compact(engine: Engine) -> None:
    """Let nothing that was deleted remain in the database's files.

    Raises:
        StoreError: somebody kept it busy; done again later it does the same.
    """
    with explaining(engine), engine.connect() as connection:
        # neither can be done within a transaction
        raw = connection.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "sqlite":
            driver = raw.connection.driver_connection
            if driver is None:
                return
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return
        raw.execute(text(f"SET lock_timeout = '{BUSY_S}s'"))
        try:
            raw.execute(text("VACUUM FULL"))
        finally:
            # the connection goes on to others
            raw.execute(text("RESET lock_timeout"))


@contextmanager
def held(engine: Engine, lock: AbstractContextManager[Got]) -> Iterator[Got]:
    """Hold one of :mod:`record.store.locks`.

    Raises:
        StoreError: it can't be asked for, said in one line.
    """
    with explaining(engine), ExitStack() as holding:
        try:
            got = holding.enter_context(lock)
        except OSError as error:
            raise StoreError(explained(engine.url, error)) from error
        yield got


@contextmanager
def explaining(engine: Engine) -> Iterator[None]:
    """Let what the database complains of be said in one line of Russian.

    A file that is not whole is replaced.
    """
    try:
        with damage.guarded(engine):
            yield
    # the drivers' own errors too: who waits for a wake-up asks them directly
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        raise StoreError(explained(engine.url, error)) from error


UNLIKE = (
    "она устроена не так, как ждёт этот выпуск Наряда: перезапустите все его процессы, а если не поможет, "
    "покажите эту строку разработчику"
)
# the first sign that the reason contains decides
HINTS = {
    "readonly database": "нет права на запись: проверьте владельца папки и файла",
    "unable to open": "файл не открывается: проверьте путь и права на папку",
    "Permission denied": "нет права на запись: проверьте владельца папки и файла",
    "Read-only file system": "диск подключён только для чтения",
    "disk is full": "на диске кончилось место: освободите его",
    "No space left": "на диске кончилось место: освободите его",
    "malformed": "файл повреждён: остановите Наряд, удалите файл и запустите снова, всё восстановится из таблицы",
    "not a database": "это не база Наряда: удалите файл или укажите другой путь, всё восстановится из таблицы",
    "locked": "база занята другим процессом дольше обычного",
    "lock timeout": "база занята другим процессом дольше обычного",
    "refused": "сервер базы не отвечает: запустите его или поправьте store.url",
    "timeout": "сервер базы не отвечает: запустите его или поправьте store.url",
    "No such file": "сервер базы не отвечает: запустите его или поправьте store.url",
    "closed the connection": "сервер базы прервал связь: подождите, Наряд подключится снова сам",
    "terminating connection": "сервер базы прервал связь: подождите, Наряд подключится снова сам",
    "resolve host": "сервер базы не найден по имени: поправьте store.url",
    "password authentication": "сервер базы не принимает пароль: поправьте store.url",
    "operator does not exist": UNLIKE,
    'relation "': UNLIKE,
    'column "': UNLIKE,
    "function ": UNLIKE,
    "does not exist": "на сервере нет такой базы или пользователя: создайте их или поправьте store.url",
    "too many clients": "у сервера базы кончились подключения: увеличьте max_connections",
    "permission denied": "пользователю базы не хватает прав: сделайте его владельцем базы",
}


def explained(url: URL, error: Exception) -> str:
    """Return in one line of Russian what a database complains of, and what to do.

    The password of the address is left out.
    """
    reason = str(getattr(error, "orig", None) or error)
    hint = "проверьте store.url и место на диске"
    for sign, said in HINTS.items():
        if sign in reason:
            hint = said
            break
    place = url.render_as_string(hide_password=True)
    return f"Локальная база ({place}): {hint} ({' '.join(reason.split())})"
