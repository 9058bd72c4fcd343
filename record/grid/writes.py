"""A write that has to reach the sheet. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from record.values import Cell, text
from record.values.actors import SYSTEM, Actor, ActorKind

# greater numbers were given while the sheet had never been read
NUMBERS_END = 10_000_000


@dataclass(frozen=True)
class Write:
    """Cells that have to reach the sheet.

    ``kind``: ``append`` a new row; ``set`` cells of the row whose ID is ``subject``;
    ``adopt`` give the row typed by hand, whose cells are all as in ``seen``, its ID and
    other first values. ``seen``: what must still stand in a cell for the write to be
    right; a cell a person has changed since is left alone, and the whole write with it.
    Columns that belong to the system need no ``seen``.
    """

    title: str
    kind: str
    subject: str
    cells: Mapping[str, Cell]
    seen: Mapping[str, Cell] = field(default_factory=dict)
    by: Actor = SYSTEM
    id: int = 0
    state: str = "waiting"
    attempts: int = 0
    made_at: float = 0.0
    written_at: float = 0.0  # when the sheet was known to hold it, 0 before


def renames(write: Write) -> bool:
    """Return whether a write takes an ID from a row that bears it by mistake."""
    if write.by.kind is not ActorKind.REPAIR:
        return False
    return text(write.cells.get("ID", write.subject)) != write.subject


def as_id(subject: str) -> Cell:
    """Return an ID as it is written into the sheet."""
    # a number where it is one: people sort by it, and 10 must not come before 9
    if subject.isdecimal():
        return int(subject)
    return subject
