"""The part of a poll that minds «Мастера»."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from record.dispatch.changes import MasterWhat, diff_master, offerable
from record.dispatch.model import Master, Roster
from record.dispatch.notices import Notice
from record.dispatch.reach import alarm, unclear_in
from record.dispatch.reading import read_master
from record.dispatch.rereading import understood_master
from record.grid.identity import Found, Identified, Known, identify, reunite
from record.grid.layout import Row, Table, fingerprint, lasting_print
from record.grid.worksheets import MASTERS, WORKSHEETS
from record.grid.writes import Write, as_id
from record.logs import get_logger
from record.values import NOBODY, Cell, address, is_error, text, to_serial
from record.values.actors import STAFF
from record.values.comparing import normal
from worker.poll.adoption import seen_print
from worker.poll.step import PollStep

log = get_logger(__name__)

ID, TELEGRAM = WORKSHEETS[MASTERS].index("ID"), WORKSHEETS[MASTERS].index("Telegram")
COPIED = (
    f"Лист «{MASTERS}»: строка {{row}} повторяет мастера {{name}} (ID {{id}}), поэтому её не учитываю. "
    "Если это новый мастер, впишите его имя, и он получит свой номер. Если нет, удалите строку"
)
# what follows from a cell that can't be understood; where it is not said, nothing does
MEANWHILE = {
    "Комиссия, %": ". Пока считаю комиссию по общей ставке",
    "Активен": ". Пока он не активен, новые заказы ему не приходят",
    "Telegram": ". Пока сообщения ему не доходят",
}


class MastersPart:
    """Brings the mirror's masters up to date, and the step's roster with them."""

    def __init__(self, step: PollStep) -> None:
        self._step = step
        self._rows: Mapping[str, tuple[int, Row]] = {}
        self._before: dict[str, Master] = {}
        self._after: dict[str, Master] = {}
        self._identified = Identified()
        self._touched: dict[str, Found] = {}

    def look(self, table: Table) -> None:
        """Read who is on the list now, and learn of whom anything has changed."""
        before_rows, before = (
            self._step.tx.masters.rows(),
            self._step.tx.masters.stored(),
        )
        known = {
            key: Known(fingerprint(row), place, key)
            for key, (place, row) in before_rows.items()
        }
        identified = identify(table.rows(), known)
        self._reunite(identified, before_rows, before, known)
        rows, region = identified.orders.items(), self._step.region
        after = {
            key: replace(understood_master(before.get(key), found.row, region), id=key)
            for key, found in rows
        }
        self._step.roster = Roster.of(after.values())
        self._rows, self._before, self._after, self._identified = (
            before_rows,
            before,
            after,
            identified,
        )
        for key, found in identified.orders.items():
            was = known.get(key)
            if was is None or (was.print, was.position) != (
                found.print,
                found.position,
            ):
                self._touched[key] = found
        changed = any(before.get(key) != after[key] for key in self._touched)
        self._step.roster_changed = changed or bool(before.keys() - after.keys())
        chats = {key: one.chat for key, one in before.items()}
        self._step.reconnected |= {
            key for key in self._touched if after[key].chat != chats.get(key)
        }

    def commit(self) -> None:
        """Bring the mirror's masters up to date, and tell those whose standing changed."""
        before, after = self._before, self._after
        for key, found in self._touched.items():
            self._step.tx.masters.put(after[key], found.row, found.position)
            self._master_changed(before.get(key), after[key])
            self._report_unclear(after[key], found)
        for key in before.keys() - after.keys():
            self._master_changed(before[key], None)
        self._step.tx.masters.drop(before.keys() - after.keys())
        self._put_back(self._identified, before, self._rows)
        self._masters_typed(self._identified, after)
        self._report_silent(after)

    def _reunite(
        self,
        identified: Identified,
        rows: Mapping[str, tuple[int, Row]],
        before: Mapping[str, Master],
        known: Mapping[str, Known],
    ) -> None:
        """Let rows that have lost their ID be the masters who are gone: by all other
        cells, or by chat or phone.
        """
        gone = {key: row for key, (_, row) in rows.items() if not identified.has(key)}
        if not gone or not identified.typed:
            return
        reunite(identified, gone, ID, ID, known)
        for found in list(identified.typed):
            who = read_master(found.row, self._step.region)
            mine = [
                key
                for key in gone
                if not identified.has(key) and _same_person(before[key], who)
            ]
            if len(mine) == 1:
                identified.typed.remove(found)
                identified.orders[mine[0]] = identified.lost_id[mine[0]] = found

    def _put_back(
        self,
        identified: Identified,
        before: Mapping[str, Master],
        rows: Mapping[str, tuple[int, Row]],
    ) -> None:
        """Put back an ID that was lost, and a chat where the cell shows an error."""
        for key, found in identified.orders.items():
            lost: dict[str, Cell] = (
                {"ID": as_id(key)} if key in identified.lost_id else {}
            )
            chat = before[key].chat if key in before else None
            if chat and is_error(found.row[TELEGRAM]):
                stood = rows[key][1][TELEGRAM]
                lost |= {"Telegram": str(chat) if is_error(stood) else stood}
            if not lost:
                continue
            self._step.poll_again = True
            if not self._step.tx.journal.pending(MASTERS, key):
                named = dict(zip(WORKSHEETS[MASTERS].columns, found.row, strict=True))
                self._step.adopt(Write(MASTERS, "adopt", key, lost, named))
                log.warning("identity_restored", master=key, columns=list(lost))

    def _master_changed(self, before: Master | None, after: Master | None) -> None:
        for change in [] if self._step.first else diff_master(before, after):
            seq = self._step.tx.history.add(
                f"master {change.master.id}", change.what, "", "", STAFF
            )
            key = f"{change.what}:{change.master.id}:{seq}"
            self._step.queue(Notice(key, "master", change.master.id, change.notice))
            log.info("master_changed", what=change.what.value, master=change.master.id)
            if change.what is MasterWhat.ACTIVATED:
                self._offer_untold(change.master)
        if after and after.chat != (before.chat if before else None):
            self._resend_missed(after)

    def _report_unclear(self, master: Master, found: Found) -> None:
        """Tell the admin once of cells in a master's row that can't be understood;
        notes say so on the cells.
        """
        cells = dict(zip(WORKSHEETS[MASTERS].columns, found.row, strict=True))
        whose = master.name or f"строка {found.position}"
        for column, sentence, _ in unclear_in(master):
            key = f"master_error:{master.id}:{column}:{lasting_print((cells[column],))}"
            self._step.alert_admin(
                key, f"Лист «{MASTERS}», {whose}: {sentence}{MEANWHILE.get(column, '')}"
            )

    def _resend_missed(self, master: Master) -> None:
        """Tell a master who has just been connected of the orders in work that were
        given to him in vain.
        """
        for order_id in (
            self._step.tx.orders.open_of([], [master.id]) if master.chat else ()
        ):
            mine = [
                (notice, state)
                for notice, state, _ in self._step.tx.outbox.results(order_id)
                if (notice.kind, notice.recipient) == ("assigned", master.id)
            ]
            if mine and mine[-1][1] == "failed":
                self._step.queue(
                    replace(mine[-1][0], key=f"{mine[-1][0].key}:{master.chat}")
                )

    def _report_silent(self, masters: dict[str, Master]) -> None:
        """Tell the admin once of an active master whom messages do not reach any more."""
        reach = self._step.reach
        for master in masters.values():
            if master.active and (reason := reach.silent(master)):
                key = f"silent:{master.id}:{reach.since.get(master.chat or NOBODY, 0):.3f}"
                self._step.alert_admin(key, alarm(master, reason))

    def _offer_untold(self, master: Master) -> None:
        """Offer a master who has just begun the orders that came while there was nobody
        to tell.
        """
        for order in self._step.tx.orders.untold():
            if offerable(order):
                key = f"order_new:{order.id}:{self._step.tx.history.round(order.id)}:{master.id}"
                self._step.queue(
                    Notice(key, "master", master.id, "order_new", order.id)
                )

    def _masters_typed(
        self, identified: Identified, masters: dict[str, Master]
    ) -> None:
        """Give rows of «Мастера» typed by hand their ID; a copied row too, once it
        bears another master's name.
        """
        adopting = Counter(
            seen_print(w)
            for w in self._step.writes
            if w.title == MASTERS and w.kind == "adopt"
        )
        unnamed: dict[str, Found] = {}
        for found in (*identified.typed, *identified.copies):
            named = dict(zip(WORKSHEETS[MASTERS].columns, found.row, strict=True))
            mark, original = lasting_print(found.row), masters.get(found.id)
            if adopting[mark] > 0:
                adopting[mark] -= 1
                self._step.poll_again = True
            elif original and normal(text(named["Имя"])) in ("", normal(original.name)):
                unnamed[lasting_print((found.id, text(named["Имя"])))] = found
            elif text(named["Имя"]):
                self._adopt(named, original)
        self._report_copies(unnamed, masters)

    def _adopt(self, named: dict[str, Cell], original: Master | None) -> None:
        """Let a row be a master; what a copy brought of its original's does not make
        him that one.
        """
        cells: dict[str, Cell] = {
            "ID": as_id(str(self._step.tx.counters.next("master")))
        }
        if original or not text(named["Дата регистрации"]):
            cells["Дата регистрации"] = to_serial(self._step.clock)
        if original and address(text(named["Telegram"])) == original.chat:
            cells["Telegram"] = ""
        self._step.adopt(Write(MASTERS, "adopt", str(cells["ID"]), cells, named))
        log.info("master_adopted", master=str(cells["ID"]), copy=bool(original))

    def _report_copies(
        self, copies: dict[str, Found], masters: dict[str, Master]
    ) -> None:
        """Explain to staff, once, a row that repeats a master and counts for nothing;
        say when it is mended.
        """
        told = self._step.tx.resting.since(MASTERS)
        for mark, found in copies.items():
            if mark in told:
                continue
            log.warning("master_copied", master=found.id, row=found.position)
            said = COPIED.format(
                row=found.position, name=masters[found.id].name, id=found.id
            )
            self._step.alert_admin(
                f"master_copied:{mark}:{self._step.read_at:.3f}", said
            )
        if told.keys() - copies.keys():
            log.info("master_copies_mended", left=len(copies))
        if told.keys() != copies.keys():
            now = self._step.read_at
            self._step.tx.resting.replace(
                MASTERS, {mark: told.get(mark, now) for mark in copies}
            )


def _same_person(one: Master, other: Master) -> bool:
    """Say whether two rows are of one master, who has a chat or a phone of his own."""
    if normal(one.name) != normal(other.name):
        return False
    return bool(one.chat and one.chat == other.chat) or bool(
        one.phone and one.phone == other.phone
    )
