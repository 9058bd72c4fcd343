"""What staff do in the panel of the site. Each act is one local transaction; the sheet
follows, as after a press.

Nothing is decided here that typing into the sheet would not decide: the poll sees the
change and tells whom it concerns. A cell that a person has changed since the form was
opened is left alone, and both values are shown; one that is changed between here and
the sheet is left alone by the flush, and shown as overruled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from record.dispatch.model import Master
from record.dispatch.permissions import Act, Who, refusal, stands
from record.dispatch.reading import read_master
from record.grid.layout import Row, same
from record.grid.overlay import overlaid
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.store import Store, Tx
from record.values import Cell, as_shown
from record.values.actors import PANEL


@dataclass(frozen=True)
class Edit:
    """One cell to change: what the form showed, and what shall stand there."""

    column: str
    seen: str
    wanted: Cell


@dataclass(frozen=True)
class Conflict:
    """A cell that a person changed meanwhile: what stood there, what stands there now,
    and what was wanted.
    """

    column: str
    seen: str
    now: str
    wanted: str


@dataclass(frozen=True)
class Saved:
    """What came of an edit: ``refusal`` is empty when it was journaled, or when there
    was nothing to do.
    """

    refusal: Literal["", "gone", "conflict"] = ""
    conflicts: tuple[Conflict, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overruled:
    """A write of the panel that the sheet refused, since a person had changed a cell
    meanwhile.
    """

    write: Write
    cells: tuple[Conflict, ...]
    gone: bool = False


@dataclass(frozen=True)
class Shown:
    """A master as he will stand once waiting writes have reached the sheet, and his
    cells.
    """

    master: Master
    cells: Mapping[str, str]


class Panel:
    """All acts of staff, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def edit_order(self, order_id: str, edits: Sequence[Edit]) -> Saved:
        """Change cells of an order, unless one of them was changed since it was shown."""
        with self._store.transaction() as tx:
            seen = stands(tx.orders.get(order_id))
            row = (
                None
                if refusal(Who.STAFF, Act.EDIT, seen)
                else tx.orders.shown_row(order_id)
            )
            return _edit(tx, ORDERS, order_id, row, edits)

    def edit_master(self, master_id: str, edits: Sequence[Edit]) -> Saved:
        """Change cells of a master, unless one of them was changed since it was shown."""
        with self._store.transaction() as tx:
            return _edit(
                tx,
                MASTERS,
                master_id,
                _master_row(tx, master_id, tx.masters.rows()),
                edits,
            )

    def dismiss(self, write_id: int) -> None:
        """Note that staff have read why a write was overruled."""
        with self._store.transaction() as tx:
            tx.journal.dismiss(write_id, PANEL)


def _edit(
    tx: Tx, title: str, subject: str, row: Row | None, edits: Sequence[Edit]
) -> Saved:
    if row is None:
        return Saved("gone")
    sheet = WORKSHEETS[title]
    now = {edit.column: row[sheet.index(edit.column)] for edit in edits}
    meant = [edit for edit in edits if not same(edit.wanted, edit.seen)]
    conflicts = [
        Conflict(
            edit.column, edit.seen, as_shown(now[edit.column]), as_shown(edit.wanted)
        )
        for edit in meant
        if not same(now[edit.column], edit.seen)
        and not same(now[edit.column], edit.wanted)
    ]
    if conflicts:
        return Saved("conflict", tuple(conflicts))
    cells = {
        edit.column: edit.wanted
        for edit in meant
        if not same(now[edit.column], edit.wanted)
    }
    if cells:
        tx.journal.add(
            Write(
                title,
                "set",
                subject,
                cells,
                {column: now[column] for column in cells},
                PANEL,
            )
        )
    return Saved(changed=tuple(cells))


def masters(tx: Tx) -> list[Shown]:
    """Return all masters as they will stand, in the sheet's order; those who have just
    registered come last.
    """
    rows = tx.masters.rows()
    ids = sorted(rows, key=lambda one: rows[one][0])
    ids += [
        master.id for master in tx.masters.roster().masters if master.id not in rows
    ]
    shown = (_master_row(tx, master_id, rows) for master_id in ids)
    return [_shown(row) for row in shown if row]


def master(tx: Tx, master_id: str) -> Shown | None:
    """Return one master as he will stand, or None."""
    row = _master_row(tx, master_id, tx.masters.rows())
    return _shown(row) if row else None


def _shown(row: Row) -> Shown:
    return Shown(
        read_master(row),
        dict(zip(WORKSHEETS[MASTERS].columns, map(as_shown, row), strict=True)),
    )


def _master_row(
    tx: Tx, master_id: str, rows: Mapping[str, tuple[int, Row]]
) -> Row | None:
    """Return a master's cells with the writes that no poll has seen yet put over them."""
    row = None
    if master_id in rows:
        _, row = rows[master_id]
    return overlaid(MASTERS, row, tx.journal.pending(MASTERS, master_id))


def overruled(tx: Tx) -> list[Overruled]:
    """Return the panel's writes that were refused at the sheet and not read yet, latest
    first.
    """
    return [_overruled(tx, write) for write in tx.journal.refused(PANEL)]


def _overruled(tx: Tx, write: Write) -> Overruled:
    if write.title == ORDERS:
        row = tx.orders.shown_row(write.subject)
    else:
        row = _master_row(tx, write.subject, tx.masters.rows())
    if row is None:
        return Overruled(write, (), gone=True)
    sheet = WORKSHEETS[write.title]
    cells = (
        Conflict(
            column,
            *map(
                as_shown, (write.seen.get(column, ""), row[sheet.index(column)], wanted)
            ),
        )
        for column, wanted in write.cells.items()
    )
    return Overruled(write, tuple(cells))
