"""What people do through the bots and the site. Each act is one local transaction; the
sheet follows.

An act never talks to Google: it commits a write to the journal, and whoever hears the
wake-up flushes it. What happens next (who must be told) is decided when the next poll sees
the change in the sheet, as if a person had typed it.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from record import failpoints
from record.actions import limits
from record.actions.access import Sight, sight
from record.actions.masters import Candidate, join
from record.dispatch.changes import What
from record.dispatch.commission import commission
from record.dispatch.model import PHONE_SAID, Master, Order
from record.dispatch.notices import CARD_KINDS, Notice
from record.dispatch.permissions import Act, Refusal, Stands, Who, may_tie
from record.dispatch.reach import OF_PEOPLE
from record.dispatch.waves import Answer, Wave
from record.grid.keys import new_key
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write, as_id
from record.settings import Settings
from record.store import Store, Tx, Waiting
from record.store.facts import BASELINE
from record.values import NOBODY, Address, Cell, Status, in_cell, to_serial
from record.values.actors import SYSTEM, Actor, read_actor
from record.watch import admin_chat, open_waves
from record.wording import money

BASELINE_WAIT_S = 2.0
MISSED_S = 86_400.0


@dataclass(frozen=True)
class Draft:
    """An order as a client gave it; everything is plain text, the phone in E.164,
    ``chat`` where the client is written to.
    """

    name: str
    phone: str
    address: str
    problem: str
    category: str = ""
    comment: str = ""
    source: str = "website"  # or phone, direct, or the channel it came by
    chat: Address | None = None
    # what he wrote as his phone, where that says more than the number
    phone_said: str = ""
    consent: str = ""  # the version of the text on personal data that was agreed to


@dataclass(frozen=True)
class Placed:
    """A saved order: its number, and the secret of its tracking page."""

    id: str
    key: str


@dataclass(frozen=True)
class Outcome:
    """What came of an act: ``refusal`` is empty when it was done; ``order`` is how the
    order stands now.
    """

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
            if once and (known := tx.forms.order(once)):
                return Placed(*known)
            limits.refuse_too_many(tx, self._settings, draft.chat)
            order_id = next_order_id(tx, self._now())
            if token and not tx.forms.put(f"token:{token}", order_id, key):
                if same := tx.forms.order(once):
                    return Placed(*same)
                raise limits.TokenUsed(
                    (tx.forms.order(f"token:{token}") or ("", ""))[0]
                )
            if once:
                tx.forms.put(once, order_id, key)
            for mark in limits.senders(draft.phone, draft.chat):
                tx.forms.put(f"{mark}:{order_id}", order_id, key)
            if draft.consent:
                tx.consents.put(order_id, draft.consent)
            tx.journal.add(
                Write(
                    ORDERS,
                    "append",
                    order_id,
                    self._first_cells(draft, order_id, key),
                    by=read_actor(draft.source),
                )
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
            "Комментарий": "\n".join(
                filter(None, [_about_phone(draft), draft.comment])
            ),
            "Telegram": str(draft.chat) if draft.chat else "",
            "Ключ": key,
        }
        return {column: value for column, value in cells.items() if value != ""}

    def knows_the_sheet(self, patience_s: float) -> bool:
        """Say whether the sheet was ever read, giving a worker that has just been
        started a moment to do so.

        Before that nobody knows which numbers are taken and who is a master.
        """
        deadline = time.monotonic() + patience_s
        while True:
            with self._store.reading() as tx:
                if tx.facts.get(BASELINE):
                    return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)

    def accept(self, order_id: str, master_id: str) -> Outcome:
        """Give the order to the master if he is the first; of any number of masters at
        once exactly one wins.
        """
        with self._store.transaction() as tx:
            roster = tx.masters.roster()
            master = roster.get(master_id)
            seen = sight(tx, order_id, master, self._now())
            refused = seen.refusal(Act.ACCEPT)
            if refused or master is None:
                return _refused(seen, refused)
            tx.claims.take(order_id, master_id)
            if seen.stands is Stands.NEW:
                cells = {"Статус": Status.WORK.value, "Мастер": roster.label(master)}
                self._set(tx, order_id, cells, by=Actor.master(master_id))
            outcome = Outcome("", tx.orders.get(order_id), master)
        failpoints.passing("claim.committed")
        return outcome

    def complete(
        self, order_id: str, master_id: str, price: Decimal, said: str = ""
    ) -> Outcome:
        """Finish the master's order at a price, or correct the price of one that he has
        finished.

        The commission goes into the sheet with it, and into «Комментарий» what he
        ``said`` beside the sum. A price that it is too late to correct by himself is
        passed on to the admin as what he asks for.
        """
        with self._store.transaction() as tx:
            master = tx.masters.roster().get(master_id)
            seen = self._seen_by(tx, order_id, master_id)
            finished = seen.order is not None and seen.order.status is Status.DONE
            refused = seen.refusal(Act.CORRECT if finished else Act.FINISH)
            if refused == "late" and seen.order:
                self._pass_on_wish(tx, seen.order, master, price)
            if refused:
                return _refused(seen, refused)
            share = commission(price, master, self._settings.commission.percent)
            cells: dict[str, Cell] = {
                "Цена": in_cell(price),
                "Комиссия": in_cell(share),
            }
            if finished and seen.order:
                self._note_lowered(tx, seen.order, master, price)
            else:
                cells |= {
                    "Статус": Status.DONE.value,
                    "Дата выполнения": to_serial(self._now()),
                }
            self._set(tx, order_id, cells, by=Actor.master(master_id))
            if said:
                self._note(tx, order_id, f"Цена со слов мастера: {said}")
            outcome = Outcome("", tx.orders.get(order_id), master, share)
        failpoints.passing("finish.committed")
        return outcome

    def _seen_by(self, tx: Tx, order_id: str, master_id: str) -> Sight:
        """Return an order as its master sees it; he may be on the list no more."""
        master = tx.masters.roster().get(master_id)
        return sight(
            tx,
            order_id,
            master or Master(master_id),
            self._now(),
            None if master else Who.FORMER,
        )

    def _pass_on_wish(
        self, tx: Tx, order: Order, master: Master | None, price: Decimal
    ) -> None:
        """Let the admin know which price a master asks for, once for each."""
        name = _name(master, order.master_id)
        facts = {"master": name, "before": str(order.price or ""), "after": str(price)}
        key = f"price_wish:{order.id}:{order.price}:{price}:{self._now():%Y-%m-%d}"
        admin_chat.tell(
            tx, self._settings, Notice(key, "admin", "", "price_wish", order.id, facts)
        )

    def _note_lowered(
        self, tx: Tx, order: Order, master: Master | None, price: Decimal
    ) -> None:
        """Note a price that was lowered before a poll saw the order finished; any other
        the poll itself notes.
        """
        stored = tx.orders.stored([order.id]).get(order.id)
        polled = stored is not None and stored.order.status is Status.DONE
        if polled or order.price is None or price >= order.price:
            return
        before, after = str(order.price), str(price)
        seq = tx.history.add(
            order.id, What.PRICE.value, before, after, Actor.master(order.master_id)
        )
        facts = {"before": before, "after": after, "by": _name(master, order.master_id)}
        admin_chat.tell(
            tx,
            self._settings,
            Notice(
                f"price_lowered:{order.id}:{seq}",
                "admin",
                "",
                "price_lowered",
                order.id,
                facts,
            ),
        )

    def give_back(self, order_id: str, master_id: str, reason: str) -> Outcome:
        """Take the master off the order, with his reason in «Комментарий»; it is
        offered to all again.
        """
        with self._store.transaction() as tx:
            master, seen = (
                tx.masters.roster().get(master_id),
                self._seen_by(tx, order_id, master_id),
            )
            said = f"{_name(master, master_id)} вернул заказ: {reason}"
            refused = seen.refusal(Act.GIVE_BACK)
            if (
                refused
                and seen.order
                and seen.stands is Stands.NEW
                and seen.order.comment.endswith(said)
            ):
                # he has just done so, and asks once more
                return Outcome("", seen.order, master)
            if refused:
                return _refused(seen, refused)
            comment = _noted(seen.order, said)
            cells: dict[str, Cell] = {
                "Статус": Status.NEW.value,
                "Мастер": "",
                "Комментарий": comment,
            }
            self._set(
                tx, order_id, {**cells, "Оповещены": ""}, by=Actor.master(master_id)
            )
            tx.claims.set(order_id, "")
            return Outcome("", tx.orders.get(order_id), master)

    def cancel(self, order_id: str, by: Actor) -> Outcome:
        """Cancel an order that nobody has taken yet, for its client."""
        with self._store.transaction() as tx:
            seen = sight(tx, order_id, None, self._now(), Who.LINK)
            if seen.order and not by.is_client(seen.order.chat):
                return Outcome("gone")
            if refused := seen.refusal(Act.CANCEL):
                return Outcome(refused, seen.order)
            self._set(tx, order_id, {"Статус": Status.CANCELLED.value}, by=by)
            return Outcome("", tx.orders.get(order_id))

    def paid(self, order_id: str) -> bool:
        """Note in «Комментарий», and tell the admin, that the client says he has paid;
        once for each price.
        """
        with self._store.transaction() as tx:
            seen = sight(tx, order_id, None, self._now(), Who.LINK)
            order = seen.order
            if order is None or order.price is None or seen.refusal(Act.PAY):
                return False
            if tx.forms.put(said_paid(order), order_id, order.key):
                said = f"Клиент сообщил об оплате {money(order.price)}, {self._now():%d.%m.%Y %H:%M}"
                self._set(
                    tx,
                    order_id,
                    {"Комментарий": _noted(order, said)},
                    by=Actor.client(),
                )
                facts = {"price": str(order.price)}
                admin_chat.tell(
                    tx,
                    self._settings,
                    Notice(said_paid(order), "admin", "", "paid", order_id, facts),
                )
            return True

    def tie_chat(self, order_id: str, chat: Address) -> Refusal:
        """Send this order's news to a Telegram chat from now on, unless they reach
        another one; say why not.
        """
        with self._store.transaction() as tx:
            order = tx.orders.get(order_id)
            if order is None:
                return "gone"
            lost = order.chat in tx.masters.unreachable("client")
            refused = may_tie(order.chat, chat, lost=lost)
            if not refused and order.chat != chat:
                tx.journal.add(
                    Write(
                        ORDERS,
                        "set",
                        order_id,
                        {"Telegram": str(chat)},
                        by=Actor.client(),
                    )
                )
            return refused

    def register_master(  # noqa: PLR0913  all that is known of somebody who comes to the bot
        self,
        name: str,
        phone: str,
        chat: Address,
        speciality: str,
        *,
        own_phone: bool = False,
        telegram: str = "",
        phone_said: str = "",
    ) -> Master:
        """Put a new master on the list, or tie one whom staff typed to his chat: see
        record/actions/masters.py.
        """
        candidate = Candidate(
            name, phone, chat, speciality, own_phone, telegram, phone_said
        )
        with self._store.transaction() as tx:
            return join(tx, candidate, self._settings, self._now())

    def dashboard_link(self, master: Master) -> str:
        """Return the secret of a link by which a master enters his page of the site,
        once and within ten minutes.
        """
        with self._store.transaction() as tx:
            return tx.links.make(master.id, master.chat or NOBODY, time.time())

    def decide_wave(
        self, number: int, *, send: bool, opened: int | None = None
    ) -> tuple[Answer, Wave | None]:
        """Take the admin's decision about the orders of a wave; the next polls carry it
        out.
        """
        with self._store.transaction() as tx:
            return open_waves.decide(tx, number, "send" if send else "leave", opened)

    def set_quiet(self, master_id: str, *, on: bool) -> None:
        """Switch a master's «не беспокоить»: while it is on, he is sent no new orders."""
        with self._store.transaction() as tx:
            tx.masters.set_quiet(master_id, on=on)

    def sent(self, waiting: Waiting, chat: Address, message_id: str) -> None:
        """Note that a channel took a notice; the first card of an order that arrives
        fills «Оповещены».
        """
        notice = waiting.notice
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, "sent")
            reached(tx, notice.to, chat)
            if notice.kind == "talk":
                tx.talks.tie(chat, message_id, notice.facts["talk"])
            if notice.kind in CARD_KINDS:
                tx.cards.put(notice.order_id, notice.recipient, chat, message_id)
            order = (
                tx.orders.get(notice.order_id) if notice.kind == "order_new" else None
            )
            if order and not order.told:
                cells: dict[str, Cell] = {"Оповещены": to_serial(self._now())}
                tx.journal.add(Write(ORDERS, "set", order.id, cells), urgent=False)

    def _note(self, tx: Tx, order_id: str, said: str) -> None:
        """Add a line to «Комментарий»; by itself, so that it voids no press where a
        person edits there meanwhile.
        """
        order = tx.orders.get(order_id)
        if order and said not in order.comment.split("\n"):
            self._set(tx, order_id, {"Комментарий": _noted(order, said)}, by=SYSTEM)

    def _set(self, tx: Tx, order_id: str, cells: Mapping[str, Cell], by: Actor) -> None:
        row = tx.orders.shown_row(order_id)
        sheet = WORKSHEETS[ORDERS]
        seen = {
            column: row[sheet.index(column)]
            for column in cells
            if row and column not in sheet.own
        }
        tx.journal.add(Write(ORDERS, "set", order_id, cells, seen, by))


