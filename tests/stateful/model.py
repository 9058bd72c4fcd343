"""What people have typed, cell by cell, so that nobody can change it behind their backs.

A row goes by its name (see :class:`~tests.harness.book.Line`), which no sorting, moving or inserting changes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from record.actions.client_acts import Placed
from record.grid.layout import same
from record.grid.writes import Write
from record.values import Cell
from record.values.actors import ActorKind
from tests.harness.book import NOTE, Line

SYSTEM = frozenset({"ID", "Оповещены", "Проверка", "Telegram", "Ключ"})
ACTED_ON = frozenset({"Статус", "Мастер", "Цена", "Комиссия", "Дата выполнения", "Комментарий"})
FILLED = ACTED_ON | {"Дата", "Источник"}
BY_SYSTEM = frozenset({"Статус", "Мастер", "Комиссия", "Дата выполнения"})


@dataclass
class Row:
    """What is remembered of one row: cells as typed, the ID it was given, and how often an offer was asked for."""

    typed: dict[str, Cell] = field(default_factory=dict)
    id: str = ""
    asks: int = 1
    twins: set[str] = field(default_factory=set)

    @property
    def commission_by_hand(self) -> bool:
        """Say whether a person ever touched «Комиссия» here."""
        return "Комиссия" in self.typed


@dataclass
class Paper:
    """All that people typed, by the names of the rows."""

    rows: dict[str, Row] = field(default_factory=dict)
    deleted: dict[str, Row] = field(default_factory=dict)
    accepted: dict[tuple[str, str], int] = field(default_factory=dict)
    given_back: Counter[str] = field(default_factory=Counter)
    blurred: bool = False

    def row(self, name: str) -> Row:
        """Return what is known of a row."""
        return self.rows.setdefault(name, Row())

    def type(self, name: str, column: str, value: Cell) -> None:
        """Note what a person typed; a row that was copied a moment ago may no longer be told from its copy."""
        row = self.row(name)
        row.typed[column] = value
        if column in ("Статус", "Мастер", "Оповещены"):
            row.asks += 1
        for twin in row.twins & self.rows.keys():
            self.confuse(name, twin)

    def form(self, placed: Placed, **given: Cell) -> None:
        """Note what a client gave; nobody may change that either."""
        self.rows[placed.key] = Row(typed=dict(given))

    def confuse(self, *names: str) -> None:
        """Note that either of these rows may go on under the ID of the other, whichever looks as before."""
        asks = sum(self.row(name).asks for name in names)
        for name in names:
            self.row(name).id = ""
            self.row(name).asks = asks

    def rename(self, name: str, note: str) -> None:
        """Note that a row goes by a note from now on; it looks new, and so would its copy."""
        self.rows[note] = self.rows.pop(name, Row())
        self.blurred = True

    def copy(self, line: Line, name: str) -> None:
        """Note that a row was pasted below another name: its cells are typed, its ID is not its own."""
        source = self.row(line.name)
        own = SYSTEM | {NOTE}
        pasted = {column: value for column, value in line.cells.items() if column not in own and value != ""}
        self.rows[name] = Row(typed=pasted, asks=source.asks, twins={line.name})
        source.twins.add(name)
        if self.blurred:
            self.confuse(line.name, name)

    def blur(self) -> None:
        """Note that all rows have to be read anew, so that an exact copy can't be told from its original."""
        self.blurred = True
        for name, row in list(self.rows.items()):
            if twins := row.twins & self.rows.keys():
                self.confuse(name, *twins)

    def delete(self, name: str) -> None:
        """Note that a person deleted a row."""
        if name in self.rows:
            self.deleted[name] = self.rows.pop(name)

    def restore(self, name: str) -> None:
        """Note that the deletion was undone."""
        self.rows[name] = self.deleted.pop(name)

    def accept(self, order_id: str, master_id: str, said: int) -> None:
        """Note that a master's press was taken when so many notices had been queued."""
        self.accepted[order_id, master_id] = said

    def give_back(self, order_id: str, master_id: str) -> None:
        """Note that a master gave an order back, which asks for another offer."""
        self.accepted.pop((order_id, master_id), None)
        self.given_back[order_id] += 1

    def finish(self, order_id: str, master_id: str) -> None:
        """Note that a master's work is done, if it was his; what becomes of the order later is not his to know."""
        self.accepted.pop((order_id, master_id), None)

    def came_back(self, lines: Iterable[Line], sent_again: set[str]) -> None:
        """Note the rows that were deleted before anybody could know that they had arrived, and were added again."""
        for line in lines:
            if line.name in self.deleted and line.name in sent_again:
                self.restore(line.name)

    def settled(self, lines: Iterable[Line]) -> None:
        """Note which ID each row has, now that all is quiet."""
        self.blurred = False
        for line in lines:
            row = self.row(line.name)
            row.twins.clear()
            row.id = line.id


def follows(typed: Cell, now: Cell, column: str, writes: Iterable[Write]) -> bool:
    """Say whether what stands in a cell is what a person typed, or what acts that knew of it made of it."""
    known = [typed]
    for write in writes:
        if column not in write.cells or write.by.kind is ActorKind.REPAIR:
            continue
        if write.by.kind is ActorKind.SYSTEM and column not in BY_SYSTEM:
            continue
        saw = write.seen.get(column, "")
        if any(same(value, saw) for value in known):
            known.append(write.cells[column])
    return any(same(value, now) for value in known)
