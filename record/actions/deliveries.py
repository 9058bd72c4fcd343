"""What follows from a delivered notice: who can be written to, «Оповещены», cards."""

import time

from record.actions.base import BaseActions
from record.dispatch.notices import CARD_KINDS
from record.dispatch.reach import OF_PEOPLE
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Tx, Waiting
from record.values import Address, Cell, to_serial
from record.watch import admin_chat

MISSED_S = 86_400.0


class DeliveryActions(BaseActions):
    """The acts of the delivery."""

    def sent(self, waiting: Waiting, chat: Address, message_id: str) -> None:
        """Note that a channel took a notice.

        The first card of an order that arrives fills «Оповещены».
        """
        notice = waiting.notice
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, "sent")
            reached(tx, notice.to, chat)
            if notice.kind == "talk":
                tx.talks.tie(chat, message_id, notice.facts["talk"])
            if notice.kind in CARD_KINDS:
                tx.cards.put(notice.order_id, notice.recipient, chat, message_id)
            if notice.kind == "order_new":
                self._fill_told(tx, notice.order_id)

    def _fill_told(self, tx: Tx, order_id: str) -> None:
        order = tx.orders.get(order_id)
        if order is None or order.told:
            return
        cells: dict[str, Cell] = {"Оповещены": to_serial(self._now())}
        # nobody waits for this cell: it may go with others within a second
        tx.journal.add(Write(ORDERS, "set", order.id, cells), urgent=False)


def reached(tx: Tx, to: str, chat: Address) -> bool:
    """Note that a person can be written to; return whether that is news.

    What failed in the last day is sent then, as far as it still is true.
    """
    is_admins = to != "client" and admin_chat.back(tx, chat)
    if not tx.masters.set_reachable(to, chat):
        return is_admins
    # the outbox names masters by their ID, all others by their address
    recipients = [str(chat)]
    if to == "master":
        everybody = tx.masters.roster().masters
        recipients = [master.id for master in everybody if master.chat == chat]
    since = time.time() - MISSED_S
    tx.outbox.revive(to, recipients, since, tuple(OF_PEOPLE))
    return True
