"""What a master earned. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from record.commission import commission
from record.model import Master, Order
from record.values import Status


@dataclass(frozen=True)
class Sum:
    """How many orders, what clients paid for them, and the company's share of that."""

    count: int = 0
    turnover: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """What stays with the master."""
        return self.turnover - self.commission

    def plus(self, price: Decimal, share: Decimal) -> "Sum":
        """Return the sum with one more order in it."""
        return Sum(self.count + 1, self.turnover + price, self.commission + share)


def earnings(
    orders: Iterable[Order], master: Master, default_percent: Decimal, now: datetime
) -> tuple[Sum, Sum, Sum]:
    """Return what the finished orders brought today, this week (from Monday) and this month."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = (today, today - timedelta(days=today.weekday()), today.replace(day=1))
    sums = [Sum(), Sum(), Sum()]
    for order in orders:
        if order.status is not Status.DONE or order.done is None:
            continue
        price = order.price or Decimal(0)
        share = order.commission if order.commission is not None else commission(price, master, default_percent)
        sums = [
            total.plus(price, share) if begin <= order.done else total
            for total, begin in zip(sums, begins, strict=True)
        ]
    return sums[0], sums[1], sums[2]
