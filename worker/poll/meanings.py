"""What orders mean whose rows have changed.

It is read before the store is held for writing, and taken up while it is. Whatever an
order's own row or memory makes fail is kept, and raised when that order is asked for:
one order that can't be read stops no other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, ParamSpec, TypeVar

from record.dispatch.bygone import bygone, from_before, past
from record.dispatch.changes import Change, diff
from record.dispatch.model import Order
from record.dispatch.rereading import understood
from record.dispatch.waves import held_in
from record.errors import NaryadError
from record.grid.identity import Found
from record.grid.layout import Row
from record.grid.worksheets import ORDERS
from record.logs import get_logger
from record.store import Stored
from record.values import is_error, text
from record.values.actors import ActorKind
from record.values.order_keys import is_guessable, is_ours, new_key
from worker.poll.prices import Prices
from worker.poll.rows import TELEGRAM
from worker.poll.step import PollStep

log = get_logger(__name__)

Asked = ParamSpec("Asked")
Got = TypeVar("Got")


class Meant(NamedTuple):
    """What an order was, what we made of it, and what it is now.

    ``ours``: how it stood once we had written into it, if that was typed over since.
    """

    before: Order | None
    ours: Stored | None
    after: Order


class Meanings:
    """What the orders of one poll mean."""

    def __init__(self, step: PollStep, prices: Prices) -> None:
        self._step = step
        self._prices = prices
        # of orders that came with none, or with one that anybody guesses
        self.fresh_keys: dict[str, str] = {}
        # whose «Проверка» is about to say that they are held, over what stands there
        self.covered: set[str] = set()
        # None where one of them can't be read
        self.before: dict[str, Stored] | None = {}
        self._past = {
            write.subject
            for write in step.writes_to(ORDERS)
            if write.by.kind is ActorKind.PAST
        }
        self._coming_checks = _coming_checks(step)
        self._meant: dict[str, Meant | Exception] = {}
        self._gone: dict[str, Order | Exception | None] = {}
        self._presses: frozenset[int] = frozenset()

    # Before the store is held

    def look(self, changed: Mapping[str, Found], gone: list[str]) -> None:
        """Read the orders that have changed, and how those that are gone last stood."""
        step = self._step
        known = [key for key in changed if key in step.known]
        self.before = self.stored(known + gone)
        self._prices.look(changed, self.before or {})
        for key, found in changed.items():
            if step.first or not step.quarantine.rests(key, found.print, step.read_at):
                self._meant[key] = _or_failure(self._understood, key, found)

        for key in gone:
            # with writes on their way: a press that no poll has seen is known to the
            # master
            self._gone[key] = _or_failure(step.tx.orders.get, key)

        self._presses = self._writes_to_gone_orders()

    def stored(self, keys: list[str]) -> dict[str, Stored] | None:
        """Return these orders as last read; None where one of them can't be read.

        Which one it is, its own handling finds out.
        """
        try:
            return self._step.tx.orders.stored(keys)
        except NaryadError:
            raise
        except Exception:
            log.exception("mirror_damaged", orders=len(keys))
            return None

    def _understood(self, key: str, found: Found) -> Meant:
        before = self.before
        if before is None:
            before = self._step.tx.orders.stored([key])

        stored = before.get(key)
        ours = self._typed_over(key, found.row, stored)
        after = self._read(key, found.row, ours or stored)
        return Meant(_order_of(stored), ours, after)

    def _typed_over(self, key: str, row: Row, stored: Stored | None) -> Stored | None:
        """Return an order with what we wrote into it, if a person typed over that."""
        own_writes = self._step.own_writes
        if self.is_past(key) or key not in own_writes.orders():
            return None
        if not own_writes.typed_over(key, row):
            return None

        ours = own_writes.onto(key, _row_of(stored))
        if ours is None:
            return None

        position = stored.position if stored else 0
        return Stored(self._read(key, ours, stored), ours, position)

    def _read(self, order_id: str, row: Row, stored: Stored | None) -> Order:
        """Return what a row says, given how the order stood before."""
        step, is_past = self._step, self.is_past(order_id)
        before = _order_of(stored)
        clues = step.clues(past=is_past, was=_row_of(stored))
        order = understood(before, row, step.roster, step.region, clues)
        if self._of_the_past(order, row, is_past=is_past, new=stored is None):
            order = past(order, row)

        order = self._prices.judged(order_id, order, row, stored, past=is_past)
        order = self._being_held(order_id, order)
        if before and before.chat and is_error(row[TELEGRAM]):
            # it is put back, so there is nothing to explain
            order = _without_trouble(order, "Telegram")

        return replace(order, id=order_id, key=self._key(order_id, order.key, before))

    def _key(self, order_id: str, shown: str, before: Order | None) -> str:
        """Return an order's secret: neither a lost one, nor one that is guessed."""
        kept = before.key if before else ""
        if kept and not is_guessable(kept):
            # whatever else a person typed there is about to be replaced
            return shown if is_ours(shown) else kept

        if not is_guessable(shown):
            return shown

        # the same one whenever it is asked for within this poll
        if order_id not in self.fresh_keys:
            self.fresh_keys[order_id] = new_key()

        return self.fresh_keys[order_id]

    def _of_the_past(self, order: Order, row: Row, *, is_past: bool, new: bool) -> bool:
        today = self._step.clock.date()
        if is_past:
            return bygone(order, today)

        return new and from_before(order, row, today)

    def _being_held(self, order_id: str, order: Order) -> Order:
        """Return an order with the «Проверка» on its way to it, if that holds it."""
        coming = self._coming_checks.get(order_id)
        if not coming or held_in(order.check):
            return order

        self.covered.add(order_id)
        return replace(order, check=coming)

    # While it is held

    def is_past(self, order_id: str) -> bool:
        """Return whether an order, read for the first time, was there before us."""
        if self._step.first:
            return True

        return order_id in self._past and order_id not in self._step.known

    def pressed_meanwhile(self) -> bool:
        """Return whether something was pressed in an order that is gone, since the look."""
        return self._writes_to_gone_orders() != self._presses

    def _writes_to_gone_orders(self) -> frozenset[int]:
        writes = self._step.writes_to(ORDERS)
        return frozenset(write.id for write in writes if write.subject in self._gone)

    def of(self, key: str) -> Meant:
        """Return what an order means whose row has changed.

        Raises:
            Exception: whatever came of reading it.
        """
        return _raised(self._meant[key])

    def gone(self, key: str) -> Order | None:
        """Return an order that is gone as it last stood.

        Raises:
            Exception: whatever came of reading it.
        """
        return _raised(self._gone[key])

    def was_there(self, key: str) -> bool:
        """Return whether it is known how an order last stood that is gone."""
        return isinstance(self._gone.get(key), Order)

    def readable(self, keys: Iterable[str]) -> dict[str, Meant]:
        """Return what these orders mean, without those that rest or will fail."""
        found = {}
        for key in keys:
            meant = self._meant.get(key)
            if isinstance(meant, Meant):
                found[key] = meant

        return found

    def changes(self, before: Order | None, after: Order) -> list[Change]:
        """Return what changed in an order; a removed one may be back."""
        back = before is None and self._step.tx.history.seen(after.id)
        return diff(before, after, seen_earlier=back)


def _coming_checks(step: PollStep) -> dict[str, str]:
    """Return what «Проверка» of orders is about to say, where that holds them."""
    found: dict[str, str] = {}
    for write in step.writes:
        check = text(write.cells.get("Проверка", ""))
        if held_in(check) and write.id not in step.own_writes.ids:
            found.setdefault(write.subject, check)

    return found


def _order_of(stored: Stored | None) -> Order | None:
    return stored.order if stored else None


def _row_of(stored: Stored | None) -> Row | None:
    return stored.row if stored else None


def _without_trouble(order: Order, column: str) -> Order:
    """Return an order as if this cell could be understood."""
    left = tuple(trouble for trouble in order.troubles if trouble.column != column)
    return replace(order, troubles=left)


def _or_failure(
    read: Callable[Asked, Got], *args: Asked.args, **kwargs: Asked.kwargs
) -> Got | Exception:
    """Return what is read, or the error; errors of the store or of Google are raised."""
    try:
        return read(*args, **kwargs)
    except NaryadError:
        raise
    except Exception as failure:  # noqa: BLE001  raised, and reported, when this order is committed
        return failure


def _raised(read: Got | Exception) -> Got:
    if isinstance(read, Exception):
        raise read

    return read
