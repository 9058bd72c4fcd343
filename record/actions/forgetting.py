"""Show what is known of a person, and forget him: sheet first, then all that is ours.

    asked ─▶ writing: cells go by the journal, as any edit ─▶ cleaning: store, then copies ─▶ done, with a proof

Whoever is killed on the way has left the act in the store: the worker goes on with it,
and so does the command when it is repeated.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from record.actions.emptied import called, emptied, is_emptied
from record.actions.whose_rows import parted, person_of, scrub_order
from record.dispatch.model import Master, Order, Roster
from record.dispatch.notices import Notice
from record.dispatch.person import Person, known_phones, print_of
from record.dispatch.reading import Clues
from record.dispatch.rereading import understood, understood_master
from record.grid.layout import Row
from record.grid.overlay import overlaid, row_of
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.settings import Settings
from record.store import Store, Tx
from record.store.consents import Consent, of_master
from record.store.facts import BASELINE, alive
from record.store.forgets import Forget
from record.values import Address, Status, Unclear
from record.values import phone as read_phone
from record.values.phones import EXAMPLE
from record.watch import admin_chat

IN_WORK = (Status.NEW, Status.WORK, None)
ALIVE_S = 30.0


@dataclass(frozen=True)
class Known:
    """All that is known of a person, by where it stands.

    ``mentions`` are others' orders in which only his phone is named.
    """

    person: Person
    orders: tuple[Order, ...]
    masters: tuple[Master, ...]
    consents: Mapping[str, Consent]
    talks: tuple[int, ...]
    conversations: Mapping[str, int]
    other_phones: tuple[str, ...]
    # orders of a spreadsheet that was left for another, of which the store still knows
    left_behind: int = 0
    mentions: tuple[str, ...] = ()

    @property
    def nobody(self) -> bool:
        """Whether nothing is known of such a phone."""
        known = self.orders or self.masters or self.talks
        return not (known or self.mentions or self.left_behind)

    @property
    def in_work(self) -> tuple[str, ...]:
        """The orders that somebody still has to do."""
        return tuple(one.id for one in self.orders if one.status in IN_WORK)


class _Rows(NamedTuple):
    """The rows that are written: his orders, his as a master, others' orders that mention him."""

    orders: Sequence[str]
    masters: Sequence[str] = ()
    mentions: Sequence[str] = ()


