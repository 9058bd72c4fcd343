"""What changed between the mirror and the sheet, with a meaning. Pure.

Two states in, changes out. Several edits within one interval collapse by themselves:
only the state before and the state now are compared, so nothing that is past is told as
present.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from record.dispatch.model import Master, Order
from record.dispatch.person import ERASED
from record.dispatch.waves import holding
from record.values import Status
from record.values.actors import STAFF, Actor


class What(StrEnum):
    """The meanings of a change to an order; also the codes of its history."""

    APPEARED = "appeared"
    RESTORED = "restored"
    REMOVED = "removed"
    STATUS = "status"
    REOPENED = "reopened"
    MASTER = "master"
    PRICE = "price"
    DETAILS = "details"
    RETOLD = "retold"


# changes after which an order is on offer again, or for the first time
OFFERING = (What.APPEARED.value, What.REOPENED.value, What.RETOLD.value)
# changes that only an order that was in the sheet can have
SEEN = (What.APPEARED.value, What.REMOVED.value)


@dataclass(frozen=True)
class Change:
    """One change of one order.

    ``before`` is None for a new order, ``after`` for a removed one. ``priced``: the
    price that a finished order had before its cell was cleared.
    """

    what: What
    order_id: str
    before: Order | None
    after: Order | None
    by: Actor = STAFF
    priced: Decimal | None = None

    @property
    def order(self) -> Order:
        """The order as it stands now, or stood last."""
        order = self.after or self.before
        assert order is not None  # noqa: S101  a change is of something
        return order


DETAILS = {
    "name": "имя",
    "phone": "телефон",
    "phone_said": "телефон",
    "problem": "проблема",
    "address": "адрес",
    "category": "категория",
}


def offerable(order: Order) -> bool:
    """Return whether the masters must be told of this order.

    It is new and complete, known by ID and key, and neither told nor held.
    """
    if order.status is not Status.NEW or not order.complete or order.by_hand:
        return False
    if order.told or holding(order.check):
        return False
    # whoever typed a name there, understood or not, does not want it offered to all
    return not order.names_a_stranger


def diff(
    before: Order | None, after: Order | None, *, seen_earlier: bool = False
) -> list[Change]:
    """Return what changed between two states of an order, as a person would tell it.

    ``seen_earlier``: the order was in the sheet, was removed, and is back.
    """
    if after is None:
        if before is None:
            return []
        return [Change(What.REMOVED, before.id, before, None)]
    if before is None or _was_completed(before, after):
        return _arrival(after, seen_earlier=seen_earlier)
    return [Change(what, after.id, before, after) for what in _whats(before, after)]


def _was_completed(before: Order, after: Order) -> bool:
    """Return whether only now there is enough to act on, so that it arrives only now."""
    if before.complete or not after.complete:
        return False
    # whoever undoes that its client was forgotten brings no new one
    if before.name == ERASED:
        return False
    return before.status is after.status


def _arrival(after: Order, *, seen_earlier: bool) -> list[Change]:
    if not after.complete or after.by_hand:
        return []
    what = What.RESTORED if seen_earlier else What.APPEARED
    return [Change(what, after.id, None, after)]


def _whats(before: Order, after: Order) -> Iterator[What]:
    """Yield what changed, in the order in which a person would tell it."""
    repriced = before.price != after.price
    cleared = repriced and after.price is None
    # a price that was cleared belonged to the state before: it is told first
    if cleared:
        yield What.PRICE
    # another status says what became of the master, so that is not told apart
    if before.status is not after.status:
        yield What.REOPENED if after.status is Status.NEW else What.STATUS
    elif after.status is Status.WORK and before.master_id != after.master_id:
        yield What.MASTER
    if _is_retold(before, after):
        yield What.RETOLD
    if repriced and not cleared:
        yield What.PRICE
    if corrected(before, after):
        yield What.DETAILS


def _is_retold(before: Order, after: Order) -> bool:
    """Return whether a person asks for the masters to be told again, or at last."""
    if before.status is not Status.NEW:
        return False
    was_silent = bool(before.told or holding(before.check))
    return was_silent and offerable(after)


def corrected(before: Order, after: Order) -> list[str]:
    """Return, in Russian, which details that a master works by are different now."""
    found: list[str] = []
    for name, word in DETAILS.items():
        same = getattr(before, name) == getattr(after, name)
        if not same and word not in found:
            found.append(word)
    return found


class MasterWhat(StrEnum):
    """The meanings of a change to a master."""

    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"
    MOVED = "moved"


@dataclass(frozen=True)
class MasterChange:
    """One change of one master."""

    what: MasterWhat
    master: Master

    @property
    def notice(self) -> str:
        """The kind of the notice that tells him.

        In a new chat he is greeted as somebody who has just been activated.
        """
        if self.what is MasterWhat.MOVED:
            return MasterWhat.ACTIVATED.value
        return self.what.value


def diff_master(before: Master | None, after: Master | None) -> list[MasterChange]:
    """Return what a change of a master's row means.

    A new row that is already active is an activation.
    """
    at_work = _at_work(after)
    was_at_work = _at_work(before)
    if at_work and not was_at_work:
        return [MasterChange(MasterWhat.ACTIVATED, at_work)]
    if was_at_work and not at_work:
        return [MasterChange(MasterWhat.DEACTIVATED, was_at_work)]
    if at_work and was_at_work and at_work.chat != was_at_work.chat:
        return [MasterChange(MasterWhat.MOVED, at_work)]
    return []


def _at_work(master: Master | None) -> Master | None:
    """Return a master who takes orders and has a chat, else None."""
    if master and master.active and master.chat:
        return master
    return None


def history_texts(change: Change) -> tuple[str, str]:
    """Return before and after of a change as the history keeps them."""
    before, after = change.before, change.after
    match change.what:
        case What.STATUS | What.REOPENED:
            return _status_text(before), _status_text(after)
        case What.MASTER:
            return _master_text(before), _master_text(after)
        case What.PRICE:
            return _price_text(before), _price_text(after)
        case What.DETAILS:
            if before is None or after is None:
                return "", ""
            return "", ", ".join(corrected(before, after))
        case What.APPEARED | What.RESTORED | What.REMOVED | What.RETOLD:
            return "", _status_text(after)
        case _:
            assert_never(change.what)


def _status_text(order: Order | None) -> str:
    if order is None or order.status is None:
        return ""
    return order.status.value


def _master_text(order: Order | None) -> str:
    if order is None:
        return ""
    return order.master


def _price_text(order: Order | None) -> str:
    if order is None or order.price is None:
        return ""
    return str(order.price)
