"""Which row is which order: by the ID cell, then by the key, never by the row's number.
Pure.

row with a known ID                   → that order, wherever it stands
ID lost or changed, key known         → that order; its ID is put back
key typed over with a guessable one   → that order; its key is put back
ID and key both lost                  → the one order that is gone and whose row else looks so; both are put back
ID stands twice (a row was copied)    → the row that looks as before keeps it, the copy becomes a new row
no ID, or an ID without a key         → typed by hand: rests, then is given what it lacks

A cell that shows an error, or is still loading, is an empty one: what it held is lost.

Three orders, after a person has sorted, cleared a cell, and copied a row to edit it::

    row   as last polled        as it is now
     2    1  Юля    key a       2  Ян     key b    order 2, moved
     3    2  Ян     key b       -  Юля    key a    order 1, its ID is put back
     4    3  Ольга  key c       3  Олег   key c    a copy: it is given a new ID and key
     5                          3  Ольга  key c    order 3: it looks as before
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from record.grid.layout import Row, Table, fingerprint
from record.values import is_unread, text
from record.values.order_keys import is_ours


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an order between polls."""

    print: int
    position: int
    key: str


@dataclass(slots=True)
class Found:
    """A row: its place in the sheet, its fingerprint, the ID and key that stand in it."""

    position: int
    row: Row
    print: int
    id: str
    key: str


@dataclass
class Identified:
    """Rows by meaning.

    ``same``: orders whose rows look exactly as at the last poll, with the row each
    stands in now. ``orders``: those that look otherwise, by ID. ``typed``: rows typed by
    hand. ``copies``: copies of an order's row. ``lost_id`` and ``lost_key``: those of
    ``orders`` whose ID or key is to be put back.
    """

    same: dict[str, int] = field(default_factory=dict)
    orders: dict[str, Found] = field(default_factory=dict)
    typed: list[Found] = field(default_factory=list)
    copies: list[Found] = field(default_factory=list)
    lost_id: dict[str, Found] = field(default_factory=dict)
    lost_key: dict[str, Found] = field(default_factory=dict)

    def has(self, order_id: str) -> bool:
        """Return whether a row of this order has been found."""
        return order_id in self.same or order_id in self.orders

    def touched(self) -> list[Found]:
        """Return all rows but those that look as at the last poll."""
        return [*self.orders.values(), *self.typed, *self.copies]


