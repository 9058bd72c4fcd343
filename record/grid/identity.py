"""Which row is which order: by the ID cell, then by the key, never by the row's number.
Pure.

row with a known ID                   → that order, wherever it stands
ID lost or changed, key known         → that order; its ID is put back
key typed over with a guessable one   → that order; its key is put back
ID and key both lost                  → the one order that is gone and whose row else looks so; both are put back
ID stands twice (a row was copied)    → the row that looks as before keeps it, the copy becomes a new row
no ID, or an ID without a key         → typed by hand: rests, then is given what it lacks

A cell that shows an error, or is still loading, is an empty one: what it held is lost.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from record.grid.keys import is_ours
from record.grid.layout import Row, Table, fingerprint
from record.values import is_unread, text


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an order between polls."""

    print: int
    position: int
    key: str


@dataclass(slots=True)
class Found:
    """A row with its place in the sheet, its fingerprint, and the ID and key that stand
    in it.
    """

    position: int
    row: Row
    print: int
    id: str
    key: str


@dataclass
class Identified:
    """Rows by meaning: orders by ID, rows typed by hand, copies of a row, and IDs or
    keys to be put back.

    ``same`` are orders whose rows look exactly as at the last poll, with the row each
    stands in now.
    """

    same: dict[str, int] = field(default_factory=dict)
    orders: dict[str, Found] = field(default_factory=dict)
    typed: list[Found] = field(default_factory=list)
    copies: list[Found] = field(default_factory=list)
    lost_id: dict[str, Found] = field(default_factory=dict)
    lost_key: dict[str, Found] = field(default_factory=dict)

    def has(self, order_id: str) -> bool:
        """Say whether a row of this order has been found."""
        return order_id in self.same or order_id in self.orders

    def touched(self) -> list[Found]:
        """Return the rows that look otherwise than at the last poll, and those that
        have no number of their own.
        """
        return [*self.orders.values(), *self.typed, *self.copies]


@dataclass(frozen=True)
class Recall:
    """How each row of a worksheet looked at the last poll and which order it was; ""
    where it was none.
    """

    headers: tuple[str, ...] = ()
    prints: Sequence[int] = ()
    ids: Sequence[str] = ()

    @classmethod
    def of(
        cls,
        table: Table,
        prints: Sequence[int],
        identified: Identified,
        failed: Container[str] = (),
    ) -> "Recall":
        """Return what to remember of a worksheet whose rows have been identified, but
        for what has failed.
        """
        ids = [""] * len(prints)
        for order_id, position in identified.same.items():
            ids[position - 2] = order_id
        for order_id, found in identified.orders.items():
            lost = order_id in identified.lost_id or order_id in identified.lost_key
            if not lost and order_id not in failed:
                ids[found.position - 2] = order_id
        return cls(table.layout.headers, prints, ids)


def recognise(
    table: Table, prints: Sequence[int], recall: Recall
) -> tuple[dict[str, int], list[int]]:
    """Return the orders whose rows look as they did, with their row numbers, and the
    indexes of all other rows.

    A row is first looked for where it stood, then anywhere: only rows that a person
    touched have to be read.
    """
    if table.layout.headers != recall.headers:
        return {}, list(range(len(prints)))
    same: dict[str, int] = {}
    other: list[int] = []
    known = len(recall.prints)
    for index, now in enumerate(prints):
        if index < known and now == recall.prints[index] and recall.ids[index]:
            same[recall.ids[index]] = index + 2
        else:
            other.append(index)
    if not other:
        return same, other
    elsewhere = {
        mark: order_id
        for mark, order_id in zip(recall.prints, recall.ids, strict=True)
        if order_id
    }
    touched: list[int] = []
    for index in other:
        order_id = elsewhere.get(prints[index], "")
        if order_id and order_id not in same:
            same[order_id] = index + 2
        else:
            touched.append(index)
    return same, touched


