"""What permissions need of the store: who has an order, who somebody is, what is free."""

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
from record.store.facts import RESTING
from record.values import Address, Status

MOST_READ = 1000  # new orders, to find the free ones among them


@dataclass(frozen=True)
class Sight:
    """An order as one person sees it: who he is, who has it, and how it stands for him.

    ``rests``: staff have edited it, and may still take that back.
    """

    order: Order | None
    owner: Master | None
    who: Who
    stands: Stands
    rests: bool = False

    def refusal(self, act: Act) -> Refusal:
        """Return why he may not do this with it now, "" where he may."""
        return refusal(self.who, act, self.stands, rests=self.rests)

    def offers(self, act: Act) -> bool:
        """Return whether he is shown a button for this.

        It stays while an edit rests: whoever presses is told then.
        """
        return not refusal(self.who, act, self.stands)


def sight(
    tx: Tx, order_id: str, viewer: Master | None, now: datetime, who: Who | None = None
) -> Sight:
    """Return an order as a master sees it now.

    ``viewer``: the master, None for others; ``who``: where it is not what his row says.
    """
    order, has = _with_holder(tx, order_id)
    viewer_id = viewer.id if viewer else ""
    at = stands(order, has, viewer_id, now)
    owner, rests = tx.masters.roster().get(has), order_id in resting(tx)
    return Sight(order, owner, who or standing(viewer), at, rests)


def resting(tx: Tx) -> frozenset[str]:
    """Return the IDs of the orders of which an edit by staff rests."""
    return frozenset(tx.facts.get(RESTING) or ())


def _with_holder(tx: Tx, order_id: str) -> tuple[Order | None, str]:
    """Return an order and the ID of the master who has it, "" for nobody."""
    order = tx.orders.get(order_id) if order_id else None
    if order is None:
        return None, ""
    return order, holder(order, tx.claims.owner(order_id))


def owner_of(tx: Tx, order: Order) -> Master | None:
    """Return the master who has the order, if anybody; a claim shows before the sheet
    does.
    """
    return tx.masters.roster().get(holder(order, tx.claims.owner(order.id)))


def free(tx: Tx, now: datetime, limit: int) -> list[Order]:
    """Return orders that an active master may take, lowest in the sheet first."""
    found: list[Order] = []
    # some of those read are claimed or kept back: so more are read than wanted
    to_read = min(30 * limit, MOST_READ)
    for order in tx.orders.find(status=Status.NEW, limit=to_read, offered=True):
        if len(found) == limit:
            break
        has = holder(order, tx.claims.owner(order.id))
        at = stands(order, has, "", now)
        if not kept_back(order) and not refusal(Who.ACTIVE, Act.ACCEPT, at):
            found.append(order)
    return found


def acting(tx: Tx, chat: Address, order_id: str) -> tuple[Master | None, Who]:
    """Return which master writes from a chat, and who he is.

    A master whose row was deleted, or lost its Telegram, while an order of his was in
    work is known by its card, which hangs in his chat. Where another chat stands in his
    row, he is there.
    """
    listed = tx.masters.by_chat(chat)
    if listed is not None:
        return listed, standing(listed)
    _, has = _with_holder(tx, order_id)
    row, card = tx.masters.roster().get(has), tx.cards.get(order_id, has)
    is_elsewhere = row is not None and row.chat
    if has and card and card[0] == chat and not is_elsewhere:
        return row or Master(has), Who.FORMER
    return None, Who.STRANGER
