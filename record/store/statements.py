"""Statements that SQLite and PostgreSQL each have their own words for."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
CHUNK = 500  # databases take only so many values in one statement


def upsert(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    """Insert a row, or bring the one with the same primary key up to date."""
    keys = [column.name for column in table.primary_key]
    others = {name: value for name, value in values.items() if name not in keys}
    statement = insert_into(connection, table).values(values)
    statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    connection.execute(statement)


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one like it is there by any unique key; return whether it was.

    One statement decides: of two processes that insert the same at once, one wins.
    """
    statement = insert_into(connection, table).values(values).on_conflict_do_nothing()
    made = connection.execute(statement.returning(*table.primary_key)).first()
    return made is not None


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT that knows ON CONFLICT, as SQLAlchemy's common one does not."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in parts that are not too many for one statement."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
