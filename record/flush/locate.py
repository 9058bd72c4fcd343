"""Finds the rows that writes are for, just before they are written.

That takes one read, or none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from record.errors import SheetBroken
from record.grid.excerpt import Excerpt
from record.grid.layout import Layout, Values, find_columns
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.sheet import Sheet, absolute_range_name
from record.store import Store
from record.store.facts import FILLED_BELOW, FORMULAS_BELOW, HEADERS

# so many rows are read one by one; for more the whole worksheet is
ROWS_BY_RANGE = 40
# worksheets to read: the numbers of their rows, None for all rows
Wanted = Mapping[str, list[int] | None]


class Locator:
    """Looks on behalf of one flusher.

    It remembers where columns stood, to spare a read where only rows are added.
    """

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet
        self._layouts: dict[str, Layout] = {}
        self._headers: dict[str, list[str]] = {}

    def forget(self) -> None:
        """Read the headers again next time, since something was not as expected."""
        self._layouts = {}

    def locate(self, writes: list[Write]) -> dict[str, Excerpt]:
        """Return the worksheets as far as these writes need them."""
        self._forget_moved()
        below = self._filled_below()
        writes_to: dict[str, list[Write]] = {}
        for write in writes:
            writes_to.setdefault(write.title, []).append(write)
        excerpts: dict[str, Excerpt] = {}
        wanted: dict[str, list[int] | None] = {}
        for title, mine in writes_to.items():
            rows = self._needed(title, mine)
            adds = any(write.kind == "append" for write in mine)
            if adds and title in below:
                # where they belong only the rows themselves tell
                rows = None
            # only new rows: what stands in the sheet need not be known
            if rows == [] and title in self._layouts:
                excerpts[title] = Excerpt(self._layouts[title], {})
            else:
                wanted[title] = rows
        excerpts |= self._read(wanted)
        self._learn_keys(excerpts, writes_to)
        lost = [title for title in wanted if _lost(excerpts[title], writes_to[title])]
        if lost:
            excerpts |= self._read(dict.fromkeys(lost))
            self._learn_keys(excerpts, writes_to)
        for title, excerpt in excerpts.items():
            excerpt.filled_below = title in below
            self._layouts[title] = excerpt.layout
        return excerpts

    def read_whole(self, titles: Iterable[str]) -> dict[str, Excerpt]:
        """Return worksheets as they stand; one read, none for no worksheet."""
        return self._read(dict.fromkeys(sorted(titles)))

    def _filled_below(self) -> set[str]:
        with self._store.reading() as tx:
            read = tx.facts.get(FILLED_BELOW) or []
            formulas = tx.facts.get(FORMULAS_BELOW) or []
        return {*read, *formulas}

    def _learn_keys(
        self, excerpts: Mapping[str, Excerpt], writes_to: Mapping[str, list[Write]]
    ) -> None:
        """Let orders be known by their keys too."""
        if ORDERS not in excerpts:
            return
        subjects = {write.subject for write in writes_to[ORDERS]}
        # an ID that was lost is put back by the next poll, not by us
        with self._store.reading() as tx:
            stored = tx.orders.stored(subjects)
        excerpts[ORDERS].keys = {key: one.order.key for key, one in stored.items()}

    def _forget_moved(self) -> None:
        """Read the headers again where a poll has seen them otherwise meanwhile."""
        with self._store.reading() as tx:
            headers = tx.facts.get(HEADERS) or {}
        if headers != self._headers:
            self._headers = headers
            self.forget()

    def _needed(self, title: str, writes: list[Write]) -> list[int] | None:
        """Return the rows to read, by their last known numbers; None for all rows."""
        for write in writes:
            # it may stand anywhere: a row typed by hand, or one that has come after all
            maybe_added = write.kind == "append" and write.state == "unclear"
            if write.kind == "adopt" or maybe_added:
                return None
        subjects = _existing(writes)
        numbers = self._last_seen(title, subjects)
        if len(numbers) < len(subjects) or len(numbers) > ROWS_BY_RANGE:
            return None
        return sorted(numbers)

    def _last_seen(self, title: str, subjects: set[str]) -> list[int]:
        with self._store.reading() as tx:
            if title == ORDERS:
                stored = tx.orders.stored(subjects)
                return [one.position for one in stored.values()]
            masters = tx.masters.rows()
        known = subjects & masters.keys()
        return [masters[master_id][0] for master_id in known]

    def _read(self, wanted: Wanted) -> dict[str, Excerpt]:
        """Read worksheets with one request; none for no worksheet."""
        if not wanted:
            return {}
        ranges: list[str] = []
        for title, rows in wanted.items():
            if rows is None:
                ranges.append(absolute_range_name(title))
            else:
                ranges += [
                    absolute_range_name(title, f"{number}:{number}")
                    for number in (1, *rows)
                ]
        answers = iter(self._sheet.read_ranges(ranges))
        excerpts: dict[str, Excerpt] = {}
        for title, rows in wanted.items():
            if rows is None:
                excerpts[title] = Excerpt.of(title, next(answers))
                continue
            header = _only_row(next(answers))
            found = {number: _only_row(next(answers)) for number in rows}
            excerpts[title] = self._excerpt(title, header, found)
        return excerpts

    def _excerpt(
        self, title: str, header: list[Any], rows: dict[int, list[Any]]
    ) -> Excerpt:
        try:
            return Excerpt(find_columns(title, header), rows)
        except SheetBroken:
            # what has become of the headers only the rows below them tell
            (values,) = self._sheet.read_ranges([absolute_range_name(title)])
            return Excerpt.of(title, values)


def _only_row(values: Values) -> list[Any]:
    """Return the cells of a range of one row; Google gives none for a blank one."""
    if not values:
        return []
    return values[0]


def _existing(writes: list[Write]) -> set[str]:
    """Return the rows that writes to one worksheet expect to be there."""
    added = {write.subject for write in writes if write.kind == "append"}
    return {write.subject for write in writes} - added


def _lost(excerpt: Excerpt, writes: list[Write]) -> bool:
    """Return whether a row is not where it was last seen.

    The whole worksheet has to be looked through then.
    """
    if excerpt.whole:
        return False
    return any(excerpt.find(subject) is None for subject in _existing(writes))
