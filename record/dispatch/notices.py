"""What must be said to whom because of a change. Pure.

| to     | kind              | said when                                            | facts                   |
|--------|-------------------|------------------------------------------------------|-------------------------|
| master | order_new         | an order is offered to all                           |                         |
| master | assigned          | staff gave him an order                              |                         |
| master | card              | an order on his card has changed (edited, silently)  |                         |
| master | taken_away        | staff gave his order to somebody else, or to nobody  | master                  |
| master | cancelled         | an order of his was cancelled                        |                         |
| master | withdrawn         | an order that he had finished was marked cancelled   | commission              |
| master | reopened          | an order that was over for him is offered again      | commission              |
| master | removed           | an order of his was deleted from the sheet           |                         |
| master | details_changed   | phone, address, name or problem were corrected       | columns                 |
| master | finished          | staff marked his order as done                       |                         |
| master | refused           | staff changed the sheet meanwhile: his press is void | column, value           |
| master | activated         | staff ticked «Активен», or typed another «Telegram»  |                         |
| master | deactivated       | staff unticked «Активен»                             |                         |
| master | client_says       | the client of his order wrote to the bot             | text, what, file …      |
| master | client_sent       | the client sent something before he had the order    | sort, file, name, bot   |
| client | accepted          | a master comes                                       | master, phone           |
| client | reassigned        | another master comes                                 | master, phone           |
| client | searching         | the master can't come, another is being looked for   |                         |
| client | done              | the work is done                                     | price ("" = not yet)    |
| client | price             | the price of a finished order was set or corrected   | price                   |
| client | cancelled         | the order was cancelled, not by the client           |                         |
| client | withdrawn         | an order that was done was marked cancelled          |                         |
| admin  | master_registered | a new master waits for «Активен»                     | name, phone, speciality |
| admin  | no_masters        | nobody is offered an order (offers.py)               | why                     |
| admin  | client_says       | a client wrote of an order that nobody has           | text, what, file …      |
| admin  | stranger_says     | somebody without an order wants a person             | who, text, what …       |
| admin  | master_says       | a master wrote what he was not asked                 | who, phone, text, what… |
| admin  | talk              | a visitor of the site's chat asks a person           | talk, text, phone       |
| admin  | talks             | more of them came than anybody reads one by one      | count                   |
| admin  | paid              | a client says that he has paid                       | price                   |
| admin  | price_lowered     | the price of finished work became lower              | before, after, by       |
| admin  | price_wish        | a master asks staff to correct a price               | master, before, after   |
| admin  | client_cancelled  | a client cancelled his order                         | reason ("" = not said)  |
| admin  | cancel_reason     | he said why when that had been told already          | reason                  |
| admin  | given_back        | a master gave his order back                         | master, reason          |
| admin  | wave              | many orders came at once: shall the masters be told? | number, count, source… |
| staff  | entry             | somebody enters the panel under this person's name   | entry, name, place…     |
| admin  | alarm, alarm_over | something needs a person; it is mended               | text; ends (of an end)  |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, assert_never

from record.dispatch.changes import Change, What, corrected, offerable
from record.dispatch.model import Order, Roster
from record.values import Address, Status
from record.values.actors import ActorKind

# strangers can make many of them
LATER_KINDS = {
    "talk": 1,
    "paid": 1,
    "master_registered": 1,
    "client_says": 1,
    "client_sent": 1,
    "stranger_says": 1,
    "master_says": 1,
    "talks": 2,
}
# begins the key of a notice that lets all others to the same person go before
BEHIND = "later:"
CARD_KINDS = frozenset({"order_new", "assigned"})


@dataclass(frozen=True)
class Notice:
    """Who must be told what.

    ``to``: master, client, staff or admin; ``recipient``: a master's ID, else an address as
    text; ``kind``: a line of the table above. ``key`` makes the notice unique: the same
    one is never queued twice. ``facts`` are what its text needs beside the order as it
    stands when the notice is sent.
    """

    key: str
    to: str
    recipient: str
    kind: str
    order_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """Who could be told.

    ``quiet``: the masters who asked for quiet; ``card_holders``: those whose chat shows
    a card of the order. Masters who can't be written to are tried all the same;
    offers.py sees to it that nobody counts on them.
    """

    roster: Roster
    quiet: frozenset[str] = frozenset()
    card_holders: tuple[str, ...] = ()
    admin_chat: Address | None = None


def notices_of(change: Change, seq: int, audience: Audience) -> list[Notice]:
    """Return who must be told of a recorded change; nobody hears of his own doings.

    ``seq`` is the change's number in the history: it makes the keys unique.
    """
    told = _Notifier(change, seq, audience)
    match change.what:
        case What.APPEARED | What.RETOLD | What.REOPENED:
            told.offered()
        case What.RESTORED:
            told.restored()
        case What.STATUS:
            told.status()
        case What.MASTER:
            told.master()
        case What.PRICE:
            told.price()
        case What.DETAILS:
            told.details()
        case What.REMOVED:
            told.removed()
        case _:
            assert_never(change.what)
    return told.notices


class _Notifier:
    """Collects the notices of one change."""

    def __init__(self, change: Change, seq: int, audience: Audience) -> None:
        self.notices: list[Notice] = []
        self._change = change
        self._seq = seq
        self._audience = audience
        self._order = change.order
        self._before = change.before

    def offered(self) -> None:
        """Offer the order to all active masters; tell those from whom it came back."""
        reopened = self._change.what is What.REOPENED
        if reopened and self._before:
            self._returned(self._before)
        if self._order.status is not Status.NEW:
            self.status()
        elif reopened or offerable(self._order):
            self._to_all()

    def restored(self) -> None:
        """Give back what the deletion of the row took; nothing is said twice."""
        self._cards()
        if offerable(self._order) and not self._audience.card_holders:
            self._to_all()
        if self._order.status is Status.WORK:
            self._to_master(self._order.master_id, "assigned")

    def _to_all(self) -> None:
        for master in self._audience.roster.active():
            gave_back = self._change.by.is_master(master.id)
            if not gave_back and master.id not in self._audience.quiet:
                self._add("master", master.id, "order_new")

    def status(self) -> None:
        """Tell of a status that is not Новая."""
        self._cards()
        order = self._order
        match order.status:
            case Status.WORK:
                self._taken()
            case Status.DONE:
                self._client("done", price=_sum(order.price))
                self._to_master(order.master_id, "finished")
            case Status.CANCELLED:
                self._ended()
            case Status.NEW | None:
                pass
            case _:
                assert_never(order.status)

    def _returned(self, before: Order) -> None:
        """Tell client and master of an order that belongs to nobody again.

        Where no master was on his way, nobody is told not to come. A master who only
        stands in the row of an order without a status was promised nothing.
        """
        match before.status:
            case Status.WORK:
                self._client("searching")
                self._to_master(before.master_id, "taken_away", master="")
            case Status.DONE | Status.CANCELLED:
                share = _sum(before.commission or None)
                self._to_master(before.master_id, "reopened", commission=share)
            case Status.NEW | None:
                pass
            case _:
                assert_never(before.status)

    def _ended(self) -> None:
        """Tell of an order that was cancelled."""
        before = self._before
        if before and before.status is Status.DONE:
            # the work is done: nobody has to be told not to come
            self._client("withdrawn")
            share = _sum(before.commission or None)
            self._to_master(before.master_id, "withdrawn", commission=share)
            return
        self._client("cancelled")
        # whoever cancels an order may have cleared «Мастер» with it
        had = before or self._order
        self._to_master(had.master_id, "cancelled")

    def _taken(self) -> None:
        master = self._audience.roster.get(self._order.master_id)
        if master is None:
            return
        self._client("accepted", master=master.name, phone=master.phone)
        self._to_master(master.id, "assigned")

    def master(self) -> None:
        """Tell of another master, or of none, on an order in work.

        Where there is none any more, others hear of it once the order is offered again.
        """
        old_id = self._before.master_id if self._before else ""
        new = self._audience.roster.get(self._order.master_id)
        if new is None:
            # a name that can't be understood takes the order from nobody yet
            if not self._order.master:
                self._cards()
                self._to_master(old_id, "taken_away", master="")
            return
        self._cards()
        self._to_master(old_id, "taken_away", master=new.name)
        kind = "reassigned" if old_id else "accepted"
        self._client(kind, master=new.name, phone=new.phone)
        self._to_master(new.id, "assigned")

    def price(self) -> None:
        """Tell the client of the price of finished work, and the admin of one that fell.

        A price that was cleared is nothing yet: the one that is typed then is compared
        with it (``Change.priced``).
        """
        before, order = self._before, self._order
        if before is None or order.price is None:
            return
        if before.status is not Status.DONE or order.status is not Status.DONE:
            return
        price = _sum(order.price)
        self._client("price", price=price)
        known = self._change.priced if before.price is None else before.price
        if known is not None and order.price < known:
            by = self._by_name()
            self._admin("price_lowered", before=str(known), after=price, by=by)

    def details(self) -> None:
        """Tell the master whose order it is; bring the cards on offer up to date."""
        if self._order.status is Status.WORK and self._before:
            columns = corrected(self._before, self._order)
            self._to_master(self._order.master_id, "details_changed", columns=columns)
        self._cards()

    def removed(self) -> None:
        """Tell the master who was at work on it, and close the cards."""
        if self._order.status is Status.WORK:
            self._to_master(self._order.master_id, "removed")
        self._cards()

    def _cards(self) -> None:
        """Bring the cards in chats up to date.

        Before a new card is sent: of each chat only the last card is remembered.
        """
        for master_id in self._audience.card_holders:
            self._add("master", master_id, "card")

    def _client(self, kind: str, **facts: Any) -> None:
        chat = self._order.chat
        if chat and not self._change.by.is_client(chat):
            self._add("client", str(chat), kind, facts)

    def _to_master(self, master_id: str, kind: str, **facts: Any) -> None:
        # whoever pressed the button knows what he did
        if master_id and not self._change.by.is_master(master_id):
            self._add("master", master_id, kind, facts)

    def _by_name(self) -> str:
        """Return who made the change: a master by name, others as the history has them."""
        by = self._change.by
        master = self._audience.roster.get(by.master_id)
        if master is None:
            return str(by)
        return master.name

    def _admin(self, kind: str, **facts: Any) -> None:
        if self._audience.admin_chat:
            self._add("admin", str(self._audience.admin_chat), kind, facts)

    def _add(
        self, to: str, recipient: str, kind: str, facts: Mapping[str, Any] | None = None
    ) -> None:
        key = f"{kind}:{self._order.id}:{self._seq}:{recipient}"
        if self._change.by.kind is ActorKind.WAVE:
            # a wave must not keep masters from what is urgent
            key = f"{BEHIND}{key}"
        notice = Notice(key, to, recipient, kind, self._order.id, facts or {})
        self.notices.append(notice)


def _sum(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return str(amount)
