"""Moments of the company's wall clock: serial numbers and texts, day first. Pure: the
day is passed in.
"""

import re
from datetime import date, datetime, time, timedelta

from record.values.cells import Cell, Unclear, as_shown, cut, opened

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  serials are wall-clock time without a zone
STEMS = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
MONTHS = tuple(
    tuple(f"{stem}{ending}" for ending in ("", "ь", "й", "я", "а", "е"))
    for stem in STEMS
)
AGO = {"сегодня": 0, "вчера": 1, "позавчера": 2}
SHORT_DAY = r"пн|вт|ср|чт|пт|сб|вс"
LONG_DAY = r"понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье"
WEEKDAY = rf"(?:(?:{SHORT_DAY}|{LONG_DAY})[., ]{{1,3}})?"
YEAR = r"[0-9]{4}|[0-9]{2}"
OF_YEAR = r"(?: ?г(?:ода|\.)?)?"
DAYS = (
    r"(?P<y1>[0-9]{4})[./-](?P<m1>[0-9]{1,2})[./-](?P<d1>[0-9]{1,2})",
    rf"(?P<d2>[0-9]{{1,2}})(?P<mark>[./-])(?P<m2>[0-9]{{1,2}})(?:(?P=mark)(?P<y2>{YEAR})\.?{OF_YEAR})?",
    rf"(?P<d3>[0-9]{{1,2}})(?:-?го)? ?(?P<word>[а-я]{{3,8}})\.?(?: (?P<y3>{YEAR}){OF_YEAR})?",
    r"(?P<ago>сегодня|вчера|позавчера)",
)
TIME = (
    r"(?:(?:t|[ ,]{1,3}(?:в ?)?)(?P<hour>[0-9]{1,2})"
    r"(?:(?P<stop>[:.-])(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?| ?ч(?:ас(?:ов|а)?|\.)?))?"
)
# Each quantifier is bounded or followed by something else: a text is read in one pass,
# whatever it is.
MOMENT = re.compile(f"{WEEKDAY}(?:{'|'.join(DAYS)}){TIME}", re.IGNORECASE)
EXAMPLE = "напишите, например, 15.12.2026"
YEARS_BACK = 8  # far enough for 29 February
AHEAD = timedelta(days=62)  # how far ahead a day may lie that is told without its year


class _Undated(Exception):
    """The text says a day, but not for sure which: the day it was typed on is not
    known.
    """


def moment(
    cell: Cell, what: str = "Дата", today: date | None = None
) -> datetime | None:
    """Return a wall-clock time in the company's zone, from a serial number or a text,
    day first.

    ``today`` is the day on which the text was typed: «вчера» counts from it. A day
    without a year is the one that comes within two months, be it over the new year, or
    else the last such day: who types «14.12» in November means the visit that was
    agreed on, and not one eleven months ago; who types «14.03» then, means what is
    over. So it is in «Дата» as in «Дата выполнения», since people put the day of the
    visit into either. Where ``today`` is None, such texts are unclear.
    """
    if isinstance(cell, bool):
        raise Unclear(f"{what}: здесь флажок, а нужна дата, например 15.12.2026")
    if isinstance(cell, int | float):
        return _numbered(cell, what)
    shown = opened(cell, what, EXAMPLE)
    if not shown:
        return None
    found = MOMENT.fullmatch(shown.casefold().replace("ё", "е"))
    if found is None or _range(found):
        raise Unclear(_why(shown, what))
    try:
        return datetime.combine(_day(found, today), _time(found))
    except _Undated as doubt:
        raise Unclear(f"{what} «{cut(shown)}»: неясно, {doubt} — {EXAMPLE}") from None
    except ValueError:
        raise Unclear(_why(shown, what)) from None


def _why(shown: str, what: str) -> str:
    return f"{what} «{cut(shown)}» непонятна: {EXAMPLE} или 15.12.2026 14:30"


def _range(found: re.Match[str]) -> bool:
    """Say whether it may be two days or two hours: «10-12», «15.12.2026 10-12»."""
    days = found["mark"] == "-" and not found["y2"]
    hours = found["stop"] == "-" and int(found["hour"]) < int(found["minute"]) <= 24
    return days or hours


def _numbered(cell: float, what: str) -> datetime:
    if 0 < cell < 1:
        raise Unclear(
            f"{what}: здесь только время, допишите день, например 15.12.2026 14:30"
        )
    if not 20_000 < cell < 80_000:
        raise Unclear(f"{what} «{cut(as_shown(cell))}» — не дата: {EXAMPLE}")
    return from_serial(cell)


def _day(found: re.Match[str], today: date | None) -> date:
    """Return the day that a text names; a ValueError where there is no such day."""
    if found["ago"]:
        if today is None:
            raise _Undated("какой это день")
        return today - timedelta(days=AGO[found["ago"]])
    day = int(found["d1"] or found["d2"] or found["d3"])
    month = _month(found["word"]) if found["word"] else int(found["m1"] or found["m2"])
    year = found["y1"] or found["y2"] or found["y3"]
    if not year:
        date(2024, month, day)  # is there such a day at all?
        return _nearby(day, month, today)
    full = int(year) + (2000 if len(year) == 2 else 0)
    if not 2000 <= full < 2100:
        raise ValueError(year)
    return date(full, month, day)


def _month(word: str) -> int:
    """Return the month of a Russian word in any form, cut off or not, or 0."""
    return next(
        (
            n
            for n, forms in enumerate(MONTHS, start=1)
            if any(form.startswith(word) for form in forms)
        ),
        0,
    )


def _nearby(day: int, month: int, today: date | None) -> date:
    """Return such a day of the near future, or else the last one by now."""
    if today is None:
        raise _Undated("какого это года")
    for year in range(today.year + 1, today.year - YEARS_BACK - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found - today <= AHEAD:
            return found
    raise ValueError(day)


def _time(found: re.Match[str]) -> time:
    return time(
        int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0)
    )


def from_serial(serial: float) -> datetime:
    """Return the wall-clock time of a Sheets serial number, to the second."""
    return EPOCH + timedelta(seconds=round(serial * 86400))


def to_serial(when: datetime) -> float:
    """Return the Sheets serial number of a wall-clock time: days since 1899-12-30.

    https://developers.google.com/workspace/sheets/api/guides/formats
    """
    seconds = (when.replace(tzinfo=None, microsecond=0) - EPOCH).total_seconds()
    return round(seconds / 86400, 8)
