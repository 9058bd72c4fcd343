"""One poll: gather what the sheet says now, decide what that means, commit it all together.

    read (one request) ─▶ same bytes as last time? ─▶ nothing to do
                       └▶ tables ─▶ identify rows ─▶ changed rows only ─▶ diff ─▶ changes
    one transaction: mirror, history, outbox, journal

A poll does not write to the sheet and sends nothing: it leaves that to the journal and the outbox.
"""

import secrets
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from record.actions import NUMBERS_END, as_id, next_order_id
from record.answers import answers, first_cells
from record.changes import Change, MasterWhat, What, diff, diff_master, offerable, told_texts
from record.errors import SheetBroken
from record.identity import Found, Identified, Known, Recall, identify, recognise
from record.layout import Table, Values, fingerprint, lasting_print, read_table, same
from record.logs import get_logger
from record.model import Master, Order, Roster, Row, carried, read_master, read_order
from record.notices import Audience, Notice, notices_of
from record.settings import Settings
from record.sheet import Reading, Sheet
from record.store import Store, Stored, Tx
from record.values import Cell, Status, text, to_serial
from record.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES, STATISTICS, WORKSHEETS
from record.writes import Write

log = get_logger(__name__)

ID, KEY = WORKSHEETS[ORDERS].index("ID"), WORKSHEETS[ORDERS].index("Ключ")
FEW = 3
VANISHED_PATIENCE_S = 600


@dataclass
class Report:
    """What a poll found; the figures of its log line."""

    rows: int = 0
    changes: int = 0
    notices: int = 0
    idle: bool = False
    resting: int = 0
    facts: dict[str, int] = field(default_factory=dict)


