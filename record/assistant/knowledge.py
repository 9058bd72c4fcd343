"""What the company has written down, as entries that a question may be about. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from record.assistant.speech import accusative
from record.dispatch.model import Service
from record.values.wording import money


@dataclass(frozen=True)
class Entry:
    """One thing that can be answered.

    ``about``: further words that lead to it beside its title.
    """

    kind: Literal["answer", "price"]
    title: str
    text: str
    about: str = ""


@dataclass(frozen=True)
class Knowledge:
    """All entries: answers of «Вопросы» first, then the prices of «Услуги»."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(
        cls, services: Iterable[Service], questions: Iterable[tuple[str, str]]
    ) -> "Knowledge":
        """Return what these worksheets say, without hidden and half empty lines."""
        answers = [
            Entry("answer", asked, answer, about=answer)
            for asked, answer in questions
            if asked and answer
        ]
        shown = [one for one in services if one.shown and one.name]
        return cls((*answers, *map(_priced, shown)))


def _priced(service: Service) -> Entry:
    """Return the entry of a service: «Замена розетки — 350 ₽ за штуку. С выездом.»"""
    text = f"{service.name} — {_price(service)}."
    if service.description:
        text += f" {service.description.rstrip('.')}."
    return Entry(
        "price",
        title=service.name,
        text=text,
        about=f"{service.description} {service.category}",
    )


def _price(service: Service) -> str:
    if service.price is None:
        return "цену назовёт мастер, до начала работ"
    if not service.unit:
        return money(service.price)
    return f"{money(service.price)} за {accusative(service.unit)}"
