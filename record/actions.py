"""What people do through the bots and the site. Each act is one local transaction; the sheet follows.

An act never talks to Google: it commits a write to the journal, and whoever hears the bell flushes it. What happens
next (who must be told) is decided when the next poll sees the change in the sheet, as if a person had typed it.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from record import admin, failpoints
from record.commission import commission
from record.model import Master, Order, Roster
from record.notices import CARD_KINDS, Notice
from record.reach import WORDS
from record.settings import Settings
from record.store import Store, Tx, Waiting
from record.values import Cell, Status, in_cell, to_serial
from record.wording import money
from record.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.writes import Write

Refusal = Literal["", "gone", "taken", "cancelled", "done", "not_yours", "not_active", "not_new"]
BASELINE_WAIT_S = 2.0
MISSED_S = 86_400.0


@dataclass(frozen=True)
class Draft:
    """An order as a client gave it; everything is plain text, the phone in E.164, ``chat`` the client's Telegram."""

    name: str
    phone: str
    address: str
    problem: str
    category: str = ""
    comment: str = ""
    source: Literal["website", "telegram", "phone", "direct"] = "website"
    chat: int | None = None
    consent: str = ""  # the version of the text on personal data that was agreed to


@dataclass(frozen=True)
class Placed:
    """A saved order: its number, and the secret of its tracking page."""

    id: str
    key: str


@dataclass(frozen=True)
class Outcome:
    """What came of an act: ``refusal`` is empty when it was done; ``order`` is how the order stands now."""

    refusal: Refusal
    order: Order | None = None
    owner: Master | None = None
    commission: Decimal | None = None


