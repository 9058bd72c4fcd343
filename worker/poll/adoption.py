"""Rows typed by hand, until they are orders.

A row rests until nobody has touched it for a while: half a phone number is no order.
Then a complete one is *adopted*, given what it lacks; of any other «Проверка» says what
is missing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from record.actions.client_acts import next_order_id
from record.dispatch.followups import (
    explanation,
    first_cells,
    missing,
    waiting,
)
from record.dispatch.own_words import checked, own_words
from record.dispatch.unfinished import MOST, unfinished
from record.dispatch.waves import LEFT, Wave, held_in, sentence
from record.grid.identity import Found, Identified
from record.grid.layout import Table, lasting_print
from record.grid.tail import sums_up
from record.grid.worksheets import ORDERS
from record.grid.writes import Write, as_id
from record.logs import get_logger
from record.store.facts import BASELINE, UNFINISHED
from record.values import Cell, is_loading, text
from record.values.actors import PAST, STAFF, SYSTEM, WAVE, Actor
from record.values.order_keys import new_key
from record.watch import open_waves
from worker.poll.rested import Rested, is_left_alone, understood_row
from worker.poll.rows import CHECK, ID, KEY, named_cells, seen_print
from worker.poll.step import PollStep
from worker.poll.waves import Waves

log = get_logger(__name__)

# writes for rows typed by hand that may wait at once, so that others do not stand
# behind thousands
ADOPTED = 500
FOREVER = float("inf")


class Adoption:
    """Minds the rows typed by hand in one poll."""

    def __init__(self, step: PollStep, table: Table, waves: Waves) -> None:
        self._step = step
        self._table = table
        self._waves = waves
        self._settle_s = step.settings.polling.settle_s
        self._on_their_way = step.adoptions(ORDERS)
        self._left = ADOPTED - len(self._on_their_way)
        self._taken: set[str] = set()
        # since when rows rest, as kept and as seen now
        self._since: dict[str, float] = {}
        self._rests: dict[str, float] = {}
        self._rested: list[Rested] = []
        # rows whose «Проверка» holds them; read only those that are let go now
        self._held: list[tuple[Found, Rested | None]] = []

    # Looking

    def look(self, identified: Identified) -> None:
        """Read the rows that have rested, and those held rows that are let go."""
        tx, now = self._step.tx, self._step.read_at
        self._since = tx.resting.since(ORDERS)
        baseline = tx.facts.get(BASELINE)
        if baseline is None:
            baseline = now

        decided = {
            wave.number
            for wave in open_waves.waves_of(tx).values()
            if wave.state != "open"
        }
        to_read = self._left
        for found, copy, print_ in self._at_rest(identified):
            if is_left_alone(found.row):
                one = None
                if to_read > 0 and held_in(text(found.row[CHECK])) in decided:
                    to_read -= 1
                    one = understood_row(self._step, found, 0.0, copy=copy, past=False)

                self._held.append((found, one))
            elif now - self._rests[print_] >= self._settle_s:
                # a fresh row that the first poll of all found is like any other
                past = self._since.get(print_, now) == baseline
                at = self._rests[print_] + self._settle_s
                self._rested.append(
                    understood_row(self._step, found, at, copy=copy, past=past)
                )

    def _at_rest(self, identified: Identified) -> Iterator[tuple[Found, bool, str]]:
        """Yield the rows typed by hand that are not about to change by themselves.

        A row for which a write seems to be on its way may be another one that only
        looks the same: as many are left out as there are writes.
        """
        now = self._step.read_at
        on_its_way = Counter(map(seen_print, self._on_their_way))
        for found, copy in _by_hand(identified):
            if sums_up(ORDERS, found.row):
                continue

            print_ = lasting_print(found.row)
            if is_loading(found.row[ID]) or is_loading(found.row[KEY]):
                self._step.poll_again = True  # what stands there is about to be seen
            elif on_its_way[print_] > 0:
                on_its_way[print_] -= 1
                self._step.poll_again = True
            else:
                # a clock that was set back makes nobody wait
                self._rests[print_] = min(self._since.get(print_, now), now)
                yield found, copy, print_

    # Committing

    def commit(self, identified: Identified) -> float:
        """Mind all rows typed by hand.

        Returns when to look again even if nobody edits anything, in epoch seconds.
        """
        now, rests = self._step.read_at, self._rests
        self._taken = {*identified.orders, *self._step.known}
        self._take_rested()
        self._take_held()
        self._remember_unfinished()
        if rests != self._since:
            self._step.tx.resting.replace(ORDERS, rests)

        ends = [since + self._settle_s for since in rests.values()]
        due = [end for end in ends if end > now]
        self._step.resting = len(due)
        if self._step.poll_again:
            return now

        return min(due, default=FOREVER)

    def _remember_unfinished(self) -> None:
        """Let the panel list the rows that are no orders yet, and what they lack."""
        rows = []
        for row in self._rested:
            if not row.order.complete and not row.is_note:
                named = named_cells(ORDERS, row.found.row)
                rows.append(unfinished(row.found.position, named, missing(row.order)))
        for found, _ in self._held:
            named = named_cells(ORDERS, found.row)
            rows.append(unfinished(found.position, named, text(named["Проверка"])))
        rows.sort(key=lambda one: one.position)
        rows = rows[:MOST]
        if rows != (self._step.tx.facts.get(UNFINISHED) or []):
            self._step.tx.facts.put(UNFINISHED, rows)

    def _take_rested(self) -> None:
        waves = self._waves_of_rested()
        rows = self._rested
        if len(rows) > self._left:
            # too many for one poll: those for which people wait come first
            rows = sorted(rows, key=lambda row: (row in waves, not row.is_announced))

        for row in rows:
            if row in waves:
                self._follow_decision(row, waves[row])
            else:
                self._finish(row)

    def _waves_of_rested(self) -> dict[Rested, Wave]:
        """Return which rows wait for a decision, with their waves."""
        waves: dict[Rested, Wave] = {}
        fresh: list[Rested] = []
        for row in self._rested:
            if not row.is_announced:
                continue

            wave = self._waves.of_row("", row.at)
            if wave:
                waves[row] = wave
            else:
                fresh.append(row)

        if fresh:
            places = [str(row.found.position) for row in fresh]
            wave = self._waves.come("rows", places)
            if wave:
                waves.update(dict.fromkeys(fresh, wave))

        return waves

    def _take_held(self) -> None:
        """Mind rows whose «Проверка» says that they are held."""
        for write in self._on_their_way:
            # keeps a wave alive whose rows don't say yet that they are in it
            self._waves.of_row(text(write.cells.get("Проверка", "")), FOREVER)

        unknown: dict[int, list[str]] = {}
        members = Counter[int]()
        for found, row in self._held:
            check = text(found.row[CHECK])
            wave = self._waves.of_row(check, FOREVER)
            if wave is None:
                unknown.setdefault(held_in(check), []).append(str(found.position))
                continue

            members[wave.number] += 1
            if wave.state == "open" or not self._may_write():
                continue

            if row:
                self._follow_decision(row, wave)
            else:  # decided since the look, or one of many: the next poll reads it
                self._step.poll_again = True

        for number, places in unknown.items():
            self._waves.known_again("rows", number, places)

        for number, count in members.items():
            self._waves.holds_at_least(number, count)

    def _follow_decision(self, row: Rested, wave: Wave) -> None:
        """Let a row of a wave wait, or do what was decided about it."""
        if not row.is_announced:
            self._finish(row)
        elif wave.state == "open":
            self._hold(row, wave)
        elif wave.state == "leave" or self._waves.let_go():
            self._finish(row, wave)
        else:
            self._step.poll_again = True

    # Writing

    def _may_write(self) -> bool:
        """Return whether another row may be written to now; else at the next polls."""
        if self._left > 0:
            return True

        self._step.poll_again = True
        return False

    def _write(
        self,
        order_id: str,
        cells: Mapping[str, Cell],
        seen: Mapping[str, Cell],
        by: Actor = SYSTEM,
    ) -> None:
        self._step.adopt(Write(ORDERS, "adopt", order_id, cells, seen, by=by))
        self._left -= 1

    def _hold(self, row: Rested, wave: Wave) -> None:
        """Say in a row that it is held.

        It gets no number before somebody has decided that it is an order.
        """
        if self._may_write():
            said = waiting(row.order, sentence(wave, begun=row.started))
            named = named_cells(ORDERS, row.found.row)
            self._write("", checked(named, said), self._seen(row))

    def _finish(self, row: Rested, wave: Wave | None = None) -> None:
        """Give a row what it lacks; ``wave``: it was let go by decision, or left out."""
        if not self._may_write():
            return

        if row.order.complete:
            self._make_order(row, wave)
        elif row.copy:
            self._explain_copy(row)
        else:
            self._explain(row)

    def _explain_copy(self, row: Rested) -> None:
        # no order yet, and certainly not the one it was copied from
        cells: dict[str, Cell] = {"ID": "", "Ключ": "", "Оповещены": ""}
        named = named_cells(ORDERS, row.found.row)
        cells |= checked(named, missing(row.order))
        self._write("", cells, self._seen(row))
        log.info("row_explained", row=row.found.position)

    def _explain(self, row: Rested) -> None:
        """Let «Проверка» say what a row lacks; of a note it says nothing of ours."""
        named = named_cells(ORDERS, row.found.row)
        cells: dict[str, Cell]
        if row.is_note:
            said = own_words(row.order.check)
            cells = {"Проверка": said}
        else:
            said = missing(row.order)
            cells = checked(named, said)

        if said != row.order.check:
            self._write("", cells, named)
            log.info("row_explained", row=row.found.position)

    def _make_order(self, row: Rested, wave: Wave | None) -> None:
        """Let a row be an order.

        One from the past is given only its ID and key, for nobody knows the rest.
        """
        left_out = wave is not None and wave.state == "leave"
        past = row.past or (left_out and row.started)
        keeps_id = self._keeps_id(row)
        order_id = row.found.id
        if not keeps_id:
            order_id = next_order_id(self._step.tx, self._step.clock)

        self._taken.add(order_id)
        cells = self._first_cells(row, order_id, past=past)
        if keeps_id:
            del cells["ID"]

        if left_out and not past:
            cells["Оповещены"] = LEFT
            cells["Проверка"] = explanation(replace(row.order, told=LEFT))

        by = STAFF
        if past:
            by = PAST
        elif wave:
            by = WAVE

        self._write(order_id, cells, self._seen(row), by)
        log.info("row_adopted", order=order_id, copy=row.copy)

    def _keeps_id(self, row: Rested) -> bool:
        """Return whether a person gave the row an ID that no order has."""
        order_id = row.found.id
        return bool(order_id) and not row.copy and order_id not in self._taken

    def _first_cells(
        self, row: Rested, order_id: str, *, past: bool
    ) -> dict[str, Cell]:
        named = named_cells(ORDERS, row.found.row)
        now = None if past else self._step.clock
        master = row.order.master_id
        cells = first_cells(named, as_id(order_id), new_key(), now, master)
        if row.copy and not past:
            cells["Оповещены"] = ""

        if text(named["Проверка"]):
            cells |= checked(named, "")

        return cells

    def _seen(self, row: Rested) -> Mapping[str, Cell]:
        """Return by what a row is found again."""
        named = named_cells(ORDERS, row.found.row)
        if not row.copy:
            return named

        # copies are told apart by people's notes beside them
        return named | self._table.own_cells(row.found.position)


def _by_hand(identified: Identified) -> Iterator[tuple[Found, bool]]:
    """Yield the rows without a number of their own, and which of them are copies."""
    for found in identified.typed:
        yield found, False

    for found in identified.copies:
        yield found, True
