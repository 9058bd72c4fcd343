"""Opening the local store: connections, transactions, locks between processes, and errors in plain Russian."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from record.errors import StoreError
from record.store.schema import metadata

BUSY_S = 20


def open_engine(url: str) -> Engine:
    """Return an engine for the store, its folder and tables made where they are missing.

    Raises:
        StoreError: the place can't be reached or written.
    """
    where = make_url(url)
    try:
        if where.get_backend_name() == "sqlite":
            Path(where.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(url, connect_args={"timeout": BUSY_S})
            _speak_sqlite(engine)
        else:
            engine = create_engine(url, pool_pre_ping=True)
        with exclusive(engine, "schema"):
            metadata.create_all(engine)
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(_explain(where.render_as_string(), error)) from error
    return engine


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

    Raises:
        StoreError: the store can't be written, said in one line.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DatabaseError as error:
        raise StoreError(_explain(engine.url.render_as_string(), error)) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment of the store and keeps no writer waiting."""
    try:
        with engine.connect().execution_options(readonly=True) as connection:
            yield connection
    except DatabaseError as error:
        raise StoreError(_explain(engine.url.render_as_string(), error)) from error


@contextmanager
def exclusive(engine: Engine, name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock between all processes on this store; yield False where it is taken and ``wait`` is off.

    The operating system (SQLite) or the server (PostgreSQL) frees it when the holder dies, however it dies.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(f"{engine.url.database}.{name}.lock"), wait=wait) as held:
            yield held
    else:
        with _server_lock(engine, name, wait=wait) as held:
            yield held


@contextmanager
def _file_lock(path: Path, *, wait: bool) -> Iterator[bool]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def _server_lock(engine: Engine, name: str, *, wait: bool) -> Iterator[bool]:
    call = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = connection.execute(text(f"SELECT {call}(hashtext(:name))"), {"name": f"naryad.{name}"}).scalar()
        try:
            yield held is not False
        finally:
            if held is not False:
                connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": f"naryad.{name}"})


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
        "refused": "сервер базы не отвечает: запустите его или поправьте store.url",
    }
    hint = next((text for mark, text in hints.items() if mark in reason), "проверьте store.url и место на диске")
    return f"Локальная база ({url}): {hint} ({' '.join(reason.split())})"
