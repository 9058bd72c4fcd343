"""The rows of a worksheet as they should stand now: as last polled, with all that has
been written since.
"""

from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.store import Tx


def rows_known(tx: Tx, title: str) -> dict[str, Row]:
    """Return the rows of «Заявки» or «Мастера» by ID."""
    columns = WORKSHEETS[title].columns
    rows = _polled(tx, title)
    landed = [
        write
        for write in tx.journal.unechoed()
        if (write.title, write.state) == (title, "written")
    ]
    for write in sorted(landed, key=lambda write: (write.landed_at, write.id)):
        if write.subject in rows or write.kind != "set":
            before = (
                dict(zip(columns, rows[write.subject], strict=True))
                if write.subject in rows
                else write.seen
            )
            rows[write.subject] = tuple(
                {**before, **write.cells}.get(column, "") for column in columns
            )
    return rows


def _polled(tx: Tx, title: str) -> dict[str, Row]:
    if title == ORDERS:
        return {order_id: row for order_id, _, row in tx.orders.rows()}
    return {master_id: row for master_id, (_, row) in tx.masters.rows().items()}
