"""The mirror's masters, their wishes and reachability, and the small worksheets kept
whole.
"""

import time
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, delete, select

from record.dispatch.model import Master, Roster, Row
from record.dispatch.reach import Reach, Unreachable
from record.dispatch.reading import read_master
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, WORKSHEETS
from record.store.schema import journal, lists, masters, quiet, unreachable
from record.store.statements import insert_new, upsert
from record.store.wakeups import wake
from record.values import Address, Cell, UnclearCell, address, text
from record.values.actors import BOT


class Masters:
    """The masters of the mirror, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def roster(self) -> Roster:
        """Return all masters, with what registering has put on its way to the sheet."""
        found = [
            _master(row) for row in self._connection.execute(select(masters)).mappings()
        ]
        known = {master.id for master in found}
        query = select(journal.c.kind, journal.c.subject, journal.c.cells).where(
            journal.c.title == MASTERS,
            journal.c.echoed.is_(False),
            journal.c.state != "refused",
            journal.c.by == BOT,
        )
        waiting = self._connection.execute(query.order_by(journal.c.id)).all()
        tied = {
            key: address(text(row.get("Telegram", "")))
            for kind, key, row in waiting
            if kind == "set"
        }
        fresh = [
            read_master(row_of(MASTERS, row))
            for kind, key, row in waiting
            if kind == "append" and key not in known
        ]
        return Roster.of(
            [
                *(replace(one, chat=one.chat or tied.get(one.id)) for one in found),
                *fresh,
            ]
        )

    def by_chat(self, chat: Address) -> Master | None:
        """Return the master who writes from this chat, or None; of several
        rows, one that is active.
        """
        his = [master for master in self.roster().masters if master.chat == chat]
        return next((master for master in his if master.active), next(iter(his), None))

    def rows(self) -> dict[str, tuple[int, Row]]:
        """Return position and cells of every master as last read, by ID."""
        query = select(masters.c.id, masters.c.position, masters.c.row)
        return {
            master_id: (position, tuple(row))
            for master_id, position, row in self._connection.execute(query)
        }

    def stored(self) -> dict[str, Master]:
        """Return the masters exactly as last read, by ID."""
        return {
            row["id"]: _master(row)
            for row in self._connection.execute(select(masters)).mappings()
        }

    def put(self, master: Master, row: Row, position: int) -> None:
        """Remember a master as read."""
        upsert(
            self._connection,
            masters,
            {
                "id": master.id,
                "position": position,
                "row": list(row),
                "name": master.name,
                "phone": master.phone,
                "chat": master.chat,
                "speciality": master.speciality,
                "active": master.active,
                "percent": None if master.percent is None else str(master.percent),
                "registered": master.registered,
                "troubles": list(master.troubles),
            },
        )

    def drop(self, ids: Iterable[str]) -> None:
        """Forget masters whose rows are gone."""
        self._connection.execute(delete(masters).where(masters.c.id.in_(list(ids))))

    def set_quiet(self, master_id: str, *, on: bool) -> None:
        """Remember whether a master wants no new orders for now."""
        if on:
            upsert(self._connection, quiet, {"master_id": master_id, "at": time.time()})
        else:
            self._connection.execute(
                delete(quiet).where(quiet.c.master_id == master_id)
            )

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
            wake(self._connection, "poll")  # staff are told of it by the poll
        return news

    def set_reachable(self, to: str, chat: Address) -> bool:
        """Forget that a chat was unreachable, since the person wrote or got something;
        say whether it had been.
        """
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
        query = select(unreachable.c.chat, unreachable.c.reason).where(
            unreachable.c.to == to
        )
        return dict(self._connection.execute(query).all())

    def reach(self) -> Reach:
        """Return who can't be written to."""
        query = select(
            unreachable.c.to, unreachable.c.chat, unreachable.c.code, unreachable.c.at
        )
        rows = list(self._connection.execute(query))
        lost = {
            to: {chat: Unreachable(code) for kind, chat, code, _ in rows if kind == to}
            for to in ("client", "master")
        }
        since = {chat: at for kind, chat, _, at in rows if kind == "master"}
        return Reach(lost["client"], lost["master"], since)


class Lists:
    """The small worksheets («Услуги», «Вопросы», «Статистика») as last read, within one
    transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, title: str, rows: list[Row]) -> None:
        """Remember a worksheet's rows."""
        upsert(
            self._connection,
            lists,
            {"title": title, "rows": [list(row) for row in rows]},
        )

    def get(self, title: str) -> list[Row]:
        """Return a worksheet's rows as last read; none before the first poll."""
        rows: list[list[Cell]] | None = self._connection.execute(
            select(lists.c.rows).where(lists.c.title == title)
        ).scalar()
        width = len(WORKSHEETS[title].columns)
        return [tuple(row) for row in rows or [] if len(row) == width]


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
