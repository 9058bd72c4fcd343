"""Whose order is it: a number alone shows nothing, the secret of the tracking link
does.
"""

import hmac

from record.dispatch.model import Order
from record.store import Tx


def order_by_key(tx: Tx, order_id: str, key: str) -> Order | None:
    """Return the order, or None alike for a wrong number, a wrong key and no key."""
    number = order_id.strip().removeprefix("#")
    # which PostgreSQL takes in no text
    order = tx.orders.get(number) if "\x00" not in number else None
    expected = order.key if order else ""
    fits = hmac.compare_digest(expected.encode(), key.strip().encode())
    return order if expected and fits else None
