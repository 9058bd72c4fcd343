"""Spreadsheets as documents.

One for everything but cells, and one for each block of rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.documents import Documents
from sandbox.sheets.cells import EMPTY, Cell, Formula, Json, Row
from sandbox.sheets.grid import Sheet
from sandbox.sheets.spreadsheet import Spreadsheet

BLOCK = 500
_BOOK, _ROWS = "sheets/book/", "sheets/rows/"


def save(documents: Documents, old: Spreadsheet | None, new: Spreadsheet) -> None:
    """Mark what differs from `old` to be written.

    Unchanged rows are the same objects, so comparing is cheap.
    """
    if not documents.keeps:
        return
    documents.put(_BOOK + new.id, lambda: _book_json(new))
    old_rows = {sheet.id: sheet.rows for sheet in old.sheets} if old else {}
    for sheet in new.sheets:
        _save_rows(documents, new.id, sheet, old_rows.pop(sheet.id, []))
    for sheet_id, rows in old_rows.items():
        _forget_rows(documents, new.id, sheet_id, 0, len(rows))


def forget(documents: Documents, book: Spreadsheet) -> None:
    """Delete a spreadsheet's documents."""
    documents.delete(_BOOK + book.id)
    for sheet in book.sheets:
        _forget_rows(documents, book.id, sheet.id, 0, len(sheet.rows))


def load(documents: Documents) -> dict[str, Spreadsheet]:
    """Every stored spreadsheet."""
    rows = documents.get_all(_ROWS)
    books = {}
    for body in documents.get_all(_BOOK).values():
        book = _book(body)
        for sheet in book.sheets:
            prefix = _key(book.id, sheet.id, 0)[:-6]
            blocks = sorted(key for key in rows if key.startswith(prefix))
            sheet.rows = [_row(cells) for key in blocks for cells in rows[key]]
        books[book.id] = book
    return books


def _save_rows(
    documents: Documents, book_id: str, sheet: Sheet, old: Sequence[Row]
) -> None:
    new = sheet.rows
    for start in range(0, len(new), BLOCK):
        block = new[start : start + BLOCK]
        if block != old[start : start + BLOCK]:
            documents.put(_key(book_id, sheet.id, start), _serialiser(block))
    _forget_rows(documents, book_id, sheet.id, -(-len(new) // BLOCK) * BLOCK, len(old))


def _forget_rows(
    documents: Documents, book_id: str, sheet_id: int, start: int, end: int
) -> None:
    for first in range(start, end, BLOCK):
        documents.delete(_key(book_id, sheet_id, first))


def _serialiser(block: Sequence[Row]) -> Callable[[], list[Any]]:
    return lambda: [[_cell_json(cell) for cell in row.cells] for row in block]


def _key(book_id: str, sheet_id: int, start: int) -> str:
    return f"{_ROWS}{book_id}/{sheet_id}/{start // BLOCK:06d}"


def _cell_json(cell: Cell) -> Any:
    bare = cell[1:] == (None, None, None, None)
    if bare and not isinstance(cell.value, Formula):
        return cell.value
    value = (
        {"f": str(cell.value)} if isinstance(cell.value, Formula) else {"v": cell.value}
    )
    return (
        value if bare else [value, cell.format, cell.note, cell.validation, cell.runs]
    )


def _row(cells: Sequence[Any]) -> Row:
    return Row([_cell(body) for body in cells]) if cells else EMPTY


def _cell(body: Any) -> Cell:
    if isinstance(body, dict):
        return Cell(Formula(body["f"]) if "f" in body else body["v"])
    if isinstance(body, list):
        return Cell(_cell(body[0]).value, *body[1:])
    return Cell(body)


def _book_json(book: Spreadsheet) -> Json:
    return {
        "id": book.id,
        "properties": book.properties,
        "owner": book.owner,
        "created": book.created,
        "modified": book.modified,
        "permissions": book.permissions,
        "trashed": book.trashed,
        "namedRanges": book.named_ranges,
        "metadata": book.metadata,
        "sheets": [_sheet_json(sheet) for sheet in book.sheets],
    }


def _sheet_json(sheet: Sheet) -> Json:
    return {
        "properties": sheet.properties,
        "decorations": sheet.decorations,
        "basicFilter": sheet.basic_filter,
        "rows": {str(index): value for index, value in sheet.row_properties.items()},
        "columns": {
            str(index): value for index, value in sheet.column_properties.items()
        },
    }


def _book(body: Json) -> Spreadsheet:
    book = Spreadsheet(body["id"], body["properties"], body["owner"], body["created"])
    book.modified = body["modified"]
    book.permissions = body["permissions"]
    book.trashed = body.get("trashed", False)
    book.named_ranges = body["namedRanges"]
    book.metadata = body.get("metadata", [])
    for part in body["sheets"]:
        sheet = Sheet(part["properties"])
        sheet.decorations |= part["decorations"]
        sheet.basic_filter = part["basicFilter"]
        sheet.row_properties = {
            int(index): value for index, value in part["rows"].items()
        }
        sheet.column_properties = {
            int(index): value for index, value in part["columns"].items()
        }
        book.sheets.append(sheet)
    return book
