"""The part of a poll that minds «Мастера»."""

from collections.abc import Mapping
from dataclasses import replace

from record.dispatch.changes import (
    MasterChange,
    MasterWhat,
    diff_master,
    offerable,
)
from record.dispatch.model import Master, Roster
from record.dispatch.notices import Notice
from record.dispatch.offers import offer_of
from record.dispatch.reach import alarm, unclear_in
from record.dispatch.reading import read_master
from record.dispatch.rereading import understood_master
from record.grid.identity import Found, Identified, Known, identify, reunite
from record.grid.layout import Row, Table, fingerprint
from record.grid.worksheets import MASTERS, WORKSHEETS
from record.grid.writes import Write, as_id
from record.logs import get_logger
from record.values import NOBODY, Address, Cell, is_error
from record.values.actors import STAFF
from record.values.comparing import normal
from record.watch.alerts import Alerts
from worker.poll.masters_typed import MastersTyped
from worker.poll.restoring import as_it_stood
from worker.poll.rows import named_cells
from worker.poll.step import PollStep

log = get_logger(__name__)

ID, TELEGRAM = WORKSHEETS[MASTERS].index("ID"), WORKSHEETS[MASTERS].index("Telegram")
# what follows from a cell that can't be understood; where it is not said, nothing does
MEANWHILE = {
    "Комиссия, %": ". Пока считаю комиссию по общей ставке",
    "Активен": ". Пока он не активен, новые заявки ему не приходят",
    "Telegram": ". Пока сообщения ему не доходят",
}


