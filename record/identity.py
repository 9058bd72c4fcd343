"""Which row is which order: by the ID cell, then by the key, never by the row's number. Pure.

row with a known ID                   → that order, wherever it stands
ID lost or changed, key known         → that order; its ID is put back
ID stands twice (a row was copied)    → the row that looks as before keeps it, the copy becomes a new row
no ID, or an ID without a key         → typed by hand: rests, then is given what it lacks
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from record.layout import Row, fingerprint
from record.values import text


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an order between polls."""

    print: int
    position: int
    key: str


@dataclass(slots=True)
class Found:
    """A row with its place in the sheet, its fingerprint, and the ID and key that stand in it."""

    position: int
    row: Row
    print: int
    id: str
    key: str


@dataclass
class Identified:
    """Rows by meaning: orders by ID, rows typed by hand, copies of a row, and IDs or keys to be put back."""

    orders: dict[str, Found] = field(default_factory=dict)
    typed: list[Found] = field(default_factory=list)
    copies: list[Found] = field(default_factory=list)
    lost_id: dict[str, Found] = field(default_factory=dict)
    lost_key: dict[str, Found] = field(default_factory=dict)


def identify(
    rows: Iterable[tuple[int, Row]], known: Mapping[str, Known], id_place: int = 0, key_place: int | None = None
) -> Identified:
    """Return each row's identity; ``id_place`` and ``key_place`` are the places of ID and key in a row."""
    result = Identified()
    doubtful: list[Found] = []
    for position, row in rows:
        row_id = text(row[id_place])
        key = text(row[key_place]) if key_place is not None else row_id
        found = Found(position, row, fingerprint(row), row_id, key)
        before = known.get(row_id)
        if before and before.key == key and row_id not in result.orders:
            result.orders[row_id] = found
        else:
            doubtful.append(found)
    by_key = {before.key: order_id for order_id, before in known.items() if before.key} if doubtful else {}
    for found in doubtful:
        _settle(result, known, found, by_key.get(found.key, ""))
    return result


def _settle(result: Identified, known: Mapping[str, Known], found: Found, by_key: str) -> None:
    """Decide on a row whose ID and key are not, together, those of a known order seen once."""
    if found.id in result.orders:
        _copied(result, known, found)
    elif by_key and by_key not in result.orders:
        result.orders[by_key] = result.lost_id[by_key] = found
    elif by_key:
        result.copies.append(found)
    elif found.id in known and not found.key:
        result.orders[found.id] = result.lost_key[found.id] = found
    elif found.id and found.key:
        result.orders[found.id] = found
    else:
        result.typed.append(found)


def _copied(result: Identified, known: Mapping[str, Known], found: Found) -> None:
    """Let the row that looks as before keep the ID; the other is a copy."""
    holder, before = result.orders[found.id], known.get(found.id)
    if before and holder.print != before.print and found.print == before.print:
        result.orders[found.id], found = found, holder
    result.copies.append(found)
