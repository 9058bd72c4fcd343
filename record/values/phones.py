"""Phones, in any way people write them. Pure."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, ValidationResult

from record.values.cells import Cell, Unclear, cut, is_broken, plain

MOBILE = re.compile(r"(?:\+?7|8)(9\d{9})")
EXAMPLE = "нужны 11 цифр, например +7 900 123-45-67"
LOOKED_THROUGH = 300


def phone(cell: Cell, region: str = "RU") -> str | None:
    """Return a phone in E.164 form; of several, or with a text around it, the first that can be called."""
    shown = plain(cell)
    if not shown:
        return None
    if region == "RU" and (usual := MOBILE.fullmatch(shown)):
        return f"+7{usual[1]}"
    found = _whole(shown, region) or _within(shown, region)
    if found is None:
        raise Unclear(_why(shown))
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def _whole(shown: str, region: str) -> PhoneNumber | None:
    """Return the number that the whole text is."""
    try:
        parsed = phonenumbers.parse(shown, region)
    except phonenumbers.NumberParseException:
        return None
    return parsed if _callable(parsed, shown) else None


def _within(shown: str, region: str) -> PhoneNumber | None:
    """Return the first number that is surely one in a text."""
    matches = PhoneNumberMatcher(shown[:LOOKED_THROUGH], region)
    return next((match.number for match in matches if _callable(match.number, match.raw_string)), None)


def _callable(parsed: PhoneNumber, shown: str) -> bool:
    """Say whether a number is whole; one typed short is taken only where such numbers are known to be given out."""
    whole = sum(map(str.isdigit, shown)) >= 11
    possible = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    return possible and (whole or phonenumbers.is_valid_number(parsed))


def _why(shown: str) -> str:
    if is_broken(shown):
        return "Телефон: таблица приняла «+» за начало формулы, впишите номер с восьмёрки, например 8 900 123-45-67"
    return f"Телефон «{cut(shown)}» непонятен: {EXAMPLE}"
