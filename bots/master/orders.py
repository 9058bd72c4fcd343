"""What a master does with one order: looks at it, takes it, finishes it, gives it back.

Whether he may is asked of record/dispatch/permissions.py each time; each act changes
nothing when it is asked for a second time.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from bots.cards import View, card
from bots.incoming import Incoming
from bots.master import pricing, texts
from bots.master.dialog import State
from bots.master.questions import of_order
from bots.messages import Message, Reply, say
from bots.wording import line
from record.actions.access import Sight, acting, sight
from record.actions.orders import Actions
from record.dispatch.model import REASONS_TO_GIVE_BACK, Master, Order
from record.dispatch.permissions import Act, Refusal, Who
from record.settings import Settings
from record.store import Store
from record.values import Address, Status
from record.values.wording import known_money

Answer = tuple[State, list[Reply]]
ASIDE = {"accept", "card"}  # presses that do not end what is being asked


class Press(NamedTuple):
    """A pressed button: what was done, its order as whoever pressed sees it, and who.

    ``state`` is where the conversation stood.
    """

    said: Incoming
    seen: Sight
    master: Master
    state: State


class MasterOrders:
    """Answers what is about one order."""

    def __init__(self, store: Store, settings: Settings, actions: Actions) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._presses: dict[str, Callable[[Press], Answer]] = {
            "accept": self._accept,
            "card": self._show_card,
            "done": self._ask_price,
            "fix": self._ask_other_price,
            "sure": self._price_is_right,
            "other": self._ask_price_again,
            "back": self._ask_reason,
            "stay": self._stay,
        }
        for number, reason in enumerate(REASONS_TO_GIVE_BACK):
            self._presses[f"why:{number}"] = partial(self._give_back_for, why=reason)

    # The buttons

    def pressed(self, state: State, said: Incoming, master: Master | None) -> Answer:
        """Answer a button; ``master`` is who is on the list with this chat."""
        press = self._presses.get(said.data)
        if press is None:
            return state, self._stale(said, master)
        seen, whose = self._look(said.chat, said.order)
        after, replies = press(Press(said, seen, whose, state))
        if said.data in ASIDE:
            after = state
        # a press that is not answered keeps its button blinking
        if not any(reply.query for reply in replies):
            replies = [Reply(query=said.query), *replies]
        return after, replies

    def _stale(self, said: Incoming, master: Master | None) -> list[Reply]:
        """Say that a button is none of ours, or none any more.

        A card of his own is made fresh.
        """
        if master is None:
            return [Reply(query=said.query, toast=texts.NOT_LISTED, alert=True)]
        with self._store.reading() as tx:
            shown = tx.cards.shown(said.chat, said.message_id)
        fresh: list[Reply] = []
        if shown and shown[1] == master.id:
            fresh = self.fresh_card(shown[0], master, edit=said.message_id)
        toast = texts.FRESH if fresh else texts.STALE
        return [Reply(query=said.query, toast=toast, alert=True), *fresh]

    def _accept(self, press: Press) -> Answer:
        said = press.said
        outcome = self._actions.accept(said.order, press.master.id)
        if outcome.refusal:
            return {}, self._refused(outcome.refusal, said)
        done = texts.YOURS.format(id=said.order)
        mine = self.fresh_card(said.order, press.master, edit=said.message_id)
        return {}, [Reply(query=said.query, toast=done), *mine]

    def _refused(self, reason: Refusal, said: Incoming) -> list[Reply]:
        """Say why nothing happened, and bring the pressed card up to date.

        No card is shown where he may not see one.
        """
        seen, master = self._look(said.chat, said.order)
        # Who may not know of the order is not told either who has it.
        owner = None if seen.refusal(Act.OPEN) else seen.owner
        why = texts.refused(reason, said.order, owner)
        toast = Reply(query=said.query, toast=why, alert=True)
        return [toast, *self._card(said.order, seen, master, edit=said.message_id)]

    def _show_card(self, press: Press) -> Answer:
        if reason := press.seen.refusal(Act.OPEN):
            return {}, self._refused(reason, press.said)
        return {}, self._card(press.said.order, press.seen, press.master)

    def _ask_price(self, press: Press) -> Answer:
        if reason := press.seen.refusal(Act.FINISH):
            return {}, self._refused(reason, press.said)
        return self._asking_price(press)

    def _ask_other_price(self, press: Press) -> Answer:
        """Ask for the right price.

        Once it is too late to correct it himself, ask what to pass on to staff.
        """
        reason = press.seen.refusal(Act.CORRECT)
        if reason == "late":
            return _asking("price", press, texts.ask_wish(press.said.order))
        if reason:
            return {}, self._refused(reason, press.said)
        return self._asking_price(press, press.seen.order)

    def _asking_price(self, press: Press, finished: Order | None = None) -> Answer:
        """Ask for the price; ``finished`` is an order whose price is to be corrected."""
        before = finished.price if finished else None
        state = pricing.asking(press.said.order, self._usual_price(press), before)
        return state, [Reply(pricing.question(state))]

    def _usual_price(self, press: Press) -> Decimal | None:
        """Return what such orders cost, None where that is not known."""
        with self._store.reading() as tx:
            return tx.orders.usual_price_for(press.said.order)

    def _price_is_right(self, press: Press) -> Answer:
        """Finish the order at the price he was asked about."""
        asked = of_order(press.state, press.said.order)
        if "asked" not in asked:
            return press.state, self._stale(press.said, press.master)
        turn = pricing.confirmed(asked)
        words = turn.facts.get("said", "")
        done = self.finish(press.master, press.said.order, turn.price, words)
        return turn.state, done

    def _ask_price_again(self, press: Press) -> Answer:
        asked = of_order(press.state, press.said.order)
        if "asked" not in asked:
            return press.state, self._stale(press.said, press.master)
        state = pricing.other(asked)
        return state, [Reply(pricing.question(state), edit=press.said.message_id)]

    def _ask_reason(self, press: Press) -> Answer:
        if reason := press.seen.refusal(Act.GIVE_BACK):
            return {}, self._refused(reason, press.said)
        return _asking("reason", press, texts.ask_reason(press.said.order))

    def _give_back_for(self, press: Press, why: str) -> Answer:
        # a former master may look at his orders, and nothing more
        if press.seen.who is Who.FORMER:
            return {}, self._refused(press.seen.refusal(Act.GIVE_BACK), press.said)
        outcome = self._actions.give_back(press.said.order, press.master.id, why)
        if outcome.refusal:
            return {}, self._refused(outcome.refusal, press.said)
        # the question itself becomes the answer, and its buttons go
        told, *others = self._given_back(press.master, press.said.order)
        return {}, [Reply(told.message, edit=press.said.message_id), *others]

    def _stay(self, press: Press) -> Answer:
        stays = _stays(press.seen.order, press.said.order)
        return {}, [Reply(Message(stays), edit=press.said.message_id)]

    def stays(self, chat: Address, state: State) -> list[Reply]:
        """Return the answer to who takes a question back in words."""
        seen, _ = self._look(chat, state["order"])
        return [say(_stays(seen.order, state["order"]))]

    # What he writes when he was asked

    def finish(
        self, master: Master, order_id: str, price: Decimal, said: str
    ) -> list[Reply]:
        """Finish an order at once.

        The price can be mended afterwards, a forgotten confirmation can not.
        """
        outcome = self._actions.complete(order_id, master.id, price, said)
        if outcome.refusal:
            return [say(texts.refused(outcome.refusal, line(order_id), outcome.owner))]
        share = outcome.commission or Decimal(0)
        corrected = None
        if outcome.finished:
            corrected = known_money(outcome.before)
        finished = Reply(texts.finished(order_id, price, share, corrected))
        return [finished, *self._present_card(order_id, master)]

    def give_back(self, master: Master, order_id: str, reason: str) -> list[Reply]:
        """Give an order back for a reason in his own words."""
        outcome = self._actions.give_back(order_id, master.id, reason)
        if outcome.refusal:
            return [say(texts.refused(outcome.refusal, line(order_id), outcome.owner))]
        return self._given_back(master, order_id)

    def _given_back(self, master: Master, order_id: str) -> list[Reply]:
        said = Message(texts.GIVEN_BACK.format(id=line(order_id)))
        with self._store.reading() as tx:
            kept = tx.cards.get(order_id, master.id)
        replies = [Reply(said)]
        if kept and kept[0] == master.chat:
            replies.append(Reply(said, edit=kept[1]))
        return replies

    # The cards

    def fresh_card(self, order_id: str, master: Master, edit: str = "") -> list[Reply]:
        """Return the order's card as it is now, a new message or the new look of one."""
        with self._store.reading() as tx:
            seen = sight(tx, order_id, master, self._now())
        return self._card(order_id, seen, master, edit=edit)

    def _present_card(self, order_id: str, master: Master) -> list[Reply]:
        """Return the edit that brings the order's card in this chat up to date."""
        with self._store.reading() as tx:
            kept = tx.cards.get(order_id, master.id)
        # The number of a message of an earlier account is another message's in this one.
        if kept is None or kept[0] != master.chat:
            return []
        return self.fresh_card(order_id, master, edit=kept[1])

    def _card(
        self, order_id: str, seen: Sight, master: Master, edit: str = ""
    ) -> list[Reply]:
        """Return the order's card for a master.

        Nothing where he may not know that there is one.
        """
        if seen.refusal(Act.OPEN) not in {"", "gone"}:
            return []
        view = View(master.id, self._now(), seen.who)
        shown = card(seen.order, order_id, view, seen.owner)
        return [Reply(shown, edit=edit, card=(order_id, master.id))]

    def _look(self, chat: Address, order_id: str) -> tuple[Sight, Master]:
        """Return an order as whoever writes from a chat sees it, and who that is.

        A stranger is a master without an ID.
        """
        with self._store.reading() as tx:
            master, who = acting(tx, chat, order_id)
            seen = sight(tx, order_id, master, self._now(), who)
        return seen, master or Master("")

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None)


def _stays(order: Order | None, order_id: str) -> str:
    if order is not None and order.status is Status.DONE:
        return texts.PRICE_STAYS
    return texts.STAYS.format(id=line(order_id))


def _asking(step: str, press: Press, question: Message) -> Answer:
    return {"step": step, "order": press.said.order}, [Reply(question)]
