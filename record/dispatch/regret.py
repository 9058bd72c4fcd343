"""Which edits rest a while before they are taken in: their maker may take them back. Pure.

    «Отменена» clicked ─▶ rests ─▶ still so after `polling.regret_s`? ─▶ taken in, told, written
                            └▶ put right: nothing was taken in, so there is nothing to tell

A step back alarms somebody: an order is cancelled, taken away, gone, undone, or costs
less. It rests as a whole, with all notices and all cells that follow: half of it, told
at once, could not be taken back without a word. A step on (an order is offered, given to
a master, done) never waits; nor does what a master or a client did himself, having been
asked whether he is sure.
"""

from typing import assert_never

from record.dispatch.changes import Change, What
from record.dispatch.model import Order
from record.values import Status
from record.values.actors import ActorKind

# who edits with one click, unasked
BY_HAND = frozenset({ActorKind.STAFF, ActorKind.PANEL})
GONE = "gone"


def rests(change: Change) -> bool:
    """Return whether a change of an order, made by staff, rests."""
    before, after = change.before, change.after
    if before is None or after is None:
        return change.what is What.REMOVED
    match change.what:
        case What.STATUS:
            return _is_step_back(before, after)
        case What.REOPENED:
            return before.status in (Status.WORK, Status.DONE)
        case What.MASTER:
            return bool(before.master_id)
        case What.PRICE:
            return _is_lowered(before, after)
        case What.APPEARED | What.RESTORED | What.RETOLD | What.DETAILS | What.REMOVED:
            return False
        case _:
            assert_never(change.what)


def _is_step_back(before: Order, after: Order) -> bool:
    """Return whether an order is called off, or what was done is undone."""
    if after.status is Status.CANCELLED:
        return True
    return before.status is Status.DONE and after.status is Status.WORK


def _is_lowered(before: Order, after: Order) -> bool:
    """Return whether the price of a finished order is taken off, in part or in whole."""
    is_finished = before.status is after.status is Status.DONE
    if not is_finished or before.price is None:
        return False
    return after.price is None or after.price < before.price


def meaning(after: Order | None) -> str:
    """Return what an order has become; while that stays the same, it rests on."""
    if after is None:
        return GONE
    return f"{after.status}|{after.master_id}|{after.price}"
