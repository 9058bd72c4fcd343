"""Minds the orders that nobody is offered: tells the admin of each once, and offers
them to whoever may take them.

how things stand ─▶ nobody has a card, or is about to get one ─▶ somebody listens by now? ─▶ offered to him
                                                                 └▶ nobody ─▶ told, once an order and round
"""

from collections.abc import Iterable, Iterator
from typing import Any

from record.dispatch.notices import Notice
from record.dispatch.offers import Lacking, alarms, numbers, offer_of
from record.logs import get_logger
from record.settings import Settings
from record.store import Store, Tx
from record.store.facts import UNOFFERED
from record.watch.alerts import Alerts
from record.watch.health import crew_of

log = get_logger(__name__)

OFFERS_S = 2.0
KIND = "unoffered"


class OffersJob:
    """Looks every few seconds, not only after changes of the sheet.

    A master may ask for quiet or leave the bot while the sheet stays as it is.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def run(self) -> dict[str, Any]:
        """Tell and offer what there is; return how many orders nobody is offered."""
        # a look alone does not keep others from writing
        with self._store.reading() as tx:
            idle = _Minding(tx, self._settings).idle()
        if idle:
            return {"idle": True}
        with self._store.transaction() as tx:
            return {"unoffered": mind_offers(tx, self._settings)}


def mind_offers(tx: Tx, settings: Settings) -> int:
    """Tell the admin of orders that nobody is offered, or no longer; return how many."""
    return _Minding(tx, settings).act()


class _Minding:
    """One look at all orders that nobody is offered.

    In which round the admin was told of an order is kept for as long as it waits in that
    round. Whether that alarm still stands, record/watch/alerts.py knows: it is over once
    somebody was offered the order.
    """

    def __init__(self, tx: Tx, settings: Settings) -> None:
        self._tx = tx
        self._settings = settings
        self._crew = crew_of(tx)
        self._told = tx.facts.get(UNOFFERED) or {}
        self._alerts = Alerts(tx, settings, KIND)
        self._lacking = tx.offers.lacking(self._crew)

    def idle(self) -> bool:
        """Return whether nothing is to be told or offered.

        Then the admin knows of all orders that lack a master, and nobody new may take
        one.
        """
        lacks = {one.order_id: one.round for one in self._lacking}
        standing = {key: self._told[key]["round"] for key in self._standing()}
        if lacks != standing:
            return False
        return not self._past() and not self._wanted()

    def act(self) -> int:
        """Do what is to be done; return how many orders nobody is offered then."""
        self._drop(self._past())
        made = set[str]()
        for notice in self._wanted():
            if self._tx.offers.make(notice):
                made.add(notice.order_id)
        left = [one for one in self._lacking if one.order_id not in made]
        self._tell(left)
        self._end({one.order_id for one in left})
        # a fact that stays as it is must not be written again at each look
        if self._told != (self._tx.facts.get(UNOFFERED) or {}):
            self._tx.facts.put(UNOFFERED, self._told)
        return len(left)

    def _standing(self) -> set[str]:
        """Return the orders the admin was told of that nobody was offered since."""
        return self._alerts.standing.keys() & self._told.keys()

    def _drop(self, order_ids: Iterable[str]) -> None:
        """Forget orders of which nothing is to be told any more."""
        for order_id in order_ids:
            del self._told[order_id]
        self._alerts.forget(self._alerts.standing.keys() - self._told.keys())

    def _past(self) -> list[str]:
        """Return the orders that were told of and do not wait in that round any more.

        They are taken, cancelled, gone, or in another round by now.
        """
        past = []
        for order_id in self._told:
            round_ = self._tx.history.round(order_id)
            if not self._waits(order_id, round_):
                past.append(order_id)
        return past

    def _waits(self, order_id: str, round_: int) -> bool:
        if self._told[order_id]["round"] != round_:
            return False
        return self._tx.offers.waits(order_id)

    def _wanted(self) -> list[Notice]:
        """Return the offers to make to those who listen by now, but for those made."""
        waiting = self._waiting()
        given = self._tx.offers.given(list(waiting)) if waiting else {}
        return [
            notice
            for notice in self._possible(waiting.values())
            if notice.key not in given.get(notice.order_id, set())
        ]

    def _waiting(self) -> dict[str, Lacking]:
        """Return the orders that lack a master, those that were told of among them."""
        waiting = {one.order_id: one for one in self._lacking}
        # an order that nobody was offered at first stays open to everybody who begins
        # to listen, also after one master has got its card
        for order_id, told in self._told.items():
            if self._waits(order_id, told["round"]):
                again = Lacking(order_id, told["round"], told["giver"])
                waiting[order_id] = again
        return waiting

    def _possible(self, waiting: Iterable[Lacking]) -> Iterator[Notice]:
        """Yield the offer of each order to each master who may take it."""
        for one in waiting:
            for master_id in self._crew.listening(one.giver):
                yield offer_of(one.order_id, one.round, master_id)

    def _tell(self, lacking: list[Lacking]) -> None:
        news = {
            one.order_id: one
            for one in lacking
            if not self._alerts.is_reported(one.order_id)
        }
        times = {key: one["times"] for key, one in self._told.items()}
        notices = alarms([*news.values()], self._crew, times)
        for order_id, notice in notices.items():
            one = news[order_id]
            why = self._crew.why_not(one.giver)
            self._alerts.open(order_id, why, notice=notice)
            self._told[order_id] = {
                "round": one.round,
                "giver": one.giver,
                "times": times.get(order_id, 0) + 1,
            }
            log.warning("order_offered_to_nobody", order=order_id, why=why)

    def _end(self, lacking: set[str]) -> None:
        """Say once that orders the admin was told of are offered now."""
        ended = self._standing() - lacking
        if not ended:
            return
        offered = ended & self._tx.offers.given(list(ended)).keys()
        # of the others a person has said in the sheet that they need no offer
        self._drop(ended - offered)
        if not offered:
            return
        log.info("order_offered_at_last", orders=sorted(offered))
        which = numbers(key for key in self._told if key in offered)
        said = f"Заявки {which} предложены"
        if len(offered) == 1:
            said = f"Заявка {which} предложена"
        self._alerts.close(offered, f"✅ {said} мастерам")
