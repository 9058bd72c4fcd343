"""A write that has to reach the sheet. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from record.values import Cell
from record.values.actors import SYSTEM, Actor

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
    landed_at: float = 0.0  # once it has been written


def as_id(subject: str) -> Cell:
    """Return an ID as it is written into the sheet: a number where it is one, so that
    people can sort by it.
    """
    return int(subject) if subject.isdecimal() else subject
