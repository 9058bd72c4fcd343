"""How orders are listed, searched and filtered. Pure.

An order's rank is a whole number: the moment it came, then its number. Lists go from
the highest rank down, and a page of them is asked for by the rank it begins after, so
that a new order on top moves nobody's page.
"""

import re
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from record.dispatch.model import Order
from record.values import Status
from record.values.comparing import normal

NUMBERS = 10_000_000
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  the company's wall clock has no zone
LONGEST = {"name": 60, "address": 160}
PHONE_LIKE = re.compile(r"[+\d\s().–—-]+")
NUMBER_SIGN = re.compile(r"[№#]\s*")
PART_OF_PHONE = 5
LONG_ID = 19
MOST_NEEDLES = 6
UNKNOWN = "?"  # as a status: one that can't be understood


def rank(order: Order) -> int:
    """Return an order's place in lists; one without a date stands below all others."""
    rank_of_day = _rank_at(order.created) if order.created else 0
    return rank_of_day + _number(order.id) % NUMBERS


def _number(order_id: str) -> int:
    if order_id.isdecimal() and len(order_id) < LONG_ID:
        return int(order_id)
    # an ID that a person typed: any number that is always the same
    return zlib.crc32(order_id.encode())


def _rank_at(when: datetime) -> int:
    return int((when - EPOCH).total_seconds()) * NUMBERS


def words(order: Order) -> str:
    """Return what an order is searched by, as people compare it.

    Its number, phone, name and address.
    """
    phone = "".join(filter(str.isdigit, order.phone))
    parts = (
        f"#{order.id[:40]}",
        phone,
        normal(order.name)[: LONGEST["name"]],
        normal(order.address)[: LONGEST["address"]],
    )
    return "".join(f"{part} " for part in parts if part)


def needles(typed: str) -> list[str]:
    """Return what must all be found in an order's words, six things at most.

    A phone, or a part of one, is one needle however it was typed.
    """
    digits = "".join(filter(str.isdigit, typed))
    if len(digits) >= PART_OF_PHONE and PHONE_LIKE.fullmatch(typed.strip()):
        if len(digits) == 11 and digits.startswith("8"):
            return [f"7{digits[1:]}"]
        return [digits]
    found = []
    for word in normal(NUMBER_SIGN.sub("#", typed)).split():
        bare = word.strip("(),;")
        if bare.startswith("#"):
            # with a space behind: #12 is not the beginning of #123
            found.append(f"{bare} ")
        elif bare:
            found.append(bare)
    return found[:MOST_NEEDLES]


@dataclass(frozen=True)
class Wanted:
    """Which orders are asked for; what is empty does not matter.

    ``until`` is a whole day, the last one.
    """

    status: str = ""
    master_id: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    unclear: bool = False
    text: str = ""

    @property
    def ranks(self) -> tuple[int | None, int | None]:
        """The lowest rank that is asked for, and the first that is not any more."""
        low = high = None
        if self.since:
            low = _rank_at(datetime.combine(self.since, time.min))
        if self.until:
            next_day = self.until + timedelta(days=1)
            high = _rank_at(datetime.combine(next_day, time.min))
        return low, high

    def matches(self, order: Order) -> bool:
        """Return whether an order is one of those that are asked for."""
        if self.status and self.status != (order.status or UNKNOWN):
            return False
        if self.master_id and self.master_id != order.master_id:
            return False
        if self.source and self.source != order.source:
            return False
        if self.unclear and not order.check:
            return False
        if not self._came_then(order):
            return False
        searched = words(order)
        return all(needle in searched for needle in needles(self.text))

    def _came_then(self, order: Order) -> bool:
        low, high = self.ranks
        place = rank(order)
        if low is not None and place < low:
            return False
        if high is None:
            return True
        # without a date it stands below all others, but came on no known day
        return order.created is not None and place < high


STATUSES = tuple(status.value for status in Status)
