"""Brings a store's tables to what this program expects, from whatever version they are.

    no tables ─▶ made as the schema says, stamped with the newest version
    tables, no stamp ─▶ a store from before there were migrations ─▶ 0001 ─▶ … ─▶ newest
    older stamp ─▶ … ─▶ newest            newest stamp ─▶ nothing to do, one query
    newer stamp ─▶ refused: this program does not know such a store
    older stamp, and the release before is at work on the file ─▶ refused

Each migration is a file in ``migrations/versions``; all that are due run in one
transaction.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError

from record.errors import StoreError
from record.store.facts import ALIVE
from record.store.locks import exclusive
from record.store.orders import Orders
from record.store.schema import facts, metadata

# a bot gives a sign of life every 15 s; older ones are of a number used again
FRESH_S = 40.0
FOLDER = Path(__file__).parent / "migrations"
FIRST = "0001"
stamp = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)


def newest() -> str:
    """Return the version that this program's tables are of."""
    return max(known())


def known() -> frozenset[str]:
    """Return all versions that there ever were, by the names of the migrations' files.

    They are called ``r<version>_<what>.py``.
    """
    files = (FOLDER / "versions").glob("r[0-9]*.py")
    return frozenset(file.name[1:5] for file in files)


def prepare(engine: Engine) -> None:
    """Make or migrate the tables; where they are up to date, only look.

    Raises:
        StoreError: the store is of a newer version than this program.
        SQLAlchemyError: the store can't be read or written.
    """
    if _version_at_a_glance(engine) == newest():
        return
    with exclusive(engine, "schema"), engine.begin() as connection:
        tables = frozenset(inspect(connection).get_table_names())
        if metadata.tables["orders"].name not in tables:
            _make(connection)
        elif stamp.name in tables:
            _migrate(connection, _version(connection))
        else:
            _migrate(connection, None)


def _version_at_a_glance(engine: Engine) -> str | None:
    """Return the version, None where it is not to be seen for whatever reason.

    Most starts need no more than this, and no lock.
    """
    try:
        with engine.connect().execution_options(readonly=True) as connection:
            return _version(connection)
    except DBAPIError:
        return None


def _version(connection: Connection) -> str | None:
    found: str | None = connection.execute(select(stamp.c.version_num)).scalar()
    return found


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    stamp.create(connection, checkfirst=True)
    connection.execute(stamp.delete())
    connection.execute(stamp.insert().values(version_num=newest()))


def _migrate(connection: Connection, version: str | None) -> None:
    if version and version not in known():
        raise StoreError(
            f"Локальная база новее этой программы (её версия {version}, программе известны до {newest()}): "
            "обновите Наряд. Если нужна именно старая: дождитесь новой, пока в worker status ничего не ждёт, "
            "остановите её и удалите базу; что ждало, пропадёт, остальное восстановится из таблицы"
        )
    if living := _at_work(connection):
        raise StoreError(
            f"С базой ещё работает прежняя версия ({', '.join(living)}): остановите все её процессы, "
            "потом запускайте новую"
        )
    upgrade(connection, "head", since=version or FIRST, stamped=bool(version))
    # a new column may be derived from others, and only Python knows how
    Orders(connection).derive()


def _at_work(connection: Connection) -> list[str]:
    """Return the processes of the release before that live and work on this file.

    They would read the new tables by their old meaning, and no error would tell them:
    SQLite compares a text with a number and finds nobody.
    """
    # a server's processes may be on other machines, where their numbers say nothing
    if connection.dialect.name != "sqlite":
        return []
    if not inspect(connection).has_table(facts.name):
        return []
    query = select(facts.c.name, facts.c.value).where(
        facts.c.name.startswith(ALIVE, autoescape=True)
    )
    return [
        name.removeprefix(ALIVE)
        for name, beat in connection.execute(query)
        if _lives(beat)
    ]


def _lives(beat: Mapping[str, Any]) -> bool:
    is_fresh = time.time() - beat["at"] < FRESH_S
    # a process that was replaced by its next version keeps its number
    if not is_fresh or beat["pid"] == os.getpid():
        return False
    try:
        os.kill(beat["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # it lives, and is another user's
        return True
    return True


def upgrade(
    connection: Connection, to: str, *, since: str = "", stamped: bool = True
) -> None:
    """Run the migrations up to a version; a store not ``stamped`` is of ``since``."""
    # alembic takes a third of a second to import, and is needed once a version
    from alembic import command, config  # noqa: PLC0415  see above

    given = config.Config(attributes={"connection": connection})
    # alembic reads "%" as the beginning of a variable
    given.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    if since and not stamped:
        command.stamp(given, since)
    command.upgrade(given, to)
