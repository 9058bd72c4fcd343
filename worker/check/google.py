"""The spreadsheet: it opens, can be written to, its country and worksheets are right."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

from record.dispatch.reading import unclear_prices
from record.errors import NaryadError, SheetDenied, SheetError, SheetProtected
from record.grid.layout import columns_of, read_table
from record.grid.worksheets import SERVICES, WORKSHEETS
from record.settings import Settings
from record.settings.together import GOOGLE_READS, too_often
from record.sheet import Sheet
from record.store import Store
from worker.check.finding import Finding, attempt, note, right, wrong
from worker.check.shape import lacking, merged
from worker.region import strange_locale, strange_zone

# for our share of Google's quota to come back while a worker runs beside
PATIENCE_S = 60
DESCRIBED = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,gridProperties),merges,"
    "protectedRanges(range,warningOnly,requestingUserCanEdit))"
)
UNPREPARED = (
    "таблица ещё не подготовлена, листа «Заявки» в ней нет: сначала выполните python -m worker init, потом проверьте "
    "снова. Если листы были и пропали, верните их из истории версий"
)
READ_ONLY = "Сейчас он может её только читать, писать нельзя"
NAMED = 5  # of the prices that nobody understands
Guard = dict[str, Any]
Json = dict[str, Any]


def rhythm(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with how often the sheet is read, if anything.

    Where Google itself could not carry it, the settings are refused before this.
    """
    limit = settings.sheets.reads_per_minute
    if said := too_often(settings):
        yield wrong("частота опроса", said)
    elif not settings.sheets.api_url and limit > GOOGLE_READS:
        yield note(
            "частота опроса",
            f"sheets.reads_per_minute = {limit}, а Google даёт {GOOGLE_READS} чтений в "
            "минуту, если владелец проекта не просил больше",
        )


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is found in the spreadsheet; of one that does not open, only why."""
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S, any_one=True)
        seen = sheet.describe(DESCRIBED)
        properties, worksheets = seen.get("properties", {}), seen.get("sheets", [])
        yield right("таблица", f"«{properties.get('title', '')}» открыта")
        yield attempt("запись в таблицу", partial(_write, sheet, worksheets))
        if said := sheet.another():
            yield wrong("таблица", said)
        titles = {one["properties"]["title"] for one in worksheets}
        if titles.isdisjoint(WORKSHEETS):
            yield wrong("листы", UNPREPARED)
            return
        yield from _region(properties, settings)
        try:
            values = sheet.read().values()
        except NaryadError as error:
            yield wrong("таблица", str(error))
            return
    guards = _guards(worksheets)
    for name in WORKSHEETS:
        look_at = partial(_worksheet, name, values[name], guards.get(name, []))
        yield attempt(f"лист «{name}»", look_at)
        yield from lacking(name, values[name])
    yield from merged(worksheets, values)
    yield from _prices(values[SERVICES])


def _guards(worksheets: list[Json]) -> dict[str, list[Guard]]:
    """Return the protected ranges of each worksheet by its title."""
    guards = {}
    for one in worksheets:
        guards[one["properties"]["title"]] = one.get("protectedRanges", [])
    return guards


def _write(sheet: Sheet, worksheets: list[Json]) -> str:
    """Write something, let Google say what it has written, and take it away again.

    All in one request, whose parts are applied together or not at all: nobody sees a
    trace. It is a rule of conditional formatting for the last cell of the grid, since a
    rule needs no id, and Google answers with the rule that it deletes.
    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/response#deleteconditionalformatruleresponse

    Raises:
        SheetError: we may not write, or what was written is not what came back.
    """
    mark = f"naryad-{secrets.token_hex(4)}"
    where = _last_cell(worksheets)
    formula = [{"userEnteredValue": f'="{mark}"=""'}]
    condition = {"type": "CUSTOM_FORMULA", "values": formula}
    bold = {"condition": condition, "format": {"textFormat": {"bold": True}}}
    rule = {"ranges": [where], "booleanRule": bold}
    sheet_id = where.get("sheetId", 0)
    requests = [
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": 0}},
    ]
    try:
        answer = sheet.batch_update(requests)
    except SheetDenied as denied:
        # it was read a moment ago, so it is shared, but for reading only
        if denied.cause == "unshared":
            raise SheetDenied(f"{denied}. {READ_ONLY}", cause=denied.cause) from None
        raise
    if mark not in str(answer.get("replies", [])[-1:]):
        raise SheetError(
            "Google принял пробную запись, но вернул не то, что записано: повторите проверку"
        )
    return "разрешена (пробная запись прочитана и тут же убрана)"


def _last_cell(worksheets: list[Json]) -> Json:
    """Return the last cell of our first worksheet; of the first of all without ours."""
    ours = [one for one in worksheets if one["properties"]["title"] in WORKSHEETS]
    properties = (ours or worksheets)[0]["properties"]
    grid = properties["gridProperties"]
    row, column = int(grid["rowCount"]), int(grid["columnCount"])
    return {
        "sheetId": properties.get("sheetId", 0),
        "startRowIndex": row - 1,
        "endRowIndex": row,
        "startColumnIndex": column - 1,
        "endColumnIndex": column,
    }


def _region(properties: Json, settings: Settings) -> Iterator[Finding]:
    strange = strange_locale(properties)
    found = str(properties.get("locale", ""))
    yield _judged("язык таблицы", strange, found)
    strange = strange_zone(properties, settings.zone)
    found = str(properties.get("timeZone", ""))
    yield _judged("пояс таблицы", strange, found)


def _judged(what: str, strange: str, found: str) -> Finding:
    if strange:
        return wrong(what, strange)
    return right(what, found)


def _prices(rows: list[list[Any]]) -> Iterator[Finding]:
    """Yield which prices of «Услуги» nobody understands."""
    try:
        table = read_table(SERVICES, rows)
    except SheetError:
        return  # what is wrong with it is said already
    unclear = unclear_prices(row for _, row in table.rows())
    if unclear:
        named = "; ".join(unclear[:NAMED])
        yield note("цены услуг", f"непонятны: {len(unclear)}. {named}")


def _worksheet(title: str, rows: list[list[object]], guards: list[Guard]) -> str:
    """Return what is said of a worksheet that is as it must be.

    Raises:
        SheetError: it is not.
    """
    layout = columns_of(title, rows)
    if any(_bars(guard, layout.places) for guard in guards):
        raise SheetProtected(
            "защищены ячейки, куда пишет Наряд: «Данные → Защитить листы и диапазоны», разрешите правку сервисному "
            "аккаунту"
        )
    return f"строк: {max(0, len(rows) - 1)}"


def _bars(guard: Guard, places: Iterable[int | None]) -> bool:
    """Return whether a protected range keeps us out of one of our columns.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#ProtectedRange
    """
    # one that only warns keeps nobody out who writes by API
    if guard.get("warningOnly") or guard.get("requestingUserCanEdit"):
        return False
    where = guard.get("range", {})
    # Google leaves out a start of 0, and the ends of a whole worksheet
    first, end = where.get("startColumnIndex", 0), where.get("endColumnIndex")
    for place in places:
        if place is None or place < first:
            continue
        if end is None or place < end:
            return True
    return False
