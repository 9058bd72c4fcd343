"""The spreadsheet's country and clock, by which Google reads what people type.

In a spreadsheet of another country 05/12 may become the 12th of May.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from record.sheet import Sheet

RUSSIAN = "ru_RU"
REGION = "properties(locale,timeZone)"
CELLS = "sheets(data.rowData.values.userEnteredValue)"
WHERE = "в таблице «Файл → Настройки»"
Json = dict[str, Any]


def strange_locale(properties: Json) -> str:
    """Return what is wrong with the country of a spreadsheet, "" where it is Russia."""
    found = str(properties.get("locale", ""))
    if found.partition("_")[0] == "ru":
        return ""
    return (
        f"{found or 'не задан'}, а не {RUSSIAN}: «05.12» и «1,5» таблица прочтёт не так, как их пишут. Выберите "
        f"{WHERE} региональные настройки «Россия»"
    )


def strange_zone(properties: Json, company: ZoneInfo) -> str:
    """Return what is wrong with the clock of a spreadsheet, "" where it shows our time."""
    found = str(properties.get("timeZone", ""))
    if _same_clock(found, company):
        return ""
    ours = f"{found or 'не задан'}, а у компании {company.key}"
    return f"{ours}: поставьте такой же {WHERE} или поправьте company.timezone"


def _same_clock(name: str, company: ZoneInfo) -> bool:
    """Return whether two zones show the same time now and half a year from now."""
    try:
        zone = ZoneInfo(name)
    except (OSError, ValueError):
        return False
    now = datetime.now(company)
    # two zones may differ in summer only
    later = now + timedelta(days=182)
    return _same_time(now, zone) and _same_time(later, zone)


def _same_time(at: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(zone).utcoffset() == at.utcoffset()


def mend_region(sheet: Sheet, company: ZoneInfo) -> list[str]:
    """Give an empty spreadsheet Russian settings and the company's zone.

    Of one in use return what is strange in it: the numbers and dates that people have
    typed there would be shown differently, so a person decides.

    Raises:
        SheetError: see :mod:`record.errors`.
    """
    properties = sheet.describe(REGION).get("properties", {})
    found = [strange_locale(properties), strange_zone(properties, company)]
    strange = [said for said in found if said]
    if not strange or _used(sheet.describe(CELLS)):
        return strange
    wanted = {"locale": RUSSIAN, "timeZone": company.key}
    change = {"properties": wanted, "fields": "locale,timeZone"}
    sheet.batch_update([{"updateSpreadsheetProperties": change}])
    return []


def _used(seen: Json) -> bool:
    """Return whether a cell of a spreadsheet holds something."""
    return any(cell.get("userEnteredValue") for cell in _cells(seen))


def _cells(seen: Json) -> Iterator[Json]:
    for sheet in seen.get("sheets", []):
        for grid in sheet.get("data", []):
            for row in grid.get("rowData", []):
                yield from row.get("values", [])
