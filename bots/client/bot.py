"""The client bot: what a person did in, what to answer out."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from bots.channel import inbox_name
from bots.client import cancel_texts, dialog, texts, why_cancelled
from bots.client.kept import State
from bots.client.passing import Passed, Passing
from bots.client.passing_texts import NOTHING_WAITS
from bots.client.texts import Shop
from bots.client.turns import Turn
from bots.conversations import Memory
from bots.incoming import Incoming
from bots.messages import Message, Reply, say
from bots.sorts import counted
from bots.wording import FAILED
from record import consent
from record.actions import limits
from record.actions.access import Sight, owner_of, sight
from record.actions.client_acts import Draft
from record.actions.forgetting import Forgetting
from record.actions.forms import SentForm
from record.actions.orders import Actions
from record.dispatch.model import Order
from record.dispatch.permissions import Act, Refusal, Stands, Who
from record.errors import TooMany
from record.settings import Settings
from record.store import Store, Tx
from record.values import Address, Status
from record.values.actors import Actor

SHOWN = 10
SHEET_WAIT_S = 5.0
WHY_NOT: Mapping[Refusal, str] = {"rests": cancel_texts.RESTS}
PRESSES = {"mine", "cancel", "cancelled"}
OF_ORDERS = {
    "mine",
    "tie",
    "forget",
    "say",
    "person",
    "cancel",
}  # acts that nobody can answer before the sheet was read


class ClientBot:
    """Answers clients.

    Safe to ask twice about the same update: no order is placed twice.
    """

    role = "client"
    failed = FAILED
    commands = (
        ("start", "Вызвать мастера"),
        ("cancel", "Вернуться в меню"),
        ("forget", texts.FORGET),
    )

    def __init__(self, store: Store, settings: Settings, actions: Actions) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._shop = shop_of(settings)
        self._passing = Passing(store, actions, self._shop)

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""
        if not said.private:
            return ()
        return self._decide(update_id, said)

    def _decide(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        with self._store.reading() as tx:
            memory = Memory(tx, self.role)
            decided = memory.decided(said.chat, update_id)
            state = memory.state(said.chat)
            last_at = memory.last_at(said.chat)
        if decided is not None:
            return decided
        if said.kind == "press":
            after, replies = self._press(state, said)
            return self._kept(said, update_id, after, replies)
        if explained := why_cancelled.answered_in_words(state, said):
            state = why_cancelled.no_longer(state)
            thanks = why_cancelled.told_in_words(self._actions, said, explained)
            if thanks:
                return self._kept(said, update_id, state, thanks)
        return self._heard(said, update_id, state, last_at)

    def _heard(
        self, said: Incoming, update_id: int, state: State, last_at: float
    ) -> Sequence[Reply]:
        """Return the replies to what is no press."""
        once = f"{inbox_name(self.role, said.chat.channel)}:{update_id}"
        turn = dialog.step(state, said, self._shop, last_at)
        if turn.act in OF_ORDERS and not self._knows_orders():
            return [say(texts.STARTING)]
        if turn.act == "place":
            return self._place(update_id, said, turn)
        after, messages = self._done(said, turn, state, once)
        shown = [Reply(message) for message in messages]
        return self._kept(said, update_id, after, shown)

    def _press(self, state: State, said: Incoming) -> tuple[State, list[Reply]]:
        if not self._knows_orders():
            # A message would stay below the card; over it, it is gone in a moment.
            return state, [Reply(query=said.query, toast=texts.STARTING, alert=True)]
        if said.data == "about":
            passed = self._passing.about(state, said)
            return passed.state, self._about(said, passed)
        return self._pressed(said, state)

    def _knows_orders(self) -> bool:
        return self._actions.knows_the_sheet(SHEET_WAIT_S)

    def _done(
        self, said: Incoming, turn: Turn, before: State, once: str
    ) -> tuple[State, Sequence[Message]]:
        """Do what a turn asks for; return the state after it and what is shown."""
        match turn.act:
            case "mine" | "forget":
                shown = self._forget if turn.act == "forget" else self._mine
                return turn.state, [shown(said.chat), *turn.messages]
            case "tie":
                return turn.state, [self._tie(said.chat, turn.facts, once)]
            case "say":
                return self._passed(
                    turn, self._passing.say(before, said, once, self._now())
                )
            case "person":
                return self._passed(
                    turn, self._passing.person(before, said, once, self._now())
                )
            case "cancel":
                return self._cancels(said, turn, before, once)
            case _:
                return turn.state, turn.messages

    def _forget(self, chat: Address) -> Message:
        asked = Forgetting(self._store, self._settings).ask(chat)
        text = texts.FORGETTING if asked else texts.NOTHING_TO_FORGET
        return Message(text, keyboard=texts.menu(self._shop))

    def _passed(self, turn: Turn, passed: Passed) -> tuple[State, Sequence[Message]]:
        """Return what comes of passing something on; a question that stands stays."""
        if turn.messages:
            return turn.state, turn.messages
        state = {**passed.state}
        if "album" in turn.state:
            state["album"] = turn.state["album"]
        return state, [passed.message] if passed.message else []

    def _cancels(
        self, said: Incoming, turn: Turn, before: State, once: str
    ) -> tuple[State, Sequence[Message]]:
        """Answer «отмена» where nothing is asked: he may want to cancel an order."""
        with self._store.reading() as tx:
            his = tx.orders.find(chat=said.chat, limit=SHOWN)
            may = [
                order
                for order in his
                if self._seen_by(tx, said.chat, order.id).offers(Act.CANCEL)
            ]
        if may:
            return turn.state, [self._mine(said.chat)]
        if any(order.status is Status.WORK for order in his):
            return self._passed(
                turn, self._passing.say(before, said, once, self._now())
            )
        return turn.state, [Message(texts.BACK, keyboard=texts.menu(self._shop))]

    def _about(self, said: Incoming, passed: Passed) -> list[Reply]:
        if passed.message is None:
            return [Reply(query=said.query, toast=NOTHING_WAITS, alert=True)]
        told = Message(passed.message.text)
        return [Reply(query=said.query), Reply(told, edit=said.message_id)]

    def _kept(
        self,
        said: Incoming,
        update_id: int,
        state: dict[str, object],
        replies: list[Reply],
    ) -> list[Reply]:
        with self._store.transaction() as tx:
            Memory(tx, self.role).keep(said.chat, update_id, state, replies)
        return replies

    def _place(self, update_id: int, said: Incoming, turn: Turn) -> list[Reply]:
        files = tuple((sort, file) for sort, file in turn.state.get("files", ()))
        draft = Draft(
            **turn.state["draft"],
            source=said.chat.channel,
            chat=said.chat,
            consent=consent.VERSION,
            files=files,
            files_said=counted([sort for sort, _ in files]),
        )
        try:
            placed = self._actions.place_order(draft, SentForm(once=turn.facts["once"]))
        except TooMany:
            too_many = [Reply(texts.too_many(self._shop))]
            return self._kept(said, update_id, turn.state, too_many)
        after = dialog.after_placing(self._shop, placed.id, placed.key)
        done = [Reply(message) for message in after.messages]
        return self._kept(said, update_id, after.state, done)

    def _pressed(self, said: Incoming, state: State) -> tuple[State, list[Reply]]:
        if said.data in why_cancelled.REASONS:
            thanks = why_cancelled.told_by_button(self._actions, said)
            return why_cancelled.no_longer(state), thanks
        if said.data not in PRESSES:
            return state, [Reply(query=said.query, toast=texts.STALE, alert=True)]
        toast, more = texts.REFRESHED, list[Reply]()
        if said.data == "cancel":
            with self._store.reading() as tx:
                seen = self._seen_by(tx, said.chat, said.order)
            reason = seen.refusal(Act.CANCEL)
            if seen.order and not reason:
                asked = Reply(cancel_texts.ask_cancel(seen.order), edit=said.message_id)
                return state, [Reply(query=said.query), asked]
            toast = WHY_NOT.get(reason, cancel_texts.NOT_NEW)
        elif said.data == "cancelled":
            reason = self._cancel(said.chat, said.order)
            toast = WHY_NOT.get(reason, cancel_texts.NOT_NEW)
            if not reason:
                toast = cancel_texts.CANCELLED.format(id=said.order)
                state = why_cancelled.asking(state, said.order)
                more = [Reply(cancel_texts.ask_why(said.order))]
        # Whatever came of it, the list below the toast shows how things stand.
        mine = Reply(self._mine(said.chat), edit=said.message_id)
        return state, [Reply(query=said.query, toast=toast), mine, *more]

    def _cancel(self, chat: Address, order_id: str) -> Refusal:
        wait_s = why_cancelled.SAID_WITHIN_S
        by = Actor.client(chat)
        return self._actions.cancel(order_id, by, wait_s=wait_s).refusal

    def _seen_by(self, tx: Tx, chat: Address, order_id: str) -> Sight:
        """Return an order as whoever writes from a chat sees it; to others it is gone."""
        seen = sight(tx, order_id, None, self._now(), Who.CLIENT)
        if seen.order is None or seen.order.chat != chat:
            return Sight(None, None, Who.CLIENT, Stands.GONE)
        return seen

    def _mine(self, chat: Address) -> Message:
        mine = []
        with self._store.reading() as tx:
            for order in tx.orders.find(chat=chat, limit=SHOWN):
                may_cancel = self._seen_by(tx, chat, order.id).offers(Act.CANCEL)
                mine.append((order, owner_of(tx, order), may_cancel))
        return texts.my_orders(mine, f"{self._now():%H:%M}")

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None)

    def _tie(self, chat: Address, facts: dict[str, str], once: str) -> Message:
        with self._store.reading() as tx:
            if not limits.may_guess(tx, chat):
                return Message(texts.TOO_MANY_LINKS, keyboard=texts.menu(self._shop))
            order = tx.orders.get(facts["order"])
            if order is None:  # links carry a handle where a number is none of ours
                order = tx.orders.get(tx.orders.named(facts["order"]))
            master = owner_of(tx, order) if order else None
        if order is None or not _is_key_of(order, facts["key"]):
            with self._store.transaction() as tx:
                limits.guessed(tx, chat, once)
            return Message(texts.BAD_LINK, keyboard=texts.menu(self._shop))
        if self._actions.tie_chat(order.id, chat):
            return texts.tied_elsewhere(self._shop, order)
        shown = texts.tied(order, master)
        return Message(shown.text, keyboard=texts.menu(self._shop))


def _is_key_of(order: Order, key: str) -> bool:
    if not order.key:
        return False
    # In constant time: how long it takes says nothing of how much of it is right.
    return hmac.compare_digest(order.key.encode(), key.encode())


def shop_of(settings: Settings) -> Shop:
    """Return what the texts need to know of the company."""
    company = settings.company
    return Shop(
        company.name,
        company.phone,
        company.category,
        company.default_region,
        settings.web.public_url,
    )
