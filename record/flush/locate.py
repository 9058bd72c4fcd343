"""Finds the rows that writes are for, just before they are written; with one read, or
none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from record.grid.layout import find_columns
from record.grid.plan import Page
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.sheet import Sheet, absolute_range_name
from record.store import Store
from record.store.facts import HEADERS

ROWS_BY_RANGE = 40


class Looker:
    """Looks on behalf of one flusher; remembers where columns stood, to spare a read
    where only rows are added.
    """

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet
        self._layouts: dict[str, Page] = {}
        self._headers: dict[str, list[str]] = {}

    def forget(self) -> None:
        """Read the headers anew next time, since something was not as expected."""
        self._layouts = {}

    def look(self, writes: list[Write]) -> dict[str, Page]:
        """Return the worksheets as far as these writes need them; one read, or none
        where columns are remembered.
        """
        self._forget_moved()
        titles = list(dict.fromkeys(write.title for write in writes))
        ranges: dict[str, list[int] | None] = {
            title: self._needed(title, writes) for title in titles
        }
        wanted = [
            title
            for title in titles
            if ranges[title] != [] or title not in self._layouts
        ]
        pages = {
            title: replace(self._layouts[title], rows={})
            for title in titles
            if title not in wanted
        }
        pages |= (
            self._read_pages({title: ranges[title] for title in wanted})
            if wanted
            else {}
        )
        self._learn_keys(pages, writes)
        if lost := [
            title for title in wanted if self._lost(pages[title], title, writes)
        ]:
            pages |= self._read_pages(dict.fromkeys(lost))
            self._learn_keys(pages, writes)
        for title, page in pages.items():
            self._layouts[title] = Page(page.layout, {})
        return pages

    def _learn_keys(self, pages: Mapping[str, Page], writes: Iterable[Write]) -> None:
        """Let orders be known by their keys too: an ID that was lost is put back by the
        next poll, not by us.
        """
        if ORDERS not in pages:
            return
        subjects = {write.subject for write in writes if write.title == ORDERS}
        with self._store.reading() as tx:
            pages[ORDERS].keys = {
                key: one.order.key for key, one in tx.orders.stored(subjects).items()
            }

    def read_whole(self, titles: Iterable[str]) -> dict[str, Page]:
        """Return worksheets as they stand; one read, none for no worksheet."""
        wanted = dict.fromkeys(sorted(titles))
        return self._read_pages(wanted) if wanted else {}

    def _forget_moved(self) -> None:
        """Read the headers anew when a poll has seen them otherwise meanwhile: a person
        has moved columns.
        """
        with self._store.reading() as tx:
            headers = tx.facts.get(HEADERS) or {}
        if headers != self._headers:
            self._headers = headers
            self.forget()

    def _needed(self, title: str, writes: list[Write]) -> list[int] | None:
        """Return the rows to read by their last known numbers, or None where the whole
        worksheet is needed.
        """
        mine = [write for write in writes if write.title == title]
        appended = {write.subject for write in mine if write.kind == "append"}
        if any(
            write.kind == "adopt"
            or (write.kind == "append" and write.state == "unclear")
            for write in mine
        ):
            return None
        subjects = {write.subject for write in mine} - appended
        with self._store.reading() as tx:
            if title == ORDERS:
                places = {
                    key: stored.position
                    for key, stored in tx.orders.stored(subjects).items()
                }
            else:
                places = {
                    key: place
                    for key, (place, _) in tx.masters.rows().items()
                    if key in subjects
                }
        if len(places) < len(subjects) or len(places) > ROWS_BY_RANGE:
            return None
        return sorted(places.values())

    def _read_pages(self, wanted: Mapping[str, list[int] | None]) -> dict[str, Page]:
        ranges: list[str] = []
        for title, rows in wanted.items():
            ranges += (
                [absolute_range_name(title)]
                if rows is None
                else [absolute_range_name(title, f"{n}:{n}") for n in (1, *rows)]
            )
        answers = iter(self._sheet.read_ranges(ranges))
        pages: dict[str, Page] = {}
        for title, rows in wanted.items():
            if rows is None:
                pages[title] = Page.of(title, next(answers))
            else:
                header = next(answers)
                layout = find_columns(title, header[0] if header else [])
                found = {number: (next(answers) or [[]])[0] for number in rows}
                pages[title] = Page(layout, found)
        return pages

    def _lost(self, page: Page, title: str, writes: list[Write]) -> bool:
        """Say whether a row is not where it was last seen, so that the whole worksheet
        has to be looked through.
        """
        if page.whole:
            return False
        appended = {
            write.subject
            for write in writes
            if write.title == title and write.kind == "append"
        }
        sets = {
            write.subject
            for write in writes
            if write.title == title and write.kind == "set"
        } - appended
        return any(page.find(subject) is None for subject in sets)
