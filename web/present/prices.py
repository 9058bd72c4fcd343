"""The price list as the pages show it: by category, found by careless words. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from record.dispatch.model import Service
from record.dispatch.reading import read_service
from record.grid.layout import Row

OTHER = "Другое"
ALIKE = 70  # of 100, by rapidfuzz
STEM = 3  # letters: a shorter word tells too little to be guessed at
QUERY_LIMIT = 80
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Offer:
    """A service that is shown; ``code`` lasts as long as its category and its name."""

    code: str
    category: str
    service: Service

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The words to look for it by, from the surest on.

        Those of its name; these and its description's; these and its category's.
        """
        name = _words(self.service.name)
        with_description = name + _words(self.service.description)
        return name, with_description, with_description + _words(self.category)


@dataclass(frozen=True)
class PriceList:
    """The services that are shown, in the order of the sheet."""

    offers: tuple[Offer, ...] = ()

    @staticmethod
    def of(rows: Iterable[Row]) -> "PriceList":
        """Return what the rows of «Услуги» offer; of two lines alike the first counts.

        The same rows are understood once, since every page of the site begins with
        them.
        """
        return _understood(tuple(rows))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """All categories, in the order in which they first stand in the sheet."""
        return tuple(dict.fromkeys(offer.category for offer in self.offers))

    @cached_property
    def services(self) -> dict[str, Service]:
        """All services by their codes."""
        return {offer.code: offer.service for offer in self.offers}

    def of_category(self, category: str) -> "PriceList":
        """Return what stands in a category, everything for ""."""
        if not category:
            return self
        same = [offer for offer in self.offers if offer.category == category]
        return PriceList(tuple(same))

    def found(self, query: str) -> "PriceList":
        """Return what every word of a query fits: by name, else description, category.

        Where nothing fits them all, what fits any of them is shown: a person rarely
        misses altogether.
        """
        # a single letter is an «и» or «в»
        wanted = [word for word in _words(query) if len(word) > 1]
        if not wanted:
            return self
        for every in (all, any):
            for place in range(3):
                fits = []
                for offer in self.offers:
                    words = offer.words[place]
                    if every(_is_meant(word, words) for word in wanted):
                        fits.append(offer)
                if fits:
                    return PriceList(tuple(fits))
        return PriceList()

    def groups(self) -> dict[str, list[Offer]]:
        """Return the offers by category, both in the order of the sheet."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers:
            found.setdefault(offer.category, []).append(offer)
        return found


@lru_cache(maxsize=2)
def _understood(rows: tuple[Row, ...]) -> PriceList:
    offers: dict[str, Offer] = {}
    for service in map(read_service, rows):
        if not service.shown or not service.name:
            continue
        category = service.category or OTHER
        code = _code(category, service.name)
        if code not in offers:
            offers[code] = Offer(code, category, service)
    return PriceList(tuple(offers.values()))


def _code(category: str, name: str) -> str:
    # of the words and not of the row: rows are moved, and links to a choice are kept
    return hashlib.sha256(f"{category}\0{name}".encode()).hexdigest()[:8]


def price_from(offers: Iterable[Offer]) -> Decimal | None:
    """Return the lowest price among these, or None where none has a price."""
    prices = [offer.service.price for offer in offers]
    return min((price for price in prices if price is not None), default=None)


def _words(text: str) -> tuple[str, ...]:
    # cut, since what a visitor types is compared with every word of every service
    plain = text[:500].casefold().replace("ё", "е")
    return tuple(WORD.findall(plain))


def _is_meant(typed: str, words: Iterable[str]) -> bool:
    """Return whether a typed word means one of these."""
    for word in words:
        if _is_part(typed, word):
            return True
        if _has_same_stem(typed, word) or _is_slip(typed, word):
            return True
    return False


def _is_part(typed: str, word: str) -> bool:
    """Return whether it is a word's beginning; what is longer may stand anywhere in it."""
    if word.startswith(typed):
        return True
    return len(typed) > STEM and typed in word


def _has_same_stem(typed: str, word: str) -> bool:
    """Return whether it is another form of a word: розетку, розетками."""
    if len(typed) <= STEM or abs(len(typed) - len(word)) > 3:
        return False
    stem = max(STEM, min(len(typed), len(word)) - 2)
    return typed[:stem] == word[:stem]


def _is_slip(typed: str, word: str) -> bool:
    """Return whether it is a word with a slip of the hand: розтека."""
    if len(typed) <= STEM:
        return False
    # one types the beginning of a long word, so only so much of it is compared
    beginning = word[: len(typed) + 2]
    return fuzz.ratio(typed, beginning, score_cutoff=ALIKE) > 0
