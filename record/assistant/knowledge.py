"""What the company has written down, as entries that a question may be about. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from record.assistant.speech import accusative
from record.dispatch.model import Service
from record.reports.price_rule import Rates, cost_in_words, least_beside
from record.values.listed import AGREED
from record.values.wording import money

NO_RATES = Rates()


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
        cls,
        services: Iterable[Service],
        questions: Iterable[tuple[str, str]],
        rates: Rates = NO_RATES,
    ) -> "Knowledge":
        """Return what these worksheets say, without hidden and half empty lines.

        ``rates``: what is added to prices, which is said beside those that it changes.
        """
        answers = [
            Entry("answer", asked, answer, about=answer)
            for asked, answer in questions
            if asked and answer
        ]
        shown = [one for one in services if one.shown and one.name]
        priced = [_priced(service, rates) for service in shown]
        return cls((*answers, *priced))


def _priced(service: Service, rates: Rates) -> Entry:
    """Return the entry of a service: «Замена розетки — 350 ₽ за штуку. С выездом.»"""
    text = f"{service.name} — {_price(service)}."
    if service.description:
        text += f" {service.description.rstrip('.')}."
    least = least_beside(service, rates)
    if least is not None:
        text += f" Минимальная стоимость вызова {money(least)}."
    return Entry(
        "price",
        title=service.name,
        text=text,
        about=f"{service.description} {service.category}",
    )


def _price(service: Service) -> str:
    cost = cost_in_words(service)
    if service.price is None and cost == AGREED:
        return "цену назовёт мастер, до начала работ"
    if not service.unit:
        return cost
    return f"{cost} за {accusative(service.unit)}"
