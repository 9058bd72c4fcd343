"""Lists of orders for staff, page by page, with waiting writes shown as if done.

Everything but the rows of one page is answered from an index that covers all filters,
so that 50,000 orders cost milliseconds. What a text is searched in stands in a narrow
table of its own, which each search reads once.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from record.dispatch.changes import OFFERING, What
from record.dispatch.listing import NUMBERS, UNKNOWN, Wanted, narrow, needles, rank
from record.dispatch.model import Order
from record.reports.periods import Arrived, Done, OfferEvent
from record.store.order_rows import roubles, stored_of
from record.store.orders import Orders
from record.store.schema import history, order_words, orders
from record.values import Status
from record.values.sources import SOURCES

# SQLite else prefers a narrower index and looks up every row
COVERING = "INDEXED BY orders_listed"


@dataclass(frozen=True)
class OrderPage:
    """One page of a list.

    ``total`` counts the orders of all pages, ``first`` is the place of this page's first
    one, ``newer`` and ``older`` are the ranks to go on from, None at the ends.
    """

    orders: tuple[Order, ...]
    total: int
    first: int
    newer: int | None
    older: int | None


class Search:
    """Lists and sums of orders, within one transaction.

    Orders that waiting writes are for are left out of each query and judged here, by
    what they will be.
    """

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
    ) -> OrderPage:
        """Return the orders next below one rank or next above another, newest first."""
        changing = self._orders.changing()
        tests = self._tests(wanted, leaving=list(changing))
        waiting = {rank(order): order for order in _matching(changing, wanted)}
        if wanted.text:
            return self._page_of_found(tests, waiting, below, above, limit)

        ranks = {*self._ranks(tests, below, above, limit), *waiting}
        shown = _shown(ranks, below, above, limit)
        total = self._count(tests) + len(waiting)
        newer = 0
        if shown:
            newer = self._count([*tests, orders.c.rank > shown[0]])
            newer += sum(place > shown[0] for place in waiting)
        return _page(self._rows(tests, shown, waiting), shown, total, newer)

    def _page_of_found(
        self,
        tests: list[ColumnElement[bool]],
        waiting: dict[int, Order],
        below: int | None,
        above: int | None,
        limit: int,
    ) -> OrderPage:
        """Return a page of what a text was found in.

        All ranks are asked for at once: page and counts would each read all words again.
        """
        query = _covered(select(orders.c.rank).where(*tests))
        found = sorted({*self._connection.execute(query).scalars(), *waiting})
        shown = _shown(found, below, above, limit)
        newer = 0
        if shown:
            newer = len(found) - bisect_right(found, shown[0])
        return _page(self._rows([], shown, waiting), shown, len(found), newer)

    def all(self, wanted: Wanted) -> Iterator[Order]:
        """Yield all orders that are asked for, newest first.

        They are not kept in memory: a file of all orders may be asked for.
        """
        changing = self._orders.changing()
        waiting = sorted(_matching(changing, wanted), key=rank)
        tests = self._tests(wanted, leaving=list(changing))
        query = select(orders).where(*tests).order_by(orders.c.rank.desc())
        query = query.execution_options(yield_per=500)
        for row in self._connection.execute(query).mappings():
            while waiting and rank(waiting[-1]) > row["rank"]:
                yield waiting.pop()
            yield stored_of(row).order
        yield from reversed(waiting)

    def _tests(self, wanted: Wanted, leaving: list[str]) -> list[ColumnElement[bool]]:
        """Return the conditions on an order, ``leaving`` these out."""
        tests: list[ColumnElement[bool]] = []
        if wanted.status == UNKNOWN:
            tests.append(orders.c.status.is_(None))
        elif wanted.status:
            tests.append(orders.c.status == wanted.status)
        if wanted.master_id:
            tests.append(orders.c.master_id == wanted.master_id)
        if wanted.source:
            tests.append(orders.c.source == wanted.source)
        if wanted.unclear:
            tests.append(orders.c.unclear.is_(True))
        tests += _rank_tests(*wanted.ranks)
        sought = [
            order_words.c.words.contains(narrow(needle), autoescape=True)
            for needle in needles(wanted.text)
        ]
        if sought:
            having = select(order_words.c.rank).where(*sought)
            tests.append(orders.c.rank.in_(having))
        if leaving:
            tests.append(orders.c.id.not_in(leaving))
        return tests

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
            if below is not None:
                query = query.where(orders.c.rank < below)
        return list(self._connection.execute(query.limit(limit + 1)).scalars())

    def _rows(
        self,
        tests: list[ColumnElement[bool]],
        places: list[int],
        waiting: dict[int, Order],
    ) -> Iterator[Order]:
        """Yield the orders at these ranks."""
        to_read = [place for place in places if place not in waiting]
        query = _covered(select(orders).where(orders.c.rank.in_(to_read), *tests))
        found = dict(waiting)
        for row in self._connection.execute(query).mappings():
            found[row["rank"]] = stored_of(row).order
        for place in places:
            if place in found:
                yield found[place]

    def _count(self, tests: list[ColumnElement[bool]]) -> int:
        query = _covered(select(func.count()).select_from(orders).where(*tests))
        return int(self._connection.execute(query).scalar_one())

    def finished(self, master_id: str, since: date) -> list[Order]:
        """Return what a master has finished since a day, latest first."""
        changing = self._orders.changing()
        query = select(orders).where(
            orders.c.master_id == master_id,
            orders.c.status == Status.DONE.value,
            orders.c.done >= datetime.combine(since, time.min),
        )
        rows = self._connection.execute(query).mappings()
        found = [stored_of(row).order for row in rows if row["id"] not in changing]
        found += _finished(changing.values(), master_id, since)
        found.sort(key=lambda order: (order.done is not None, order.done), reverse=True)
        return found

    # Sums

    def arrived(self, since: date, until: date) -> list[Arrived]:
        """Return how many orders came on each day, by source and by how they stand now."""
        day = func.date(orders.c.created)
        by = (day, orders.c.source, orders.c.status)
        query = select(*by, func.count()).group_by(*by)
        query = query.where(*_days(orders.c.created, since, until))
        rows = self._connection.execute(query)
        return [
            Arrived(_day(when), source, status or "", count)
            for when, source, status, count in rows
        ]

    def done(self, since: date, until: date) -> list[Done]:
        """Return count, turnover and commission in roubles of each day and master."""
        day = func.date(orders.c.done)
        turnover, commission = func.sum(orders.c.price), func.sum(orders.c.commission)
        unpriced = func.count() - func.count(orders.c.price)
        query = select(
            day, orders.c.master_id, func.count(), turnover, commission, unpriced
        )
        query = query.where(
            orders.c.status == Status.DONE.value, *_days(orders.c.done, since, until)
        )
        rows = self._connection.execute(query.group_by(day, orders.c.master_id))
        return [
            Done(_day(when), master_id, count, roubles(price), roubles(share), unpriced)
            for when, master_id, count, price, share, unpriced in rows
        ]

    def steps(self, since: float) -> list[OfferEvent]:
        """Return when orders were offered and taken since a moment, oldest first."""
        kinds = (*OFFERING, What.STATUS.value)
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
        return [OfferEvent(*row) for row in self._connection.execute(query)]

    def sources(self) -> list[str]:
        """Return every source that an order names, the usual ones first."""
        query = select(orders.c.source).distinct()
        found = set(self._connection.execute(query).scalars())
        others = found - {"", *SOURCES}
        return [*SOURCES, *sorted(others)]

    def unclear(self) -> int:
        """Return of how many orders «Проверка» says something."""
        return self._count([orders.c.unclear.is_(True)])


def _covered(query: Select[Any]) -> Select[Any]:
    return query.with_hint(orders, COVERING, "sqlite")


def _matching(changing: Mapping[str, Order | None], wanted: Wanted) -> Iterator[Order]:
    for order in changing.values():
        if order and wanted.matches(order):
            yield order


def _finished(
    changing: Iterable[Order | None], master_id: str, since: date
) -> Iterator[Order]:
    for order in changing:
        if order is None or order.done is None:
            continue
        is_his = order.master_id == master_id and order.status is Status.DONE
        if is_his and order.done.date() >= since:
            yield order


def _rank_tests(low: int | None, high: int | None) -> Iterator[ColumnElement[bool]]:
    if low is not None:
        yield orders.c.rank >= low
    if high is not None:
        # orders without a day rank below all days, and are of none of them
        least = NUMBERS if low is None else low
        yield orders.c.rank.between(least, high - 1)


def _shown(
    places: Iterable[int], below: int | None, above: int | None, limit: int
) -> list[int]:
    """Return the places of one page, newest first."""
    inside = sorted(place for place in places if _is_between(place, below, above))
    # the page next above a rank begins at its lowest end
    shown = inside[:limit] if above is not None else inside[-limit:]
    shown.reverse()
    return shown


def _page(
    shown_orders: Iterable[Order], shown: list[int], total: int, newer: int
) -> OrderPage:
    if not shown:
        return OrderPage((), total, 0, None, None)
    older = total - newer - len(shown)
    return OrderPage(
        orders=tuple(shown_orders),
        total=total,
        first=newer + 1,
        newer=shown[0] if newer else None,
        older=shown[-1] if older > 0 else None,
    )


def _is_between(place: int, below: int | None, above: int | None) -> bool:
    if above is not None:
        return place > above
    return below is None or place < below


def _days(
    column: ColumnElement[Any], since: date, until: date
) -> list[ColumnElement[bool]]:
    start = datetime.combine(since, time.min)
    end = datetime.combine(until, time.min) + timedelta(days=1)
    return [column >= start, column < end]


def _day(shown: object) -> date:
    return date.fromisoformat(str(shown)[:10])
