"""The part of a poll that minds rows typed by hand, until they are orders."""

import secrets
from collections import Counter

from record.actions import next_order_id
from record.answers import first_cells, is_note, missing
from record.identity import Found, Identified
from record.layout import Table, lasting_print
from record.logs import get_logger
from record.model import Order, bygone, read_order
from record.values import text
from record.worksheets import ORDERS, WORKSHEETS
from record.writes import Write, as_id
from worker.poll.step import Step

log = get_logger(__name__)

PAST = "past"  # who a row comes from that stood in the sheet before it was ever read


class TypedPart:
    """Lets rows rest, then gives the complete ones what they lack, and tells of the others what is missing."""

    def __init__(self, step: Step, table: Table) -> None:
        self._step = step
        self._table = table
        self._settle = step.settings.polling.settle_s

    def run(self, identified: Identified) -> float:
        """Mind all rows typed by hand; return when to look again even if nobody has edited anything.

        A row for which a write seems to be on its way may be another one that only looks the same.
        """
        since, now = self._step.tx.resting.since(ORDERS), self._step.read_at
        baseline = self._step.tx.facts.get("baseline", now)
        rests: dict[str, float] = {}
        on_its_way = Counter(seen_print(w) for w in self._step.writes if w.title == ORDERS and w.kind == "adopt")
        taken = {*identified.orders, *self._step.known}
        for found in (*identified.typed, *identified.copies):
            mark = lasting_print(found.row)
            if on_its_way[mark] > 0:
                on_its_way[mark] -= 1
                self._step.look_again = True
                continue
            rests[mark] = min(since.get(mark, now), now)  # a clock that was set back makes nobody wait
            if now - rests[mark] >= self._settle:
                self._rested(found, taken, copy=found in identified.copies, past=since.get(mark, now) == baseline)
        if rests != since:
            self._step.tx.resting.replace(ORDERS, rests)
        due = [at + self._settle for at in rests.values() if at + self._settle > now]
        self._step.resting = len(due)
        return now if self._step.look_again else min(due, default=float("inf"))

    def _rested(self, found: Found, taken: set[str], *, copy: bool, past: bool) -> None:
        """Take a row for finished; a fresh one that the first reading found is like any other."""
        order = self._read(found, past=past)
        if past and not bygone(order, self._step.now.date()):
            past, order = False, self._read(found, past=False)
        named = _named(found)
        if order.complete:
            self._adopt(found, taken, copy=copy, past=past)
        elif copy:  # no order yet, and certainly not the one it was copied from
            none = {"ID": "", "Ключ": "", "Оповещены": "", "Проверка": missing(order)}
            seen = named | self._table.own_cells(found.position)
            self._step.adopt(Write(ORDERS, "adopt", "", none, seen))
            log.info("row_explained", row=found.position)
        elif (said := "" if is_note(named) else missing(order)) != order.check:
            self._step.adopt(Write(ORDERS, "adopt", "", {"Проверка": said}, named))
            log.info("row_explained", row=found.position)

    def _read(self, found: Found, *, past: bool) -> Order:
        return read_order(found.row, self._step.roster, self._step.region, self._step.clues(past=past))

    def _adopt(self, found: Found, taken: set[str], *, copy: bool, past: bool) -> None:
        """Let a row be an order; one from the past is given only its ID and key, for nobody knows the rest."""
        named = _named(found)
        keeps = found.id and not copy and found.id not in taken
        order_id = found.id if keeps else next_order_id(self._step.tx, self._step.now)
        taken.add(order_id)
        cells = first_cells(named, as_id(order_id), secrets.token_urlsafe(12), None if past else self._step.now)
        if keeps:
            del cells["ID"]
        if copy and not past:
            cells |= {"Оповещены": ""}
        if text(named["Проверка"]):
            cells |= {"Проверка": ""}
        seen = named | self._table.own_cells(found.position) if copy else named  # told apart by people's notes
        self._step.adopt(Write(ORDERS, "adopt", order_id, cells, seen, by=PAST if past else "staff"))
        log.info("row_adopted", order=order_id, copy=copy)


def _named(found: Found) -> dict[str, str | int | float | bool]:
    return dict(zip(WORKSHEETS[ORDERS].columns, found.row, strict=True))


def seen_print(write: Write) -> str:
    """Return the fingerprint of the row that a write expects to find."""
    return lasting_print(tuple(write.seen.get(column, "") for column in WORKSHEETS[write.title].columns))
