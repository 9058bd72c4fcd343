"""Where the store names a person, and how he is taken out of it.

The last step looks through every table that there is: one that is made tomorrow too.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from record.dispatch.listing import narrow
from record.dispatch.person import ERASED, OF_CLIENT, Person
from record.grid.worksheets import ORDERS
from record.store.moving import is_left_behind
from record.store.schema import (
    consents,
    dialogs,
    entry_links,
    forgets,
    forms,
    history,
    journal,
    masters,
    metadata,
    order_files,
    order_words,
    orders,
    outbox,
    quiet,
    sessions,
    talk_lines,
    talk_messages,
    talks,
    unreachable,
    updates,
)
from record.store.statements import chunks
from record.values.comparing import normal

# they name nobody, or are what is being done
KEPT = frozenset({consents.name, forgets.name})
TELLING = [column for column in OF_CLIENT if column not in {"Имя", "Ключ"}]
# of people who enter the panel: one may be called as a client is
OF_STAFF = frozenset({"staff", "staff_entries"})
# what a client said or sent, on its way to a master or to staff
OF_HIM = ("client_says", "client_sent", "cancel_reason")
# in these a row of another's order may share his name or his street
OWNERS = {
    orders.name: "id",
    order_words.name: "id",
    journal.name: "subject",
    "history": "order_id",
    outbox.name: "order_id",
}


class Persons:
    """What is known of people, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def orders_naming(self, person: Person) -> list[str]:
        """Return the orders whose cells name his phone, in any spelling."""
        told = _told([orders.c.phone, orders.c.comment, orders.c.row])
        query = select(orders.c.id, orders.c.phone, orders.c.row)
        found = []
        mine = query.where(_may_name(told, person.by_phone))
        for order_id, phone, row in self._connection.execute(
            mine.order_by(orders.c.position)
        ):
            if person.called(phone) or any(map(person.called, row)):
                found.append(order_id)
        return found

    def masters_naming(self, person: Person) -> list[str]:
        """Return the masters who have his phone."""
        query = select(masters.c.id, masters.c.phone, masters.c.row)
        return [
            one
            for one, phone, row in self._connection.execute(query)
            if person.called(phone) or any(map(person.called, row))
        ]

    def talks_naming(self, person: Person) -> list[int]:
        """Return the talks of the site's chat in which he is named."""
        query = select(talk_lines.c.talk_id, talk_lines.c.text)
        return sorted(
            self._naming(query.where(_may_name(talk_lines.c.text, person)), person)
        )

    def left_behind(self, person: Person) -> list[str]:
        """Return the orders of a spreadsheet left for another in which he is named."""
        found = set[str]()
        for table in (history, outbox):
            texts = [_shown(column) for column in table.columns if _is_text(column)]
            query = select(table.c.order_id, *texts).where(is_left_behind(table))
            mine = query.where(_may_name(_told(texts), person))
            found |= self._naming(mine, person)
        return sorted(found)

    def _naming(self, query: Select[Any], person: Person) -> set[Any]:
        """Return the first column of each row in which any other one names him."""
        rows = self._connection.execute(query)
        return {key for key, *told in rows if person.scrubbed(told) != told}

    def rows_of(self, chats: Collection[str]) -> Counter[str]:
        """Return how much is kept of conversations in these chats, by table."""
        found = Counter[str]()
        for table in (dialogs, updates, unreachable):
            query = select(func.count()).select_from(table)
            mine = query.where(_raw(table.c.chat).in_(list(chats)))
            found[table.name] = self._connection.execute(mine).scalar_one()
        return found

    def silence(self, order_ids: Collection[str]) -> None:
        """Let nothing more go to the client of these orders, and nothing that he said."""
        his = (outbox.c.to == "client") | outbox.c.kind.in_(OF_HIM)
        waits = (outbox.c.state == "waiting") & his
        mine = outbox.c.order_id.in_(list(order_ids))
        self._connection.execute(
            update(outbox).where(waits, mine).values(state="stale", facts={})
        )

    def erase(
        self, person: Person, order_ids: Collection[str], master_ids: Collection[str]
    ) -> Counter[str]:
        """Take a person out of all tables; return how many rows of each were touched."""
        done = Counter[str]()
        elsewhere = self._apart_from_masters(person, master_ids)
        order_ids = [*order_ids, *self.left_behind(person)]
        for some in chunks(order_ids):
            self._of_orders(some, done)
        for table, column in (
            (quiet, quiet.c.master_id),
            (entry_links, entry_links.c.master_id),
            (sessions, sessions.c.subject),
        ):
            self._drop(table, column.in_(list(master_ids)), done)
        for table, bot in (
            (dialogs, dialogs.c.bot),
            (updates, updates.c.bot),
            (unreachable, unreachable.c.to),
        ):
            mine = _raw(table.c.chat).in_(list(elsewhere.chats))
            # what a master said as a client
            as_client = _raw(table.c.chat).in_(list(person.chats)) & bot.startswith(
                "client"
            )
            self._drop(table, mine | as_client, done)
        told = self.talks_naming(elsewhere)
        self._drop(talk_lines, talk_lines.c.talk_id.in_(told), done)
        self._drop(talk_messages, talk_messages.c.talk_id.in_(told), done)
        self._drop(talks, talks.c.id.in_(told), done)
        for table in metadata.sorted_tables:
            if table.name in OF_STAFF:
                self._sweep(table, person.by_phone, person.by_phone, None, done)
            elif table.name not in KEPT:
                theirs = None if master_ids else frozenset(order_ids)
                whole, less = _as_spelt(table, person), _as_spelt(table, elsewhere)
                self._sweep(table, whole, less, theirs, done)
        return done

    def _apart_from_masters(self, person: Person, his: Collection[str]) -> Person:
        """Return him as what is about none of his orders may name him.

        A master may be called as he is, or be the one who ordered for him from a chat of his own.
        """
        query = select(masters.c.name, _raw(masters.c.chat).label("chat"))
        others = self._connection.execute(
            query.where(masters.c.id.not_in(list(his)))
        ).all()
        chats = [chat for _, chat in others if chat]
        return person.apart_from([name for name, _ in others], chats)

    def _of_orders(self, ids: Collection[str], done: Counter[str]) -> None:
        """Empty what is about the client in all that is about his orders."""
        for table in (forms, order_files):
            self._drop(table, table.c.order_id.in_(list(ids)), done)
        mine = (journal.c.title == ORDERS) & journal.c.subject.in_(list(ids))
        query = select(journal.c.id, journal.c.cells, journal.c.seen).where(mine)
        for number, cells, seen in self._connection.execute(query).all():
            values = {"cells": _without(cells), "seen": _without(seen), "error": ""}
            # what empties the sheet is still compared with it
            ours = cells.get("Имя") == ERASED and not any(map(cells.get, TELLING))
            if ours or (values["cells"] == cells and values["seen"] == seen):
                continue
            done[journal.name] += 1
            self._connection.execute(
                update(journal).where(journal.c.id == number).values(values)
            )
        said = outbox.c.order_id.in_(list(ids)) & (outbox.c.state != "waiting")
        cleared = update(outbox).where(said).values(facts={}, error="")
        done[outbox.name] += self._connection.execute(cleared).rowcount

    def _drop(
        self, table: Table, test: ColumnElement[bool], done: Counter[str]
    ) -> None:
        done[table.name] += self._connection.execute(delete(table).where(test)).rowcount

    def _sweep(
        self,
        table: Table,
        person: Person,
        elsewhere: Person,
        ids: frozenset[str] | None,
        done: Counter[str],
    ) -> None:
        """Take the person out of whatever else a table says of him.

        ``elsewhere`` is he as what is about no order of his may name him.

        ``ids`` are his orders, None where he may stand in any by his name: as a master.
        """
        columns = [column for column in table.columns if _is_text(column)]
        if not columns:
            return
        key = tuple(table.primary_key.columns)
        shown = [_shown(column) for column in columns]
        tests = [_may_name(_told([column]), person) for column in columns]
        query = select(*[_shown(one).label(f"key_{one.name}") for one in key], *shown)
        owner = OWNERS.get(table.name, "")
        for row in self._connection.execute(query.where(or_(*tests))).mappings().all():
            named = elsewhere
            if owner and (ids is None or row[owner] in ids):
                named = person
            elif owner and row[owner]:
                named = person.by_phone
            changed = _changed(row, columns, named)
            if not changed:
                continue
            done[table.name] += 1
            mine = tuple_(*map(_raw, key)) == tuple_(
                *[row[f"key_{one.name}"] for one in key]
            )
            if any(_names_a_row(column) for column in changed):
                self._connection.execute(delete(table).where(mine))
                continue
            values = dict(changed.items())
            for column in changed:
                if column.unique:
                    values[column] = f"forgotten:{row[f'key_{key[0].name}']}"
            self._connection.execute(update(table).where(mine).values(values))


