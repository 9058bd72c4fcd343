"""What permissions go by, as it stands in the store: who has an order, who somebody is,
which orders are free.
"""

from dataclasses import dataclass
from datetime import datetime

from record.dispatch.model import Master, Order
from record.dispatch.permissions import (
    Act,
    Refusal,
    Stands,
    Who,
    holder,
    refusal,
    standing,
    stands,
)
from record.dispatch.waves import kept_back
from record.store import Tx
from record.values import Address, Status


@dataclass(frozen=True)
class Sight:
    """An order as one master sees it: who he is, who has it, and how it stands for him."""

    order: Order | None
    owner: Master | None
    who: Who
    stands: Stands

    def refusal(self, act: Act) -> Refusal:
        """Return why he may not do this with it, "" where he may."""
        return refusal(self.who, act, self.stands)


def sight(
    tx: Tx, order_id: str, viewer: Master | None, now: datetime, who: Who | None = None
) -> Sight:
    """Return an order as a master sees it now; ``who`` where it is not what his row
    says.
    """
    order = tx.orders.get(order_id) if order_id else None
    has = holder(order, tx.claims.owner(order_id)) if order else ""
    at = stands(order, has, viewer.id if viewer else "", now)
    return Sight(order, tx.masters.roster().get(has), who or standing(viewer), at)


def owner_of(tx: Tx, order: Order) -> Master | None:
    """Return the master who has the order, if anybody; a claim shows before the sheet
    does.
    """
    return tx.masters.roster().get(holder(order, tx.claims.owner(order.id)))


def free(tx: Tx, now: datetime, limit: int) -> list[Order]:
    """Return orders that an active master may take, lowest in the sheet first; none
    that is held or left out.
    """
    new = tx.orders.find(status=Status.NEW, limit=30 * limit, offered=True)
    found = [order for order in new if not kept_back(order)]
    seen = (
        (order, stands(order, holder(order, tx.claims.owner(order.id)), "", now))
        for order in found
    )
    return [order for order, at in seen if not refusal(Who.ACTIVE, Act.ACCEPT, at)][
        :limit
    ]


def acting(tx: Tx, chat: Address, order_id: str) -> tuple[Master | None, Who]:
    """Return which master writes from a chat, and who he is.

    He whose row was deleted, or lost its Telegram, while an order of his was in work is
    known by the card of it that hangs in his chat. Where another chat stands in his
    row, he is there.
    """
    listed = tx.masters.by_chat(chat)
    if listed is not None:
        return listed, standing(listed)
    order = tx.orders.get(order_id) if order_id else None
    has = holder(order, tx.claims.owner(order_id)) if order else ""
    row, card = tx.masters.roster().get(has), tx.cards.get(order_id, has)
    if has and card and card[0] == chat and (row is None or not row.chat):
        return row or Master(has), Who.FORMER
    return None, Who.STRANGER
