"""What only the store knows and must outlive it: the daily copy takes it along, and an
empty store gets it back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from record.store.facts import Fact, Facts
from record.store.schema import consents, history, quiet

KEPT: dict[str, Table] = {"quiet": quiet, "consents": consents, "history": history}
NUMBER = "seq"  # of the history: given anew, since numbers of the new store follow
# changes up to this number were of a store before this one
BEFORE_US = Fact[int]("history_restored")
TOGETHER = 500
Rows = dict[str, list[dict[str, Any]]]


class Keepsakes:
    """Masters' wishes for quiet, clients' consents and orders' histories, within one
    transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self) -> Rows:
        """Return all of it, by table."""
        return {name: self._rows(table) for name, table in KEPT.items()}

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        first = next(iter(table.primary_key))
        return [
            dict(row)
            for row in self._connection.execute(
                select(table).order_by(first)
            ).mappings()
        ]

    def put_back(
        self, kept: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> dict[str, int]:
        """Put it into the tables that are empty; return how many rows each got."""
        done = {
            name: self._fill(table, kept.get(name, ())) for name, table in KEPT.items()
        }
        if done["history"]:
            last = self._connection.execute(
                select(func.max(history.c.seq))
            ).scalar_one()
            Facts(self._connection).put(BEFORE_US, last)
        return done

    def _fill(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
        if self._connection.execute(select(table).limit(1)).first() is not None:
            return 0
        wanted = [column.name for column in table.columns if column.name != NUMBER]
        whole = [
            {name: row[name] for name in wanted}
            for row in rows
            if row.keys() >= set(wanted)
        ]
        for start in range(0, len(whole), TOGETHER):
            self._connection.execute(table.insert(), whole[start : start + TOGETHER])
        return len(whole)
