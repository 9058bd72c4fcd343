"""Whose an order is in whose row a person's phone stands: his, or another's that mentions it."""

from collections.abc import Sequence

from record.dispatch.model import Master, Order
from record.dispatch.person import ERASED, OF_CLIENT, Person, is_clients
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.store import Tx
from record.values.order_keys import new_key


def parted(
    tx: Tx, phone: str, named: Sequence[Order], masters: Sequence[Master]
) -> tuple[list[Order], list[Order]]:
    """Part the orders that name his phone into his own, and others' that mention it."""
    columns = WORKSHEETS[ORDERS].columns
    rows = {one.id: tx.orders.shown_row(one.id) or () for one in named}
    cells = {
        order_id: dict(zip(columns, row, strict=False))
        for order_id, row in rows.items()
    }
    own = [one for one in named if is_clients(Person(phone), cells[one.id])]
    person = person_of(phone, own, masters)
    his = [one for one in named if is_clients(person, cells[one.id])]
    return his, [one for one in named if one not in his]


def scrub_order(tx: Tx, order_id: str, person: Person) -> None:
    """Take his phone out of another's order."""
    row = tx.orders.shown_row(order_id) or ()
    cells = {}
    for column, cell in zip(WORKSHEETS[ORDERS].columns, row, strict=False):
        if column in OF_CLIENT and person.called(cell):
            cells[column] = person.by_phone.scrubbed(cell)
    if cells:
        tx.journal.add(Write(ORDERS, "set", order_id, cells))


def person_of(phone: str, orders: Sequence[Order], masters: Sequence[Master]) -> Person:
    """Return him with all names, addresses, chats and keys of his rows."""
    texts = [text for one in orders for text in (one.name, one.address)]
    texts += [one.name for one in masters]
    chats = [str(one.chat) for one in orders if one.chat]
    chats += [str(one.chat) for one in masters if one.chat]
    keys = {one.key for one in orders if len(one.key) >= len(new_key())}
    named = {text for text in texts if text and text != ERASED}
    return Person(
        phone, tuple(sorted(named)), tuple(sorted(set(chats))), tuple(sorted(keys))
    )
