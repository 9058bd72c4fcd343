"""One flush: round after round, until nothing waits or Google wants us to rest."""

import time
from collections.abc import Mapping
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
from record.flush.locate import Locator
from record.flush.outcome import conclude, holders, refuse, strays
from record.flush.parked import Parking
from record.flush.request import operations_of, send
from record.flush.unanswered import (
    Unanswered,
    answered,
    cut_off,
    give_up,
    note_request,
    rows_at_rest,
    unanswered,
)
from record.grid.excerpt import Excerpt
from record.grid.plan import Plan, make_plan
from record.grid.verify import ReadBack, WriteVerdict, verify
from record.grid.writes import Write
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Lock, Store

log = get_logger(__name__)

# what hits a wrong row again and again waits for the next flush after so many rounds
ROUNDS = 4
# so many new rows, and so many other writes, in one request
TOGETHER = 500
# for so long what is not urgent waits for more, to go with it
GATHER_S = 1.0
# where Google's quota has no room though it seemed to
REST_S = 0.2
# for so long a round waits until the quota has room for a read and a write
TURN_S = 10
REPLACED = (
    "Процесс стоял на месте или потерял локальную базу: в таблицу за него пишет другой"
)
BACKOFF = Backoff((0.5, 1, 2, 5, 10, 15))


@dataclass
class Flushed:
    """What one flush did, in writes.

    ``repaired`` are those that hit a wrong row; ``resting`` wait until Google can't be
    at them any more; ``rest_s`` is how long to wait for Google's quota.
    """

    written: int = 0
    refused: int = 0
    repaired: int = 0
    rounds: int = 0
    resting: int = 0
    rest_s: float = 0.0


