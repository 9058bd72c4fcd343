"""What clients do with orders, through the site and the clients' bot."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from record import failpoints
from record.actions import limits
from record.actions.access import sight
from record.actions.base import BaseActions, Outcome, noted
from record.dispatch.model import PHONE_SAID, Order
from record.dispatch.notices import Notice
from record.dispatch.permissions import Act, Refusal, Who, may_tie
from record.grid.worksheets import ORDERS
from record.grid.writes import Write, as_id
from record.store import Tx
from record.store.facts import BASELINE
from record.values import Address, Cell, Status, to_serial
from record.values.actors import Actor, read_actor
from record.values.order_keys import new_key
from record.values.wording import money
from record.watch import admin_chat

BASELINE_WAIT_S = 2.0


@dataclass(frozen=True)
class Draft:
    """An order as a client gave it; everything is plain text, the phone in E.164.

    ``source`` is website, phone, direct, or the channel it came by; ``chat`` where the
    client is written to; ``phone_said`` what he wrote as his phone, where that says
    more than the number; ``consent`` the version of the text on personal data that was
    agreed to.
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


@dataclass(frozen=True)
class Placed:
    """A saved order: its number, and the secret of its tracking page."""

    id: str
    key: str


class ClientActions(BaseActions):
    """The acts of clients."""

    def place_order(self, draft: Draft, once: str = "", token: str = "") -> Placed:
        """Save a client's order and return its number; works while Google is away.

        ``once`` names the form or dialog it comes from: sent again, it gives the order
        it gave before. ``token`` is good for one order.

        Raises:
            TokenUsed: an order has come of this token, and it was another one.
            TooMany: so many orders from one chat within an hour no person makes.
        """
        self.knows_the_sheet(BASELINE_WAIT_S)
        key = new_key()
        with self._store.transaction() as tx:
            # sent again, since the first answer was lost or the button pressed twice
            if once and (known := tx.forms.order(once)):
                return Placed(*known)
            limits.refuse_too_many(tx, self._settings, draft.chat)
            order_id = next_order_id(tx, self._now())
            if token and not tx.forms.put(f"token:{token}", order_id, key):
                return _placed_before(tx, once, token)
            if once:
                tx.forms.put(once, order_id, key)
            for mark in limits.senders(draft.phone, draft.chat):
                tx.forms.put(f"{mark}:{order_id}", order_id, key)
            if draft.consent:
                tx.consents.put(order_id, draft.consent)
            cells = self._first_cells(draft, order_id, key)
            by = read_actor(draft.source)
            tx.journal.add(Write(ORDERS, "append", order_id, cells, by=by))
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
            "Комментарий": _first_comment(draft),
            "Telegram": str(draft.chat or ""),
            "Ключ": key,
        }
        return {column: value for column, value in cells.items() if value != ""}

    def cancel(self, order_id: str, by: Actor) -> Outcome:
        """Cancel an order that nobody has taken yet, for its client."""
        with self._store.transaction() as tx:
            seen = sight(tx, order_id, None, self._now(), Who.LINK)
            if seen.order and not by.is_client(seen.order.chat):
                return Outcome("gone")
            if reason := seen.refusal(Act.CANCEL):
                return Outcome(reason, seen.order)
            self._set(tx, order_id, {"Статус": Status.CANCELLED.value}, by=by)
            return Outcome("", tx.orders.get(order_id))

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


def _placed_before(tx: Tx, once: str, token: str) -> Placed:
    """Return the order that this form has given already with this token.

    Raises:
        TokenUsed: it was another form.
    """
    if same := tx.forms.order(once):
        return Placed(*same)
    used = tx.forms.order(f"token:{token}")
    raise limits.TokenUsed(used[0] if used else "")


def _first_comment(draft: Draft) -> str:
    lines = []
    if draft.phone_said:
        lines.append(f"{PHONE_SAID}{draft.phone_said}")
    if draft.comment:
        lines.append(draft.comment)
    return "\n".join(lines)


def said_paid(order: Order) -> str:
    """Return the key under which it is kept that a client says he paid this price."""
    return f"paid:{order.id}:{int((order.price or 0) * 100)}"


def next_order_id(tx: Tx, now: datetime) -> str:
    """Return a number that no other order has.

    It is a long one while nobody knows which numbers the sheet holds.
    """
    if tx.facts.get(BASELINE):
        return str(tx.counters.next("order"))
    return f"{now:%j}{secrets.randbelow(90_000) + 10_000}".lstrip("0").rjust(8, "9")
