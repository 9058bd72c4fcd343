"""The part of a poll that minds «Заявки»: each changed order, with all that follows."""

from collections.abc import Iterable
from dataclasses import replace

from record.dispatch.changes import Change, diff, offerable
from record.dispatch.model import Order
from record.dispatch.waves import held_in, holding, standing_sentences
from record.errors import NaryadError
from record.grid.identity import Found, Identified, Known
from record.grid.layout import Row, Table, fingerprint
from record.grid.writes import highest
from record.logs import get_logger
from record.store import Stored
from record.values import Status, text
from record.values.order_keys import is_ours
from worker.poll.announce import Announcer
from worker.poll.arrivals import Arrivals
from worker.poll.checks import explain, keep_words
from worker.poll.followups import FollowUps, holder_of
from worker.poll.mass_edits import MassEdits
from worker.poll.meanings import Meanings
from worker.poll.prices import PriceCells, Prices
from worker.poll.regrets import Regrets, RestingOrders
from worker.poll.repeats import Repeats
from worker.poll.restoring import replace_guessable, restore_chats, restore_identity
from worker.poll.step import PollStep
from worker.poll.touched import touched_orders
from worker.poll.unforgotten import warn_of_forgotten
from worker.poll.waves import Waves

log = get_logger(__name__)

TROUBLE = (
    "не обрабатывается из-за ошибки в Наряде; остальные идут как обычно. Проверьте её строку в таблице: после любой "
    "правки в ней Наряд попробует снова, и сам каждые 10 минут"
)


