"""Who may do and see what: one table, asked by every button, command and page. Pure.

who he is × how the order stands × what he wants ─▶ allowed, or refused for a reason that texts turn into words

An act is allowed by what an order *is*, never by what it is not: one whose «Статус»
nobody can read keeps its last meaning in lists and statistics, but nobody acts on it
until a person has mended the cell. Nor does anybody change one while an edit of staff
rests: what it was may not be what it will be. docs/permissions.md says the same in the
words of people, and a test plays it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, assert_never, get_args

from record.dispatch.model import Master, Order
from record.values import Address, Status

Refusal = Literal[
    "", "gone", "taken", "cancelled", "done", "late", "not_done", "not_yours", "not_active", "not_listed", "not_new",
    "unclear", "unfinished", "other_chat", "rests",
]  # fmt: skip
# a master corrects the price of finished work by himself for so long
REGRET = timedelta(hours=1)


class Who(StrEnum):
    """Who somebody is now.

    ``inactive``: a master who does not work here yet, or any more. ``former``: on no
    list, but the card of an order that is still his hangs in this very chat. ``link``:
    whoever has the secret link of an order.
    """

    STRANGER = "stranger"
    FORMER = "former"
    INACTIVE = "inactive"
    ACTIVE = "active"
    CLIENT = "client"
    LINK = "link"
    STAFF = "staff"


class Stands(StrEnum):
    """How an order stands, seen by one master; ``his`` is in work by him.

    For anybody else nothing is his. ``doubted``: nobody can read «Мастер».
    """

    GONE = "gone"
    UNFINISHED = "unfinished"
    NEW = "new"
    HIS = "his"
    HIS_DOUBTED = "his_doubted"
    HIS_UNCLEAR = "his_unclear"
    OTHERS = "others"
    DONE_LATELY = "done_lately"
    DONE_EARLIER = "done_earlier"
    DONE_OTHERS = "done_others"
    CANCELLED = "cancelled"
    UNCLEAR = "unclear"


class Act(StrEnum):
    """What people want of one order, and what they want without one."""

    OPEN = "open"
    CONTACTS = "contacts"
    ACCEPT = "accept"
    FINISH = "finish"
    CORRECT = "correct"
    GIVE_BACK = "give_back"
    TRACK = "track"
    CANCEL = "cancel"
    PAY = "pay"
    EDIT = "edit"
    LIST_NEW = "list_new"
    LIST_MINE = "list_mine"
    EARNINGS = "earnings"
    QUIET = "quiet"
    DASHBOARD = "dashboard"


# what changes whose an order is, how it stands or what it costs
CHANGING = frozenset({Act.ACCEPT, Act.FINISH, Act.CORRECT, Act.GIVE_BACK, Act.CANCEL})

ACTIVE = """
              open      contacts    accept      finish      correct     give_back
gone          gone      gone        gone        gone        gone        gone
unfinished    yes       unfinished  unfinished  not_yours   not_yours   not_yours
new           yes       yes         yes         not_yours   not_yours   not_yours
his           yes       yes         yes         yes         not_done    yes
his_doubted   yes       yes         yes         yes         not_done    unclear
his_unclear   yes       yes         unclear     unclear     unclear     unclear
others        yes       not_yours   taken       not_yours   not_yours   not_yours
done_lately   yes       done        done        done        yes         done
done_earlier  yes       done        done        done        late        done
done_others   yes       done        done        done        done        done
cancelled     yes       cancelled   cancelled   cancelled   cancelled   cancelled
unclear       yes       unclear     unclear     unclear     unclear     unclear
"""
INACTIVE = """
              open        contacts    accept      finish      correct     give_back
gone          not_active  not_active  not_active  not_active  not_active  not_active
unfinished    not_active  not_active  not_active  not_active  not_active  not_active
new           not_active  not_active  not_active  not_active  not_active  not_active
his           yes         yes         not_active  yes         not_done    yes
his_doubted   yes         yes         not_active  yes         not_done    unclear
his_unclear   yes         yes         not_active  unclear     unclear     unclear
others        not_active  not_active  not_active  not_active  not_active  not_active
done_lately   yes         done        not_active  done        yes         done
done_earlier  yes         done        not_active  done        late        done
done_others   not_active  not_active  not_active  not_active  not_active  not_active
cancelled     not_active  not_active  not_active  not_active  not_active  not_active
unclear       not_active  not_active  not_active  not_active  not_active  not_active
"""
FORMER = """
              finish
his           yes
his_doubted   yes
his_unclear   unclear
"""
BY_THE_ORDER = """
              track       cancel      pay
gone          gone        gone        gone
unfinished    yes         yes         yes
new           yes         yes         yes
others        yes         not_new     yes
done_others   yes         not_new     yes
cancelled     yes         not_new     yes
unclear       yes         unclear     yes
"""
STAFF = """
              edit
gone          gone
unfinished    yes
new           yes
others        yes
done_others   yes
cancelled     yes
unclear       yes
"""
WITHOUT_ORDER = """
              list_new    list_mine   earnings    quiet       dashboard
