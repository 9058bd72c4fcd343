"""What masters do with orders, through their bot and their page of the site."""

import time
from decimal import Decimal

from record import failpoints
from record.actions.access import Sight, sight
from record.actions.base import BaseActions, Outcome, noted, refused
from record.actions.joining import Candidate, join
from record.actions.passing_on import hand_over_files
from record.dispatch.changes import What
from record.dispatch.commission import commission
from record.dispatch.model import Master, Order
from record.dispatch.notices import Notice
from record.dispatch.permissions import Act, Refusal, Stands, Who
from record.store import Tx
from record.values import NOBODY, Address, Cell, Status, in_cell, to_serial
from record.values.actors import Actor
from record.watch import admin_chat

# finished is what stands as his: not where staff have just given it to somebody else
WHOSE = ("Статус", "Мастер")


class MasterActions(BaseActions):
    """The acts of masters."""

    def accept(self, order_id: str, master_id: str) -> Outcome:
        """Give the order to the master if he is the first.

        Of any number of masters at once exactly one wins.
        """
        with self._store.transaction() as tx:
            roster = tx.masters.roster()
            master = roster.get(master_id)
            seen = sight(tx, order_id, master, self._now())
            reason = seen.refusal(Act.ACCEPT)
            if reason or master is None:
                return refused(seen, reason)
            tx.claims.take(order_id, master_id)
            # pressed once more, it is his already, and the write is on its way
            if seen.stands is Stands.NEW:
                cells = {"Статус": Status.WORK.value, "Мастер": roster.label(master)}
                self._set(tx, order_id, cells, by=Actor.master(master_id))
                hand_over_files(tx, order_id, master_id)
            outcome = Outcome("", tx.orders.get(order_id), master)
        failpoints.passing("claim.committed")
        return outcome

    def complete(
        self, order_id: str, master_id: str, price: Decimal, said: str = ""
    ) -> Outcome:
        """Finish the master's order at a price, or correct the price he gave before.

        The commission goes into the sheet with it, and into «Комментарий» what he
        ``said`` beside the sum. A price that it is too late to correct by himself is
        passed on to the admin as a wish.
        """
        with self._store.transaction() as tx:
            master = tx.masters.roster().get(master_id)
            seen = self._seen_by(tx, order_id, master_id)
            finished = seen.order is not None and seen.order.status is Status.DONE
            reason = _refusal_to_price(seen)
            if reason == "late" and seen.order:
                self._pass_on_wish(tx, seen.order, master, price)
            if reason:
                return refused(seen, reason)
            share = commission(price, master, self._settings.commission.percent)
            cells: dict[str, Cell] = {
                "Цена": in_cell(price),
                "Комиссия": in_cell(share),
            }
            if finished and seen.order:
                self._note_lowered(tx, seen.order, master, price)
            else:
                cells["Статус"] = Status.DONE.value
                cells["Дата выполнения"] = to_serial(self._now())
            self._set(tx, order_id, cells, Actor.master(master_id), given=WHOSE)
            if said:
                self._note(tx, order_id, f"Цена со слов мастера: {said}")
            before = seen.order.price if finished and seen.order else None
            after = tx.orders.get(order_id)
            outcome = Outcome("", after, master, share, finished, before)
        failpoints.passing("finish.committed")
        return outcome

    def may_price(self, order_id: str, master_id: str) -> bool:
        """Return whether a master may say now what the client has paid."""
        with self._store.reading() as tx:
            return not _refusal_to_price(self._seen_by(tx, order_id, master_id))

    def _seen_by(self, tx: Tx, order_id: str, master_id: str) -> Sight:
        """Return an order as its master sees it; he may be off the list by now."""
        master = tx.masters.roster().get(master_id)
        if master is None:
            former = Master(master_id)
            return sight(tx, order_id, former, self._now(), Who.FORMER)
        return sight(tx, order_id, master, self._now())

    def _pass_on_wish(
        self, tx: Tx, order: Order, master: Master | None, price: Decimal
    ) -> None:
        """Tell the admin which price a master asks for, once for each price and day."""
        name = _name(master, order.master_id)
        facts = {"master": name, "before": str(order.price or ""), "after": str(price)}
        key = f"price_wish:{order.id}:{order.price}:{price}:{self._now():%Y-%m-%d}"
        notice = Notice(key, "admin", "", "price_wish", order.id, facts)
        admin_chat.tell(tx, self._settings, notice)

    def _note_lowered(
        self, tx: Tx, order: Order, master: Master | None, price: Decimal
    ) -> None:
        """Record a price that was lowered before a poll saw the order finished.

        A poll compares with what it saw last: it records all others by itself, and
        would never know of this one.
        """
        stored = tx.orders.stored([order.id]).get(order.id)
        polled = stored is not None and stored.order.status is Status.DONE
        if polled or order.price is None or price >= order.price:
            return
        before, after = str(order.price), str(price)
        by = Actor.master(order.master_id)
        seq = tx.history.add(order.id, What.PRICE.value, before, after, by)
        key = f"price_lowered:{order.id}:{seq}"
        facts = {"before": before, "after": after, "by": _name(master, order.master_id)}
        notice = Notice(key, "admin", "", "price_lowered", order.id, facts)
        admin_chat.tell(tx, self._settings, notice)

    def give_back(self, order_id: str, master_id: str, reason: str) -> Outcome:
        """Take the master off the order, with his reason in «Комментарий».

        The order is offered to all again.
        """
        with self._store.transaction() as tx:
            master = tx.masters.roster().get(master_id)
            seen = self._seen_by(tx, order_id, master_id)
            said = f"{_name(master, master_id)} вернул заказ: {reason}"
            if why_not := seen.refusal(Act.GIVE_BACK):
                if _just_gave_back(seen, said):
                    return Outcome("", seen.order, master)
                return refused(seen, why_not)
            cells: dict[str, Cell] = {
                "Статус": Status.NEW.value,
                "Мастер": "",
                "Комментарий": noted(seen.order, said),
                "Оповещены": "",
            }
            self._set(tx, order_id, cells, by=Actor.master(master_id))
            tx.claims.set(order_id, "")
            self._tell_of_giving_back(tx, order_id, master_id, master, reason)
            return Outcome("", tx.orders.get(order_id), master)

    def _tell_of_giving_back(
        self,
        tx: Tx,
        order_id: str,
        master_id: str,
        master: Master | None,
        reason: str,
    ) -> None:
        facts = {"master": _name(master, master_id), "reason": reason}
        # the same master may take it again, and give it back again
        key = f"given_back:{order_id}:{master_id}:{time.time():.3f}"
        notice = Notice(key, "admin", "", "given_back", order_id, facts)
        admin_chat.tell(tx, self._settings, notice)

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
        consent: str = "",
    ) -> Master:
        """Put somebody on the list of masters: see :func:`record.actions.joining.join`."""
        candidate = Candidate(
            name, phone, chat, speciality, own_phone, telegram, phone_said, consent
        )
        with self._store.transaction() as tx:
            return join(tx, candidate, self._settings, self._now())

    def dashboard_link(self, master: Master) -> str:
        """Return the secret of a link by which a master enters his page of the site.

        It is good once, and for ten minutes.
        """
        with self._store.transaction() as tx:
            return tx.links.make(master.id, master.chat or NOBODY, time.time())

    def set_quiet(self, master_id: str, *, on: bool) -> None:
        """Switch a master's «не беспокоить»: while it is on, he is sent no new orders."""
        with self._store.transaction() as tx:
            tx.masters.set_quiet(master_id, on=on)


def _refusal_to_price(seen: Sight) -> Refusal:
    finished = seen.order is not None and seen.order.status is Status.DONE
    return seen.refusal(Act.CORRECT if finished else Act.FINISH)


def _just_gave_back(seen: Sight, said: str) -> bool:
    """Return whether the master has done just this, and presses once more."""
    if seen.order is None or seen.stands is not Stands.NEW:
        return False
    return seen.order.comment.endswith(said)


def _name(master: Master | None, master_id: str) -> str:
    if master is None or not master.name:
        return f"мастер {master_id}"
    return master.name
