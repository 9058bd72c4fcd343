"""Orders that may repeat an earlier one: they came from the same phone within two hours. Pure.

Nobody can tell a repeat from a second job in the same flat, so nothing is merged: the
later order stays what it is, and its «Проверка» names the earlier one. That cell is all
that remembers it, so neither a restart nor a deleted store forgets it; who clears the
cell has decided that it is another job.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rapidfuzz import fuzz

from record.dispatch.model import Order
from record.values import Status, cut
from record.values.comparing import normal

WITHIN = timedelta(hours=2)
ALIKE = 75  # percent, from which two texts are one, written twice
LONGEST_ID = 40
PLAIN_ID = re.compile(r"[\w/-]+")
SAID = "Тот же телефон: возможно, повтор"
DECIDE = "если это другая работа, сотрите эту ячейку"
# an ID of words stands in quotes, so that its own dots end no sentence
MARK = re.compile(rf"{SAID} #(?:«([^«»]+)»|([\w/-]+)); {DECIDE}")
ENDED = frozenset(status for status in Status if status.facts.ended)


@dataclass(frozen=True, slots=True)
class Call:
    """An order as far as a later one may repeat it: whose it is and when it came."""

    id: str
    phone: str
    created: datetime | None
    status: Status | None


def repeated(order: Order, others: Iterable[Call], now: datetime) -> str:
    """Return the ID of the earliest order that this one may repeat, "" for none.

    A cancelled one is not repeated but replaced. Who has no date came ``now``.
    """
    if not order.phone or order.status in ENDED:
        return ""
    came = order.created or now
    same = [
        other
        for other in others
        if other.id != order.id
        and other.phone == order.phone
        and other.status is not Status.CANCELLED
        and _are_near(came, other.created or now)
    ]
    first = min(same, key=lambda other: age(other, now), default=None)
    return first.id if first else ""


def is_same_job(order: Order, problem: str, address: str) -> bool:
    """Return whether a form that comes back is about this order's work in this place.

    Phone and name may be wholly others: the wife's, say.
    """
    return _are_alike(order.problem, problem) and _are_alike(order.address, address)


def _are_alike(one: str, other: str) -> bool:
    one, other = normal(one), normal(other)
    # who goes on writing corrects what he has written
    if one in other or other in one:
        return bool(one) == bool(other)
    return fuzz.ratio(one, other) >= ALIKE


def age(call: Call, now: datetime) -> tuple[datetime, int, str]:
    """Return by what orders are sorted as they came: of one moment, by number."""
    number = int(call.id) if call.id.isdecimal() else 0
    return call.created or now, number, call.id


def _are_near(one: datetime, other: datetime) -> bool:
    # a day typed without a time may mean any hour of it
    if time() in {one.time(), other.time()}:
        return one.date() == other.date()
    return abs(one - other) <= WITHIN


def repeat_sentence(order_id: str) -> str:
    """Return what «Проверка» says of an order that may repeat this one."""
    return f"{SAID} #{_named(order_id)}; {DECIDE}"


def repeat_in(check: str) -> str:
    """Return the order that «Проверка» says is repeated, "" for none."""
    found = MARK.search(check)
    if found is None:
        return ""
    return found[1] or found[2]


def standing_repeat(order: Order) -> list[str]:
    """Return what «Проверка» goes on saying of an order that may be a repeat.

    Once its work is done or cancelled nobody asks any more.
    """
    found = MARK.search(order.check)
    if found is None or order.status in ENDED:
        return []
    return [found[0]]


def _named(order_id: str) -> str:
    if PLAIN_ID.fullmatch(order_id) and len(order_id) <= LONGEST_ID:
        return order_id
    bare = " ".join(re.sub(r"[«»]", " ", order_id).split())
    return f"«{cut(bare, LONGEST_ID)}»"