class Poller:
    """Polls on behalf of one thread; remembers the last answer and each row's fingerprint between polls."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._body = b""
        self._known: dict[str, Known] | None = None
        self._recall = Recall()
        self._next_due = float("inf")
        self._vanished_since: float | None = None

    def poll(self) -> Report:
        """Read the sheet once and commit what changed; a reading that can't be trusted changes nothing.

        Raises:
            SheetBroken: the reading can't be trusted.
            SheetBusy, SheetDenied: there is none; nothing is lost.
        """
        reading = self._sheet.read()
        if reading.body == self._body and reading.at < self._next_due:
            self._heard_echo(reading)
            return Report(rows=len(self._known or ()), idle=True)
        tables = _tables(reading.values())
        with self._store.exclusive("flush"):  # a write that hit a wrong row is mended before anyone believes it
            report = self._commit(tables, reading)
        self._body = reading.body if report.facts.pop("trusted", 1) else b""
        return report

    def _heard_echo(self, reading: Reading) -> None:
        with self._store.reading() as tx:
            waiting = tx.journal.unechoed()
        if waiting:
            with self._store.transaction() as tx:
                tx.journal.echo(reading.at)

    def _commit(self, tables: dict[str, Table], reading: Reading) -> Report:
        with self._store.transaction() as tx:
            if tx.journal.repaired_since(reading.at):
                return Report(facts={"trusted": 0})
            first = not tx.facts.get("baseline")
            step = _Step(tx, self._settings, self._remembered(tx), reading.at)
            table, prints = tables[ORDERS], tables[ORDERS].prints()
            same, touched = recognise(table, prints, self._recall)
            identified = identify(table.rows(touched), step.known, ID, KEY, same)
            self._refuse_vanished(step.known, identified)
            if first:
                step.learn_numbers(identified, tables[MASTERS])
            step.masters(tables[MASTERS])
            step.lists(tables)
            step.orders(identified)
            if first:
                tx.facts.put("baseline", reading.at)
            self._next_due = step.typed(identified)
            tx.journal.echo(reading.at)
        self._known, self._recall = step.known, Recall.of(table, prints, identified)
        return Report(len(self._known), step.changes, step.notices, resting=step.resting)

    def _remembered(self, tx: Tx) -> dict[str, Known]:
        if self._known is None:
            self._known = {
                order_id: Known(fingerprint(row), position, text(row[KEY]))
                for order_id, position, row in tx.orders.rows()
            }
        return dict(self._known)

    def _refuse_vanished(self, known: dict[str, Known], identified: Identified) -> None:
        """Take most rows being gone at once for an accident, unless as many came or it lasts."""
        gone = sum(not identified.has(order_id) for order_id in known)
        fresh = sum(order_id not in known for order_id in identified.orders) + len(identified.typed)
        limit = self._settings.polling.vanished_share * len(known)
        if gone < FEW or gone <= limit or fresh * 2 >= gone:
            self._vanished_since = None
            return
        self._vanished_since = self._vanished_since or time.monotonic()
        if time.monotonic() - self._vanished_since < VANISHED_PATIENCE_S:
            raise SheetBroken(
                f"Лист «{ORDERS}»: сразу исчезли {gone} из {len(known)} заявок. Если случайно, верните их (Ctrl+Z). "
                f"Если так и задумано, ничего не делайте: через {VANISHED_PATIENCE_S // 60} минут Наряд это примет"
            )
        log.warning("vanished_accepted", gone=gone)


def _tables(values: dict[str, Values]) -> dict[str, Table]:
    """Return the worksheets in our order of columns; only those that orders depend on must be in order."""
    tables = {title: read_table(title, values[title]) for title in (ORDERS, MASTERS)}
    for title in (SERVICES, QUESTIONS, STATISTICS):
        try:
            tables[title] = read_table(title, values[title])
        except SheetBroken as error:
            log.debug("worksheet_skipped", title=title, error=str(error))
    return tables


class _Step:
    """The deciding and committing of one poll, within one transaction."""

    def __init__(self, tx: Tx, settings: Settings, known: dict[str, Known], read_at: float) -> None:
        self.known = known
        self.changes = 0
        self.notices = 0
        self.resting = 0
        self._tx = tx
        self._settings = settings
        self._read_at = read_at
        self._now = datetime.fromtimestamp(read_at, settings.zone).replace(tzinfo=None)
        self._region = settings.company.default_region
        self._writes = tx.journal.unechoed()
        self._roster = Roster()
        self._roster_changed = False

    # Masters

    def masters(self, table: Table) -> None:
        """Bring the mirror's masters up to date, and tell those whose standing changed."""
        tx, before_rows, before = self._tx, self._tx.masters.rows(), self._tx.masters.stored()
        known = {key: Known(fingerprint(row), place, key) for key, (place, row) in before_rows.items()}
        identified = identify(table.rows(), known)
        after = {key: read_master(found.row, self._region) for key, found in identified.orders.items()}
        self._roster = Roster.of(after.values())
        for key, found in identified.orders.items():
            if before_rows.get(key) != (found.position, found.row):
                tx.masters.put(after[key], found.row, found.position)
                self._roster_changed |= before.get(key) != after[key]
                self._master_changed(before.get(key), after[key])
        for key in before.keys() - after.keys():
            self._roster_changed = True
            self._master_changed(before[key], None)
        tx.masters.drop(before.keys() - after.keys())
        self._masters_typed(identified)

    def _master_changed(self, before: Master | None, after: Master | None) -> None:
        first = not self._tx.facts.get("baseline")
        for change in [] if first else diff_master(before, after):
            seq = self._tx.history.add(f"master {change.master.id}", change.what, "", "", self._by_staff())
            key = f"{change.what}:{change.master.id}:{seq}"
            self._queue(Notice(key, "master", change.master.id, change.what.value))
            log.info("master_changed", what=change.what.value, master=change.master.id)
            if change.what is MasterWhat.ACTIVATED:
                self._offer_untold(change.master)

    def _offer_untold(self, master: Master) -> None:
        """Offer a master who has just begun the orders that came while there was nobody to tell."""
        for order in self._tx.orders.untold():
            if offerable(order):
                key = f"order_new:{order.id}:{self._tx.history.round(order.id)}:{master.id}"
                self._queue(Notice(key, "master", master.id, "order_new", order.id))

    def _masters_typed(self, identified: Identified) -> None:
        """Give rows of «Мастера» typed by hand their ID."""
        adopting = Counter(_seen_print(w) for w in self._writes if w.title == MASTERS and w.kind == "adopt")
        for found in identified.typed:
            named = dict(zip(WORKSHEETS[MASTERS].columns, found.row, strict=True))
            print_ = lasting_print(found.row)
            if not text(named["Имя"]) or adopting[print_] > 0:
                adopting[print_] -= 1
                continue
            cells: dict[str, Cell] = {"ID": as_id(str(self._tx.counters.next("master")))}
            if not text(named["Дата регистрации"]):
                cells["Дата регистрации"] = to_serial(self._now)
            self._tx.journal.add(Write(MASTERS, "adopt", str(cells["ID"]), cells, named))

    # The small worksheets

    def lists(self, tables: dict[str, Table]) -> None:
        """Keep the small worksheets whole."""
        for title in (SERVICES, QUESTIONS, STATISTICS):
            if title in tables:
                rows = [row for _, row in tables[title].rows()]
                if self._tx.lists.get(title) != rows:
                    self._tx.lists.put(title, rows)

    # Orders

    def learn_numbers(self, identified: Identified, masters: Table) -> None:
        """Learn at the first poll which numbers are taken, so that none is given twice."""
        ids = [found.id for found in (*identified.orders.values(), *identified.typed, *identified.copies)]
        self._tx.counters.at_least("order", _highest(ids))
        self._tx.counters.at_least("master", _highest(text(row[0]) for _, row in masters.rows()))

    def orders(self, identified: Identified) -> None:
        """Bring the mirror's orders up to date, and commit each change with its notices and writes."""
        first = not self._tx.facts.get("baseline")
        unresolved = set(self._tx.orders.unresolved()) if self._roster_changed else set()
        changed = {
            key: found
            for key, found in identified.orders.items()
            if key not in self.known or self.known[key].print != found.print or key in unresolved
        }
        changed |= {key: self._again(key, identified.same[key]) for key in unresolved if key in identified.same}
        gone = [key for key in self.known if not identified.has(key)]
        before = self._tx.orders.stored([key for key in changed if key in self.known] + gone)
        self._put_back(identified)
        fresh: list[Stored] = []
        for key, found in changed.items():
            stored = before.get(key)
            order = self._read(key, found.row, stored.order if stored else None)
            if stored:
                self._tx.orders.put(order, found.row, found.position)
            else:
                fresh.append(Stored(order, found.row, found.position))
            self._one(stored.order if stored else None, order, first=first)
        self._tx.orders.put_new(fresh)
        for key in gone:
            self._one(before[key].order if key in before else None, None, first=first)
        self._tx.orders.drop(gone)
        self._remember(identified, gone)
        self._tx.counters.at_least("order", _highest(changed))

    def _again(self, order_id: str, position: int) -> Found:
        """Return the row of an order that looks as before, to be read once more in the light of other masters."""
        stored = self._tx.orders.stored([order_id])[order_id]
        return Found(position, stored.row, self.known[order_id].print, order_id, self.known[order_id].key)

    def _read(self, order_id: str, row: Row, before: Order | None) -> Order:
        order = carried(before, read_order(row, self._roster, self._region))
        return replace(order, id=order_id, key=order.key or (before.key if before else ""))

    def _remember(self, identified: Identified, gone: list[str]) -> None:
        moved = {key: place for key, place in identified.same.items() if self.known[key].position != place}
        for key, found in identified.orders.items():
            was = self.known.get(key)
            if was and was.position != found.position:
                moved[key] = found.position
            self.known[key] = Known(found.print, found.position, found.key or (was.key if was else ""))
        for key in moved.keys() & identified.same.keys():
            self.known[key] = replace(self.known[key], position=moved[key])
        for key in gone:
            del self.known[key]
        self._tx.orders.move(moved)

    def _one(self, before: Order | None, after: Order | None, *, first: bool) -> None:
        """Commit one order's changes; one that raises is noted, and the others go on."""
        if first:
            changes = diff(None, after) if after and offerable(after) else []
        else:
            back = before is None and after is not None and self._tx.history.seen(after.id)
            changes = diff(before, after, seen_earlier=back)
        for change in changes:
            self._change(replace(change, by=self._who(change)))
        if after and not (first and before is None):
            self._answer(before, after)

    def _change(self, change: Change) -> None:
        seq = self._tx.history.add(change.order_id, change.what, *told_texts(change), change.by)
        self.changes += 1
        log.info("change", what=change.what.value, order=change.order_id, by=change.by)
        self._claims_follow(change)
        audience = Audience(
            self._roster,
            self._tx.masters.quiet(),
            tuple(self._tx.cards.holders(change.order_id)),
            self._settings.telegram.admin_chat_id,
        )
        for notice in notices_of(change, seq, audience):
            self._queue(notice)

    def _queue(self, notice: Notice) -> None:
        self.notices += self._tx.outbox.add(notice)

    def _claims_follow(self, change: Change) -> None:
        """Let a person's edit overrule a claim; a master's own write that is still on its way keeps it."""
        pending = self._tx.journal.pending(ORDERS, change.order_id)
        if any(write.state in ("waiting", "unclear") and "Статус" in write.cells for write in pending):
            return
        order = change.after
        holds = order is not None and order.status in (Status.WORK, Status.DONE)
        self._tx.claims.set(change.order_id, order.master_id if order and holds else "")

    def _answer(self, before: Order | None, after: Order) -> None:
        master = self._roster.get(after.master_id)
        cells = answers(before, after, master, self._settings.commission.percent, self._now)
        if before and after.status is Status.WORK and before.master_id and not after.master:
            cells["Статус"] = Status.NEW.value  # nobody is on it any more: offered to all again
        shown = self._tx.orders.shown_row(after.id)
        sheet = WORKSHEETS[ORDERS]
        fresh = {c: v for c, v in cells.items() if shown is None or not same(shown[sheet.index(c)], v)}
        if fresh:
            seen = {c: shown[sheet.index(c)] for c in fresh if shown and c not in sheet.own}
            self._tx.journal.add(Write(ORDERS, "set", after.id, fresh, seen))

    def _put_back(self, identified: Identified) -> None:
        """Put back an ID or key that a person removed, where it is certain which order the row is."""
        for key, found in {**identified.lost_id, **identified.lost_key}.items():
            cells: dict[str, Cell] = (
                {"ID": as_id(key)} if key in identified.lost_id else {"Ключ": self.known[key].key}
            )
            if not self._tx.journal.pending(ORDERS, key):
                named = dict(zip(WORKSHEETS[ORDERS].columns, found.row, strict=True))
                self._tx.journal.add(Write(ORDERS, "adopt", key, cells, named))
                log.warning("identity_restored", order=key, columns=list(cells))

    def _who(self, change: Change) -> str:
        """Return who made a change: whoever journaled a write of just this, otherwise staff in the sheet."""
        for write in reversed(self._writes):
            if write.title != ORDERS or write.subject != change.order_id or write.by == "system":
                continue
            if change.what in (What.APPEARED, What.RESTORED) and write.kind == "append":
                return write.by
            if write.kind == "set" and self._explains(write, change):
                return write.by
        return "staff"

    def _explains(self, write: Write, change: Change) -> bool:
        column = {What.STATUS: "Статус", What.REOPENED: "Статус", What.MASTER: "Мастер", What.PRICE: "Цена"}
        name = column.get(change.what, "")
        if name not in write.cells or change.after is None:
            return False
        now = {"Статус": change.after.status or "", "Мастер": change.after.master, "Цена": change.after.price or ""}
        return same(write.cells[name], float(now[name]) if name == "Цена" and now[name] else str(now[name]))

    def _by_staff(self) -> str:
        return "staff"

    # Rows typed by hand

    def typed(self, identified: Identified) -> float:
        """Give each finished row typed by hand its ID and key once it has rested; return when the next is due."""
        since, now = self._tx.resting.since(ORDERS), self._read_at
        rests: dict[str, float] = {}
        adopting = Counter(_seen_print(w) for w in self._writes if w.title == ORDERS and w.kind == "adopt")
        taken = {*identified.orders, *self.known}
        for found in (*identified.typed, *identified.copies):
            mark = lasting_print(found.row)
            if adopting[mark] > 0:
                adopting[mark] -= 1
                continue
            if not read_order(found.row, self._roster, self._region).complete:
                continue
            rests[mark] = since.get(mark, now)
            if now - rests[mark] >= self._settings.polling.settle_s:
                self._adopt(found, taken, copy=found in identified.copies)
        if rests != since:
            self._tx.resting.replace(ORDERS, rests)
        self.resting = len(rests)
        later = [at + self._settings.polling.settle_s for at in rests.values()]
        return min((at for at in later if at > now), default=float("inf"))

    def _adopt(self, found: Found, taken: set[str], *, copy: bool) -> None:
        named = dict(zip(WORKSHEETS[ORDERS].columns, found.row, strict=True))
        keeps = found.id and not copy and found.id not in taken
        order_id = found.id if keeps else next_order_id(self._tx, self._now)
        taken.add(order_id)
        cells = first_cells(named, as_id(order_id), secrets.token_urlsafe(12), self._now)
        if copy:
            cells |= {"Оповещены": "", "Проверка": ""}
        self._tx.journal.add(Write(ORDERS, "adopt", order_id, cells, named, by="staff"))
        log.info("row_adopted", order=order_id, copy=copy)


def _highest(ids: Iterable[str]) -> int:
    """Return the highest number among IDs, numbers given while the sheet was unknown left aside."""
    return max((int(one) for one in ids if one.isdecimal() and int(one) < NUMBERS_END), default=0)


def _seen_print(write: Write) -> str:
    return lasting_print(tuple(write.seen.get(column, "") for column in WORKSHEETS[write.title].columns))


def figures(report: Report) -> dict[str, int | bool]:
    """Return a report as the facts of a log line."""
    facts = asdict(report)
    facts.pop("facts")
    return facts
