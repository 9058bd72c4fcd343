"""Opening the local store: the file or the server is reached, looked over, and brought
up to date.
"""

import os
import sqlite3
from contextlib import ExitStack, suppress
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

NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    # the server, too, soon notices that a machine is gone, and frees its locks
    "options": "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2",
}


def open_engine(url: str) -> Engine:
    """Return an engine for the store, its folder and tables made where they are
    missing, older tables migrated.

    Raises:
        StoreError: the place can't be reached or written, or the store is of a newer version.
    """
    where = make_url(url)
    try:
        engine = _watched(where)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(explained(where.render_as_string(), error)) from error
    return engine


def _watched(where: URL) -> Engine:
    """Open the store and watch its file; one that is replaced in between is opened once
    more.
    """
    engine = _whole(where)
    try:
        damage.watch_over(engine, _opened)
    except sqlite3.OperationalError:  # the tables of the new one are just being made
        engine.dispose()
        engine = _whole(where)
        damage.watch_over(engine, _opened)
    # what was opened before it was watched may be a file that was put aside since
    engine.dispose()
    return engine


def _whole(where: URL) -> Engine:
    """Open the store; a damaged file is put aside, and a new one begun with what could
    be saved of it.
    """
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
    # SQLite will say what is wrong; to its other files it gives the rights of this one
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        where, connect_args={"timeout": BUSY_S}, hide_parameters=True
    )
    _speak_sqlite(engine)
    return engine


def _server(where: URL) -> Engine:
    """Return an engine whose pool never keeps anybody waiting: who holds a turn needs
    another connection to write.
    """
    # for locks.py
    named = {
        "application_name": f"naryad {gethostname()[:20]} {os.getpid()} {token_hex(4)}"
    }
    given = {
        name: value
        for name, value in (NETWORK | named).items()
        if name not in where.query
    }
    engine = create_engine(
        where,
        pool_pre_ping=True,
        max_overflow=-1,
        connect_args=given,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, _Text)

    return engine


class _Text(Dumper):
    """What PostgreSQL takes for text: anything but NUL, which outsiders may send, and
    halves of characters.
    """

    def dump(self, obj: str) -> bytes:
        """Return it as the server shall read it."""
        return obj.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")


def _speak_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy sends BEGIN itself, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # an order given a number survives a power cut
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        readonly = connection.get_execution_options().get("readonly")
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
