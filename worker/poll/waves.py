"""Holds what comes in waves, and carries out what was decided about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from record.dispatch.followups import explanation
from record.dispatch.model import Order
from record.dispatch.notices import Notice
from record.dispatch.own_words import own_words
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
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.logs import get_logger
from record.values import Cell
from record.values.actors import STAFF, WAVE, ActorKind
from record.watch import admin_chat, open_waves
from worker.poll.checks import keep_words
from worker.poll.step import PollStep

log = get_logger(__name__)

TOGETHER = 500
# a paste is one stroke, and comes in one reading; a bad line or a script brings it in
# pieces
STROKE_S = 10
RUSH_S = 60  # forms and bots bring orders one by one
NOTHING_LEFT = (
    "решать больше нечего, этих заявок в таблице уже нет или их разобрали вручную"
)


class Waves:
    """The waves of one poll; :meth:`end` saves what has to be remembered of them."""

    def __init__(self, step: PollStep) -> None:
        self._step = step
        self._waves: dict[int, Wave] = {}
        self._as_kept: dict[int, Wave] = {}
        # of which something is left in the sheet
        self._alive: set[int] = set()
        # that only the sheet knew of
        self._taken_up: set[int] = set()
        self._typed_lately = 0
        self._room: int | None = None

    def begin(self) -> None:
        """Learn how the waves stand, in the transaction of the commit."""
        # an admin may decide about one until the store is held
        self._waves = open_waves.waves_of(self._step.tx)
        self._as_kept = dict(self._waves)
        self._typed_lately = self._count_typed_lately()

    def learn_numbers(self, checks: Iterable[str]) -> None:
        """Give no new wave a number that a row is held by."""
        # the row may be older than the store, which knows nothing of its wave then
        highest = max(map(held_in, checks), default=0)
        if highest:
            self._step.tx.counters.at_least("wave", highest)

    # Deciding what is a wave

    def more_than_usual(self, found: int) -> bool:
        """Return whether so many new orders from staff are a wave.

        Those of the last moments are counted with them.
        """
        limit = self._step.settings.polling.wave_rows
        return too_many(limit, self._typed_lately, found)

    def _count_typed_lately(self) -> int:
        since = self._step.read_at - STROKE_S
        came: int = self._step.tx.history.came(since)[STAFF]
        for write in self._step.adoptions(ORDERS):
            # without a subject it only explains what the row lacks
            is_new = bool(write.subject) and write.subject not in self._step.known
            came += is_new and write.by.kind is ActorKind.STAFF

        return came

    def rushed(self, sent: Mapping[str, float]) -> list[str]:
        """Return those of these new orders by form and bots that came in a rush.

        ``sent``: when each was sent. That counts, not when a poll found them: after an
        outage it finds all at once.
        """
        if not sent:
            return []

        around = self._step.tx.journal.appended_since(min(sent.values()) - RUSH_S)
        moments = {key: at for key, at in around.items() if key in self._step.known}
        moments.update(sent)
        limit = self._step.settings.polling.wave_orders
        rush = crowded(moments, limit, RUSH_S)
        return numbers(rush & sent.keys())

    def come(self, source: Source, names: Sequence[str]) -> Wave | None:
        """Take note of new orders from staff, by ID or row number.

        Returns the wave that holds them, None where they are no more than usual.
        """
        if not self.more_than_usual(len(names)):
            self._typed_lately += len(names)
            return None

        return self.join(source, names)

    def join(self, source: Source, names: Sequence[str]) -> Wave:
        """Hold these, with those of the same kind about which nobody has decided yet."""
        for wave in self._waves.values():
            if wave.source == source and wave.state == "open":
                return self._grown(wave, names)

        return self._grown(self._new(self._free_number(), source, names), names)

    def _free_number(self) -> int:
        """Return the next number, whatever number somebody has typed into a cell."""
        # a greater one than HIGHEST could not be read back from a cell
        number = self._step.tx.counters.next("wave") % HIGHEST or HIGHEST
        while number in self._waves:
            number = number % HIGHEST + 1

        return number

    def _new(self, number: int, source: Source, names: Sequence[str]) -> Wave:
        now = self._step.read_at
        return Wave(number, source, opened_at=now, until=now, first=names[0])

    def _grown(self, wave: Wave, names: Sequence[str]) -> Wave:
        count = wave.count + len(names)
        wave = replace(wave, count=count, last=names[-1], until=self._step.read_at)
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

    # What rows belong to a wave

    def known_again(self, source: Source, number: int, names: Sequence[str]) -> None:
        """Take up a wave that only the sheet knows of.

        The store was deleted, or a person undid something.
        """
        self._step.tx.counters.at_least("wave", number)
        self._taken_up.add(number)
        wave = self._waves.get(number) or self._new(number, source, names)
        self._grown(wave, names)

    def stray(self, number: int) -> bool:
        """Return whether only the sheet knows of a wave of this number."""
        return number not in self._waves or number in self._taken_up

    def of_row(self, check: str, rested: float) -> Wave | None:
        """Return the wave of a row typed by hand.

        «Проверка» names it, or the row had rested when the wave was held.
        """
        number = held_in(check)
        wave = self._waves.get(number) if number else self._of_rested(rested)
        if wave:
            self._alive.add(wave.number)

        return wave

    def _of_rested(self, rested: float) -> Wave | None:
        for wave in self._waves.values():
            if wave.source == "rows" and rested <= wave.until:
                return wave

        return None

    def holds_at_least(self, number: int, count: int) -> None:
        """Take note of how many rows say that a wave holds them.

        Whoever copies such a row has added to the wave.
        """
        wave = self._waves[number]
        if wave.state == "open" and count > wave.count:
            self._waves[number] = replace(wave, count=count)

    def of_edits(self) -> list[Wave]:
        """Return the waves of edits."""
        return [wave for wave in self._waves.values() if wave.source == "edits"]

    def remember_looks(self, number: int, looked: Mapping[str, str]) -> None:
        """Remember how rows looked when they were held.

        Whatever looks different later was dealt with by hand.
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

    # Carrying out decisions

    def let_go(self) -> bool:
        """Take a place among the orders let go now; return False if none is left."""
        if self._room is None:
            self._room = self._count_room()

        if not self._room:
            return False

        self._room -= 1
        return True

    def _count_room(self) -> int:
        """Return how many orders may be let go, so that masters' queues stay short."""
        settings, tx = self._step.settings, self._step.tx
        masters = max(1, len(self._step.roster.active()))
        pace = settings.telegram.chat_messages_per_second
        each = at_once(settings.polling.interval_s, pace)
        queued = tx.outbox.behind() // masters
        coming = sum(
            write.by.kind is ActorKind.WAVE and write.state != "written"
            for write in self._step.writes
        )
        return max(0, each - queued - coming)

    def end(self) -> None:
        """Carry out decisions, ask about what is new, forget what is over."""
        for wave in list(self._waves.values()):
            # rows without a number and edits are let go where they are read
            if wave.source not in {"rows", "edits"}:
                self._carry_out(wave)

        for wave in list(self._waves.values()):
            if wave.number not in self._alive:
                del self._waves[wave.number]
                self._report_over(wave)
            elif wave.state == "open" and wave.count >= 2 * wave.told:
                self._ask(wave)

        if self._waves != self._as_kept:
            open_waves.keep(self._step.tx, self._waves.values())

    @property
    def busy(self) -> bool:
        """Whether something is still to be carried out, though nobody edits anything."""
        return any(wave.state != "open" for wave in self._waves.values())

    def _carry_out(self, wave: Wave) -> None:
        is_open = wave.state == "open"
        # of an open one it matters only whether anything is left
        limit = 1 if is_open else TOGETHER
        members = self._step.tx.orders.held_in(f"(пачка {wave.number})", limit)
        if members:
            self._alive.add(wave.number)

        if is_open:
            return

        answered = self._step.orders_with_check_coming()
        for order in members:
            if order.id in answered:
                continue
            if wave.state == "leave" or self.let_go():
                self._release(order, wave)

    def _release(self, order: Order, wave: Wave) -> None:
        """Write into an order's row what was decided; the next poll acts on it."""
        tx = self._step.tx
        if own_words(order.check):
            row = tx.orders.stored([order.id])[order.id].row
            keep_words(self._step, order.id, row)

        cells: dict[str, Cell]
        if wave.state == "leave":
            left_out = replace(order, told=LEFT)
            cells = {"Оповещены": LEFT, "Проверка": explanation(left_out)}
        else:
            cells = {"Проверка": explanation(replace(order, check=""))}

        tx.journal.add(Write(ORDERS, "set", order.id, cells, by=WAVE))
        log.info("wave_decided", wave=wave.number, order=order.id, state=wave.state)

    # What the admin is told

    def _ask(self, wave: Wave) -> None:
        """Ask the admin about a wave, once he has a chat to be asked in."""
        settings = self._step.settings
        chat = admin_chat.chat_of(self._step.tx, settings)
        if not chat:
            return

        self._waves[wave.number] = replace(wave, told=wave.count)
        facts: dict[str, Any] = {
            "number": wave.number,
            "count": wave.count,
            "source": wave.source,
            "first": wave.first,
            "last": wave.last,
            "pace": settings.telegram.chat_messages_per_second,
            "opened": wave.second,
        }
        # in another chat it is another question: the buttons work where they were shown
        key = f"wave:{wave.number}:{wave.opened_at:.3f}:{wave.count}:{chat}"
        self._tell_admin(Notice(key, "admin", "", "wave", facts=facts))

    def _report_over(self, wave: Wave) -> None:
        """Report that nothing of a wave is left, where nobody decided about it."""
        log.info("wave_over", wave=wave.number, state=wave.state)
        if wave.state == "open" and wave.told:
            said = f"✅ Пачка {wave.number}: {NOTHING_LEFT}"
            key = f"wave_over:{wave.number}:{wave.opened_at:.3f}"
            self._tell_admin(admin_chat.alarm(key, said, "alarm_over"))

    def _tell_admin(self, notice: Notice) -> None:
        step = self._step
        step.notices += admin_chat.tell(step.tx, step.settings, notice)


def numbers(ids: Iterable[str]) -> list[str]:
    """Return IDs in the order in which people count them; numbers come first."""
    return sorted(ids, key=_as_counted)


def _as_counted(order_id: str) -> tuple[bool, int, str]:
    is_number = order_id.isdecimal()
    return not is_number, int(order_id) if is_number else 0, order_id