def _as_spelt(table: Table, person: Person) -> Person:
    """Return a person as this table spells his names."""
    if table is not order_words:
        return person
    narrowed = tuple(narrow(normal(text)) for text in person.texts)
    return replace(person, texts=narrowed)


def _changed(
    row: Any, columns: list[Column[Any]], person: Person
) -> dict[Column[Any], Any]:
    found = {}
    for column in columns:
        value = row[column.name]
        scrubbed = person.scrubbed(value)
        if scrubbed != value:
            found[column] = scrubbed
    return found


def _names_a_row(column: Column[Any]) -> bool:
    """Return whether a row is known by this column, or a chat stands there."""
    return column.primary_key or column.name == "chat"


def _is_text(column: Column[Any]) -> bool:
    kind = getattr(column.type, "impl_instance", column.type)
    return isinstance(kind, String | JSON)


def _shown(column: Column[Any]) -> ColumnElement[Any]:
    """Return the column as JSON or plain text, whatever it stands for."""
    if isinstance(column.type, JSON) or not _is_text(column):
        return column
    return type_coerce(column, String).label(column.name)


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String) if _is_text(column) else column


def _may_name(text: ColumnElement[str], person: Person) -> ColumnElement[bool]:
    """Return the condition that a text names a person, or has figures that may do so."""
    return or_(*[text.regexp_match(one) for one in person.patterns])


def _told(columns: list[Any]) -> ColumnElement[str]:
    """Return all that some columns say, as one text."""
    parts = [func.coalesce(cast(column, Text), "") for column in columns]
    whole: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        whole = whole + " \n " + part
    return whole


def _without(cells: dict[str, Any]) -> dict[str, Any]:
    emptied = dict.fromkeys(cells.keys() & OF_CLIENT, "")
    return {**cells, **emptied}
