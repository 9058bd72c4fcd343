"""Minds the orders that nobody is offered: tells the admin of each once, and offers
them to whoever may take them.

how things stand ─▶ nobody has a card, or is about to get one ─▶ somebody listens by now? ─▶ offered to him
                                                                 └▶ nobody ─▶ told, once an order and round
"""

from collections.abc import Iterable
from typing import Any

from record.dispatch.notices import Notice
from record.dispatch.offers import Crew, Lacking, alarms, numbers, offer_of
from record.logs import get_logger
from record.settings import Settings
from record.store import Store, Tx
from record.store.facts import UNOFFERED
from record.watch.alerts import Alerts

log = get_logger(__name__)

OFFERS_S = 2.0
KIND = "unoffered"


class OffersJob:
    """Looks every few seconds, since a master may ask for quiet or leave the bot while
    the sheet stays as it is.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def run(self) -> dict[str, Any]:
        """Tell and offer what there is; returns how many orders nobody is offered."""
        with self._store.reading() as tx:
            idle = _Minding(tx, self._settings).idle()
        if idle:
            return {"idle": True}
        with self._store.transaction() as tx:
            return {"unoffered": mind_offers(tx, self._settings)}


def crew_of(tx: Tx) -> Crew:
    """Return the masters as they stand."""
    return Crew(tx.masters.roster(), tx.masters.quiet(), tx.masters.reach())


def mind_offers(tx: Tx, settings: Settings) -> int:
    """Tell the admin of orders that nobody is offered, and of the end of that; return
    how many there are.
    """
    return _Minding(tx, settings).act()


class _Minding:
    """One look. In which round the admin was told of an order is kept for as long as it
    waits in that round.

    Whether that still stands is record/watch/alerts.py's to know: it is over once
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
        """Say whether nothing is to be done: all that lack a master were told of, and
        nobody new may take them.
        """
        lacks = {one.order_id: one.round for one in self._lacking}
        standing = {key: self._told[key]["round"] for key in self._standing()}
        return lacks == standing and not self._past() and not self._wanted()

    def act(self) -> int:
        """Do what is to be done."""
        self._drop(self._past())
        made = {
            notice.order_id for notice in self._wanted() if self._tx.offers.make(notice)
        }
        left = [one for one in self._lacking if one.order_id not in made]
        self._tell(left)
        self._end({one.order_id for one in left})
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
        """Return the orders that were told of and are taken, cancelled, gone, or in
        another round by now.
        """
        rounds = {key: self._tx.history.round(key) for key in self._told}
        return [key for key, round_ in rounds.items() if not self._waits(key, round_)]

    def _waits(self, order_id: str, round_: int) -> bool:
        return self._told[order_id]["round"] == round_ and self._tx.offers.waits(
            order_id
        )

    def _wanted(self) -> list[Notice]:
        """Return the offers to make: to whoever listens by now, of orders that nobody
        was offered at first.
        """
        open_ = {one.order_id: one for one in self._lacking}
        waiting = {
            key: one
            for key, one in self._told.items()
            if self._waits(key, one["round"])
        }
        open_ |= {
            key: Lacking(key, one["round"], one["giver"])
            for key, one in waiting.items()
        }
        given = self._tx.offers.given(list(open_)) if open_ else {}
        wanted = [
            offer_of(one.order_id, one.round, master_id)
            for one in open_.values()
            for master_id in self._crew.listening(one.giver)
        ]
        return [
            notice
            for notice in wanted
            if notice.key not in given.get(notice.order_id, set())
        ]

    def _tell(self, lacking: list[Lacking]) -> None:
        news = [one for one in lacking if not self._alerts.told(one.order_id)]
        times = {key: one["times"] for key, one in self._told.items()}
        for order_id, notice in alarms(news, self._crew, times).items():
            one = next(one for one in news if one.order_id == order_id)
            self._alerts.open(order_id, self._crew.why_not(one.giver), notice=notice)
            self._told[order_id] = {
                "round": one.round,
                "giver": one.giver,
                "times": times.get(order_id, 0) + 1,
            }
            log.warning(
                "order_offered_to_nobody",
                order=order_id,
                why=self._crew.why_not(one.giver),
            )

    def _end(self, lacking: set[str]) -> None:
        """Say once that orders the admin was told of are offered now."""
        ended = self._standing() - lacking
        if not ended:
            return
        offered = ended & self._tx.offers.given(list(ended)).keys()
        # of those a person has said in the sheet that they need no offer
        self._drop(ended - offered)
        if not offered:
            return
        log.info("order_offered_at_last", orders=sorted(offered))
        which = numbers(key for key in self._told if key in offered)
        said = (
            f"Заказ {which} предложен"
            if len(offered) == 1
            else f"Заказы {which} предложены"
        )
        self._alerts.close(offered, f"✅ {said} мастерам")
