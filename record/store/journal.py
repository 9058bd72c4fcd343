"""The journal: writes that are committed here first and reach the sheet as soon as
Google lets them.
"""

import time
from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    exists,
    func,
    select,
    update,
)

from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store.metrics import tally
from record.store.schema import journal
from record.store.wakeups import wake
from record.values.actors import REPAIR, Actor

OPEN = ("waiting", "unclear")
APPEND = journal.c.kind == "append"


class Journal:
    """The journal within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, write: Write, *, urgent: bool = True) -> None:
        """Commit a write to be made, at once by whoever is woken, or with others
        within a second.
        """
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
        """Return writes that have not reached the sheet, oldest first: so many new
        rows, and so many others.

        New rows that can't be added hold up no others. What is for a new row never
        comes without it.
        """
        query = (
            select(journal)
            .where(journal.c.state.in_(OPEN))
            .order_by(journal.c.id)
            .limit(limit)
        )
        fresh = [
            _write(row)
            for row in self._connection.execute(query.where(APPEND)).mappings()
        ]
        others = query.where(~APPEND)
        if len(fresh) == limit:
            others = others.where(~_later_rows(fresh[-1].id))
        found = [_write(row) for row in self._connection.execute(others).mappings()]
        return sorted(fresh + found, key=lambda write: write.id)

    def pending(self, title: str, subject: str) -> list[Write]:
        """Return the writes for this row that no poll has seen yet, oldest first."""
        query = select(journal).where(
            journal.c.title == title,
            journal.c.subject == subject,
            journal.c.echoed.is_(False),
            journal.c.state != "refused",
        )
        return [
            _write(row)
            for row in self._connection.execute(query.order_by(journal.c.id)).mappings()
        ]

    def unechoed(self) -> list[Write]:
        """Return all writes that no poll has seen yet, oldest first."""
        query = select(journal).where(
            journal.c.echoed.is_(False), journal.c.state != "refused"
        )
        return [
            _write(row)
            for row in self._connection.execute(query.order_by(journal.c.id)).mappings()
        ]

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
        """Say whether a write that hit a wrong row is still being mended, or was since
        ``at``.
        """
        mended = (journal.c.state == "written") & journal.c.written_at.between(
            at, time.time()
        )
        query = select(journal.c.id).where(
            journal.c.by == REPAIR, journal.c.state.in_(OPEN) | mended
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def mark(self, ids: Iterable[int], state: str, error: str = "") -> None:
        """Move writes to a state; ``written`` keeps the moment when they landed."""
        marked = list(ids)
        if state in ("written", "refused", "parked"):
            tally(self._connection, "writes", len(marked), result=state)
        values: dict[str, object] = {"state": state, "error": error}
        if state == "written":
            values["written_at"] = time.time()
        if state == "refused":
            values["echoed"] = True
        self._connection.execute(
            update(journal).where(journal.c.id.in_(marked)).values(values)
        )

    def tried(self, ids: Sequence[int], error: str) -> None:
        """Count an attempt that failed in passing."""
        changed = update(journal).where(journal.c.id.in_(ids))
        self._connection.execute(
            changed.values(attempts=journal.c.attempts + 1, error=error)
        )

    def echo(self, ids: Iterable[int]) -> None:
        """Note that a poll, begun after these writes had landed, has seen them."""
        self._connection.execute(
            update(journal).where(journal.c.id.in_(list(ids))).values(echoed=True)
        )

    def depth(self) -> tuple[int, float]:
        """Return how many writes wait, and the age in seconds of the oldest."""
        row = self._connection.execute(
            select(func.count(), func.min(journal.c.made_at)).where(
                journal.c.state.in_(OPEN)
            )
        ).one()
        return row[0], max(0.0, time.time() - row[1]) if row[1] else 0.0

    def refused(self, by: Actor) -> list[Write]:
        """Return the writes of this actor that a person's edit in the sheet has
        overruled, latest first.
        """
        query = select(journal).where(journal.c.state == "refused", journal.c.by == by)
        return [
            _write(row)
            for row in self._connection.execute(
                query.order_by(journal.c.id.desc())
            ).mappings()
        ]

    def dismiss(self, write_id: int, by: Actor) -> None:
        """Note that whoever made a refused write has read why."""
        mine = (
            (journal.c.id == write_id)
            & (journal.c.by == by)
            & (journal.c.state == "refused")
        )
        self._connection.execute(update(journal).where(mine).values(state="dismissed"))

    def reopen(self, ids: Iterable[int]) -> None:
        """Let writes that were put aside wait again; what somebody else has reopened
        meanwhile is left alone.
        """
        mine = journal.c.id.in_(list(ids)) & (journal.c.state == "parked")
        self._connection.execute(
            update(journal).where(mine).values(state="waiting", error="")
        )

    def parked(self) -> list[tuple[Write, str]]:
        """Return the writes that Google refuses for good, with its reasons."""
        query = (
            select(journal).where(journal.c.state == "parked").order_by(journal.c.id)
        )
        return [
            (_write(row), row["error"])
            for row in self._connection.execute(query).mappings()
        ]


def _later_rows(last: int) -> ColumnElement[bool]:
    """Say of a write that it is for a new row journaled after ``last``."""
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
