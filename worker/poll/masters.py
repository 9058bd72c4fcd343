"""The part of a poll that minds «Мастера»."""

from collections import Counter

from record.actions import as_id
from record.changes import MasterWhat, diff_master, offerable
from record.identity import Identified, Known, identify
from record.layout import Table, fingerprint, lasting_print
from record.logs import get_logger
from record.model import Master, Roster, read_master
from record.notices import Notice
from record.values import Cell, text, to_serial
from record.worksheets import MASTERS, WORKSHEETS
from record.writes import Write
from worker.poll.step import Step
from worker.poll.typed import seen_print

log = get_logger(__name__)


class MastersPart:
    """Brings the mirror's masters up to date, and the step's roster with them."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def run(self, table: Table) -> None:
        """Bring the mirror's masters up to date, and tell those whose standing changed."""
        tx, before_rows, before = self._step.tx, self._step.tx.masters.rows(), self._step.tx.masters.stored()
        known = {key: Known(fingerprint(row), place, key) for key, (place, row) in before_rows.items()}
        identified = identify(table.rows(), known)
        after = {key: read_master(found.row, self._step.region) for key, found in identified.orders.items()}
        self._step.roster = Roster.of(after.values())
        for key, found in identified.orders.items():
            if before_rows.get(key) != (found.position, found.row):
                tx.masters.put(after[key], found.row, found.position)
                self._step.roster_changed |= before.get(key) != after[key]
                self._master_changed(before.get(key), after[key])
        for key in before.keys() - after.keys():
            self._step.roster_changed = True
            self._master_changed(before[key], None)
        tx.masters.drop(before.keys() - after.keys())
        self._masters_typed(identified)

    def _master_changed(self, before: Master | None, after: Master | None) -> None:
        for change in [] if self._step.first else diff_master(before, after):
            seq = self._step.tx.history.add(f"master {change.master.id}", change.what, "", "", "staff")
            key = f"{change.what}:{change.master.id}:{seq}"
            self._step.queue(Notice(key, "master", change.master.id, change.notice))
            log.info("master_changed", what=change.what.value, master=change.master.id)
            if change.what is MasterWhat.ACTIVATED:
                self._offer_untold(change.master)

    def _offer_untold(self, master: Master) -> None:
        """Offer a master who has just begun the orders that came while there was nobody to tell."""
        for order in self._step.tx.orders.untold():
            if offerable(order):
                key = f"order_new:{order.id}:{self._step.tx.history.round(order.id)}:{master.id}"
                self._step.queue(Notice(key, "master", master.id, "order_new", order.id))

    def _masters_typed(self, identified: Identified) -> None:
        """Give rows of «Мастера» typed by hand their ID."""
        adopting = Counter(seen_print(w) for w in self._step.writes if w.title == MASTERS and w.kind == "adopt")
        for found in identified.typed:
            named = dict(zip(WORKSHEETS[MASTERS].columns, found.row, strict=True))
            print_ = lasting_print(found.row)
            if not text(named["Имя"]) or adopting[print_] > 0:
                adopting[print_] -= 1
                continue
            cells: dict[str, Cell] = {"ID": as_id(str(self._step.tx.counters.next("master")))}
            if not text(named["Дата регистрации"]):
                cells["Дата регистрации"] = to_serial(self._step.now)
            self._step.tx.journal.add(Write(MASTERS, "adopt", str(cells["ID"]), cells, named))
