"""The company's share of a price. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from record.dispatch.model import Master

KOPECK = Decimal("0.01")


def commission(
    price: Decimal, master: Master | None, default_percent: Decimal
) -> Decimal:
    """Return the commission in roubles, half a kopeck up.

    The master's own percentage goes before the company's.
    """
    percent = default_percent
    if master and master.percent is not None:
        percent = master.percent
    return (price * percent / 100).quantize(KOPECK, rounding=ROUND_HALF_UP)
