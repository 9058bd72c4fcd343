"""What must be said to whom because of a change. Pure.

| to     | kind              | said when                                            | facts                   |
|--------|-------------------|------------------------------------------------------|-------------------------|
| master | order_new         | an order is offered to all                           |                         |
| master | assigned          | staff gave him an order                              |                         |
| master | card              | an order on his card has changed (edited, silently)  |                         |
| master | taken_away        | staff gave his order to somebody else, or to nobody  | master                  |
| master | cancelled         | an order of his was cancelled                        |                         |
| master | withdrawn         | an order that he had finished was marked cancelled   | commission              |
| master | reopened          | an order that was over for him is offered anew       | commission              |
| master | removed           | an order of his was deleted from the sheet           |                         |
| master | details_changed   | phone, address, name or problem were corrected       | columns                 |
| master | finished          | staff marked his order as done                       |                         |
| master | refused           | staff changed the sheet meanwhile: his press is void | column, value           |
| master | activated         | staff ticked «Активен», or typed another «Telegram»  |                         |
| master | deactivated       | staff unticked «Активен»                             |                         |
| client | accepted          | a master comes                                       | master, phone           |
| client | reassigned        | another master comes                                 | master, phone           |
| client | searching         | the master can't come, another is being looked for   |                         |
| client | done              | the work is done                                     | price ("" = not yet)    |
| client | price             | the price of a finished order was set or corrected   | price                   |
| client | cancelled         | the order was cancelled, not by the client           |                         |
| client | withdrawn         | an order that was done was marked cancelled          |                         |
| admin  | master_registered | a new master waits for «Активен»                     | name, phone, speciality |
| admin  | no_masters        | nobody is offered an order (offers.py)               | why                     |
| admin  | talk              | a visitor of the site's chat asks a person           | talk, text, phone       |
| admin  | talks             | more of them came than anybody reads one by one      | count                   |
| admin  | paid              | a client says that he has paid                       | price                   |
| admin  | price_lowered     | the price of finished work became lower              | before, after, by       |
| admin  | price_wish        | a master asks staff to correct a price               | master, before, after   |
| admin  | wave              | many orders came at once: shall the masters be told? | number, count, source… |
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
LATER_KINDS = {"talk": 1, "paid": 1, "master_registered": 1, "talks": 2}
# begins the key of a notice that lets all others to the same person go before
BEHIND = "later:"
CARD_KINDS = frozenset({"order_new", "assigned"})


@dataclass(frozen=True)
class Notice:
    """Who must be told what. ``to``: master, client or admin; ``recipient``: a master's
    ID, else an address as text.

    ``key`` makes the notice unique: the same one is never queued twice. ``facts`` are
    what its text needs beside the order as it stands when the notice is sent.
    """

    key: str
    to: str
    recipient: str
    kind: str
    order_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """Who could be told: all masters, those who asked for quiet, whose chats show a
    card, and the admin's chat.

    Masters who can't be written to are tried all the same; that nobody counts on them
    is seen in offers.py.
    """

    roster: Roster
    quiet: frozenset[str] = frozenset()
    card_holders: tuple[str, ...] = ()
    admin_chat: Address | None = None


def notices_of(change: Change, seq: int, audience: Audience) -> list[Notice]:
    """Return who must be told of a recorded change; ``seq`` is its number in the
    history and makes the keys unique.

    Nobody is told of what he did himself.
    """
    told = _Telling(change, seq, audience)
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
    return told.notices


class _Telling:
    """Collects the notices of one change."""

    def __init__(self, change: Change, seq: int, audience: Audience) -> None:
        self.notices: list[Notice] = []
        self._change = change
        self._seq = seq
        self._audience = audience
        self._order = change.order
        self._before = change.before

    def offered(self) -> None:
        """Offer the order to all active masters; tell those whom an order just returned
        concerns.
        """
        if self._change.what is What.REOPENED and self._before:
            self._returned(self._before)
        if self._order.status is not Status.NEW:
            self.status()
        elif offerable(self._order) or self._change.what is What.REOPENED:
            self._to_all()

    def restored(self) -> None:
        """Give back what the deletion of the row took; what was told before it is not
        told again.
        """
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
                self._client("done", price=_money(order))
                self._to_master(order.master_id, "finished")
            case Status.CANCELLED:
                self._ended()
            case Status.NEW | None:
                pass
            case _:
                assert_never(order.status)

    def _returned(self, before: Order) -> None:
        """Tell those to whom a master was promised; where nobody was on his way, nobody
        is told not to come.

        A master who only stands in the row of an order that had no status was promised
        nothing and is told nothing.
        """
        if before.status is Status.WORK:
            self._client("searching")
            self._to_master(before.master_id, "taken_away", master="")
        elif before.status in {Status.DONE, Status.CANCELLED}:
            self._to_master(
                before.master_id, "reopened", commission=_sum(before.commission or None)
            )

    def _ended(self) -> None:
        """Tell of an order that was cancelled; where the work was done already, nobody
        is told not to come.
        """
        before = self._before
        if before and before.status is Status.DONE:
            self._client("withdrawn")
            self._to_master(
                before.master_id,
                "withdrawn",
                commission=_sum(before.commission or None),
            )
            return
        self._client("cancelled")
        self._to_master(
            before.master_id if before else self._order.master_id, "cancelled"
        )

    def _taken(self) -> None:
        master = self._audience.roster.get(self._order.master_id)
        if master is None:
            return
        self._client("accepted", master=master.name, phone=master.phone)
        self._to_master(master.id, "assigned")

    def master(self) -> None:
        """Tell of another master on an order in work; nobody there any more is told
        once it is offered again.
        """
        new = self._audience.roster.get(self._order.master_id)
        old_id = self._before.master_id if self._before else ""
        if new is None and self._order.master:
            return
        self._cards()
        self._to_master(old_id, "taken_away", master=new.name if new else "")
        if new:
            self._client(
                "reassigned" if old_id else "accepted", master=new.name, phone=new.phone
            )
            self._to_master(new.id, "assigned")

    def price(self) -> None:
        """Tell the client of a price that came or changed after the work was done, and
        the admin of one that fell.

        A price that was cleared is nothing yet: the one that is typed then is held
        against it (``Change.priced``).
        """
        before, order = self._before, self._order
        if not (before and before.status is order.status is Status.DONE):
            return
        if order.price is not None:
            self._client("price", price=_money(order))
        known = self._change.priced if before.price is None else before.price
        if known is not None and order.price is not None and order.price < known:
            self._admin(
                "price_lowered", before=str(known), after=_money(order), by=self._hand()
            )

    def details(self) -> None:
        """Tell the master whose order it is; cards still on offer are brought up to
        date.
        """
        if self._order.status is Status.WORK and self._before:
            self._to_master(
                self._order.master_id,
                "details_changed",
                columns=corrected(self._before, self._order),
            )
        self._cards()

    def removed(self) -> None:
        """Tell the master who was at work on it, and close the cards."""
        if self._order.status is Status.WORK:
            self._to_master(self._order.master_id, "removed")
        self._cards()

    def _cards(self) -> None:
        """Bring the cards in chats up to date, before a new one is sent, since only the
        last one is remembered.
        """
        for master_id in self._audience.card_holders:
            self._add("master", master_id, "card")

    def _client(self, kind: str, **facts: Any) -> None:
        chat = self._order.chat
        if chat and not self._change.by.is_client(chat):
            self._add("client", str(chat), kind, facts)

    def _to_master(self, master_id: str, kind: str, **facts: Any) -> None:
        if master_id and not self._change.by.is_master(master_id):
            self._add("master", master_id, kind, facts)

    def _hand(self) -> str:
        """Return who made the change: a master by his name, staff as the history has
        them.
        """
        by = self._change.by
        master = self._audience.roster.get(by.master_id)
        return master.name if master else str(by)

    def _admin(self, kind: str, **facts: Any) -> None:
        if self._audience.admin_chat:
            self._add("admin", str(self._audience.admin_chat), kind, facts)

    def _add(
        self, to: str, recipient: str, kind: str, facts: Mapping[str, Any] | None = None
    ) -> None:
        key = f"{kind}:{self._order.id}:{self._seq}:{recipient}"
        if self._change.by.kind is ActorKind.WAVE:
            key = f"{BEHIND}{key}"
        self.notices.append(
            Notice(key, to, recipient, kind, self._order.id, facts or {})
        )


def _money(order: Order) -> str:
    return _sum(order.price)


def _sum(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)
