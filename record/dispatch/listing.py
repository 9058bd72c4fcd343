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
UNKNOWN = "?"  # as a status: one that can't be understood


def rank(order: Order) -> int:
    """Return an order's place in lists; one without a date stands below all others."""
    number = (
        int(order.id)
        if order.id.isdecimal() and len(order.id) < LONG_ID
        else zlib.crc32(order.id.encode())
    )
    return _rank_at(order.created) + number % NUMBERS


def _rank_at(when: datetime | None) -> int:
    return int((when - EPOCH).total_seconds()) * NUMBERS if when else 0


def words(order: Order) -> str:
    """Return what an order is searched by: its number, phone, name and address, as
    people compare them.
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
    """Return what must all be found in an order's words; a phone, or a part of one, is
    one needle however typed.
    """
    digits = "".join(filter(str.isdigit, typed))
    if len(digits) >= PART_OF_PHONE and PHONE_LIKE.fullmatch(typed.strip()):
        return [f"7{digits[1:]}" if len(digits) == 11 and digits[0] == "8" else digits]
    found = (word.strip("(),;") for word in normal(NUMBER_SIGN.sub("#", typed)).split())
    return [f"{word} " if word.startswith("#") else word for word in found if word][:6]


@dataclass(frozen=True)
class Wanted:
    """Which orders are asked for; what is empty does not matter. ``until`` is a whole
    day, the last one.
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
        low = _rank_at(datetime.combine(self.since, time.min)) if self.since else None
        high = (
            _rank_at(datetime.combine(self.until + timedelta(days=1), time.min))
            if self.until
            else None
        )
        return low, high

    def matches(self, order: Order) -> bool:
        """Say whether an order is one of those that are asked for."""
        low, high = self.ranks
        place = rank(order)
        return (
            (not self.status or self.status == (order.status or UNKNOWN))
            and (not self.master_id or self.master_id == order.master_id)
            and (not self.source or self.source == order.source)
            and (low is None or place >= low)
            and (high is None or (order.created is not None and place < high))
            and (not self.unclear or bool(order.check))
            and all(needle in words(order) for needle in needles(self.text))
        )


STATUSES = tuple(status.value for status in Status)
