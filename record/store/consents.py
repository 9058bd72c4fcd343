"""What clients agreed to: the version of the text on personal data, and when.

Never pruned.
"""

import time

from sqlalchemy import Connection, select

from record.store.schema import consents
from record.store.statements import insert_new


class Consents:
    """The consent given with each order of the site's form."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, order_id: str, version: str) -> None:
        """Remember that this order came with consent to this version of the text."""
        values = {"order_id": order_id, "version": version, "at": time.time()}
        insert_new(self._connection, consents, values)

    def of(self, order_id: str) -> tuple[str, float] | None:
        """Return version and time of the consent given with an order."""
        query = select(consents.c.version, consents.c.at)
        row = self._connection.execute(
            query.where(consents.c.order_id == order_id)
        ).first()
        if row is None:
            return None
        return row.version, row.at
