"""What a client says while nothing is asked of him: it reaches his master, or staff.

Of several orders he is asked which one he means; what he says in the next minutes is
taken to be about the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.client import passing_texts
from bots.client.kept import FILED, State
from bots.client.menu import unheard
from bots.client.texts import Shop
from bots.incoming import Incoming
from bots.messages import Message
from bots.sorts import called
from record.actions.access import owner_of
from record.actions.orders import Actions
from record.actions.passing_on import Heard, Words
from record.dispatch.model import Master, Order
from record.store import Store
from record.values import Address, Status

SHOWN = 8
MOST_PENDING = 10
SAME_S = 600  # within this time his words are about the order that he spoke of last
DONE_FOR = timedelta(days=30)  # after the work what he says still is about it
# no line of «Комментарий» is made of these
FLEETING = frozenset({"sticker", "dice", "game"})
Said = dict[str, object]


@dataclass(frozen=True)
class Passed:
    """What comes of it: the next state, and what he is told."""

    state: State
    message: Message | None = None


class Passing:
    """Passes on what clients say."""

    def __init__(self, store: Store, actions: Actions, shop: Shop) -> None:
        self._store = store
        self._actions = actions
        self._shop = shop

    def say(self, state: State, said: Incoming, once: str, now: datetime) -> Passed:
        """Pass on what was said; ``once`` names the message."""
        orders = self._about(said.chat, now)
        if not orders:
            turn = unheard(state, said, self._shop)
            return Passed(turn.state, next(iter(turn.messages), None))
        rest_of_album = bool(said.album) and said.album == state.get("album")
        words = {**_kept(said), "once": once}
        order = _meant(state, said, orders)
        waiting = state.get("pending", ())
        # no question is asked over the one that stands, nor beyond what can wait
        if order is None and ("step" in state or len(waiting) >= MOST_PENDING):
            order = orders[0]
        if order is None:
            pending = [*waiting, words]
            asked = None if rest_of_album else passing_texts.which(orders)
            return Passed({**state, "pending": pending}, asked)
        after = {**state, "about": [order.id, said.at]}
        told = self._passed(order, said.chat, [words])
        return Passed(after, None if rest_of_album else told)

    def about(self, state: State, said: Incoming) -> Passed:
        """Pass on what waits for him to say which order it is about."""
        pending = state.get("pending", [])
        with self._store.reading() as tx:
            order = tx.orders.get(said.order)
        after = {key: value for key, value in state.items() if key != "pending"}
        if order is None or order.chat != said.chat or not pending:
            return Passed(after)
        told = self._passed(order, said.chat, pending)
        last_at = max(int(str(one.get("at") or 0)) for one in pending)
        return Passed({**after, "about": [order.id, last_at]}, told)

    def person(self, state: State, said: Incoming, once: str, now: datetime) -> Passed:
        """Let staff know that somebody wants a person; tell him how to reach one."""
        orders = self._about(said.chat, now)
        if orders:
            return self.say(state, said, once, now)
        words = Words(said.text)
        heard = self._actions.stranger_says(said.chat, said.known_as, words, once)
        return Passed(state, passing_texts.person(self._shop, heard))

    def _about(self, chat: Address, now: datetime) -> list[Order]:
        """Return the orders that his words may be about: open ones, else the last."""
        with self._store.reading() as tx:
            his = tx.orders.find(chat=chat, limit=SHOWN)
        is_open = {None, Status.NEW, Status.WORK}
        if opened := [order for order in his if order.status in is_open]:
            return opened
        lately = [order for order in his if _was_lately(order, now)]
        return lately[:1]

    def _passed(self, order: Order, chat: Address, said: Sequence[Said]) -> Message:
        heard: Heard = "nobody"
        for one in said:
            words = Words(
                text=str(one["text"]),
                what=str(one["what"]),
                detail=str(one["detail"]),
                sort=str(one["sort"]),
                file=str(one["file"]),
                corrected=bool(one["corrected"]),
                noting=one["sort"] not in FLEETING,
            )
            heard = self._actions.client_says(order.id, chat, words, str(one["once"]))
        return passing_texts.passed(self._shop, order, self._master(order), heard)

    def _master(self, order: Order) -> Master | None:
        with self._store.reading() as tx:
            return owner_of(tx, order)


def _kept(said: Incoming) -> Said:
    return {
        "text": said.text,
        "what": called(said.sort) if said.sort else "",
        "detail": said.detail,
        "sort": said.sort,
        "file": said.file if said.sort in FILED else "",
        "corrected": said.edited,
        "at": said.at,
    }


def _meant(state: State, said: Incoming, orders: list[Order]) -> Order | None:
    """Return the order that he speaks of, None where it has to be asked."""
    if len(orders) == 1:
        return orders[0]
    named = [order for order in orders if f"#{order.id}" in said.text.split()]
    if len(named) == 1:
        return named[0]
    about, at = state.get("about", ("", 0))
    if not said.at or said.at - at > SAME_S:
        return None
    return next((order for order in orders if order.id == about), None)


def _was_lately(order: Order, now: datetime) -> bool:
    when = order.done or order.created
    return when is not None and now - when < DONE_FOR
