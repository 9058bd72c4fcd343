"""What orders whose rows have changed mean: read before the store is held for writing,
taken up while it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from record.dispatch.bygone import bygone, from_before, past
from record.dispatch.model import Order
from record.dispatch.rereading import understood
from record.dispatch.waves import held_in
from record.errors import NaryadError
from record.grid.identity import Found
from record.grid.keys import is_guessable, is_ours, new_key
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.logs import get_logger
from record.store import Stored
from record.values import is_error, text
from record.values.actors import ActorKind
from worker.poll.step import PollStep

log = get_logger(__name__)

TELEGRAM = WORKSHEETS[ORDERS].index("Telegram")


class Meant(NamedTuple):
    """What an order was, how it stood once we had written into it, if that was typed
    over, and what it is.
    """

    before: Order | None
    ours: Stored | None
    after: Order


class Meanings:
    """What the orders of one poll mean; what fails in one is raised when that one is
    asked for, not before.
    """

    def __init__(self, step: PollStep) -> None:
        self._step = step
        # of orders that came with one that anybody guesses
        self.fresh_keys: dict[str, str] = {}
        # whose «Проверка» is about to say that they are held, over what stands there
        self.covered: set[str] = set()
        self.before: dict[str, Stored] | None = {}
        self._past = {
            write.subject
            for write in step.writes
            if write.title == ORDERS and write.by.kind is ActorKind.PAST
        }
        coming = (write for write in step.writes if write.id not in step.own_writes.ids)
        self._marks = [
            write for write in coming if held_in(text(write.cells.get("Проверка", "")))
        ]
        self._meant: dict[str, Meant | Exception] = {}
        self._gone: dict[str, Order | Exception | None] = {}
        self._presses: frozenset[int] = frozenset()

    # Before the store is held

    def look(self, changed: Mapping[str, Found], gone: Iterable[str]) -> None:
        """Read the orders that have changed, and those that are gone, as they last
        stood.
        """
        lost = list(gone)
        self.before = self.stored(
            [key for key in changed if key in self._step.known] + lost
        )
        for key, found in changed.items():
            if self._step.first or not self._step.quarantine.rests(
                key, found.print, self._step.read_at
            ):
                self._meant[key] = self._understood(key, found)
        for key in lost:
            self._gone[key] = self._last(key)
        self._presses = self._on_their_way()

    def stored(self, keys: list[str]) -> dict[str, Stored] | None:
        """Return these orders as last read; None where one can't be read, which its own
        handling then finds out.
        """
        try:
            return self._step.tx.orders.stored(keys)
        except NaryadError:
            raise
        except Exception:
            log.exception("mirror_damaged", orders=len(keys))
            return None

    def _understood(self, key: str, found: Found) -> Meant | Exception:
        try:
            all_before = (
                self._step.tx.orders.stored([key])
                if self.before is None
                else self.before
            )
            stored = all_before.get(key)
            ours = self._pressed(key, found.row, stored)
            return Meant(
                stored.order if stored else None,
                ours,
                self._read(key, found.row, ours or stored),
            )
        except NaryadError:
            raise
        except Exception as failure:  # noqa: BLE001  it is raised again, and told, when this order is committed
            return failure

    def _last(self, key: str) -> Order | Exception | None:
        """Return an order that is gone; a press that no poll has seen is known to the
        master.
        """
        try:
            return self._step.tx.orders.get(key)
        except NaryadError:
            raise
        except Exception as failure:  # noqa: BLE001  as above
            return failure

    def _pressed(self, key: str, row: Row, stored: Stored | None) -> Stored | None:
        """Return an order as it stood once we had written into it, where a person has
        typed over that since.
        """
        landed = self._step.own_writes
        if (
            self.is_past(key)
            or key not in landed.orders()
            or not landed.typed_over(key, row)
        ):
            return None
        ours = landed.onto(key, stored.row if stored else None)
        return (
            Stored(
                self._read(key, ours, stored), ours, stored.position if stored else 0
            )
            if ours
            else None
        )

    def _read(self, order_id: str, row: Row, stored: Stored | None) -> Order:
        old, before = self.is_past(order_id), stored.order if stored else None
        clues = self._step.clues(past=old, was=stored.row if stored else None)
        order = understood(before, row, self._step.roster, self._step.region, clues)
        order = (
            past(order, row)
            if self._of_the_past(order, row, old=old, new=stored is None)
            else order
        )
        order = self._being_held(order_id, order)
        # it is put back, so there is nothing to explain
        if before and before.chat and is_error(row[TELEGRAM]):
            order = replace(
                order,
                troubles=tuple(
                    one for one in order.troubles if one.column != "Telegram"
                ),
            )
        return replace(order, id=order_id, key=self._key(order_id, order.key, before))

    def _key(self, order_id: str, shown: str, before: Order | None) -> str:
        """Return an order's secret: what stands in the row, but neither a lost one nor
        one that is guessed.
        """
        if before and before.key and not is_guessable(before.key):
            return shown if is_ours(shown) else before.key
        if not is_guessable(shown):
            return shown
        if order_id not in self.fresh_keys:
            self.fresh_keys[order_id] = new_key()
        return self.fresh_keys[order_id]

    def _of_the_past(self, order: Order, row: Row, *, old: bool, new: bool) -> bool:
        today = self._step.clock.date()
        return bygone(order, today) if old else new and from_before(order, row, today)

    def _being_held(self, order_id: str, order: Order) -> Order:
        """Return an order with what its «Проверка» is about to say, where that is on
        its way and holds it.
        """
        coming = next(
            (
                text(write.cells["Проверка"])
                for write in self._marks
                if write.subject == order_id
            ),
            "",
        )
        if not coming or held_in(order.check):
            return order
        self.covered.add(order_id)
        return replace(order, check=coming)

    # While it is held

    def is_past(self, order_id: str) -> bool:
        """Say whether an order that is read for the first time stood in the sheet
        before it was ever read.
        """
        return self._step.first or (
            order_id in self._past and order_id not in self._step.known
        )

    def pressed_meanwhile(self) -> bool:
        """Say whether something was pressed, since they were looked at, in an order
        that is gone.
        """
        return self._on_their_way() != self._presses

    def _on_their_way(self) -> frozenset[int]:
        orders = (write for write in self._step.writes if write.title == ORDERS)
        return frozenset(write.id for write in orders if write.subject in self._gone)

    def of(self, key: str) -> Meant:
        """Return what an order means whose row has changed.

        Raises:
            Exception: whatever came of reading it.
        """
        meant = self._meant[key]
        if isinstance(meant, Exception):
            raise meant
        return meant

    def gone(self, key: str) -> Order | None:
        """Return an order that is gone as it last stood.

        Raises:
            Exception: whatever came of reading it.
        """
        order = self._gone[key]
        if isinstance(order, Exception):
            raise order
        return order

    def clear(self, keys: Iterable[str]) -> dict[str, Meant]:
        """Return what these orders mean, without those that are put aside or whose own
        handling will fail.
        """
        found = {key: self._meant.get(key) for key in keys}
        return {key: meant for key, meant in found.items() if isinstance(meant, Meant)}
