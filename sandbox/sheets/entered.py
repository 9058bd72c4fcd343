"""What a person's typing becomes:
https://developers.google.com/sheets/api/reference/rest/v4/ValueInputOption.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

from sandbox.sheets.cells import Formula, Scalar, stored
from sandbox.sheets.locales import Locale
from sandbox.sheets.serial import to_serial

_SPACES = " \u00a0\u202f"
_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_NAMED_DATE = re.compile(r"(\d{1,2})\s+([^\W\d]+\.?)\s+(\d{4})")
_TIME = re.compile(
    r"(\d{1,3}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:\s*(am|pm))?", re.IGNORECASE
)


class Typed(NamedTuple):
    """A value and the number format typing it sets on a cell that has none."""

    value: Scalar
    format: Mapping[str, str] | None = None


def typed(
    text: str, locale: Locale, today: dt.date, current: Mapping[str, str] | None = None
) -> Typed:
    """The value of `text` typed into a cell whose number format is `current`."""
    # an apostrophe says that the rest is text, and is not kept
    if text.startswith("'"):
        return Typed(text[1:] or None)
    # in a cell formatted as text nothing is a number, a date or a formula
    if text == "" or (current and current.get("type") == "TEXT"):
        return Typed(text or None)
    if text.startswith("=") and len(text) > 1:
        return Typed(Formula(text))
    stripped = text.strip(_SPACES + "\t\n")
    readings = (
        reading(stripped, locale, today) for reading in (_boolean, _number, _moment)
    )
    found = next((reading for reading in readings if reading is not None), None)
    # `+7 (900) …` is taken for a formula, and shows an error
    if found is None and stripped.startswith("+") and len(stripped) > 1:
        return Typed(Formula("=" + stripped))
    return found or Typed(text)


def _boolean(text: str, locale: Locale, _today: dt.date) -> Typed | None:
    upper = text.upper()
    if upper in ("TRUE", locale.true):
        return Typed(value=True)
    if upper in ("FALSE", locale.false):
        return Typed(value=False)
    return None


def _number(text: str, locale: Locale, _today: dt.date) -> Typed | None:
    sign, body = _signed(text)
    body, currency = _without_currency(body, locale)
    if currency:
        inner_sign, body = _signed(body)
        sign *= inner_sign
    percent = body.endswith("%")
    if percent:
        body = body[:-1].rstrip(_SPACES)
    decimal = re.escape(locale.decimal)
    group = f"[{_SPACES}]" if locale.group in _SPACES else re.escape(locale.group)
    match = re.fullmatch(
        rf"(?P<whole>\d{{1,3}}(?:{group}\d{{3}})+|\d*)(?:{decimal}(?P<fraction>\d*))?(?P<power>[eE][+-]?\d+)?",
        body,
    )
    if not match or not (match["whole"] or match["fraction"]):
        return None
    whole = re.sub(r"\D", "", match["whole"])
    fraction = match["fraction"] or ""
    number = float(f"{whole or 0}.{fraction or 0}{match['power'] or ''}") * sign
    if number in (float("inf"), float("-inf")):
        return None
    if percent:
        # by text: 0.07 * 0.01 is not the double that 0.0007 is
        number = float(f"{number}e-2")
    value = stored(number)
    digits = "#,##0" if len(whole) != len(match["whole"]) or currency else "0"
    pattern = digits + (".00" if fraction else "")
    if currency:
        return Typed(
            value,
            {"type": "CURRENCY", "pattern": locale.currency_pattern.format(pattern)},
        )
    if percent:
        return Typed(value, {"type": "PERCENT", "pattern": pattern + "%"})
    if match["power"]:
        return Typed(value, {"type": "SCIENTIFIC", "pattern": "0.00E+00"})
    return Typed(
        value, {"type": "NUMBER", "pattern": pattern} if digits == "#,##0" else None
    )


def _signed(text: str) -> tuple[int, str]:
    # an accountant's minus: (500)
    if text.startswith("(") and text.endswith(")") and text[1:2].isdigit():
        return -1, text[1:-1]
    if text[:1] in ("-", "+", "\u2212"):
        return (1 if text[0] == "+" else -1), text[1:].lstrip(_SPACES)
    return 1, text


def _without_currency(text: str, locale: Locale) -> tuple[str, bool]:
    if text.startswith(locale.currency):
        return text[len(locale.currency) :].lstrip(_SPACES), True
    if text.endswith(locale.currency):
        return text[: -len(locale.currency)].rstrip(_SPACES), True
    return text, False


def _moment(text: str, locale: Locale, today: dt.date) -> Typed | None:
    whole_time = _time(text)
    if whole_time is not None:
        fraction, pattern = whole_time
        return Typed(fraction, {"type": "TIME", "pattern": pattern})
    dated = _date(text, locale, today)
    if dated is not None:
        day, pattern = dated
        return Typed(_serial(day), {"type": "DATE", "pattern": pattern})
    first, _, second = text.rpartition(" ")
    if second.lower() in ("am", "pm"):
        first, _, hour = first.rpartition(" ")
        second = f"{hour} {second}"
    dated, timed = _date(first.rstrip(", "), locale, today), _time(second)
    if dated is None or timed is None or timed[0] >= 1:
        return None
    value = _serial(dated[0]) + timed[0]
    return Typed(value, {"type": "DATE_TIME", "pattern": f"{dated[1]} {timed[1]}"})


def _serial(day: dt.date) -> float | int:
    return to_serial(dt.datetime(day.year, day.month, day.day))


def _time(text: str) -> tuple[float, str] | None:
    match = _TIME.fullmatch(text)
    if not match or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return None
    hour = int(match[1])
    if match[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[5].lower() == "pm" else 0)
    seconds = (
        hour * 3600 + int(match[2]) * 60 + int(match[3] or 0) + float(match[4] or 0)
    )
    pattern = "h:mm" + (":ss" if match[3] else "") + (" am/pm" if match[5] else "")
    return seconds / 86_400, pattern if hour < 24 else "[h]:mm:ss"


def _date(text: str, locale: Locale, today: dt.date) -> tuple[dt.date, str] | None:
    for reading in (_named_date, _iso_date, _local_date):
        found = reading(text, locale, today)
        if found is not None:
            return found
    return None


def _named_date(
    text: str, locale: Locale, _today: dt.date
) -> tuple[dt.date, str] | None:
    match = _NAMED_DATE.fullmatch(text)
    day = (
        _day(int(match[3]), _month(match[2], locale), int(match[1])) if match else None
    )
    return (day, "d mmmm yyyy") if day else None


def _iso_date(
    text: str, _locale: Locale, _today: dt.date
) -> tuple[dt.date, str] | None:
    match = re.fullmatch(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})", text)
    day = _day(int(match[1]), int(match[3]), int(match[4])) if match else None
    return (day, f"yyyy{match[2]}mm{match[2]}dd") if match and day else None


def _local_date(
    text: str, locale: Locale, today: dt.date
) -> tuple[dt.date, str] | None:
    match = _DATE.fullmatch(text)
    if not match or match[2] not in locale.date_separators:
        return None
    first, mark, second, third = match[1], match[2], match[3], match[4]
    month, day = (
        (int(second), int(first)) if locale.day_first else (int(first), int(second))
    )
    if third is None:
        found = _day(today.year, month, day) if mark != "-" else None
        pattern = f"dd{mark}mm" if locale.day_first else f"m{mark}d"
    else:
        found = _day(_year(third), month, day)
        pattern = _date_pattern(mark, len(third), locale)
    return (found, pattern) if found else None


def _year(typed: str) -> int:
    year = int(typed)
    if len(typed) == 4:
        return year
    # as Google reads two digits
    if year < 50:
        return 2000 + year
    return 1900 + year


def _date_pattern(mark: str, year_width: int, locale: Locale) -> str:
    order = "dd{0}mm{0}" if locale.day_first else "m{0}d{0}"
    return order.format(mark) + "y" * year_width


def _month(name: str, locale: Locale) -> int:
    lowered = name.lower()
    for names in (locale.months_dated, locale.months, locale.months_short):
        for index, known in enumerate(names):
            if lowered.rstrip(".") == known.lower().rstrip("."):
                return index + 1
    return 0


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
