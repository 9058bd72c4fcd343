"""Staff at the sheet: each edit is made in the spreadsheet and noted on paper, and the last one can be undone."""

from collections.abc import Callable
from typing import Any

from record.values import Cell
from tests.harness.book import NOTE, Book, Line, Page, delete, insert, move, put, put_row, sort
from tests.stateful.model import Paper

SOME_COLUMNS = 4


class Staff:
    """People who edit «Заявки» with keyboard and mouse."""

    def __init__(self, book: Book, paper: Paper) -> None:
        self._book = book
        self._paper = paper
        self._undo: Callable[[], None] | None = None
        self._notes = 0
        self._own_columns = 0

    def pick(self, which: int) -> tuple[Page, Line] | None:
        """Return one of the rows that are not blank, and the page it stands on."""
        page = self._book.page()
        lines = [line for line in page.lines() if line.name]
        return (page, lines[which % len(lines)]) if lines else None

    # Keyboard

    def begin_row(self, **cells: str) -> None:
        """Begin a new row below all others with some cells, and with a note that tells it from others."""
        page = self._book.page()
        number, name = len(page.raw) + 2, self._new_note()
        self._book.change(put(number, page.place(NOTE), name))
        for column, value in cells.items():
            self._paper.type(name, column, self._book.type(number, page.place(column), value))
        self._undo = None

    def type(self, which: int, column: str, value: str) -> None:
        """Type over a cell of some row; an empty value clears it."""
        if picked := self.pick(which):
            page, line = picked
            before = line.cell(column)
            held = self._book.type(line.number, page.place(column), value)
            self._paper.type(line.name, column, held)
            self._undo = lambda: self._put(line.name, column, before)

    def _put(self, name: str, column: str, value: Cell) -> None:
        page = self._book.page()
        for line in page.lines():
            if line.name == name:
                self._book.change(put(line.number, page.place(column), value))
                self._paper.type(name, column, value)

    # With the mouse, rows

    def sort(self, column: str, order: str) -> None:
        """Sort all rows by a column."""
        self._book.change(sort(self._book.page().place(column), order))
        self._undo = None

    def insert_row(self, where: int) -> None:
        """Insert a blank row somewhere."""
        rows = len(self._book.page().raw)
        self._book.change(insert("ROWS", 1 + where % (rows + 1)))
        self._undo = None

    def delete_row(self, which: int) -> None:
        """Delete a row; undone, it is back as it was."""
        if picked := self.pick(which):
            _, line = picked
            self._book.change(delete("ROWS", line.number - 1))
            self._paper.delete(line.name)
            self._undo = lambda: self._restore(line)

    def _restore(self, line: Line) -> None:
        now = self._book.page()
        number = min(line.number, len(now.raw) + 2)
        self._book.change(insert("ROWS", number - 1), put_row(number, [line.cell(header) for header in now.headers]))
        self._paper.restore(line.name)

    def move_row(self, which: int, where: int) -> None:
        """Move a row to another place."""
        if picked := self.pick(which):
            page, line = picked
            self._book.change(move("ROWS", line.number - 1, 1 + where % (len(page.raw) + 1)))
            self._undo = None

    def copy_row(self, which: int, where: int) -> None:
        """Paste a copy of a row somewhere, with a note of its own."""
        if picked := self.pick(which):
            page, line = picked
            noted = line.cells | {NOTE: line.cell(NOTE) or self._new_note()}
            if noted != line.cells:
                self._book.change(put(line.number, page.place(NOTE), noted[NOTE]))
                self._paper.rename(line.name, str(noted[NOTE]))
            name, at = self._new_note(), 1 + where % (len(page.raw) + 1)
            pasted = [name if header == NOTE else line.cell(header) for header in page.headers]
            self._book.change(insert("ROWS", at), put_row(at + 1, pasted))
            self._paper.copy(Line(line.number, noted), name)
            self._undo = None

    # With the mouse, columns

    def insert_column(self, where: int) -> None:
        """Insert an own column, with a header or without."""
        if self._own_columns < SOME_COLUMNS:
            at = where % len(self._book.page().headers)
            header = f"Своё {self._own_columns}" if self._own_columns % 2 else ""
            self._own_columns += 1
            self._book.change(insert("COLUMNS", at), put(1, at, header))
            self._paper.blur()
            self._undo = None

    def move_column(self, which: int, where: int) -> None:
        """Move a column to another place; undone, it goes back."""
        width = len(self._book.page().headers)
        source, to = which % width, where % (width + 1)
        if to not in (source, source + 1):
            self._book.change(move("COLUMNS", source, to))
            self._paper.blur()
            back = (to - 1, source) if to > source else (to, source + 1)
            self._undo = lambda: self._book.change(move("COLUMNS", *back))

    def undo(self) -> None:
        """Undo the last edit, once."""
        if self._undo:
            self._undo()
            self._undo = None

    # At the worst moment

    def meanwhile(self, what: str, which: int, where: int) -> dict[str, Any] | None:
        """Return what another person will do just before the system's next write."""
        picked = self.pick(which)
        if picked is None:
            return None
        page, line = picked
        index, at = line.number - 1, 1 + where % (len(page.raw) + 1)
        edits = {
            "insert a row": insert("ROWS", at),
            "delete a row": delete("ROWS", index),
            "move a row": move("ROWS", index, at),
            "sort": sort(page.place("Имя"), "DESCENDING" if where % 2 else "ASCENDING"),
            "insert a column": insert("COLUMNS", where % len(page.headers)),
        }
        self._undo = None
        if what == "delete a row":
            self._paper.delete(line.name)
        if what == "insert a column":
            self._paper.blur()
        return edits[what]

    def _new_note(self) -> str:
        self._notes += 1
        return f"заметка {self._notes}"
