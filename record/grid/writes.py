"""A write that has to reach the sheet. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from record.values import Cell, text
from record.values.actors import SYSTEM, Actor, ActorKind

WriteKind = Literal["append", "set", "adopt"]
WriteState = Literal["waiting", "unclear", "written", "refused", "dismissed", "parked"]
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

    ``state``: ``waiting``; ``unclear`` from when it is sent until the answer says more;
    ``written``, once the sheet is known to hold it; ``refused``, since a person's edit
    overruled it, and ``dismissed``, once that was read; ``parked``, where Google refuses
    it for good.
    """

    title: str
    kind: WriteKind
    subject: str
    cells: Mapping[str, Cell]
    seen: Mapping[str, Cell] = field(default_factory=dict)
    by: Actor = SYSTEM
    id: int = 0
    state: WriteState = "waiting"
    attempts: int = 0
    made_at: float = 0.0
    written_at: float = 0.0  # when the sheet was known to hold it, 0 before

    @property
    def target(self) -> tuple[str, str]:
        """The row that it is for: worksheet and ID."""
        return self.title, self.subject


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


def highest(ids: Iterable[str]) -> int:
    """Return the highest number among IDs, 0 where there is none."""
    found = 0
    for one in ids:
        # longer than any number of ours; thousands of digits are not even counted
        if not one.isdecimal() or len(one) > len(str(NUMBERS_END)):
            continue
        number = int(one)
        # greater ones were given while the sheet was unknown
        if number < NUMBERS_END:
            found = max(found, number)
    return found