def identify(
    rows: Iterable[tuple[int, Row]],
    known: Mapping[str, Known],
    id_place: int = 0,
    key_place: int | None = None,
    same: dict[str, int] | None = None,
) -> Identified:
    """Return each row's identity; ``id_place`` and ``key_place`` are the places of ID
    and key in a row.

    ``same`` are the orders already recognised in other rows.
    """
    result = Identified(same or {})
    doubtful: list[Found] = []
    for position, row in rows:
        row_id = text(row[id_place])
        key = text(row[key_place]) if key_place is not None else row_id
        found = Found(position, row, fingerprint(row), row_id, key)
        before = known.get(row_id)
        if before and before.key == key and not result.has(row_id):
            result.orders[row_id] = found
        else:
            doubtful.append(found)
    by_key = (
        {before.key: order_id for order_id, before in known.items() if before.key}
        if doubtful
        else {}
    )
    for found in doubtful:
        _settle(result, known, found, by_key.get(found.key, ""))
    return result


def _settle(
    result: Identified, known: Mapping[str, Known], found: Found, by_key: str
) -> None:
    """Decide on a row whose ID and key are not, together, those of a known order seen
    once.
    """
    if by_key and not result.has(by_key):
        result.orders[by_key] = result.lost_id[by_key] = found
    elif result.has(found.id):
        _copied(result, known, found)
    elif by_key:
        result.copies.append(found)
    elif found.id in known and (
        not found.key or (known[found.id].key and not is_ours(found.key))
    ):
        result.orders[found.id] = result.lost_key[found.id] = found
    elif found.id and found.key:
        result.orders[found.id] = found
    else:
        result.typed.append(found)


def _copied(result: Identified, known: Mapping[str, Known], found: Found) -> None:
    """Let the row that looks as before keep the ID; the other is a copy."""
    holder, before = result.orders.get(found.id), known.get(found.id)
    if (
        holder
        and before
        and holder.print != before.print
        and found.print == before.print
    ):
        result.orders[found.id], found = found, holder
    result.copies.append(found)


def reunite(
    result: Identified,
    gone: Mapping[str, Row],
    id_place: int,
    key_place: int,
    known: Mapping[str, Known] | None = None,
) -> None:
    """Let rows without ID and key be the orders that are gone, where all other cells
    say which; one is certain.

    Cells that can't be read say nothing. Where ID or key show an error nobody has typed
    the row: of several that look so it is the one that stood there, as it is where
    other cells were typed over meanwhile.
    """
    by_places = _Gone(gone, {id_place, key_place})
    at = {
        known[order_id].position: order_id
        for order_id in gone
        if known and order_id in known
    }
    left = set(gone)
    typed, result.typed = result.typed, []
    for found in typed:
        alike = [
            order_id for order_id in by_places.alike(found.row) if order_id in left
        ]
        here = at.get(found.position, "")
        failed = is_unread(found.row[id_place]) or is_unread(found.row[key_place])
        if failed and here in left and (here in alike or not alike):
            alike = [here]
        if len(alike) == 1:
            left.discard(alike[0])
            result.orders[alike[0]] = result.lost_id[alike[0]] = result.lost_key[
                alike[0]
            ] = found
        else:
            result.typed.append(found)


class _Gone:
    """The rows of orders that are gone, to be found by those cells that can be read in
    another row.
    """

    def __init__(self, rows: Mapping[str, Row], without: Container[int]) -> None:
        self._rows = rows
        self._without = without
        self._by: dict[tuple[int, ...], dict[Row, list[str]]] = {}

    def alike(self, row: Row) -> list[str]:
        """Return the orders whose rows looked like this one."""
        places = tuple(
            n
            for n, cell in enumerate(row)
            if n not in self._without and not is_unread(cell)
        )
        if places not in self._by:
            index: dict[Row, list[str]] = {}
            for order_id, gone in self._rows.items():
                index.setdefault(tuple(gone[place] for place in places), []).append(
                    order_id
                )
            self._by[places] = index
        return self._by[places].get(tuple(row[place] for place in places), [])
