"""Prices that people typed into the sheet, held against what such orders cost."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from record import values
from record.dispatch.model import Order
from record.dispatch.plausible import is_unusual
from record.dispatch.price_questions import (
    COMMISSION,
    GREATER,
    PERCENTS,
    PRICE,
    Question,
    asked,
    dated,
    is_confirmed,
    question_in,
    question_of,
    spelled,
    taken,
    unusual,
    wrong_commission,
)
from record.dispatch.reading import explained
from record.grid.identity import Found
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.sheet import Sheet, absolute_range_name, column_letters
from record.store import Stored
from record.store.facts import Fact
from record.values import Cell
from record.values.actors import ActorKind
from worker.poll.step import PollStep

PLACE = WORKSHEETS[ORDERS].index(PRICE)
COMMISSIONS = WORKSHEETS[ORDERS].index(COMMISSION)
# «2.5» typed is 2 May, the number 46144; no day that «1.30» may mean is a lesser number
EARLIEST_DAY = 10_000
# 02.05.2026 · 2.5 · 2026-05-02 · май 2026 · 12:30
DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?(?:\s.*)?|\d{1,2}:\d\d.*"
    r"|.*(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек).*",
    re.IGNORECASE | re.DOTALL,
)
# who is asked before he writes a price
ASKED_BEFORE = frozenset({ActorKind.MASTER, ActorKind.PANEL})
# By order: when a price that is asked about counts as confirmed, epoch seconds
WAITING = Fact[dict[str, float]]("price_questions")


class PriceCells:
    """The column «Цена» as people see it; Google is asked only about what may be a day."""

    def __init__(self, sheet: Sheet, place: int | None) -> None:
        """``place``: the 0-based column of the sheet, None where there is none."""
        self._sheet = sheet
        self._place = place

    def shown_as_dates(self, positions: Mapping[str, int]) -> dict[str, str]:
        """Return those of these orders, by their rows, whose price is shown as a date.

        Raises:
            SheetError: Google does not say how the cells are shown.
        """
        if not positions or self._place is None:
            return {}

        first, last = min(positions.values()), max(positions.values())
        column = column_letters(self._place)
        cells = absolute_range_name(ORDERS, f"{column}{first}:{column}{last}")
        shown = self._sheet.read_shown(cells)
        found = {}
        for order_id, position in positions.items():
            # empty cells at the end are not there
            (row,) = shown[position - first : position - first + 1] or [[]]
            text = "".join(row).strip()
            if DATE.fullmatch(text):
                found[order_id] = text

        return found


class Prices:
    """What is asked about the prices of one poll."""

    def __init__(self, step: PollStep, cells: PriceCells) -> None:
        self._step = step
        self._cells = cells
        self._noted = step.tx.facts.get(WAITING) or {}
        self._waiting = dict(self._noted)
        self._usual: dict[str, Decimal | None] = {}
        self._dates: dict[str, str] = {}

    # Before the store is held

    def due(self) -> set[str]:
        """Return the orders whose price counts as confirmed by now."""
        now = self._step.read_at
        return {order_id for order_id, at in self._waiting.items() if at <= now}

    def look(self, changed: Mapping[str, Found], known: Mapping[str, Stored]) -> None:
        """Learn which of the prices typed since the last poll are shown as dates."""
        positions = {}
        for order_id, found in changed.items():
            cell = found.row[PLACE]
            was = known[order_id].row[PLACE] if order_id in known else ""
            if cell != was and _may_be_a_day(cell):
                positions[order_id] = found.position

        self._dates = self._cells.shown_as_dates(positions)

    def judged(
        self,
        order_id: str,
        order: Order,
        row: Row,
        stored: Stored | None,
        *,
        past: bool,
    ) -> Order:
        """Return an order whose price is taken or asked about, and so its commission.

        ``past``: how it stood before nobody knows, so nothing is asked anew.
        """
        price = _sum(row[PLACE], PRICE)
        if price is not None:
            order = self._with_price(order_id, order, price, stored, past=past)
        if stored is None or past or self._is_our_commission(order_id, row):
            return order

        return _with_commission(order, row, stored)

    def _is_our_commission(self, order_id: str, row: Row) -> bool:
        """Return whether the commission that stands there is one that we wrote just now."""
        stands = _sum(row[COMMISSIONS], COMMISSION)
        for write in self._step.writes_to(ORDERS):
            ours = write.subject == order_id and COMMISSION in write.cells
            if ours and _sum(write.cells[COMMISSION], COMMISSION) == stands:
                return True

        return False

    def _with_price(
        self,
        order_id: str,
        order: Order,
        price: Decimal,
        stored: Stored | None,
        *,
        past: bool,
    ) -> Order:
        before = stored.order if stored else None
        question = question_of(order)
        if question is None:
            if order.is_unclear(PRICE) or _is_known(before, price):
                return order

            question = self._question(order_id, order, price, past=past)
            if question is None or self._is_answered_for(order_id, price):
                return order
        elif self._is_settled(order_id, order, price, before, question):
            return taken(order, price)

        return asked(before, order, question)

    def _question(
        self, order_id: str, order: Order, price: Decimal, *, past: bool
    ) -> Question | None:
        """Return what has to be asked about a price that stands there now."""
        shown = self._dates.get(order_id)
        if shown is not None:
            return dated(price, shown)
        if past or self._is_back(order_id):
            stands = question_in(order.check)
            return stands if stands and stands.price == spelled(price) else None

        usual = self._usual_price(order.category)
        if not is_unusual(price, usual):
            return None

        return unusual(price, usual, self._step.clock)

    def _is_settled(
        self,
        order_id: str,
        order: Order,
        price: Decimal,
        before: Order | None,
        question: Question,
    ) -> bool:
        if question.until is not None and self._step.clock >= question.until:
            return True
        if is_confirmed(before, order.check, price):
            return True

        return self._is_answered_for(order_id, price)

    def _is_answered_for(self, order_id: str, price: Decimal) -> bool:
        """Return whether who wrote this price was asked before he did."""
        for write in self._step.writes_to(ORDERS):
            is_theirs = write.subject == order_id and write.by.kind in ASKED_BEFORE
            if is_theirs and _sum(write.cells.get(PRICE, ""), PRICE) == price:
                return True

        return False

    def _is_back(self, order_id: str) -> bool:
        """Return whether the mirror does not know an order that was in the sheet before."""
        tx = self._step.tx
        return order_id not in self._step.known and tx.history.seen(order_id)

    def _usual_price(self, category: str) -> Decimal | None:
        # once for many prices typed at once
        if category not in self._usual:
            self._usual[category] = self._step.tx.orders.usual_price(category)

        return self._usual[category]

    # While it is held

    def note(self, order_id: str, order: Order) -> None:
        """Note until when the price of an order is asked about."""
        question = question_of(order)
        if question is None or question.until is None:
            self._waiting.pop(order_id, None)
        else:
            until = question.until.replace(tzinfo=self._step.settings.zone)
            self._waiting[order_id] = until.timestamp()

    def end(self) -> float:
        """Remember what is asked; return when the first of it counts as confirmed."""
        known = self._step.known
        waiting = {key: at for key, at in self._waiting.items() if key in known}
        if waiting != self._noted:
            self._step.tx.facts.put(WAITING, waiting)

        return min(waiting.values(), default=float("inf"))


def _is_known(before: Order | None, price: Decimal) -> bool:
    """Return whether a price is what it was, however it is typed now."""
    if before is None or before.is_unclear(PRICE):
        return False

    return before.price == price


def _with_commission(order: Order, row: Row, stored: Stored) -> Order:
    """Return the order with a commission typed by hand, which the price must hold."""
    asked_about = [one for one in order.troubles if one.column == COMMISSION]
    is_ours = any(
        GREATER in one.sentence or PERCENTS in one.sentence for one in asked_about
    )
    is_typed = row[COMMISSIONS] != stored.row[COMMISSIONS]
    if not is_ours and (asked_about or not is_typed):
        return order

    wanted = replace(order, commission=_sum(row[COMMISSIONS], COMMISSION))
    others = [one for one in order.troubles if one.column != COMMISSION]
    wrong = wrong_commission(wanted)
    if wrong is None:
        return replace(wanted, troubles=tuple(others))

    troubles = explained([*others, wrong])
    return replace(order, commission=stored.order.commission, troubles=troubles)


def _sum(cell: Cell, column: str) -> Decimal | None:
    """Return what a cell holds, None where that is nothing, or no sum."""
    if values.nothing(cell):
        return None
    try:
        return values.money(cell, column)
    except values.Unclear:
        return None


def _may_be_a_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        return False

    return cell >= EARLIEST_DAY
