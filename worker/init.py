"""Prepares the spreadsheet: worksheets, headers, first rows, decorations.

It can be run again at any time: it adds what is missing and destroys nothing.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from record.errors import SheetBroken, SheetBusy, SheetDenied, SheetError
from record.grid.headers import (
    deeper,
    explained,
    lies_deeper,
    likely,
    places_of,
    unknown,
)
from record.grid.layout import Layout, Values, find_columns
from record.grid.tabs import renamed, told_renamed
from record.grid.worksheets import (
    MASTERS,
    ORDERS,
    QUESTIONS,
    SERVICES,
    STATISTICS,
    WORKSHEETS,
)
from record.sheet import Sheet
from record.values import Cell
from worker.cell_requests import put_values
from worker.decor import Appearance, appearances, decorate

FIRST = Path(__file__).parent / "first"
FILES = {SERVICES: "services.csv", QUESTIONS: "questions.csv"}
ROWS = {ORDERS: 1000, MASTERS: 100, STATISTICS: 200, SERVICES: 200, QUESTIONS: 200}
OR_ELSE = "Если это другой лист, создайте пустой лист «{}» сами и повторите python -m worker init"
OR_COLUMN = (
    "Если это другой столбец, впишите недостающий заголовок в свободный столбец сами"
)
Requests = list[dict[str, Any]]


@dataclass
class Prepared:
    """What `init` did.

    ``made``: worksheets, ``added``: columns by worksheet, ``undecorated``: why Google
    refused the decorations, "" where it did not.
    """

    made: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    undecorated: str = ""


def prepare(sheet: Sheet) -> Prepared:
    """Make what is missing in the spreadsheet, in at most three write requests.

    Nothing is written where nothing is missing.

    Raises:
        SheetError: see :mod:`record.errors`.
    """
    done = Prepared(made=_make_worksheets(sheet))
    values = sheet.read().values()
    layouts: dict[str, Layout] = {}
    absent: dict[str, list[str]] = {}
    for title, rows in values.items():
        layouts[title], absent[title] = _columns(title, rows)
        if absent[title] and title not in done.made:
            done.added.append(f"«{title}»: {', '.join(absent[title])}")
    first = {title: _first_rows(layouts[title]) for title in done.made}
    # checkboxes are put on what is about to be written, too
    filled = {}
    for title, rows in values.items():
        filled[title] = (rows or [[]]) + first.get(title, [])
    worksheets = appearances(sheet, layouts, filled)
    content: Requests = []
    for title, worksheet in worksheets.items():
        content += _headers(worksheet, absent[title])
        if first.get(title):
            content.append(put_values(worksheet.sheet_id, 1, 0, first[title]))
    _write(sheet, content, list(decorate(worksheets)), done)
    return done


def _make_worksheets(sheet: Sheet) -> list[str]:
    """Make the worksheets that are missing; return their titles.

    Raises:
        SheetBroken: one seems to be there under another name; an empty one beside it
            would be taken for it.
    """
    missing, others = sheet.tabs.look()
    if not missing:
        return []
    for title in missing:
        if other := renamed(title, others):
            raise SheetBroken(f"{told_renamed(title, other)}. {OR_ELSE.format(title)}")
    sheet.batch_update([_add_sheet(title) for title in missing])
    sheet.forget_ids()
    return missing


def _add_sheet(title: str) -> dict[str, Any]:
    grid = {
        "rowCount": ROWS[title],
        "columnCount": max(len(WORKSHEETS[title].columns) + 2, 8),
        "frozenRowCount": 1,
    }
    return {"addSheet": {"properties": {"title": title, "gridProperties": grid}}}


def _columns(title: str, rows: Values) -> tuple[Layout, list[str]]:
    """Return the layout that the worksheet gets, and the columns that it lacks.

    Missing columns are put at the right of all that is there.

    Raises:
        SheetBroken: one of our headers stands twice, in another row, or under a name
            that only a person can tell to be it.
    """
    headers = [str(header) for header in rows[0]] if rows else []
    places = places_of(title, headers)
    absent = [column for column, stands in places.items() if not stands]
    _refuse_second(title, headers, absent, rows)
    width = len(headers)
    if headers and absent:
        # a person may have filled columns without headers
        width = max(map(len, rows))
    gap = [""] * (width - len(headers))
    return find_columns(title, [*headers, *gap, *absent]), absent


def _refuse_second(
    title: str, headers: list[str], absent: list[str], rows: Values
) -> None:
    """Refuse to put a second, empty column beside one that only was renamed."""
    required = WORKSHEETS[title].required
    if required & set(absent) and (number := lies_deeper(title, rows[1:])):
        raise SheetBroken(deeper(title, number))
    own = unknown(title, headers)
    # of the others an empty one beside it does no harm
    needed = [column for column in absent if column in required]
    misnamed = [column for column in needed if likely(column, own)]
    if misnamed:
        said = explained(title, misnamed, [], headers)
        raise SheetBroken(f"{said}. {OR_COLUMN}")


def _headers(worksheet: Appearance, absent: list[str]) -> Requests:
    """Return the requests that write missing headers, with room where the grid ends."""
    if not absent:
        return []
    requests: Requests = []
    width = len(worksheet.layout.headers)
    lacking = width - int(worksheet.grid["columnCount"])
    if lacking > 0:
        grow = {"dimension": "COLUMNS", "length": lacking}
        requests.append({"appendDimension": {"sheetId": worksheet.sheet_id, **grow}})
    start = width - len(absent)
    requests.append(put_values(worksheet.sheet_id, 0, start, [absent]))
    return requests


def _first_rows(layout: Layout) -> Values:
    """Return the rows that a worksheet begins with when it has just been made."""
    file = FILES.get(layout.sheet.title)
    if file is None:
        return []
    with (FIRST / file).open(encoding="utf-8", newline="") as lines:
        return [_row(layout, record) for record in csv.DictReader(lines)]


def _row(layout: Layout, record: dict[str, str]) -> list[Cell]:
    cells: dict[str, Cell] = {**record}
    # of the two files only that of the services has prices
    if "Цена" in cells:
        cells["Цена"] = float(record["Цена"])
        cells["Показывать"] = True
    named = dict(layout.spread(cells))
    return [named.get(place, "") for place in range(len(layout.headers))]


def _write(sheet: Sheet, content: Requests, looks: Requests, done: Prepared) -> None:
    """Write content and looks together; where Google refuses that, the content alone.

    Colours are not worth a company that can't begin to work: why they are missing is
    told, and `init` can be run again.
    """
    if not content and not looks:
        return
    try:
        sheet.batch_update([*content, *looks])
    except (SheetBusy, SheetDenied, SheetBroken):
        # not a word of Google's about the looks: the content would fare no better
        raise
    except SheetError as error:
        if not looks:
            raise
        done.undecorated = str(error)
        if content:
            sheet.batch_update(content)
