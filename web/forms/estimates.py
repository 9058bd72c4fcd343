"""What a calculator form says, and an estimate in words for the order made of it. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from record.reports.estimate import Choice, Estimate, Item, quantity
from record.reports.price_rule import cost_in_words
from record.values import wording

FIELD = "q-"


def typed_choice(sent: Mapping[str, str], codes: Iterable[str]) -> Choice:
    """Return what a calculator form says, in the order of the price list."""
    chosen = {}
    for code in codes:
        count = quantity(sent.get(f"{FIELD}{code}", ""))
        if count:
            chosen[code] = count
    return Choice(chosen, bool(sent.get("urgent")), bool(sent.get("night")))


def as_problem(made: Estimate, typed: str) -> str:
    """Return what the master reads: the works, when, the sum, and the client's words."""
    works = ", ".join(f"{item.service.name} × {item.quantity}" for item in made.items)
    surcharges = [f", {one.name.lower()}" for one in made.surcharges]
    lines = [works + "".join(surcharges)]
    if made.total:
        lines.append(f"По калькулятору: {_from(made)}{_money(made.total)}")
    if typed:
        lines.append(typed)
    return "\n".join(lines)


def as_comment(made: Estimate) -> str:
    """Return how the sum came about, for staff."""
    parts = [_line(item) for item in made.items]
    if made.topped_up:
        parts.append(f"до минимального вызова + {_money(made.topped_up)}")
    for one in made.surcharges:
        percent = f"{one.percent.normalize():f} %"
        parts.append(f"{one.name.lower()} + {percent} = {_money(one.amount)}")
    return f"Калькулятор: {'; '.join(parts)}; итого {_from(made)}{_money(made.total)}"


def _line(item: Item) -> str:
    work = item.service.name
    price = cost_in_words(item.service).replace(wording.SPACE, " ")
    if item.sum is None:
        return f"{work} × {item.quantity} — цена {price}"
    if item.free_from is not None:
        return f"{work} × {item.quantity} — бесплатно при работах от {_money(item.free_from)}"
    return f"{work} {price} × {item.quantity} = {_money(item.sum)}"


def _from(made: Estimate) -> str:
    return "от " if made.is_open else ""


def _money(value: Decimal) -> str:
    # these texts go into cells, where a narrow space would only hinder a search
    return wording.money(value).replace(wording.SPACE, " ")
