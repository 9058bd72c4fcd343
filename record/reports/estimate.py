"""What chosen services cost together, with a minimum and surcharges. Pure.

    works + visits ──▶ not less than the minimum ──▶ + urgent % + night % of that ──▶ total, whole roubles

What is added and why is the rule of record/reports/price_rule.py.

Only names and quantities come from a browser; prices come from «Услуги» and rates from
the settings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from record.dispatch.model import Service
from record.reports.price_rule import (
    ZERO,
    Rates,
    free_from,
    is_nightly,
    is_urgent,
    is_visit,
    offered_rates,
)

MOST = 999
MOST_LINES = 60
ROUBLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose: quantities by the code of a service, and how soon."""

    quantities: Mapping[str, int]
    urgent: bool = False
    night: bool = False

    def __bool__(self) -> bool:
        """Return whether any service is chosen."""
        return bool(self.quantities)


@dataclass(frozen=True, slots=True)
class Item:
    """So much of a service; ``free_from``: it costs nothing, works being that much."""

    service: Service
    quantity: int
    free_from: Decimal | None = None

    @property
    def sum(self) -> Decimal | None:
        """What it costs, or None where the price must be agreed on."""
        if self.service.price is None:
            return None
        if self.free_from is not None:
            return ZERO
        return self.service.price * self.quantity


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What is added, and why."""

    name: str
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """The sum and how it came about; ``topped_up`` is what the minimum adds."""

    items: tuple[Item, ...]
    works: Decimal
    topped_up: Decimal
    surcharges: tuple[Surcharge, ...]
    total: Decimal

    @property
    def unpriced(self) -> tuple[Item, ...]:
        """The items that the total does not hold, since their price must be agreed on."""
        return tuple(item for item in self.items if item.sum is None)

    @property
    def is_open(self) -> bool:
        """Whether it may be more: a price is only the least that a work costs."""
        return any(item.service.is_open for item in self.items)


def estimate(choice: Choice, services: Mapping[str, Service], rates: Rates) -> Estimate:
    """Return what the choice costs; a service that is not offered any more is left out."""
    items = _items(choice, services)
    works = sum((item.sum or ZERO for item in items), ZERO)
    topped_up = ZERO
    # a visit alone costs what the list says, and free work nothing
    if works and not all(is_visit(item.service) for item in items):
        topped_up = max(rates.minimum - works, ZERO)
    added = offered_rates(rates, services.values())
    surcharges = tuple(_surcharges(choice, items, added, works + topped_up))
    total = works + topped_up + sum((one.amount for one in surcharges), ZERO)
    return Estimate(tuple(items), works, topped_up, surcharges, total)


def _items(choice: Choice, services: Mapping[str, Service]) -> list[Item]:
    """Return what is chosen, the visits free that works of this sum make free."""
    items = [
        Item(services[code], count)
        for code, count in choice.quantities.items()
        if code in services
    ]
    works = ZERO
    for item in items:
        if not is_visit(item.service):
            works += item.sum or ZERO
    return [_freed(item, works) for item in items]


def _freed(item: Item, works: Decimal) -> Item:
    least = free_from(item.service)
    if least is None or works < least:
        return item
    return replace(item, free_from=least)


def _surcharges(
    choice: Choice, items: Iterable[Item], rates: Rates, base: Decimal
) -> Iterable[Surcharge]:
    chosen = [item.service for item in items]
    # who ordered an urgent visit has paid for the haste
    urgent = choice.urgent and not any(map(is_urgent, chosen))
    night = choice.night and not any(map(is_nightly, chosen))
    wanted = (
        ("Срочно", urgent, rates.urgent_percent),
        ("Ночью", night, rates.night_percent),
    )
    for name, on, percent in wanted:
        if on and percent and base:
            amount = (base * percent / 100).quantize(ROUBLE, ROUND_HALF_UP)
            yield Surcharge(name, percent, amount)


def read_choice(code: str) -> Choice:
    """Return the choice that :func:`choice_code` wrote, without what makes no sense.

    The code comes from the address of a page: anybody may have typed it.
    """
    parts = code.split("_")[: MOST_LINES + 2]
    quantities: dict[str, int] = {}
    for part in parts:
        name, _, count = part.partition(".")
        # also 0 where there is no dot: «urgent»
        number = quantity(count)
        if number and len(quantities) < MOST_LINES:
            quantities[name] = number
    return Choice(quantities, urgent="urgent" in parts, night="night" in parts)


def choice_code(choice: Choice) -> str:
    """Return the choice as a text that fits into an address."""
    parts = [f"{name}.{count}" for name, count in choice.quantities.items()]
    if choice.urgent:
        parts.append("urgent")
    if choice.night:
        parts.append("night")
    return "_".join(parts)


def quantity(typed: str) -> int:
    """Return a typed number of pieces, 0 where there is none, at most 999."""
    plain = typed.strip()
    if not plain.isascii() or not plain.isdecimal():
        return 0
    return min(int(plain[:9]), MOST)
