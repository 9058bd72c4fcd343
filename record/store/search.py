"""Lists of orders for staff: filtered, searched, page by page, with writes that are on
their way shown as if done.

Everything but the rows of one page is answered from an index that covers all filters,
so that 50,000 orders cost milliseconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from record.dispatch.listing import NUMBERS, UNKNOWN, Wanted, needles, rank
from record.dispatch.model import Order
from record.reports.periods import Arrived, Done, Step
from record.reports.totals import SOURCES
from record.store.order_rows import stored_of
from record.store.orders import Orders
from record.store.schema import history, orders
from record.values import Status

# SQLite else prefers a narrower index and looks up every row
COVERING = "INDEXED BY orders_listed"


@dataclass(frozen=True)
class Page:
    """One page of a list: ``total`` of all pages, ``first`` the place of its first
    order; ranks to go on from.
    """

    orders: tuple[Order, ...]
    total: int
    first: int
    newer: int | None
    older: int | None


class Search:
    """Lists and sums of orders, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._orders = Orders(connection)

    def page(
        self,
        wanted: Wanted,
        *,
        below: int | None = None,
        above: int | None = None,
        limit: int = 50,
    ) -> Page:
        """Return the orders after rank ``below``, or those just before rank ``above``,
        newest first.
        """
        fresh = self._orders.changing()
        tests = self._tests(wanted, leaving=list(fresh))
        waiting = {
            rank(order): order
            for order in fresh.values()
            if order and wanted.matches(order)
        }
        found = dict.fromkeys(self._ranks(tests, below, above, limit)) | waiting
        inside = sorted(place for place in found if _between(place, below, above))
        shown = list(reversed(inside[:limit] if above is not None else inside[-limit:]))
        total = self._count(tests) + len(waiting)
        first = (
            self._count([*tests, orders.c.rank > shown[0]])
            + sum(at > shown[0] for at in waiting)
            if shown
            else 0
        )
        more = first + len(shown) < total
        return Page(
            tuple(self._rows(tests, shown, waiting)),
            total,
            first + 1 if shown else 0,
            shown[0] if first else None,
            shown[-1] if shown and more else None,
        )

    def all(self, wanted: Wanted) -> Iterator[Order]:
        """Yield all orders that are asked for, newest first, without keeping them in
        memory.
        """
        fresh = self._orders.changing()
        waiting = sorted(
            (order for order in fresh.values() if order and wanted.matches(order)),
            key=rank,
        )
        query = (
            select(orders)
            .where(*self._tests(wanted, leaving=list(fresh)))
            .order_by(orders.c.rank.desc())
        )
        for row in self._connection.execute(
            query.execution_options(yield_per=500)
        ).mappings():
            while waiting and rank(waiting[-1]) > row["rank"]:
                yield waiting.pop()
            yield stored_of(row).order
        yield from reversed(waiting)

    def _tests(self, wanted: Wanted, leaving: list[str]) -> list[ColumnElement[bool]]:
        low, high = wanted.ranks
        tests: list[ColumnElement[bool]] = []
        if wanted.status:
            status = None if wanted.status == UNKNOWN else wanted.status
            tests.append(
                orders.c.status.is_(None)
                if status is None
                else orders.c.status == status
            )
        if wanted.master_id:
            tests.append(orders.c.master_id == wanted.master_id)
        if wanted.source:
            tests.append(orders.c.source == wanted.source)
        if low is not None:
            tests.append(orders.c.rank >= low)
        if high is not None:
            tests.append(
                orders.c.rank.between(NUMBERS if low is None else low, high - 1)
            )
        if wanted.unclear:
            tests.append(orders.c.unclear.is_(True))
        tests += [
            orders.c.words.contains(needle, autoescape=True)
            for needle in needles(wanted.text)
        ]
        return [*tests, orders.c.id.not_in(leaving)] if leaving else tests

    def _ranks(
        self,
        tests: list[ColumnElement[bool]],
        below: int | None,
        above: int | None,
        limit: int,
    ) -> list[int]:
        query = _covered(select(orders.c.rank).where(*tests))
        if above is not None:
            query = query.where(orders.c.rank > above).order_by(orders.c.rank)
        else:
            query = query.order_by(orders.c.rank.desc())
            query = query.where(orders.c.rank < below) if below is not None else query
        return list(self._connection.execute(query.limit(limit + 1)).scalars())

    def _rows(
        self,
        tests: list[ColumnElement[bool]],
        places: list[int],
        waiting: dict[int, Order],
    ) -> Iterator[Order]:
        query = _covered(
            select(orders).where(
                orders.c.rank.in_([at for at in places if at not in waiting]), *tests
            )
        )
        stored = {
            row["rank"]: stored_of(row).order
            for row in self._connection.execute(query).mappings()
        }
        yield from (
            (waiting | stored)[place]
            for place in places
            if place in waiting or place in stored
        )

    def _count(self, tests: list[ColumnElement[bool]]) -> int:
        query = _covered(select(func.count()).select_from(orders).where(*tests))
        return int(self._connection.execute(query).scalar_one())

    def finished(self, master_id: str, since: date) -> list[Order]:
        """Return what a master has finished since a day, latest first."""
        fresh = self._orders.changing()
        mine = (orders.c.master_id == master_id) & (
            orders.c.status == Status.DONE.value
        )
        query = select(orders).where(
            mine, orders.c.done >= datetime.combine(since, time.min)
        )
        stored = [
            stored_of(row).order
            for row in self._connection.execute(query).mappings()
            if row["id"] not in fresh
        ]
        waiting = [
            order
            for order in fresh.values()
            if order and order.done and order.done.date() >= since
        ]
        his = [
            order
            for order in waiting
            if order.master_id == master_id and order.status is Status.DONE
        ]
        return sorted(
            [*stored, *his],
            key=lambda order: (order.done is not None, order.done),
            reverse=True,
        )

    # Sums

    def arrived(self, since: date, until: date) -> list[Arrived]:
        """Return how many orders came on each day, by source and by how they stand now."""
        day = func.date(orders.c.created)
        query = select(day, orders.c.source, orders.c.status, func.count()).where(
            *_days(orders.c.created, since, until)
        )
        rows = self._connection.execute(
            query.group_by(day, orders.c.source, orders.c.status)
        )
        return [
            Arrived(_day(when), source, status or "", count)
            for when, source, status, count in rows
        ]

    def done(self, since: date, until: date) -> list[Done]:
        """Return what was finished on each day, by master: count, turnover and
        commission in roubles.
        """
        day, kopecks = (
            func.date(orders.c.done),
            (func.sum(orders.c.price), func.sum(orders.c.commission)),
        )
        query = select(day, orders.c.master_id, func.count(), *kopecks)
        query = query.where(
            orders.c.status == Status.DONE.value, *_days(orders.c.done, since, until)
        )
        rows = self._connection.execute(query.group_by(day, orders.c.master_id))
        return [
            Done(_day(when), master_id, count, _roubles(price), _roubles(share))
            for when, master_id, count, price, share in rows
        ]

    def steps(self, since: float) -> list[Step]:
        """Return when orders were offered and taken since a moment, oldest first."""
        kinds = ("appeared", "reopened", "retold", "status")
        query = select(
            history.c.order_id,
            history.c.at,
            history.c.what,
            history.c.after,
            history.c.by,
        )
        query = query.where(history.c.at >= since, history.c.what.in_(kinds)).order_by(
            history.c.at, history.c.seq
        )
        return [Step(*row) for row in self._connection.execute(query)]

    def sources(self) -> list[str]:
        """Return every source that an order names, the usual ones first."""
        found = self._connection.execute(select(orders.c.source).distinct()).scalars()
        return [
            *SOURCES,
            *sorted({source for source in found if source} - set(SOURCES)),
        ]

    def unclear(self) -> int:
        """Return of how many orders «Проверка» says something."""
        return self._count([orders.c.unclear.is_(True)])


def _covered(query: Select[Any]) -> Select[Any]:
    return query.with_hint(orders, COVERING, "sqlite")


def _between(place: int, below: int | None, above: int | None) -> bool:
    return place > above if above is not None else below is None or place < below


def _days(
    column: ColumnElement[Any], since: date, until: date
) -> list[ColumnElement[bool]]:
    start = datetime.combine(since, time.min)
    return [
        column >= start,
        column < datetime.combine(until, time.min) + timedelta(days=1),
    ]


def _day(shown: object) -> date:
    return date.fromisoformat(str(shown)[:10])


def _roubles(kopecks: int | None) -> Decimal:
    return Decimal(int(kopecks or 0)) / 100
