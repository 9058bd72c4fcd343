"""What people agreed to: the version of the text on personal data, when, and where.

Never pruned, and taken along by the daily copy: a row names no person, only an order, a
master or a talk. So it stays as proof when the person is forgotten.
"""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from record.store.schema import consents
from record.store.statements import insert_new


@dataclass(frozen=True)
class Consent:
    """A consent: to which version of the text, in epoch seconds when, by which channel."""

    version: str
    at: float
    channel: str


# begins what the consents of visitors of the site's chat are kept under
OF_TALKS = "talk:"


def of_master(master_id: str) -> str:
    """Return what a master's consent is kept under."""
    return f"master:{master_id}"


def of_talk(talk: int) -> str:
    """Return what the consent of a visitor of the site's chat is kept under."""
    return f"{OF_TALKS}{talk}"


class Consents:
    """The consents given with orders, with a registration, in a talk."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, subject: str, version: str, channel: str) -> None:
        """Remember a consent; ``subject`` is an order's number, or what is above."""
        values = {"order_id": subject, "version": version, "channel": channel}
        insert_new(self._connection, consents, {**values, "at": time.time()})

    def move(self, subject: str, to: str) -> None:
        """Keep a consent under another number, which its person has been given."""
        mine = update(consents).where(consents.c.order_id == subject)
        self._connection.execute(mine.values(order_id=to))

    def of(self, subject: str) -> Consent | None:
        """Return the consent given with an order, a registration or in a talk."""
        query = select(consents.c.version, consents.c.at, consents.c.channel)
        row = self._connection.execute(
            query.where(consents.c.order_id == subject)
        ).first()
        if row is None:
            return None
        return Consent(row.version, row.at, row.channel)
