"""The mirror's masters, their wishes and reachability, and the small worksheets."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, delete, select

from record.dispatch.model import Master, Roster
from record.dispatch.reach import Reach, Unreachable
from record.dispatch.reading import read_master
from record.grid.layout import Row
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, WORKSHEETS
from record.grid.writes import Write, highest
from record.store.journal import UNECHOED
from record.store.schema import journal, lists, masters, quiet, unreachable
from record.store.statements import insert_new, upsert
from record.store.upkeep import Counters
from record.store.wakeups import wake
from record.values import Address, Cell, UnclearCell, address, text
from record.values.actors import BOT


class Masters:
    """The masters of the mirror, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def roster(self) -> Roster:
        """Return all masters, with what registering has put on its way to the sheet."""
        known = self.stored()
        chats: dict[str, Address | None] = {}
        new: dict[str, Master] = {}
        for write in self._registering():
            if write.kind == "set":
                chats[write.subject] = address(text(write.cells.get("Telegram", "")))
            elif newcomer := _newcomer(write, known):
                new[newcomer.id] = newcomer
        # a chat that a person typed into the sheet goes before one on its way there
        found = [
            replace(one, chat=one.chat or chats.get(one.id)) for one in known.values()
        ]
        return Roster.of([*found, *new.values()])

    def _registering(self) -> Iterator[Write]:
        """Yield what the bot has put on its way, and the new numbers of such rows."""
        columns = (journal.c.kind, journal.c.subject, journal.c.cells, journal.c.seen)
        mine = (journal.c.by == BOT) | (journal.c.kind == "adopt")
        query = select(*columns).where(journal.c.title == MASTERS, UNECHOED, mine)
        for row in self._connection.execute(query.order_by(journal.c.id)):
            yield Write(MASTERS, row.kind, row.subject, row.cells, row.seen)

    def new_number(self) -> str:
        """Return a number for a new master that nobody in the mirror has.

        Staff may have typed the number that would have come next.
        """
        counters = Counters(self._connection)
        taken = self._connection.execute(select(masters.c.id)).scalars()
        counters.at_least("master", highest(taken))
        return str(counters.next("master"))

    def by_chat(self, chat: Address) -> Master | None:
        """Return the master who writes from this chat; of several, an active one."""
        mine = [master for master in self.roster().masters if master.chat == chat]
        for master in mine:
            if master.active:
                return master
        return mine[0] if mine else None

    def rows(self) -> dict[str, tuple[int, Row]]:
        """Return position and cells of every master as last read, by ID."""
        query = select(masters.c.id, masters.c.position, masters.c.row)
        return {
            master_id: (position, tuple(row))
            for master_id, position, row in self._connection.execute(query)
        }

    def stored(self) -> dict[str, Master]:
        """Return the masters exactly as last read, by ID."""
        rows = self._connection.execute(select(masters)).mappings()
        return {row["id"]: _master(row) for row in rows}

    def put(self, master: Master, row: Row, position: int) -> None:
        """Remember a master as read."""
        # as text, since SQLite has no decimals
        percent = None if master.percent is None else str(master.percent)
        values = {
            "id": master.id,
            "position": position,
            "row": list(row),
            "name": master.name,
            "phone": master.phone,
            "chat": master.chat,
            "speciality": master.speciality,
            "active": master.active,
            "percent": percent,
            "registered": master.registered,
            "troubles": list(master.troubles),
        }
        upsert(self._connection, masters, values)

    def drop(self, ids: Iterable[str]) -> None:
        """Forget masters whose rows are gone."""
        self._connection.execute(delete(masters).where(masters.c.id.in_(list(ids))))

    def set_quiet(self, master_id: str, *, on: bool) -> None:
        """Remember whether a master wants no new orders for now."""
        if on:
            upsert(self._connection, quiet, {"master_id": master_id, "at": time.time()})
            return
        wish = delete(quiet).where(quiet.c.master_id == master_id)
        self._connection.execute(wish)

    def quiet(self) -> frozenset[str]:
        """Return the IDs of the masters who asked not to be disturbed."""
        return frozenset(self._connection.execute(select(quiet.c.master_id)).scalars())

    def set_unreachable(
        self, to: str, chat: Address, reason: Unreachable, words: str = ""
    ) -> bool:
        """Remember that nothing is delivered to this chat until the person is back.

        ``words`` are the channel's own. Return whether it is news.
        """
        values = {
            "chat": chat,
            "to": to,
            "reason": words,
            "code": reason,
            "at": time.time(),
        }
        news = insert_new(self._connection, unreachable, values)
        if news:
            # the poll writes it where staff see it
            wake(self._connection, "poll")
        return news

    def set_reachable(self, to: str, chat: Address) -> bool:
        """Note that the person wrote or got something; return whether that is news."""
        gone = delete(unreachable).where(
            unreachable.c.chat == chat, unreachable.c.to == to
        )
        found = bool(self._connection.execute(gone).rowcount)
        if found:
            wake(self._connection, "poll")
        return found

    def unreachable(self, to: str) -> dict[Address, str]:
        """Return in the channel's words why nothing reaches each of these chats.

        ``to``: of masters or of clients.
        """
        query = select(unreachable.c.chat, unreachable.c.reason)
        rows = self._connection.execute(query.where(unreachable.c.to == to))
        return dict(rows.all())

    def reach(self) -> Reach:
        """Return who can't be written to."""
        clients: dict[Address, Unreachable] = {}
        of_masters: dict[Address, Unreachable] = {}
        since: dict[Address, float] = {}
        for row in self._connection.execute(select(unreachable)):
            if row.to == "client":
                clients[row.chat] = Unreachable(row.code)
            elif row.to == "master":
                of_masters[row.chat] = Unreachable(row.code)
                since[row.chat] = row.at
        return Reach(clients, of_masters, since)


