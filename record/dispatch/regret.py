"""Which edits rest a while before they are taken in: their maker may take them back. Pure.

    «Отменена» clicked ─▶ rests ─▶ still so after `polling.regret_s`? ─▶ taken in, told, written
                            └▶ put right: nothing was taken in, so there is nothing to tell

Whatever changes for somebody who was told something rests as a whole, with all notices
and all cells that follow: half of it, told at once, could not be taken back without a
word. What gives an order to a master where nobody had it, or offers one that comes, never
waits; nor does what a master or a client did himself, having been asked whether he is sure.
"""

from typing import assert_never

from record.dispatch.changes import Change, MasterChange, MasterWhat, What
from record.dispatch.model import Master, Order
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
            return not _is_given(before, after)
        case What.REOPENED:
            # one that nobody could read was only mended
            return before.status is not None
        case What.MASTER:
            return bool(before.master_id)
        case What.PRICE:
            return before.status is after.status is Status.DONE
        case What.APPEARED | What.RESTORED | What.RETOLD | What.DETAILS | What.REMOVED:
            return False
        case _:
            assert_never(change.what)


def _is_given(before: Order, after: Order) -> bool:
    """Return whether an order that nobody had is given to a master."""
    was_nobodys = before.status in (Status.NEW, Status.CANCELLED, None)
    return was_nobodys and after.status is Status.WORK and bool(after.master_id)


def master_rests(change: MasterChange) -> bool:
    """Return whether a change of a master's row rests: it tells him that he is out."""
    return change.what is MasterWhat.DEACTIVATED


def meaning(after: Order | None) -> str:
    """Return what an order has become; while that stays the same, it rests on."""
    if after is None:
        return GONE
    return f"{after.status}|{after.master_id}|{after.price}"


def master_meaning(after: Master | None) -> str:
    """Return what a master has become; while that stays the same, it rests on."""
    if after is None:
        return GONE
    return f"{after.active}|{after.chat or ''}"
