"""How phones, money and times look on the pages, and how one greets. Pure."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote_plus

import phonenumbers

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
SPACE = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=1024)
def phone(e164: str) -> str:
    """Return a phone as people read it, such as +7 900 123-45-67."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return shown.replace(" ", SPACE)


def money(value: Decimal) -> str:
    """Return roubles, thousands apart, kopecks only where there are any."""
    kopecks = "" if value == value.to_integral_value() else f",{int(value * 100) % 100:02}"
    return f"{int(value):,}".replace(",", SPACE) + f"{kopecks}{SPACE}₽"


def percent(value: Decimal) -> str:
    """Return a share, such as 30 %, without needless zeros."""
    return f"{value.normalize():f}".replace(".", ",") + f"{SPACE}%"


def per(unit: str) -> str:
    """Return a unit of «Услуги» as it stands after «за»: штука becomes штуку, час stays час."""
    return unit[:-1] + {"а": "у", "я": "ю"}[unit[-1]] if unit[-1:] in {"а", "я"} and " " not in unit else unit


def figure(value: int) -> str:
    """Return a number, thousands apart."""
    return f"{value:,}".replace(",", SPACE)


def plural(count: int, one: str, few: str, many: str) -> str:
    """Return the form of a Russian noun that goes with a number: 1 мастер, 2 мастера, 5 мастеров."""
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if count % 10 in {2, 3, 4} and count % 100 not in {12, 13, 14} else many


def moment(when: datetime) -> str:
    """Return a day and a time, such as 22 ноября, 15:04."""
    return f"{when.day}{SPACE}{MONTHS[when.month - 1]}, {when:%H:%M}"


def ago(when: datetime, now: datetime) -> str:
    """Return how long ago something was, such as 12 мин or 3 ч, in its greatest unit."""
    minutes = max(0, int((now - when).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}{SPACE}мин"
    return f"{minutes // 60}{SPACE}ч" if minutes < 48 * 60 else f"{minutes // 1440}{SPACE}дн"


def map_url(address: str) -> str:
    """Return where a map shows an address."""
    return "https://yandex.ru/maps/?text=" + quote_plus(" ".join(address.split())[:200])


def greeting(now: datetime) -> str:
    """Return how one greets at this hour."""
    hours = ((5, "Доброй ночи"), (11, "Доброе утро"), (17, "Добрый день"), (23, "Добрый вечер"))
    return next((words for until, words in hours if now.hour < until), "Доброй ночи")
