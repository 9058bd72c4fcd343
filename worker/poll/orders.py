"""The part of a poll that minds «Заявки»: each changed order with its history, notices
and writes.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from record.actions.limits import too_often
from record.dispatch.changes import Change, diff, offerable
from record.dispatch.followups import answers, explanation, waiting
from record.dispatch.model import Order
from record.dispatch.reach import UNCONNECTED
from record.dispatch.waves import (
    LEFT,
    Wave,
    held_in,
    holding,
    is_news,
    sentence,
    standing_sentences,
)
from record.errors import NaryadError
from record.grid.identity import Found, Identified, Known
from record.grid.keys import is_ours
from record.grid.layout import Row, Table, fingerprint, lasting_print, same
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import NUMBERS_END, Write, as_id
from record.logs import get_logger
from record.store import Stored
from record.values import Address, Cell, Status, is_error, text
from record.values.actors import HUSHED, SYSTEM
from record.wording import figure, plural
from worker.poll.announce import Announcer
from worker.poll.mass_edits import MassEdits
from worker.poll.meanings import Meanings
from worker.poll.step import PollStep
from worker.poll.waves import Waves, numbers

log = get_logger(__name__)

TELEGRAM = WORKSHEETS[ORDERS].index("Telegram")
TROUBLE = (
    "не обрабатывается из-за ошибки в Наряде; остальные идут как обычно. Проверьте её строку в таблице: после любой "
    "правки в ней Наряд попробует снова, и сам каждые 10 минут"
)


class OrdersPart:
    """Brings the mirror's orders up to date, and commits what each change means."""

    def __init__(self, step: PollStep, waves: Waves) -> None:
        self._step = step
        self._waves = waves
        self._announcer = Announcer(step)
        self._edits = MassEdits(step, waves)
        self._held: dict[str, Wave] = {}
        # came in a wave with a master or a status of their own
        self._begun: set[str] = set()
        self._ours = {
            write.subject: write
            for write in step.writes
            if write.title == ORDERS and write.kind != "set"
        }
        self._meanings = Meanings(step)
        self._rows: dict[str, Found] = {}
        self._gone: list[str] = []

    def learn_numbers(self, identified: Identified, masters: Table) -> None:
        """Learn at the first poll which numbers are taken, so that none is given twice."""
        self._step.tx.counters.at_least(
            "order", highest(found.id for found in identified.touched())
        )
        self._step.tx.counters.at_least(
            "master", highest(text(row[0]) for _, row in masters.rows())
        )

    def look(self, identified: Identified) -> None:
        """Read the orders whose rows have changed; what fails in one is raised again
        when that one is committed.
        """
        self._rows = self._changed(identified)
        self._gone = [key for key in self._step.known if not identified.has(key)]
        self._meanings.look(self._rows, self._gone)

    def pressed_meanwhile(self) -> bool:
        """Say whether something was pressed, since they were looked at, in an order
        that is gone.
        """
        return self._meanings.pressed_meanwhile()

    def commit(self, identified: Identified) -> None:
        """Bring the mirror's orders up to date, and commit each change with its notices
        and writes.
        """
        changed, gone = self._rows, self._gone
        self._put_back(identified)
        if self._step.first:
            self._baseline(changed)
        else:
            self._hold_waves(changed)
            self._edits.hold(changed, self._peek)
            self._take_ours(self._edits.held)
        for key, found in changed.items() if not self._step.first else ():
            if key not in self._step.aside:
                self._guarded(key, found)
        for key in gone:
            self._guarded(key, None)
        self._step.tx.orders.drop([key for key in gone if key not in self._step.failed])
        self._replace_guessable()
        self._remember(identified, gone)
        self._step.tx.counters.at_least("order", highest(changed))

    def _changed(self, identified: Identified) -> dict[str, Found]:
        """Return the rows to look into: new, different, or naming a master who may be
        known by now.
        """
        known = self._step.known
        clients, masters = self._step.changed_clients, self._step.changed_masters
        learned = (
            self._step.roster_changed
            or self._step.categories_changed
            or clients
            or masters
        )
        unresolved = set(self._step.tx.orders.unresolved()) if learned else set()
        unresolved |= self._concerned(clients, masters)
        rows = identified.orders.items()
        changed = {
            key: found
            for key, found in rows
            if key not in known or known[key].print != found.print or key in unresolved
        }
        changed |= {
            key: self._again(key, identified.same[key])
            for key in unresolved
            if key in identified.same
        }
        return changed | self._typed_back(identified, changed)

    def _typed_back(
        self, identified: Identified, changed: Container[str]
    ) -> dict[str, Found]:
        """Return rows that look as before, since what we wrote into them meanwhile was
        typed over.
        """
        keys = [
            key
            for key in self._step.own_writes.orders() & self._step.known.keys()
            if key not in changed
        ]
        stored = (
            (self._meanings.stored(keys) or {}) if keys and not self._step.first else {}
        )
        return {
            key: self._again(key, identified.same[key])
            if key in identified.same
            else identified.orders[key]
            for key, one in stored.items()
            if identified.has(key) and self._step.own_writes.typed_over(key, one.row)
        }

    def _concerned(self, clients: set[Address], masters: set[Address]) -> set[str]:
        """Return the open orders of people who can't be written to any more, or can
        again, or elsewhere.
        """
        reconnected = self._step.reconnected
        if not clients and not masters and not reconnected:
            return set()
        theirs = [
            one.id
            for one in self._step.roster.masters
            if one.chat in masters or one.id in reconnected
        ]
        return set(self._step.tx.orders.open_of(clients, theirs))

    def _baseline(self, rows: dict[str, Found]) -> None:
        """Take the first reading of all as it is, quickly; only what nobody was told of
        is announced.
        """
        read = {key: self._meanings.of(key).after for key in rows}
        self._hold(
            {
                key: order
                for key, order in read.items()
                if self._untold(order) or holding(order.check)
            }
        )
        fresh = [
            Stored(self._waiting(read[key]), found.row, found.position)
            for key, found in rows.items()
        ]
        self._step.tx.orders.put_new(fresh)
        for stored in fresh:
            self._one(None, stored.order)

    def _hold_waves(self, changed: dict[str, Found]) -> None:
        """Hold orders that come with a number of their own, from clients or pasted,
        where they are a wave.
        """
        fresh = [
            key
            for key in changed
            if key not in self._step.known and not self._adopted(key)
        ]
        often = self._often(key for key in fresh if key in self._ours)
        fresh = [key for key in fresh if key not in often]
        rushed = self._waves.rushed(
            {key: self._ours[key].made_at for key in fresh if key in self._ours}
        )
        pasted = [key for key in fresh if key not in self._ours]
        many = rushed + (pasted if self._waves.more_than_usual(len(pasted)) else [])
        seen = self._step.tx.history.seen_of(many) if many else set()
        read = self._meanings.clear(key for key in many if key not in seen)
        self._hold(
            {key: meant.after for key, meant in read.items() if is_news(meant.after)}
        )

    def _often(self, keys: Iterable[str]) -> Mapping[str, Order]:
        """Hold orders of whoever sends more within an hour than people do; return them."""
        settings, tx = self._step.settings, self._step.tx
        read = {key: meant.after for key, meant in self._meanings.clear(keys).items()}
        often = {
            key: one
            for key, one in read.items()
            if too_often(tx, settings, one.phone, one.chat, key)
        }
        if often:
            self._held |= dict.fromkeys(
                often, self._waves.join("person", numbers(often))
            )
        return often

    def _adopted(self, key: str) -> bool:
        return key in self._ours and self._ours[key].kind == "adopt"

    def _hold(self, orders: Mapping[str, Order]) -> None:
        """Let these new orders wait for a decision, if they are more than usual; some
        are held by what they say.
        """
        again = {key for key, order in orders.items() if holding(order.check)}
        begun = {
            key
            for key, order in orders.items()
            if order.status is not Status.NEW or order.master_id
        }
        self._report_started(numbers(begun))
        free = orders.keys() - again - begun
        sent = {key: self._ours[key].made_at for key in free if key in self._ours}
        if rushed := self._waves.rushed(sent):
            self._held |= dict.fromkeys(rushed, self._waves.join("intake", rushed))
        pasted = numbers(free - sent.keys())
        if pasted and (wave := self._waves.come("orders", pasted)):
            self._held |= dict.fromkeys(pasted, wave)

    def _report_started(self, begun: list[str]) -> None:
        """Let orders that were begun elsewhere come in without a word to anybody but
        the admin, once for all.
        """
        if not begun:
            return
        self._begun.update(begun)
        count = (
            f"{figure(len(begun))} {plural(len(begun), 'заявка', 'заявки', 'заявок')}"
        )
        said = f"Вставлено сразу: {count} с ID и мастером или статусом, от #{begun[0]} до #{begun[-1]}."
        why = "О таких никому не сообщаю, чтобы не разослать старое. Кому нужно, напишите или позвоните сами"
        self._step.alert_admin(
            f"begun:{begun[0]}:{self._step.read_at:.3f}", f"{said} {why}"
        )

    def _waiting(self, order: Order) -> Order:
        """Return an order that is held with what its «Проверка» will say, so that
        everybody sees that it is.
        """
        wave = self._held.get(order.id)
        if wave is None or order.status is not Status.NEW:
            return order
        return replace(order, check=waiting(order, sentence(wave)))

    def _guarded(self, key: str, found: Found | None) -> None:
        """Commit one order; one that raises is left as it was, tried again, then put
        aside, and the others go on.
        """
        failures, mark, at = (
            self._step.quarantine,
            found.print if found else None,
            self._step.read_at,
        )
        if failures.rests(key, mark, at):
            self._step.put_aside(key)
            return
        try:
            with self._step.tx.savepoint():
                self._commit_one(key, found)
        except NaryadError:
            raise
        except Exception:
            self._step.failed.add(key)
            aside = failures.failed(key, mark, at)
            log.exception("order_failed", order=key, tries=failures.tries[key])
            if aside:
                self._step.put_aside(key)
                self._step.report_trouble(key, f"Заявка {key} {TROUBLE}")
        else:
            failures.handled(key)
            if found is None:
                self._step.drop_trouble(key)
            else:
                self._step.report_recovery(key, f"Заявка {key} снова обрабатывается")

    def _commit_one(self, key: str, found: Found | None) -> None:
        if found is None:
            self._one(self._meanings.gone(key), None)
            return
        before, ours, after = self._meanings.of(key)
        after = self._waiting(after)
        self._step.tx.orders.put(after, found.row, found.position)
        if ours:
            self._two(before, ours.order, after, found.row)
        else:
            self._one(before, after)

    def _take_ours(self, keys: Iterable[str]) -> None:
        """Take in what we had written into orders, where what a person typed over that
        is held.
        """
        for key in keys:
            before, ours, _ = self._meanings.of(key)
            if ours:
                self._step.tx.orders.put(ours.order, ours.row, ours.position)
                self._step.known[key] = replace(
                    self._step.known[key], print=fingerprint(ours.row)
                )
                self._announcer.announce(self._diff(before, ours.order))

    def _peek(self, keys: Iterable[str]) -> dict[str, tuple[Order, list[Change]]]:
        """Return orders as they stand now, and what people have changed, without taking
        it in.
        """
        found: dict[str, tuple[Order, list[Change]]] = {}
        for key, (polled, ours, after) in self._meanings.clear(keys).items():
            before = ours.order if ours else polled
            new = before is not None and after.status is before.status is Status.NEW
            given = (
                before is not None
                and new
                and after.master_id not in ("", before.master_id)
            )
            changes = self._diff(
                before, replace(after, status=Status.WORK) if given else after
            )
            found[key] = after, [] if self._only_ours(key) else changes
        return found

    def _only_ours(self, key: str) -> bool:
        """Say whether a row looks otherwise only by what we had written into it."""
        stored = (self._meanings.before or {}).get(key)
        ours = (
            self._step.own_writes.onto(key, stored.row)
            if stored and key in self._step.own_writes.orders()
            else None
        )
        return ours is not None and lasting_print(ours) == lasting_print(
            self._rows[key].row
        )

    def _again(self, order_id: str, position: int) -> Found:
        """Return the row of an order that looks as before, to be read once more in the
        light of other masters.
        """
        stored = self._step.tx.orders.stored([order_id])[order_id]
        return Found(
            position,
            stored.row,
            self._step.known[order_id].print,
            order_id,
            self._step.known[order_id].key,
        )

    def _remember(self, identified: Identified, gone: list[str]) -> None:
        moved = {
            key: place
            for key, place in identified.same.items()
            if self._step.known[key].position != place
        }
        for key, found in identified.orders.items():
            if key in self._step.failed:
                continue
            was = self._step.known.get(key)
            if was and was.position != found.position:
                moved[key] = found.position
            self._step.known[key] = Known(
                found.print, found.position, self._secret(key, found, was)
            )
        for key in moved.keys() & identified.same.keys():
            self._step.known[key] = replace(self._step.known[key], position=moved[key])
        for key in set(gone) - self._step.failed:
            del self._step.known[key]
        self._step.tx.orders.move(moved)

    def _secret(self, order_id: str, found: Found, was: Known | None) -> str:
        if order_id in self._meanings.fresh_keys:
            return self._meanings.fresh_keys[order_id]
        return was.key if was and was.key and not is_ours(found.key) else found.key

    def _replace_guessable(self) -> None:
        """Write the keys of orders that came with none, or with one that is guessed."""
        for order_id, key in self._meanings.fresh_keys.items():
            if order_id not in self._step.failed:
                self._step.tx.journal.add(Write(ORDERS, "set", order_id, {"Ключ": key}))
                log.warning("key_replaced", order=order_id)

    def _one(self, before: Order | None, after: Order | None) -> None:
        """Commit one order's changes; of one from the past only what nobody was told of
        is announced.
        """
        old = self._meanings.is_past((after or before or Order("")).id)
        changes = self._untold(after) if old else self._diff(before, after)
        if (
            after
            and standing_sentences(after)
            and self._waves.stray(number := held_in(after.check))
            and number
        ):
            self._waves.known_again("orders", number, [after.id])
        if after and after.id in self._meanings.covered:
            self._waves.keep_words(after.id, self._rows[after.id].row)
        if after and after.id in self._held:
            self._held_back(changes, after)
            return
        if after and after.id in self._edits.hushed | self._begun:
            self._announcer.record(changes)
        else:
            self._announcer.announce(changes)
        if changes or (not old and _holder(before) != _holder(after)):
            self._claims_follow(before, after)
        if after:
            self._answer(before, after, old=old)

    def _held_back(self, changes: list[Change], after: Order) -> None:
        """Take a new order in without telling anybody; its row says why."""
        self._announcer.record(changes)
        if after.status is Status.NEW:
            self._waves.mark(after.id, after.check, self._rows[after.id].row)
        else:
            self._answer(None, after)

    def _two(self, before: Order | None, ours: Order, after: Order, row: Row) -> None:
        """Commit what we had written into an order, a press mostly, and what a person
        typed over it since.
        """
        self._announcer.announce_apart(
            self._diff(before, ours), diff(ours, after), self._diff(before, after)
        )
        self._claims_follow(ours, after)
        self._answer(ours, after, shown=self._step.as_it_will_stand(after.id, row))

    def _untold(self, order: Order | None) -> list[Change]:
        return diff(None, order) if order and offerable(order) else []

    def _diff(self, before: Order | None, after: Order | None) -> list[Change]:
        back = (
            before is None
            and after is not None
            and self._step.tx.history.seen(after.id)
        )
        return diff(before, after, seen_earlier=back)

    def _claims_follow(self, before: Order | None, after: Order | None) -> None:
        """Let a person's edit overrule a claim; a master's own write that is still on
        its way keeps it.
        """
        order_id = (after or before or Order("")).id
        pending = self._step.tx.journal.pending(ORDERS, order_id)
        on_its_way = any(
            write.state in ("waiting", "unclear") and "Статус" in write.cells
            for write in pending
        )
        if not (on_its_way and after):
            self._step.tx.claims.set(order_id, _holder(after))

    def _answer(
        self,
        before: Order | None,
        after: Order,
        *,
        old: bool = False,
        shown: Row | None = None,
    ) -> None:
        """Journal what has to follow; ``shown`` is how the row will stand, where that
        is known better than usual.
        """
        master = self._step.roster.get(after.master_id)
        # what was given to whom before us needs no telling
        known = old and UNCONNECTED not in after.check
        unreached = self._step.reach.unreached(
            after, master if master and (master.chat or not known) else None
        )
        cells = answers(
            before,
            after,
            master,
            self._step.settings.commission.percent,
            self._step.clock,
            unreached,
        )
        if old:
            cells = {
                column: value
                for column, value in cells.items()
                if column in {"Проверка", "Комментарий"}
            }
        if after.id in self._edits.hushed and offerable(after):
            cells |= {
                "Оповещены": LEFT,
                "Проверка": explanation(replace(after, told=LEFT), unreached),
            }
        if cells and shown is None:
            shown = self._step.tx.orders.shown_row(after.id)
        sheet = WORKSHEETS[ORDERS]
        fresh = {
            c: v
            for c, v in cells.items()
            if shown is None or not same(shown[sheet.index(c)], v)
        }
        if fresh:
            seen = {
                c: shown[sheet.index(c)] for c in fresh if shown and c not in sheet.own
            }
            by = SYSTEM
            if after.id in self._edits.hushed:
                by = HUSHED
            self._step.tx.journal.add(Write(ORDERS, "set", after.id, fresh, seen, by))

    def _put_back(self, identified: Identified) -> None:
        """Put back an ID or key that a person removed, where it is certain which order
        the row is.
        """
        for key, found in {**identified.lost_id, **identified.lost_key}.items():
            cells: dict[str, Cell] = (
                {"ID": as_id(key)} if key in identified.lost_id else {}
            )
            cells |= (
                {"Ключ": self._step.known[key].key}
                if key in identified.lost_key
                else {}
            )
            if self._step.tx.journal.pending(ORDERS, key):
                self._step.poll_again = True
            else:
                named = dict(zip(WORKSHEETS[ORDERS].columns, found.row, strict=True))
                self._step.adopt(Write(ORDERS, "adopt", key, cells, named))
                log.warning("identity_restored", order=key, columns=list(cells))
        for key, stored in (self._meanings.before or {}).items():
            row = identified.orders[key].row if key in identified.orders else None
            if row and is_error(row[TELEGRAM]) and stored.order.chat:
                stood = stored.row[TELEGRAM]
                chat = str(stored.order.chat) if is_error(stood) else stood
                self._step.tx.journal.add(Write(ORDERS, "set", key, {"Telegram": chat}))
                log.warning("identity_restored", order=key, columns=["Telegram"])


def _holder(order: Order | None) -> str:
    return order.holder if order else ""


def highest(ids: Iterable[str]) -> int:
    """Return the highest number among IDs, numbers given while the sheet was unknown
    left aside.
    """
    return max(
        (int(one) for one in ids if one.isdecimal() and int(one) < NUMBERS_END),
        default=0,
    )
