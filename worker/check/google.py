"""The spreadsheet: it opens, it can be written to, it is of the right country, its
worksheets are whole.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

from record.errors import NaryadError, SheetDenied, SheetError, SheetProtected
from record.grid.layout import find_columns
from record.grid.worksheets import WORKSHEETS
from record.settings import Settings
from record.settings.together import GOOGLE_READS, too_often
from record.sheet import Sheet
from record.store import Store
from worker.check.finding import Finding, attempt, note, right, wrong
from worker.region import strange_locale, strange_zone

# for our share of Google's quota to come back while a worker runs beside
PATIENCE_S = 60
DESCRIBED = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,gridProperties),protectedRanges(range,warningOnly,requestingUserCanEdit))"
)
UNPREPARED = (
    "таблица ещё не подготовлена, листа «Заявки» в ней нет: сначала выполните python -m worker init, потом проверьте "
    "снова. Если листы были и пропали, верните их из истории версий"
)
READ_ONLY = "Сейчас он может её только читать, писать нельзя"
Guard = dict[str, Any]
Json = dict[str, Any]


def rhythm(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of how often the sheet is read; at Google itself what can't
    work is no setting at all.
    """
    if said := too_often(settings):
        yield wrong("частота опроса", said)
    elif (
        not settings.sheets.api_url and settings.sheets.reads_per_minute > GOOGLE_READS
    ):
        yield note(
            "частота опроса",
            f"sheets.reads_per_minute = {settings.sheets.reads_per_minute}, а Google даёт {GOOGLE_READS} чтений в "
            "минуту, если владелец проекта не просил больше",
        )


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is found in the spreadsheet; of one that does not open, only why."""
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S)
        seen = sheet.describe(DESCRIBED)
        yield right(
            "таблица", f"«{seen.get('properties', {}).get('title', '')}» открыта"
        )
        yield attempt(
            "запись в таблицу", partial(_write, sheet, seen.get("sheets", []))
        )
        titles = {one["properties"]["title"] for one in seen.get("sheets", [])}
        if titles.isdisjoint(WORKSHEETS):
            yield wrong("листы", UNPREPARED)
            return
        yield from _region(seen.get("properties", {}), settings)
        try:
            values = sheet.read().values()
        except NaryadError as error:
            yield wrong("таблица", str(error))
            return
    guards = {
        one["properties"]["title"]: one.get("protectedRanges", [])
        for one in seen.get("sheets", [])
    }
    for name in WORKSHEETS:
        yield attempt(
            f"лист «{name}»",
            partial(_worksheet, name, values[name], guards.get(name, [])),
        )


def _write(sheet: Sheet, worksheets: list[Json]) -> str:
    """Write something, let Google say what it has written, and take it away, all in one
    request: nobody sees a trace.

    It is a rule of conditional formatting for the last cell of the grid, since a rule needs no id, and Google answers
    with the rule that it deletes. All requests of a batch are applied together, or none.
    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/response#deleteconditionalformatruleresponse

    Raises:
        SheetError: we may not write, or what was written is not what came back.
    """
    mark = f"naryad-{secrets.token_hex(4)}"
    where = _last_cell(worksheets)
    sheet_id = where.get("sheetId", 0)
    condition = {
        "type": "CUSTOM_FORMULA",
        "values": [{"userEnteredValue": f'="{mark}"=""'}],
    }
    rule = {
        "ranges": [where],
        "booleanRule": {
            "condition": condition,
            "format": {"textFormat": {"bold": True}},
        },
    }
    requests = [
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": 0}},
    ]
    try:
        answer = sheet.batch_update(requests)
    except SheetDenied as denied:
        if denied.cause == "unshared":  # it was read a moment ago
            raise SheetDenied(f"{denied}. {READ_ONLY}", cause=denied.cause) from None
        raise
    if mark not in str(answer.get("replies", [])[-1:]):
        raise SheetError(
            "Google принял пробную запись, но вернул не то, что записано: повторите проверку"
        )
    return "разрешена (пробная запись прочитана и тут же убрана)"


def _last_cell(worksheets: list[Json]) -> Json:
    """Return the last cell of our first worksheet, or of the first of all where ours
    are not there yet.
    """
    ours = [one for one in worksheets if one["properties"]["title"] in WORKSHEETS]
    found = (ours or worksheets)[0]["properties"]
    grid = found["gridProperties"]
    row, column = int(grid["rowCount"]), int(grid["columnCount"])
    return {
        "sheetId": found.get("sheetId", 0),
        "startRowIndex": row - 1,
        "endRowIndex": row,
        "startColumnIndex": column - 1,
        "endColumnIndex": column,
    }


def _region(properties: Json, settings: Settings) -> Iterator[Finding]:
    locale = strange_locale(properties)
    yield (
        wrong("язык таблицы", locale)
        if locale
        else right("язык таблицы", str(properties.get("locale", "")))
    )
    zone = strange_zone(properties, settings.zone)
    yield (
        wrong("пояс таблицы", zone)
        if zone
        else right("пояс таблицы", str(properties.get("timeZone", "")))
    )


def _worksheet(title: str, rows: list[list[object]], guards: list[Guard]) -> str:
    """Return what is said of a worksheet that is as it must be.

    Raises:
        SheetError: it is not.
    """
    layout = find_columns(title, rows[0] if rows else [])
    if any(_bars(guard, layout.places) for guard in guards):
        raise SheetProtected(
            "защищены ячейки, куда пишет Наряд: «Данные → Защитить листы и диапазоны», разрешите правку сервисному "
            "аккаунту"
        )
    return f"строк: {max(0, len(rows) - 1)}"


def _bars(guard: Guard, places: Iterable[int | None]) -> bool:
    """Say whether a protected range keeps us out of one of our columns; one that only
    warns keeps nobody out.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#ProtectedRange
    """
    if guard.get("warningOnly") or guard.get("requestingUserCanEdit"):
        return False
    first, end = (
        guard.get("range", {}).get("startColumnIndex", 0),
        guard.get("range", {}).get("endColumnIndex"),
    )
    return any(
        place is not None and place >= first and (end is None or place < end)
        for place in places
    )
