"""The spreadsheet's country and clock: by them Google reads what people type, so 05/12
may become the 12th of May.
"""

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
    """Return what is said of a spreadsheet that reads dates and numbers as another
    country does, "" of ours.
    """
    found = str(properties.get("locale", ""))
    if found.partition("_")[0] == "ru":
        return ""
    return (
        f"{found or 'не задан'}, а не {RUSSIAN}: «05.12» и «1,5» таблица прочтёт не так, как их пишут. Выберите "
        f"{WHERE} региональные настройки «Россия»"
    )


def strange_zone(properties: Json, company: ZoneInfo) -> str:
    """Return what is said of a spreadsheet whose clock is not the company's, "" where
    they show the same time.
    """
    found = str(properties.get("timeZone", ""))
    if _same_clock(found, company):
        return ""
    ours = f"{found or 'не задан'}, а у компании {company.key}"
    return f"{ours}: поставьте такой же {WHERE} или поправьте company.timezone"


def _same_clock(name: str, company: ZoneInfo) -> bool:
    """Say whether two zones show the same time now and half a year from now."""
    try:
        zone = ZoneInfo(name)
    except (OSError, ValueError):
        return False
    now = datetime.now(company)
    return all(
        at.astimezone(zone).utcoffset() == at.utcoffset()
        for at in (now, now + timedelta(days=182))
    )


def mend_region(sheet: Sheet, company: ZoneInfo) -> list[str]:
    """Give an empty spreadsheet Russian settings and the company's zone; of one in use
    return what is strange in it.

    There the numbers and dates that people have typed would be shown differently, so a
    person decides.

    Raises:
        SheetError: see :mod:`record.errors`.
    """
    properties = sheet.describe(REGION).get("properties", {})
    strange = [
        said
        for said in (strange_locale(properties), strange_zone(properties, company))
        if said
    ]
    if not strange or _used(sheet.describe(CELLS)):
        return strange
    wanted = {"locale": RUSSIAN, "timeZone": company.key}
    sheet.batch_update(
        [
            {
                "updateSpreadsheetProperties": {
                    "properties": wanted,
                    "fields": "locale,timeZone",
                }
            }
        ]
    )
    return []


def _used(seen: Json) -> bool:
    """Say whether a cell of a spreadsheet holds something."""
    grids = (grid for one in seen.get("sheets", []) for grid in one.get("data", []))
    rows = (row for grid in grids for row in grid.get("rowData", []))
    return any(
        cell.get("userEnteredValue") for row in rows for cell in row.get("values", [])
    )