class Forgetting:
    """All acts about a person's data, on one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def look(self, typed: str) -> Known:
        """Return what is known of whoever has this phone, in any spelling.

        Raises:
            Unclear: it is no phone.
        """
        phone = read_phone(typed, self._settings.company.default_region)
        if phone is None:
            raise Unclear(f"Напишите телефон, например {EXAMPLE}")
        with self._store.reading() as tx:
            return self._known(tx, phone)

    def _known(self, tx: Tx, phone: str) -> Known:
        bare = Person(phone)
        orders = [tx.orders.get(one) for one in tx.persons.orders_naming(bare)]
        found = [one for one in orders if one]
        # those that are on their way to the sheet
        for order_id, coming in tx.orders.changing().items():
            row = tx.orders.shown_row(order_id)
            listed = any(one.id == order_id for one in found)
            if coming and row and not listed and any(map(bare.called, row)):
                found.append(coming)
        roster = tx.masters.roster()
        masters = [roster.get(one) for one in tx.persons.masters_naming(bare)]
        known = [one for one in masters if one]
        found, mentions = parted(tx, phone, found, known)
        person = person_of(phone, found, known)
        subjects = [one.id for one in found] + [of_master(one.id) for one in known]
        given = {one: tx.consents.of(one) for one in subjects}
        said = [
            cell for one in found for cell in (one.phone, one.phone_said, one.comment)
        ]
        region = self._settings.company.default_region
        return Known(
            person,
            tuple(found),
            tuple(known),
            {one: consent for one, consent in given.items() if consent},
            tuple(tx.persons.talks_naming(person)),
            dict(tx.persons.rows_of(person.chats)),
            tuple(sorted(known_phones(said, region) - {phone})),
            len(tx.persons.left_behind(person)),
            tuple(one.id for one in mentions),
        )

    def ask(self, chat: Address) -> bool:
        """Pass on to the admin that somebody asks to be forgotten, once a day.

        Returns False where no order came from his chat: there is nothing to ask for.
        """
        with self._store.transaction() as tx:
            mine = tx.orders.find(chat=chat, limit=1000)
            phones = sorted({one.phone for one in mine if one.phone})
            if not phones:
                return False
            commands = "\n".join(f"python -m worker forget {one}" for one in phones)
            said = (
                "🗑 Клиент просит удалить его данные. Ответить нужно за 10 рабочих дней. Сделать это можно в панели "
                f"(«Данные клиента, удалить» на странице заявки) или командой:\n{commands}"
            )
            today = datetime.now(self._settings.zone)
            alarm = admin_chat.alarm(f"forget:{chat}:{today:%Y-%m-%d}", said)
            admin_chat.tell(tx, self._settings, alarm)
        return True

    def begin(self, known: Known, by: str) -> int:
        """Begin to forget a person; return the number of the act.

        From here on it goes on by itself: what is shown of him is empty at once.
        """
        phone = known.person.phone
        with self._store.transaction() as tx:
            for act in tx.forgets.open():
                if act.person.phone == phone:
                    return act.id
            masters = [one.id for one in known.masters]
            rows = _Rows([one.id for one in known.orders], masters, known.mentions)
            return self._begin(tx, known.person, rows, by)

    def _begin(self, tx: Tx, person: Person, rows: _Rows, by: str) -> int:
        orders, masters, mentions = rows
        renamed = self._empty_masters(tx, masters)
        whom: dict[str, Any] = {
            "phone": person.phone,
            "renamed": [*renamed, *(one for one in mentions if one not in renamed)],
            "texts": person.texts,
            "chats": person.chats,
            "keys": person.keys,
            "orders": list(orders),
            "masters": list(masters),
        }
        print_ = ""
        if person.phone:
            print_ = print_of(person.phone, self._settings.sheets.spreadsheet_id)
        number = tx.forgets.begin(print_, whom, by)
        tx.persons.silence(orders)
        for order_id in orders:
            self._empty_order(tx, order_id, number)
        for order_id in mentions:
            scrub_order(tx, order_id, person)
        return number

    def _empty_masters(self, tx: Tx, masters: Sequence[str]) -> list[str]:
        """Let masters tell of nobody; return the orders in which they stood by name."""
        mine = (tx.orders.find(master_id=one, limit=100_000) for one in masters)
        renamed = {order.id: order.master_id for found in mine for order in found}
        for master_id in masters:
            self._empty_master(tx, master_id)
        for order_id, master_id in renamed.items():
            cells = {"Мастер": called(MASTERS, master_id)}
            tx.journal.add(Write(ORDERS, "set", order_id, cells))
        return list(renamed)

    def _empty_order(self, tx: Tx, order_id: str, number: int) -> None:
        if tx.orders.shown_row(order_id) is None:
            return
        tx.journal.add(Write(ORDERS, "set", order_id, emptied(ORDERS, order_id)))
        for master_id in tx.cards.holders(order_id):
            key = f"forgotten:{number}:{order_id}:{master_id}"
            tx.outbox.add(Notice(key, "master", master_id, "card", order_id))

    @staticmethod
    def _empty_master(tx: Tx, master_id: str) -> None:
        if master_id not in tx.masters.rows():
            return
        cells = emptied(MASTERS, master_id) | {"Активен": False}
        tx.journal.add(Write(MASTERS, "set", master_id, cells))

    def expire(self, days: int, limit: int = 50) -> int:
        """Begin to forget the clients of finished orders that are too old; return how many."""
        zone = self._settings.zone
        before = datetime.now(zone).replace(tzinfo=None) - timedelta(days=days)
        with self._store.transaction() as tx:
            # one batch after another: an open one holds the next up
            if any(not act.person.phone for act in tx.forgets.open()):
                return 0
            old = tx.orders.finished_before(before, called(ORDERS, ""), limit)
            if old:
                self._begin(tx, Person(""), _Rows(old), "keep")
        return len(old)

    # What follows once the sheet is written

    def is_written(self, act: Forget) -> bool:
        """Return whether the sheet tells of nobody in the rows of an act, as far as is known.

        What was typed there meanwhile, or lost on the way with a store that came back
        from a copy, is erased by another write.
        """
        with self._store.transaction() as tx:
            began, polls = tx.facts.get(BASELINE), _polls(tx)
            if act.subjects and not began:
                return False
            if any(self._on_the_way(tx, act, polls=polls)):
                return False
            came_back = began is not None and began >= act.asked_at
            # else nobody has read the sheet since: the mirror knows of nothing new
            if not polls and not came_back:
                return True
            return not self._sent_again(tx, act)

    @staticmethod
    def _on_the_way(tx: Tx, act: Forget, *, polls: bool) -> Iterator[Write]:
        """Yield the writes that the sheet lacks, or that no poll has seen if there are any."""
        for target in act.subjects:
            for write in tx.journal.pending(*target):
                if polls or write.state in {"waiting", "unclear", "parked"}:
                    yield write

    def _sent_again(self, tx: Tx, act: Forget) -> bool:
        orders = [one for one in act.orders if not _is_emptied(tx, ORDERS, one)]
        masters = [one for one in act.masters if not _is_emptied(tx, MASTERS, one)]
        for order_id in orders:
            self._empty_order(tx, order_id, act.id)
        self._empty_masters(tx, masters)
        return bool(orders or masters)

    def clean_store(self, act: Forget) -> None:
        """Take the person out of the store, by one transaction."""
        with self._store.transaction() as tx:
            roster = tx.masters.roster()
            for order_id in (*act.orders, *act.renamed):
                _clean_order(tx, order_id, roster, erased=order_id in act.orders)
            for master_id in act.masters:
                _clean_master(tx, master_id)
            person = act.person
            counts = dict(tx.persons.erase(person, act.orders, act.masters))
            counts = {name: count for name, count in counts.items() if count}
            counts |= {"orders": len(act.orders), "masters": len(act.masters)}
            tx.forgets.cleaning(act.id, _added(act.counts, counts))

    def let_go(self, act: Forget, copies: int) -> None:
        """Forget whom an act was about: the copies are free of the person too."""
        with self._store.transaction() as tx:
            tx.forgets.compacting(act.id, {**act.counts, "copies": copies})

    def finish(self, act: Forget) -> Forget:
        """End an act; return it as its proof."""
        with self._store.transaction() as tx:
            tx.forgets.done(act.id)
            return tx.forgets.get(act.id) or act


def _polls(tx: Tx) -> bool:
    """Return whether a worker reads the sheet again and again."""
    beat = tx.facts.get(alive("worker"))
    return beat is not None and time.time() - beat["at"] <= ALIVE_S


def _is_emptied(tx: Tx, title: str, subject: str) -> bool:
    """Return whether a row, as it will stand, tells of nobody; one that is gone does not."""
    row = tx.orders.shown_row(subject)
    if title == MASTERS:
        _, read = tx.masters.rows().get(subject, (0, None))
        row = overlaid(MASTERS, read, tx.journal.pending(MASTERS, subject))
    return row is None or is_emptied(title, subject, row)


def _clean_order(tx: Tx, order_id: str, roster: Roster, *, erased: bool) -> None:
    """Let the mirror show an order as the sheet does by now."""
    stored = tx.orders.stored([order_id]).get(order_id)
    if stored is None:
        return
    row = overlaid(ORDERS, stored.row, tx.journal.pending(ORDERS, order_id))
    row = row or stored.row
    if erased:
        row = _emptied_row(ORDERS, order_id, row)
    order = understood(stored.order, row, roster, clues=Clues(was=stored.row))
    tx.orders.put(order, row, stored.position)


def _clean_master(tx: Tx, master_id: str) -> None:
    known, rows = tx.masters.stored(), tx.masters.rows()
    if master_id in rows:
        position, row = rows[master_id]
        row = _emptied_row(MASTERS, master_id, row)
        tx.masters.put(understood_master(known[master_id], row), row, position)


def _emptied_row(title: str, number: str, row: Row) -> Row:
    if is_emptied(title, number, row):
        return row
    named = dict(zip(WORKSHEETS[title].columns, row, strict=True))
    return row_of(title, named | emptied(title, number))


def _added(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {**before, **more}


def proof(act: Forget, zone: Any) -> str:
    """Return in one line when, what and in how many places was erased; it names nobody."""
    when = datetime.fromtimestamp(act.ended_at or time.time(), zone)
    places = sum(
        count
        for name, count in act.counts.items()
        if name not in {"orders", "masters", "copies"}
    )
    counts = act.counts
    return (
        f"Акт № {act.id} от {when:%d.%m.%Y %H:%M}: стёрты личные данные, заявок {counts.get('orders', 0)}, "
        f"анкет мастеров {counts.get('masters', 0)}, мест в базе {places}, копий таблицы {counts.get('copies', 0)}"
    )
