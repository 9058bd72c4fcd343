"""Prepares the spreadsheet: worksheets, headers, drop-downs, formats. Repeatable; destroys nothing."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from record.errors import SheetBroken
from record.layout import Layout, Values, find_columns
from record.sheet import Sheet, cell_data, letters, quoted
from record.values import Cell, Status
from record.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES, STATISTICS, WORKSHEETS, normal

FIRST = Path(__file__).parent / "first"
ROWS = {ORDERS: 1000, MASTERS: 100, STATISTICS: 200, SERVICES: 200, QUESTIONS: 200}
DATE_TIME, DAY, MONEY, PERCENT = "dd.mm.yyyy hh:mm", "dd.mm.yyyy", '#,##0.## "₽"', "0.##"
FORMATS: dict[str, dict[str, tuple[str, str]]] = {
    ORDERS: {
        "Дата": ("DATE_TIME", DATE_TIME),
        "Дата выполнения": ("DATE_TIME", DATE_TIME),
        "Оповещены": ("DATE_TIME", DATE_TIME),
        "Цена": ("NUMBER", MONEY),
        "Комиссия": ("NUMBER", MONEY),
        "Телефон": ("TEXT", "@"),
    },
    MASTERS: {
        "Дата регистрации": ("DATE", DAY),
        "Комиссия, %": ("NUMBER", PERCENT),
        "Заработок": ("NUMBER", MONEY),
        "Комиссия": ("NUMBER", MONEY),
        "Телефон": ("TEXT", "@"),
    },
    SERVICES: {"Цена": ("NUMBER", MONEY)},
}


@dataclass
class Prepared:
    """What `init` did: worksheets it made, columns it added."""

    made: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def prepare(sheet: Sheet) -> Prepared:
    """Make what is missing in the spreadsheet in at most three write requests.

    Raises:
        SheetError: see :mod:`record.errors`.
    """
    done = Prepared()
    there = {one["properties"]["title"] for one in sheet.describe().get("sheets", [])}
    missing = [title for title in WORKSHEETS if title not in there]
    if missing:
        sheet.batch_update([_add_sheet(title) for title in missing])
        sheet.forget_ids()
        done.made = missing
    titles = list(WORKSHEETS)
    values = dict(zip(titles, sheet.read_ranges([quoted(title, "1:1") for title in titles]), strict=True))
    changes: list[dict[str, Any]] = []
    layouts: dict[str, Layout] = {}
    for title in titles:
        layouts[title], added = _headers(sheet, title, values[title])
        changes += added
        done.added += [] if title in missing else [f"«{title}»: {len(added)}"] * bool(added)
    changes += [change for title in missing for change in _content(sheet, layouts[title])]
    changes += [change for layout in layouts.values() for change in _look(sheet, layout)]
    sheet.batch_update(changes)
    return done


def _add_sheet(title: str) -> dict[str, Any]:
    grid = {"rowCount": ROWS[title], "columnCount": max(len(WORKSHEETS[title].columns) + 2, 8)}
    return {"addSheet": {"properties": {"title": title, "gridProperties": grid | {"frozenRowCount": 1}}}}


def _headers(sheet: Sheet, title: str, values: Values) -> tuple[Layout, list[dict[str, Any]]]:
    """Return the layout once missing columns stand at the right, and the requests that put them there."""
    headers = [str(cell) for cell in (values[0] if values else [])]
    known = {normal(header) for header in headers}
    absent = [column for column in WORKSHEETS[title].columns if normal(column) not in known]
    if len({normal(h) for h in headers if h.strip()}) < len([h for h in headers if h.strip()]):
        find_columns(title, headers)  # says which header is doubled, if it is one of ours
    layout = find_columns(title, [*headers, *absent])
    if not absent:
        return layout, []
    start = {"sheetId": sheet.sheet_id(title), "rowIndex": 0, "columnIndex": len(headers)}
    row = {"values": [cell_data(column) for column in absent]}
    changes: list[dict[str, Any]] = []
    if headers:
        grow = {"sheetId": sheet.sheet_id(title), "dimension": "COLUMNS", "length": len(absent)}
        changes.append({"appendDimension": grow})
    return layout, [*changes, {"updateCells": {"rows": [row], "fields": "userEnteredValue", "start": start}}]


def _content(sheet: Sheet, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield the rows that a worksheet begins with, when it has just been made."""
    name = {SERVICES: "services.csv", QUESTIONS: "questions.csv"}.get(layout.sheet.title)
    if name is None:
        return
    with (FIRST / name).open(encoding="utf-8", newline="") as file:
        rows = [_row(layout, record) for record in csv.DictReader(file)]
    start = {"sheetId": sheet.sheet_id(layout.sheet.title), "rowIndex": 1, "columnIndex": 0}
    yield {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": start}}


def _row(layout: Layout, record: dict[str, str]) -> dict[str, Any]:
    cells: dict[str, Cell] = {**record}
    if "Цена" in cells:
        cells |= {"Цена": float(record["Цена"]), "Показывать": True}
    named = dict(layout.spread(cells))
    return {"values": [cell_data(named.get(place, "")) for place in range(len(layout.headers))]}


def _look(sheet: Sheet, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield frozen headers, formats and drop-downs."""
    title = layout.sheet.title
    sheet_id = sheet.sheet_id(title)
    frozen = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": 1}}
    yield {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}}
    header = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1}
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}, "wrapStrategy": "WRAP"}}
    fields = "userEnteredFormat.textFormat.bold,userEnteredFormat.wrapStrategy"
    yield {"repeatCell": {"range": header, "cell": bold, "fields": fields}}
    for column, (kind, pattern) in FORMATS.get(title, {}).items():
        cell = {"userEnteredFormat": {"numberFormat": {"type": kind, "pattern": pattern}}}
        where = _column(sheet_id, layout, column)
        yield {"repeatCell": {"range": where, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
    if title == ORDERS:
        yield _choice(_column(sheet_id, layout, "Статус"), "ONE_OF_LIST", [status.value for status in Status])
        names = layout_of_masters()
        yield _choice(_column(sheet_id, layout, "Мастер"), "ONE_OF_RANGE", [f"={quoted(MASTERS, names)}"])


def layout_of_masters() -> str:
    """Return the cells that hold the masters' names when `init` has laid the columns."""
    letter = letters(WORKSHEETS[MASTERS].index("Имя"))
    return f"${letter}$2:${letter}"


def _column(sheet_id: int, layout: Layout, column: str) -> dict[str, int]:
    place = layout.place(column)
    if place is None:
        raise SheetBroken(f"Лист «{layout.sheet.title}»: нет столбца «{column}»")
    return {"sheetId": sheet_id, "startRowIndex": 1, "startColumnIndex": place, "endColumnIndex": place + 1}


def _choice(where: dict[str, int], kind: str, values: list[str]) -> dict[str, Any]:
    """Return a drop-down that advises and does not forbid: what is typed otherwise is explained in «Проверка»."""
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    rule = {"condition": condition, "showCustomUi": True, "strict": False}
    return {"setDataValidation": {"range": where, "rule": rule}}
