"""What only the store knows and must outlive it.

The daily copy takes it along, and an empty store gets it back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from record.store.facts import Fact, Facts
from record.store.schema import consents, forgets, history, quiet, staff
from record.store.statements import chunks
from record.values.actors import Actor

KEPT: dict[str, Table] = {
    "quiet": quiet,
    "consents": consents,
    "history": history,
    "staff": staff,
    "forgets": forgets,
}
# not put back, since the numbers of the new store go on
NUMBERS = frozenset({history.c.seq, forgets.c.id})
# changes up to this number were of a store before this one
BEFORE_US = Fact[int]("history_restored")
Rows = dict[str, list[dict[str, Any]]]


class Keepsakes:
    """Masters' wishes for quiet, clients' consents, orders' histories, the panel's staff."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self) -> Rows:
        """Return all of it, by table."""
        return {name: self._rows(table) for name, table in KEPT.items()}

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        (key,) = table.primary_key
        rows = self._connection.execute(select(table).order_by(key)).mappings()
        return [_plain(dict(row)) for row in rows]

    def put_back(
        self, kept: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> dict[str, int]:
        """Put it into the tables that are empty; return how many rows each got."""
        done: dict[str, int] = {}
        for name, table in KEPT.items():
            done[name] = self._fill(table, kept.get(name, ()))
        if done["history"]:
            newest = select(func.max(history.c.seq))
            last = self._connection.execute(newest).scalar_one()
            Facts(self._connection).put(BEFORE_US, last)
        return done

    def _fill(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
        # what the store knows by itself is newer than any copy
        if self._connection.execute(select(table).limit(1)).first() is not None:
            return 0
        wanted = {column.name for column in table.columns if column not in NUMBERS}
        # a copy that an older release made may lack a column; the table knows what
        # stands there then, or the row is no use
        known = {column.name for column in table.columns if column.server_default}
        usable = [row for row in rows if row.keys() >= wanted - known]
        whole = [_only(row, wanted & row.keys()) for row in usable]
        for some in chunks(whole):
            self._connection.execute(table.insert(), some)
        return len(whole)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a copy holds it: who did something stands in words there."""
    for name, value in row.items():
        if isinstance(value, Actor):
            row[name] = str(value)
    return row


def _only(row: Mapping[str, Any], wanted: set[str]) -> dict[str, Any]:
    return {name: row[name] for name in wanted}
