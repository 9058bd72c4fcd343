"""The part of a poll that minds rows typed by hand, until they are orders."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from record.actions.client_acts import next_order_id
from record.dispatch.bygone import bygone, from_before
from record.dispatch.followups import (
    explanation,
    first_cells,
    is_note,
    missing,
    waiting,
)
from record.dispatch.model import Order, Row
from record.dispatch.own_words import checked, own_words
from record.dispatch.reading import read_order
from record.dispatch.waves import LEFT, Wave, begun_in, held_in, sentence
from record.grid.identity import Found, Identified
from record.grid.keys import new_key
from record.grid.layout import Table, lasting_print
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write, as_id
from record.logs import get_logger
from record.store.facts import BASELINE
from record.values import Cell, Status, is_empty, is_loading, text
from record.values.actors import PAST, STAFF, WAVE
from record.values.comparing import normal
from record.watch import open_waves
from worker.poll.step import PollStep
from worker.poll.waves import Waves

log = get_logger(__name__)

ID, KEY = WORKSHEETS[ORDERS].index("ID"), WORKSHEETS[ORDERS].index("Ключ")
# who a row comes from that stood in the sheet before it was ever read, or says so by
# its own cells
# writes for rows typed by hand that may wait at once, so that others do not stand
# behind thousands
ADOPTED = 500
CHECK, STATUS, MASTER = (
    WORKSHEETS[ORDERS].index(column) for column in ("Проверка", "Статус", "Мастер")
)
ORDERLY = tuple(
    WORKSHEETS[ORDERS].index(column)
    for column in ("Имя", "Телефон", "Категория", "Проблема", "Адрес")
)


@dataclass(frozen=True)
class Ripe:
    """A row that has rested since ``at``, as it is understood; ``past`` says that it is
    not of these days.
    """

    found: Found
    order: Order
    copy: bool
    past: bool
    at: float
    note: bool

    @property
    def begun(self) -> bool:
        """Say whether it came with a status or a master of its own."""
        return self.order.status is not Status.NEW or bool(self.order.master)

    @property
    def tells(self) -> bool:
        """Say whether anybody would be told of it as an order."""
        if self.past or not self.order.complete or self.order.status is None:
            return False
        if self.begun:
            return bool(self.order.master_id or self.order.chat)
        return self.copy or not self.order.told


class Adoption:
    """Lets rows rest, then gives the complete ones what they lack, and tells of the
    others what is missing.
    """

    def __init__(self, step: PollStep, table: Table, waves: Waves) -> None:
        self._step = step
        self._table = table
        self._waves = waves
        self._settle = step.settings.polling.settle_s
        self._taken: set[str] = set()
        self._since: dict[str, float] = {}
        self._rests: dict[str, float] = {}
        self._ripe: list[Ripe] = []
        self._held: list[tuple[Found, Ripe | None]] = []
        adopting = [
            write
            for write in step.writes
            if write.title == ORDERS and write.kind == "adopt"
        ]
        self._on_their_way = adopting
        self._left = ADOPTED - len(adopting)

    def look(self, identified: Identified) -> None:
        """Read the rows that have rested, and as many of those that are held as are let
        go at once.

        A row for which a write seems to be on its way may be another one that only
        looks the same.
        """
        since, now = self._step.tx.resting.since(ORDERS), self._step.read_at
        baseline = self._step.tx.facts.get(BASELINE)
        if baseline is None:
            baseline = now
        decided = {
            wave.number
            for wave in open_waves.waves_of(self._step.tx).values()
            if wave.state != "open"
        }
        on_its_way = Counter(seen_print(write) for write in self._on_their_way)
        rests, to_read = self._rests, self._left
        for found, copy in _by_hand(identified):
            mark = lasting_print(found.row)
            if is_loading(found.row[ID]) or is_loading(found.row[KEY]):
                self._step.poll_again = True  # what stands there is about to be seen
                continue
            if on_its_way[mark] > 0:
                on_its_way[mark] -= 1
                self._step.poll_again = True
                continue
            # a clock that was set back makes nobody wait
            rests[mark] = min(since.get(mark, now), now)
            if _left_alone(found.row):
                mind = to_read > 0 and held_in(text(found.row[CHECK])) in decided
                to_read -= mind
                self._held.append(
                    (
                        found,
                        self._understood(found, 0.0, copy=copy, past=False)
                        if mind
                        else None,
                    )
                )
            elif now - rests[mark] >= self._settle:
                past = since.get(mark, now) == baseline
                self._ripe.append(
                    self._understood(
                        found, rests[mark] + self._settle, copy=copy, past=past
                    )
                )
        self._since = since

    def commit(self, identified: Identified) -> float:
        """Mind all rows typed by hand; return when to look again even if nobody has
        edited anything.
        """
        since, rests, now = self._since, self._rests, self._step.read_at
        self._taken = {*identified.orders, *self._step.known}
        self._take(self._ripe)
        self._mind_held()
        if rests != since:
            self._step.tx.resting.replace(ORDERS, rests)
        due = [at + self._settle for at in rests.values() if at + self._settle > now]
        self._step.resting = len(due)
        return now if self._step.poll_again else min(due, default=float("inf"))

    def _understood(self, found: Found, at: float, *, copy: bool, past: bool) -> Ripe:
        """Read a row that has rested; a fresh one that the first reading found is like
        any other.
        """
        order, today = self._read(found, past=past), self._step.clock.date()
        old = (
            bygone(order, today)
            if past
            else not copy and from_before(order, found.row, today)
        )
        order = self._read(found, past=old) if old is not past else order
        return Ripe(found, order, copy, old, at, is_note(_named(found)))

    def _take(self, ripe: Sequence[Ripe]) -> None:
        """Take rows for finished; a wave of those of which somebody would hear waits
        for a decision.

        Where they are too many for one poll, those for which people wait come first.
        """
        held = {
            id(one): wave
            for one in ripe
            if one.tells and (wave := self._waves.of_row("", one.at))
        }
        fresh = [one for one in ripe if one.tells and id(one) not in held]
        if fresh and (
            wave := self._waves.come("rows", [str(one.found.position) for one in fresh])
        ):
            held |= {id(one): wave for one in fresh}
        if len(ripe) > self._left:
            ripe = sorted(ripe, key=lambda one: (id(one) in held, not one.tells))
        for one in ripe:
            if its := held.get(id(one)):
                self._mind(one, its)
            else:
                self._rested(one)

    def _mind_held(self) -> None:
        """Mind rows whose «Проверка» says that they are held."""
        for write in self._on_their_way:
            self._waves.of_row(text(write.cells.get("Проверка", "")), float("inf"))
        unknown: dict[int, list[str]] = {}
        members = Counter[int]()
        for found, one in self._held:
            check = text(found.row[CHECK])
            wave = self._waves.of_row(check, float("inf"))
            if wave is None:
                unknown.setdefault(held_in(check), []).append(str(found.position))
                continue
            members[wave.number] += 1
            if wave.state != "open" and self._may_write():
                self._mind_decided(one, wave)
        for number, places in unknown.items():
            self._waves.known_again("rows", number, places)
        for number, count in members.items():
            self._waves.counted(number, count)

    def _mind_decided(self, one: Ripe | None, wave: Wave) -> None:
        if one:
            self._mind(one, wave)
        else:  # it was decided about since, or there are many: the next poll reads it
            self._step.poll_again = True

    def _mind(self, one: Ripe, wave: Wave) -> None:
        """Let a row of a wave wait, or do what was decided about it."""
        if not one.tells:
            self._rested(one)
        elif wave.state == "open":
            self._mark(one, wave)
        elif wave.state == "leave" or self._waves.let_go():
            self._rested(one, wave)
        else:
            self._step.poll_again = True

    def _mark(self, one: Ripe, wave: Wave) -> None:
        """Say in a row that it is held; it gets no number before somebody has decided
        that it is an order.
        """
        if self._may_write():
            check = checked(
                _named(one.found), waiting(one.order, sentence(wave, begun=one.begun))
            )
            self._step.adopt(Write(ORDERS, "adopt", "", check, self._seen(one)))
            self._left -= 1

    def _may_write(self) -> bool:
        """Say whether another row may be written to now; else at the next polls."""
        self._step.poll_again |= self._left <= 0
        return self._left > 0

    def _rested(self, one: Ripe, wave: Wave | None = None) -> None:
        """Give a finished row what it lacks; ``wave``: it was let go by decision, or
        left out.
        """
        if not self._may_write():
            return
        named = _named(one.found)
        if one.order.complete:
            self._adopt(one, named, wave)
            self._left -= 1
        elif one.copy:  # no order yet, and certainly not the one it was copied from
            none = {"ID": "", "Ключ": "", "Оповещены": ""} | checked(
                named, missing(one.order)
            )
            self._step.adopt(Write(ORDERS, "adopt", "", none, self._seen(one)))
            self._left -= 1
            log.info("row_explained", row=one.found.position)
        elif (
            said := own_words(one.order.check) if one.note else missing(one.order)
        ) != one.order.check:
            cells: dict[str, Cell] = (
                {"Проверка": said} if one.note else checked(named, said)
            )
            self._step.adopt(Write(ORDERS, "adopt", "", cells, named))
            self._left -= 1
            log.info("row_explained", row=one.found.position)

    def _seen(self, one: Ripe) -> Mapping[str, Cell]:
        """Return by what a row is found again; copies are told apart by people's notes
        beside them.
        """
        named = _named(one.found)
        return named | self._table.own_cells(one.found.position) if one.copy else named

    def _read(self, found: Found, *, past: bool) -> Order:
        return read_order(
            found.row, self._step.roster, self._step.region, self._step.clues(past=past)
        )

    def _adopt(self, one: Ripe, named: Mapping[str, Cell], wave: Wave | None) -> None:
        """Let a row be an order; one from the past is given only its ID and key, for
        nobody knows the rest.
        """
        found, left = one.found, wave is not None and wave.state == "leave"
        keeps = found.id and not one.copy and found.id not in self._taken
        order_id = found.id if keeps else next_order_id(self._step.tx, self._step.clock)
        self._taken.add(order_id)
        past = one.past or (left and one.begun)
        today = None if past else self._step.clock
        cells = first_cells(
            named, as_id(order_id), new_key(), today, one.order.master_id
        )
        if keeps:
            del cells["ID"]
        if one.copy and not past:
            cells |= {"Оповещены": ""}
        if text(named["Проверка"]):
            cells |= checked(named, "")
        if left and not past:
            cells |= {
                "Оповещены": LEFT,
                "Проверка": explanation(replace(one.order, told=LEFT)),
            }
        by = STAFF
        if past:
            by = PAST
        elif wave:
            by = WAVE
        self._step.adopt(
            Write(ORDERS, "adopt", order_id, cells, self._seen(one), by=by)
        )
        log.info("row_adopted", order=order_id, copy=one.copy)


def _by_hand(identified: Identified) -> Iterable[tuple[Found, bool]]:
    """Return the rows without a number of their own, and which of them are copies."""
    yield from ((found, False) for found in identified.typed)
    yield from ((found, True) for found in identified.copies)


def _left_alone(row: Row) -> bool:
    """Say whether a row is held and nobody has dealt with it by hand, told by the look
    of a few cells.
    """
    check = text(row[CHECK])
    if not held_in(check) or all(is_empty(row[place]) for place in ORDERLY):
        return False
    new = is_empty(row[STATUS]) or normal(text(row[STATUS])) == normal(Status.NEW.value)
    return begun_in(check) or (new and is_empty(row[MASTER]))


def _named(found: Found) -> dict[str, Cell]:
    return dict(zip(WORKSHEETS[ORDERS].columns, found.row, strict=True))


def seen_print(write: Write) -> str:
    """Return the fingerprint of the row that a write expects to find."""
    return lasting_print(
        tuple(write.seen.get(column, "") for column in WORKSHEETS[write.title].columns)
    )
