"""What clients do with orders, through the site and the clients' bot."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from record import failpoints
from record.actions import forms, limits
from record.actions.access import sight
from record.actions.base import BaseActions, Outcome, noted
from record.actions.forms import SentForm
from record.dispatch.model import PHONE_SAID, Order
from record.dispatch.notices import Notice
from record.dispatch.permissions import Act, Refusal, Who, may_tie
from record.dispatch.repeats import is_same_job, repeat_sentence
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write, as_id
from record.store import Tx
from record.store.facts import BASELINE
from record.store.order_files import OrderFile
from record.values import Address, Cell, Status, text, to_serial
from record.values.actors import Actor, read_actor
from record.values.order_keys import new_key
from record.values.wording import money
from record.watch import admin_chat

BASELINE_WAIT_S = 2.0
NO_FORM = SentForm()
# begins the line of «Комментарий» with a client's reason
CANCELLED_SAID = "Клиент отменил заявку: "


@dataclass(frozen=True)
class Draft:
    """An order as a client gave it; everything is plain text, the phone in E.164.

    ``source`` is website, phone, direct, or the channel it came by; ``chat`` where the
    client is written to; ``phone_said`` what he wrote as his phone, where that says
    more than the number; ``files`` what he sent beside words, each by what it is and
    what the client bot knows it by, in words ``files_said``; ``consent`` the version of
    the text on personal data that was agreed to.
    """

    name: str
    phone: str
    address: str
    problem: str
    category: str = ""
    comment: str = ""
    source: str = "website"
    chat: Address | None = None
    phone_said: str = ""
    consent: str = ""
    files: tuple[tuple[str, str], ...] = ()
    files_said: str = ""


@dataclass(frozen=True)
class Placed:
    """A saved order: its number, and the secret of its tracking page.

    ``how``: it is new, was saved before already, or has just been corrected.
    """

    id: str
    key: str
    how: Literal["new", "same", "corrected"] = "new"


class ClientActions(BaseActions):
    """The acts of clients."""

    def place_order(self, draft: Draft, sent: SentForm = NO_FORM) -> Placed:
        """Save a client's order and return its number; works while Google is away.

        ``sent`` is the form or dialog it comes from: sent again, it gives the order it
        gave before (record/actions/forms.py says when).

        Raises:
            TokenUsed: an order has come of this form's token, and was another one.
            TooMany: so many orders from one chat within an hour no person makes.
        """
        self.knows_the_sheet(BASELINE_WAIT_S)
        with self._store.transaction() as tx:
            if same := forms.same_order(tx, sent):
                return Placed(*same, how="same")
            before = forms.corrected_order(tx, sent)
            if before and self._correct(tx, draft, *before):
                forms.remember(tx, sent, *before)
                return Placed(*before, how="corrected")
            limits.refuse_too_many(tx, self._settings, draft.chat)
            placed = self._placed(tx, draft, _repeated(tx, before))
            forms.remember(tx, sent, placed.id, placed.key)
        failpoints.passing("intake.committed")
        return placed

    def _placed(self, tx: Tx, draft: Draft, repeated: str) -> Placed:
        order_id, key = next_order_id(tx, self._now()), new_key()
        for mark in limits.senders(draft.phone, draft.chat):
            tx.forms.put(f"{mark}:{order_id}", order_id, key)
        if draft.consent:
            tx.consents.put(order_id, draft.consent, draft.source)
        for number, (sort, file) in enumerate(draft.files):
            given = OrderFile(0, sort, file, "", "client")
            tx.files.add(order_id, given, f"{order_id}:{number}")
        cells = dict(self._first_cells(draft, order_id, key))
        forms.leave(tx, order_id, key, cells)
        if repeated:
            cells["Проверка"] = repeat_sentence(repeated)
        by = read_actor(draft.source)
        tx.journal.add(Write(ORDERS, "append", order_id, cells, by=by))
        return Placed(order_id, key)

    def _correct(self, tx: Tx, draft: Draft, order_id: str, key: str) -> bool:
        """Let an order say what its form says now; return whether nobody minds.

        Not once staff or a master have done something with it.

        Raises:
            TokenUsed: the form speaks of another job now, which must not take the place
                of the first; sent anew, it is one more order.
        """
        row, order = tx.orders.shown_row(order_id), tx.orders.get(order_id)
        if row is None or order is None or not forms.is_as_left(tx, order_id, row):
            return False
        if not is_same_job(order, draft.problem, draft.address):
            raise limits.TokenUsed(order_id)
        wanted = self._first_cells(draft, order_id, key)
        sheet = WORKSHEETS[ORDERS]
        cells = {}
        for column in forms.FILLED:
            cell = wanted.get(column, "")
            if text(row[sheet.index(column)]) != text(cell):
                cells[column] = cell
        if cells:
            self._set(tx, order_id, cells, by=read_actor(draft.source))
        for mark in limits.senders(draft.phone, draft.chat):
            tx.forms.put(f"{mark}:{order_id}", order_id, key)
        forms.leave(tx, order_id, key, wanted)
        return True

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
            "Комментарий": _first_comment(draft),
            "Telegram": str(draft.chat or ""),
            "Ключ": key,
        }
        return {column: value for column, value in cells.items() if value != ""}

    def cancel(
        self, order_id: str, by: Actor, reason: str = "", wait_s: float = 0.0
    ) -> Outcome:
        """Cancel an order that nobody has taken yet, for its client; tell the admin why.

        Where no ``reason`` is known yet, he is told in ``wait_s`` seconds, or as soon as
        the client has said it.
        """
        with self._store.transaction() as tx:
            seen = sight(tx, order_id, None, self._now(), Who.LINK)
            if seen.order and not by.is_client(seen.order.chat):
                return Outcome("gone")
            if why_not := seen.refusal(Act.CANCEL):
                return Outcome(why_not, seen.order)
            self._set(tx, order_id, {"Статус": Status.CANCELLED.value}, by=by)
            if reason:
                self._note(tx, order_id, f"{CANCELLED_SAID}{reason}")
            key, facts = _cancellation(tx, order_id), {"reason": reason}
            notice = Notice(key, "admin", "", "client_cancelled", order_id, facts)
            admin_chat.tell(tx, self._settings, notice, wait_s)
            return Outcome("", tx.orders.get(order_id))

    def say_why_cancelled(self, order_id: str, by: Actor, reason: str) -> bool:
        """Note why a client cancelled his order, "" where he will not say, and tell it.

        Returns False where the order is not his, or is not cancelled any more.
        """
        with self._store.transaction() as tx:
            order = tx.orders.get(order_id)
            if order is None or not by.is_client(order.chat):
                return False
            if order.status is not Status.CANCELLED:
                return False
            key, facts = _cancellation(tx, order_id), {"reason": reason}
            is_told_now = tx.outbox.complete(key, facts)
            if reason:
                self._note(tx, order_id, f"{CANCELLED_SAID}{reason}")
            if reason and not is_told_now:
                key = f"why:{key}"
                later = Notice(key, "admin", "", "cancel_reason", order_id, facts)
                admin_chat.tell(tx, self._settings, later)
            return True

    def paid(self, order_id: str) -> bool:
        """Note that the client says he has paid, and tell the admin.

        Once for each price. Returns False where there is nothing to pay.
        """
        with self._store.transaction() as tx:
            seen = sight(tx, order_id, None, self._now(), Who.LINK)
            order = seen.order
            if order is None or order.price is None or seen.refusal(Act.PAY):
                return False
            if tx.forms.put(said_paid(order), order_id, order.key):
                said = f"Клиент сообщил об оплате {money(order.price)}, {self._now():%d.%m.%Y %H:%M}"
                cells = {"Комментарий": noted(order, said)}
                self._set(tx, order_id, cells, by=Actor.client())
                facts = {"price": str(order.price)}
                notice = Notice(said_paid(order), "admin", "", "paid", order_id, facts)
                admin_chat.tell(tx, self._settings, notice)
            return True

    def tie_chat(self, order_id: str, chat: Address) -> Refusal:
        """Send this order's news to a chat from now on; return why not.

        Refused where they reach another chat already.
        """
        with self._store.transaction() as tx:
            order = tx.orders.get(order_id)
            if order is None:
                return "gone"
            lost = order.chat in tx.masters.unreachable("client")
            reason = may_tie(order.chat, chat, lost=lost)
            if not reason and order.chat != chat:
                cells = {"Telegram": str(chat)}
                by = Actor.client()
                tx.journal.add(Write(ORDERS, "set", order_id, cells, by=by))
            return reason


def _repeated(tx: Tx, before: tuple[str, str] | None) -> str:
    """Return the order that another one of the same form repeats, "" for none."""
    order = tx.orders.get(before[0]) if before else None
    if order is None or order.status is Status.CANCELLED:
        return ""
    return order.id


def _first_comment(draft: Draft) -> str:
    lines = []
    if draft.phone_said:
        lines.append(f"{PHONE_SAID}{draft.phone_said}")
    if draft.comment:
        lines.append(draft.comment)
    if draft.files_said:
        lines.append(f"Клиент прислал: {draft.files_said}")
    return "\n".join(lines)


def _cancellation(tx: Tx, order_id: str) -> str:
    """Return the key of the notice that a client cancelled his order, in this round."""
    return f"client_cancelled:{order_id}:{tx.history.round(order_id)}"


def said_paid(order: Order) -> str:
    """Return the key under which it is kept that a client says he paid this price."""
    return f"paid:{order.id}:{int((order.price or 0) * 100)}"


def has_said_paid(tx: Tx, order: Order) -> bool:
    """Return whether the client said already that he has paid this price."""
    if order.price is None:
        return False
    return tx.forms.order(said_paid(order)) is not None


def next_order_id(tx: Tx, now: datetime) -> str:
    """Return a number that no other order has.

    It is a long one while nobody knows which numbers the sheet holds.
    """
    if tx.facts.get(BASELINE):
        return str(tx.counters.next("order"))
    return f"{now:%j}{secrets.randbelow(90_000) + 10_000}".lstrip("0").rjust(8, "9")