@dataclass(frozen=True)
class Recall:
    """How each row of a worksheet looked at the last poll, and which order it was.

    ``ids`` has "" where a row was no order's.
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
        """Return what to remember of a worksheet whose rows have been identified.

        The orders that ``failed`` are read again by the next poll.
        """
        ids = [""] * len(prints)
        for order_id, position in identified.same.items():
            ids[position - 2] = order_id
        for order_id, found in identified.orders.items():
            # what is being put back will look otherwise
            lost = order_id in identified.lost_id or order_id in identified.lost_key
            if not lost and order_id not in failed:
                ids[found.position - 2] = order_id
        return cls(table.layout.headers, prints, ids)


def recognise(
    table: Table, prints: Sequence[int], recall: Recall
) -> tuple[dict[str, int], list[int]]:
    """Return the orders whose rows look as they did, and the indexes of all other rows.

    The orders come with their row numbers. Only rows that a person touched then have to
    be read.
    """
    if table.layout.headers != recall.headers:
        return {}, list(range(len(prints)))
    same: dict[str, int] = {}
    other: list[int] = []
    known = len(recall.prints)
    # nearly all rows stand where they stood, so that is tried first
    for index, now in enumerate(prints):
        stayed = index < known and now == recall.prints[index]
        if stayed and recall.ids[index]:
            same[recall.ids[index]] = index + 2
        else:
            other.append(index)
    if not other:
        return same, other
    return same, _moved(prints, recall, same, other)


def _moved(
    prints: Sequence[int], recall: Recall, same: dict[str, int], other: list[int]
) -> list[int]:
    """Add the orders that look as they did, elsewhere; return the rows left over."""
    recalled = zip(recall.prints, recall.ids, strict=True)
    elsewhere = {look: order_id for look, order_id in recalled if order_id}
    touched: list[int] = []
    for index in other:
        order_id = elsewhere.get(prints[index], "")
        # two rows that look alike are one order's at most
        if order_id and order_id not in same:
            same[order_id] = index + 2
        else:
            touched.append(index)
    return touched


def identify(
    rows: Iterable[tuple[int, Row]],
    known: Mapping[str, Known],
    id_place: int = 0,
    key_place: int | None = None,
    same: dict[str, int] | None = None,
) -> Identified:
    """Return each row's identity.

    ``id_place`` and ``key_place`` are the places of ID and key in a row; masters have
    no key, their ID serves for both. ``same`` are the orders already recognised in
    other rows.
    """
    result = Identified(same or {})
    doubtful: list[Found] = []
    for position, row in rows:
        row_id = text(row[id_place])
        key = row_id if key_place is None else text(row[key_place])
        found = Found(position, row, fingerprint(row), row_id, key)
        before = known.get(row_id)
        if before and before.key == key and not result.has(row_id):
            result.orders[row_id] = found
        else:
            doubtful.append(found)
    # all that is certain comes first: a row with another ID and a known key must not be
    # taken for the order whose own row stands below it
    if doubtful:
        by_key = {one.key: order_id for order_id, one in known.items() if one.key}
        for found in doubtful:
            _settle(result, known, found, by_key.get(found.key, ""))
    return result


def _settle(
    result: Identified, known: Mapping[str, Known], found: Found, by_key: str
) -> None:
    """Decide on a row that is not, by ID and key together, a known order seen once.

    ``by_key`` is the order whose key stands in it, "" for none.
    """
    before = known.get(found.id)
    if by_key and not result.has(by_key):
        result.orders[by_key] = found
        result.lost_id[by_key] = found
    elif result.has(found.id):
        _copied(result, known, found)
    elif by_key:
        # a copy into which a number of its own was typed
        result.copies.append(found)
    elif before is not None and _has_lost_key(before, found):
        result.orders[found.id] = found
        result.lost_key[found.id] = found
    elif found.id and found.key:
        # pasted with ID and key, or back by an Undo
        result.orders[found.id] = found
    else:
        result.typed.append(found)


def _has_lost_key(before: Known, found: Found) -> bool:
    if not found.key:
        return True
    # a person types shorter ones than ours
    return bool(before.key) and not is_ours(found.key)


def _copied(result: Identified, known: Mapping[str, Known], found: Found) -> None:
    """Let the row that looks as before keep the ID; the other is a copy."""
    holder = result.orders.get(found.id)
    before = known.get(found.id)
    copy = found
    # the copy may stand above the row, and either of the two may have been edited
    if holder and before:
        holder_was_edited = holder.print != before.print
        looks_as_before = found.print == before.print
        if holder_was_edited and looks_as_before:
            result.orders[found.id] = found
            copy = holder
    result.copies.append(copy)


def reunite(
    result: Identified,
    gone: Mapping[str, Row],
    id_place: int,
    key_place: int,
    known: Mapping[str, Known] | None = None,
) -> None:
    """Let rows without ID and key be the orders that are gone, where one is certain.

    ``gone`` are their rows as last read: all other cells say which order it is. Cells
    that can't be read say nothing.
    """
    lost = _Gone(gone, (id_place, key_place), known or {})
    typed, result.typed = result.typed, []
    for found in typed:
        order_id = lost.claim(found)
        if order_id:
            result.orders[order_id] = found
            result.lost_id[order_id] = found
            result.lost_key[order_id] = found
        else:
            result.typed.append(found)


class _Gone:
    """The orders that are gone, to be found by those cells that can be read."""

    def __init__(
        self,
        rows: Mapping[str, Row],
        lost_places: tuple[int, int],
        known: Mapping[str, Known],
    ) -> None:
        self._rows = rows
        self._lost_places = lost_places
        self._left = set(rows)
        self._stood_at = {
            known[order_id].position: order_id for order_id in rows if order_id in known
        }
        self._by: dict[tuple[int, ...], dict[Row, list[str]]] = {}

    def claim(self, found: Found) -> str:
        """Return the order that a row must be, which then is gone no more; "" for none."""
        order_id = self._likely(found)
        self._left.discard(order_id)
        return order_id

    def _likely(self, found: Found) -> str:
        alike = [one for one in self._alike(found.row) if one in self._left]
        here = self._stood_at.get(found.position, "")
        # where ID or key show an error nobody has typed the row: of several alike it is
        # the one that stood there, as it is where other cells were typed over meanwhile
        shows_error = any(is_unread(found.row[place]) for place in self._lost_places)
        may_be_here = here in self._left and (here in alike or not alike)
        if shows_error and may_be_here:
            return here
        if len(alike) == 1:
            return alike[0]
        return ""

    def _alike(self, row: Row) -> list[str]:
        """Return the orders whose rows looked like this one."""
        readable = []
        for place, cell in enumerate(row):
            if place in self._lost_places or is_unread(cell):
                continue
            readable.append(place)
        places = tuple(readable)
        # nearly always the same places, so that thousands of rows take one pass
        if places not in self._by:
            self._by[places] = self._by_look(places)
        return self._by[places].get(_pick(row, places), [])

    def _by_look(self, places: tuple[int, ...]) -> dict[Row, list[str]]:
        found: dict[Row, list[str]] = {}
        for order_id, row in self._rows.items():
            found.setdefault(_pick(row, places), []).append(order_id)
        return found


def _pick(row: Row, places: Iterable[int]) -> Row:
    return tuple(row[place] for place in places)
