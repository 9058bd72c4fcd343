"""How phones, money and times look on the pages, and how one greets. Pure."""

from datetime import datetime
from decimal import Decimal

import phonenumbers

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
SPACE = "\N{NO-BREAK SPACE}"


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


def moment(when: datetime) -> str:
    """Return a day and a time, such as 22 ноября, 15:04."""
    return f"{when.day}{SPACE}{MONTHS[when.month - 1]}, {when:%H:%M}"


def greeting(now: datetime) -> str:
    """Return how one greets at this hour."""
    hours = ((5, "Доброй ночи"), (11, "Доброе утро"), (17, "Добрый день"), (23, "Добрый вечер"))
    return next((words for until, words in hours if now.hour < until), "Доброй ночи")
