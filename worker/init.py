"""Prepares the spreadsheet: worksheets, headers, first content, decorations.
Repeatable; destroys nothing.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from record.errors import SheetBroken, SheetBusy, SheetDenied, SheetError
from record.grid.layout import Layout, Values, find_columns
from record.grid.worksheets import (
    MASTERS,
    ORDERS,
    QUESTIONS,
    SERVICES,
    STATISTICS,
    WORKSHEETS,
)
from record.sheet import Sheet, cell_data
from record.values import Cell
from record.values.comparing import normal
from worker.decor import Appearance, appearances, decorate

FIRST = Path(__file__).parent / "first"
ROWS = {ORDERS: 1000, MASTERS: 100, STATISTICS: 200, SERVICES: 200, QUESTIONS: 200}
Requests = list[dict[str, Any]]


@dataclass
class Prepared:
    """What `init` did: worksheets it made, columns it added, and why Google refused the
    decorations, if it did.
    """

    made: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    undecorated: str = ""


def prepare(sheet: Sheet) -> Prepared:
    """Make what is missing in the spreadsheet in at most three write requests; in none
    when nothing is missing.

    Raises:
        SheetError: see :mod:`record.errors`.
    """
    done = Prepared(made=_make_worksheets(sheet))
    values = sheet.read().values()
    layouts, needed = {}, {}
    for title, rows in values.items():
        layouts[title], needed[title] = _columns(title, rows[0] if rows else [], rows)
        if needed[title] and title not in done.made:
            done.added.append(f"«{title}»: {', '.join(needed[title])}")
    first = {title: _first_rows(layouts[title]) for title in done.made}
    filled = {
        title: (rows or [[]]) + first.get(title, []) for title, rows in values.items()
    }
    worksheets = appearances(sheet, layouts, filled)
    content: Requests = []
    for title, found in worksheets.items():
        content += _headers(found, needed[title])
        content += _put(found.sheet_id, 1, 0, first[title]) if first.get(title) else []
    _write(sheet, content, list(decorate(worksheets)), done)
    return done


def _make_worksheets(sheet: Sheet) -> list[str]:
    """Make the worksheets that are missing; return their titles."""
    there = {one["properties"]["title"] for one in sheet.describe().get("sheets", [])}
    missing = [title for title in WORKSHEETS if title not in there]
    if missing:
        sheet.batch_update([_add_sheet(title) for title in missing])
        sheet.forget_ids()
    return missing


def _add_sheet(title: str) -> dict[str, Any]:
    grid = {
        "rowCount": ROWS[title],
        "columnCount": max(len(WORKSHEETS[title].columns) + 2, 8),
    }
    return {
        "addSheet": {
            "properties": {
                "title": title,
                "gridProperties": grid | {"frozenRowCount": 1},
            }
        }
    }


def _columns(title: str, headers: list[Any], rows: Values) -> tuple[Layout, list[str]]:
    """Return the layout once missing columns stand at the right of all that is there,
    and the missing columns.

    Raises:
        SheetBroken: one of our headers stands twice.
    """
    known = {normal(header) for header in headers}
    absent = [
        column for column in WORKSHEETS[title].columns if normal(column) not in known
    ]
    width = max(map(len, rows)) if headers and absent else len(headers)
    return find_columns(
        title, [*headers, *[""] * (width - len(headers)), *absent]
    ), absent


def _headers(found: Appearance, absent: list[str]) -> Requests:
    """Return the requests that write missing headers, and make room for them where the
    grid ends.
    """
    if not absent:
        return []
    headers = found.layout.headers
    lacking = len(headers) - int(found.grid["columnCount"])
    grow = {"sheetId": found.sheet_id, "dimension": "COLUMNS", "length": lacking}
    room: Requests = [{"appendDimension": grow}] if lacking > 0 else []
    return room + _put(found.sheet_id, 0, len(headers) - len(absent), [list(absent)])


def _first_rows(layout: Layout) -> Values:
    """Return the rows that a worksheet begins with when it has just been made."""
    name = {SERVICES: "services.csv", QUESTIONS: "questions.csv"}.get(
        layout.sheet.title
    )
    if name is None:
        return []
    with (FIRST / name).open(encoding="utf-8", newline="") as file:
        return [_row(layout, record) for record in csv.DictReader(file)]


def _row(layout: Layout, record: dict[str, str]) -> list[Cell]:
    cells: dict[str, Cell] = {**record}
    if "Цена" in cells:
        cells |= {"Цена": float(record["Цена"]), "Показывать": True}
    named = dict(layout.spread(cells))
    return [named.get(place, "") for place in range(len(layout.headers))]


def _put(sheet_id: int, row: int, column: int, rows: Values) -> Requests:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    data = [{"values": [cell_data(value) for value in cells]} for cells in rows]
    return [
        {"updateCells": {"rows": data, "fields": "userEnteredValue", "start": start}}
    ]


def _write(sheet: Sheet, content: Requests, looks: Requests, done: Prepared) -> None:
    """Write content and decorations together; where Google refuses them, the content
    alone.

    Colours are not worth a company that can't begin to work: it is said why they are
    missing, and `init` can be run again.
    """
    if not content and not looks:
        return
    try:
        sheet.batch_update([*content, *looks])
    except (SheetBusy, SheetDenied, SheetBroken):
        raise
    except SheetError as error:
        if not looks:
            raise
        done.undecorated = str(error)
        if content:
            sheet.batch_update(content)