class MastersPart:
    """Brings the mirror's masters up to date, and the step's roster with them."""

    def __init__(self, step: PollStep) -> None:
        self._step = step
        # place and cells as last read, by ID
        self._rows: Mapping[str, tuple[int, Row]] = {}
        self._before: dict[str, Master] = {}
        self._after: dict[str, Master] = {}
        self._identified = Identified()
        self._touched: dict[str, Found] = {}

    # Looking

    def look(self, table: Table) -> None:
        """Read who is on the list now, and learn of whom anything has changed."""
        step = self._step
        self._rows = step.tx.masters.rows()
        self._before = step.tx.masters.stored()
        known = {
            key: Known(fingerprint(row), place, key)
            for key, (place, row) in self._rows.items()
        }
        self._identified = identify(table.rows(), known)
        self._reunite(known)
        for key, found in self._identified.orders.items():
            self._after[key] = self._understood(key, found)
            if not _stands_as_before(found, known.get(key)):
                self._touched[key] = found

        self._update_step()

    def _understood(self, key: str, found: Found) -> Master:
        before = self._before.get(key)
        after = understood_master(before, found.row, self._step.region)
        return replace(after, id=key)

    def _update_step(self) -> None:
        """Let the other parts know who the masters are, and of whom there is news."""
        step, before, after = self._step, self._before, self._after
        step.roster = Roster.of(after.values())
        step.roster_changed = bool(before.keys() - after.keys())
        for key, master in before.items():
            now = after.get(key)
            if master.active and not (now and now.active):
                step.lost_masters.add(key)

        for key in self._touched:
            was = before.get(key)
            if after[key] != was:
                step.roster_changed = True

            if after[key].chat != _chat_of(was):
                step.reconnected.add(key)

    def _reunite(self, known: Mapping[str, Known]) -> None:
        """Let rows that have lost their ID be the masters who are gone.

        They are known by all other cells, or else by name and chat or phone.
        """
        identified = self._identified
        gone = {
            key: row for key, (_, row) in self._rows.items() if not identified.has(key)
        }
        if not gone or not identified.typed:
            return

        reunite(identified, gone, ID, ID, known)
        for found in list(identified.typed):
            who = read_master(found.row, self._step.region)
            mine = [
                key
                for key in gone
                if not identified.has(key) and _is_same_person(self._before[key], who)
            ]
            # of two who look the same nobody knows which one it is
            if len(mine) == 1:
                identified.typed.remove(found)
                identified.orders[mine[0]] = identified.lost_id[mine[0]] = found

    # Committing

    def commit(self) -> None:
        """Bring the mirror up to date, and tell those whose standing has changed."""
        masters, before, after = self._step.tx.masters, self._before, self._after
        for key, found in self._touched.items():
            masters.put(after[key], found.row, found.position)
            self._announce(before.get(key), after[key])
            self._report_unclear(after[key], found)

        gone = before.keys() - after.keys()
        for key in gone:
            self._announce(before[key], None)
            self._forget_unclear(key)

        masters.drop(gone)
        self._restore()
        MastersTyped(self._step, self._identified, after).commit()
        self._report_silent()

    def _restore(self) -> None:
        """Put back an ID that was lost, and a chat where the cell shows an error."""
        for key, found in self._identified.orders.items():
            lost: dict[str, Cell] = {}
            if key in self._identified.lost_id:
                lost["ID"] = as_id(key)

            chat = _chat_of(self._before.get(key))
            if chat and is_error(found.row[TELEGRAM]):
                _, stood = self._rows[key]
                lost["Telegram"] = as_it_stood(stood[TELEGRAM], chat)

            if not lost:
                continue

            self._step.poll_again = True
            if not self._step.tx.journal.pending(MASTERS, key):
                seen = named_cells(MASTERS, found.row)
                self._step.adopt(Write(MASTERS, "adopt", key, lost, seen))
                log.warning("identity_restored", master=key, columns=list(lost))

    # Whom it concerns

    def _announce(self, before: Master | None, after: Master | None) -> None:
        # what the first poll of all finds is no change
        if not self._step.first:
            for change in diff_master(before, after):
                self._announce_change(change)

        if after and after.chat != _chat_of(before):
            self._send_missed(after)

    def _announce_change(self, change: MasterChange) -> None:
        what, master = change.what, change.master
        subject = f"master {master.id}"
        seq = self._step.tx.history.add(subject, what, "", "", STAFF)
        key = f"{what}:{master.id}:{seq}"
        self._step.queue(Notice(key, "master", master.id, change.notice))
        log.info("master_changed", what=what.value, master=master.id)
        if what is MasterWhat.ACTIVATED:
            self._offer_untold(master)

    def _offer_untold(self, master: Master) -> None:
        """Offer a new master the orders that came while there was nobody to tell."""
        for order in self._step.tx.orders.untold():
            if offerable(order):
                round_ = self._step.tx.history.round(order.id)
                self._step.queue(offer_of(order.id, round_, master.id))

    def _send_missed(self, master: Master) -> None:
        """Tell a master connected just now of orders that were given to him in vain."""
        if not master.chat:
            return

        for order_id in self._step.tx.orders.open_of([], [master.id]):
            missed = self._missed_of(order_id, master)
            if missed:
                again = replace(missed, key=f"{missed.key}:{master.chat}")
                self._step.queue(again)

    def _missed_of(self, order_id: str, master: Master) -> Notice | None:
        """Return the last notice that gave him an order, if it was not delivered."""
        last = None
        for notice, state, _ in self._step.tx.outbox.results(order_id):
            if notice.kind == "assigned" and notice.recipient == master.id:
                last = notice, state

        if last is None or last[1] != "failed":
            return None

        return last[0]

    def _report_unclear(self, master: Master, found: Found) -> None:
        """Alert the admin of cells in a master's row that can't be understood.

        Once, and once that they can be again. Notes on the cells say so too, see
        worker/master_notes.py.
        """
        whose = master.name or f"строка {found.position}"
        wrong = set[str]()
        for column, sentence, _ in unclear_in(master):
            follows = MEANWHILE.get(column, "")
            said = f"Лист «{MASTERS}», {whose}: {sentence}{follows}"
            key = f"{master.id}:{column}"
            wrong.add(key)
            self._step.notices += self._unclear().open(key, said, sign="⚠️ ")

        standing = self._unclear().standing
        mended = [
            key for key in standing if _is_of(key, master.id) and key not in wrong
        ]
        self._step.notices += self._unclear().close(mended)

    def _forget_unclear(self, master_id: str) -> None:
        """Let what was wrong with a row that is gone be over without a word."""
        standing = self._unclear().standing
        self._unclear().forget([key for key in standing if _is_of(key, master_id)])

    def _unclear(self) -> Alerts:
        return Alerts(self._step.tx, self._step.settings, "master_cells")

    def _report_silent(self) -> None:
        """Alert the admin once of an active master whom messages do not reach."""
        reach = self._step.reach
        for master in self._after.values():
            reason = reach.silent(master)
            if reason and master.active:
                since = reach.since.get(master.chat or NOBODY, 0)
                key = f"silent:{master.id}:{since:.3f}"
                self._step.alert_admin(key, alarm(master, reason))


def _stands_as_before(found: Found, was: Known | None) -> bool:
    if was is None:
        return False

    return (was.print, was.position) == (found.print, found.position)


def _is_of(key: str, master_id: str) -> bool:
    """Return whether the key of a trouble is of a cell in this master's row."""
    return key.rpartition(":")[0] == master_id


def _chat_of(master: Master | None) -> Address | None:
    return master.chat if master else None


def _is_same_person(one: Master, other: Master) -> bool:
    """Return whether two rows are of one master: by name, and by chat or phone."""
    if normal(one.name) != normal(other.name):
        return False
    if one.chat and one.chat == other.chat:
        return True

    return bool(one.phone) and one.phone == other.phone
