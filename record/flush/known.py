"""The rows of a worksheet as they should stand now, for telling what hit them.

That is as last polled, with all that has been written since.
"""

from record.grid.layout import Row
from record.grid.overlay import overlaid, row_of
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Tx


def rows_known(tx: Tx, title: str) -> dict[str, Row]:
    """Return the rows of «Заявки» or «Мастера» by ID."""
    rows = _polled(tx, title)
    for write in _confirmed(tx, title):
        row = rows.get(write.subject)
        if row is None and write.kind == "adopt":
            # a row typed by hand is given its ID only where all its cells were seen
            row = row_of(title, write.seen)
        row = overlaid(title, row, [write])
        if row is not None:
            rows[write.subject] = row
    return rows


def _polled(tx: Tx, title: str) -> dict[str, Row]:
    if title == ORDERS:
        return {order_id: row for order_id, _, row in tx.orders.rows()}
    return {master_id: row for master_id, (_, row) in tx.masters.rows().items()}


def _confirmed(tx: Tx, title: str) -> list[Write]:
    """Return the writes that have reached a worksheet since, in the order they did."""
    written = [
        write
        for write in tx.journal.unechoed()
        if write.title == title and write.state == "written"
    ]
    written.sort(key=lambda write: (write.written_at, write.id))
    return written