class Flush:
    """Flushes on behalf of one thread."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._locator = Locator(store, sheet)
        self._alone: Lock | None = None
        self._parking = Parking(store, settings)

    def run(self) -> Flushed:
        """Bring all waiting writes to the sheet.

        What hits a wrong row is undone and done again at once.

        Raises:
            SheetBusy, SheetDenied, SheetProtected, SheetBroken: the writes wait on; none is lost.
        """
        done = Flushed()
        self._parking.probe()
        writes, done.resting = self._open(due_too=True)
        if not writes:
            return done
        # in another spreadsheet their rows would be found gone, or would be other orders
        self._sheet.need_ours()
        # while our share of the quota is used up, more gathers for the next request
        if pause_s := self._pause_s():
            return Flushed(rest_s=pause_s)
        with self._store.exclusive("flush") as self._alone:
            try:
                self._rounds(done)
            except SheetResting:
                done.rest_s = self._pause_s() or REST_S
        return done

    def _rounds(self, done: Flushed) -> None:
        while done.rounds < ROUNDS:
            writes = self._ready()
            if not writes:
                return
            done.rounds += 1
            self._round(writes, done)
            # a poll may be waiting for us to end
            done.rest_s = self._pause_s()
            if done.rest_s:
                return

    def _pause_s(self) -> float:
        """Return for how long our share of the quota allows no read and write."""
        return self._sheet.rest_s("read", "write")

    # Which writes may go

    def _ready(self) -> list[Write]:
        """Return what may be written now.

        Before that all is journaled that undoes what unanswered requests have hit.
        """
        with self._store.reading() as tx:
            requests = unanswered(tx)
        due = [request for request in requests if not self._rests(request)]
        if due:
            self._undo(due)
        writes, _ = self._open()
        return writes

    def _rests(self, request: Unanswered) -> bool:
        return request.rests(self._settings.sheets.unclear_rest_s)

    def _undo(self, requests: list[Unanswered]) -> None:
        titles = set[str]().union(*(request.titles for request in requests))
        if titles:
            self._turn()
        excerpts = self._locator.read_whole(titles)
        with self._store.transaction() as tx:
            for write in give_up(tx, requests, excerpts):
                log.warning(
                    "misplaced_write",
                    title=write.title,
                    order=write.subject,
                    cells=list(write.cells),
                )
                tx.journal.add(write)

    def _open(self, *, due_too: bool = False) -> tuple[list[Write], int]:
        """Return what may be written now, and the number of writes that rest.

        What an unanswered request carries rests, with all that is for the same rows,
        and new rows behind a new row: they stay in order. What is for a new row that
        was put aside waits for it. ``due_too``: what has rested long enough may go.
        """
        with self._store.reading() as tx:
            writes = self._parking.without_rows(tx.journal.open(TOGETHER))
            requests = unanswered(tx)
        if due_too:
            requests = list(filter(self._rests, requests))
        unsure = set[int]().union(*(request.ids for request in requests))
        rows = rows_at_rest(writes, unsure)
        free = [write for write in writes if write.target not in rows]
        return free, len(writes) - len(free)

    # A round, and what Google refuses in it

    def _round(self, writes: list[Write], done: Flushed) -> None:
        try:
            self._send(writes, done)
        except (SheetBusy, SheetDenied, SheetBroken) as error:
            self._locator.forget()
            self._note_attempt(writes, error)
            raise
        except SheetProtected as error:
            self._around(writes, error, done)
        except SheetError as error:
            self._single_out(writes, error, done)

    def _around(
        self, writes: list[Write], error: SheetProtected, done: Flushed
    ) -> None:
        """Write what is not protected.

        New rows of a worksheet stay together: where it takes one, it takes all.

        Raises:
            SheetProtected: a worksheet takes no new rows.
        """
        self._locator.forget()
        new_rows = {write.target for write in writes if write.kind == "append"}
        groups: dict[str, list[Write]] = {}
        for write in writes:
            group = write.title if write.target in new_rows else ""
            groups.setdefault(group, []).append(write)
        if groups.keys() == {""}:
            self._single_out(writes, error, done)
        elif len(groups) == 1:
            self._note_attempt(writes, error)
            raise error
        else:
            self._each(groups, done)

    def _each(self, groups: Mapping[str, list[Write]], done: Flushed) -> None:
        """Write each group by itself; one that is refused holds up no other."""
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
        """Find the write that Google refuses for good, and park it with an alarm."""
        self._locator.forget()
        # a worksheet that was deleted and made again has another number
        self._sheet.forget_ids()
        if len(writes) == 1:
            self._parking.park(writes[0], error)
            return
        middle = len(writes) // 2
        self._round(writes[:middle], done)
        # of a new row that was parked just now the rest may hold cells
        if rest := self._parking.without_rows(writes[middle:]):
            self._round(rest, done)

    def _note_attempt(self, writes: list[Write], error: NaryadError) -> None:
        with self._store.transaction() as tx:
            tx.journal.tried([write.id for write in writes], str(error))

    # One request

    def _turn(self) -> None:
        """Wait until the quota lets a read and a write follow each other at once.

        What is looked at is fresh then when it is written to.

        Raises:
            SheetResting: that takes too long.
        """
        deadline = time.monotonic() + TURN_S
        while pause_s := self._pause_s():
            if time.monotonic() + pause_s > deadline:
                raise SheetResting("Своя доля квоты Google на миг исчерпана")
            time.sleep(pause_s)

    def _send(self, writes: list[Write], done: Flushed) -> None:
        self._turn()
        if self._sheet.learn_ids({write.title for write in writes}):
            self._turn()
        excerpts = self._locator.locate(writes)
        plan = make_plan(writes, excerpts, self._waiting())
        read_back: ReadBack = {}
        if not plan.empty:
            read_back = self._carry_out(plan, excerpts)
        verdict = verify(plan, excerpts, read_back)
        self._conclude(plan, verdict, excerpts, read_back, done)
        failpoints.passing("flush.marked")

    def _waiting(self) -> list[Write]:
        """Return all writes that wait."""
        # one may have been sent, in vain as it seemed, together with one of this round
        with self._store.reading() as tx:
            return tx.journal.open(TOGETHER)

    def _carry_out(self, plan: Plan, excerpts: Mapping[str, Excerpt]) -> ReadBack:
        """Send a plan; return the rows that it touches as they are after it."""
        operations = operations_of(plan, self._sheet)
        if not self._alone_still():
            raise SheetResting(REPLACED)
        # noted before it is sent: this process may be killed at any moment from here on
        with self._store.transaction() as tx:
            tx.journal.mark(plan.sent, "unclear")
            note_request(tx, plan, excerpts)
        failpoints.passing("flush.planned")
        try:
            read_back = send(operations, plan, self._sheet, self._or_replaced)
            self._or_replaced()
        except SheetUnclear:
            with self._store.transaction() as tx:
                cut_off(tx, plan)
            raise
        except SheetError:
            # of those that were unclear before, an earlier request may have taken effect
            first_time = [
                write.id for write in plan.sent.values() if write.state != "unclear"
            ]
            with self._store.transaction() as tx:
                tx.journal.mark(first_time, "waiting")
                answered(tx, plan.sent)
            raise
        failpoints.passing("flush.sent")
        return read_back

    def _alone_still(self) -> bool:
        return self._alone is None or self._alone.holds()

    def _or_replaced(self) -> None:
        """Leave a request to whoever flushes by now.

        Raises:
            SheetUnclear: this process stood still or was cut off for a while; another may be at these writes,
                and finds out what became of them.
        """
        if not self._alone_still():
            raise SheetUnclear(REPLACED)

    def _conclude(
        self,
        plan: Plan,
        verdict: WriteVerdict,
        excerpts: dict[str, Excerpt],
        read_back: ReadBack,
        done: Flushed,
    ) -> None:
        # both ask Google or read what people typed: before the store is held
        stray = strays(plan, verdict, self._sheet)
        held = self._held(plan, excerpts)
        with self._store.transaction() as tx:
            for write in stray:
                tx.journal.add(write)
            conclude(tx, plan, verdict, excerpts, read_back)
            refuse(tx, plan, held)
        if verdict.missed:
            self._locator.forget()
        written = [*verdict.confirmed, *plan.satisfied]
        given_up = [*plan.refused, *plan.gone]
        self._parking.concluded(written, given_up)
        done.written += len(written)
        done.refused += len(given_up)
        done.repaired += len(verdict.missed)

    def _held(self, plan: Plan, excerpts: Mapping[str, Excerpt]) -> dict[str, str]:
        if not plan.refused:
            return {}
        with self._store.reading() as tx:
            roster = tx.masters.roster()
        return holders(plan, excerpts, roster)
