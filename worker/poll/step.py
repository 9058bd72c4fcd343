"""What all parts of one poll share: the transaction, the moment, who was known, and what was counted."""

from dataclasses import dataclass, field
from datetime import datetime

from record.identity import Known
from record.layout import Row
from record.model import Clues, Roster
from record.notices import Notice
from record.settings import Settings
from record.store import Tx
from record.values import Categories
from record.writes import Write

Tries = dict[str, int]


@dataclass
class Step:
    """One poll's deciding and committing; ``known`` is brought up to date as it goes."""

    tx: Tx
    settings: Settings
    known: dict[str, Known]
    read_at: float
    tries: Tries = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    roster_changed: bool = False
    categories: Categories = field(default_factory=Categories)
    categories_changed: bool = False
    changes: int = 0
    notices: int = 0
    resting: int = 0
    passed_over: bool = False
    failed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look once at what every part needs."""
        self.now = datetime.fromtimestamp(self.read_at, self.settings.zone).replace(tzinfo=None)
        self.region = self.settings.company.default_region
        self.first = not self.tx.facts.get("baseline")
        self.writes: list[Write] = self.tx.journal.unechoed()

    def clues(self, *, past: bool, was: Row | None = None) -> Clues:
        """Return what helps to understand a row; nobody knows on which day a row from the past was typed."""
        return Clues(None if past else self.now.date(), self.categories, was)

    def queue(self, notice: Notice) -> None:
        """Put a notice into the outbox and count it if it is new."""
        self.notices += self.tx.outbox.add(notice)

    def tell_admin(self, key: str, said: str) -> None:
        """Queue an alarm for the admin's chat, if there is one."""
        if admin := self.settings.telegram.admin_chat_id:
            self.queue(Notice(key, "admin", str(admin), "alarm", facts={"text": f"⚠️ {said}"}))
