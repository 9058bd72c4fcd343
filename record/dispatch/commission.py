"""The company's share of a price. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from record.dispatch.model import Master

KOPECK = Decimal("0.01")


def commission(
    price: Decimal, master: Master | None, default_percent: Decimal
) -> Decimal:
    """Return the commission in roubles, half a kopeck up; the master's own percentage
    goes before the company's.
    """
    percent = (
        master.percent if master and master.percent is not None else default_percent
    )
    return (price * percent / 100).quantize(KOPECK, rounding=ROUND_HALF_UP)
