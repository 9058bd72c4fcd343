"""What a master earned, and what the company's share of it is. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from record.dispatch.commission import commission
from record.dispatch.model import Master, Order
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


def begins(today: date) -> tuple[date, date, date]:
    """Return the first days of today, of this week (a Monday) and of this month."""
    return today, today - timedelta(days=today.weekday()), today.replace(day=1)


def earnings(
    orders: Iterable[Order], master: Master, default_percent: Decimal, now: datetime
) -> tuple[Sum, Sum, Sum]:
    """Return what finished orders brought today, this week and this month."""
    today = week = month = Sum()
    day_begins, week_begins, month_begins = begins(now.date())
    for day, price, share in _finished(orders, master, default_percent):
        if day >= day_begins:
            today = today.plus(price, share)
        if day >= week_begins:
            week = week.plus(price, share)
        if day >= month_begins:
            month = month.plus(price, share)
    return today, week, month


def by_day(
    orders: Iterable[Order],
    master: Master,
    default_percent: Decimal,
    today: date,
    days: int,
) -> dict[date, Sum]:
    """Return what each of the last days brought, oldest first, today last."""
    sums = {today - timedelta(days=days - 1 - one): Sum() for one in range(days)}
    for day, price, share in _finished(orders, master, default_percent):
        if day in sums:
            sums[day] = sums[day].plus(price, share)
    return sums


def last_month(
    orders: Iterable[Order], master: Master, default_percent: Decimal, today: date
) -> Sum:
    """Return what the calendar month before this one brought."""
    end = today.replace(day=1)
    start = (end - timedelta(days=1)).replace(day=1)
    total = Sum()
    for day, price, share in _finished(orders, master, default_percent):
        if start <= day < end:
            total = total.plus(price, share)
    return total


def _finished(
    orders: Iterable[Order], master: Master, default_percent: Decimal
) -> Iterator[tuple[date, Decimal, Decimal]]:
    """Yield day, price and the company's share of each finished order."""
    for order in orders:
        if order.status is Status.DONE and order.done:
            share = share_of(order, master, default_percent)
            yield order.done.date(), order.price or Decimal(0), share


def share_of(order: Order, master: Master, default_percent: Decimal) -> Decimal:
    """Return the commission of finished work: that of the sheet, else what is due."""
    if order.commission is not None:
        return order.commission
    return commission(order.price or Decimal(0), master, default_percent)
