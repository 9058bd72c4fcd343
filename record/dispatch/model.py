"""What the dispatch is about: an order, a service, the cells of a row.

Pure. A master and the roster stand in :mod:`record.dispatch.roster`. How a row becomes
one of them stands in :mod:`record.dispatch.reading`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from record.dispatch.roster import Master, Roster
from record.grid.layout import Row
from record.values import Address, Status, UnclearCell

__all__ = [
    "LONGEST_REASON", "PHONE_SAID", "REASONS_TO_CANCEL", "REASONS_TO_GIVE_BACK", "Master", "Order", "Roster", "Row",
    "Service",
]  # fmt: skip

# begins the line of «Комментарий» with a client's own words about the phone
PHONE_SAID = "Телефон: "
# offered to a master and to a client, who may write one of their own of at most so many
# characters
REASONS_TO_GIVE_BACK = ("Не дозвонился до клиента", "Не успеваю", "Не мой профиль")
REASONS_TO_CANCEL = (
    "Больше не нужно",
    "Нашли другого мастера",
    "Слишком дорого",
    "Долго ждать",
)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Order:
    """One client's request.

    ``phone`` is the one to call; ``phone_said`` is its cell where that says more:
    another phone, when to call. ``master`` is what stands in «Мастер», ``master_id``
    whom it means ("" = nobody). ``status`` is None where it can't be understood.
    ``told`` is «Оповещены»: when the masters were told of it. ``check`` is «Проверка».
    ``chat`` is where the client is written to, ``key`` the secret of the tracking page.
    """

    id: str
    created: datetime | None = None
    source: str = ""
    name: str = ""
    phone: str = ""
    phone_said: str = ""
    category: str = ""
    problem: str = ""
    address: str = ""
    status: Status | None = Status.NEW
    master: str = ""
    master_id: str = ""
    price: Decimal | None = None
    commission: Decimal | None = None
    done: datetime | None = None
    comment: str = ""
    told: str = ""
    check: str = ""
    chat: Address | None = None
    key: str = ""
    troubles: tuple[UnclearCell, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether there is enough to act on: a phone, and a problem or a category."""
        return bool(self.phone and (self.problem or self.category))

    @property
    def about_phone(self) -> str:
        """What was said beside the phone to call, "" for nothing.

        Staff write it into the cell; the site and the bot put a client's own words into
        a line of «Комментарий».
        """
        if self.phone_said:
            return self.phone_said
        for line in self.comment.split("\n"):
            if line.startswith(PHONE_SAID):
                return line.removeprefix(PHONE_SAID)
        return ""

    @property
    def by_hand(self) -> bool:
        """Whether staff typed the row and the system has not given it ID and key yet."""
        return not (self.id and self.key)

    @property
    def names_a_stranger(self) -> bool:
        """Whether the name in «Мастер» is nobody's on «Мастера», or several masters'."""
        return bool(self.master and not self.master_id)

    @property
    def holder(self) -> str:
        """The ID of the master who is at work on it or has finished it, "" for nobody."""
        if self.status in (Status.WORK, Status.DONE):
            return self.master_id
        return ""

    def is_unclear(self, column: str) -> bool:
        """Return whether the cell of this column can't be understood."""
        return any(trouble.column == column for trouble in self.troubles)


@dataclass(frozen=True, slots=True)
class Service:
    """A line of the price list.

    ``price`` is what is counted, None where nothing can be; ``is_open``: it may be more.
    ``cost`` is how it is shown where that is not just the price: «от 500 ₽».
    ``unclear``: why its cell can't be understood, "" where it can.
    """

    category: str
    name: str
    description: str
    unit: str
    price: Decimal | None
    shown: bool
    cost: str = ""
    is_open: bool = False
    unclear: str = ""