class Lists:
    """The small worksheets («Услуги», «Вопросы», «Статистика») as last read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, title: str, rows: list[Row]) -> None:
        """Remember a worksheet's rows."""
        values = {"title": title, "rows": [list(row) for row in rows]}
        upsert(self._connection, lists, values)

    def get(self, title: str) -> list[Row]:
        """Return a worksheet's rows as last read; none before the first poll."""
        query = select(lists.c.rows).where(lists.c.title == title)
        rows: list[list[Cell]] = self._connection.execute(query).scalar() or []
        # a release that knew other columns may have kept the rows
        width = len(WORKSHEETS[title].columns)
        return [tuple(row) for row in rows if len(row) == width]


def _newcomer(write: Write, known: Mapping[str, Master]) -> Master | None:
    """Return the master whom a write puts on the list, None for one who stands there.

    Staff may have typed somebody under the same number. Then both are on the list: the
    newcomer under a number and his chat, until the next poll has given him another.
    """
    if write.kind == "append":
        master = read_master(row_of(MASTERS, write.cells))
    elif text(write.seen.get("ID", "")):
        # a row that bears somebody's number is given its own
        master = read_master(row_of(MASTERS, {**write.seen, **write.cells}))
    else:
        return None
    stands = known.get(write.subject)
    if stands is None:
        return replace(master, id=write.subject)
    if write.kind == "adopt" or _is_same(stands, master):
        return None
    return replace(master, id=f"{write.subject}~{master.chat}")


def _is_same(one: Master, other: Master) -> bool:
    if one.chat and one.chat == other.chat:
        return True
    return (one.name, one.phone) == (other.name, other.phone)


def _master(row: RowMapping) -> Master:
    return Master(
        id=row["id"],
        name=row["name"],
        phone=row["phone"],
        chat=row["chat"],
        speciality=row["speciality"],
        active=row["active"],
        percent=None if row["percent"] is None else Decimal(row["percent"]),
        registered=row["registered"],
        troubles=tuple(UnclearCell(*trouble) for trouble in row["troubles"]),
    )
