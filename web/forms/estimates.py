"""An estimate in words, for the order that comes of it, and what a calculator form
says. Pure.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from record import wording
from record.reports.estimate import Choice, Estimate, Item, quantity

FIELD = "q-"


def typed_choice(sent: Mapping[str, str], codes: Iterable[str]) -> Choice:
    """Return what a calculator form says, in the order of the price list."""
    counted = {code: quantity(sent.get(f"{FIELD}{code}", "")) for code in codes}
    return Choice(
        {code: count for code, count in counted.items() if count},
        bool(sent.get("urgent")),
        bool(sent.get("night")),
    )


def as_problem(made: Estimate, typed: str) -> str:
    """Return what the client asks for, as the master reads it: the works, when, and the
    client's own words.
    """
    works = ", ".join(f"{item.service.name} × {item.quantity}" for item in made.items)
    when = "".join(f", {one.name.lower()}" for one in made.surcharges)
    total = f"\nПо калькулятору: {_money(made.total)}" if made.total else ""
    return f"{works}{when}{total}" + (f"\n{typed}" if typed else "")


def as_comment(made: Estimate) -> str:
    """Return how the sum came about, for staff."""
    parts = [_line(item) for item in made.items]
    if made.topped_up:
        parts.append(f"до минимального вызова + {_money(made.topped_up)}")
    parts += [
        f"{one.name.lower()} + {one.percent.normalize():f} % = {_money(one.amount)}"
        for one in made.surcharges
    ]
    return f"Калькулятор: {'; '.join(parts)}; итого {_money(made.total)}"


def _line(item: Item) -> str:
    if item.sum is None or item.service.price is None:
        return f"{item.service.name} × {item.quantity} — цена по договорённости"
    return f"{item.service.name} {_money(item.service.price)} × {item.quantity} = {_money(item.sum)}"


def _money(value: Decimal) -> str:
    return wording.money(value).replace(wording.SPACE, " ")