def said_paid(order: Order) -> str:
    """Return what the client's word that he has paid this price is known by."""
    return f"paid:{order.id}:{int((order.price or 0) * 100)}"


def reached(tx: Tx, to: str, chat: Address) -> bool:
    """Note that a person can be written to; say whether that is news.

    What he missed in the last day is sent to him then, as far as it still is true.
    """
    admins = to != "client" and admin_chat.back(tx, chat)
    if not tx.masters.set_reachable(to, chat):
        return admins
    masters = [
        master.id for master in tx.masters.roster().masters if master.chat == chat
    ]
    tx.outbox.revive(
        to,
        masters if to == "master" else [str(chat)],
        time.time() - MISSED_S,
        tuple(OF_PEOPLE),
    )
    return True


def next_order_id(tx: Tx, now: datetime) -> str:
    """Return a number that no other order has; a long one while it is not known which
    numbers the sheet holds.
    """
    if tx.facts.get(BASELINE):
        return str(tx.counters.next("order"))
    return f"{now:%j}{secrets.randbelow(90_000) + 10_000}".lstrip("0").rjust(8, "9")


def _about_phone(draft: Draft) -> str:
    return f"{PHONE_SAID}{draft.phone_said}" if draft.phone_said else ""


def _noted(order: Order | None, said: str) -> str:
    """Return «Комментарий» with a line more."""
    return f"{order.comment}\n{said}" if order and order.comment else said


def _refused(seen: Sight, reason: Refusal) -> Outcome:
    """Return that nothing was done; who has the order is told only to whom may know
    that there is one.
    """
    if seen.refusal(Act.OPEN):
        return Outcome(reason)
    return Outcome(reason, seen.order, seen.owner)


def _name(master: Master | None, master_id: str) -> str:
    return master.name if master and master.name else f"мастер {master_id}"
