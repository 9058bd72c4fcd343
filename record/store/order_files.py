"""What clients sent to a bot beside words: photos, voices. The messenger keeps the files."""

import time
from typing import NamedTuple

from sqlalchemy import Connection, select

from record.store.schema import order_files
from record.store.statements import insert_new


class OrderFile(NamedTuple):
    """A file of an order.

    ``sort`` is photo, voice …; ``file`` what the bot ``bot`` knows it by.
    """

    id: int
    sort: str
    file: str
    name: str
    bot: str


class OrderFiles:
    """The files of all orders."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, order_id: str, given: OrderFile, once: str) -> int | None:
        """Keep a file; return its number, None where this message was kept before."""
        values = {**given._asdict(), "order_id": order_id, "at": time.time()}
        del values["id"]
        if not insert_new(self._connection, order_files, {**values, "once": once}):
            return None
        query = select(order_files.c.id).where(order_files.c.once == once)
        return int(self._connection.execute(query).scalar_one())

    def of(self, order_id: str) -> list[OrderFile]:
        """Return the files of an order, oldest first."""
        columns = [order_files.c[name] for name in OrderFile._fields]
        query = select(*columns).where(order_files.c.order_id == order_id)
        rows = self._connection.execute(query.order_by(order_files.c.id))
        return [OrderFile(*row) for row in rows]
