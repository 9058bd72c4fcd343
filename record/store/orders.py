"""The mirror's orders: «Заявки» as last read, with writes that are still on their way
shown as if done.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    select,
    update,
)

from record.dispatch.listing import rank, words
from record.dispatch.model import Clues, Order, Roster, Row, understood
from record.grid.handles import handle
from record.grid.overlay import overlaid
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.reports.totals import Line
from record.store.masters import Masters
from record.store.schema import journal, orders
from record.store.statements import upsert
from record.values import Status, UnclearCell
from record.values.actors import REPAIR

# that stands below the phone
FIELDS = tuple(field.name for field in fields(Order) if field.name != "phone_said")
CHUNK = 500
SOURCE = 200


@dataclass(frozen=True)
class Stored:
    """An order exactly as last read: its meaning, its cells, and the row it stood in (a
    hint, never identity).
    """

    order: Order
    row: Row
    position: int


class Orders:
    """The orders of the mirror, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, order_id: str) -> Order | None:
        """Return the order as it will stand once waiting writes have reached the sheet,
        or None.
        """
        stored = self.stored([order_id]).get(order_id)
        return self._shown(stored, self._waiting([order_id]).get(order_id, []))

    def named(self, name: str) -> str:
        """Return the number of the order that has this handle, "" where there is none,
        or none any more.
        """
        found: str | None = self._connection.execute(
            select(orders.c.id).where(orders.c.handle == name)
        ).scalar()
        return found or next(
            (order_id for order_id in self._waiting(None) if handle(order_id) == name),
            "",
        )

    def find(
        self,
        *,
        status: Status | None = None,
        master_id: str | None = None,
        chat: int | None = None,
        limit: int = 50,
        offered: bool = False,
    ) -> list[Order]:
        """Return orders as they will stand once waiting writes have reached the sheet,
        lowest in the sheet first.

        ``offered`` leaves out those that are held, or left out by decision.
        """
        waiting = self._waiting(None)
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
        stored = {
            row["id"]: stored_of(row)
            for row in self._connection.execute(query).mappings()
        }
        fresh = [order_id for order_id in reversed(waiting) if order_id not in stored]
        roster = self._roster() if waiting else None
        shown = (
            self._shown(stored.get(key), waiting.get(key, []), roster)
            for key in [*fresh, *stored]
        )
        return [
            order
            for order in shown
            if order
            and (status is None or order.status == status)
            and (master_id is None or order.master_id == master_id)
            and (chat is None or order.chat == chat)
        ][:limit]

    def _shown(
        self,
        stored: Stored | None,
        writes: list[Write],
        roster: Roster | None = None,
    ) -> Order | None:
        if not writes:
            return stored.order if stored else None
        row = overlaid(ORDERS, stored.row if stored else None, writes)
        before = stored.order if stored else None
        clues = Clues(was=stored.row if stored else None)
        return (
            understood(before, row, roster or self._roster(), clues=clues)
            if row
            else None
        )

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
        """Return the order's cells as they will stand once waiting writes have reached
        the sheet.
        """
        stored = self.stored([order_id]).get(order_id)
        read = stored.row if stored else None
        return overlaid(ORDERS, read, self._waiting([order_id]).get(order_id, []))

    def changing(self) -> dict[str, Order | None]:
        """Return the orders that writes are on their way to, as they will stand, by ID."""
        waiting = self._waiting(None)
        stored, roster = self.stored(waiting), self._roster() if waiting else None
        return {
            key: self._shown(stored.get(key), writes, roster)
            for key, writes in waiting.items()
        }

    def _waiting(self, ids: Sequence[str] | None) -> dict[str, list[Write]]:
        query = (
            select(journal.c.kind, journal.c.subject, journal.c.cells)
            .where(
                journal.c.title == ORDERS,
                journal.c.echoed.is_(False),
                journal.c.state != "refused",
            )
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
        wanted = list(ids)
        found: dict[str, Stored] = {}
        for start in range(0, len(wanted), CHUNK):
            query = select(orders).where(orders.c.id.in_(wanted[start : start + CHUNK]))
            found |= {
                row["id"]: stored_of(row)
                for row in self._connection.execute(query).mappings()
            }
        return found

    def rows(self) -> Iterator[tuple[str, int, Row]]:
        """Yield ID, position and cells of every order as last read."""
        query = select(orders.c.id, orders.c.position, orders.c.row).execution_options(
            yield_per=1000
        )
        for order_id, position, row in self._connection.execute(query):
            yield order_id, position, tuple(row)

    def put(self, order: Order, row: Row, position: int) -> None:
        """Remember an order as read."""
        upsert(self._connection, orders, _values(Stored(order, row, position)))

    def put_new(self, entries: Sequence[Stored]) -> None:
        """Remember many orders that are not in the mirror yet, quickly."""
        for start in range(0, len(entries), CHUNK):
            values = [_values(entry) for entry in entries[start : start + CHUNK]]
            self._connection.execute(orders.insert(), values)

    def derive(self) -> None:
        """Work out anew what is derived from an order's other columns; an older version
        knew nothing of it.
        """
        for start in range(
            0, len(known := sorted(key for key, _, _ in self.rows())), CHUNK
        ):
            for stored in self.stored(known[start : start + CHUNK]).values():
                self._connection.execute(
                    update(orders)
                    .where(orders.c.id == stored.order.id)
                    .values(_values(stored))
                )

    def move(self, positions: dict[str, int]) -> None:
        """Remember where rows stand now."""
        moved = (
            update(orders)
            .where(orders.c.id == bindparam("which"))
            .values(position=bindparam("place"))
        )
        values = [
            {"which": order_id, "place": place} for order_id, place in positions.items()
        ]
        if values:
            self._connection.execute(moved, values)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget orders whose rows are gone."""
        for start in range(0, len(ids), CHUNK):
            self._connection.execute(
                delete(orders).where(orders.c.id.in_(ids[start : start + CHUNK]))
            )

    def count(self) -> int:
        """Return how many orders were last read."""
        return self._connection.execute(
            select(func.count()).select_from(orders)
        ).scalar_one()

    def count_by_status(self) -> dict[str, int]:
        """Return how many orders there are by status."""
        rows = self._connection.execute(
            select(orders.c.status, func.count()).group_by(orders.c.status)
        )
        return {status or "": count for status, count in rows}

    def lines(self) -> Iterator[Line]:
        """Yield of every order only what statistics need."""
        columns = (
            orders.c.created,
            orders.c.done,
            orders.c.status,
            orders.c.source,
            orders.c.master_id,
            orders.c.price,
            orders.c.commission,
        )
        for row in self._connection.execute(
            select(*columns).execution_options(yield_per=1000)
        ):
            created, done, status, source, master_id, price, commission = row
            money = Decimal(price or 0) / 100, Decimal(commission or 0) / 100
            yield Line(created, done, status or "", source, master_id, *money)

    def untold(self) -> list[Order]:
        """Return the orders that are Новая and whose masters have not been told."""
        query = select(orders).where(
            orders.c.status == Status.NEW.value, orders.c.told == ""
        )
        return [
            stored_of(row).order for row in self._connection.execute(query).mappings()
        ]

    def held_in(self, mark: str, limit: int) -> list[Order]:
        """Return new orders whose «Проверка», as last read, contains a mark; highest in
        the sheet first.
        """
        waits = (
            (orders.c.status == Status.NEW.value)
            & orders.c.unclear
            & orders.c.check.contains(mark, autoescape=True)
        )
        query = select(orders).where(waits).order_by(orders.c.position).limit(limit)
        return [
            stored_of(row).order for row in self._connection.execute(query).mappings()
        ]

    def unresolved(self) -> list[str]:
        """Return the IDs of orders whose «Мастер» names nobody known, or of which
        «Проверка» says something.
        """
        nobody = (orders.c.master != "") & (orders.c.master_id == "")
        query = select(orders.c.id).where(nobody | (orders.c.check != ""))
        return list(self._connection.execute(query).scalars())

    def open_of(self, chats: Iterable[int], master_ids: Iterable[str]) -> list[str]:
        """Return the IDs of the orders, Новая or В работе, of these clients' chats and
        these masters.
        """
        theirs = orders.c.chat.in_(list(chats)) | orders.c.master_id.in_(
            list(master_ids)
        )
        query = select(orders.c.id).where(
            orders.c.status.in_((Status.NEW.value, Status.WORK.value)), theirs
        )
        return list(self._connection.execute(query).scalars())


def kept_back() -> ColumnElement[bool]:
    """Say what record/dispatch/waves.py:kept_back says, as far as a database reads
    Russian letters.
    """
    left_out = orders.c.told.contains("рассылать") | orders.c.told.contains("РАССЫЛАТЬ")
    names_a_stranger = (orders.c.master != "") & (orders.c.master_id == "")
    return orders.c.check.contains("Пришла в числе ") | left_out | names_a_stranger


def _values(entry: Stored) -> dict[str, Any]:
    order = entry.order
    return {name: getattr(order, name) for name in FIELDS} | {
        "phone": f"{order.phone}\n{order.phone_said}"
        if order.phone_said
        else order.phone,
        "status": order.status.value if order.status else None,
        "price": _kopecks(order.price),
        "commission": _kopecks(order.commission),
        "troubles": list(order.troubles),
        "source": order.source[:SOURCE],  # indexed, and no place for a novel
        "position": entry.position,
        "row": list(entry.row),
        "rank": rank(order),
        "words": words(order),
        "unclear": bool(order.check),
        "handle": handle(order.id),
    }


def _status(kept: str | None) -> Status | None:
    if not kept:
        return None
    if found := Status.named(kept):
        return found
    raise ValueError(f"the store keeps a status that is none: {kept!r}")


def stored_of(row: RowMapping) -> Stored:
    """Return an order from its row of the store."""
    phone, _, said = row["phone"].partition("\n")
    values = {name: row[name] for name in FIELDS} | {
        "status": _status(row["status"]),
        "price": _roubles(row["price"]),
        "commission": _roubles(row["commission"]),
        "troubles": tuple(UnclearCell(*trouble) for trouble in row["troubles"]),
        "phone": phone,
        "phone_said": said,
    }
    return Stored(Order(**values), tuple(row["row"]), row["position"])


def _kopecks(money: Decimal | None) -> int | None:
    return None if money is None else int(money * 100)


def _roubles(kopecks: int | None) -> Decimal | None:
    return None if kopecks is None else Decimal(kopecks) / 100
