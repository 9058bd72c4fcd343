"""Puts a worksheet from a backup file back, into a new tab.

What stands in the spreadsheet is not touched. The new tab has another title, so a worker
that runs does not see it until a person renames it.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

from record.errors import NaryadError
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.sheet import Sheet
from record.values.comparing import normal
from worker.backup.backup import Wait, patiently
from worker.backup.file import BackupError, Copy, Tab
from worker.cell_requests import put_values, repeated, span
from worker.decor.columns import COLUMNS

CELLS = 20_000  # a request; Google advises some 2 MB
TITLE_LENGTH = 100
Json = dict[str, Any]


@dataclass(frozen=True)
class Restored:
    """What was put back.

    ``title``: the worksheet's, ``tab``: that of the new one, ``formulas``: the first of
    each column, ``stands``: the old worksheet is still there.
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
    """Put back a worksheet; without a title, those missing now, or else «Заявки».

    Raises:
        BackupError: the copy holds no such worksheet, or is of another spreadsheet.
        SheetError: Google refuses; a tab that was begun is removed again.
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
        formulas = _first_of_columns(tab.formulas)
        yield Restored(
            tab.title, title, len(tab.rows), formulas, stands=tab.title in there
        )


def _titles(sheet: Sheet) -> list[str]:
    described = sheet.describe("sheets.properties.title").get("sheets", [])
    return [str(one["properties"]["title"]) for one in described]


def _chosen(copy: Copy, wanted: str, there: list[str]) -> list[Tab]:
    # with its quotation marks, as it stands in messages
    name = normal(wanted.strip(" «»\"'"))
    if not name:
        lost = [tab for tab in copy.worksheets if tab.title not in there]
        if lost:
            return lost
        name = normal(ORDERS)
    found = [tab for tab in copy.worksheets if normal(tab.title) == name]
    if not found:
        held = ", ".join(f"«{tab.title}»" for tab in copy.worksheets)
        raise BackupError(
            f"В копии нет листа «{wanted.strip('«»') or ORDERS}». В ней есть: {held}"
        )
    return found


def _free(title: str, there: list[str]) -> str:
    """Return the title, as short as Google wants it, numbered where it is taken."""
    # to Google, titles that differ in case only are the same
    taken = {one.casefold() for one in there}
    number, ending = 1, ""
    while True:
        free = title[: TITLE_LENGTH - len(ending)] + ending
        if free.casefold() not in taken:
            return free
        number += 1
        ending = f" {number}"


def _put_back(sheet: Sheet, tab: Tab, title: str, wait: Wait) -> None:
    # an id of our own choice is known also where Google's answer is lost
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
    grid = {"rowCount": len(tab.rows) + 100, "columnCount": max(tab.width, 1)}
    if tab.frozen and tab.rows:
        grid["frozenRowCount"] = tab.frozen
    properties = {"title": title, "sheetId": sheet_id, "gridProperties": grid}
    sheet.batch_update([{"addSheet": {"properties": properties}}])


def _remove(sheet: Sheet, sheet_id: int, wait: Wait) -> None:
    """Leave no half of a worksheet behind, as far as Google lets us."""
    request = {"deleteSheet": {"sheetId": sheet_id}}
    with suppress(NaryadError):
        patiently(lambda: sheet.batch_update([request]), wait)


def _filling(tab: Tab, sheet_id: int) -> Iterator[list[Json]]:
    """Yield the requests that fill the tab, as much at a time as Google likes.

    Formats come first: a date without one would be shown as a number.
    """
    looks = []
    for column, number in enumerate(_formats(tab)):
        if number:
            looks.append(_look(number, column, sheet_id))
    if looks:
        yield looks
    step = max(1, CELLS // max(tab.width, 1))
    for start in range(0, len(tab.rows), step):
        yield [put_values(sheet_id, start, 0, tab.rows[start : start + step])]


def _formats(tab: Tab) -> Iterator[Json | None]:
    """Yield the number format of each column; ours have one also where the copy has not."""
    headers = [normal(cell) for cell in tab.rows[0]] if tab.rows else []
    ours = {}
    for name, column in COLUMNS.get(tab.title, {}).items():
        ours[normal(name)] = column.format.get("numberFormat")
    for header, copied in zip_longest(headers, tab.formats):
        yield copied or ours.get(header)


def _look(number: Json, column: int, sheet_id: int) -> Json:
    where = span(sheet_id, column, 1)
    return repeated(where, {"userEnteredFormat": {"numberFormat": number}})


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
