"""How a spreadsheet's locale writes numbers, dates and booleans.

The ones not listed behave as en_US.
"""

from typing import NamedTuple


class Locale(NamedTuple):
    """What typing and showing depend on."""

    name: str
    decimal: str
    group: str
    true: str
    false: str
    currency: str
    currency_pattern: str
    date_pattern: str
    time_pattern: str
    day_first: bool
    date_separators: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    months_dated: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    tab: str


_EN_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_EN_DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

EN_US = Locale(
    name="en_US",
    decimal=".",
    group=",",
    true="TRUE",
    false="FALSE",
    currency="$",
    currency_pattern='"$"{}',
    date_pattern="m/d/yyyy",
    time_pattern="h:mm:ss am/pm",
    day_first=False,
    date_separators="/-",
    months=_EN_MONTHS,
    months_short=tuple(name[:3] for name in _EN_MONTHS),
    months_dated=_EN_MONTHS,
    weekdays=_EN_DAYS,
    weekdays_short=tuple(name[:3] for name in _EN_DAYS),
    tab="Sheet",
)

RU_RU = Locale(
    name="ru_RU",
    decimal=",",
    group="\u00a0",
    true="ИСТИНА",
    false="ЛОЖЬ",
    currency="₽",
    currency_pattern="{} [$₽-419]",
    date_pattern="dd.mm.yyyy",
    time_pattern="h:mm:ss",
    day_first=True,
    date_separators="./-",
    months=(
        *("январь", "февраль", "март", "апрель", "май", "июнь"),
        *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
    ),
    months_short=(
        "янв.",
        "февр.",
        "мар.",
        "апр.",
        "май",
        "июн.",
        "июл.",
        "авг.",
        "сент.",
        "окт.",
        "нояб.",
        "дек.",
    ),
    months_dated=(
        *("января", "февраля", "марта", "апреля", "мая", "июня"),
        *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ),
    weekdays=(
        "понедельник",
        "вторник",
        "среда",
        "четверг",
        "пятница",
        "суббота",
        "воскресенье",
    ),
    weekdays_short=("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    tab="Лист",
)

_BY_NAME = {"ru": RU_RU, "ru_RU": RU_RU, "en": EN_US, "en_US": EN_US, "": EN_US}


def locale(name: str) -> Locale:
    """The locale, or en_US for one the sandbox does not know."""
    return _BY_NAME.get(name, EN_US)
