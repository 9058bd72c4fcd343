"""Which orders are from before the system, so that nobody is told of them. Pure."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from record import values
from record.dispatch.model import Order
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Status, UnclearCell

STATUS = WORKSHEETS[ORDERS].index("Статус")
NO_STATUS = (
    "Статус не указан: напишите «Новая», если мастерам пора о ней узнать, «В работе», если мастер ещё едет, "
    "иначе «Выполнена» или «Отменена»"
)


def bygone(order: Order, today: date) -> bool:
    """Return whether an order that the first reading finds is from before.

    It is where work has begun or ended, money stands in it, or its day is over.
    """
    if order.status is not Status.NEW or order.price is not None:
        return True
    if _was_finished(order) or _before(today, order.created):
        return True
    # something stands there, though nobody can say what
    return order.is_unclear("Дата") or order.is_unclear("Цена")


def from_before(order: Order, row: Row, today: date) -> bool:
    """Return whether a row that comes while the system works is from the past.

    «Новая», typed, is new whatever else stands there. Of a row without a status a price
    alone is often agreed upon beforehand, and so is a master; both together are of work
    that was done.
    """
    old = _before(today, order.created) or _before(today, order.done)
    if _names_a_status(row):
        return old and order.status in (Status.DONE, Status.CANCELLED)
    if old or _was_finished(order) or order.is_unclear("Дата"):
        return True
    return order.price is not None and bool(order.master)


def past(order: Order, row: Row) -> Order:
    """Return an order from before the first reading: without a status, it is not Новая."""
    if _names_a_status(row):
        return order
    troubles = (*order.troubles, UnclearCell("Статус", NO_STATUS))
    return replace(order, status=None, troubles=troubles)


def _names_a_status(row: Row) -> bool:
    return not values.is_empty(row[STATUS])


def _was_finished(order: Order) -> bool:
    """Return whether something stands where only finished work has it."""
    if order.commission is not None or order.done is not None:
        return True
    return order.is_unclear("Комиссия") or order.is_unclear("Дата выполнения")


def _before(today: date, moment: datetime | None) -> bool:
    """Return whether a moment is earlier than yesterday."""
    return moment is not None and moment.date() < today - timedelta(days=1)
