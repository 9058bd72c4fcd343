"""Looks straight into a store."""

from typing import Any

from sqlalchemy import create_engine, text


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows that a statement finds."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]
    finally:
        engine.dispose()
