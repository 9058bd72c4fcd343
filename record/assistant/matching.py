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
SHORTEST = 4  # letters; a shorter word with a slip may be any other
# what a word of the answer or description is worth beside one of the title
ASIDE = 0.45
ACT = 0.5  # what an act is worth beside a thing
SHOWN = 3
# of the score: how much of the question is met, and how much of the title
OF_QUESTION, OF_TITLE = 0.65, 0.35
LIKED = 0.05  # a price for who asks for one, an answer for who does not


@dataclass(frozen=True)
class Reply:
    """What can be answered: an ``entry`` where it is certain which.

    ``near``: titles that may be meant, beside it or instead.
    """

    entry: Entry | None
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Topics:
    """The concepts that an entry speaks of."""

    entry: Entry
    title: frozenset[str]
    aside: frozenset[str]

    @classmethod
    def of(cls, entry: Entry) -> "_Topics":
        title = frozenset(said(entry.title).concepts)
        about = frozenset(said(entry.about).concepts)
        return cls(entry, title, about - title)

    def holds(self, concept: str) -> float:
        """Return how much the entry is about a concept, 0–1."""
        if concept in self.title:
            return 1.0
        if concept in self.aside:
            return ASIDE
        return 0.0


class Matcher:
    """Knows all entries by what they speak of."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._topics = list(map(_Topics.of, knowledge.entries))
        seen = Counter[str]()
        for topics in self._topics:
            seen.update(topics.title | topics.aside)
        count = len(self._topics) + 1
        # a concept that few entries have says more about which one is meant
        self._weight = {
            concept: _weight(concept, count / times) for concept, times in seen.items()
        }
        self._strange = math.log(1 + count)
        self._ours = _words_of(self._weight)

    def find(self, question: str) -> Reply:
        """Return the entry that answers a question, or what comes near it, or nothing."""
        ranked = self._ranked(question)
        likely = [(score, entry) for score, entry in ranked if score >= LIKELY]
        if not likely:
            return Reply(None)
        near = tuple(entry.title for _, entry in likely[:SHOWN])
        score, entry = likely[0]
        if score < SURE or self._is_vague(question):
            return Reply(None, near)
        return Reply(entry, near[1:])

    def _is_vague(self, question: str) -> bool:
        """Return whether a question is one word that several entries are about.

        What is asked of «розетка», nobody knows.
        """
        concepts = said(question).concepts
        if len(concepts) != 1:
            return False
        concept = self._understood(concepts[0])
        return sum(concept in topics.title for topics in self._topics) > 1

    def first(self, question: str) -> str:
        """Return the title of the entry that comes nearest, however far that is."""
        ranked = self._ranked(question)
        if not ranked:
            return ""
        _, entry = ranked[0]
        return entry.title

    def _ranked(self, question: str) -> list[tuple[float, Entry]]:
        """Return all entries with their scores, the nearest first."""
        asked = said(question)
        concepts = list(map(self._understood, asked.concepts))
        scores: list[tuple[float, Entry]] = []
        for topics in self._topics:
            score = self._score(concepts, topics, price=asked.price)
            scores.append((score, topics.entry))
        return sorted(scores, key=lambda pair: -pair[0])

    def _score(self, concepts: list[str], topics: _Topics, *, price: bool) -> float:
        if not concepts:
            return 0.0
        asked = sum(map(self._worth, concepts))
        hit = sum(self._worth(concept) * topics.holds(concept) for concept in concepts)
        title = sum(map(self._worth, topics.title)) or 1.0
        met = [concept for concept in topics.title if concept in concepts]
        covered = sum(map(self._worth, met))
        score = OF_QUESTION * hit / asked + OF_TITLE * covered / title
        is_price = topics.entry.kind == "price"
        if hit and price == is_price:
            score += LIKED
        return score

    def _worth(self, concept: str) -> float:
        return self._weight.get(concept, self._strange)

    def _understood(self, concept: str) -> str:
        """Return the concept, or the one of ours that was mistyped."""
        if concept in self._weight or len(concept) < SHORTEST or known(concept):
            return concept
        nearest = self._nearest(concept)
        if nearest is None:
            return concept
        return CONCEPT.get(nearest, nearest)

    def _nearest(self, word: str) -> str | None:
        """Return the word of ours that a word, in any of its forms, comes nearest to."""
        slips = 1
        if len(word) > LONG:
            slips = 2
        best = None
        for form in dict.fromkeys([word, *forms(word)]):
            found = process.extractOne(
                form, self._ours, scorer=distance, score_cutoff=slips
            )
            if found and (best is None or found[1] < best[1]):
                best = found
        if best is None:
            return None
        return str(best[0])


def _weight(concept: str, rarity: float) -> float:
    weight = math.log(1 + rarity)
    if concept in ACTS:
        weight *= ACT
    return weight


def _words_of(weight: Mapping[str, float]) -> list[str]:
    """Return the concepts that entries speak of, and all words for them."""
    synonyms = (word for word, concept in CONCEPT.items() if concept in weight)
    return sorted({*weight, *synonyms})
