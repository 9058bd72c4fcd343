"""What changed between the mirror and the sheet, with a meaning. Pure.

Two states in, changes out. Several edits within one interval collapse by themselves:
only the state before and the state now are compared, so nothing that is past is told as
present.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from record.dispatch.model import Master, Order
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


@dataclass(frozen=True)
class Change:
    """One change of one order; ``before`` is None for a new one, ``after`` for a
    removed one.

    ``priced``: the price that a finished order last had, where its cell was cleared
    before.
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
    """Say whether the masters must be told of this order: new, complete, known by ID
    and key, not told or held.

    Whoever has typed a name in «Мастер», though it is not understood, does not want the
    order offered to all.
    """
    waits = order.status is Status.NEW and not order.told and not holding(order.check)
    return waits and order.complete and not order.by_hand and not order.names_a_stranger


def diff(
    before: Order | None, after: Order | None, *, seen_earlier: bool = False
) -> list[Change]:
    """Return what changed between two states of one order, in the order in which a
    person would tell it.

    ``seen_earlier`` says that the order was in the sheet before, was removed and is
    back.
    """
    if after is None:
        return [Change(What.REMOVED, before.id, before, None)] if before else []
    if before is None or (
        not before.complete and after.complete and before.status is after.status
    ):
        return _arrival(after, seen_earlier=seen_earlier)
    price = _price(before, after)
    cleared = price is not None and after.price is None
    changes = [_status(before, after), _master(before, after), _retold(before, after)]
    # a cleared price was that of the state before
    changes = [price, *changes] if cleared else [*changes, price]
    changes.append(_details(before, after))
    return [change for change in changes if change]


def _arrival(after: Order, *, seen_earlier: bool) -> list[Change]:
    if not after.complete or after.by_hand:
        return []
    return [
        Change(What.RESTORED if seen_earlier else What.APPEARED, after.id, None, after)
    ]


def _status(before: Order, after: Order) -> Change | None:
    if before.status is after.status:
        return None
    back = after.status is Status.NEW
    return Change(What.REOPENED if back else What.STATUS, after.id, before, after)


def _master(before: Order, after: Order) -> Change | None:
    same_status = before.status is after.status
    if (
        not same_status
        or before.master_id == after.master_id
        or after.status is not Status.WORK
    ):
        return None
    return Change(What.MASTER, after.id, before, after)


def _retold(before: Order, after: Order) -> Change | None:
    silent = bool(before.told or holding(before.check))
    asked = silent and offerable(after) and before.status is Status.NEW
    return Change(What.RETOLD, after.id, before, after) if asked else None


def _price(before: Order, after: Order) -> Change | None:
    changed = before.price != after.price
    return Change(What.PRICE, after.id, before, after) if changed else None


def _details(before: Order, after: Order) -> Change | None:
    return (
        Change(What.DETAILS, after.id, before, after)
        if corrected(before, after)
        else None
    )


def corrected(before: Order, after: Order) -> list[str]:
    """Return, in Russian, which of the details that a master works by are different
    now.
    """
    different = (
        word
        for name, word in DETAILS.items()
        if getattr(before, name) != getattr(after, name)
    )
    return list(dict.fromkeys(different))


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
        """The kind of the notice that tells him; in a new chat he is greeted as if he
        had just begun.
        """
        return (
            MasterWhat.ACTIVATED if self.what is MasterWhat.MOVED else self.what
        ).value


def diff_master(before: Master | None, after: Master | None) -> list[MasterChange]:
    """Return what a change of a master's row means; a new row that is already active is
    an activation.
    """
    was = bool(before and before.active and before.chat)
    now = bool(after and after.active and after.chat)
    if now and not was and after:
        return [MasterChange(MasterWhat.ACTIVATED, after)]
    if was and not now and before:
        return [MasterChange(MasterWhat.DEACTIVATED, before)]
    if now and before and after and before.chat != after.chat:
        return [MasterChange(MasterWhat.MOVED, after)]
    return []


def told_texts(change: Change) -> tuple[str, str]:
    """Return before and after of a change as the history keeps them."""
    before, after = change.before, change.after
    match change.what:
        case What.STATUS | What.REOPENED:
            return _status_text(before), _status_text(after)
        case What.MASTER:
            return before.master if before else "", after.master if after else ""
        case What.PRICE:
            return _price_text(before), _price_text(after)
        case What.DETAILS:
            return "", ", ".join(corrected(before, after)) if before and after else ""
        case _:
            return "", _status_text(after)


def _status_text(order: Order | None) -> str:
    return order.status.value if order and order.status else ""


def _price_text(order: Order | None) -> str:
    return str(order.price) if order and order.price is not None else ""
