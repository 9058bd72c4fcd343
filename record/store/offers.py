"""Which orders are offered to nobody, by mirror, history, claims and outbox at once."""

import time
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    update,
)

from record.dispatch.changes import OFFERING, What
from record.dispatch.notices import BEHIND, Notice
from record.dispatch.offers import Crew, Lacking
from record.dispatch.reach import OF_PEOPLE
from record.dispatch.waves import left_out
from record.grid.worksheets import ORDERS
from record.store.facts import Facts
from record.store.journal import Journal
from record.store.keepsakes import BEFORE_US
from record.store.orders import kept_back
from record.store.outbox import WAITING_AGAIN, Outbox
from record.store.schema import claims, history, orders, outbox
from record.store.wakeups import wake
from record.values import Status, text

# a person asked for it to be offered, whatever was in «Оповещены» when it came
AGAIN = (What.REOPENED.value, What.RETOLD.value)
OFFERED = (*OFFERING, What.RESTORED.value)
CARD = outbox.c.kind == "order_new"
OF_ORDER = outbox.c.order_id == orders.c.id
# new, nobody's, and to be offered at all
FREE = (orders.c.status == Status.NEW.value) & (orders.c.master_id == "") & ~kept_back()


class Offers:
    """Who is offered what, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lacking(self, crew: Crew) -> list[Lacking]:
        """Return the new orders of which nobody of these has a card, or is about to get one.

        They come oldest first. A card that was sent is an offer as long as its master may
        take orders, even one who asked for quiet since; a card that waits is none then.
        """
        # what was offered before this store was made is not known here
        since = Facts(self._connection).get(BEFORE_US) or 0
        known = {"able": crew.able(), "listening": crew.listening(), "since": since}
        rows = self._connection.execute(LACKING, known).all()
        found = [Lacking(order_id, seq, by.master_id) for order_id, seq, by in rows]
        return [one for one in found if not self._is_left_out_soon(one.order_id)]

    def _is_left_out_soon(self, order_id: str) -> bool:
        """Return whether «не рассылать» is on its way into the row of an order."""
        pending = Journal(self._connection).pending(ORDERS, order_id)
        cells = [text(write.cells.get("Оповещены", "")) for write in pending]
        return any(map(left_out, cells))

    def given(self, order_ids: Collection[str]) -> dict[str, set[str]]:
        """Return by order the keys of its offers; void ones may be made again."""
        query = select(outbox.c.order_id, outbox.c.key).where(
            CARD, ~_void(), outbox.c.order_id.in_(order_ids)
        )
        found: dict[str, set[str]] = {}
        for order_id, key in self._connection.execute(query):
            found.setdefault(order_id, set()).add(key.removeprefix(BEHIND))
        return found

    def waits(self, order_id: str) -> bool:
        """Return whether an order is new, nobody's, and to be offered at all."""
        query = select(orders.c.id).where(orders.c.id == order_id, FREE)
        return self._connection.execute(query).first() is not None

    def make(self, notice: Notice) -> bool:
        """Queue an offer, also one that is void by now; return whether it waits."""
        if Outbox(self._connection).add(notice):
            return True
        now = time.time()
        again = {**WAITING_AGAIN, "queued_at": now, "due_at": now}
        void = update(outbox).where(outbox.c.key == notice.key, _void())
        if not self._connection.execute(void.values(again)).rowcount:
            return False
        wake(self._connection, "outbox")
        return True


def _void() -> ColumnElement[bool]:
    """Return the condition that an offer was not sent, or its master was out of reach."""
    is_lost = (outbox.c.state == "failed") & outbox.c.code.in_(OF_PEOPLE)
    return (outbox.c.state == "stale") | is_lost


def _last(whats: tuple[str, ...]) -> Any:
    """Return the number of the last such change of the order at hand."""
    query = select(func.max(history.c.seq)).where(
        history.c.order_id == orders.c.id, history.c.what.in_(whats)
    )
    return query.correlate(orders).scalar_subquery()


def _was_ours() -> ColumnElement[bool]:
    """Return the condition that it was for us to offer the order.

    One that came with «Оповещены» filled was offered before us.
    """
    asked = history.c.what.in_(AGAIN) | (orders.c.told == "")
    return asked | exists().where(OF_ORDER, CARD)


def _offered() -> ColumnElement[bool]:
    sent = (outbox.c.state == "sent") & outbox.c.recipient.in_(
        bindparam("able", expanding=True)
    )
    coming = (outbox.c.state == "waiting") & outbox.c.recipient.in_(
        bindparam("listening", expanding=True)
    )
    keys = [_key(_last(OFFERING)), _key(_last(OFFERED))]
    this_round = outbox.c.key.in_([*keys, *(literal(BEHIND) + key for key in keys)])
    return exists().where(OF_ORDER, CARD, sent | coming, this_round)


def _key(seq: Any) -> ColumnElement[str]:
    """Return the key that :func:`record.dispatch.offers.offer_of` gives such an offer."""
    return (
        literal("order_new:")
        + orders.c.id
        + ":"
        + cast(seq, String)
        + ":"
        + outbox.c.recipient
    )


def _lacking() -> Select[Any]:
    claimed = exists().where(claims.c.order_id == orders.c.id)
    began = (history.c.seq == _last(OFFERING)) & (history.c.seq > bindparam("since"))
    query = select(orders.c.id, history.c.seq, history.c.by).join(
        history, history.c.order_id == orders.c.id
    )
    return query.where(FREE, ~claimed, began, _was_ours(), ~_offered()).order_by(
        history.c.seq
    )


# asked every few seconds and at every look of a monitor, and long to build
LACKING = _lacking()
