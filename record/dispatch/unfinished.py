"""Rows of «Заявки» that are no orders yet: staff find them in the panel by these. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from record.dispatch.listing import needles
from record.values import Cell, as_shown
from record.values.comparing import normal

MOST = 200  # rows; of more only these are shown
LONGEST = 300  # characters of a cell
SHOWN = ("Имя", "Телефон", "Категория", "Проблема", "Адрес", "Комментарий")


@dataclass(frozen=True)
class Unfinished:
    """A row that has no number: where it stands, what is in it, what «Проверка» says."""

    position: int
    cells: Mapping[str, str]
    says: str

    @property
    def gist(self) -> str:
        """What is wanted there, as far as it was typed."""
        return self.cells.get("Проблема", "") or self.cells.get("Категория", "")

    def has(self, typed: str) -> bool:
        """Return whether all that is typed is found in the row."""
        texts = (*self.cells.values(), self.says)
        words = " ".join(normal(text) for text in texts)
        digits = "".join(filter(str.isdigit, self.cells.get("Телефон", "")))
        sought = f"{words} {digits} "
        return all(needle in sought for needle in needles(typed))


def unfinished(position: int, named: Mapping[str, Cell], says: str) -> Unfinished:
    """Return what staff are shown of such a row."""
    cells = {}
    for column in SHOWN:
        shown = as_shown(named.get(column, ""))[:LONGEST].strip()
        if shown:
            cells[column] = shown
    return Unfinished(position, cells, says)


def read_unfinished(kept: list[dict[str, Any]]) -> list[Unfinished]:
    """Return the rows that a store keeps as JSON."""
    return [Unfinished(**one) for one in kept]


def kept_unfinished(rows: list[Unfinished]) -> list[dict[str, Any]]:
    """Return the rows as a store keeps them."""
    return [asdict(row) for row in rows[:MOST]]