class OrdersPart:
    """Brings the mirror's orders up to date, and commits what each change means."""

    def __init__(
        self, step: PollStep, waves: Waves, cells: PriceCells, regrets: Regrets
    ) -> None:
        self._step = step
        self._waves = waves
        self._announcer = Announcer(step)
        self._prices = Prices(step, cells)
        self._meanings = Meanings(step, self._prices)
        self._repeats = Repeats(step, self._meanings)
        self._arrivals = Arrivals(step, waves, self._meanings, self._repeats)
        self._edits = MassEdits(step, waves, self._meanings)
        self._resting = RestingOrders(step, regrets, self._meanings)
        self._followups = FollowUps(step, self._edits.hushed, self._repeats)
        self._rows: dict[str, Found] = {}
        self._gone: list[str] = []

    def learn_numbers(self, identified: Identified, masters: Table) -> None:
        """Learn at the first poll which numbers are taken, so that none is given twice."""
        counters = self._step.tx.counters
        orders = highest(found.id for found in identified.touched())
        counters.at_least("order", orders)
        counters.at_least("master", highest(text(row[0]) for _, row in masters.rows()))

    def look(self, identified: Identified) -> None:
        """Read the orders whose rows have changed, and those that are gone."""
        due = self._prices.due()
        self._rows = touched_orders(self._step, self._meanings, identified, due)
        self._gone = [key for key in self._step.known if not identified.has(key)]
        self._meanings.look(self._rows, self._gone)
        self._repeats.look(self._rows)

    def pressed_meanwhile(self) -> bool:
        """Return whether something was pressed in an order that is gone, since the look."""
        return self._meanings.pressed_meanwhile()

    def commit(self, identified: Identified) -> float:
        """Commit each change with its notices and writes, and remember the rows.

        Return when a price that is asked about counts as confirmed.
        """
        step = self._step
        restore_identity(step, identified)
        restore_chats(step, identified, self._meanings.before or {})
        if step.first:
            self._commit_baseline()
        else:
            self._commit_changes()

        for key in self._gone:
            if key not in step.aside:
                self._commit_guarded(key, None)

        step.tx.orders.drop([key for key in self._gone if key not in step.failed])
        replace_guessable(step, self._meanings.fresh_keys)
        self._remember(identified)
        step.tx.counters.at_least("order", highest(self._rows))
        return self._prices.end()

    # The first poll of all

    def _commit_baseline(self) -> None:
        """Take the sheet as it is, quickly; announce only what nobody was told of."""
        read = {key: self._meanings.of(key).after for key in self._rows}
        self._arrivals.hold_together(
            {key: order for key, order in read.items() if _waits_for_masters(order)}
        )
        fresh = []
        for key, found in self._rows.items():
            order = self._arrivals.with_reason(read[key])
            fresh.append(Stored(order, found.row, found.position))

        # one statement for many rows: a sheet of years comes at once
        self._step.tx.orders.put_new(fresh)
        for stored in fresh:
            self._take_in(None, stored.order)

    # Every other poll

    def _commit_changes(self) -> None:
        self._arrivals.hold(self._rows)
        self._edits.hold(self._rows)
        put_aside = self._step.aside | self._edits.decided
        undecided = [key for key in self._rows if key not in put_aside]
        resting = self._resting.hold(undecided, self._gone)
        self._take_in_ours([*self._edits.held, *resting])
        for key, found in self._rows.items():
            if key not in self._step.aside:
                self._commit_guarded(key, found)

    def _take_in_ours(self, keys: Iterable[str]) -> None:
        """Take in what we wrote into orders, if what was typed over it is held."""
        step = self._step
        for key in keys:
            before, ours, _ = self._meanings.of(key)
            if ours:
                step.tx.orders.put(ours.order, ours.row, ours.position)
                known = step.known[key]
                step.known[key] = replace(known, print=fingerprint(ours.row))
                self._announcer.announce(self._meanings.changes(before, ours.order))

    def _commit_guarded(self, key: str, found: Found | None) -> None:
        """Commit one order; ``found`` is None for one that is gone.

        One that raises is left as it was and tried again, then put aside. The others go
        on.
        """
        quarantine, at = self._step.quarantine, self._step.read_at
        print_ = found.print if found else None
        if quarantine.rests(key, print_, at):
            self._step.put_aside(key)
            return

        try:
            # what it had written before it raised is taken back, the rest stays
            with self._step.tx.savepoint():
                if found:
                    self._commit_one(key, found)
                else:
                    self._commit_removed(key)
        except NaryadError:
            # the store or Google is in trouble: no fault of this order
            raise
        except Exception:
            self._step.failed.add(key)
            is_aside = quarantine.failed(key, print_, at)
            log.exception("order_failed", order=key, tries=quarantine.tries[key])
            if is_aside:
                self._step.put_aside(key)
                self._step.report_trouble(key, f"Заявка {key} {TROUBLE}")
        else:
            quarantine.handled(key)
            if found:
                said_again = f"Заявка {key} снова обрабатывается"
                self._step.report_recovery(key, said_again)
            else:
                self._step.drop_trouble(key)

    def _commit_one(self, key: str, found: Found) -> None:
        before, ours, after = self._meanings.of(key)
        warn_of_forgotten(self._step, found, (self._meanings.before or {}).get(key))
        after = self._arrivals.with_reason(after)
        self._step.tx.orders.put(after, found.row, found.position)
        if ours:
            self._take_in_two(before, ours.order, after, found.row)
        else:
            self._take_in(before, after)

    def _commit_removed(self, key: str) -> None:
        before = self._meanings.gone(key)
        # at the first poll of all nothing can have been removed
        if before is None or self._meanings.is_past(before.id):
            return

        self._announcer.announce(diff(before, None))
        self._followups.settle_claim(before.id, None)

    def _take_in(self, before: Order | None, after: Order) -> None:
        """Commit the changes of one order."""
        key = after.id
        self._prices.note(key, after)
        is_past = self._meanings.is_past(key)
        changes = self._changes(before, after, is_past=is_past)
        self._learn_wave(after)
        if key in self._meanings.covered:
            keep_words(self._step, key, self._rows[key].row)

        if key in self._arrivals.held:
            self._hold_back(changes, after)
            return

        if key in self._edits.hushed or key in self._arrivals.started:
            self._announcer.record(changes)
        else:
            self._announcer.announce(changes)

        given_away = holder_of(before) != holder_of(after)
        if changes or (given_away and not is_past):
            self._followups.settle_claim(key, after)

        self._followups.answer(before, after, past=is_past)

    def _take_in_two(
        self, before: Order | None, ours: Order, after: Order, row: Row
    ) -> None:
        """Commit what we wrote into an order, and what a person typed over it since."""
        self._prices.note(after.id, after)
        whole = self._meanings.changes(before, after)
        pressed = self._meanings.changes(before, ours)
        self._announcer.announce_apart(pressed, diff(ours, after), whole)
        self._followups.settle_claim(after.id, after)
        shown = self._step.as_it_will_stand(after.id, row)
        self._followups.answer(ours, after, shown=shown)

    def _hold_back(self, changes: list[Change], after: Order) -> None:
        """Take in a new order without telling anybody; its row says why."""
        self._announcer.record(changes)
        if after.status is Status.NEW:
            explain(self._step, after.id, after.check, self._rows[after.id].row)
        else:
            self._followups.answer(None, after)

    def _learn_wave(self, after: Order) -> None:
        """Take up the wave that an order's row names, if only the sheet knows of it."""
        number = held_in(after.check)
        is_held = number and standing_sentences(after)
        # after the store was deleted the rows still say so
        if is_held and self._waves.stray(number):
            self._waves.known_again("orders", number, [after.id])

    def _changes(
        self, before: Order | None, after: Order, *, is_past: bool
    ) -> list[Change]:
        if not is_past:
            return self._meanings.changes(before, after)

        # an order from the past is news only if nobody was told of it
        return diff(None, after) if offerable(after) else []

    # What the next poll compares with

    def _remember(self, identified: Identified) -> None:
        known, failed = self._step.known, self._step.failed
        moved: dict[str, int] = {}
        for key, position in identified.same.items():
            if known[key].position != position:
                moved[key] = position
                known[key] = replace(known[key], position=position)

        for key, found in identified.orders.items():
            if key in failed:
                continue

            was = known.get(key)
            if was and was.position != found.position:
                moved[key] = found.position

            secret = self._secret(key, found, was)
            known[key] = Known(found.print, found.position, secret)

        for key in self._gone:
            if key not in failed:
                del known[key]

        self._step.tx.orders.move(moved)

    def _secret(self, order_id: str, found: Found, was: Known | None) -> str:
        """Return an order's key; a lost one is about to be put back."""
        fresh = self._meanings.fresh_keys.get(order_id)
        if fresh:
            return fresh
        if was and was.key and not is_ours(found.key):
            return was.key

        return found.key


def _waits_for_masters(order: Order) -> bool:
    """Return whether masters are yet to be told of an order, held or not."""
    return offerable(order) or bool(holding(order.check))
