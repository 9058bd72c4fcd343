"""Phones, in any way people write them, and what they say beside one. Pure."""

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import phonenumbers
from phonenumbers import (
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    ValidationResult,
)

from record.values.cells import LONGEST, Cell, Unclear, as_shown, cut, opened
from record.values.denials import Place, Verdict, verdicts

USUAL = re.compile(r"(?:\+ ?7|7|8)[ ().–—-]{0,3}(9(?:[ ().–—-]{0,3}[0-9]){9})")
EXAMPLE = "+79001234567"  # the same wherever an example is shown
NEEDED = f"нужны 11 цифр, например {EXAMPLE}"
RETYPE = f"впишите номер слитно, например {EXAMPLE}"
DENIED = f"рядом сказано, что звонить не по нему: оставьте один верный номер, например {EXAMPLE}"
LOOKED_THROUGH = 300
MOST = 4  # numbers of a text that are looked at
# how the world dials out: 00 375 29 … is +375 29 …
ABROAD = re.compile(r"^[^0-9+]{0,3}0[ -]?0[ -]?(?=[1-9])")
TRUNKS = ("8", "0", "80")  # what is dialled before a number within a country
LABELS = re.compile(
    r"(?<![^\W\d_])(?:мой|тел|телефон|моб|мобильный|сот|сотовый|номер|т|tel|phone)(?![^\W\d_])"
)


class _Number(NamedTuple):
    place: Place
    number: PhoneNumber


class SpokenPhone(NamedTuple):
    """A phone in E.164 form; ``more`` says whether other words or numbers stand beside
    it.
    """

    phone: str
    more: bool


def phone(cell: Cell, region: str = "RU") -> str | None:
    """Return a phone in E.164 form; of several, or with a text around it, the first
    that can be called.
    """
    found = spoken_phone(cell, region)
    return found.phone if found else None


def spoken_phone(cell: Cell, region: str = "RU") -> SpokenPhone | None:
    """Return the first phone that can be called, and whether more is said than that.

    Where it is called the old or the wrong one, that one is returned which is called
    the new or the right one.

    Raises:
        Unclear: there is none, or the words beside it deny it, and nothing says which one to call instead.
    """
    shown = opened(cell, "Телефон", RETYPE, whole=False)
    if not shown:
        return None
    if region == "RU" and (usual := USUAL.fullmatch(shown)):
        return SpokenPhone("+7" + re.sub("[^0-9]", "", usual[1]), more=False)
    found = _found(shown, region)
    if isinstance(found, SpokenPhone):
        return found
    raise Unclear(f"Телефон «{cut(shown)}» непонятен: {found}")


def phone_words(cell: Cell, region: str = "RU") -> str:
    """Return in one line what stands in a cell that says more than a phone, "" where it
    is one, or none.
    """
    try:
        found = spoken_phone(cell, region)
    except Unclear:
        return ""
    return " ".join(as_shown(cell)[:LONGEST].split()) if found and found.more else ""


@lru_cache(maxsize=4096)
def _found(shown: str, region: str) -> SpokenPhone | str:
    """Return the phone to call, or why there is none."""
    numbers = _whole(shown, region) or _within(shown, region)
    if not numbers:
        return NEEDED
    meant = _meant(numbers, verdicts(shown, [number.place for number in numbers]))
    if meant is None:
        return DENIED
    return SpokenPhone(
        phonenumbers.format_number(meant, PhoneNumberFormat.E164),
        _says_more(shown, meant),
    )


def _meant(numbers: list[_Number], said: list[Verdict]) -> PhoneNumber | None:
    """Return the number to call: the first one, unless the words beside it or beside
    another say otherwise.
    """
    preferred = [n for n, verdict in enumerate(said) if verdict is Verdict.PREFERRED]
    if said[0] is not Verdict.DENIED and preferred in ([], [0]):
        return numbers[0].number
    others = [verdict for verdict in said if verdict is not Verdict.PREFERRED]
    certain = len(preferred) == 1 and all(
        verdict is Verdict.DENIED for verdict in others
    )
    return numbers[preferred[0]].number if certain else None


def _says_more(shown: str, found: PhoneNumber) -> bool:
    digits = "".join(re.findall("[0-9]", shown))
    national = phonenumbers.national_significant_number(found)
    code = str(found.country_code)
    dialled_before = {"", *TRUNKS, code, f"00{code}", f"810{code}"}
    alone = (
        digits.endswith(national) and digits.removesuffix(national) in dialled_before
    )
    return not alone or bool(re.search(r"[^\W\d_]", LABELS.sub("", shown.casefold())))


def _whole(shown: str, region: str) -> list[_Number]:
    """Return the number that the whole text is; Latin letters would be taken for the
    keys that they stand on.
    """
    if re.search("[A-Za-z]", shown) or len(shown) > LOOKED_THROUGH:
        return []
    dialled = ABROAD.sub("+", shown, count=1)
    try:
        parsed = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return []
    figures = [at for at, mark in enumerate(shown) if mark.isdigit()]
    place = Place(figures[0], figures[-1] + 1)
    return [_Number(place, parsed)] if _callable(parsed, shown) else []


def _within(shown: str, region: str) -> list[_Number]:
    """Return the numbers that are surely some in a text, the first few of many."""
    matches = PhoneNumberMatcher(shown[:LOOKED_THROUGH], region)
    callable_ones = (
        match for match in matches if _callable(match.number, match.raw_string)
    )
    return [
        _Number(Place(one.start, one.end), one.number)
        for one in islice(callable_ones, MOST)
    ]


def _callable(parsed: PhoneNumber, shown: str) -> bool:
    """Say whether a number is whole; one typed short is taken only where such numbers
    are known to be given out.
    """
    whole = sum(map(str.isdigit, shown)) >= 11
    possible = (
        phonenumbers.is_possible_number_with_reason(parsed)
        == ValidationResult.IS_POSSIBLE
    )
    return possible and (whole or phonenumbers.is_valid_number(parsed))
