"""One poll, in ten steps; :meth:`Poller.poll` goes through them in this order.

    1  _known_before     what the store knows before the sheet is read
    2  Sheet.read        all worksheets in one request
    3  _nothing_new      the same bytes as last time end the poll here
    4  _tables           columns are found by their headers
    5  _look             the store is only looked at, nobody waits:
    6    identify_rows     which row is which order
    7    look              each part reads what people typed into the rows touched
    8  _commit           one transaction, the store is held:
    9    commit            each part commits what that means: mirror, history, outbox, journal
    10 _remember         what the next poll need not look at again

A poll does not write to the sheet and sends nothing: it leaves that to the journal and
the outbox.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from record import failpoints
from record.actions.access import resting
from record.dispatch.reach import Reach
from record.errors import SheetBroken
from record.grid.identity import Known, Recall
from record.grid.layout import Table, Values, fingerprint, read_table
from record.grid.tail import has_more_below
from record.grid.worksheets import MASTERS, ORDERS
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Reading, Sheet
from record.store import Store, Tx
from record.store.facts import BASELINE, FILLED_BELOW, HEADERS, SPREADSHEET
from record.values import text
from record.watch import open_waves
from worker.offers import mind_offers
from worker.poll.adoption import Adoption
from worker.poll.lists import TITLES, Lists
from worker.poll.lost_masters import tell_of_lost_masters
from worker.poll.masters import MastersPart
from worker.poll.orders import OrdersPart
from worker.poll.own_writes import OwnWrites
from worker.poll.percent_format import PercentFormat
from worker.poll.prices import PriceCells
from worker.poll.quarantine import Quarantine
from worker.poll.regrets import Regrets, not_taken_in
from worker.poll.rows import CHECK, KEY, OrderRows, identify_rows
from worker.poll.step import PollStep
from worker.poll.trust import Vanishing, is_being_mended
from worker.poll.waves import Waves

log = get_logger(__name__)

Tables = dict[str, Table]


@dataclass
class Report:
    """What a poll found: the figures of its log line.

    ``trusted`` is False where the same reading has to be looked into again.
    """

    rows: int = 0
    changes: int = 0
    notices: int = 0
    idle: bool = False
    resting: int = 0
    trusted: bool = True


@dataclass(frozen=True)
class KnownBefore:
    """What the store knows before the sheet is read, so that the reading shows it."""

    own_writes: OwnWrites
    reach: Reach
    wave_decided: bool
    resting: frozenset[str]


class Parts:
    """The parts of one poll, which first all look and then all commit."""

    def __init__(
        self, step: PollStep, tables: Tables, rows: OrderRows, prices: PriceCells
    ) -> None:
        self.step = step
        self.tables = tables
        self.rows = rows
        self.waves = Waves(step)
        regret_s = step.settings.polling.regret_s
        self.regrets = Regrets(step.tx, regret_s, step.read_at)
        self.masters = MastersPart(step)
        self.lists = Lists(step)
        self.orders = OrdersPart(step, self.waves, prices, self.regrets)
        self.adoption = Adoption(step, rows.table, self.waves)

    def look(self) -> None:
        """Let each part read what people typed.

        What an order means depends on the masters and the categories, read before.
        """
        identified = self.rows.identified
        self.masters.look(self.tables[MASTERS])
        self.lists.look(self.tables)
        self.orders.look(identified)
        self.adoption.look(identified)

    def commit(self) -> float:
        """Let each part commit what that means; return when to poll again anyway."""
        step, identified = self.step, self.rows.identified
        self.waves.begin()
        if step.first:
            self.orders.learn_numbers(identified, self.tables[MASTERS])

        checks = [text(found.row[CHECK]) for found in identified.touched()]
        self.waves.learn_numbers(checks)
        self.masters.commit()
        self.lists.commit()
        self._remember_headers()
        self._remember_spreadsheet()
        self._remember_ends()
        prices_due = self.orders.commit(identified)
        if step.first:
            step.tx.facts.put(BASELINE, step.read_at)
        else:
            tell_of_lost_masters(step)

        due = min(self.adoption.commit(identified), prices_due)
        self.waves.end()
        self.regrets.keep(step.tx)
        due = min(due, self.regrets.due())
        if self.waves.busy:
            # a decision is being carried out, part by part
            return step.read_at

        return due

    def _remember_headers(self) -> None:
        # whoever adds rows has to know when columns were moved
        headers = {
            title: list(table.layout.headers) for title, table in self.tables.items()
        }
        facts = self.step.tx.facts
        if facts.get(HEADERS) != headers:
            facts.put(HEADERS, headers)

    def _remember_ends(self) -> None:
        # whoever adds rows has to know where they would land
        below = []
        for title in (ORDERS, MASTERS):
            table = self.tables[title]
            if has_more_below(table.layout, table.raw):
                below.append(title)
        facts = self.step.tx.facts
        if (facts.get(FILLED_BELOW) or []) != below:
            facts.put(FILLED_BELOW, below)

    def _remember_spreadsheet(self) -> None:
        facts, spreadsheet = (
            self.step.tx.facts,
            self.step.settings.sheets.spreadsheet_id,
        )
        if facts.get(SPREADSHEET) != spreadsheet:
            facts.put(SPREADSHEET, spreadsheet)


class Poller:
    """Polls on behalf of one thread.

    Between polls it remembers the last answer, and how each row looked.
    """

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._body = b""
        self._read_at = 0.0
        self._known: dict[str, Known] | None = None
        self._recall = Recall()
        self._reach: Reach | None = None
        self._next_due = float("inf")
        self._quarantine = Quarantine()
        self._percent_format = PercentFormat()
        self._vanishing = Vanishing(settings)

    def poll(self) -> Report:
        """Read the sheet once and commit what changed.

        Raises:
            SheetBroken: the reading can't be trusted; it changes nothing.
            SheetBusy, SheetDenied: there is no reading; nothing is lost.
        """
        self._sheet.need_ours()
        before = self._known_before()
        reading = self._sheet.read()
        nothing_new = self._nothing_new(reading, before)
        self._read_at = reading.at
        if nothing_new:
            self._echo(before.own_writes)
            return Report(rows=len(self._known or ()), idle=True)

        with _without_collecting():
            report = self._take_in(reading, before.own_writes)

        self._body = reading.body if report.trusted else b""
        return report

    def _known_before(self) -> KnownBefore:
        # Writes that are confirmed by now are in the reading, whatever the clocks say.
        # If a person is lost or found while the sheet is read, another poll is woken.
        with self._store.reading() as tx:
            confirmed = [
                write for write in tx.journal.unechoed() if write.state == "written"
            ]
            return KnownBefore(
                OwnWrites(confirmed),
                tx.masters.reach(),
                open_waves.decided(tx),
                # their writes go on to be shown, and are no news at each poll
                resting(tx) if confirmed else frozenset(),
            )

    def _nothing_new(self, reading: Reading, before: KnownBefore) -> bool:
        """Return whether this reading and the store say what they said last time."""
        if reading.body != self._body or before.reach != self._reach:
            return False
        if before.own_writes.orders() - before.resting or before.wave_decided:
            return False

        # a clock that was set back makes no row wait longer
        return self._read_at <= reading.at < self._next_due

    def _take_in(self, reading: Reading, own_writes: OwnWrites) -> Report:
        tables = _tables(reading.values())
        self._percent_format.apply(tables[MASTERS], self._sheet, reading.at)
        failpoints.passing("poll.read")
        parts = self._look(tables, reading, own_writes)
        if parts is None:
            return Report(trusted=False)

        # a write that hit a wrong row is mended before anyone believes it
        with self._store.exclusive("flush"):
            report = self._commit(parts)

        failpoints.passing("poll.committed")
        return report

    def _look(
        self, tables: Tables, reading: Reading, own_writes: OwnWrites
    ) -> Parts | None:
        """Return what the reading says; None where it can't be believed for now."""
        with self._store.reading() as tx:
            if is_being_mended(tx, tables, reading.at):
                return None

            step = PollStep(
                tx,
                self._settings,
                self._known_orders(tx),
                read_at=reading.at,
                quarantine=self._quarantine,
                own_writes=own_writes,
                reach_before=self._reach,
            )
            rows = identify_rows(step, tables[ORDERS], self._recall)
            self._vanishing.check(tx, step.known, rows.identified)
            place = tables[ORDERS].layout.place("Цена")
            parts = Parts(step, tables, rows, PriceCells(self._sheet, place))
            parts.look()
            return parts

    def _known_orders(self, tx: Tx) -> dict[str, Known]:
        """Return the orders of the last poll; after a start, those of the mirror."""
        if self._known is None:
            self._known = {
                order_id: Known(fingerprint(row), position, text(row[KEY]))
                for order_id, position, row in tx.orders.rows()
            }

        return dict(self._known)

    def _commit(self, parts: Parts) -> Report:
        step = parts.step
        with self._store.transaction() as tx:
            if is_being_mended(tx, parts.tables, step.read_at):
                return Report(trusted=False)
            if not step.begin_commit(tx) or parts.orders.pressed_meanwhile():
                return Report(trusted=False)

            due = parts.commit()
            later = not_taken_in(tx, step.writes)
            tx.journal.echo(step.own_writes.ids - later)
            mind_offers(tx, self._settings)

        return self._remember(parts, due)

    def _remember(self, parts: Parts, due: float) -> Report:
        """Keep what the next poll compares with; what failed is looked into again."""
        step = parts.step
        try_again = bool(step.failed - step.aside)
        self._next_due = min(due, self._quarantine.due(), self._percent_format.due)
        self._reach = None if try_again else step.reach
        self._known = step.known
        self._recall = parts.rows.recall(step.failed)
        return Report(
            len(self._known),
            step.changes,
            step.notices,
            resting=step.resting,
            trusted=not try_again,
        )

    def _echo(self, own_writes: OwnWrites) -> None:
        """Note in the journal that a poll has seen these writes in the sheet."""
        if own_writes.ids:
            with self._store.transaction() as tx:
                later = not_taken_in(tx, tx.journal.unechoed())
                tx.journal.echo(own_writes.ids - later)


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


def _tables(values: dict[str, Values]) -> Tables:
    """Return the worksheets in our order of columns.

    Raises:
        SheetBroken: a worksheet that orders depend on is not in order.
    """
    tables = {title: read_table(title, values[title]) for title in (ORDERS, MASTERS)}
    for title in TITLES:
        # orders go on without these
        try:
            tables[title] = read_table(title, values[title])
        except SheetBroken as error:
            log.debug("worksheet_skipped", title=title, error=str(error))

    return tables


def figures(report: Report) -> dict[str, int | bool]:
    """Return a report as the facts of a log line."""
    facts = asdict(report)
    facts.pop("trusted")
    return facts
