"""Which row of «Заявки» is which order, in one reading."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from record.grid.identity import Identified, Recall, identify, recognise, reunite
from record.grid.layout import Row, Table, lasting_print, same
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.values import Cell, text
from worker.poll.step import PollStep

ID, KEY, CHECK, TELEGRAM = (
    WORKSHEETS[ORDERS].index(column)
    for column in ("ID", "Ключ", "Проверка", "Telegram")
)


def named_cells(title: str, row: Row) -> dict[str, Cell]:
    """Return the cells of a row by the headers of its worksheet."""
    return dict(zip(WORKSHEETS[title].columns, row, strict=True))


def seen_print(write: Write) -> str:
    """Return the lasting fingerprint of the row that a write expects to find."""
    columns = WORKSHEETS[write.title].columns
    return lasting_print(tuple(write.seen.get(column, "") for column in columns))


@dataclass(frozen=True)
class OrderRows:
    """«Заявки» as read: its rows, their fingerprints, and which order each one is."""

    table: Table
    prints: list[int]
    identified: Identified

    def recall(self, failed: Container[str]) -> Recall:
        """Return what to remember of the rows until the next poll, without ``failed``."""
        return Recall.of(self.table, self.prints, self.identified, failed)


def identify_rows(step: PollStep, table: Table, recall: Recall) -> OrderRows:
    """Return which row is which order; only rows that a person touched are read."""
    prints = table.prints()
    untouched, touched = recognise(table, prints, recall)
    rows = _without_astray(step, table, touched)
    identified = identify(rows, step.known, ID, KEY, untouched)
    if identified.typed:
        _reunite(step, identified)

    return OrderRows(table, prints, identified)


def _reunite(step: PollStep, identified: Identified) -> None:
    """Let rows that have lost ID and key be the orders that are gone."""
    gone = [order_id for order_id in step.known if not identified.has(order_id)]
    if gone:
        stored = step.tx.orders.stored(gone)
        rows = {order_id: one.row for order_id, one in stored.items()}
        reunite(identified, rows, ID, KEY, step.known)


# New rows of ours that came under the wrong headers


def _without_astray(
    step: PollStep, table: Table, touched: list[int]
) -> Iterable[tuple[int, Row]]:
    """Return the touched rows, without new ones of ours under headers moved meanwhile.

    The flush that looks for them, since their answer was lost, sets those right.
    """
    rows = table.rows(touched)
    unanswered = _unanswered_new_rows(step)
    if not unanswered:
        return rows

    settled = []
    for number, row in rows:
        if _is_astray(unanswered, row, table.raw[number - 2]):
            step.poll_again = True
        else:
            settled.append((number, row))

    return settled


def _unanswered_new_rows(step: PollStep) -> dict[str, Write]:
    """Return the writes, by key, of new orders of which nobody knows if they arrived."""
    found = {}
    for write in step.writes_to(ORDERS):
        key = text(write.cells.get("Ключ", ""))
        is_new = bool(key) and write.subject not in step.known
        if is_new and write.state == "unclear":
            found[key] = write

    return found


def _is_astray(unanswered: dict[str, Write], row: Row, raw: list[Cell]) -> bool:
    """Return whether a row holds the key of one of these writes, but other cells."""
    shown = named_cells(ORDERS, row)
    # the key may stand in any column: it is the headers that were moved
    for cell in raw:
        write = unanswered.get(text(cell))
        if write and not _shows(shown, write):
            return True

    return False


def _shows(shown: dict[str, Cell], write: Write) -> bool:
    return all(same(shown[column], value) for column, value in write.cells.items())
