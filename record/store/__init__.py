"""The one local store: mirror, history, outbox, journal, claims. Disposable: the sheet is the master record.

with store.transaction() as tx:      # commits together, or not at all
    tx.claims.take("17", "2")
    tx.journal.add(Write(…))
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property

from sqlalchemy import Connection

from record.store import bells, engine
from record.store.bells import Watch
from record.store.journal import Journal
from record.store.masters import Lists, Masters
from record.store.orders import Orders, Stored, with_cells
from record.store.outbox import Outbox, Waiting
from record.store.people import Cards, Claims, Dialogs, Forms, Inbox
from record.store.upkeep import Counters, Event, Facts, History, Quota, Resting, Run, Runs
from record.writes import Write

__all__ = ["Event", "Run", "Store", "Stored", "Tx", "Waiting", "Watch", "Write", "with_cells"]


class Tx:
    """One transaction, by noun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.orders = Orders(connection)
        self.masters = Masters(connection)
        self.lists = Lists(connection)
        self.journal = Journal(connection)
        self.outbox = Outbox(connection)
        self.claims = Claims(connection)
        self.cards = Cards(connection)
        self.dialogs = Dialogs(connection)
        self.forms = Forms(connection)
        self.inbox = Inbox(connection)

    @cached_property
    def history(self) -> History:
        """What happened to each order."""
        return History(self._connection)

    @cached_property
    def runs(self) -> Runs:
        """The log of scheduled runs."""
        return Runs(self._connection)

    @cached_property
    def facts(self) -> Facts:
        """Small named facts."""
        return Facts(self._connection)

    @cached_property
    def counters(self) -> Counters:
        """Numbers that only grow."""
        return Counters(self._connection)

    @cached_property
    def quota(self) -> Quota:
        """The token bucket of all processes."""
        return Quota(self._connection)

    @cached_property
    def resting(self) -> Resting:
        """Rows typed by hand that have no ID yet."""
        return Resting(self._connection)

    def savepoint(self) -> AbstractContextManager[object]:
        """Let what is done within be undone alone, without the rest of the transaction, when it raises."""
        return self._connection.begin_nested()

    def ring(self, bell: str) -> None:
        """Wake whoever waits for this bell (journal, outbox, poll) when the transaction commits."""
        bells.ring(self._connection, bell)


class Store:
    """The local store at a URL; safe to use from many threads and processes."""

    def __init__(self, url: str) -> None:
        self._engine = engine.open_engine(url)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Give a transaction whose writes commit together, or not at all."""
        with engine.transaction(self._engine) as connection:
            yield Tx(connection)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Give a view of one moment, for reading only; it keeps no writer waiting."""
        with engine.reading(self._engine) as connection:
            yield Tx(connection)

    def exclusive(self, name: str, *, wait: bool = True) -> AbstractContextManager[bool]:
        """Hold a lock between all processes; yields False where it is taken and ``wait`` is off."""
        return engine.exclusive(self._engine, name, wait=wait)

    def watch(self, *names: str) -> Watch:
        """Return something to wait on until one of these bells rings."""
        return Watch(self._engine, names)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
