"""Opening the local store: connections, transactions, locks between processes, and errors in plain Russian."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import Dumper
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from record.errors import StoreError
from record.store import damage, versions

Got = TypeVar("Got")
BUSY_S = 20
_TURNS = threading.Lock()
_turns: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()
IDLE_S = 30  # a machine that vanishes in the middle of a transaction keeps the others waiting no longer
NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    # the server, too, soon notices that a machine is gone, and frees its locks
    "options": "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2",
}
ONE_WRITER = text(
    "SELECT set_config('lock_timeout', :busy, true), set_config('idle_in_transaction_session_timeout', :idle, true), "
    "pg_advisory_xact_lock(hashtext('naryad'), hashtext('write'))"
).bindparams(busy=f"{BUSY_S}s", idle=f"{IDLE_S}s")


def open_engine(url: str) -> Engine:
    """Return an engine for the store, its folder and tables made where they are missing, older tables migrated.

    Raises:
        StoreError: the place can't be reached or written, or the store is of a newer version.
    """
    where = make_url(url)
    try:
        engine = _watched(where)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(_explain(where.render_as_string(), error)) from error
    return engine


def _watched(where: URL) -> Engine:
    """Open the store and watch its file; one that is replaced in between is opened once more."""
    engine = _whole(where)
    try:
        damage.watch_over(engine, _opened)
    except sqlite3.OperationalError:  # the tables of the new one are just being made
        engine.dispose()
        engine = _whole(where)
        damage.watch_over(engine, _opened)
    engine.dispose()  # what was opened before it was watched may be a file that was put aside since
    return engine


def _whole(where: URL) -> Engine:
    """Open the store; a damaged file is put aside, and a new one begun with what could be saved of it."""
    try:
        return _opened(where)
    except DBAPIError as error:
        cured = damage.cure(where, _opened) if damage.is_damage(error) else None
        if cured is None:
            raise
        return cured


def _opened(where: URL) -> Engine:
    engine = _sqlite(where) if where.get_backend_name() == "sqlite" else _server(where)
    with ExitStack() as failing:
        failing.callback(engine.dispose)
        versions.prepare(engine)
        failing.pop_all()
    return engine


def _sqlite(where: URL) -> Engine:
    file = Path(where.database or "").absolute()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):  # SQLite will say what is wrong; to its other files it gives the rights of this one
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(where, connect_args={"timeout": BUSY_S}, hide_parameters=True)
    _speak_sqlite(engine)
    return engine


def _server(where: URL) -> Engine:
    """Return an engine whose pool never keeps anybody waiting: who holds a turn needs another connection to write."""
    named = {"application_name": f"naryad {gethostname()[:20]} {os.getpid()} {token_hex(4)}"}  # for locks.py
    given = {name: value for name, value in (NETWORK | named).items() if name not in where.query}
    engine = create_engine(where, pool_pre_ping=True, max_overflow=-1, connect_args=given, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, _Text)

    return engine


class _Text(Dumper):
    """What PostgreSQL takes for text: anything but NUL, which outsiders may send, and halves of characters."""

    def dump(self, obj: str) -> bytes:
        """Return it as the server shall read it."""
        return obj.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")


def _speak_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy sends BEGIN itself, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # an order given a number survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        readonly = connection.get_execution_options().get("readonly")
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose writes commit together, or not at all.

    There is one writer at a time, as SQLite has it by nature: what was read in a transaction still holds when it
    commits, so whoever decides by it needs no thought of what others do meanwhile.

    Raises:
        StoreError: the store can't be written, said in one line.
    """
    with told(engine), _turn(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(ONE_WRITER)
        yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the threads of this process write to a file one after another, so that SQLite sees one writer a process.

    Left to themselves they sleep and look again, and of sixteen at once the last waits ten times as long.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _TURNS:
        turn = _turns.setdefault(engine, threading.Lock())
    if not turn.acquire(timeout=2 * BUSY_S):  # whoever has it may be waiting for another process
        raise StoreError(_explain(engine.url.render_as_string(), TimeoutError("locked")))
    try:
        yield
    finally:
        turn.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment of the store and keeps no writer waiting."""
    with told(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection.execution_options(readonly=True)


@contextmanager
def held(engine: Engine, lock: AbstractContextManager[Got]) -> Iterator[Got]:
    """Hold one of :mod:`record.store.locks`.

    Raises:
        StoreError: it can't be asked for, said in one line.
    """
    with told(engine), ExitStack() as holding:
        try:
            got = holding.enter_context(lock)
        except OSError as error:
            raise StoreError(_explain(engine.url.render_as_string(), error)) from error
        yield got


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Let what the database complains of be said in one line of Russian; a file that is not whole is replaced."""
    try:
        with damage.guarded(engine):
            yield
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:  # who listens for bells asks the driver itself
        raise StoreError(_explain(engine.url.render_as_string(), error)) from error


def upsert(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    """Insert a row, or bring the one with the same primary key up to date."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = _insert(connection, table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one like it (by any unique key) is there; say whether it was inserted."""
    statement = _insert(connection, table).values(values)
    made = connection.execute(statement.on_conflict_do_nothing().returning(*table.primary_key)).first()
    return made is not None


def _insert(connection: Connection, table: Table) -> Any:
    """Return the dialect's own INSERT, which alone knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _explain(url: str, error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error)
    hints = {
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
        "does not exist": "на сервере нет такой базы или пользователя: создайте их или поправьте store.url",
        "too many clients": "у сервера базы кончились подключения: увеличьте max_connections",
        "permission denied": "пользователю базы не хватает прав: сделайте его владельцем базы",
    }
    hint = next((text for mark, text in hints.items() if mark in reason), "проверьте store.url и место на диске")
    return f"Локальная база ({url}): {hint} ({' '.join(reason.split())})"
