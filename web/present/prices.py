"""The price list as the pages show it: by category, found by careless words, each
service known by a code. Pure.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from record.dispatch.model import Row, Service, read_service

OTHER = "Другое"
ALIKE = 70
STEM = 3
QUERY_LIMIT = 80
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Offer:
    """A service that is shown, under a code that lasts as long as its category and its
    name.
    """

    code: str
    category: str
    service: Service

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The words one may look for it by: of its name, then its description and its
        category too.
        """
        name, description, category = (
            _words(text)
            for text in (self.service.name, self.service.description, self.category)
        )
        return name, name + description, name + description + category


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
        return PriceList(
            tuple(offer for offer in self.offers if category in {"", offer.category})
        )

    def found(self, query: str) -> "PriceList":
        """Return what every word of a query fits: by name if anything does, else by
        description, else by category.

        Where nothing fits them all, what fits any of them is shown: a person rarely
        misses altogether.
        """
        wanted = [word for word in _words(query) if len(word) > 1]
        if not wanted:
            return self
        for every in (all, any):
            for place in range(3):
                fits = [
                    one
                    for one in self.offers
                    if every(_meant(word, one.words[place]) for word in wanted)
                ]
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
        if service.shown and service.name:
            category = service.category or OTHER
            code = hashlib.sha256(f"{category}\0{service.name}".encode()).hexdigest()[
                :8
            ]
            offers.setdefault(code, Offer(code, category, service))
    return PriceList(tuple(offers.values()))


def price_from(offers: Iterable[Offer]) -> Decimal | None:
    """Return the lowest price among these, or None where none has a price."""
    return min(
        (offer.service.price for offer in offers if offer.service.price is not None),
        default=None,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text[:500].casefold().replace("ё", "е")))


def _meant(typed: str, words: Iterable[str]) -> bool:
    """Say whether a typed word means one of these: its beginning, another form of it,
    or a slip of the hand.
    """
    return any(
        _begun(typed, word) or _same_stem(typed, word) or _slip(typed, word)
        for word in words
    )


def _begun(typed: str, word: str) -> bool:
    return word.startswith(typed) or (len(typed) > STEM and typed in word)


def _same_stem(typed: str, word: str) -> bool:
    stem = max(STEM, min(len(typed), len(word)) - 2)
    return (
        len(typed) > STEM
        and abs(len(typed) - len(word)) <= 3
        and typed[:stem] == word[:stem]
    )


def _slip(typed: str, word: str) -> bool:
    return (
        len(typed) > STEM
        and fuzz.ratio(typed, word[: len(typed) + 2], score_cutoff=ALIKE) > 0
    )
