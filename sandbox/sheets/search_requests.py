"""Find and replace:
https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request#FindReplaceRequest.
"""

import re
from typing import NamedTuple

from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Cell, Formula, Json
from sandbox.sheets.errors import invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.protection import whole
from sandbox.sheets.rendered import shown
from sandbox.sheets.request import Batch, Handler
from sandbox.sheets.values import enter


class Search(NamedTuple):
    """What is looked for and what takes its place."""

    pattern: re.Pattern[str]
    replacement: str
    whole_cell: bool
    formulas: bool

    def replaced(self, text: str) -> tuple[str, int]:
        """The text after replacing, and how often."""
        if self.whole_cell:
            match = self.pattern.fullmatch(text)
            return (match.expand(self.replacement), 1) if match else (text, 0)
        return self.pattern.subn(self.replacement, text)


class Tally:
    """What a replacement changed."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.values = self.formulas = self.occurrences = 0
        self.rows: set[tuple[int, int]] = set()

    def reply(self) -> Json:
        """FindReplaceResponse, zeros left out."""
        counts = {
            "valuesChanged": self.values,
            "formulasChanged": self.formulas,
            "rowsChanged": len(self.rows),
            "sheetsChanged": len({sheet for sheet, _ in self.rows}),
            "occurrencesChanged": self.occurrences,
        }
        return {"findReplace": {name: count for name, count in counts.items() if count}}


def _find_replace(batch: Batch, body: Json) -> Json:
    search = _search(body)
    tally = Tally()
    for sheet, box in _places(batch, body):
        for row in range(box.r0, min(box.r1, len(sheet.rows))):
            if sheet.rows[row].mask:
                line = Box(row, box.c0, row + 1, box.c1)
                _replace_in_row(batch, sheet, line, search, tally)
    return tally.reply()


def _search(body: Json) -> Search:
    find = body.get("find")
    if not find:
        raise invalid("Must specify a non-empty string to find.")
    by_regex = body.get("searchByRegex")
    try:
        pattern = re.compile(
            find if by_regex else re.escape(find),
            0 if body.get("matchCase") else re.IGNORECASE,
        )
    except re.error as error:
        raise invalid(f"Invalid regular expression: {find}") from error
    replacement = body.get("replacement", "").replace("\\", "\\\\")
    if by_regex:
        replacement = re.sub(r"\$(\d)", r"\\g<\1>", replacement)
    return Search(
        pattern,
        replacement,
        bool(body.get("matchEntireCell")),
        bool(body.get("includeFormulas")),
    )


def _places(batch: Batch, body: Json) -> list[tuple[Sheet, Box]]:
    if "range" in body:
        return [batch.book.grid_box(body["range"])]
    if "sheetId" in body:
        sheet = batch.book.sheet(body["sheetId"])
        return [(sheet, whole(sheet))]
    if body.get("allSheets"):
        return [(sheet, whole(sheet)) for sheet in batch.book.sheets]
    raise invalid("Must specify one of: range, sheetId, allSheets.")


def _replace_in_row(
    batch: Batch, sheet: Sheet, line: Box, search: Search, tally: Tally
) -> None:
    row = line.r0
    cells = sheet.rows[row].padded(0)
    changed = False
    for column in range(line.c0, min(line.c1, len(cells))):
        new, count = _replaced(batch, cells[column], search)
        if not count:
            continue
        batch.guard(sheet, Box(row, column, row + 1, column + 1))
        if isinstance(cells[column].value, Formula):
            tally.formulas += 1
        else:
            tally.values += 1
        tally.occurrences += count
        tally.rows.add((sheet.id, row))
        cells[column] = new
        changed = True
    if changed:
        sheet.put_row(row, cells)


def _replaced(batch: Batch, cell: Cell, search: Search) -> tuple[Cell, int]:
    if cell.value is None or (isinstance(cell.value, Formula) and not search.formulas):
        return cell, 0
    text, count = search.replaced(shown(cell, batch.book.locale))
    return (
        (enter(cell, text, batch.book.locale, batch.book.today()), count)
        if count
        else (cell, 0)
    )


HANDLERS: dict[str, Handler] = {"findReplace": _find_replace}
