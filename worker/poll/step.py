"""What all parts of one poll share: the transaction, the moment, who was known, and
what was counted.

Each part first looks: it reads what people typed, with a view of the store that keeps
nobody waiting. Then, within the one transaction, it commits what that means; nothing is
read there any more, since all the others wait meanwhile.
"""

from dataclasses import dataclass, field
from datetime import datetime

from record import admin_chat
from record.dispatch.model import Clues, Roster
from record.dispatch.notices import Notice
from record.dispatch.reach import Reach
from record.grid.identity import Known
from record.grid.layout import Row
from record.grid.writes import Write
from record.settings import Settings
from record.store import Tx
from record.values import Categories
from record.watch.alerts import Alerts
from worker.poll.own_writes import OwnWrites
from worker.poll.quarantine import Quarantine


@dataclass
class PollStep:
    """One poll's looking and committing; ``known`` is brought up to date as it goes."""

    tx: Tx
    settings: Settings
    known: dict[str, Known]
    read_at: float
    quarantine: Quarantine = field(default_factory=Quarantine)
    reach_before: Reach | None = None
    own_writes: OwnWrites = field(default_factory=OwnWrites)
    roster: Roster = field(default_factory=Roster)
    roster_changed: bool = False
    # masters whose «Telegram» came, went or is another
    reconnected: set[str] = field(default_factory=set)
    categories: Categories = field(default_factory=Categories)
    categories_changed: bool = False
    changes: int = 0
    notices: int = 0
    resting: int = 0
    poll_again: bool = False
    failed: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look once at what every part needs."""
        self.now = datetime.fromtimestamp(self.read_at, self.settings.zone).replace(
            tzinfo=None
        )
        self.region = self.settings.company.default_region
        self.first = not self.tx.facts.get("baseline")
        self.writes: list[Write] = self.tx.journal.unechoed()
        self.troubles = Alerts(self.tx, self.settings, "orders")
        self.reach = self.tx.masters.reach()
        self.lost_or_found = self.reach.changed(self.reach_before)

    def begin(self, tx: Tx) -> bool:
        """Go on to commit, within a transaction; say whether the store still is as it
        was looked at.

        Only polls write what was looked at, and nobody else leads; but the file may
        have been replaced.
        """
        self.tx = tx
        self.writes = tx.journal.unechoed()
        self.troubles = Alerts(tx, self.settings, "orders")
        return self.first == (not tx.facts.get("baseline"))

    def clues(self, *, past: bool, was: Row | None = None) -> Clues:
        """Return what helps to understand a row; nobody knows on which day a row from
        the past was typed.
        """
        return Clues(None if past else self.now.date(), self.categories, was)

    def queue(self, notice: Notice) -> None:
        """Put a notice into the outbox and count it if it is new."""
        self.notices += self.tx.outbox.add(notice)

    def adopt(self, write: Write) -> None:
        """Journal what a row lacks; looked at again even if it is edited before the
        write comes, and then back.
        """
        self.tx.journal.add(write)
        self.poll_again = True

    def alert_admin(self, key: str, said: str) -> None:
        """Queue an alarm for the admin's chat, if there is one."""
        self.notices += admin_chat.tell(
            self.tx, self.settings, admin_chat.alarm(key, f"⚠️ {said}")
        )

    def put_aside(self, order_id: str) -> None:
        """Leave an order as it was, without looking at it again at the next poll."""
        self.failed.add(order_id)
        self.aside.add(order_id)

    def report_trouble(self, order_id: str, said: str) -> None:
        """Tell the admin once that an order can't be handled, restarts included."""
        self.notices += self.troubles.open(order_id, said, sign="⚠️ ")

    def drop_trouble(self, order_id: str) -> None:
        """Let the trouble of an order that is deleted be over without a word: nothing
        is handled again.
        """
        self.troubles.forget([order_id])

    def report_recovery(self, order_id: str, said: str) -> None:
        """Tell the admin that an order he was told of is handled again."""
        self.notices += self.troubles.close([order_id], f"✅ {said}")
