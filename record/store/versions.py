"""Brings a store's tables to what this program expects: made anew, or migrated from
whatever version they are of.

    no tables ─▶ made as the schema says, stamped with the newest version
    tables, no stamp ─▶ a store from before there were migrations ─▶ 0001 ─▶ … ─▶ newest
    older stamp ─▶ … ─▶ newest            newest stamp ─▶ nothing to do, one query
    newer stamp ─▶ refused: this program does not know such a store

Each migration is a file in ``migrations/versions``; all that are due run in one
transaction.
"""

from pathlib import Path

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
from record.store.locks import exclusive
from record.store.orders import Orders
from record.store.schema import metadata

FOLDER = Path(__file__).parent / "migrations"
FIRST = "0001"
stamp = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)


def newest() -> str:
    """Return the version that this program's tables are of."""
    return max(known())


def known() -> frozenset[str]:
    """Return all versions that there ever were; migration files are called
    r<version>_<what>.py.
    """
    return frozenset(
        file.name[1:5] for file in (FOLDER / "versions").glob("r[0-9]*.py")
    )


def prepare(engine: Engine) -> None:
    """Make or migrate the tables; where they are of the newest version already, just
    look.

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
        else:
            _migrate(connection, _version(connection) if stamp.name in tables else None)


def _version_at_a_glance(engine: Engine) -> str | None:
    """Return the version, None where it is not to be seen for whatever reason; a closer
    look will tell it.
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
            "обновите Наряд или остановите его и удалите базу, всё восстановится из таблицы"
        )
    upgrade(connection, "head", since=version or FIRST, stamped=bool(version))
    Orders(connection).derive()


def upgrade(
    connection: Connection, to: str, *, since: str = "", stamped: bool = True
) -> None:
    """Run the migrations up to a version; one that is not ``stamped`` is of the version
    ``since``.
    """
    from alembic import command, config  # noqa: PLC0415  takes a third of a second, and is needed once a version

    given = config.Config(attributes={"connection": connection})
    given.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    if since and not stamped:
        command.stamp(given, since)
    command.upgrade(given, to)
