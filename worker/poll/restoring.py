"""What a person removed by mistake is put back: an ID, a key, a chat.

A row's identity is put back only where it is certain which order the row is.
"""

from collections.abc import Mapping

from record.grid.identity import Identified
from record.grid.worksheets import ORDERS
from record.grid.writes import Write, as_id
from record.logs import get_logger
from record.store import Stored
from record.values import Address, Cell, is_error
from worker.poll.rows import TELEGRAM, named_cells
from worker.poll.step import PollStep

log = get_logger(__name__)


def restore_identity(step: PollStep, identified: Identified) -> None:
    """Put back the IDs and keys that rows of «Заявки» have lost."""
    for order_id, found in {**identified.lost_id, **identified.lost_key}.items():
        if step.tx.journal.pending(ORDERS, order_id):
            step.poll_again = True
            continue

        cells: dict[str, Cell] = {}
        if order_id in identified.lost_id:
            cells["ID"] = as_id(order_id)

        if order_id in identified.lost_key:
            cells["Ключ"] = step.known[order_id].key

        seen = named_cells(ORDERS, found.row)
        step.adopt(Write(ORDERS, "adopt", order_id, cells, seen))
        log.warning("identity_restored", order=order_id, columns=list(cells))


def restore_chats(
    step: PollStep, identified: Identified, before: Mapping[str, Stored]
) -> None:
    """Put back clients' chats where the cell shows an error now."""
    for order_id, stored in before.items():
        found = identified.orders.get(order_id)
        if found is None or not stored.order.chat:
            continue

        if is_error(found.row[TELEGRAM]):
            chat = as_it_stood(stored.row[TELEGRAM], stored.order.chat)
            step.tx.journal.add(Write(ORDERS, "set", order_id, {"Telegram": chat}))
            log.warning("identity_restored", order=order_id, columns=["Telegram"])


def replace_guessable(step: PollStep, fresh_keys: Mapping[str, str]) -> None:
    """Write the keys of orders that came with none, or with one that is guessed."""
    for order_id, key in fresh_keys.items():
        if order_id not in step.failed:
            step.tx.journal.add(Write(ORDERS, "set", order_id, {"Ключ": key}))
            log.warning("key_replaced", order=order_id)


def as_it_stood(stood: Cell, chat: Address) -> Cell:
    """Return what to put into a «Telegram» cell: what stood there, if it was a chat."""
    return str(chat) if is_error(stood) else stood
