"""Edits that one stroke made to many orders are held until somebody decides.

The mirror stays as it was meanwhile, so an Undo leaves nothing to be sent, and a press
on an old card is judged by what everybody knew. Once the admin has decided, each order
is taken in as any edit, announced or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from record.dispatch.changes import Change
from record.dispatch.followups import waiting
from record.dispatch.model import Order
from record.dispatch.notices import Audience, notices_of
from record.dispatch.waves import Wave, sentence
from record.grid.identity import Found
from record.grid.layout import Row, lasting_print
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Status, is_empty
from record.values.actors import ActorKind
from worker.poll.announce import who
from worker.poll.checks import explain, keep_words
from worker.poll.meanings import Meanings, Meant
from worker.poll.rows import CHECK
from worker.poll.step import PollStep
from worker.poll.waves import Waves, numbers

# where stamps and notes of ours land, which decide nothing
BESIDE = WORKSHEETS[ORDERS].own | {"Комментарий"}
LOOKED_AT = [
    place
    for place, column in enumerate(WORKSHEETS[ORDERS].columns)
    if column not in BESIDE
]


class Peek(NamedTuple):
    """An order as it stands now, and what people have changed in it."""

    order: Order
    changes: list[Change]


class MassEdits:
    """The edits of one poll that wait for a decision.

    ``held`` are those that began to wait in this poll. ``decided`` are those that were
    let in, ``hushed`` those of them of which nobody is told.
    """

    def __init__(self, step: PollStep, waves: Waves, meanings: Meanings) -> None:
        self._step = step
        self._waves = waves
        self._meanings = meanings
        self._changed: Mapping[str, Found] = {}
        self._audience = Audience(step.roster)
        self.hushed: set[str] = set()
        self.decided: set[str] = set()
        self.held: list[str] = []

    def hold(self, changed: Mapping[str, Found]) -> None:
        """Put aside the orders that wait, those that waited before and new ones."""
        self._changed = changed
        self._audience = Audience(self._step.roster, self._step.tx.masters.quiet())
        fresh = self._without_waiting()
        limit = self._step.settings.polling.wave_rows
        known = [key for key in fresh if key in self._step.known]
        if not 0 < limit < len(known):
            return

        peeks = self._peek(known)
        announced = [key for key in peeks if self._is_announced(peeks[key])]
        if len(announced) > limit:
            self._hold_as_wave({key: peeks[key].order for key in announced})

    def _hold_as_wave(self, orders: Mapping[str, Order]) -> None:
        wave = self._waves.join("edits", numbers(orders))
        said = sentence(wave)
        looked: dict[str, str] = {}
        for key, order in orders.items():
            row = self._changed[key].row
            looked[key] = look_of(row)
            self._step.put_aside(key)
            explain(self._step, key, waiting(order, said), row)

        self._waves.remember_looks(wave.number, looked)
        self.held = list(orders)

    # Edits that waited before

    def _without_waiting(self) -> list[str]:
        """Put what waits aside again, or let it in; return the other changed orders."""
        fresh = dict.fromkeys(self._changed)
        coming = self._step.orders_with_check_coming()
        for wave in self._waves.of_edits():
            keep: dict[str, str] = {}
            for key, looked in wave.looked.items():
                if not self._still_waits(wave, key, looked, noted=key not in coming):
                    continue

                del fresh[key]
                if key in coming:
                    keep_words(self._step, key, self._changed[key].row)

                if self._follow_decision(wave, key):
                    keep[key] = looked

            self._waves.keep_looking(wave.number, keep)

        return list(fresh)

    def _still_waits(self, wave: Wave, key: str, looked: str, *, noted: bool) -> bool:
        """Return whether an edit is as it was held, and nobody let it go by hand.

        ``noted``: «Проверка» says by now that it waits.
        """
        if key not in self._changed:
            return False  # undone, or deleted

        row = self._changed[key].row
        if looked not in _looks(row):
            return False  # dealt with by hand
        if noted and is_empty(row[CHECK]):
            return False  # who clears «Проверка» lets this one go

        return wave.state != "open" or not self._has_become_silent(key)

    def _follow_decision(self, wave: Wave, key: str) -> bool:
        """Do what was decided about an edit; return whether it is put aside again."""
        if wave.state == "leave":
            self.hushed.add(key)
            self.decided.add(key)
            return False

        if wave.state == "send" and self._waves.let_go():
            self.decided.add(key)
            return False

        self._step.put_aside(key)
        return True

    # What people changed

    def _has_become_silent(self, key: str) -> bool:
        """Return whether nobody would hear of an edit any more.

        Mostly so because «Оповещены» was filled again.
        """
        peeks = self._peek([key])
        return key in peeks and not self._is_announced(peeks[key])

    def _is_announced(self, peek: Peek) -> bool:
        """Return whether anybody hears of what staff have changed in the sheet."""
        return any(self._tells(change) for change in peek.changes)

    def _tells(self, change: Change) -> bool:
        if who(change, self._step.writes).kind is not ActorKind.STAFF:
            return False

        # cards are brought up to date without a sound
        notices = notices_of(change, 0, self._audience)
        return any(notice.kind != "card" for notice in notices)

    def _peek(self, keys: Iterable[str]) -> dict[str, Peek]:
        """Return what people have changed in orders, without taking it in."""
        peeks = {}
        for key, meant in self._meanings.readable(keys).items():
            changes: list[Change] = []
            if not self._is_only_ours(key):
                changes = self._changes(meant)

            peeks[key] = Peek(meant.after, changes)

        return peeks

    def _changes(self, meant: Meant) -> list[Change]:
        before, after = meant.before, meant.after
        if meant.ours:
            before = meant.ours.order

        if before and _is_given_to_a_master(before, after):
            # what follows is that it is В работе, and that is what people would hear
            after = replace(after, status=Status.WORK)

        return self._meanings.changes(before, after)

    def _is_only_ours(self, key: str) -> bool:
        """Return whether a row looks different only by what we wrote into it."""
        stored = (self._meanings.before or {}).get(key)
        own_writes = self._step.own_writes
        if stored is None or key not in own_writes.orders():
            return False

        ours = own_writes.onto(key, stored.row)
        if ours is None:
            return False

        return lasting_print(ours) == lasting_print(self._changed[key].row)


def _is_given_to_a_master(before: Order, after: Order) -> bool:
    if before.status is not Status.NEW or after.status is not Status.NEW:
        return False

    return after.master_id not in ("", before.master_id)


def look_of(row: Row) -> str:
    """Return how a row looks where a person's edit decides about it."""
    return lasting_print(tuple(row[place] for place in LOOKED_AT))


def _looks(row: Row) -> tuple[str, str]:
    """Return how a row looks, and how the release before would have remembered that."""
    without_check = row[:CHECK] + row[CHECK + 1 :]
    return look_of(row), lasting_print(without_check)
