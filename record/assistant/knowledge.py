"""What the company has written down, as entries that a question may be about. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from record.assistant.speech import accusative
from record.dispatch.model import Service
from record.wording import money


@dataclass(frozen=True)
class Entry:
    """One thing that can be told. ``about``: further words that lead to it beside its
    title.
    """

    kind: Literal["answer", "price"]
    title: str
    text: str
    about: str = ""
    category: str = ""


@dataclass(frozen=True)
class Knowledge:
    """All entries: answers of «Вопросы» first, then the prices of «Услуги»."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(
        cls, services: Iterable[Service], questions: Iterable[tuple[str, str]]
    ) -> "Knowledge":
        """Return what these worksheets tell; lines that are hidden or half empty are
        left out.
        """
        told = [
            Entry("answer", asked, answer, answer)
            for asked, answer in questions
            if asked and answer
        ]
        priced = [
            _priced(service) for service in services if service.shown and service.name
        ]
        return cls((*told, *priced))

    def entry(self, title: str) -> Entry | None:
        """Return the entry of this title."""
        return next((entry for entry in self.entries if entry.title == title), None)


def _priced(service: Service) -> Entry:
    said = (
        _price(service)
        if service.price is not None
        else "цену назовёт мастер, до начала работ"
    )
    more = f" {service.description.rstrip('.')}." if service.description else ""
    about = f"{service.description} {service.category}"
    return Entry(
        "price",
        service.name,
        f"{service.name} — {said}.{more}",
        about,
        service.category,
    )


def _price(service: Service) -> str:
    unit = f" за {accusative(service.unit)}" if service.unit else ""
    return f"{money(service.price or Decimal())}{unit}"
