"""Puts a worksheet from a backup file back, into a new tab; what stands in the
spreadsheet is not touched.

The new tab has another title, so a worker that runs does not see it until a person
renames it.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from record.errors import NaryadError
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.sheet import Sheet, cell_data
from record.values.comparing import normal
from worker.backup.backup import patiently
from worker.backup.file import BackupError, Copy, Tab
from worker.decor.columns import COLUMNS

CELLS = 20_000  # a request; Google advises some 2 MB
TITLE_LENGTH = 100
Wait = Callable[[float], object]


@dataclass(frozen=True)
class Restored:
    """What was put back: the worksheet's title then, its new tab's, how many rows,
    whether the old one is there.
    """

    title: str
    tab: str
    rows: int
    formulas: dict[str, str]
    stands: bool


def restore(
    sheet: Sheet,
    copy: Copy,
    spreadsheet: str,
    wanted: str = "",
    wait: Wait = time.sleep,
) -> Iterator[Restored]:
    """Put back a worksheet, or without a title those that are missing now, and «Заявки»
    when none is.

    Raises:
        BackupError: the copy holds no such worksheet, or is of another spreadsheet.
        SheetError: Google refuses; a tab begun is removed again.
    """
    if copy.spreadsheet != spreadsheet:
        raise BackupError(
            f"Копия сделана с другой таблицы («{copy.title}», {copy.spreadsheet}). "
            "Если так и нужно, повторите команду с ключом --from-other"
        )
    there = patiently(lambda: _titles(sheet), wait)
    for tab in _chosen(copy, wanted, there):
        title = _free(f"{tab.title} (копия {copy.made[:10]})", there)
        there.append(title)
        _put_back(sheet, tab, title, wait)
        yield Restored(
            tab.title,
            title,
            len(tab.rows),
            _first_of_columns(tab.formulas),
            tab.title in there,
        )


def _titles(sheet: Sheet) -> list[str]:
    return [
        str(one["properties"]["title"])
        for one in sheet.describe("sheets.properties.title").get("sheets", [])
    ]


def _chosen(copy: Copy, wanted: str, there: list[str]) -> list[Tab]:
    name = normal(wanted.strip(" «»\"'")) if wanted else ""
    if not name and (
        lost := [tab for tab in copy.worksheets if tab.title not in there]
    ):
        return lost
    found = [
        tab for tab in copy.worksheets if normal(tab.title) == (name or normal(ORDERS))
    ]
    if not found:
        held = ", ".join(f"«{tab.title}»" for tab in copy.worksheets)
        raise BackupError(
            f"В копии нет листа «{wanted.strip('«»') or ORDERS}». В ней есть: {held}"
        )
    return found


def _free(title: str, there: list[str]) -> str:
    """Return the title, shortened to what Google allows and numbered where it is taken."""
    taken, number, ending = {one.casefold() for one in there}, 1, ""
    while (free := title[: TITLE_LENGTH - len(ending)] + ending).casefold() in taken:
        number += 1
        ending = f" {number}"
    return free


def _put_back(sheet: Sheet, tab: Tab, title: str, wait: Wait) -> None:
    sheet_id = secrets.randbelow(2**31 - 1) + 1
    try:
        patiently(lambda: _add(sheet, tab, title, sheet_id), wait)
        for requests in _filling(tab, sheet_id):
            patiently(partial(sheet.batch_update, requests), wait)
    except NaryadError:
        _remove(sheet, sheet_id, wait)
        raise


def _add(sheet: Sheet, tab: Tab, title: str, sheet_id: int) -> None:
    """Make the tab, unless an attempt whose answer was lost has made it."""
    if title in _titles(sheet):
        return
    grid: dict[str, int] = {
        "rowCount": len(tab.rows) + 100,
        "columnCount": max(tab.width, 1),
    }
    grid |= {"frozenRowCount": tab.frozen} if tab.frozen and tab.rows else {}
    sheet.batch_update(
        [
            {
                "addSheet": {
                    "properties": {
                        "title": title,
                        "sheetId": sheet_id,
                        "gridProperties": grid,
                    }
                }
            }
        ]
    )


def _remove(sheet: Sheet, sheet_id: int, wait: Wait) -> None:
    """Leave no half of a worksheet behind, as far as Google lets us."""
    try:
        patiently(
            lambda: sheet.batch_update([{"deleteSheet": {"sheetId": sheet_id}}]), wait
        )
    except NaryadError:
        return


def _filling(tab: Tab, sheet_id: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the requests that fill the tab: formats first, then values, as much at a
    time as Google likes.
    """
    looks = [
        _look(number, column, sheet_id)
        for column, number in enumerate(_formats(tab))
        if number
    ]
    if looks:
        yield looks
    step = max(1, CELLS // max(tab.width, 1))
    for start in range(0, len(tab.rows), step):
        rows = [
            {"values": [cell_data(value) for value in row]}
            for row in tab.rows[start : start + step]
        ]
        place = {"sheetId": sheet_id, "rowIndex": start, "columnIndex": 0}
        yield [
            {
                "updateCells": {
                    "rows": rows,
                    "fields": "userEnteredValue",
                    "start": place,
                }
            }
        ]


def _formats(tab: Tab) -> list[dict[str, Any] | None]:
    """Return the number formats by column; our own columns have one even where the copy
    knows none.
    """
    headers = [normal(cell) for cell in tab.rows[0]] if tab.rows else []
    known = {
        normal(name): column.format.get("numberFormat")
        for name, column in COLUMNS.get(tab.title, {}).items()
    }
    width = max(len(headers), len(tab.formats))
    copied = [*tab.formats, *[None] * width][:width]
    return [
        own or (known.get(headers[c]) if c < len(headers) else None)
        for c, own in enumerate(copied)
    ]


def _look(number: dict[str, Any], column: int, sheet_id: int) -> dict[str, Any]:
    place = {
        "sheetId": sheet_id,
        "startRowIndex": 1,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    cell = {"userEnteredFormat": {"numberFormat": number}}
    return {
        "repeatCell": {
            "range": place,
            "cell": cell,
            "fields": "userEnteredFormat.numberFormat",
        }
    }


def _first_of_columns(formulas: dict[str, str]) -> dict[str, str]:
    """Return the topmost formula of each column."""
    first: dict[str, str] = {}
    for cell, formula in formulas.items():
        first.setdefault(cell.rstrip("0123456789"), f"{cell}: {formula}")
    return first


def next_steps(done: Restored) -> Iterator[str]:
    """Yield what a person should do next, line by line."""
    yield f"Лист «{done.title}»: строк {done.rows}, они на новом листе «{done.tab}». Остальное не изменено."
    if done.formulas:
        yield f"  Вместо формул стоят их значения. Формулы были: {'; '.join(done.formulas.values())}"
    if not done.stands:
        yield f"  Дальше: проверьте новый лист и переименуйте его в «{done.title}»."
        if done.title in WORKSHEETS:
            yield "  Наряд сам его подхватит и никому не напишет второй раз."
            yield "  Потом выполните python -m worker init: вернутся списки, цвета и подсказки."
        return
    yield f"  Дальше: скопируйте из него в «{done.title}» недостающие строки целиком"
    if done.title in WORKSHEETS:
        yield "  (Правка → Специальная вставка → Только значения), вместе со столбцами ID и Ключ:"
        yield "  по ним Наряд узнаёт строки и никому не пишет второй раз."
    yield f"  Когда закончите, лист «{done.tab}» можно удалить."
