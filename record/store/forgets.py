"""Who is to be forgotten, and the proof of who was: no name, no phone, once it is done."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from record.dispatch.person import Person
from record.grid.worksheets import MASTERS, ORDERS
from record.store.schema import forgets

Whom = Mapping[str, Any]


@dataclass(frozen=True)
class Forget:
    """One forgetting: ``writing`` to the sheet, ``cleaning`` copies, ``compacting`` the
    files' free space, ``done``.

    ``whom`` names the person, until the files are compacted; ``counts`` how much was erased where.
    """

    id: int
    asked_at: float
    by: str
    state: str
    whom: Whom
    counts: Mapping[str, int]
    ended_at: float | None

    @property
    def orders(self) -> list[str]:
        """The numbers of his orders."""
        return list(self.whom.get("orders", ()))

    @property
    def masters(self) -> list[str]:
        """The numbers that he has as a master."""
        return list(self.whom.get("masters", ()))

    @property
    def renamed(self) -> list[str]:
        """The orders in whose «Мастер» his number takes the place of his name."""
        return list(self.whom.get("renamed", ()))

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """The rows of the sheet that are written: worksheet and ID."""
        orders = [(ORDERS, one) for one in (*self.orders, *self.renamed)]
        return orders + [(MASTERS, one) for one in self.masters]

    @property
    def person(self) -> Person:
        """The person, as texts name him."""
        told = {
            name: tuple(self.whom.get(name, ())) for name in ("texts", "chats", "keys")
        }
        return Person(self.whom.get("phone", ""), **told)


class Forgets:
    """All of them, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, print_: str, whom: Whom, by: str) -> int:
        """Remember whom to forget; return the number of the act."""
        values = {
            "print": print_,
            "asked_at": time.time(),
            "by": by,
            "state": "writing",
            "whom": dict(whom),
            "counts": {},
        }
        made = forgets.insert().values(values).returning(forgets.c.id)
        return int(self._connection.execute(made).scalar_one())

    def open(self) -> list[Forget]:
        """Return those that are not done, oldest first."""
        return self._all(forgets.c.state != "done")

    def get(self, number: int) -> Forget | None:
        """Return one of them."""
        return next(iter(self._all(forgets.c.id == number)), None)

    def latest(self, limit: int = 20) -> list[Forget]:
        """Return the last ones asked for by people, latest first."""
        found = self._all(forgets.c.print != "")
        return found[::-1][:limit]

    def _all(self, test: Any) -> list[Forget]:
        columns = [column for column in forgets.columns if column.name != "print"]
        query = select(*columns).where(test).order_by(forgets.c.id)
        return [Forget(**row) for row in self._connection.execute(query).mappings()]

    def cleaning(self, number: int, counts: Mapping[str, int]) -> None:
        """Note that sheet and store are free of the person."""
        self._set(number, state="cleaning", counts=dict(counts))

    def compacting(self, number: int, counts: Mapping[str, int]) -> None:
        """Note that only free space of the files may still hold whom it was about."""
        self._set(number, state="compacting", whom={}, counts=dict(counts))

    def done(self, number: int) -> None:
        """Note that all is done."""
        self._set(number, state="done", ended_at=time.time())

    def _set(self, number: int, **values: Any) -> None:
        mine = update(forgets).where(forgets.c.id == number)
        self._connection.execute(mine.values(values))

    def prints_since(self, at: float) -> set[str]:
        """Return the prints of the phones that were forgotten after a moment."""
        query = select(forgets.c.print).where(
            forgets.c.asked_at >= at, forgets.c.print != ""
        )
        return set(self._connection.execute(query).scalars())
