"""How ranges of decorations follow rows and columns that come, go or move."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_EDGES = {
    "ROWS": ("startRowIndex", "endRowIndex"),
    "COLUMNS": ("startColumnIndex", "endColumnIndex"),
}


@dataclass(frozen=True)
class Insert:
    """`count` new rows or columns before `at`."""

    dimension: str
    at: int
    count: int

    def interval(
        self, start: int | None, end: int | None
    ) -> tuple[int | None, int | None] | None:
        """Where an interval, open ends None, comes to lie."""
        # what begins where rows are inserted moves away, what ends there does not grow
        if start is not None and start >= self.at:
            start += self.count
        if end is not None and end > self.at:
            end += self.count
        return start, end

    def place(self, index: int) -> int | None:
        """Where one row or column comes to lie."""
        return index + self.count if index >= self.at else index


@dataclass(frozen=True)
class Delete:
    """Rows or columns [start, end) are gone."""

    dimension: str
    start: int
    end: int

    def interval(
        self, start: int | None, end: int | None
    ) -> tuple[int | None, int | None] | None:
        """Where an interval comes to lie; None when nothing of it is left."""
        new_start = start if start is None else self._edge(start)
        new_end = end if end is None else self._edge(end)
        if new_start is not None and new_end is not None and new_start >= new_end:
            return None
        return new_start, new_end

    def place(self, index: int) -> int | None:
        """Where one row or column comes to lie; None when deleted."""
        return None if self.start <= index < self.end else self._edge(index)

    def _edge(self, edge: int) -> int:
        return edge - max(0, min(edge, self.end) - self.start)


@dataclass(frozen=True)
class Move:
    """Rows or columns [start, end) moved before the one that was at `to`."""

    dimension: str
    start: int
    end: int
    to: int

    def interval(
        self, start: int | None, end: int | None
    ) -> tuple[int | None, int | None] | None:
        """An interval inside the moved block travels.

        Any other closes the gap and opens for the block.
        """
        if (
            start is not None
            and end is not None
            and self.start <= start
            and end <= self.end
        ):
            offset = (self.place(start) or 0) - start
            return start + offset, end + offset
        count = self.end - self.start
        landing = self.to if self.to <= self.start else self.to - count
        without = Delete(self.dimension, self.start, self.end).interval(start, end)
        return without and Insert(self.dimension, landing, count).interval(*without)

    def place(self, index: int) -> int | None:
        """Where one row or column comes to lie."""
        count = self.end - self.start
        if self.start <= index < self.end:
            return (
                self.to + index - self.start - (0 if self.to <= self.start else count)
            )
        if self.to <= index < self.start:
            return index + count
        if self.end <= index < self.to:
            return index - count
        return index


Shift = Insert | Delete | Move


def shift_range(grid_range: Json, shift: Shift) -> Json | None:
    """A GridRange after the shift, None when all of it is gone."""
    first, last = _EDGES[shift.dimension]
    if first not in grid_range and last not in grid_range:
        return grid_range
    moved = shift.interval(grid_range.get(first), grid_range.get(last))
    if moved is None:
        return None
    new = {
        name: value for name, value in grid_range.items() if name not in (first, last)
    }
    new |= {
        name: value
        for name, value in zip((first, last), moved, strict=True)
        if value is not None
    }
    return new


def shift_all(items: list[Json], sheet_id: int, shift: Shift) -> list[Json]:
    """Decorations after the shift; those without any range left are dropped."""
    shifted = (_shift_item(item, sheet_id, shift) for item in items)
    return [item for item in shifted if item is not None]


def shift_keys(properties: dict[int, Json], shift: Shift) -> dict[int, Json]:
    """Per-row or per-column properties after the shift."""
    moved = ((shift.place(index), value) for index, value in properties.items())
    return {index: value for index, value in moved if index is not None}


def _shift_item(item: Json, sheet_id: int, shift: Shift) -> Json | None:
    if "ranges" in item:  # a conditional format
        ranges = [shift_range(part, shift) for part in item["ranges"]]
        kept = [part for part in ranges if part is not None]
        return {**item, "ranges": kept} if kept else None
    if "range" in item:  # protected range, banding, named range, filter
        if item["range"].get("sheetId", 0) != sheet_id:
            return item
        moved = shift_range(item["range"], shift)
        return None if moved is None else {**item, "range": moved}
    # a merge is a bare GridRange
    if item.keys() & {"startRowIndex", "startColumnIndex"}:
        return shift_range(item, shift)
    return item