inactive      not_active  yes         yes         not_active  not_active
active        yes         yes         yes         yes         yes
"""
# what is said where the table has no cell: no more than he knows himself
LEAST: Mapping[Who, Refusal] = {
    Who.STRANGER: "not_listed",
    Who.FORMER: "not_listed",
    Who.INACTIVE: "not_active",
    Who.ACTIVE: "not_yours",
    Who.CLIENT: "gone",
    Who.LINK: "gone",
    Who.STAFF: "gone",
}


def _cells(drawn: str) -> dict[tuple[str, Act], str]:
    """Return the cells of a drawn table by the name of their line and their act."""
    head, *lines = [line.split() for line in drawn.strip().splitlines()]
    acts = [Act(word) for word in head]
    cells = {}
    for name, *answers in lines:
        for act, answer in zip(acts, answers, strict=True):
            cells[name, act] = answer
    return cells


ABOUT: Mapping[Who, Mapping[tuple[str, Act], str]] = {
    Who.ACTIVE: _cells(ACTIVE),
    Who.INACTIVE: _cells(INACTIVE),
    Who.FORMER: _cells(FORMER),
    Who.CLIENT: _cells(BY_THE_ORDER),
    Who.LINK: _cells(BY_THE_ORDER),
    Who.STAFF: _cells(STAFF),
}
ALONE = _cells(WITHOUT_ORDER)


def refusal(who: Who, act: Act, stands: Stands, *, rests: bool = False) -> Refusal:
    """Return why somebody may not do this with an order, "" where he may.

    ``rests``: an edit of it by staff rests, see record/dispatch/regret.py.
    """
    of_order = ABOUT.get(who, {})
    reason = _said(of_order.get((stands.value, act)), who)
    if not reason and rests and act in CHANGING:
        return "rests"
    return reason


def barred(who: Who, act: Act) -> Refusal:
    """Return why somebody may not do what is about no one order, "" where he may."""
    return _said(ALONE.get((who.value, act)), who)


def _said(cell: str | None, who: Who) -> Refusal:
    if cell is None:
        return LEAST[who]
    if cell == "yes":
        return ""
    return REASONS[cell]


# A table of strings cannot be typed as Refusal; looked up here, each is.
REASONS: Mapping[str, Refusal] = {reason: reason for reason in get_args(Refusal)}


def standing(master: Master | None) -> Who:
    """Return who somebody is by his row on the list of masters."""
    if master is None:
        return Who.STRANGER
    if master.active:
        return Who.ACTIVE
    return Who.INACTIVE


def holder(order: Order, claim: str | None) -> str:
    """Return the ID of the master who has an order or has finished it, "" for nobody.

    ``claim`` is who pressed first, which shows before the sheet does. A name that
    stands on a Новая order is what is left of the one who had it before.
    """
    if order.status is Status.NEW:
        return claim or ""
    return order.master_id or claim or ""


def stands(
    order: Order | None, has: str = "", viewer: str = "", now: datetime | None = None
) -> Stands:
    """Return how an order stands for a master.

    ``has``: the ID of its :func:`holder`; ``viewer``: his own. ``now`` is the company's
    clock, by which «Дата выполнения» is written; only the order's master needs it.
    """
    if order is None:
        return Stands.GONE
    his = bool(viewer) and has == viewer
    if order.status is None or order.is_unclear("Статус"):
        # an unclear status keeps its last meaning: his order stays his to look at
        at_work = his and order.status is Status.WORK
        return Stands.HIS_UNCLEAR if at_work else Stands.UNCLEAR
    match order.status:
        case Status.CANCELLED:
            return Stands.CANCELLED
        case Status.DONE:
            return _done(order, now) if his else Stands.DONE_OTHERS
        case Status.NEW | Status.WORK:
            return _his(order) if his else _open(order, has)
        case _:
            assert_never(order.status)


def _done(order: Order, now: datetime | None) -> Stands:
    """Return whether a master may still name the price of work that he has finished.

    He may within the hour, or while there is none. What staff typed there and nobody
    can read is theirs to mend.
    """
    if order.is_unclear("Цена") or order.is_unclear("Дата выполнения"):
        return Stands.DONE_EARLIER
    if order.price is None:
        return Stands.DONE_LATELY
    if now is None or order.done is None:
        return Stands.DONE_EARLIER
    # people may type a time that is still to come
    if abs(now - order.done) <= REGRET:
        return Stands.DONE_LATELY
    return Stands.DONE_EARLIER


def _his(order: Order) -> Stands:
    if order.is_unclear("Мастер"):
        return Stands.HIS_DOUBTED
    return Stands.HIS


def _open(order: Order, has: str) -> Stands:
    """Return how an order that is neither over nor the viewer's stands for him."""
    if has or order.status is Status.WORK:
        return Stands.OTHERS
    # whoever typed a name there did not mean that anybody may take it
    if order.is_unclear("Мастер"):
        return Stands.UNCLEAR
    if order.complete:
        return Stands.NEW
    return Stands.UNFINISHED


def may_tie(order_chat: Address | None, chat: Address, *, lost: bool) -> Refusal:
    """Return why an order's news may not come to this chat, "" where they may.

    Whoever came first keeps them. ``lost``: nothing is delivered to the chat they come
    to now.
    """
    if not order_chat or order_chat == chat or lost:
        return ""
    return "other_chat"
