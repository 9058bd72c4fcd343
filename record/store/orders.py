"""The mirror's orders: «Заявки» as last read, with waiting writes shown as if done."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    update,
)

from record.dispatch.model import Order, Roster
from record.dispatch.plausible import FEWEST_ALIKE, LAST, usual_price
from record.dispatch.reading import Clues
from record.dispatch.repeats import Call
from record.dispatch.rereading import understood
from record.grid.layout import Row
from record.grid.overlay import overlaid
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.reports.totals import Line
from record.store.journal import UNECHOED
from record.store.masters import Masters
from record.store.order_rows import Stored, roubles, stored_of, values_of, words_of
from record.store.schema import journal, order_words, orders
from record.store.statements import CHUNK, chunks, upsert
from record.values import Address, Status
from record.values.actors import REPAIR
from record.values.handles import handle

NAMES_A_STRANGER = (orders.c.master != "") & (orders.c.master_id == "")
TELLS_OF_A_CLIENT = or_(
    *[orders.c[name] != "" for name in ("phone", "address", "problem", "comment")],
    orders.c.chat.is_not(None),
)


class Orders:
    """The orders of the mirror, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, order_id: str) -> Order | None:
        """Return the order as it will stand once waiting writes have reached the sheet."""
        stored = self.stored([order_id]).get(order_id)
        writes = self._waiting([order_id]).get(order_id, [])
        return self._shown(stored, writes)

    def named(self, name: str) -> str:
        """Return the number of the order that has this handle, "" where none has."""
        query = select(orders.c.id).where(orders.c.handle == name)
        found: str | None = self._connection.execute(query).scalar()
        if found:
            return found
        # an order of the site's form is asked for before its row stands in the sheet
        for order_id in self._waiting(None):
            if handle(order_id) == name:
                return order_id
        return ""

    def find(
        self,
        *,
        status: Status | None = None,
        master_id: str | None = None,
        chat: Address | None = None,
        limit: int = 50,
        offered: bool = False,
    ) -> list[Order]:
        """Return orders as they will stand, lowest in the sheet first.

        ``offered`` leaves out those that are held, or left out by decision.
        """
        waiting = self._waiting(None)
        # what waiting writes change may not fit any more, so more are asked for
        query = (
            select(orders)
            .order_by(orders.c.position.desc())
            .limit(limit + len(waiting))
        )
        if offered:
            query = query.where(~kept_back())
        for column, value in (
            (orders.c.status, status),
            (orders.c.master_id, master_id),
            (orders.c.chat, chat),
        ):
            if value is not None:
                query = query.where((column == value) | orders.c.id.in_(list(waiting)))
        stored = self._by_id(query)
        new = [order_id for order_id in reversed(waiting) if order_id not in stored]
        roster = self._roster() if waiting else None
        found: list[Order] = []
        for order_id in [*new, *stored]:
            writes = waiting.get(order_id, [])
            order = self._shown(stored.get(order_id), writes, roster)
            if order and _fits(order, status, master_id, chat):
                found.append(order)
        return found[:limit]

    def _shown(
        self,
        stored: Stored | None,
        writes: list[Write],
        roster: Roster | None = None,
    ) -> Order | None:
        before = stored.order if stored else None
        if not writes:
            return before
        read = stored.row if stored else None
        row = overlaid(ORDERS, read, writes)
        if not row:
            return None
        if roster is None:
            roster = self._roster()
        return understood(before, row, roster, clues=Clues(was=read))

    def _roster(self) -> Roster:
        return Masters(self._connection).roster()

    def count_of(self, status: Status) -> int:
        """Return how many orders had this status as last read."""
        query = (
            select(func.count())
            .select_from(orders)
            .where(orders.c.status == status.value)
        )
        return int(self._connection.execute(query).scalar_one())

    def shown_row(self, order_id: str) -> Row | None:
        """Return the order's cells as they will stand once all is written."""
        stored = self.stored([order_id]).get(order_id)
        read = stored.row if stored else None
        writes = self._waiting([order_id]).get(order_id, [])
        return overlaid(ORDERS, read, writes)

    def changing(self) -> dict[str, Order | None]:
        """Return the orders that waiting writes are for, as they will stand, by ID."""
        waiting = self._waiting(None)
        if not waiting:
            return {}
        stored, roster = self.stored(waiting), self._roster()
        return {
            order_id: self._shown(stored.get(order_id), writes, roster)
            for order_id, writes in waiting.items()
        }

    def _waiting(self, ids: Sequence[str] | None) -> dict[str, list[Write]]:
        query = (
            select(journal.c.kind, journal.c.subject, journal.c.cells)
            .where(journal.c.title == ORDERS, UNECHOED)
            # it puts back what stood there, which the mirror knows
            .where(journal.c.by != REPAIR)
            .order_by(journal.c.id)
        )
        if ids is not None:
            query = query.where(journal.c.subject.in_(ids))
        found: dict[str, list[Write]] = {}
        for kind, subject, cells in self._connection.execute(query):
            write = Write(ORDERS, kind, subject, cells)
            found.setdefault(subject, []).append(write)
        return found

    def stored(self, ids: Iterable[str]) -> dict[str, Stored]:
        """Return these orders exactly as last read, without waiting writes."""
        found: dict[str, Stored] = {}
        for some in chunks(list(ids)):
            found |= self._by_id(select(orders).where(orders.c.id.in_(some)))
        return found

    def _by_id(self, query: Select[Any]) -> dict[str, Stored]:
        rows = self._connection.execute(query).mappings()
        return {row["id"]: stored_of(row) for row in rows}

    def rows(self) -> Iterator[tuple[str, int, Row]]:
        """Yield ID, position and cells of every order as last read."""
        query = select(orders.c.id, orders.c.position, orders.c.row)
        query = query.execution_options(yield_per=1000)
        for order_id, position, row in self._connection.execute(query):
            yield order_id, position, tuple(row)

    def put(self, order: Order, row: Row, position: int) -> None:
        """Remember an order as read."""
        upsert(self._connection, orders, values_of(Stored(order, row, position)))
        upsert(self._connection, order_words, words_of(order))

    def put_new(self, entries: Sequence[Stored]) -> None:
        """Remember many orders that are not in the mirror yet, quickly."""
        for some in chunks(entries):
            values = [values_of(entry) for entry in some]
            self._connection.execute(orders.insert(), values)
            sought = [words_of(entry.order) for entry in some]
            self._connection.execute(order_words.insert(), sought)

    def derive(self) -> None:
        """Work out again the columns that are derived from an order's other ones.

        A migration may have added some of them.
        """
        known = sorted(order_id for order_id, _, _ in self.rows())
        for some in chunks(known):
            for order_id, stored in self.stored(some).items():
                changed = update(orders).where(orders.c.id == order_id)
                self._connection.execute(changed.values(values_of(stored)))
                upsert(self._connection, order_words, words_of(stored.order))

    def move(self, positions: dict[str, int]) -> None:
        """Remember where rows stand now."""
        moved = (
            update(orders)
            .where(orders.c.id == bindparam("which"))
            .values(position=bindparam("place"))
        )
        values = [{"which": key, "place": place} for key, place in positions.items()]
        if values:
            self._connection.execute(moved, values)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget orders whose rows are gone."""
        for some in chunks(ids):
            self._connection.execute(delete(orders).where(orders.c.id.in_(some)))
            unsought = delete(order_words).where(order_words.c.id.in_(some))
            self._connection.execute(unsought)

    def count(self) -> int:
        """Return how many orders were last read."""
        query = select(func.count()).select_from(orders)
        return self._connection.execute(query).scalar_one()

    def count_by_status(self) -> dict[str, int]:
        """Return how many orders there are by status, "" where it is unclear."""
        query = select(orders.c.status, func.count()).group_by(orders.c.status)
        rows = self._connection.execute(query)
        return {status or "": count for status, count in rows}

    def lines(self) -> Iterator[Line]:
        """Yield of every order only what statistics need: a page counts all of them."""
        columns = (
            orders.c.created,
            orders.c.done,
            orders.c.status,
            orders.c.source,
            orders.c.master_id,
            orders.c.price,
            orders.c.commission,
        )
        query = select(*columns).execution_options(yield_per=1000)
        for row in self._connection.execute(query):
            created, done, status, source, master_id, price, commission = row
            money = roubles(price), roubles(commission)
            known = price is not None
            yield Line(created, done, status or "", source, master_id, *money, known)

    def usual_price(self, category: str) -> Decimal | None:
        """Return what finished orders of a category cost lately, or those of all."""
        alike = self._last_prices(orders.c.category == category)
        if len(alike) >= FEWEST_ALIKE:
            return usual_price(alike, ())
        return usual_price(alike, self._last_prices(true()))

    def usual_price_for(self, order_id: str) -> Decimal | None:
        """Return what orders like this one cost lately."""
        order = self.get(order_id)
        category = order.category if order else ""
        return self.usual_price(category)

    def _last_prices(self, which: ColumnElement[bool]) -> list[Decimal]:
        was_paid = (orders.c.status == Status.DONE.value) & (orders.c.price > 0)
        query = (
            select(orders.c.price)
            .where(which, was_paid)
            .order_by(orders.c.done.desc().nulls_last())
            .limit(LAST)
        )
        return [roubles(price) for price in self._connection.execute(query).scalars()]

    def untold(self) -> list[Order]:
        """Return the orders that are Новая and whose masters have not been told."""
        query = select(orders).where(
            orders.c.status == Status.NEW.value, orders.c.told == ""
        )
        return self._all_of(query)

    def held_in(self, mark: str, limit: int) -> list[Order]:
        """Return new orders whose «Проверка» contains a mark, highest in the sheet first."""
        waits = (
            (orders.c.status == Status.NEW.value)
            & orders.c.unclear
            & orders.c.check.contains(mark, autoescape=True)
        )
        query = select(orders).where(waits).order_by(orders.c.position).limit(limit)
        return self._all_of(query)

    def _all_of(self, query: Select[Any]) -> list[Order]:
        rows = self._connection.execute(query).mappings()
        return [stored_of(row).order for row in rows]

    def calls(
        self, phones: Sequence[str], since: datetime, until: datetime
    ) -> list[Call]:
        """Return which orders came from these phones between two moments."""
        # the moments come first: an index has them, and a day holds few orders
        columns = (orders.c.id, orders.c.phone, orders.c.created, orders.c.status)
        query = select(*columns).where(orders.c.created.between(since, until))
        if len(phones) <= CHUNK:
            # beside some stands what a client said of his phone
            said = orders.c.phone.contains("\n")
            query = query.where(orders.c.phone.in_(phones) | said)
        wanted, found = frozenset(phones), []
        for order_id, kept, created, status in self._connection.execute(query):
            phone = kept.partition("\n")[0]
            if phone in wanted:
                named = Status.named(status or "")
                found.append(Call(order_id, phone, created, named))
        return found

    def finished_before(self, moment: datetime, name: str, limit: int) -> list[str]:
        """Return orders that ended before then and tell of a client, oldest first.

        ``name`` alone does not say that one tells of nobody: a client may be called so.
        """
        when = func.coalesce(orders.c.done, orders.c.created)
        ended = (Status.DONE.value, Status.CANCELLED.value)
        query = select(orders.c.id).where(orders.c.status.in_(ended), when < moment)
        query = query.where((orders.c.name != name) | TELLS_OF_A_CLIENT)
        query = query.order_by(when).limit(limit)
        return list(self._connection.execute(query).scalars())

    def in_work_without(self, master_ids: Iterable[str]) -> list[Order]:
        """Return the orders in work by masters who are none of these, by number."""
        theirs = orders.c.master_id.in_(list(master_ids)) | (orders.c.master_id == "")
        query = select(orders).where(orders.c.status == Status.WORK.value, ~theirs)
        return self._all_of(query.order_by(orders.c.position))

    def unresolved(self) -> list[str]:
        """Return the IDs of orders that «Проверка» speaks of, or whose «Мастер» is unknown."""
        query = select(orders.c.id).where(NAMES_A_STRANGER | (orders.c.check != ""))
        return list(self._connection.execute(query).scalars())

    def open_of(self, chats: Iterable[Address], master_ids: Iterable[str]) -> list[str]:
        """Return the IDs of open orders of these clients' chats and these masters."""
        of_clients = orders.c.chat.in_(list(chats))
        of_masters = orders.c.master_id.in_(list(master_ids))
        is_open = orders.c.status.in_((Status.NEW.value, Status.WORK.value))
        query = select(orders.c.id).where(is_open, of_clients | of_masters)
        return list(self._connection.execute(query).scalars())


def kept_back() -> ColumnElement[bool]:
    """Return the condition of record/dispatch/waves.py:kept_back.

    It is meant for orders that are new and nobody's: of others it may hold too.
    """
    # SQLite knows no small and capital letters but Latin ones
    left_out = orders.c.told.contains("рассылать") | orders.c.told.contains("РАССЫЛАТЬ")
    return orders.c.check.contains("Пришла в числе ") | left_out | NAMES_A_STRANGER


def _fits(
    order: Order, status: Status | None, master_id: str | None, chat: Address | None
) -> bool:
    if status is not None and order.status != status:
        return False
    if master_id is not None and order.master_id != master_id:
        return False
    return chat is None or order.chat == chat
