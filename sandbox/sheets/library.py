"""All spreadsheets.

Published copies are read without a lock, writes go through a draft and one lock.
"""

import contextlib
import datetime as dt
import secrets
import sys
import threading
from collections.abc import Callable, Iterator

from sandbox.documents import Documents
from sandbox.sheets import persistence
from sandbox.sheets.cells import Json
from sandbox.sheets.colors import SPREADSHEET_THEME
from sandbox.sheets.errors import ApiError
from sandbox.sheets.resource import DEFAULT_FORMAT
from sandbox.sheets.spreadsheet import Spreadsheet

DEMO_ID = "naryad-demo"
# who owns the demo spreadsheet and makes the edits of before_write
PERSON = "owner@sandbox.invalid"
Edit = Callable[[Spreadsheet], None]


class Library:
    """Spreadsheets by id. A write that raises leaves nothing changed."""

    def __init__(self, documents: Documents) -> None:
        """Load what was kept, and make sure the demo spreadsheet exists."""
        self._documents = documents
        self._books = persistence.load(documents)
        for book in self._books.values():
            book.published = True
        self._lock = threading.RLock()
        self._edits: dict[str, list[Edit]] = {}
        self.failed_edits: list[str] = []
        if DEMO_ID not in self._books:
            self._add_demo()

    def reset(self) -> None:
        """Only the demo spreadsheet, empty."""
        with self._lock:
            for book in self._books.values():
                persistence.forget(self._documents, book)
            self._books = {}
            self._edits.clear()
            self.failed_edits.clear()
            self._add_demo()

    def all(self) -> list[Spreadsheet]:
        """Every spreadsheet."""
        return list(self._books.values())

    def find(self, book_id: str) -> Spreadsheet | None:
        """The published spreadsheet, which nobody changes."""
        return self._books.get(book_id)

    def get(self, book_id: str) -> Spreadsheet:
        """The published spreadsheet, or 404."""
        book = self._books.get(book_id)
        if book is None:
            raise ApiError(404)
        return book

    @contextlib.contextmanager
    def write(self, book_id: str, user: str) -> Iterator[Spreadsheet]:
        """A draft that is published when the block ends without an error.

        Waiting edits of people come first.
        """
        with self._lock:
            if user != PERSON:  # a person at the page is not «from outside»
                self._apply_edits(book_id)
            draft = self.get(book_id).draft()
            yield draft
            self._publish(draft)

    def create(
        self, title: str, owner: str, properties: Json | None = None
    ) -> Spreadsheet:
        """A new spreadsheet without tabs, not yet published."""
        complete = {
            "title": title,
            "locale": "en_US",
            "autoRecalc": "ON_CHANGE",
            "timeZone": "Etc/GMT",
            "defaultFormat": DEFAULT_FORMAT,
            "spreadsheetTheme": SPREADSHEET_THEME,
            **(properties or {}),
        }
        return Spreadsheet(secrets.token_urlsafe(33), complete, owner, now())

    def add(self, book: Spreadsheet) -> None:
        """Publish a new spreadsheet."""
        with self._lock:
            self._publish(book)

    def remove(self, book_id: str) -> None:
        """Delete a spreadsheet for good."""
        with self._lock:
            book = self._books.pop(book_id, None)
            if book is not None:
                persistence.forget(self._documents, book)

    def before_write(self, book_id: str, edit: Edit) -> None:
        """Let a person edit just before the next write from outside takes effect."""
        with self._lock:
            self.get(book_id)
            self._edits.setdefault(book_id, []).append(edit)

    def waiting_edits(self) -> dict[str, int]:
        """How many edits wait, by spreadsheet."""
        return {book_id: len(edits) for book_id, edits in self._edits.items() if edits}

    def _apply_edits(self, book_id: str) -> None:
        for edit in self._edits.pop(book_id, []):
            draft = self.get(book_id).draft()
            try:
                edit(draft)
            except ApiError as error:
                self.failed_edits.append(error.message)
                print(f"sandbox: before_write failed: {error.message}", file=sys.stderr)
            else:
                self._publish(draft)

    def _publish(self, book: Spreadsheet) -> None:
        book.modified = now()
        book.published = True
        old = self._books.get(book.id)
        self._books = {**self._books, book.id: book}
        persistence.save(self._documents, old, book)

    def _add_demo(self) -> None:
        properties = {"locale": "ru_RU", "timeZone": "Europe/Kaliningrad"}
        book = self.create("Наряд — демо", PERSON, properties)
        book.id = DEMO_ID
        book.add_sheet({"sheetId": 0, "title": "Лист1"})
        self.add(book)


def now() -> str:
    """The time as Drive writes it."""
    moment = dt.datetime.now(dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
