"""The part of a poll that minds «Заявки»: each changed order with its history, notices and writes."""

from collections.abc import Container, Iterable
from dataclasses import replace

from record.answers import answers
from record.changes import Change, diff, offerable
from record.errors import NaryadError
from record.identity import Found, Identified, Known
from record.layout import Row, Table, same
from record.logs import get_logger
from record.model import Order, bygone, past, understood
from record.reach import UNCONNECTED
from record.store import Stored, with_cells
from record.values import Cell, text
from record.worksheets import ORDERS, WORKSHEETS
from record.writes import NUMBERS_END, Write, as_id
from worker.poll.step import Step
from worker.poll.telling import Telling
from worker.poll.typed import PAST

log = get_logger(__name__)

TROUBLE = (
    "не обрабатывается из-за ошибки в Наряде; остальные идут как обычно. Проверьте её строку в таблице: после любой "
    "правки в ней Наряд попробует снова, и сам каждые 10 минут"
)


class OrdersPart:
    """Brings the mirror's orders up to date, and commits what each change means."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._telling = Telling(step)
        writes = (write for write in step.writes if write.title == ORDERS and write.by == PAST)
        self._past = {write.subject for write in writes}
        self._before: dict[str, Stored] | None = None

    def learn_numbers(self, identified: Identified, masters: Table) -> None:
        """Learn at the first poll which numbers are taken, so that none is given twice."""
        ids = [found.id for found in (*identified.orders.values(), *identified.typed, *identified.copies)]
        self._step.tx.counters.at_least("order", highest(ids))
        self._step.tx.counters.at_least("master", highest(text(row[0]) for _, row in masters.rows()))

    def run(self, identified: Identified) -> None:
        """Bring the mirror's orders up to date, and commit each change with its notices and writes."""
        changed = self._changed(identified)
        gone = [key for key in self._step.known if not identified.has(key)]
        self._before = self._stored([key for key in changed if key in self._step.known] + gone)
        self._put_back(identified)
        if self._step.first:
            self._baseline(changed)
        for key, found in changed.items() if not self._step.first else ():
            self._guarded(key, found)
        for key in gone:
            self._guarded(key, None)
        self._step.tx.orders.drop([key for key in gone if key not in self._step.failed])
        self._remember(identified, gone)
        self._step.tx.counters.at_least("order", highest(changed))

    def _changed(self, identified: Identified) -> dict[str, Found]:
        """Return the rows to look into: new, different, or naming a master who may be known by now."""
        known = self._step.known
        clients, masters = self._step.lost_or_found
        learned = self._step.roster_changed or self._step.categories_changed or clients or masters
        unresolved = set(self._step.tx.orders.unresolved()) if learned else set()
        unresolved |= self._concerned(clients, masters)
        rows = identified.orders.items()
        changed = {
            key: found
            for key, found in rows
            if key not in known or known[key].print != found.print or key in unresolved
        }
        changed |= {key: self._again(key, identified.same[key]) for key in unresolved if key in identified.same}
        return changed | self._typed_back(identified, changed)

    def _typed_back(self, identified: Identified, changed: Container[str]) -> dict[str, Found]:
        """Return rows that look as before, since what we wrote into them meanwhile was typed over."""
        keys = [key for key in self._step.landed.orders() & self._step.known.keys() if key not in changed]
        stored = (self._stored(keys) or {}) if keys and not self._step.first else {}
        return {
            key: self._again(key, identified.same[key]) if key in identified.same else identified.orders[key]
            for key, one in stored.items()
            if identified.has(key) and self._step.landed.typed_over(key, one.row)
        }

    def _concerned(self, clients: set[int], masters: set[int]) -> set[str]:
        """Return the open orders of people who can't be written to any more, or can again, or elsewhere."""
        rewired = self._step.rewired
        if not clients and not masters and not rewired:
            return set()
        theirs = [one.id for one in self._step.roster.masters if one.chat in masters or one.id in rewired]
        return set(self._step.tx.orders.open_of(clients, theirs))

    def _baseline(self, rows: dict[str, Found]) -> None:
        """Take the first reading of all as it is, quickly; only what nobody was told of is announced."""
        fresh = [Stored(self._read(key, found.row, None), found.row, found.position) for key, found in rows.items()]
        self._step.tx.orders.put_new(fresh)
        for stored in fresh:
            self._one(None, stored.order)

    def _stored(self, keys: list[str]) -> dict[str, Stored] | None:
        """Return these orders as last read; None where one can't be read, which its own handling then finds out."""
        try:
            with self._step.tx.savepoint():
                return self._step.tx.orders.stored(keys)
        except NaryadError:
            raise
        except Exception:
            log.exception("mirror_damaged", orders=len(keys))
            return None

    def _guarded(self, key: str, found: Found | None) -> None:
        """Commit one order; one that raises is left as it was, tried again, then put aside, and the others go on."""
        failures, mark, at = self._step.failures, found.print if found else None, self._step.read_at
        if failures.rests(key, mark, at):
            self._step.put_aside(key)
            return
        try:
            with self._step.tx.savepoint():
                self._commit(key, found)
        except NaryadError:
            raise
        except Exception:
            self._step.failed.add(key)
            aside = failures.failed(key, mark, at)
            log.exception("order_failed", order=key, tries=failures.tries[key])
            if aside:
                self._step.put_aside(key)
                self._step.tell_trouble(key, f"Заявка {key} {TROUBLE}")
        else:
            failures.handled(key)
            self._step.tell_over(key, f"Заявка {key} снова обрабатывается")

    def _commit(self, key: str, found: Found | None) -> None:
        all_before = self._step.tx.orders.stored([key]) if self._before is None else self._before
        stored = all_before.get(key)
        before = stored.order if stored else None
        if found is None:
            before = self._step.tx.orders.get(key) or before  # a press that no poll has seen is known to the master
            self._one(before, None)
            return
        ours = self._pressed(key, found.row, stored)
        after = self._read(key, found.row, ours or stored)
        self._step.tx.orders.put(after, found.row, found.position)
        if ours:
            self._two(before, ours.order, after, found.row)
        else:
            self._one(before, after)

    def _pressed(self, key: str, row: Row, stored: Stored | None) -> Stored | None:
        """Return an order as it stood once we had written into it, where a person has typed over that since."""
        landed = self._step.landed
        if self._is_past(key) or key not in landed.orders() or not landed.typed_over(key, row):
            return None
        ours = landed.onto(key, stored.row if stored else None)
        return Stored(self._read(key, ours, stored), ours, stored.position if stored else 0) if ours else None

    def _again(self, order_id: str, position: int) -> Found:
        """Return the row of an order that looks as before, to be read once more in the light of other masters."""
        stored = self._step.tx.orders.stored([order_id])[order_id]
        return Found(position, stored.row, self._step.known[order_id].print, order_id, self._step.known[order_id].key)

    def _is_past(self, order_id: str) -> bool:
        """Say whether an order that is read for the first time stood in the sheet before it was ever read."""
        return self._step.first or (order_id in self._past and order_id not in self._step.known)

    def _read(self, order_id: str, row: Row, stored: Stored | None) -> Order:
        old, before = self._is_past(order_id), stored.order if stored else None
        clues = self._step.clues(past=old, was=stored.row if stored else None)
        order = understood(before, row, self._step.roster, self._step.region, clues)
        order = past(order, row) if old and bygone(order, self._step.now.date()) else order
        return replace(order, id=order_id, key=order.key or (before.key if before else ""))

    def _remember(self, identified: Identified, gone: list[str]) -> None:
        moved = {key: place for key, place in identified.same.items() if self._step.known[key].position != place}
        for key, found in identified.orders.items():
            if key in self._step.failed:
                continue
            was = self._step.known.get(key)
            if was and was.position != found.position:
                moved[key] = found.position
            self._step.known[key] = Known(found.print, found.position, found.key or (was.key if was else ""))
        for key in moved.keys() & identified.same.keys():
            self._step.known[key] = replace(self._step.known[key], position=moved[key])
        for key in set(gone) - self._step.failed:
            del self._step.known[key]
        self._step.tx.orders.move(moved)

    def _one(self, before: Order | None, after: Order | None) -> None:
        """Commit one order's changes; of one from the past only what nobody was told of is announced."""
        old = self._is_past((after or before or Order("")).id)
        changes = self._untold(after) if old else self._diff(before, after)
        self._telling.tell(changes)
        if changes or (not old and _holder(before) != _holder(after)):
            self._claims_follow(before, after)
        if after:
            self._answer(before, after, old=old)

    def _two(self, before: Order | None, ours: Order, after: Order, row: Row) -> None:
        """Commit what we had written into an order, a press mostly, and what a person typed over it since."""
        self._telling.tell_apart(self._diff(before, ours), diff(ours, after), self._diff(before, after))
        self._claims_follow(ours, after)
        pending = self._step.tx.journal.pending(ORDERS, after.id)
        for write in pending:
            if write.kind == "set" and write.id not in self._step.landed.ids:
                row = with_cells(row, dict(write.cells))
        self._answer(ours, after, shown=row)

    def _untold(self, order: Order | None) -> list[Change]:
        return diff(None, order) if order and offerable(order) else []

    def _diff(self, before: Order | None, after: Order | None) -> list[Change]:
        back = before is None and after is not None and self._step.tx.history.seen(after.id)
        return diff(before, after, seen_earlier=back)

    def _claims_follow(self, before: Order | None, after: Order | None) -> None:
        """Let a person's edit overrule a claim; a master's own write that is still on its way keeps it."""
        order_id = (after or before or Order("")).id
        pending = self._step.tx.journal.pending(ORDERS, order_id)
        on_its_way = any(write.state in ("waiting", "unclear") and "Статус" in write.cells for write in pending)
        if not (on_its_way and after):
            self._step.tx.claims.set(order_id, _holder(after))

    def _answer(self, before: Order | None, after: Order, *, old: bool = False, shown: Row | None = None) -> None:
        """Journal what has to follow; ``shown`` is how the row will stand, where that is known better than usual."""
        master = self._step.roster.get(after.master_id)
        known = old and UNCONNECTED not in after.check  # what was given to whom before us needs no telling
        unheard = self._step.reach.unheard(after, master if master and (master.chat or not known) else None)
        cells = answers(before, after, master, self._step.settings.commission.percent, self._step.now, unheard)
        if old:
            cells = {column: value for column, value in cells.items() if column == "Проверка"}
        if cells and shown is None:
            shown = self._step.tx.orders.shown_row(after.id)
        sheet = WORKSHEETS[ORDERS]
        fresh = {c: v for c, v in cells.items() if shown is None or not same(shown[sheet.index(c)], v)}
        if fresh:
            seen = {c: shown[sheet.index(c)] for c in fresh if shown and c not in sheet.own}
            self._step.tx.journal.add(Write(ORDERS, "set", after.id, fresh, seen))

    def _put_back(self, identified: Identified) -> None:
        """Put back an ID or key that a person removed, where it is certain which order the row is."""
        for key, found in {**identified.lost_id, **identified.lost_key}.items():
            cells: dict[str, Cell] = {"ID": as_id(key)} if key in identified.lost_id else {}
            cells |= {"Ключ": self._step.known[key].key} if key in identified.lost_key else {}
            if self._step.tx.journal.pending(ORDERS, key):
                self._step.look_again = True
            else:
                named = dict(zip(WORKSHEETS[ORDERS].columns, found.row, strict=True))
                self._step.adopt(Write(ORDERS, "adopt", key, cells, named))
                log.warning("identity_restored", order=key, columns=list(cells))


def _holder(order: Order | None) -> str:
    return order.holder if order else ""


def highest(ids: Iterable[str]) -> int:
    """Return the highest number among IDs, numbers given while the sheet was unknown left aside."""
    return max((int(one) for one in ids if one.isdecimal() and int(one) < NUMBERS_END), default=0)
