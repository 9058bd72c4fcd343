"""The new orders of one poll that may repeat others: which, and what they repeat."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from record.dispatch.model import Order
from record.dispatch.repeats import WITHIN, Call, age, repeat_sentence, repeated
from record.dispatch.waves import is_news
from record.store import Tx
from worker.poll.meanings import Meanings
from worker.poll.step import PollStep

DAY = timedelta(days=1)


class Repeats:
    """Finds what the orders that come with this poll may repeat.

    Only newcomers are compared, so a poll that brings none asks the store nothing.
    """

    def __init__(self, step: PollStep, meanings: Meanings) -> None:
        self._step = step
        self._meanings = meanings
        self._repeated: dict[str, str] = {}

    def look(self, changed: Iterable[str]) -> None:
        """Compare the new ones of the changed orders with each other and with the mirror."""
        step = self._step
        came = [key for key in changed if key not in step.known]
        readable = self._meanings.readable(came)
        orders = [meant.after for meant in readable.values() if meant.after.phone]
        news = {order.id: order for order in orders if is_news(order)}
        # what was in the sheet before, and is back, is no new order
        for order_id in step.tx.history.seen_of(news) if news else ():
            del news[order_id]

        if not news:
            return

        # of those that came together the later ones repeat the earlier ones
        together = sorted(map(_call, orders), key=lambda call: age(call, step.clock))
        others: dict[str, list[Call]] = {}
        for call in _in_mirror(step.tx, news.values(), step.clock):
            others.setdefault(call.phone, []).append(call)

        for call in together:
            earlier = others.setdefault(call.phone, [])
            if call.id in news:
                found = repeated(news[call.id], earlier, step.clock)
                if found:
                    self._repeated[call.id] = found

            earlier.append(call)

    def of(self, order: Order) -> str:
        """Return the order that a new one may repeat, "" for none."""
        return self._repeated.get(order.id, "")

    def marked(self, order: Order) -> Order:
        """Return a new order with what «Проверка» says of its being a repeat."""
        found = self.of(order)
        if not found:
            return order

        return replace(order, check=repeat_sentence(found))


def _in_mirror(tx: Tx, news: Iterable[Order], now: datetime) -> list[Call]:
    """Return the orders of the mirror that one of these may repeat."""
    moments = [order.created or now for order in news]
    # whole days: one that was typed without a time may mean any hour
    since = datetime.combine(min(moments), time()) - WITHIN
    until = datetime.combine(max(moments), time()) + DAY + WITHIN
    return tx.orders.calls(sorted({order.phone for order in news}), since, until)


def _call(order: Order) -> Call:
    return Call(order.id, order.phone, order.created, order.status)
