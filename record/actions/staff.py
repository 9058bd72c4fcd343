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
from record.values.actors import PANEL, Actor


@dataclass(frozen=True)
class Edit:
    """One cell to change: what the form showed, and what shall stand there."""

    column: str
    seen: str
    wanted: Cell


@dataclass(frozen=True)
class Conflict:
    """A cell that a person changed meanwhile: what it showed, shows, and was to show."""

    column: str
    seen: str
    now: str
    wanted: str


@dataclass(frozen=True)
class Saved:
    """What came of an edit; ``refusal`` is empty when it was journaled.

    It is empty, too, when there was nothing to do.
    """

    refusal: Literal["", "gone", "conflict"] = ""
    conflicts: tuple[Conflict, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overruled:
    """A write of the panel that was refused, since a person had changed a cell."""

    write: Write
    cells: tuple[Conflict, ...]
    gone: bool = False


@dataclass(frozen=True)
class Shown:
    """A master as he will stand once waiting writes are in the sheet, and his cells."""

    master: Master
    cells: Mapping[str, str]


class Panel:
    """All acts of staff, on one store; ``by`` names who does them, where that is known."""

    def __init__(self, store: Store, by: Actor = PANEL) -> None:
        self._store = store
        self._by = by

    def edit_order(self, order_id: str, edits: Sequence[Edit]) -> Saved:
        """Change cells of an order, unless one of them was changed since it was shown."""
        with self._store.transaction() as tx:
            seen = stands(tx.orders.get(order_id))
            row = None
            if not refusal(Who.STAFF, Act.EDIT, seen):
                row = tx.orders.shown_row(order_id)
            return self._edit(tx, ORDERS, order_id, row, edits)

    def edit_master(self, master_id: str, edits: Sequence[Edit]) -> Saved:
        """Change cells of a master, unless one of them was changed since it was shown."""
        with self._store.transaction() as tx:
            row = _master_row(tx, master_id, tx.masters.rows())
            return self._edit(tx, MASTERS, master_id, row, edits)

    def dismiss(self, write_id: int) -> None:
        """Note that staff have read why a write was overruled."""
        with self._store.transaction() as tx:
            tx.journal.dismiss(write_id)

    def _edit(
        self, tx: Tx, title: str, subject: str, row: Row | None, edits: Sequence[Edit]
    ) -> Saved:
        if row is None:
            return Saved("gone")
        sheet = WORKSHEETS[title]
        conflicts = []
        cells: dict[str, Cell] = {}
        seen: dict[str, Cell] = {}
        for edit in edits:
            now = row[sheet.index(edit.column)]
            # a form sends every field: left as shown, it is no edit
            if same(edit.wanted, edit.seen) or same(now, edit.wanted):
                continue
            if same(now, edit.seen):
                cells[edit.column] = edit.wanted
                seen[edit.column] = now
            else:
                shown, wanted = as_shown(now), as_shown(edit.wanted)
                conflicts.append(Conflict(edit.column, edit.seen, shown, wanted))
        # all or nothing: half of a form would be another edit than the one that was meant
        if conflicts:
            return Saved("conflict", tuple(conflicts))
        if cells:
            tx.journal.add(Write(title, "set", subject, cells, seen, self._by))
        return Saved(changed=tuple(cells))


def masters(tx: Tx) -> list[Shown]:
    """Return all masters as they will stand, in the sheet's order.

    Those who have just registered come last.
    """
    rows = tx.masters.rows()
    ids = sorted(rows, key=lambda one: rows[one][0])
    everybody = tx.masters.roster().masters
    ids += [master.id for master in everybody if master.id not in rows]
    found = []
    for master_id in ids:
        row = _master_row(tx, master_id, rows)
        if row:
            found.append(_shown(row))
    return found


def master(tx: Tx, master_id: str) -> Shown | None:
    """Return one master as he will stand, or None."""
    row = _master_row(tx, master_id, tx.masters.rows())
    if not row:
        return None
    return _shown(row)


def _shown(row: Row) -> Shown:
    texts = map(as_shown, row)
    cells = dict(zip(WORKSHEETS[MASTERS].columns, texts, strict=True))
    return Shown(read_master(row), cells)


def _master_row(
    tx: Tx, master_id: str, rows: Mapping[str, tuple[int, Row]]
) -> Row | None:
    """Return a master's cells with the writes that no poll has seen yet put over them."""
    row = None
    if master_id in rows:
        _, row = rows[master_id]
    return overlaid(MASTERS, row, tx.journal.pending(MASTERS, master_id))


def overruled(tx: Tx) -> list[Overruled]:
    """Return the panel's refused writes that staff have not read yet, latest first."""
    return [_overruled(tx, write) for write in tx.journal.refused_in_panel()]


def _overruled(tx: Tx, write: Write) -> Overruled:
    if write.title == ORDERS:
        row = tx.orders.shown_row(write.subject)
    else:
        row = _master_row(tx, write.subject, tx.masters.rows())
    if row is None:
        return Overruled(write, (), gone=True)
    sheet = WORKSHEETS[write.title]
    conflicts = []
    for column, wanted in write.cells.items():
        seen = as_shown(write.seen.get(column, ""))
        now = as_shown(row[sheet.index(column)])
        conflicts.append(Conflict(column, seen, now, as_shown(wanted)))
    return Overruled(write, tuple(conflicts))
