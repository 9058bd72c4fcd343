"""Deletes what is over and long past, in batches so small that nobody waits for them.

What still waits is kept however old it is. So is what keeps anybody from being told
twice:

- what every start of the worker, or every poll, would queue again;
- everything about an order that is Новая, В работе or can't be understood, for its notices may come up again;
- of every order, the lines of its history by which it is known again when its row comes back, and by which its last
  offer to the masters is known: one or two lines;
- of tables whose numbers are part of a notice's key, the newest row, since databases may give a number again that
  stood last.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql import Select

from record.dispatch.changes import OFFERING, SEEN
from record.grid.worksheets import ORDERS
from record.store.metrics import tally
from record.store.schema import (
    cards,
    dialogs,
    forms,
    history,
    journal,
    order_files,
    orders,
    outbox,
    runs,
    talk_lines,
    talk_messages,
    talks,
    updates,
)
from record.values import Status

BATCH = 500
LIVE = (Status.NEW.value, Status.WORK.value)
# queued at every start, at every poll: only the old row keeps it from being sent again
AGAIN = ("begun:", "silent:")

Key = tuple[Any, ...]
Test = ColumnElement[bool]


class Pruning:
    """Old rows, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def old(self, name: str, before: float, after: Key = ()) -> list[Key]:
        """Return the keys of some rows that were over then, above the key ``after``."""
        table, test = RULES[name]
        key = tuple(table.primary_key.columns)
        query: Select[Any] = select(*key).where(test(before))
        if after:
            query = query.where(tuple_(*key) > after)
        batch = self._connection.execute(query.order_by(*key).limit(BATCH))
        return [tuple(row) for row in batch]

    def drop(self, name: str, before: float, keys: Sequence[Key]) -> int:
        """Delete these rows where they still are old; return how many."""
        table, test = RULES[name]
        # they were looked up in another transaction, and one may have come alive since
        old = delete(table).where(
            tuple_(*table.primary_key.columns).in_(list(keys)), test(before)
        )
        gone = self._connection.execute(old).rowcount
        tally(self._connection, "pruned", gone, table=name)
        return gone


def _not_newest(column: Column[Any]) -> Test:
    other = column.table.alias("newest")
    return column < select(func.max(other.c[column.name])).scalar_subquery()


def _live(order_id: Column[Any]) -> Test:
    order = orders.alias("live")
    unclear_or_open = or_(order.c.status.is_(None), order.c.status.in_(LIVE))
    return exists().where(order.c.id == order_id, unclear_or_open)


def _stirred(order_id: Column[Any], before: float) -> Test:
    """Return the condition that an order has news, or something waits for it."""
    event, notice = history.alias("event"), outbox.alias("notice")
    write = journal.alias("write")
    happened = exists().where(event.c.order_id == order_id, event.c.at >= before)
    to_be_sent = exists().where(
        notice.c.order_id == order_id, notice.c.state == "waiting"
    )
    to_be_written = exists().where(
        write.c.title == ORDERS,
        write.c.subject == order_id,
        write.c.echoed.is_(False),
    )
    return or_(happened, to_be_sent, to_be_written)


def _last_of(kinds: Sequence[str]) -> Test:
    later = history.alias("later")
    newer = exists().where(
        later.c.order_id == history.c.order_id,
        later.c.what.in_(kinds),
        later.c.seq > history.c.seq,
    )
    return and_(history.c.what.in_(kinds), ~newer)


def _history(before: float) -> Test:
    known_by = or_(_last_of(SEEN), _last_of(OFFERING))
    quiet = and_(~_live(history.c.order_id), ~_stirred(history.c.order_id, before))
    return and_(history.c.at < before, quiet, ~known_by, _not_newest(history.c.seq))


def _outbox(before: float) -> Test:
    ended = and_(outbox.c.state != "waiting", outbox.c.ended_at < before)
    again = or_(*(outbox.c.key.startswith(prefix) for prefix in AGAIN))
    return and_(ended, ~again, ~_live(outbox.c.order_id), _not_newest(outbox.c.id))


def _journal(before: float) -> Test:
    done = and_(
        journal.c.state.in_(("written", "refused", "dismissed")),
        journal.c.echoed.is_(True),
    )
    return and_(
        done,
        func.coalesce(journal.c.written_at, journal.c.made_at) < before,
        _not_newest(journal.c.id),
    )


def _cards(before: float) -> Test:
    return and_(
        cards.c.at < before,
        ~_live(cards.c.order_id),
        ~_stirred(cards.c.order_id, before),
    )


def _order_files(before: float) -> Test:
    order = order_files.c.order_id
    return and_(order_files.c.at < before, ~_live(order), ~_stirred(order, before))


def _forms(before: float) -> Test:
    # a client's word that a price was paid counts once, as long as the order is there
    order = orders.alias("order")
    paid = and_(
        forms.c.once.startswith("paid:"), exists().where(order.c.id == forms.c.order_id)
    )
    return and_(forms.c.at < before, ~paid)


def _talks(before: float) -> Test:
    said = exists().where(talk_lines.c.talk_id == talks.c.id)
    return and_(talks.c.began_at < before, ~said, _not_newest(talks.c.id))


RULES: Mapping[str, tuple[Table, Callable[[float], Test]]] = {
    "updates": (
        updates,
        lambda before: and_(
            updates.c.handled_at.is_not(None), updates.c.handled_at < before
        ),
    ),
    "outbox": (outbox, _outbox),
    "journal": (journal, _journal),
    "history": (history, _history),
    "runs": (runs, lambda before: and_(runs.c.at < before, _not_newest(runs.c.id))),
    "forms": (forms, _forms),
    "dialogs": (dialogs, lambda before: dialogs.c.at < before),
    "cards": (cards, _cards),
    "order_files": (order_files, _order_files),
    "talk_lines": (
        talk_lines,
        lambda before: and_(talk_lines.c.at < before, _not_newest(talk_lines.c.id)),
    ),
    "talk_messages": (talk_messages, lambda before: talk_messages.c.at < before),
    "talks": (talks, _talks),
}
