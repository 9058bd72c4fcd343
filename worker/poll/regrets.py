"""Edits that rest: the mirror stays as it was, so one that is put right leaves no trace.

What rests, and since when, is kept in the store: a restart lets nothing rest anew. An
edit that becomes another one meanwhile begins to rest again, and is compared with what
people last heard of.
"""

from collections.abc import Iterable

from record.actions.access import resting
from record.dispatch.changes import Change
from record.dispatch.regret import BY_HAND, meaning, rests
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Tx
from record.store.facts import RESTING, Resting
from worker.poll.announce import follows, who
from worker.poll.meanings import Meanings, Meant
from worker.poll.step import PollStep


class Regrets:
    """What rests in one poll."""

    def __init__(self, tx: Tx, regret_s: float, read_at: float) -> None:
        self._known = tx.facts.get(RESTING) or {}
        self._regret_s = regret_s
        self._at = read_at
        self._kept: dict[str, Resting] = {}

    def rests(self, order_id: str, means: str) -> bool:
        """Return whether an edit has to rest on, and remember since when it does."""
        known = self._known.get(order_id)
        since = self._at
        # a clock that was set back lets it begin anew
        if known and known["meaning"] == means and known["since"] <= self._at:
            since = known["since"]
        if self._at - since >= self._regret_s:
            return False

        self._kept[order_id] = {"meaning": means, "since": since}
        return True

    def due(self) -> float:
        """Return when the first edit has rested."""
        began = [one["since"] for one in self._kept.values()]
        return min(began, default=float("inf")) + self._regret_s

    def keep(self, tx: Tx) -> None:
        """Remember what rests, within the transaction that leaves it out."""
        if self._kept != self._known:
            tx.facts.put(RESTING, self._kept)


def not_taken_in(tx: Tx, writes: Iterable[Write]) -> set[int]:
    """Return those of these writes that no poll has taken in, since their rows rest.

    They go on to be shown over the mirror, and to tell who made the edit.
    """
    left = resting(tx)
    of_orders = [write for write in writes if write.title == ORDERS]
    return {write.id for write in of_orders if write.subject in left}


class RestingOrders:
    """Puts aside the orders whose edits rest."""

    def __init__(self, step: PollStep, regrets: Regrets, meanings: Meanings) -> None:
        self._step = step
        self._regrets = regrets
        self._meanings = meanings

    def hold(self, changed: Iterable[str], gone: Iterable[str]) -> list[str]:
        """Put aside what rests; return those of it whose rows are still there."""
        held = []
        for key, meant in self._meanings.readable(changed).items():
            if self._is_regrettable(meant) and self._rests(key, meaning(meant.after)):
                held.append(key)

        for key in gone:
            if self._meanings.was_there(key):
                self._rests(key, meaning(None))

        return held

    def _rests(self, key: str, means: str) -> bool:
        if not self._regrets.rests(key, means):
            return False

        self._step.put_aside(key)
        return True

    def _is_regrettable(self, meant: Meant) -> bool:
        before = meant.before
        # of what a master pressed he knows; only what was typed over it may rest
        if meant.ours:
            before = meant.ours.order
        if before is None:
            return False

        changes = self._meanings.changes(before, meant.after)
        return any(self._rests_by_hand(change) for change in changes)

    def _rests_by_hand(self, change: Change) -> bool:
        writes = self._step.writes
        if not rests(change) or follows(change, writes):
            return False

        return who(change, writes).kind in BY_HAND
