"""One poll: gather what the sheet says now, decide what that means, commit it all
together.

    read (one request) ─▶ same bytes as last time? ─▶ nothing to do
                       └▶ tables ─▶ identify rows ─▶ what the changed rows mean     (the store is only looked at)
    one transaction: diff ─▶ mirror, history, outbox, journal

A poll does not write to the sheet and sends nothing: it leaves that to the journal and
the outbox.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from record import failpoints
from record.actions import wave_decisions
from record.dispatch.model import steady
from record.dispatch.reach import Reach
from record.errors import SheetBroken
from record.flush.unanswered import doubtful, unheard
from record.grid.identity import Identified, Known, Recall, identify, recognise, reunite
from record.grid.layout import (
    HEADERS,
    Row,
    Table,
    Values,
    fingerprint,
    read_table,
    same,
)
from record.grid.plan import Page
from record.grid.worksheets import (
    MASTERS,
    ORDERS,
    QUESTIONS,
    SERVICES,
    STATISTICS,
    WORKSHEETS,
)
from record.grid.writes import Write
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Reading, Sheet
from record.store import Store, Tx
from record.values import Categories, Cell, text
from worker.offers import mind_offers
from worker.poll.adoption import Adoption
from worker.poll.masters import MastersPart
from worker.poll.orders import OrdersPart
from worker.poll.own_writes import OwnWrites
from worker.poll.percent_format import PercentFormat
from worker.poll.quarantine import Quarantine
from worker.poll.step import PollStep
from worker.poll.waves import Waves

log = get_logger(__name__)

ID, KEY, CHECK = (
    WORKSHEETS[ORDERS].index(column) for column in ("ID", "Ключ", "Проверка")
)
FEW = 3
VANISHED_PATIENCE_S = 600


@dataclass
class Report:
    """What a poll found: the figures of its log line, and whether the same reading need
    not be looked into again.
    """

    rows: int = 0
    changes: int = 0
    notices: int = 0
    idle: bool = False
    resting: int = 0
    trusted: bool = True


@dataclass
class Seen:
    """What a reading was found to say, not yet committed."""

    step: PollStep
    identified: Identified
    prints: list[int]
    waves: Waves
    masters: MastersPart
    orders: OrdersPart
    typed: Adoption
    lists: dict[str, list[Row]] = field(default_factory=dict)


class Poller:
    """Polls on behalf of one thread; remembers the last answer and each row's
    fingerprint between polls.
    """

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._body = b""
        self._read_at = 0.0
        self._known: dict[str, Known] | None = None
        self._recall = Recall()
        self._quarantine = Quarantine()
        self._percent_format = PercentFormat()
        self._reach: Reach | None = None
        self._next_due = float("inf")
        self._vanished_since: float | None = None

    def poll(self) -> Report:
        """Read the sheet once and commit what changed; a reading that can't be trusted
        changes nothing.

        Raises:
            SheetBroken: the reading can't be trusted.
            SheetBusy, SheetDenied: there is none; nothing is lost.
        """
        own_writes, reach, decided = self._known_by_now()
        reading = self._sheet.read()
        # a clock that was set back makes no row wait longer
        waits = self._read_at <= reading.at < self._next_due
        self._read_at = reading.at
        if (
            reading.body == self._body
            and waits
            and not own_writes.orders()
            and reach == self._reach
            and not decided
        ):
            self._note_echo(own_writes)
            return Report(rows=len(self._known or ()), idle=True)
        with _without_collecting():
            report = self._taken(reading, own_writes)
        self._body = reading.body if report.trusted else b""
        return report

    def _known_by_now(self) -> tuple[OwnWrites, Reach, bool]:
        """Return what has reached the sheet by now, by whose clock does not matter, and
        who can't be written to.

        The third says whether what was decided about a wave is to be carried out.
        Whoever is lost or found while the sheet is read rings for a poll of his own.
        """
        with self._store.reading() as tx:
            own_writes = OwnWrites(
                write for write in tx.journal.unechoed() if write.state == "written"
            )
            return own_writes, tx.masters.reach(), wave_decisions.decided(tx)

    def _taken(self, reading: Reading, own_writes: OwnWrites) -> Report:
        """Parse a reading and commit what it says."""
        tables = _tables(reading.values())
        self._percent_format.settle(tables[MASTERS], self._sheet, reading.at)
        failpoints.passing("poll.read")
        if (seen := self._look(tables, reading, own_writes)) is None:
            return Report(trusted=False)
        # a write that hit a wrong row is mended before anyone believes it
        with self._store.exclusive("flush"):
            report = self._commit(seen, tables, reading, own_writes)
        failpoints.passing("poll.committed")
        return report

    def _note_echo(self, own_writes: OwnWrites) -> None:
        if own_writes.ids:
            with self._store.transaction() as tx:
                tx.journal.echo(own_writes.ids)

    def _look(
        self, tables: dict[str, Table], reading: Reading, own_writes: OwnWrites
    ) -> "Seen | None":
        """Read what has changed, keeping nobody waiting; None where the reading can't
        be believed for now.
        """
        with self._store.reading() as tx:
            if tx.journal.repaired_since(reading.at) or _doubtful(tx, tables):
                return None
            step = PollStep(
                tx,
                self._settings,
                self._remembered(tx),
                reading.at,
                self._quarantine,
                self._reach,
                own_writes,
            )
            table, prints = tables[ORDERS], tables[ORDERS].prints()
            same, touched = recognise(table, prints, self._recall)
            identified = identify(
                _settled(step, table, touched), step.known, ID, KEY, same
            )
            if identified.typed and (
                gone := [key for key in step.known if not identified.has(key)]
            ):
                rows = {
                    key: stored.row for key, stored in tx.orders.stored(gone).items()
                }
                reunite(identified, rows, ID, KEY, step.known)
            self._refuse_vanished(tx, step.known, identified)
            waves = Waves(step)
            orders, typed = OrdersPart(step, waves), Adoption(step, table, waves)
            seen = Seen(
                step, identified, prints, waves, MastersPart(step), orders, typed
            )
            seen.masters.look(tables[MASTERS])
            seen.lists = _look_at_lists(step, tables)
            seen.orders.look(identified)
            seen.typed.look(identified)
            return seen

    def _commit(
        self,
        seen: "Seen",
        tables: dict[str, Table],
        reading: Reading,
        own_writes: OwnWrites,
    ) -> Report:
        step, identified = seen.step, seen.identified
        with self._store.transaction() as tx:
            if (
                tx.journal.repaired_since(reading.at)
                or _doubtful(tx, tables)
                or not step.begin(tx)
            ):
                return Report(trusted=False)
            if seen.orders.pressed_meanwhile():
                return Report(trusted=False)
            seen.waves.begin()
            if step.first:
                seen.orders.learn_numbers(identified, tables[MASTERS])
            seen.waves.learn_numbers(
                text(found.row[CHECK]) for found in identified.touched()
            )
            seen.masters.run()
            for title, rows in seen.lists.items():
                tx.lists.put(title, rows)
            _keep_headers(step, tables)
            seen.orders.run(identified)
            if step.first:
                tx.facts.put("baseline", reading.at)
            self._next_due = min(
                seen.typed.run(identified),
                self._quarantine.due(),
                self._percent_format.due,
            )
            seen.waves.end()
            if seen.waves.busy:
                self._next_due = reading.at
            tx.journal.echo(own_writes.ids)
            mind_offers(tx, self._settings)
        again = step.failed - step.aside
        self._reach = None if again else step.reach
        self._known, self._recall = (
            step.known,
            Recall.of(tables[ORDERS], seen.prints, identified, step.failed),
        )
        return Report(
            len(self._known),
            step.changes,
            step.notices,
            resting=step.resting,
            trusted=not again,
        )

    def _remembered(self, tx: Tx) -> dict[str, Known]:
        if self._known is None:
            self._known = {
                order_id: Known(fingerprint(row), position, text(row[KEY]))
                for order_id, position, row in tx.orders.rows()
            }
        return dict(self._known)

    def _refuse_vanished(
        self, tx: Tx, known: dict[str, Known], identified: Identified
    ) -> None:
        """Take most rows being gone at once for an accident, unless as many came, they
        had just come, or it lasts.
        """
        lost = {order_id for order_id in known if not identified.has(order_id)}
        gone = len(lost)
        fresh = sum(order_id not in known for order_id in identified.orders) + len(
            identified.typed
        )
        limit = self._settings.polling.vanished_share * len(known)
        if (
            gone < FEW
            or gone <= limit
            or fresh * 2 >= gone
            or self._undone(tx, known, lost)
        ):
            self._vanished_since = None
            if gone >= FEW and gone > limit:
                log.warning("orders_replaced", gone=gone, came=fresh)
            return
        self._vanished_since = self._vanished_since or time.monotonic()
        if time.monotonic() - self._vanished_since < VANISHED_PATIENCE_S:
            raise SheetBroken(
                f"Лист «{ORDERS}»: сразу исчезли {gone} из {len(known)} заявок. Если случайно, верните их (Ctrl+Z). "
                f"Если так и задумано, ничего не делайте: через {VANISHED_PATIENCE_S // 60} минут Наряд это примет"
            )
        log.warning("vanished_accepted", gone=gone)

    @staticmethod
    def _undone(tx: Tx, known: dict[str, Known], lost: set[str]) -> bool:
        """Say whether a person took back what he had put in minutes ago, and all that
        was there before still is.
        """
        lately = tx.history.came_lately(time.time() - VANISHED_PATIENCE_S)
        lately |= tx.journal.adopted_since(time.time() - VANISHED_PATIENCE_S)
        return lost <= lately and not known.keys() <= lately


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let Python look for no garbage meanwhile.

    A parsed sheet holds a list for each row and not one cycle. The collector would walk
    through all of them, and through what is remembered of each order, several times
    while they come and go; that cost more than parsing.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _settled(step: PollStep, table: Table, touched: list[int]) -> list[tuple[int, Row]]:
    """Return the rows that were touched, without new ones of ours that came under
    headers moved meanwhile.

    Those are set right by the flush that looks for them, since their answer was lost.
    """
    rows = table.rows(touched)
    unclear = [
        write
        for write in step.writes
        if write.title == ORDERS and write.state == "unclear"
    ]
    lost = {
        text(write.cells.get("Ключ", "")): write
        for write in unclear
        if write.subject not in step.known
    }
    lost.pop("", None)
    astray = {
        number
        for number, row in rows
        if lost and _astray(lost, row, table.raw[number - 2])
    }
    step.poll_again |= bool(astray)
    return [(number, row) for number, row in rows if number not in astray]


def _astray(lost: dict[str, Write], row: Row, raw: list[Cell]) -> bool:
    named = dict(zip(WORKSHEETS[ORDERS].columns, row, strict=True))
    mine = [lost[text(cell)] for cell in raw if text(cell) in lost]
    return any(
        not same(named[column], value)
        for write in mine
        for column, value in write.cells.items()
    )


def _tables(values: dict[str, Values]) -> dict[str, Table]:
    """Return the worksheets in our order of columns; only those that orders depend on
    must be in order.
    """
    tables = {title: read_table(title, values[title]) for title in (ORDERS, MASTERS)}
    for title in (SERVICES, QUESTIONS, STATISTICS):
        try:
            tables[title] = read_table(title, values[title])
        except SheetBroken as error:
            log.debug("worksheet_skipped", title=title, error=str(error))
    return tables


def _doubtful(tx: Tx, tables: dict[str, Table]) -> bool:
    """Say whether a row looks as if a write without an answer had hit it by mistake;
    the next flush mends it.
    """
    if not (requests := unheard(tx)):
        return False
    titles = {title for request in requests for title in request.titles}
    pages = {
        title: Page(tables[title].layout, dict(enumerate(tables[title].raw, start=2)))
        for title in titles
    }
    return doubtful(tx, requests, pages)


def _look_at_lists(step: PollStep, tables: dict[str, Table]) -> dict[str, list[Row]]:
    """Return the small worksheets that have changed, whole, and learn the categories of
    the price list.

    What shows an error or is still loading stays as it last stood there.
    """
    changed: dict[str, list[Row]] = {}
    for title in (SERVICES, QUESTIONS, STATISTICS):
        if title not in tables or tables[title].failed():
            continue
        before = step.tx.lists.get(title)
        rows = list(steady([row for _, row in tables[title].rows()], before))
        if before != rows:
            changed[title] = rows
    step.categories_changed |= SERVICES in changed
    rows = changed[SERVICES] if SERVICES in changed else step.tx.lists.get(SERVICES)
    services = tuple((text(row[0]), text(row[1])) for row in rows)
    step.categories = _categories(
        services, step.settings.company.category if services else ""
    )
    return changed


def _keep_headers(step: PollStep, tables: dict[str, Table]) -> None:
    """Let whoever adds rows know when columns were moved."""
    headers = {title: list(table.layout.headers) for title, table in tables.items()}
    if step.tx.facts.get(HEADERS) != headers:
        step.tx.facts.put(HEADERS, headers)


@lru_cache(maxsize=1)
def _categories(services: tuple[tuple[str, str], ...], own: str) -> Categories:
    """Return the categories of a price list; what was found in them is remembered as
    long as it stays the same.
    """
    return Categories(services, own)


def figures(report: Report) -> dict[str, int | bool]:
    """Return a report as the facts of a log line."""
    facts = asdict(report)
    facts.pop("trusted")
    return facts
