"""The one rule by which a visit is priced, read by every page, the chat and the bots. Pure.

The price list tells what works and visits cost; here stands what is added to that, and
what is not asked for: the least that works cost together, haste, night, and the visit
that is free with works from a sum on. That sum is read from the visit's own line in
«Услуги», so its words and the calculator can't disagree.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from record.dispatch.model import Service
from record.values.listed import AGREED
from record.values.wording import money, percent

ZERO = Decimal(0)
VISIT = ("выезд", "вызов")
URGENT = ("срочн", "авари", "экстренн")
NIGHT = "ноч"
SUM = r"(?P<sum>\d[\d \u00a0\u202f]*)\s*(?:₽|р\b|руб)"
# При заказе работ от 2 000 ₽ — бесплатно · бесплатно при заказе от 2000 руб.
FREE_FROM = (
    re.compile(rf"от {SUM}[^.;]*?бесплатн", re.IGNORECASE),
    re.compile(rf"бесплатн[^.;]*?от {SUM}", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Rates:
    """What works cost at least, in roubles, and what haste and night add in percent."""

    minimum: Decimal = ZERO
    urgent_percent: Decimal = ZERO
    night_percent: Decimal = ZERO


def is_visit(service: Service) -> bool:
    """Return whether a line of the price list is the way to the client, not a work."""
    return _begins(service.unit, VISIT) or _begins(service.name, VISIT)


def is_urgent(service: Service) -> bool:
    """Return whether haste is the very thing that a service's price is for."""
    return _begins(service.category, URGENT) or _begins(service.name, URGENT)


def is_nightly(service: Service) -> bool:
    """Return whether an urgent visit is priced for the night."""
    return is_urgent(service) and NIGHT in service.name.casefold()


def free_from(service: Service) -> Decimal | None:
    """Return with works of how much a visit costs nothing, None where it always costs."""
    if not is_visit(service):
        return None
    for pattern in FREE_FROM:
        found = pattern.search(service.description[:500])
        if found:
            return Decimal(re.sub(r"\D", "", found["sum"]))
    return None


def offered_rates(rates: Rates, services: Iterable[Service]) -> Rates:
    """Return the rates without a surcharge for haste that the price list sells itself.

    «Срочно» as a category and as a tick beside it would be two prices of one thing.
    """
    shown = [service for service in services if service.shown]
    if any(_begins(service.category, ("срочн",)) for service in shown):
        return replace(rates, urgent_percent=ZERO)
    return rates


def least_beside(service: Service, rates: Rates) -> Decimal | None:
    """Return the minimum, where it must be said beside a price that is less."""
    if service.price is None or is_visit(service):
        return None
    if service.price >= rates.minimum:
        return None
    return rates.minimum


def cost_in_words(service: Service) -> str:
    """Return how a price of the list is shown: «450 ₽», «от 500 ₽», «по договорённости»."""
    if service.cost:
        return service.cost
    if service.price is None:
        return AGREED
    return money(service.price)


def rule_in_words(rates: Rates, services: Iterable[Service]) -> list[str]:
    """Return the rule in sentences, for whoever reads prices."""
    shown = [service for service in services if service.shown]
    said = []
    if rates.minimum:
        said.append(f"Минимальная стоимость вызова {money(rates.minimum)}.")
    for service in shown:
        least = free_from(service)
        if least is not None:
            said.append(f"{service.name} — бесплатно при работах от {money(least)}.")
    added = offered_rates(rates, shown)
    if added.urgent_percent:
        said.append(f"Срочный вызов: + {percent(added.urgent_percent)} к работам.")
    if added.night_percent:
        said.append(
            f"Ночью, с 22:00 до 7:00: + {percent(added.night_percent)} к работам."
        )
    return said


def _begins(text: str, words: tuple[str, ...]) -> bool:
    return text.casefold().lstrip().startswith(words)
