"""Whether a notice still is true at the moment it is sent. Pure.

Minutes or hours can lie between queueing and sending; a message about the past as if it
were present is worse than none, since whoever made the newer change queued its own
notice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bots.delivery.scene import same_price
from record.dispatch.model import Master, Order, Roster
from record.dispatch.notices import Notice
from record.dispatch.waves import kept_back
from record.values import Status, Unclear

# Of two such notices about one order to one person, the later one says all that the
# earlier would.
REPEATED = frozenset(
    {
        "order_new",
        "assigned",
        "card",
        "finished",
        "accepted",
        "reassigned",
        "searching",
        "done",
        "price",
        "cancelled",
        "withdrawn",
        "reopened",
        "activated",
        "deactivated",
        "no_masters",
    }
)
# may be over, or of what nobody was told
ALARMS = frozenset({"alarm", "alarm_over", "no_masters"})


@dataclass(frozen=True)
class Situation:
    """How things stand now.

    ``owner`` has the order; ``quiet`` are the masters who asked for quiet;
    ``is_entry_open``: the entry into the panel, if it is about one, can be confirmed.
    """

    order: Order | None
    owner: Master | None
    roster: Roster
    quiet: frozenset[str] = frozenset()
    is_entry_open: bool = False


def relevant(notice: Notice, now: Situation) -> bool:
    """Return whether the notice is worth sending."""
    rule = RULES.get((notice.to, notice.kind))
    return rule is None or rule(notice, now)


def _offered(notice: Notice, now: Situation) -> bool:
    if not _active(notice, now) or notice.recipient in now.quiet:
        return False
    return _free(notice, now) and now.order is not None and not kept_back(now.order)


def _free(_notice: Notice, now: Situation) -> bool:
    return now.owner is None and _is(now, Status.NEW)


def _his(notice: Notice, now: Situation) -> bool:
    return bool(now.owner and now.owner.id == notice.recipient)


def _is(now: Situation, *statuses: Status) -> bool:
    return bool(now.order and now.order.status in statuses)


def _comes(notice: Notice, now: Situation) -> bool:
    """The master who is said to come must be the one who comes."""
    if not _is(now, Status.WORK) or now.owner is None:
        return False
    said = str(notice.facts.get("master") or now.owner.name)
    try:
        return now.roster.find(said).id == now.owner.id
    # two masters of one name: better told than not
    except Unclear:
        return True


def _active(notice: Notice, now: Situation) -> bool:
    master = now.roster.get(notice.recipient)
    return bool(master and master.active)


def _cancelled(_notice: Notice, now: Situation) -> bool:
    return _is(now, Status.CANCELLED)


def _not_his(notice: Notice, now: Situation) -> bool:
    return not _his(notice, now)


def _price_stands(notice: Notice, now: Situation) -> bool:
    if now.order is None or not _is(now, Status.DONE):
        return False
    return same_price(notice, now.order)


RULES: dict[tuple[str, str], Callable[[Notice, Situation], bool]] = {
    ("master", "order_new"): _offered,
    ("master", "assigned"): lambda notice, now: (
        _his(notice, now) and _is(now, Status.WORK, Status.NEW)
    ),
    ("master", "taken_away"): _not_his,
    ("master", "cancelled"): _cancelled,
    ("master", "withdrawn"): _cancelled,
    ("master", "reopened"): _not_his,
    ("master", "removed"): lambda _, now: now.order is None,
    ("master", "details_changed"): lambda notice, now: (
        _his(notice, now) and _is(now, Status.WORK)
    ),
    ("master", "finished"): lambda notice, now: (
        _his(notice, now) and _is(now, Status.DONE)
    ),
    ("master", "client_says"): _his,
    ("master", "client_sent"): _his,
    ("master", "activated"): _active,
    ("master", "deactivated"): lambda notice, now: not _active(notice, now),
    ("client", "accepted"): _comes,
    ("client", "reassigned"): _comes,
    ("client", "searching"): _free,
    ("client", "done"): lambda _, now: _is(now, Status.DONE),
    ("client", "price"): _price_stands,
    ("client", "cancelled"): _cancelled,
    ("client", "withdrawn"): _cancelled,
    ("staff", "entry"): lambda _, now: now.is_entry_open,
    ("admin", "no_masters"): _free,
    ("admin", "client_cancelled"): _cancelled,
}
