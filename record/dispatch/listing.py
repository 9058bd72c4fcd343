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
from record.values.sources import SOURCES
from record.values.wording import plain

NUMBERS = 10_000_000
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  the company's wall clock has no zone
PHONE_LIKE = re.compile(r"[+\d\s().–—-]+")
NUMBER_SIGN = re.compile(r"[№#]\s*")
PART_OF_PHONE = 5
# as many digits as no price and no flat has, with what phones are parted by
PHONE_AMONG_WORDS = re.compile(
    r"(?<![\w#.])(?!\d{1,2}\.\d{1,2}\.)\+?\d(?:[\s().–—-]{0,3}\d){6,14}(?!\w)"
)
A_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.(\d{4}|\d\d)")
AROUND = "(),;:.!?«»\"'"
LONG_ID = 19
LONGEST_ID = 40
MOST_NEEDLES = 8
RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
ONE_BYTE = str.maketrans(RUSSIAN, "ABCDEFGHIJKLMNOPQRSTUVWXYZ{|}~^`")
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

    That is every word that people read in its row, its phone as they spell it, and its
    dates and sums as the panel shows them.
    """
    texts = (
        order.name,
        order.address,
        order.problem,
        order.category,
        order.master,
        order.comment,
        order.phone_said,
        order.check,
        SOURCES.get(order.source, ""),
        order.source,
    )
    status = order.status.value if order.status else ""
    parts = [f"#{normal(order.id)[:LONGEST_ID]}", *_phone(order.phone), normal(status)]
    parts += [normal(text) for text in texts]
    parts += [f"{when:%d.%m.%Y %H:%M}" for when in (order.created, order.done) if when]
    sums = (order.price, order.commission)
    parts += [f"{plain(money)} ₽" for money in sums if money is not None]
    return "".join(f"{part} " for part in parts if part)


def _phone(phone: str) -> tuple[str, ...]:
    digits = "".join(filter(str.isdigit, phone))
    if len(digits) == 11 and digits.startswith("7"):
        # a part of it is typed either way: 8911…, and 02-01 as it is shown
        ending = f"{digits[4:7]}-{digits[7:9]}-{digits[9:]}"
        return digits, f"8{digits[1:]}", ending
    return (digits,)


def needles(typed: str) -> list[str]:
    """Return what must all be found in an order's words, in any order.

    A phone, or a part of one, is one needle however it was typed, alone or among words.
    """
    digits = "".join(filter(str.isdigit, typed))
    bare = typed.strip()
    is_phone = PHONE_LIKE.fullmatch(bare) and not A_DAY.fullmatch(bare)
    if is_phone and len(digits) >= PART_OF_PHONE:
        return [digits]
    whole = NUMBER_SIGN.sub("#", typed)
    phones = PHONE_AMONG_WORDS.findall(whole)
    found = ["".join(filter(str.isdigit, phone)) for phone in phones]
    for word in normal(PHONE_AMONG_WORDS.sub(" ", whole)).split():
        plain_word = word.strip(AROUND)
        if plain_word.startswith("#"):
            # with a space behind: #12 is not the beginning of #123
            found.append(f"{plain_word} ")
        elif plain_word:
            found.append(plain_word)
    return found[:MOST_NEEDLES]


def narrow(text: str) -> str:
    """Return words or a needle in half the bytes: a letter of Russian becomes one byte.

    A search reads the words of all orders, and takes as long as there are bytes.
    """
    return text.translate(ONE_BYTE)


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
