"""What chosen services cost together, with a minimum and surcharges. Pure.

    works ──▶ not less than the minimum ──▶ + urgent % + night % of that ──▶ total, whole roubles

Only names and quantities come from a browser; prices come from «Услуги» and rates from
the settings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from record.dispatch.model import Service

MOST = 999
MOST_LINES = 60
ROUBLE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rates:
    """What a visit costs at least, in roubles, and what haste and night add in percent."""

    minimum: Decimal = ZERO
    urgent_percent: Decimal = ZERO
    night_percent: Decimal = ZERO


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
    """So much of a service."""

    service: Service
    quantity: int

    @property
    def sum(self) -> Decimal | None:
        """What it costs, or None where the price must be agreed on."""
        if self.service.price is None:
            return None
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


def estimate(choice: Choice, services: Mapping[str, Service], rates: Rates) -> Estimate:
    """Return what the choice costs; a service that is not offered any more is left out."""
    items = []
    sums = []
    for code, count in choice.quantities.items():
        if code in services:
            item = Item(services[code], count)
            items.append(item)
            if item.sum is not None:
                sums.append(item.sum)
    works = sum(sums, ZERO)
    topped_up = ZERO
    if sums:
        topped_up = max(rates.minimum - works, ZERO)
    surcharges = tuple(_surcharges(choice, rates, works + topped_up))
    total = works + topped_up + sum((one.amount for one in surcharges), ZERO)
    return Estimate(tuple(items), works, topped_up, surcharges, total)


def _surcharges(choice: Choice, rates: Rates, base: Decimal) -> Iterable[Surcharge]:
    wanted = (
        ("Срочно", choice.urgent, rates.urgent_percent),
        ("Ночью", choice.night, rates.night_percent),
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
