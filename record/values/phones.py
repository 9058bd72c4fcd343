"""Phones, in any way people write them, and what they say beside one. Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, ValidationResult

from record.values.cells import LONGEST, Cell, Unclear, as_shown, cut, opened

USUAL = re.compile(r"(?:\+ ?7|7|8)[ ().–—-]{0,3}(9(?:[ ().–—-]{0,3}[0-9]){9})")
EXAMPLE = "нужны 11 цифр, например +7 900 123-45-67"
RETYPE = "впишите номер с восьмёрки, например 8 900 123-45-67"
LOOKED_THROUGH = 300
PREFIX = 4  # digits before a number: a country's code, or the eight
LABELS = re.compile(r"(?<![^\W\d_])(?:мой|тел|телефон|моб|мобильный|сот|сотовый|номер|т|tel|phone)(?![^\W\d_])")
TAKEN_BACK = re.compile(r"(?<![^\W\d_])(?:не|нет|кроме|вместо|старый|бывший)[ :,(+]{0,3}$")


class SpokenPhone(NamedTuple):
    """A phone in E.164 form; ``more`` says whether other words or numbers stand beside it."""

    phone: str
    more: bool


def phone(cell: Cell, region: str = "RU") -> str | None:
    """Return a phone in E.164 form; of several, or with a text around it, the first that can be called."""
    found = spoken_phone(cell, region)
    return found.phone if found else None


def spoken_phone(cell: Cell, region: str = "RU") -> SpokenPhone | None:
    """Return the first phone that can be called, and whether more is said than that.

    Raises:
        Unclear: there is none, or the first one is named as the wrong one.
    """
    shown = opened(cell, "Телефон", RETYPE, whole=False)
    if not shown:
        return None
    if region == "RU" and (usual := USUAL.fullmatch(shown)):
        return SpokenPhone("+7" + re.sub("[^0-9]", "", usual[1]), more=False)
    if found := _found(shown, region):
        return found
    raise Unclear(f"Телефон «{cut(shown)}» непонятен: {EXAMPLE}")


def phone_words(cell: Cell, region: str = "RU") -> str:
    """Return in one line what stands in a cell that says more than a phone, "" where it is one, or none."""
    try:
        found = spoken_phone(cell, region)
    except Unclear:
        return ""
    return " ".join(as_shown(cell)[:LONGEST].split()) if found and found.more else ""


@lru_cache(maxsize=4096)
def _found(shown: str, region: str) -> SpokenPhone | None:
    found = _whole(shown, region) or _within(shown, region)
    if found is None:
        return None
    return SpokenPhone(phonenumbers.format_number(found, PhoneNumberFormat.E164), _says_more(shown, found))


def _says_more(shown: str, found: PhoneNumber) -> bool:
    digits = "".join(re.findall("[0-9]", shown))
    national = phonenumbers.national_significant_number(found)
    alone = digits.endswith(national) and len(digits) - len(national) <= PREFIX
    return not alone or bool(re.search(r"[^\W\d_]", LABELS.sub("", shown.casefold())))


def _whole(shown: str, region: str) -> PhoneNumber | None:
    """Return the number that the whole text is; Latin letters would be taken for the keys that they stand on."""
    if re.search("[A-Za-z]", shown) or len(shown) > LOOKED_THROUGH:
        return None
    try:
        parsed = phonenumbers.parse(shown, region)
    except phonenumbers.NumberParseException:
        return None
    begins = re.search("[0-9]", shown)
    refused = begins and TAKEN_BACK.search(shown[: begins.start()].casefold())
    return parsed if not refused and _callable(parsed, shown) else None


def _within(shown: str, region: str) -> PhoneNumber | None:
    """Return the first number that is surely one in a text; none where it is the one not to call."""
    matches = PhoneNumberMatcher(shown[:LOOKED_THROUGH], region)
    match = next((match for match in matches if _callable(match.number, match.raw_string)), None)
    refused = match and TAKEN_BACK.search(shown[: match.start].casefold())
    return match.number if match and not refused else None


def _callable(parsed: PhoneNumber, shown: str) -> bool:
    """Say whether a number is whole; one typed short is taken only where such numbers are known to be given out."""
    whole = sum(map(str.isdigit, shown)) >= 11
    possible = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    return possible and (whole or phonenumbers.is_valid_number(parsed))
