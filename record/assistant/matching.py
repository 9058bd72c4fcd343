"""Finding the entry that a question is about, and how sure that is. Pure."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance.DamerauLevenshtein import distance

from record.assistant.concepts import ACTS
from record.assistant.knowledge import Entry, Knowledge
from record.assistant.speech import CONCEPT, forms, known, said

SURE, LIKELY = 0.55, 0.34
LONG = 6  # letters from which a word may have two slips and still be one of ours
# what a word of the answer or description is worth beside one of the title
ASIDE = 0.45
ACT = 0.5  # what an act is worth beside a thing
SHOWN = 3


@dataclass(frozen=True)
class Reply:
    """What can be told: ``entry`` where that is certain; ``near`` are titles that may
    be meant.
    """

    entry: Entry | None
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Page:
    entry: Entry
    title: frozenset[str]
    aside: frozenset[str]


class Matcher:
    """Knows all entries by what they speak of."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._pages = [_page(entry) for entry in knowledge.entries]
        seen = Counter(
            concept for page in self._pages for concept in page.title | page.aside
        )
        count = len(self._pages) + 1
        self._weight = {
            concept: math.log(1 + count / times) * (ACT if concept in ACTS else 1)
            for concept, times in seen.items()
        }
        self._strange = math.log(1 + count)
        self._ours = _words_of(self._weight)

    def find(self, question: str) -> Reply:
        """Return the entry that answers a question, or what comes near it, or nothing."""
        scores = self._ranked(question)
        if not scores or scores[0][0] < LIKELY:
            return Reply(None)
        near = tuple(entry.title for score, entry in scores[:SHOWN] if score >= LIKELY)
        best, entry = scores[0]
        sure = best >= SURE and not self._vague(question)
        return Reply(entry, near[1:]) if sure else Reply(None, near)

    def _vague(self, question: str) -> bool:
        """Say whether a question is one word that several entries are about: what is
        asked of it, nobody knows.
        """
        concepts = said(question).concepts
        return (
            len(concepts) == 1
            and sum(self._understood(concepts[0]) in page.title for page in self._pages)
            > 1
        )

    def first(self, question: str) -> str:
        """Return the title of the entry that comes nearest, however far that is."""
        ranked = self._ranked(question)
        return ranked[0][1].title if ranked else ""

    def _ranked(self, question: str) -> list[tuple[float, Entry]]:
        asked = said(question)
        concepts = [self._understood(concept) for concept in asked.concepts]
        scores = (
            (self._score(concepts, page, price=asked.price), page.entry)
            for page in self._pages
        )
        return sorted(scores, key=lambda pair: -pair[0])

    def _score(self, concepts: list[str], page: _Page, *, price: bool) -> float:
        if not concepts:
            return 0.0
        asked = sum(map(self._worth, concepts))
        hit = sum(self._worth(concept) * _place(concept, page) for concept in concepts)
        title = sum(self._worth(concept) for concept in page.title) or 1.0
        covered = sum(
            self._worth(concept) for concept in page.title if concept in concepts
        )
        liked = 0.05 if price == (page.entry.kind == "price") else 0.0
        return 0.65 * hit / asked + 0.35 * covered / title + (liked if hit else 0.0)

    def _worth(self, concept: str) -> float:
        return self._weight.get(concept, self._strange)

    def _understood(self, concept: str) -> str:
        """Return the concept, or the one of ours that was mistyped."""
        if concept in self._weight or len(concept) < 4 or known(concept):
            return concept
        slips = 2 if len(concept) > LONG else 1
        perhaps = dict.fromkeys([concept, *forms(concept)])
        found = (
            process.extractOne(one, self._ours, scorer=distance, score_cutoff=slips)
            for one in perhaps
        )
        best = min(filter(None, found), key=lambda near: near[1], default=None)
        return CONCEPT.get(best[0], best[0]) if best else concept


def _place(concept: str, page: _Page) -> float:
    return 1.0 if concept in page.title else ASIDE if concept in page.aside else 0.0


def _page(entry: Entry) -> _Page:
    title = frozenset(said(entry.title).concepts)
    return _Page(entry, title, frozenset(said(entry.about).concepts) - title)


def _words_of(weight: Mapping[str, float]) -> list[str]:
    return sorted(
        {*weight, *(word for word, concept in CONCEPT.items() if concept in weight)}
    )
