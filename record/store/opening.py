"""Opening the local store: it is reached, looked over, and brought up to date."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from typing import Any

from psycopg.adapt import Dumper
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from record.errors import StoreError
from record.store import versions
from record.store.engine import BUSY_S, explained
from record.store.file import damage

NETWORK: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    # the server, too, soon notices that a machine is gone, and frees its locks
    "options": "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2",
}


def open_engine(url: str) -> Engine:
    """Return an engine for the store.

    Its folder and tables are made where they are missing, older tables migrated.

    Raises:
        StoreError: the place can't be reached or written, or the store is of a newer version.
    """
    where = make_url(url)
    try:
        return _watched(where)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(explained(where, error)) from error


def _watched(where: URL) -> Engine:
    """Open the store and watch its file."""
    engine = _whole(where)
    try:
        damage.watch_over(engine, _opened)
    # replaced in between, and the tables of the new one are just being made
    except sqlite3.OperationalError:
        engine.dispose()
        engine = _whole(where)
        damage.watch_over(engine, _opened)
    # what was opened before it was watched may be a file that was put aside since
    engine.dispose()
    return engine


def _whole(where: URL) -> Engine:
    """Open the store; in place of a damaged file, a new one with what could be saved."""
    try:
        return _opened(where)
    except DBAPIError as error:
        if not damage.is_damage(error):
            raise
        cured = damage.cure(where, _opened)
        if cured is None:
            raise
        return cured


def _opened(where: URL) -> Engine:
    make = _sqlite if where.get_backend_name() == "sqlite" else _server
    engine = make(where)
    try:
        versions.prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _sqlite(where: URL) -> Engine:
    file = Path(where.database or "").absolute()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite will say what is wrong; to its other files it gives the rights of this one
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        where, connect_args={"timeout": BUSY_S}, hide_parameters=True
    )
    _speak_sqlite(engine)
    return engine


def _server(where: URL) -> Engine:
    # by this name locks/server.py ends all connections of a process that stands still
    name = f"naryad {gethostname()[:20]} {os.getpid()} {token_hex(4)}"
    arguments = NETWORK | {"application_name": name}
    # what store.url itself says goes before
    for given in where.query:
        arguments.pop(given, None)
    engine = create_engine(
        where,
        pool_pre_ping=True,
        # no limit: who holds a turn needs another connection to write, and would wait
        # for its own turn
        max_overflow=-1,
        connect_args=arguments,
        # errors are logged, and what people said must not be
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, _Text)

    return engine


class _Text(Dumper):
    """Text as PostgreSQL takes it: without NUL, and without halves of characters."""

    def dump(self, obj: str) -> bytes:
        """Return it as the server shall read it: outsiders may send anything."""
        return obj.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")


def _speak_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # Python's driver must begin nothing by itself: BEGIN is sent below
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # an order given a number survives a power cut
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # what is deleted is overwritten: a person asks to be forgotten
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        readonly = connection.get_execution_options().get("readonly")
        # IMMEDIATE takes the right to write at once: one that reads first and writes
        # later would fail where another has written in between
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
