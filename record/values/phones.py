"""Phones, in any way people write them, and what they say beside one. Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import (
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    ValidationResult,
)

from record.values.cells import LONGEST, Cell, Unclear, as_shown, cut, opened
from record.values.denials import NumberVerdict, Place, verdicts

# between the figures of a number: +7 (900) 123—45—67
APART = r"[ ().–—-]{0,3}"
# the commonest numbers by far, without the slow library: 8 900 123-45-67
USUAL = re.compile(rf"(?:\+ ?7|7|8){APART}(9(?:{APART}[0-9]){{9}})")
EXAMPLE = "+79001234567"  # the same wherever an example is shown
NEEDED = f"нужны 11 цифр, например {EXAMPLE}"
RETYPE = f"впишите номер слитно, например {EXAMPLE}"
DENIED = f"рядом сказано, что звонить не по нему: оставьте один верный номер, например {EXAMPLE}"
LOOKED_THROUGH = 300
MOST = 4  # numbers of a text that are looked at
WHOLE = 11  # figures of a Russian number with what is dialled before it
# how the world dials out: 00 375 29 … is +375 29 …
ABROAD = re.compile(r"^[^0-9+]{0,3}0[ -]?0[ -]?(?=[1-9])")
TRUNKS = ("8", "0", "80")  # what is dialled before a number within a country
LETTER = re.compile(r"[^\W\d_]")
# what may stand beside a number and says nothing: «тел. 8900…»
LABELS = re.compile(
    r"(?<![^\W\d_])(?:мой|тел|телефон|моб|мобильный|сот|сотовый|номер|т|tel|phone)(?![^\W\d_])"
)


class _Number(NamedTuple):
    place: Place
    number: PhoneNumber


class SpokenPhone(NamedTuple):
    """A phone in E.164 form; ``more``: other words or numbers stand beside it."""

    phone: str
    more: bool


def phone(cell: Cell, region: str = "RU") -> str | None:
    """Return a phone in E.164 form; of several, the first that can be called."""
    found = spoken_phone(cell, region)
    if found is None:
        return None
    return found.phone


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
        return SpokenPhone("+7" + _figures(usual[1]), more=False)
    found = _found(shown, region)
    if isinstance(found, SpokenPhone):
        return found
    raise Unclear(f"Телефон «{cut(shown)}» непонятен: {found}")


def phone_words(cell: Cell, region: str = "RU") -> str:
    """Return in one line a cell that says more than a phone; "" for any other cell."""
    try:
        found = spoken_phone(cell, region)
    except Unclear:
        return ""
    if found is None or not found.more:
        return ""
    return " ".join(as_shown(cell)[:LONGEST].split())


def _figures(text: str) -> str:
    return re.sub("[^0-9]", "", text)


@lru_cache(maxsize=4096)
def _found(shown: str, region: str) -> SpokenPhone | str:
    """Return the phone to call, or why there is none."""
    numbers = _whole(shown, region) or _within(shown, region)
    if not numbers:
        return NEEDED
    places = [number.place for number in numbers]
    meant = _meant(numbers, verdicts(shown, places))
    if meant is None:
        return DENIED
    e164 = phonenumbers.format_number(meant, PhoneNumberFormat.E164)
    return SpokenPhone(e164, _says_more(shown, meant))


def _meant(numbers: list[_Number], said: list[NumberVerdict]) -> PhoneNumber | None:
    """Return the number to call: the first, unless words say otherwise.

    8900…, 8911…                      the first
    старый 8900…, новый 8911…         the second
    8900…, новый 8911…                nobody knows: is the first one old?
    не 8900…, 8911…                   nobody knows: is the second one right?
    """
    preferred = said.count(NumberVerdict.PREFERRED)
    if said[0] is NumberVerdict.PREFERRED and preferred == 1:
        return numbers[0].number
    if said[0] is NumberVerdict.PLAIN and preferred == 0:
        return numbers[0].number
    all_others_denied = said.count(NumberVerdict.DENIED) == len(said) - 1
    if preferred == 1 and all_others_denied:
        return numbers[said.index(NumberVerdict.PREFERRED)].number
    return None


def _says_more(shown: str, found: PhoneNumber) -> bool:
    """Return whether a text has words, or figures that don't belong to the number."""
    figures = _figures(shown)
    national = phonenumbers.national_significant_number(found)
    code = str(found.country_code)
    dialled_before = {"", *TRUNKS, code, f"00{code}", f"810{code}"}
    if not figures.endswith(national):
        return True
    if figures.removesuffix(national) not in dialled_before:
        return True
    unlabelled = LABELS.sub("", shown.casefold())
    return LETTER.search(unlabelled) is not None


def _whole(shown: str, region: str) -> list[_Number]:
    """Return the number that the whole text is, in a list, or none."""
    # the library takes Latin letters for the keys that they stand on
    if re.search("[A-Za-z]", shown) or len(shown) > LOOKED_THROUGH:
        return []
    dialled = ABROAD.sub("+", shown, count=1)
    try:
        parsed = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return []
    if not _callable(parsed, shown):
        return []
    figures = [place for place, character in enumerate(shown) if character.isdigit()]
    return [_Number(Place(figures[0], figures[-1] + 1), parsed)]


def _within(shown: str, region: str) -> list[_Number]:
    """Return the numbers that are surely some in a text, the first few of many."""
    found: list[_Number] = []
    for match in PhoneNumberMatcher(shown[:LOOKED_THROUGH], region):
        if not _callable(match.number, match.raw_string):
            continue
        found.append(_Number(Place(match.start, match.end), match.number))
        if len(found) == MOST:
            break
    return found


def _callable(parsed: PhoneNumber, shown: str) -> bool:
    """Return whether a number is whole.

    One typed short, as «500000» is, is taken only where such numbers are known to be
    given out.
    """
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason != ValidationResult.IS_POSSIBLE:
        return False
    figures = sum(map(str.isdigit, shown))
    return figures >= WHOLE or phonenumbers.is_valid_number(parsed)
