"""What all parts of one poll share: the transaction, the moment, what is known.

Each part first *looks*: it reads what people typed, with a view of the store that keeps
nobody waiting. Then, within the one transaction, it *commits* what that means. Nothing
is read there any more, since all other writers wait meanwhile.
"""

from datetime import datetime

from record.dispatch.model import Roster
from record.dispatch.notices import Notice
from record.dispatch.reach import Reach
from record.dispatch.reading import Clues
from record.grid.identity import Known
from record.grid.layout import Row
from record.grid.overlay import overlaid
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.settings import Settings
from record.store import Tx
from record.store.facts import BASELINE
from record.values import Categories
from record.watch import admin_chat
from record.watch.alerts import Alerts
from worker.poll.own_writes import OwnWrites
from worker.poll.quarantine import Quarantine


class PollStep:
    """One poll, as its parts see it; the parts bring it up to date as they go."""

    def __init__(  # noqa: PLR0913  all that a poll knows before it looks
        self,
        tx: Tx,
        settings: Settings,
        known: dict[str, Known],
        *,
        read_at: float,
        quarantine: Quarantine,
        own_writes: OwnWrites,
        reach_before: Reach | None,
    ) -> None:
        """``read_at``: when the reading began, in epoch seconds.

        ``reach_before``: who could be written to at the last poll, None if not known.
        """
        self.tx = tx
        self.settings = settings
        self.read_at = read_at
        self.quarantine = quarantine
        self.own_writes = own_writes
        # local wall clock, since people type moments of their own day
        local = datetime.fromtimestamp(read_at, settings.zone)
        self.clock = local.replace(tzinfo=None)
        self.region = settings.company.default_region

        # What the store knows
        self.known = known
        self.first = not tx.facts.get(BASELINE)
        self.writes: list[Write] = tx.journal.unechoed()
        self.troubles = Alerts(tx, settings, "orders")
        self.reach = tx.masters.reach()
        self.changed_clients, self.changed_masters = self.reach.changed(reach_before)

        # What «Мастера» and «Услуги» say in this reading
        self.roster = Roster()
        self.roster_changed = False
        # masters whose «Telegram» came, went or is another
        self.reconnected: set[str] = set()
        # masters who were active, and are not any more or gone
        self.lost_masters: set[str] = set()
        self.categories = Categories()
        self.categories_changed = False

        # What came of this poll
        self.changes = 0
        self.notices = 0
        self.resting = 0
        self.poll_again = False
        self.failed: set[str] = set()
        self.aside: set[str] = set()

    def begin_commit(self, tx: Tx) -> bool:
        """Go on within a transaction; return whether the store is still the same one.

        Only polls write what was looked at, and only one process polls. But the file of
        the store may have been replaced between looking and committing.
        """
        self.tx = tx
        self.writes = tx.journal.unechoed()
        self.troubles = Alerts(tx, self.settings, "orders")
        return self.first == (not tx.facts.get(BASELINE))

    def clues(self, *, past: bool, was: Row | None = None) -> Clues:
        """Return what helps to understand a row; ``was``: how it stood before."""
        # nobody knows on which day a row from the past was typed
        today = None if past else self.clock.date()
        return Clues(today, self.categories, was)

    def writes_to(self, title: str) -> list[Write]:
        """Return the writes to a worksheet that no poll has seen yet, oldest first."""
        return [write for write in self.writes if write.title == title]

    def as_it_will_stand(self, order_id: str, row: Row) -> Row:
        """Return an order's row, as this poll read it, with what we set in it since."""
        # what was confirmed before the reading began is in the row already
        coming = [
            write
            for write in self.tx.journal.pending(ORDERS, order_id)
            if write.kind == "set" and write.id not in self.own_writes.ids
        ]
        return overlaid(ORDERS, row, coming) or row

    def adoptions(self, title: str) -> list[Write]:
        """Return the writes on their way that adopt rows typed by hand."""
        return [write for write in self.writes_to(title) if write.kind == "adopt"]

    def orders_with_check_coming(self) -> set[str]:
        """Return the orders whose «Проверка» a write on its way is about to change."""
        writes = self.writes_to(ORDERS)
        return {write.subject for write in writes if "Проверка" in write.cells}

    def queue(self, notice: Notice) -> None:
        """Put a notice into the outbox and count it if it is new."""
        self.notices += self.tx.outbox.add(notice)

    def adopt(self, write: Write) -> None:
        """Journal what a row lacks."""
        self.tx.journal.add(write)
        # the row may be edited before the write comes, and edited back: the same bytes
        self.poll_again = True

    def put_aside(self, order_id: str) -> None:
        """Leave an order as it was, and don't look at it again at the next poll."""
        self.failed.add(order_id)
        self.aside.add(order_id)

    def alert_admin(self, key: str, said: str) -> None:
        """Queue an alarm for the admin's chat, if there is one."""
        alarm = admin_chat.alarm(key, f"⚠️ {said}")
        self.notices += admin_chat.tell(self.tx, self.settings, alarm)

    def report_trouble(self, order_id: str, said: str) -> None:
        """Alert the admin once that an order can't be handled, restarts included."""
        self.notices += self.troubles.open(order_id, said, sign="⚠️ ")

    def report_recovery(self, order_id: str, said: str) -> None:
        """Report that an order is handled again, if a trouble of it was reported."""
        self.notices += self.troubles.close([order_id], f"✅ {said}")

    def drop_trouble(self, order_id: str) -> None:
        """End the trouble of a deleted order without a word: nothing is handled."""
        self.troubles.forget([order_id])