class Actions:
    """All acts, on one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None, microsecond=0)

    def place_order(self, draft: Draft, once: str = "") -> Placed:
        """Save a client's order and return its number; works while Google is away.

        ``once`` names the form or dialog it comes from: sent again, it gives the order it gave before.
        """
        self.knows_the_sheet(BASELINE_WAIT_S)
        key = secrets.token_urlsafe(12)
        with self._store.transaction() as tx:
            if once and (known := tx.forms.order(once)):
                return Placed(*known)
            order_id = next_order_id(tx, self._now())
            if once:
                tx.forms.put(once, order_id, key)
            if draft.consent:
                tx.consents.put(order_id, draft.consent)
            tx.journal.add(
                Write(ORDERS, "append", order_id, self._first_cells(draft, order_id, key), by=draft.source)
            )
        failpoints.passing("intake.committed")
        return Placed(order_id, key)

    def _first_cells(self, draft: Draft, order_id: str, key: str) -> Mapping[str, Cell]:
        cells: dict[str, Cell] = {
            "ID": as_id(order_id),
            "Дата": to_serial(self._now()),
            "Источник": draft.source,
            "Имя": draft.name,
            "Телефон": draft.phone,
            "Категория": draft.category or self._settings.company.category,
            "Проблема": draft.problem,
            "Адрес": draft.address,
            "Статус": Status.NEW.value,
            "Комментарий": draft.comment,
            "Telegram": str(draft.chat) if draft.chat else "",
            "Ключ": key,
        }
        return {column: value for column, value in cells.items() if value != ""}

    def knows_the_sheet(self, patience_s: float) -> bool:
        """Say whether the sheet was ever read, giving a worker that has just been started a moment to do so.

        Before that nobody knows which numbers are taken and who is a master.
        """
        deadline = time.monotonic() + patience_s
        while True:
            with self._store.reading() as tx:
                if tx.facts.get("baseline"):
                    return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)

    def accept(self, order_id: str, master_id: str) -> Outcome:
        """Give the order to the master if he is the first; of any number of masters at once exactly one wins."""
        with self._store.transaction() as tx:
            order, roster = tx.orders.get(order_id), tx.masters.roster()
            master = roster.get(master_id)
            if master is None or not master.active:
                return Outcome("not_active", order)
            named = order.master_id if order and order.status is not Status.NEW else ""
            owner = tx.claims.owner(order_id) or named
            if refusal := _why_not_acceptable(order, owner, master_id):
                return Outcome(refusal, order, roster.get(owner))
            tx.claims.take(order_id, master_id)
            if owner != master_id:
                cells = {"Статус": Status.WORK.value, "Мастер": roster.label(master)}
                self._set(tx, order_id, cells, by=f"master {master_id}")
            outcome = Outcome("", tx.orders.get(order_id), master)
        failpoints.passing("claim.committed")
        return outcome

    def complete(self, order_id: str, master_id: str, price: Decimal) -> Outcome:
        """Finish the master's order at a price, or mend the price of one that he has finished.

        The commission goes into the sheet with it.
        """
        with self._store.transaction() as tx:
            order, roster = tx.orders.get(order_id), tx.masters.roster()
            finished = order is not None and order.status is Status.DONE and order.master_id == master_id
            refusal = "" if finished else _why_not_his(order, tx.claims.owner(order_id), master_id)
            if refusal:
                return Outcome(refusal, order)
            share = commission(price, roster.get(master_id), self._settings.commission.percent)
            cells: dict[str, Cell] = {"Цена": in_cell(price), "Комиссия": in_cell(share)}
            if not finished:
                cells |= {"Статус": Status.DONE.value, "Дата выполнения": to_serial(self._now())}
            self._set(tx, order_id, cells, by=f"master {master_id}")
            outcome = Outcome("", tx.orders.get(order_id), roster.get(master_id), share)
        failpoints.passing("finish.committed")
        return outcome

    def give_back(self, order_id: str, master_id: str, reason: str) -> Outcome:
        """Take the master off the order, with his reason in «Комментарий»; it is offered to all again."""
        with self._store.transaction() as tx:
            order, master = tx.orders.get(order_id), tx.masters.roster().get(master_id)
            if refusal := _why_not_his(order, tx.claims.owner(order_id), master_id):
                return Outcome(refusal, order)
            said = f"{master.name if master else master_id} вернул заказ: {reason}"
            comment = _noted(order, said)
            cells: dict[str, Cell] = {"Статус": Status.NEW.value, "Мастер": "", "Комментарий": comment}
            self._set(tx, order_id, {**cells, "Оповещены": ""}, by=f"master {master_id}")
            tx.claims.set(order_id, "")
            return Outcome("", tx.orders.get(order_id), master)

    def cancel(self, order_id: str, by: str) -> Outcome:
        """Cancel an order that nobody has taken yet; ``by`` is ``client`` or ``client <chat>``."""
        with self._store.transaction() as tx:
            order = tx.orders.get(order_id)
            if order is None or order.status is not Status.NEW or tx.claims.owner(order_id):
                return Outcome("not_new" if order else "gone", order)
            self._set(tx, order_id, {"Статус": Status.CANCELLED.value}, by=by)
            return Outcome("", tx.orders.get(order_id))

    def paid(self, order_id: str) -> bool:
        """Note in «Комментарий», and tell the admin, that the client says he has paid; once for each price."""
        with self._store.transaction() as tx:
            order = tx.orders.get(order_id)
            if order is None or order.price is None:
                return False
            if tx.forms.put(said_paid(order), order_id, order.key):
                said = f"Клиент сообщил об оплате {money(order.price)}, {self._now():%d.%m.%Y %H:%M}"
                self._set(tx, order_id, {"Комментарий": _noted(order, said)}, by="client")
                facts = {"price": str(order.price)}
                self._tell_admin(tx, Notice(said_paid(order), "admin", "", "paid", order_id, facts))
            return True

    def _tell_admin(self, tx: Tx, notice: Notice) -> None:
        if chat := self._settings.telegram.admin_chat_id:
            tx.outbox.add(replace(notice, recipient=str(chat)))

    def tie_chat(self, order_id: str, chat: int) -> None:
        """Send this order's news to a Telegram chat from now on."""
        with self._store.transaction() as tx:
            tx.journal.add(Write(ORDERS, "set", order_id, {"Telegram": str(chat)}, by="client"))

    def register_master(
        self, name: str, phone: str, chat: int, speciality: str, *, own_phone: bool = False
    ) -> Master:
        """Put a new master on the list, inactive until staff tick «Активен»; one who is there already is returned.

        He whom staff typed without Telegram is known by his phone: his own row gets the chat. A phone that Telegram
        does not vouch for (``own_phone``) is no proof, so it opens only a row that is not active yet.
        """
        with self._store.transaction() as tx:
            if known := tx.masters.by_chat(chat):
                return known
            if expected := _expected(tx.masters.roster(), phone, own_phone=own_phone):
                return self._tie_master(tx, expected, chat)
            master = Master(str(tx.counters.next("master")), name, phone, chat, speciality)
            self._list_master(tx, master)
            return master

    def _tie_master(self, tx: Tx, master: Master, chat: int) -> Master:
        """Write the chat into the master's own row, and let the admin know whose it is."""
        tx.journal.add(Write(MASTERS, "set", master.id, {"Telegram": str(chat)}, {"Telegram": ""}, by="bot"))
        tied = replace(master, chat=chat)
        if tied.active:
            said = f"👷 {master.name} подключился к боту с номера {master.phone}, заказы теперь приходят и ему"
            self._tell_admin(tx, Notice(f"tied:{master.id}:{chat}", "admin", "", "alarm", facts={"text": said}))
        else:
            self._tell_of_new_master(tx, tied)
        return tied

    def _list_master(self, tx: Tx, master: Master) -> None:
        cells: dict[str, Cell] = {
            "ID": as_id(master.id),
            "Имя": master.name,
            "Телефон": master.phone,
            "Telegram": str(master.chat),
            "Специализация": master.speciality,
            "Активен": False,
            "Дата регистрации": to_serial(self._now()),
        }
        tx.journal.add(Write(MASTERS, "append", master.id, cells, by="bot"))
        self._tell_of_new_master(tx, master)

    def _tell_of_new_master(self, tx: Tx, master: Master) -> None:
        facts = {"name": master.name, "phone": master.phone, "speciality": master.speciality}
        key = f"registered:{master.id}:{master.chat}"
        self._tell_admin(tx, Notice(key, "admin", "", "master_registered", facts=facts))

    def dashboard_link(self, master: Master) -> str:
        """Return the secret of a link by which a master enters his page of the site, once and within ten minutes."""
        with self._store.transaction() as tx:
            return tx.links.make(master.id, master.chat or 0, time.time())

    def set_quiet(self, master_id: str, *, on: bool) -> None:
        """Switch a master's «не беспокоить»: while it is on, he is sent no new orders."""
        with self._store.transaction() as tx:
            tx.masters.set_quiet(master_id, on=on)

    def sent(self, waiting: Waiting, chat: int, message_id: int) -> None:
        """Note that Telegram took a notice; the first card of an order that arrives fills «Оповещены»."""
        notice = waiting.notice
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, "sent")
            reached(tx, notice.to, chat)
            if notice.kind == "talk":
                tx.talks.tie(chat, message_id, notice.facts["talk"])
            if notice.kind in CARD_KINDS:
                tx.cards.put(notice.order_id, notice.recipient, chat, message_id)
            order = tx.orders.get(notice.order_id) if notice.kind == "order_new" else None
            if order and not order.told:
                cells: dict[str, Cell] = {"Оповещены": to_serial(self._now())}
                tx.journal.add(Write(ORDERS, "set", order.id, cells), urgent=False)

    def _set(self, tx: Tx, order_id: str, cells: Mapping[str, Cell], by: str) -> None:
        row = tx.orders.shown_row(order_id)
        sheet = WORKSHEETS[ORDERS]
        seen = {column: row[sheet.index(column)] for column in cells if row and column not in sheet.own}
        tx.journal.add(Write(ORDERS, "set", order_id, cells, seen, by))


