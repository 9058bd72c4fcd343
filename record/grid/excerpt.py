"""A worksheet as far as it was read, just before it is written to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from record.grid.layout import Layout, Row, Table, Values, cell_at, columns_of, same
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from record.values import Cell, is_empty, text

# the column under which a new row has what no other row holds
UNIQUE = {ORDERS: "Ключ", MASTERS: "Telegram"}
# what stands in some columns, as text
Look = tuple[str, ...]


@dataclass
class Excerpt:
    """Rows of a worksheet by 1-based number, in the sheet's own columns.

    ``whole``: no row was left out. ``before``: rows as they were read, of those that
    a plan has changed since. ``keys``: by which orders are known that have lost their
    ID. ``filled_below``: new rows must be put in above what stands below the last one.
    """

    layout: Layout
    rows: dict[int, list[Cell]]
    whole: bool = False
    before: dict[int, list[Cell]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    filled_below: bool = False
    _ids: dict[str, int] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    _looks: dict[Look, dict[Look, list[int]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, title: str, values: Values) -> "Excerpt":
        """Return a whole worksheet."""
        rows = {number: list(row) for number, row in enumerate(values[1:], start=2)}
        return cls(columns_of(title, values), rows, whole=True)

    @classmethod
    def of_table(cls, table: Table) -> "Excerpt":
        """Return a worksheet as a poll has read it, to be looked at only."""
        return cls(table.layout, dict(enumerate(table.raw, start=2)), whole=True)

    def cell(self, row: int, column: str) -> Cell:
        """Return what stands in a row under one of our headers; "" for nothing."""
        return self.layout.cell(self.rows.get(row, []), column)

    def ours(self, row: int) -> Row:
        """Return a row in our own order of columns."""
        return self.layout.reader()(self.rows.get(row, []))

    def shows(self, row: int, cells: Mapping[str, Cell]) -> bool:
        """Return whether all these cells stand in a row, as people see them."""
        return all(
            same(self.cell(row, column), value) for column, value in cells.items()
        )

    def holds(self, row: int, place: int, value: Cell) -> bool:
        """Return whether a cell holds exactly this value, type included."""
        now = cell_at(self.rows.get(row, []), place)
        return now == value and type(now) is type(value)

    def put(self, row: int, place: int, value: Cell) -> None:
        """Let a cell hold a value from now on; the row as it was read is kept."""
        cells = self.rows.setdefault(row, [])
        self.before.setdefault(row, list(cells))
        cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = value
        if place == self.layout.place("ID"):
            self._ids = None

    def find(self, subject: str) -> int | None:
        """Return the number of the row whose ID cell holds ``subject``, or None.

        An order whose row has lost its ID is found by its key. ``@57`` is row 57
        itself.
        """
        if subject.startswith("@"):
            return int(subject[1:])
        if self._ids is None:
            # the uppermost of several rows with one ID counts, so it comes last here
            self._ids = {text(self.cell(row, "ID")): row for row in reversed(self.rows)}
        if subject in self._ids:
            return self._ids[subject]
        return self._without_id(self.keys.get(subject, ""))

    def _without_id(self, key: str) -> int | None:
        """Return the row without an ID that holds this key."""
        if not key:
            return None
        for row in self.rows:
            if same(self.cell(row, "Ключ"), key) and not text(self.cell(row, "ID")):
                return row
        return None

    def like(self, seen: Mapping[str, Cell]) -> int | None:
        """Return the row typed by hand in which all these cells stand, or None.

        Of a row and its exact copies the uppermost is the row itself.
        """
        columns = tuple(seen)
        # a paste asks for thousands of rows by the same columns: one pass serves all
        if columns not in self._looks:
            self._looks[columns] = self._by_look(columns)
        look = tuple(map(text, seen.values()))
        found = []
        for row in self._looks[columns].get(look, []):
            # cells may have been put into it since
            if self.shows(row, seen):
                found.append(row)
            if len(found) == 2:
                break
        if not found:
            return None
        # a copy bears the number of the row above it, which keeps it
        is_copy = bool(text(seen.get("ID", "")))
        return found[-1] if is_copy else found[0]

    def _by_look(self, columns: Look) -> dict[Look, list[int]]:
        places = [self.layout.place(column) for column in columns]
        found: dict[Look, list[int]] = {}
        for row, cells in self.rows.items():
            look = tuple(text(cell_at(cells, place)) for place in places)
            found.setdefault(look, []).append(row)
        return found

    def arrived(self, write: Write) -> int | None:
        """Return the row that holds what only this new row can hold, or None.

        It counts under whatever header it stands: columns may have been moved while
        the row was on its way.
        """
        unique = write.cells.get(UNIQUE.get(write.title, ""), "")
        if is_empty(unique):
            return self.find(write.subject)
        for row, cells in self.rows.items():
            if any(same(cell, unique) for cell in cells):
                return row
        return None
