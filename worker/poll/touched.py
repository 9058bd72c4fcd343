"""Which orders of a reading have to be looked into.

Those whose rows look different; and a few that look as before, but may mean something
else now: the master they name has come, or their client can't be written to any more.
"""

from collections.abc import Container

from record.grid.identity import Found, Identified
from record.grid.layout import Row
from record.store import Stored
from worker.poll.meanings import Meanings
from worker.poll.step import PollStep

Rows = dict[str, Found]


def touched_orders(
    step: PollStep, meanings: Meanings, identified: Identified, due: set[str]
) -> Rows:
    """Return the rows to look into, by ID; ``due`` are orders whose time has come."""
    again = _to_be_understood_again(step) | due
    touched: Rows = {}
    for key, found in identified.orders.items():
        was = step.known.get(key)
        if was is None or was.print != found.print or key in again:
            touched[key] = found

    look_as_before = [key for key in again if key in identified.same]
    for key, stored in _readable(meanings, look_as_before).items():
        touched[key] = _as_before(step, identified, key, stored.row)

    return touched | _typed_back(step, meanings, identified, touched)


def _readable(meanings: Meanings, keys: list[str]) -> dict[str, Stored]:
    """Return those of these orders that the mirror can still tell."""
    # with one query: after an edit of «Мастера» there may be many
    together = meanings.stored(keys)
    if together is not None:
        return together
    readable: dict[str, Stored] = {}
    for key in keys:
        # a damaged one must not stop the others: else no poll ends any more
        readable |= meanings.stored([key]) or {}
    return readable


def _to_be_understood_again(step: PollStep) -> set[str]:
    """Return the orders that may mean something else, though nobody touched them."""
    again = _of_people_lost_or_found(step)
    if step.lost_masters:
        again.update(step.tx.orders.open_of([], step.lost_masters))
    # a name that meant nobody may mean somebody now
    news = step.roster_changed or step.categories_changed
    if news or step.changed_clients or step.changed_masters:
        again.update(step.tx.orders.unresolved())

    return again


def _of_people_lost_or_found(step: PollStep) -> set[str]:
    """Return the open orders of people who can't be written to any more, or can again.

    Those of masters who are written to elsewhere now belong to them.
    """
    if not (step.changed_clients or step.changed_masters or step.reconnected):
        return set()

    masters = [
        master.id
        for master in step.roster.masters
        if master.chat in step.changed_masters or master.id in step.reconnected
    ]
    return set(step.tx.orders.open_of(step.changed_clients, masters))


def _typed_back(
    step: PollStep, meanings: Meanings, identified: Identified, touched: Container[str]
) -> Rows:
    """Return rows that look as before because a person undid what we had written."""
    pressed = step.own_writes.orders() & step.known.keys()
    keys = [key for key in pressed if key not in touched]
    if not keys or step.first:
        return {}

    found: Rows = {}
    for key, stored in (meanings.stored(keys) or {}).items():
        if not step.own_writes.typed_over(key, stored.row):
            continue
        if key in identified.same:
            found[key] = _as_before(step, identified, key, stored.row)
        elif key in identified.orders:
            found[key] = identified.orders[key]

    return found


def _as_before(step: PollStep, identified: Identified, key: str, row: Row) -> Found:
    """Return the row of an order that looks as before; only its place may be new."""
    known = step.known[key]
    return Found(identified.same[key], row, known.print, key, known.key)