def said_paid(order: Order) -> str:
    """Return what the client's word that he has paid this price is known by."""
    return f"paid:{order.id}:{int((order.price or 0) * 100)}"


def reached(tx: Tx, to: str, chat: int) -> bool:
    """Note that a person can be written to; say whether that is news.

    What he missed in the last day is sent to him then, as far as it still is true.
    """
    admins = to != "client" and admin.back(tx, chat)
    if not tx.masters.set_reachable(to, chat):
        return admins
    masters = [master.id for master in tx.masters.roster().masters if master.chat == chat]
    tx.outbox.revive(to, masters if to == "master" else [str(chat)], time.time() - MISSED_S, tuple(WORDS))
    return True


def next_order_id(tx: Tx, now: datetime) -> str:
    """Return a number that no other order has; a long one while it is not known which numbers the sheet holds."""
    if tx.facts.get("baseline"):
        return str(tx.counters.next("order"))
    return f"{now:%j}{secrets.randbelow(90_000) + 10_000}".lstrip("0").rjust(8, "9")


def as_id(subject: str) -> Cell:
    """Return an ID as it is written into the sheet: a number where it is one, so that people can sort by it."""
    return int(subject) if subject.isdecimal() else subject


def _expected(roster: Roster, phone: str, *, own_phone: bool) -> Master | None:
    """Return the one master whom staff typed with this phone and without Telegram."""
    waiting = [master for master in roster.masters if master.phone == phone and not master.chat]
    only = waiting[0] if phone and len(waiting) == 1 else None
    return only if only and (own_phone or not only.active) else None


def _noted(order: Order | None, said: str) -> str:
    """Return «Комментарий» with a line more."""
    return f"{order.comment}\n{said}" if order and order.comment else said


def _over(order: Order | None) -> Refusal:
    """Return why nobody can do anything about an order any more."""
    if order is None:
        return "gone"
    if order.status is Status.CANCELLED:
        return "cancelled"
    return "done" if order.status is Status.DONE else ""


def _why_not_acceptable(order: Order | None, owner: str, master_id: str) -> Refusal:
    return _over(order) or ("taken" if owner and owner != master_id else "")


def _why_not_his(order: Order | None, owner: str | None, master_id: str) -> Refusal:
    his = order is not None and master_id in (owner, order.master_id)
    return _over(order) or ("" if his else "not_yours")
