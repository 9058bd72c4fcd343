"""The journal: writes are committed here first, and reach the sheet when Google lets them."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    String,
    exists,
    func,
    select,
    type_coerce,
    update,
)

from record.grid.worksheets import ORDERS
from record.grid.writes import Write, WriteState
from record.store.metrics import tally
from record.store.schema import journal
from record.store.wakeups import wake
from record.values.actors import REPAIR, ActorKind

OPEN = ("waiting", "unclear")
APPEND = journal.c.kind == "append"
# no poll has seen it in the sheet yet, so it is shown as if it stood there
UNECHOED = journal.c.echoed.is_(False) & (journal.c.state != "refused")
# whoever of staff it was
BY_PANEL = type_coerce(journal.c.by, String).startswith(ActorKind.PANEL.value)


class Journal:
    """The journal within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, write: Write, *, urgent: bool = True) -> None:
        """Commit a write to be made: ``urgent`` at once, else with others in a second."""
        self._connection.execute(
            journal.insert().values(
                title=write.title,
                kind=write.kind,
                subject=write.subject,
                cells=dict(write.cells),
                seen=dict(write.seen),
                by=write.by,
                state="waiting",
                attempts=0,
                error="",
                made_at=time.time(),
                echoed=False,
            )
        )
        if urgent:
            wake(self._connection, "journal")

    def open(self, limit: int = 500) -> list[Write]:
        """Return writes that have not reached the sheet, oldest first.

        They are so many new rows, and so many others: new rows that can't be added hold
        up nothing else.
        """
        query = select(journal).where(journal.c.state.in_(OPEN))
        query = query.order_by(journal.c.id).limit(limit)
        new_rows = self._writes(query.where(APPEND))
        others = query.where(~APPEND)
        # what is for a new row never comes without it
        if len(new_rows) == limit:
            others = others.where(~_later_rows(new_rows[-1].id))
        return sorted(new_rows + self._writes(others), key=lambda write: write.id)

    def _writes(self, query: Select[Any]) -> list[Write]:
        rows = self._connection.execute(query).mappings()
        return [_write(row) for row in rows]

    def pending(self, title: str, subject: str) -> list[Write]:
        """Return the writes for this row that no poll has seen yet, oldest first."""
        query = select(journal).where(
            journal.c.title == title, journal.c.subject == subject, UNECHOED
        )
        return self._writes(query.order_by(journal.c.id))

    def unechoed(self) -> list[Write]:
        """Return all writes that no poll has seen yet, oldest first."""
        query = select(journal).where(UNECHOED)
        return self._writes(query.order_by(journal.c.id))

    def adopted_since(self, at: float) -> set[str]:
        """Return the orders typed by hand that were given a number since then."""
        query = select(journal.c.subject).where(
            journal.c.title == ORDERS,
            journal.c.kind == "adopt",
            journal.c.made_at >= at,
        )
        return set(self._connection.execute(query).scalars())

    def appended_since(self, at: float) -> dict[str, float]:
        """Return when the orders were sent that have come by form and bots since then."""
        query = select(journal.c.subject, journal.c.made_at).where(
            journal.c.title == ORDERS,
            journal.c.kind == "append",
            journal.c.made_at >= at,
        )
        return {row.subject: row.made_at for row in self._connection.execute(query)}

    def repaired_since(self, at: float) -> bool:
        """Return whether a wrong row is being mended, or was mended since ``at``.

        A reading that began before that shows what never was meant.
        """
        is_mended = journal.c.state == "written"
        since_then = journal.c.written_at.between(at, time.time())
        mends = journal.c.state.in_(OPEN) | (is_mended & since_then)
        query = select(journal.c.id).where(journal.c.by == REPAIR, mends)
        return self._connection.execute(query.limit(1)).first() is not None

    def mark(self, ids: Iterable[int], state: WriteState, error: str = "") -> None:
        """Move writes to a state; ``written`` notes when Google confirmed them."""
        marked = list(ids)
        if state in ("written", "refused", "parked"):
            tally(self._connection, "writes", len(marked), result=state)
        values: dict[str, object] = {"state": state, "error": error}
        if state == "written":
            values["written_at"] = time.time()
        # no poll will ever see it in the sheet
        if state == "refused":
            values["echoed"] = True
        self._connection.execute(
            update(journal).where(journal.c.id.in_(marked)).values(values)
        )

    def tried(self, ids: Sequence[int], error: str) -> None:
        """Count an attempt that failed in passing."""
        mine = update(journal).where(journal.c.id.in_(ids))
        tried = mine.values(attempts=journal.c.attempts + 1, error=error)
        self._connection.execute(tried)

    def echo(self, ids: Iterable[int]) -> None:
        """Note that a poll has seen these writes: it began after they were confirmed."""
        self._connection.execute(
            update(journal).where(journal.c.id.in_(list(ids))).values(echoed=True)
        )

    def depth(self) -> tuple[int, float]:
        """Return how many writes wait, and the age in seconds of the oldest."""
        query = select(func.count(), func.min(journal.c.made_at))
        waiting = query.where(journal.c.state.in_(OPEN))
        count, oldest = self._connection.execute(waiting).one()
        if oldest is None:
            return 0, 0.0
        return count, max(0.0, time.time() - oldest)

    def refused_in_panel(self) -> list[Write]:
        """Return the panel's writes that an edit in the sheet overruled, latest first."""
        query = select(journal).where(journal.c.state == "refused", BY_PANEL)
        return self._writes(query.order_by(journal.c.id.desc()))

    def dismiss(self, write_id: int) -> None:
        """Note that staff have read why a write of the panel was refused."""
        mine = (journal.c.id == write_id) & BY_PANEL & (journal.c.state == "refused")
        self._connection.execute(update(journal).where(mine).values(state="dismissed"))

    def reopen(self, ids: Iterable[int]) -> None:
        """Let writes that were put aside wait again."""
        # another process may have reopened some, and they may be on their way by now
        mine = journal.c.id.in_(list(ids)) & (journal.c.state == "parked")
        again = update(journal).where(mine).values(state="waiting", error="")
        self._connection.execute(again)

    def parked(self) -> list[tuple[Write, str]]:
        """Return the writes that Google refuses for good, with its reasons."""
        query = select(journal).where(journal.c.state == "parked")
        rows = self._connection.execute(query.order_by(journal.c.id)).mappings()
        return [(_write(row), row["error"]) for row in rows]


def _later_rows(last: int) -> ColumnElement[bool]:
    """Return the condition that a write is for a new row journaled after ``last``."""
    later = journal.alias()
    its_row = (
        (later.c.title == journal.c.title)
        & (later.c.subject == journal.c.subject)
        & (later.c.kind == "append")
    )
    return exists().where(its_row, later.c.state.in_(OPEN), later.c.id > last)


def _write(row: RowMapping) -> Write:
    return Write(
        title=row["title"],
        kind=row["kind"],
        subject=row["subject"],
        cells=row["cells"],
        seen=row["seen"],
        by=row["by"],
        id=row["id"],
        state=row["state"],
        attempts=row["attempts"],
        made_at=row["made_at"],
        written_at=row["written_at"] or 0.0,
    )
