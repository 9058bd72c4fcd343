"""The part of a poll that holds what comes in waves, and carries out what was decided
about them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from record.dispatch.followups import explanation
from record.dispatch.model import Order
from record.dispatch.notices import Notice
from record.dispatch.own_words import kept, own_words
from record.dispatch.waves import (
    HIGHEST,
    LEFT,
    Source,
    Wave,
    at_once,
    crowded,
    held_in,
    too_many,
)
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.logs import get_logger
from record.values import Cell, text
from record.values.actors import STAFF, SYSTEM, WAVE, Actor, ActorKind
from record.watch import admin_chat, open_waves
from worker.poll.step import PollStep

log = get_logger(__name__)

CHECK, COMMENT = (
    WORKSHEETS[ORDERS].index(column) for column in ("Проверка", "Комментарий")
)
TOGETHER = 500
# a paste is one stroke, and comes in one reading; a bad line or a script brings it in
# pieces
STROKE_S = 10
RUSH_S = 60  # forms and bots bring orders one by one
NOTHING_LEFT = (
    "решать больше нечего, этих заявок в таблице уже нет или их разобрали вручную"
)


class Waves:
    """The waves of one poll; what has to be remembered of them is saved by :meth:`end`."""

    def __init__(self, step: PollStep) -> None:
        self._step = step
        self._waves: dict[int, Wave] = {}
        self._as_kept: dict[int, Wave] = {}
        self._alive: set[int] = set()
        self._again: set[int] = set()
        self._typed_lately = 0
        self._room: int | None = None

    def begin(self) -> None:
        """Learn how the waves stand: an admin may decide about one until the store is
        held.
        """
        self._waves = open_waves.waves_of(self._step.tx)
        self._as_kept = dict(self._waves)
        self._typed_lately = self._count_typed()

    def learn_numbers(self, checks: Iterable[str]) -> None:
        """Give no new wave a number that a row is held by, though the store may know
        nothing of that wave.
        """
        if highest := max(map(held_in, checks), default=0):
            self._step.tx.counters.at_least("wave", highest)

    # Deciding what is a wave

    def more_than_usual(self, found: int) -> bool:
        """Say whether so many new orders from staff are a wave, after those of the last
        moments.
        """
        return too_many(
            self._step.settings.polling.wave_rows, self._typed_lately, found
        )

    def _count_typed(self) -> int:
        adopts = [
            write
            for write in self._step.writes
            if write.title == ORDERS and write.kind == "adopt"
        ]
        fresh = [
            write
            for write in adopts
            if write.subject and write.subject not in self._step.known
        ]
        coming = sum(write.by.kind is ActorKind.STAFF for write in fresh)
        return self._step.tx.history.came(self._step.read_at - STROKE_S)[STAFF] + coming

    def rushed(self, sent: Mapping[str, float]) -> list[str]:
        """Return those of these new orders by form and bots that came in a rush;
        ``sent``: when each was sent.

        What counts is when clients sent them, not when a poll found them: after an
        outage it finds all at once.
        """
        if not sent:
            return []
        around = self._step.tx.journal.appended_since(min(sent.values()) - RUSH_S)
        earlier = {name: at for name, at in around.items() if name in self._step.known}
        rush = crowded(
            earlier | dict(sent), self._step.settings.polling.wave_orders, RUSH_S
        )
        return numbers(name for name in sent if name in rush)

    def come(self, source: Source, names: Sequence[str]) -> Wave | None:
        """Take note of new orders from staff, by ID or row number; return the wave that
        holds them, None for none.
        """
        if not self.more_than_usual(len(names)):
            self._typed_lately += len(names)
            return None
        return self.join(source, names)

    def join(self, source: Source, names: Sequence[str]) -> Wave:
        """Hold these, with those of the same kind about which nobody has decided yet."""
        now = self._step.read_at
        wave = next(
            (
                one
                for one in self._waves.values()
                if one.source == source and one.state == "open"
            ),
            None,
        )
        wave = wave or Wave(self._free_number(), source, now, now, first=names[0])
        return self._grown(wave, names)

    def _free_number(self) -> int:
        """Return the next number that can be read back from a cell, whatever number
        somebody has typed there.
        """
        number = self._step.tx.counters.next("wave") % HIGHEST or HIGHEST
        while number in self._waves:
            number = number % HIGHEST + 1
        return number

    def _grown(self, wave: Wave, names: Sequence[str]) -> Wave:
        wave = replace(
            wave,
            count=wave.count + len(names),
            last=names[-1],
            until=self._step.read_at,
        )
        self._waves[wave.number] = wave
        self._alive.add(wave.number)
        log.warning(
            "wave_held",
            wave=wave.number,
            source=wave.source,
            more=len(names),
            count=wave.count,
        )
        return wave

    def known_again(self, source: Source, number: int, names: Sequence[str]) -> None:
        """Take up a wave that only the sheet knows of, since the store was deleted, or
        a person undid something.
        """
        self._step.tx.counters.at_least("wave", number)
        now = self._step.read_at
        self._again.add(number)
        self._grown(
            self._waves.get(number) or Wave(number, source, now, now, first=names[0]),
            names,
        )

    def of_row(self, check: str, rested: float) -> Wave | None:
        """Return the wave of a row typed by hand: «Проверка» names it, or it had rested
        when the wave was held.
        """
        if number := held_in(check):
            found = self._waves.get(number)
        else:
            mine = (
                one
                for one in self._waves.values()
                if one.source == "rows" and rested <= one.until
            )
            found = next(mine, None)
        if found:
            self._alive.add(found.number)
        return found

    def counted(self, number: int, count: int) -> None:
        """Take note of how many rows say that they are held in a wave: whoever copies
        one has added to it.
        """
        wave = self._waves[number]
        if wave.state == "open" and count > wave.count:
            self._waves[number] = replace(wave, count=count)

    def of_edits(self) -> list[Wave]:
        """Return the waves of edits."""
        return [wave for wave in self._waves.values() if wave.source == "edits"]

    def look(self, number: int, looked: Mapping[str, str]) -> None:
        """Remember how rows looked when they were held; whatever looks otherwise later
        was dealt with by hand.
        """
        wave = self._waves[number]
        self._waves[number] = replace(wave, looked={**wave.looked, **looked})

    def keep_looking(self, number: int, looked: Mapping[str, str]) -> None:
        """Let only these rows wait on."""
        wave = self._waves[number]
        if len(looked) < len(wave.looked):
            self._waves[number] = replace(wave, looked=looked)
        if looked:
            self._alive.add(number)

    def stray(self, number: int) -> bool:
        """Say whether only the sheet knows of a wave of this number."""
        return number not in self._waves or number in self._again

    # What the rows say

    def mark(self, order_id: str, said: str, row: Row, by: Actor = SYSTEM) -> None:
        """Let «Проверка» of an order say something, and keep what a person has put
        there.

        These are two writes: a comment that is edited in the same moment does not
        hinder the mark.
        """
        self.keep_words(order_id, row)
        self._step.tx.journal.add(
            Write(ORDERS, "set", order_id, {"Проверка": said}, by=by)
        )

    def keep_words(self, order_id: str, row: Row) -> None:
        """Put a person's words from «Проверка» into «Комментарий», once."""
        check = text(row[CHECK])
        if not own_words(check):
            return
        comment = self._step.as_it_will_stand(order_id, row)[COMMENT]
        if cells := kept(check, comment):
            self._step.tx.journal.add(
                Write(ORDERS, "set", order_id, cells, {"Комментарий": comment})
            )

    # Carrying out decisions

    def room(self) -> int:
        """Return how many more orders of waves may be let go now, so that masters'
        queues stay short.
        """
        if self._room is None:
            settings, active = (
                self._step.settings,
                max(1, len(self._step.roster.active())),
            )
            each = at_once(
                settings.polling.interval_s, settings.telegram.chat_messages_per_second
            )
            queued = self._step.tx.outbox.behind() // active
            coming = sum(
                write.by.kind is ActorKind.WAVE and write.state != "written"
                for write in self._step.writes
            )
            self._room = max(0, each - queued - coming)
        return self._room

    def let_go(self) -> bool:
        """Take one order's place among those let go now; False where there is none
        left.
        """
        if not self.room():
            return False
        self._room = self.room() - 1
        return True

    def end(self) -> None:
        """Carry out what was decided about orders with numbers, ask about what is new,
        forget what is over.
        """
        for wave in list(self._waves.values()):
            if wave.source not in {"rows", "edits"}:
                self._carry_out(wave)
        for wave in list(self._waves.values()):
            if wave.number not in self._alive:
                del self._waves[wave.number]
                self._over(wave)
            elif wave.state == "open" and wave.count >= 2 * wave.told:
                self._ask(wave)
        if self._waves != self._as_kept:
            open_waves.keep(self._step.tx, self._waves.values())

    @property
    def busy(self) -> bool:
        """Say whether something is still to be carried out, though nobody edits
        anything.
        """
        return any(wave.state != "open" for wave in self._waves.values())

    def _carry_out(self, wave: Wave) -> None:
        at_most = 1 if wave.state == "open" else TOGETHER
        members = self._step.tx.orders.held_in(f"(пачка {wave.number})", at_most)
        if members:
            self._alive.add(wave.number)
        if wave.state == "open":
            return
        orders = [write for write in self._step.writes if write.title == ORDERS]
        waiting = {write.subject for write in orders if "Проверка" in write.cells}
        for order in members:
            if order.id not in waiting and (wave.state == "leave" or self.let_go()):
                self._decided(order, wave)

    def _decided(self, order: Order, wave: Wave) -> None:
        if own_words(order.check):
            self.keep_words(
                order.id, self._step.tx.orders.stored([order.id])[order.id].row
            )
        if wave.state == "leave":
            told = replace(order, told=LEFT)
            cells: dict[str, Cell] = {"Оповещены": LEFT, "Проверка": explanation(told)}
        else:
            cells = {"Проверка": explanation(replace(order, check=""))}
        self._step.tx.journal.add(Write(ORDERS, "set", order.id, cells, by=WAVE))
        log.info("wave_decided", wave=wave.number, order=order.id, state=wave.state)

    def _ask(self, wave: Wave) -> None:
        """Ask the admin about a wave, once he has a chat to be asked in."""
        if not admin_chat.chat_of(self._step.tx, self._step.settings):
            return
        self._waves[wave.number] = replace(wave, told=wave.count)
        facts: dict[str, Any] = {
            "number": wave.number,
            "count": wave.count,
            "source": wave.source,
        }
        pace = self._step.settings.telegram.chat_messages_per_second
        facts |= {
            "first": wave.first,
            "last": wave.last,
            "pace": pace,
            "opened": wave.second,
        }
        key = f"wave:{wave.number}:{wave.opened_at:.3f}:{wave.count}"
        self._tell(Notice(key, "admin", "", "wave", facts=facts))

    def _over(self, wave: Wave) -> None:
        """Let it be known that nothing of a wave is left to be decided about, where
        nobody did.
        """
        log.info("wave_over", wave=wave.number, state=wave.state)
        if wave.state == "open" and wave.told:
            said = f"✅ Пачка {wave.number}: {NOTHING_LEFT}"
            self._tell(
                admin_chat.alarm(
                    f"wave_over:{wave.number}:{wave.opened_at:.3f}", said, "alarm_over"
                )
            )

    def _tell(self, notice: Notice) -> None:
        self._step.notices += admin_chat.tell(
            self._step.tx, self._step.settings, notice
        )


def numbers(ids: Iterable[str]) -> list[str]:
    """Return IDs in the order in which people count them."""
    return sorted(
        ids,
        key=lambda one: (not one.isdecimal(), int(one) if one.isdecimal() else 0, one),
    )
