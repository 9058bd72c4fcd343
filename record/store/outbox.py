"""The outbox: notices waiting to be sent, and what became of each.

A table and no queue of a library's: a notice commits together with the change that it
tells of, and the key keeps one from ever being queued twice.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    RowMapping,
    Update,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from record.dispatch.notices import BEHIND, LATER_KINDS, Notice
from record.dispatch.reach import Unreachable
from record.store.metrics import tally
from record.store.schema import outbox
from record.store.statements import insert_new
from record.store.wakeups import wake

LONGEST_S = 86400  # longer nothing is ever postponed
LATER = literal(1 << 40, BigInteger)  # more notices than there will ever be
# in the queue to one recipient: others overtake what strangers make, and waves
PLACE = outbox.c.id + LATER * case(
    (outbox.c.key.startswith(BEHIND), literal(1, BigInteger)),
    *(
        (outbox.c.kind == kind, literal(behind, BigInteger))
        for kind, behind in LATER_KINDS.items()
    ),
    else_=literal(0, BigInteger),
)
# what makes a notice that has ended wait as if it was never tried
WAITING_AGAIN: Mapping[str, Any] = {
    "state": "waiting",
    "error": "",
    "code": "",
    "attempts": 0,
    "maybe": 0,
    "ended_at": None,
}


@dataclass(frozen=True)
class Waiting:
    """A notice in the outbox: its row's id, and how often it was tried.

    ``maybe``: how often it may have arrived, since no answer came.
    """

    id: int
    notice: Notice
    attempts: int
    queued_at: float
    maybe: int = 0


@dataclass(frozen=True)
class Told:
    """What became of a notice, and when; ``error`` says why it failed."""

    notice: Notice
    state: str
    error: str
    at: float


class Outbox:
    """The outbox within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice, after_s: float = 0.0) -> bool:
        """Queue a notice, unless one with its key ever was; return whether it is new.

        It is sent no sooner than in ``after_s`` seconds.
        """
        now = time.time()
        values: dict[str, Any] = {
            "key": notice.key,
            "to": notice.to,
            "recipient": notice.recipient,
            "kind": notice.kind,
            "order_id": notice.order_id,
            "facts": dict(notice.facts),
            "state": "waiting",
            "attempts": 0,
            "error": "",
            "queued_at": now,
            "due_at": now + after_s,
        }
        added = insert_new(self._connection, outbox, values)
        if added:
            wake(self._connection, "outbox")
        return added

    def gather(self, notice: Notice, after_s: float) -> None:
        """Count one more in the waiting notice of this kind; queue this if none waits."""
        waiting = (
            select(outbox.c.id, outbox.c.facts)
            .where(_same_kind(notice), outbox.c.state == "waiting")
            .with_for_update()
        )
        row = self._connection.execute(waiting.limit(1)).first()
        if row is None:
            self.add(notice, after_s)
            return
        facts = {**row.facts, "count": row.facts["count"] + 1}
        self._connection.execute(
            update(outbox).where(outbox.c.id == row.id).values(facts=facts)
        )

    def complete(self, key: str, facts: Mapping[str, Any]) -> bool:
        """Send a notice that rests with these facts, and now; False where it has begun."""
        resting = (
            (outbox.c.key == key)
            & (outbox.c.state == "waiting")
            & (outbox.c.attempts == 0)
            & (outbox.c.due_at > time.time())
        )
        known = select(outbox.c.facts).where(resting).with_for_update()
        kept = self._connection.execute(known).scalar()
        if kept is None:
            return False
        values = {"facts": {**kept, **facts}, "due_at": time.time()}
        self._connection.execute(update(outbox).where(resting).values(values))
        wake(self._connection, "outbox")
        return True

    def readdress(self, to: str, old: str, new: str) -> None:
        """Let what waits for a recipient wait for another one."""
        # a person's notices go out in one line only, or they might overtake each other
        whose = (
            (outbox.c.state == "waiting")
            & (outbox.c.to == to)
            & (outbox.c.recipient == old)
        )
        self._connection.execute(update(outbox).where(whose).values(recipient=new))

    def due(self, to: Sequence[str], limit: int = 200) -> list[Waiting]:
        """Return waiting notices for these kinds of people, oldest first.

        A notice is left out while an earlier one to the same recipient waits for its
        time to come. Tests and measurements ask this; deliveries ask for ``heads``.
        """
        query = (
            select(outbox)
            .where(outbox.c.state == "waiting", outbox.c.to.in_(to))
            .order_by(outbox.c.id)
            .limit(limit)
        )
        now = time.time()
        held: set[tuple[str, str]] = set()
        found: list[Waiting] = []
        for row in self._connection.execute(query).mappings():
            person = (row["to"], row["recipient"])
            if row["due_at"] > now:
                held.add(person)
            elif person not in held:
                found.append(_waiting(row))
        return found

    def heads(
        self, to: Sequence[str], recipient: str | None = None, *, blind: bool = False
    ) -> list[Waiting]:
        """Return for everybody, or one recipient, the first notice in line that is due.

        That is the oldest, but what strangers make many of, and what is of a wave, lets
        everything else to the same recipient go before. What rests before its first try
        keeps nobody waiting. ``blind``: no poll has read the orders yet, so only what is
        for the admin or staff and about no order.
        """
        now = time.time()
        stands_in_line = (outbox.c.attempts > 0) | _its_time_has_come(now)
        mine = (outbox.c.state == "waiting") & outbox.c.to.in_(to) & stands_in_line
        if recipient is not None:
            mine &= outbox.c.recipient == recipient
        if blind:
            mine &= outbox.c.to.in_(("admin", "staff")) & (outbox.c.order_id == "")
        first = (
            select(func.min(PLACE) % LATER)
            .where(mine)
            .group_by(outbox.c.to, outbox.c.recipient)
        )
        query = (
            select(outbox)
            .where(outbox.c.id.in_(first), _its_time_has_come(now))
            .order_by(PLACE)
        )
        return [_waiting(row) for row in self._connection.execute(query).mappings()]

    def hurry(self, to: str = "") -> None:
        """Let all that waits for its time be tried now, or what is for one kind of people."""
        later = (outbox.c.state == "waiting") & (outbox.c.due_at > time.time())
        if to:
            later &= outbox.c.to == to
        hurried = update(outbox).where(later).values(due_at=time.time())
        if self._connection.execute(hurried).rowcount:
            wake(self._connection, "outbox")

    def said_again(self, waiting: Waiting) -> bool:
        """Return whether a later notice to the same person will say the same again."""
        notice = waiting.notice
        later = (
            (outbox.c.order_id == notice.order_id)
            & (outbox.c.state == "waiting")
            & (outbox.c.id > waiting.id)
        )
        query = select(outbox.c.id).where(_same_kind(notice), later).limit(1)
        return self._connection.execute(query).first() is not None

    def is_over_unsent(self, waiting: Waiting) -> bool:
        """Return whether a trouble was over before its alarm was sent.

        Then neither the alarm nor its end is worth a word. In the facts of an end ``of``
        are the keys of the alarms that it speaks of, ``ends`` those that are over with
        it: an alarm about several troubles is not over with the first of them.
        """
        notice = waiting.notice
        if notice.kind == "alarm_over":
            # the release before had no ``of``, since each end was of what it ended
            of = set(notice.facts.get("of") or notice.facts.get("ends") or ())
            return bool(of) and self._are_all_stale(of)
        later = select(outbox.c.facts).where(
            outbox.c.to == notice.to,
            outbox.c.kind == "alarm_over",
            outbox.c.id > waiting.id,
        )
        ends = self._connection.execute(later).scalars()
        return any(notice.key in (facts.get("ends") or ()) for facts in ends)

    def _are_all_stale(self, keys: set[str]) -> bool:
        query = select(outbox.c.state).where(outbox.c.key.in_(keys))
        states = self._connection.execute(query).scalars().all()
        return len(states) == len(keys) and set(states) == {"stale"}

    def revive(
        self,
        to: str,
        recipients: Iterable[str],
        since: float,
        reasons: Sequence[Unreachable],
    ) -> int:
        """Let what failed since then for such a reason wait again; return how much.

        The person can be reached by now.
        """
        whose = (
            (outbox.c.to == to)
            & outbox.c.recipient.in_(list(recipients))
            & (outbox.c.ended_at >= since)
        )
        lost = (outbox.c.state == "failed") & outbox.c.code.in_(reasons)
        again = {**WAITING_AGAIN, "due_at": time.time()}
        changed = update(outbox).where(whose, lost).values(again)
        revived = self._connection.execute(changed).rowcount
        if revived:
            wake(self._connection, "outbox")
        return int(revived)

    def end(
        self,
        notice_id: int,
        state: str,
        error: str = "",
        reason: Unreachable | None = None,
    ) -> None:
        """Note what became of a notice: ``sent``, ``failed`` for good, or ``stale``.

        Stale is what was no longer true when its turn came. ``reason`` is why the person
        can't be written to, if that is why it failed.
        """
        changed = update(outbox).where(outbox.c.id == notice_id)
        values = {
            "state": state,
            "error": error,
            "code": reason or "",
            "ended_at": time.time(),
        }
        self._ended(changed.values(values), state)

    def postpone(
        self, notice_id: int, seconds: float, error: str, *, maybe: bool = False
    ) -> None:
        """Try a notice again after so many seconds.

        ``maybe``: it may have arrived all the same.
        """
        now = time.time()
        # queued by a clock that was ahead of ours: it would count as due at once
        queued_at = case((outbox.c.queued_at > now, now), else_=outbox.c.queued_at)
        later = update(outbox).where(outbox.c.id == notice_id)
        later = later.values(
            due_at=now + min(seconds, LONGEST_S),
            attempts=outbox.c.attempts + 1,
            error=error,
            queued_at=queued_at,
            maybe=outbox.c.maybe + int(maybe),
        )
        self._ended(later, "postponed")

    def _ended(self, changed: Update, result: str) -> None:
        """Change a notice, and count how trying to deliver it ended."""
        changed_rows = changed.returning(outbox.c.to, outbox.c.kind)
        for to, kind in self._connection.execute(changed_rows):
            tally(self._connection, "deliveries", to=to, kind=kind, result=result)

    def behind(self) -> int:
        """Return how many notices of waves wait."""
        waiting = (outbox.c.state == "waiting") & outbox.c.key.startswith(BEHIND)
        return self._connection.execute(
            select(func.count()).where(waiting)
        ).scalar_one()

    def depth(self) -> tuple[int, float]:
        """Return how many notices wait, and the age in seconds of the oldest."""
        query = select(func.count(), func.min(outbox.c.queued_at))
        waiting = query.where(outbox.c.state == "waiting")
        count, oldest = self._connection.execute(waiting).one()
        if oldest is None:
            return 0, 0.0
        return count, max(0.0, time.time() - oldest)

    def state_of(self, key: str) -> str:
        """Return what became of the notice with this key, "" where there is none."""
        query = select(outbox.c.state).where(outbox.c.key == key)
        return self._connection.execute(query).scalar() or ""

    def results(self, order_id: str) -> list[tuple[Notice, str, str]]:
        """Return each notice about an order with its state and error, oldest first."""
        told = self.told(order_id)
        return [(one.notice, one.state, one.error) for one in told]

    def told(self, order_id: str) -> list[Told]:
        """Return what became of each notice about an order, oldest first."""
        mine = select(outbox).where(outbox.c.order_id == order_id)
        rows = self._connection.execute(mine.order_by(outbox.c.id)).mappings()
        return [_told(row) for row in rows]


def _told(row: RowMapping) -> Told:
    at = row["ended_at"] or row["queued_at"]
    return Told(_waiting(row).notice, row["state"], row["error"], at)


def _waiting(row: RowMapping) -> Waiting:
    notice = Notice(
        key=row["key"],
        to=row["to"],
        recipient=row["recipient"],
        kind=row["kind"],
        order_id=row["order_id"],
        facts=row["facts"],
    )
    return Waiting(row["id"], notice, row["attempts"], row["queued_at"], row["maybe"])


def _same_kind(notice: Notice) -> ColumnElement[bool]:
    """Return the condition that a notice is of this kind and for the same person."""
    return (
        (outbox.c.to == notice.to)
        & (outbox.c.recipient == notice.recipient)
        & (outbox.c.kind == notice.kind)
    )


def _its_time_has_come(now: float) -> ColumnElement[bool]:
    """Return the condition that a notice is due."""
    return or_(
        outbox.c.due_at <= now,
        # from the future: queued or postponed before the clock was set back
        outbox.c.queued_at > now,
        outbox.c.due_at > now + LONGEST_S,
    )
