"""The one local store: mirror, history, outbox, journal, claims.

It may be deleted: the sheet is the master record.

with store.transaction() as tx:      # commits together, or not at all
    tx.claims.take("17", "2")
    tx.journal.add(Write(…))
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from record.errors import StoreError
from record.store import engine, wakeups
from record.store.consents import Consents
from record.store.entry import Attempts, Links, Sessions
from record.store.facts import LEADER, Facts
from record.store.file import damage
from record.store.forgets import Forgets
from record.store.journal import Journal
from record.store.keepsakes import Keepsakes
from record.store.locks import Lock, Stillness, Turns, exclusive
from record.store.masters import Lists, Masters
from record.store.metrics import BUCKETS_S, Metrics, Tallies, Tally, undone_alone
from record.store.moving import Moving
from record.store.offers import Offers
from record.store.opening import open_engine
from record.store.order_files import OrderFiles
from record.store.order_rows import Stored
from record.store.orders import Orders
from record.store.outbox import Outbox, Told, Waiting
from record.store.people import Cards, Claims, Dialogs, Forms, Inbox
from record.store.persons import Persons
from record.store.pruning import Pruning
from record.store.search import Search
from record.store.staff import Staff, StaffEntries
from record.store.talks import Line, Speech, Talks
from record.store.upkeep import (
    Counters,
    Event,
    History,
    Quota,
    Resting,
    Run,
    Runs,
)
from record.store.wakeups import Watch

__all__ = [
    "BUCKETS_S", "Event", "Line", "Lock", "Run", "Speech", "Store", "Stored", "Tally", "Told", "Tx", "Waiting",
    "Watch",
]  # fmt: skip


class Tx:
    """One transaction, by noun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # the sheet as last read, and what is on its way there
        self.orders = Orders(connection)
        self.masters = Masters(connection)
        self.lists = Lists(connection)
        self.journal = Journal(connection)
        self.resting = Resting(connection)
        self.search = Search(connection)
        # people: what they did, and what they are told
        self.outbox = Outbox(connection)
        self.offers = Offers(connection)
        self.claims = Claims(connection)
        self.cards = Cards(connection)
        self.dialogs = Dialogs(connection)
        self.forms = Forms(connection)
        self.consents = Consents(connection)
        self.files = OrderFiles(connection)
        self.inbox = Inbox(connection)
        self.talks = Talks(connection)
        self.persons = Persons(connection)
        self.forgets = Forgets(connection)
        # the signed-in pages
        self.links = Links(connection)
        self.sessions = Sessions(connection)
        self.attempts = Attempts(connection)
        self.staff = Staff(connection)
        self.entries = StaffEntries(connection)
        # the system's own affairs
        self.history = History(connection)
        self.runs = Runs(connection)
        self.facts = Facts(connection)
        self.counters = Counters(connection)
        self.quota = Quota(connection)
        self.metrics = Metrics(connection)
        self.keepsakes = Keepsakes(connection)
        self.pruning = Pruning(connection)
        self.moving = Moving(connection)

    def savepoint(self) -> AbstractContextManager[object]:
        """Let what raises within be undone alone, not the whole transaction.

        Raises:
            StoreError: the connection was lost, and the whole transaction with it.
        """
        return _savepoint(self._connection)

    def wake(self, name: str) -> None:
        """Wake who waits for ``journal``, ``outbox`` or ``poll`` when this commits."""
        wakeups.wake(self._connection, name)


@contextmanager
def _savepoint(connection: Connection) -> Iterator[object]:
    try:
        with undone_alone(connection), connection.begin_nested() as nested:
            yield nested
    except DBAPIError:
        if not connection.invalidated:
            raise
        # nothing is left of the whole transaction
        with engine.explaining(connection.engine):
            raise


class Store:
    """The local store at a URL; safe to use from many threads and processes."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._turns = Turns(self._engine)
        self._stillness = Stillness()
        self._tallies = Tallies()
        self._leader = ""

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Give a transaction whose writes commit together, or not at all."""
        with (
            engine.transaction(self._engine) as connection,
            self._tallies.written(connection),
        ):
            tx = Tx(connection)
            # asked within each transaction: nothing can change between here and commit
            if self._leader and tx.facts.get(LEADER) != self._leader:
                raise StoreError(
                    "Опрос уже ведёт другой процесс worker run, этот остановлен"
                )
            yield tx

    def count(self, name: str, **labels: str) -> None:
        """Count something outside of transactions; the next one of this process keeps it."""
        self._tallies.count(name, **labels)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Give a view of one moment, for reading only; it keeps no writer waiting."""
        with engine.reading(self._engine) as connection:
            yield Tx(connection)

    def exclusive(
        self, name: str, *, wait: bool = True
    ) -> AbstractContextManager[Lock | None]:
        """Hold a lock between all processes; yields None where it is taken, if not ``wait``.

        It is freed however we end. Whoever holds it and stands still for some seconds
        loses it to who keeps asking, see record/store/locks.
        """
        lock = exclusive(self._engine, name, wait=wait, stillness=self._stillness)
        return engine.held(self._engine, lock)

    def led(self) -> "Store":
        """Begin to lead: return this store for the leader's use.

        It can write nothing once another has begun to lead. So a leader that was cut off,
        or frozen, and does not know yet that it was replaced, does no harm.
        """
        mine, name = copy(self), uuid4().hex
        mine._leader = name  # noqa: SLF001  a Store too
        with self.transaction() as tx:
            tx.facts.put(LEADER, name)
        return mine

    def turn(self, kind: str, key: str) -> AbstractContextManager[bool]:
        """Yield whether it is our turn with somebody; no other process has it meanwhile."""
        return engine.held(self._engine, self._turns.take(kind, key))

    def watch(self, *names: str) -> Watch:
        """Return something to wait on until one of these wake-ups comes."""
        with engine.explaining(self._engine):
            return Watch(self._engine, names)

    def when_replaced(self, then: Callable[[], None]) -> None:
        """Call this once when the file was found damaged or deleted, and replaced."""
        guard = damage.guard_of(self._engine)
        if guard:
            guard.then = then

    @property
    def replaced(self) -> bool:
        """Whether the file was replaced: nothing can be done with this object any more."""
        guard = damage.guard_of(self._engine)
        return guard is not None and guard.replaced

    def compact(self) -> None:
        """Let nothing that was deleted remain in the database's files.

        Damaged ones that were put aside are removed.
        """
        damage.drop_put_aside(self._engine)
        engine.compact(self._engine)

    def close(self) -> None:
        """Close all connections."""
        self._turns.close()
        guard = damage.guard_of(self._engine)
        if guard:
            guard.close()
        self._engine.dispose()
