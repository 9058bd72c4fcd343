"""What of the store goes along to another spreadsheet, and what stays with the one left.

Orders are called by their numbers, and number 5 there may be another order than number
5 here. So what is known of an order goes along only where the very same order stands
there, by number and key. All else is put aside under the name of the spreadsheet that
is left, and found again by who comes back to it.
"""

from collections.abc import Collection

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    delete,
    func,
    select,
    true,
    update,
)

from record.store.consents import OF_TALKS, of_master
from record.store.journal import OPEN
from record.store.schema import (
    cards,
    claims,
    consents,
    dialogs,
    entry_links,
    forms,
    history,
    journal,
    lists,
    masters,
    order_files,
    order_words,
    orders,
    outbox,
    quiet,
    resting,
    sessions,
)
from record.store.statements import chunks

# read anew from the next spreadsheet
MIRROR = (orders, order_words, masters, lists, resting)
# what is told of orders later, or was told of them
KEPT_ASIDE = (history, consents, outbox, order_files)
# what would be another order's, or another master's
OF_ORDERS = (claims, cards, forms)
# so an order's number begins that was put aside: none that stands in a sheet does
ASIDE = "\x1f"
ALL = true()


class Moving:
    """A move to another spreadsheet, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def move(
        self, old: str, new: str, same: Collection[str], masters_too: Collection[str]
    ) -> int:
        """Leave one spreadsheet for another; return how many edits were given up.

        ``same``: the orders that stand there too, ``masters_too``: the masters. New
        orders on their way to the sheet go along.
        """
        masters_along = set(masters_too)
        along = set(same) | self._on_their_way()
        given_up = self._give_up(along | masters_along)
        self._stop_telling(along)
        agreed = {of_master(one) for one in masters_along}
        for table in KEPT_ASIDE:
            self._put_aside(table, old, along | agreed)
            self._take_back(table, new)
        for table in OF_ORDERS:
            # what is counted of a sender is about no order
            self._drop(table.c.order_id, {"", *along})
        for column in (quiet.c.master_id, entry_links.c.master_id):
            self._drop(column, masters_along)
        self._drop(sessions.c.subject, masters_along, sessions.c.role == "master")
        # a master's question is about an order by its number
        of_masters = dialogs.c.bot.like("master%")
        self._connection.execute(delete(dialogs).where(of_masters))
        for table in MIRROR:
            self._connection.execute(delete(table))
        return given_up

    def _on_their_way(self) -> set[str]:
        """Return the new rows that had not reached the old spreadsheet."""
        waits = journal.c.state.in_(OPEN) & (journal.c.kind == "append")
        query = select(journal.c.subject).where(waits)
        return set(self._connection.execute(query).scalars())

    def _give_up(self, along: set[str]) -> int:
        """Give up the writes that are for rows of the old spreadsheet alone."""
        waits = journal.c.state.in_(OPEN)
        query = select(journal.c.id, journal.c.subject).where(waits)
        waiting = self._connection.execute(query).all()
        lost = [row.id for row in waiting if row.subject not in along]
        for some in chunks(lost):
            mine = update(journal).where(journal.c.id.in_(some))
            self._connection.execute(mine.values(state="dismissed", echoed=True))
        # what had reached the old one no poll will see any more
        written = update(journal).where(journal.c.state == "written")
        self._connection.execute(written.values(echoed=True))
        return len(lost)

    def _stop_telling(self, along: set[str]) -> None:
        """Let what waits to be told of other orders never be told."""
        waits = (outbox.c.state == "waiting") & (outbox.c.order_id != "")
        query = select(outbox.c.id, outbox.c.order_id).where(waits)
        found = self._connection.execute(query).all()
        stale = [row.id for row in found if row.order_id not in along]
        for some in chunks(stale):
            mine = update(outbox).where(outbox.c.id.in_(some))
            self._connection.execute(mine.values(state="stale"))

    def _put_aside(self, table: Table, old: str, along: set[str]) -> None:
        column = table.c.order_id
        named = (column != "") & ~column.startswith(ASIDE)
        if table is consents:
            # a visitor's talk is about no row of any spreadsheet
            named &= ~column.startswith(OF_TALKS)
        marked = {"order_id": _mark(old) + column}
        if table is outbox:
            # a notice about another order of this number has the same key
            marked["key"] = _mark(old) + outbox.c.key
        found = self._connection.execute(select(column).where(named).distinct())
        mine = [name for name in found.scalars() if name not in along]
        for some in chunks(mine):
            there = update(table).where(column.in_(some))
            self._connection.execute(there.values(marked))

    def _take_back(self, table: Table, new: str) -> None:
        column, mark = table.c.order_id, _mark(new)
        aside = select(column).where(column.startswith(mark)).distinct()
        names = list(self._connection.execute(aside).scalars())
        taken = select(column).where(~column.startswith(ASIDE)).distinct()
        there = set(self._connection.execute(taken).scalars())
        back = [name for name in names if name.removeprefix(mark) not in there]
        plain = func.substr(column, len(mark) + 1)
        for some in chunks(back):
            mine = update(table).where(column.in_(some))
            self._connection.execute(mine.values(order_id=plain))

    def _drop(
        self,
        column: Column[str],
        along: set[str],
        which: ColumnElement[bool] = ALL,
    ) -> None:
        query = select(column).where(which).distinct()
        found = self._connection.execute(query).scalars()
        gone = [name for name in found if name not in along]
        for some in chunks(gone):
            self._connection.execute(delete(column.table).where(column.in_(some)))


def is_left_behind(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is about an order of a spreadsheet that was left."""
    return table.c.order_id.startswith(ASIDE)


def _mark(spreadsheet: str) -> str:
    return f"{ASIDE}{spreadsheet}{ASIDE}"
