"""One flush: round after round, until nothing waits or Google wants us to rest."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from record import failpoints
from record.backoff import Backoff
from record.errors import (
    NaryadError,
    SheetBroken,
    SheetBusy,
    SheetDenied,
    SheetError,
    SheetProtected,
    SheetResting,
    SheetUnclear,
)
from record.flush.locate import Looker
from record.flush.outcome import conclude, holders, refuse, strays
from record.flush.parked import Parking
from record.flush.request import requests_of, send
from record.flush.unanswered import (
    Request,
    answered,
    cut_off,
    rows_at_rest,
    sent,
    undone,
    unheard,
)
from record.grid.plan import After, Page, Plan, Verdict, make_plan, verify
from record.grid.writes import Write
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Lock, Store

log = get_logger(__name__)

ROUNDS = 4
TOGETHER = 500
GATHER_S = 1.0
REST_S = 0.2
TURN_S = 10
REPLACED = (
    "Процесс стоял на месте или потерял локальную базу: в таблицу за него пишет другой"
)
BACKOFF = Backoff((0.5, 1, 2, 5, 10, 15))


@dataclass
class Flushed:
    """What one flush did: writes that reached the sheet, were refused, landed on a
    wrong row and were repaired.
    """

    written: int = 0
    refused: int = 0
    repaired: int = 0
    rounds: int = 0
    resting: int = 0  # writes that wait until Google can't be at them any more
    # how long to wait for Google's quota before anything can be written
    rest_s: float = 0.0


class Flush:
    """Flushes on behalf of one thread."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._looker = Looker(store, sheet)
        self._alone: Lock | None = None
        self._parking = Parking(store, settings)

    def run(self) -> Flushed:
        """Bring all waiting writes to the sheet; what lands on a wrong row is undone
        and done again at once.

        While our share of Google's quota is used up nothing is begun: more gathers for
        the next request.

        Raises:
            SheetBusy, SheetDenied, SheetProtected, SheetBroken: the writes wait on; none is lost.
        """
        done = Flushed()
        self._parking.probe()
        rest_s = self._settings.sheets.unclear_rest_s
        writes, done.resting = self._open(lambda request: request.rests(rest_s))
        if not writes:
            return done
        if pause_s := self._sheet.rest_s("read", "write"):
            return Flushed(rest_s=pause_s)
        with self._store.exclusive("flush") as self._alone:
            try:
                while (
                    done.rounds < ROUNDS
                    and not done.rest_s
                    and (writes := self._ready())
                ):
                    done.rounds += 1
                    self._round(writes, done)
                    # a poll may be waiting for us to end
                    done.rest_s = self._sheet.rest_s("read", "write")
            except SheetResting:
                done.rest_s = self._sheet.rest_s("read", "write") or REST_S
        return done

    def _ready(self) -> list[Write]:
        """Return what may be written now, once all is journaled that undoes what
        unheard requests hit by mistake.
        """
        rest_s = self._settings.sheets.unclear_rest_s
        with self._store.reading() as tx:
            due = [request for request in unheard(tx) if not request.rests(rest_s)]
        if due:
            self._undo(due)
        return self._open()[0]

    def _undo(self, requests: list[Request]) -> None:
        titles = set[str]().union(*(request.titles for request in requests))
        if titles:
            self._turn()
        pages = self._looker.read_whole(titles)
        with self._store.transaction() as tx:
            for write in undone(tx, requests, pages):
                log.warning(
                    "misplaced_write",
                    title=write.title,
                    order=write.subject,
                    cells=list(write.cells),
                )
                tx.journal.add(write)

    def _open(
        self, rests: Callable[[Request], bool] = lambda _: True
    ) -> tuple[list[Write], int]:
        """Return what may be written now, and the number of writes that rest.

        What an unheard request carries rests, with all that is for the same rows, and
        new rows behind a new row: they stay in order. What is for a new row that was
        put aside waits for it.
        """
        with self._store.reading() as tx:
            writes = self._parking.without_rows(tx.journal.open(TOGETHER))
            unsure = set[int]().union(
                *(request.ids for request in unheard(tx) if rests(request))
            )
        rows = rows_at_rest(writes, unsure)
        free = [write for write in writes if (write.title, write.subject) not in rows]
        return free, len(writes) - len(free)

    def _round(self, writes: list[Write], done: Flushed) -> None:
        try:
            self._send(writes, done)
        except (SheetBusy, SheetDenied, SheetBroken) as error:
            self._looker.forget()
            self._note_attempt(writes, error)
            raise
        except SheetProtected as error:
            self._around(writes, error, done)
        except SheetError as error:
            self._single_out(writes, error, done)

    def _around(
        self, writes: list[Write], error: SheetProtected, done: Flushed
    ) -> None:
        """Write what is not protected; new rows wait together, since a worksheet that
        takes one takes all.

        Raises:
            SheetProtected: a worksheet takes no new rows.
        """
        self._looker.forget()
        fresh = {
            (write.title, write.subject) for write in writes if write.kind == "append"
        }
        groups: dict[str, list[Write]] = {}
        for write in writes:
            groups.setdefault(
                write.title if (write.title, write.subject) in fresh else "", []
            ).append(write)
        if groups.keys() == {""}:
            self._single_out(writes, error, done)
        elif len(groups) == 1:
            self._note_attempt(writes, error)
            raise error
        else:
            self._each(groups, done)

    def _each(self, groups: Mapping[str, list[Write]], done: Flushed) -> None:
        refused: SheetProtected | None = None
        for title in sorted(groups):
            try:
                self._round(groups[title], done)
            except SheetProtected as error:
                refused = error
        if refused:
            raise refused

    def _single_out(
        self, writes: list[Write], error: SheetError, done: Flushed
    ) -> None:
        """Find the write that Google refuses for good among many, and park it with an
        alarm.
        """
        self._looker.forget()
        self._sheet.forget_ids()
        if len(writes) > 1:
            middle = len(writes) // 2
            self._round(writes[:middle], done)
            if rest := self._parking.without_rows(writes[middle:]):
                self._round(rest, done)
            return
        self._parking.park(writes[0], error)

    def _turn(self) -> None:
        """Wait until a read and a write may follow each other at once, so that what is
        looked at is fresh.

        Raises:
            SheetResting: that takes too long.
        """
        deadline = time.monotonic() + TURN_S
        while rest_s := self._sheet.rest_s("read", "write"):
            if time.monotonic() + rest_s > deadline:
                raise SheetResting("Своя доля квоты Google на миг исчерпана")
            time.sleep(rest_s)

    def _send(self, writes: list[Write], done: Flushed) -> None:
        self._turn()
        if self._sheet.learn_ids({write.title for write in writes}):
            self._turn()
        pages = self._looker.look(writes)
        plan = make_plan(writes, pages, self._waiting())
        after = {} if plan.empty else self._carry_out(plan, pages)
        self._conclude(plan, verify(plan, pages, after), pages, after, done)
        failpoints.passing("flush.marked")

    def _waiting(self) -> list[Write]:
        """Return all writes that wait: one may have been sent, in vain as it seemed,
        together with one of these.
        """
        with self._store.reading() as tx:
            return tx.journal.open(TOGETHER)

    def _carry_out(self, plan: Plan, pages: Mapping[str, Page]) -> After:
        """Send a plan; return the rows that it touches as they are after it."""
        requests = requests_of(plan, self._sheet)
        if not self._alone_still():
            raise SheetResting(REPLACED)
        ids = [*plan.placed, *plan.appended]
        with self._store.transaction() as tx:
            tx.journal.mark(ids, "unclear")
            sent(tx, plan, pages)
        failpoints.passing("flush.planned")
        try:
            after = send(requests, plan, self._sheet, self._or_replaced)
            self._or_replaced()
        except SheetUnclear:
            with self._store.transaction() as tx:
                cut_off(tx, plan)
            raise
        except SheetError:
            never_sent = [
                write.id for write in plan.landed(ids) if write.state != "unclear"
            ]
            with self._store.transaction() as tx:
                # of the others an earlier request may have taken effect
                tx.journal.mark(never_sent, "waiting")
                answered(tx, ids)
            raise
        failpoints.passing("flush.sent")
        return after

    def _alone_still(self) -> bool:
        return self._alone is None or self._alone.holds()

    def _or_replaced(self) -> None:
        """Leave a request to whoever flushes by now, since this process stood still or
        was cut off for a while.

        Raises:
            SheetUnclear: another process may be at these writes; it finds out what became of them.
        """
        if not self._alone_still():
            raise SheetUnclear(REPLACED)

    def _conclude(
        self,
        plan: Plan,
        verdict: Verdict,
        pages: dict[str, Page],
        after: After,
        done: Flushed,
    ) -> None:
        stray = strays(plan, verdict, self._sheet)
        held = self._held(plan, pages)
        with self._store.transaction() as tx:
            for write in stray:
                tx.journal.add(write)
            conclude(tx, plan, verdict, pages, after)
            refuse(tx, plan, held)
        if verdict.missed:
            self._looker.forget()
        self._parking.concluded(
            [*verdict.landed, *plan.satisfied], [*plan.refused, *plan.gone]
        )
        done.written += len(verdict.landed) + len(plan.satisfied)
        done.refused += len(plan.refused) + len(plan.gone)
        done.repaired += len(verdict.missed)

    def _held(self, plan: Plan, pages: Mapping[str, Page]) -> dict[str, str]:
        if not plan.refused:
            return {}
        with self._store.reading() as tx:
            roster = tx.masters.roster()
        return holders(plan, pages, roster)

    def _note_attempt(self, writes: list[Write], error: NaryadError) -> None:
        with self._store.transaction() as tx:
            tx.journal.tried([write.id for write in writes], str(error))
