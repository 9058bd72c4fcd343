"""An order as a row of the mirror, and back."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from record.dispatch.listing import narrow, rank, words
from record.dispatch.model import Order
from record.grid.layout import Row
from record.values import Status, UnclearCell
from record.values.handles import handle

# columns of an order's own name; what is said beside a phone shares the phone's column
FIELDS = tuple(field.name for field in fields(Order) if field.name != "phone_said")
SOURCE = 200  # characters: the column is indexed, and no place for a novel


@dataclass(frozen=True)
class Stored:
    """An order exactly as last read: its meaning, its cells, and the row it stood in.

    The row's number is a hint, never identity.
    """

    order: Order
    row: Row
    position: int


def values_of(stored: Stored) -> dict[str, Any]:
    """Return the columns of an order, those too that are derived from others."""
    order = stored.order
    values = {name: getattr(order, name) for name in FIELDS}
    if order.phone_said:
        values["phone"] = f"{order.phone}\n{order.phone_said}"
    return values | {
        "status": order.status.value if order.status else None,
        "price": _kopecks(order.price),
        "commission": _kopecks(order.commission),
        "troubles": list(order.troubles),
        "source": order.source[:SOURCE],
        "position": stored.position,
        "row": list(stored.row),
        "rank": rank(order),
        "unclear": bool(order.check),
        "handle": handle(order.id),
    }


def words_of(order: Order) -> dict[str, Any]:
    """Return the columns by which an order is searched."""
    return {"id": order.id, "rank": rank(order), "words": narrow(words(order))}


def stored_of(row: RowMapping) -> Stored:
    """Return an order from its row of the store."""
    phone, _, said = row["phone"].partition("\n")
    values = {name: row[name] for name in FIELDS} | {
        "status": _status(row["status"]),
        "price": _money(row["price"]),
        "commission": _money(row["commission"]),
        "troubles": tuple(UnclearCell(*trouble) for trouble in row["troubles"]),
        "phone": phone,
        "phone_said": said,
    }
    return Stored(Order(**values), tuple(row["row"]), row["position"])


def _status(kept: str | None) -> Status | None:
    if not kept:
        return None
    status = Status.named(kept)
    if status is None:
        raise ValueError(f"the store keeps a status that is none: {kept!r}")
    return status


def _kopecks(money: Decimal | None) -> int | None:
    if money is None:
        return None
    return int(money * 100)


def _money(kopecks: int | None) -> Decimal | None:
    if kopecks is None:
        return None
    return roubles(kopecks)


def roubles(kopecks: int | None) -> Decimal:
    """Return money as the store keeps it in roubles, 0 where there is none."""
    return Decimal(kopecks or 0) / 100
