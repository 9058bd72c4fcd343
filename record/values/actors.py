"""Who did something: staff in the sheet, the panel, a master, a client, or the system.

Pure. The history, the journal and the facts of notices keep an actor as a few words.
Only this module writes and reads those words: they stand in every store in use, so they
never change.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from record.values.address import Address


class ActorKind(StrEnum):
    """The kinds of actors; the value is the word that stores keep."""

    STAFF = "staff"  # people who type into the sheet
    PANEL = "panel"  # staff, on the pages of the site that are theirs
    MASTER = "master"
    CLIENT = "client"
    WEBSITE = "website"  # the form of the site: a client who orders
    TELEGRAM = "telegram"  # the clients' bot: a client who orders
    PHONE = "phone"
    DIRECT = "direct"
    BOT = "bot"  # the masters' bot: somebody who registers
    FORM = "form"  # what the first releases wrote in place of `website`
    SYSTEM = "system"  # what the system's own columns have to say
    REPAIR = "repair"  # puts back what a write hit in a row that was just moved
    WAVE = "wave"  # carries out that the masters are told of a wave
    HUSHED = "left"  # follows from edits that nobody is told of, by decision
    PAST = "past"  # numbers rows of the time before the system
    OTHER = ""  # words that this release does not know; the id holds them all


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something; ``id`` is a master's ID or a client's chat, "" elsewhere.

    A client on the site has no chat: he is known by the key of his order's page.
    """

    kind: ActorKind
    id: str = ""

    @classmethod
    def master(cls, master_id: str) -> "Actor":
        """Return the master with this ID."""
        return cls(ActorKind.MASTER, master_id)

    @classmethod
    def client(cls, chat: Address | None = None) -> "Actor":
        """Return the client who writes from a chat, or who has an order's link."""
        return cls(ActorKind.CLIENT, "" if chat is None else str(chat))

    def __str__(self) -> str:
        """Return the words that stores keep."""
        if self.kind is ActorKind.OTHER:
            return self.id
        # the space of a master stays even where his ID is lost: so it was ever written
        if self.id or self.kind is ActorKind.MASTER:
            return f"{self.kind} {self.id}"
        return self.kind.value

    @property
    def master_id(self) -> str:
        """The ID of the master who did it, "" where it was somebody else."""
        return self.id if self.kind is ActorKind.MASTER else ""

    def is_master(self, master_id: str) -> bool:
        """Return whether it is the master with this ID."""
        return self.kind is ActorKind.MASTER and self.id == master_id

    def is_client(self, chat: Address | None) -> bool:
        """Return whether it is the client of an order with this chat.

        A client without a chat came by the secret link of that order.
        """
        if self.kind is not ActorKind.CLIENT:
            return False
        return not self.id or self.id == str(chat)


STAFF = Actor(ActorKind.STAFF)
PANEL = Actor(ActorKind.PANEL)
BOT = Actor(ActorKind.BOT)
SYSTEM = Actor(ActorKind.SYSTEM)
REPAIR = Actor(ActorKind.REPAIR)
WAVE = Actor(ActorKind.WAVE)
HUSHED = Actor(ActorKind.HUSHED)
PAST = Actor(ActorKind.PAST)


# a year of history names a few hundred people in a hundred thousand lines
@lru_cache(maxsize=4096)
def read_actor(words: str) -> Actor:
    """Return the actor that a store keeps as these words; any words come back as written."""
    kind, _, subject = words.partition(" ")
    try:
        actor = Actor(ActorKind(kind), subject)
    except ValueError:
        return Actor(ActorKind.OTHER, words)
    return actor if str(actor) == words else Actor(ActorKind.OTHER, words)
