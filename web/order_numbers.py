"""An order's number in an address of the panel: people may type any text as one.

A browser takes ``..`` and ``//`` in an address away, and a line break fits no path. So
a number that is more than letters, digits and a few signs is called by its handle.
"""

import re

from werkzeug.routing import PathConverter

from record.store import Tx
from record.values.handles import handle

PLAIN = re.compile(r"[^\W_][\w №,-]{0,60}")
MARK = "~"


class OrderNumber(PathConverter):
    """The part of an address that says which order is meant."""

    def to_url(self, value: str) -> str:
        """Return the part for an order."""
        if PLAIN.fullmatch(value):
            return super().to_url(value)
        return MARK + handle(value)


def order_meant(tx: Tx, part: str) -> str:
    """Return the number of the order that is called so in an address."""
    if part.startswith(MARK):
        return tx.orders.named(part.removeprefix(MARK)) or part
    return part
