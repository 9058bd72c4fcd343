"""Moments of the company's wall clock: serial numbers and texts, day first.

Pure: the day is passed in.
"""

import re
from datetime import date, datetime, time, timedelta

from record.values.cells import Cell, Unclear, as_shown, cut, opened

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  serials are wall-clock time without a zone
DAY_SECONDS = 86_400
STEMS = (
    "январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
)  # fmt: skip
ENDINGS = ("", "ь", "й", "я", "а", "е")
AGO = {"сегодня": 0, "вчера": 1, "позавчера": 2}

# The ways to write a day; each has its own of the groups year, month, word, day, ago.
YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
OF_YEAR = r"(?: ?г(?:ода|\.)?)?"
DAYS = (
    # 2026-12-15
    r"(?P<year>[0-9]{4})[./-](?P<month>[0-9]{1,2})[./-](?P<day>[0-9]{1,2})",
    # 15.12.2026 · 15/12/26 г. · 15.12
    rf"(?P<day>[0-9]{{1,2}})(?P<separator>[./-])(?P<month>[0-9]{{1,2}})(?:(?P=separator){YEAR}\.?{OF_YEAR})?",
    # 15 декабря 2026 года · 15-го дек. · 15дек
    rf"(?P<day>[0-9]{{1,2}})(?:-?го)? ?(?P<word>[а-я]{{3,8}})\.?(?: {YEAR}{OF_YEAR})?",
    # вчера
    r"(?P<ago>сегодня|вчера|позавчера)",
)
# «вт, 15.12»: which weekday it is nobody checks, the date counts
SHORT_DAY = r"пн|вт|ср|чт|пт|сб|вс"
LONG_DAY = r"понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье"
WEEKDAY = rf"(?:(?:{SHORT_DAY}|{LONG_DAY})[., ]{{1,3}})?"
# «t14:30:00» of computers · «, 14-30» · « в 14.30» · « в 14 ч»
BEFORE_TIME = r"(?:t|[ ,]{1,3}(?:в ?)?)"
MINUTES = r"(?P<stop>[:.-])(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
HOURS_ONLY = r" ?ч(?:ас(?:ов|а)?|\.)?"
TIME = rf"(?:{BEFORE_TIME}(?P<hour>[0-9]{{1,2}})(?:{MINUTES}|{HOURS_ONLY}))?"
# Each quantifier is bounded or followed by something else: a text is read in one pass,
# whatever it is.
MOMENTS = tuple(re.compile(f"{WEEKDAY}{day}{TIME}", re.IGNORECASE) for day in DAYS)

EXAMPLE = "напишите, например, 15.12.2026"
EXAMPLE_OF_BOTH = "15.12.2026 14:30"
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # October 1954 and January 2119
FIRST_YEAR, LAST_YEAR = 2000, 2099
LEAP_YEAR = 2024
YEARS_BACK = 8  # far enough for 29 February
AHEAD = timedelta(days=62)  # how far ahead a day without its year may lie

Parts = dict[str, str]


class _Undated(Exception):
    """The text says a day, but not which, as nobody knows when it was typed."""


def _month_words() -> dict[str, int]:
    """Return each beginning of a month's name in any form with the month's number."""
    months: dict[str, int] = {}
    for month, stem in enumerate(STEMS, start=1):
        for ending in ENDINGS:
            form = stem + ending
            for length in range(1, len(form) + 1):
                months.setdefault(form[:length], month)
    return months


MONTH_OF = _month_words()


def moment(
    cell: Cell, what: str = "Дата", today: date | None = None
) -> datetime | None:
    """Return a wall-clock time in the company's zone, from a serial number or a text.

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
        return _of_serial(cell, what)
    shown = opened(cell, what, EXAMPLE)
    if not shown:
        return None
    parts = _parts(shown)
    if parts is None or _is_range(parts):
        raise Unclear(_no_moment(shown, what))
    try:
        return datetime.combine(_day(parts, today), _time(parts))
    except _Undated as doubt:
        raise Unclear(f"{what} «{cut(shown)}»: неясно, {doubt} — {EXAMPLE}") from None
    except ValueError:  # there is no 31 February and no 25:00
        raise Unclear(_no_moment(shown, what)) from None


def _no_moment(shown: str, what: str) -> str:
    return f"{what} «{cut(shown)}» непонятна: {EXAMPLE} или {EXAMPLE_OF_BOTH}"


def _of_serial(serial: float, what: str) -> datetime:
    if 0 < serial < 1:
        raise Unclear(
            f"{what}: здесь только время, допишите день, например {EXAMPLE_OF_BOTH}"
        )
    if not FIRST_SERIAL < serial < LAST_SERIAL:
        raise Unclear(f"{what} «{cut(as_shown(serial))}» — не дата: {EXAMPLE}")
    return from_serial(serial)


def _parts(shown: str) -> Parts | None:
    """Return the named parts of a text that is a moment, "" for those it hasn't."""
    plain = shown.casefold().replace("ё", "е")
    for spelling in MOMENTS:
        found = spelling.fullmatch(plain)
        if found:
            return found.groupdict(default="")
    return None


def _is_range(parts: Parts) -> bool:
    """Return whether it may be two days or two hours: «10-12», «15.12.2026 10-12»."""
    if parts.get("separator") == "-" and not parts["year"]:
        return True
    if parts["stop"] != "-":
        return False
    # «10-12» may be a visit from ten to twelve; «14-30» can only be half past two
    return int(parts["hour"]) < int(parts["minute"]) <= 24


def _day(parts: Parts, today: date | None) -> date:
    """Return the day that a text names.

    Raises:
        ValueError: there is no such day.
        _Undated: which one it is can't be known without ``today``.
    """
    if ago := parts.get("ago"):
        if today is None:
            raise _Undated("какой это день")
        return today - timedelta(days=AGO[ago])
    day = int(parts["day"])
    month = _month(parts)
    if not parts["year"]:
        date(LEAP_YEAR, month, day)  # is there such a day at all?
        return _nearby(day, month, today)
    return date(_full_year(parts["year"]), month, day)


def _month(parts: Parts) -> int:
    """Return the number of the month; 0, which no date has, for an unknown word."""
    if "word" in parts:
        return MONTH_OF.get(parts["word"], 0)
    return int(parts["month"])


def _full_year(typed: str) -> int:
    year = int(typed)
    if len(typed) == 2:
        year += FIRST_YEAR
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(typed)
    return year


def _nearby(day: int, month: int, today: date | None) -> date:
    """Return such a day of the near future, or else the last one by now."""
    if today is None:
        raise _Undated("какого это года")
    for year in range(today.year + 1, today.year - YEARS_BACK - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February of a common year
            continue
        if found - today <= AHEAD:
            return found
    raise ValueError(day)


def _time(parts: Parts) -> time:
    """Return the time of day, midnight where none is written."""
    hour, minute, second = parts["hour"], parts["minute"], parts["second"]
    return time(_count(hour), _count(minute), _count(second))


def _count(figures: str) -> int:
    return int(figures or 0)


def from_serial(serial: float) -> datetime:
    """Return the wall-clock time of a Sheets serial number, to the second."""
    return EPOCH + timedelta(seconds=round(serial * DAY_SECONDS))


def to_serial(when: datetime) -> float:
    """Return the Sheets serial number of a wall-clock time: days since 1899-12-30.

    https://developers.google.com/workspace/sheets/api/guides/formats
    """
    seconds = (when.replace(tzinfo=None, microsecond=0) - EPOCH).total_seconds()
    return round(seconds / DAY_SECONDS, 8)
