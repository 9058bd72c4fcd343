"""The client bot's doors: what a person did in, what to answer out, with the store and the acts in between."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from bots import client_dialog
from bots.client_dialog import Turn
from bots.incoming import Incoming
from bots.memory import Memory
from bots.messages import Message, Reply, say
from bots.texts import client as texts
from bots.texts.client import Shop
from record.actions import Actions, Draft
from record.model import Master, Order
from record.settings import Settings
from record.store import Store, Tx

SHOWN = 10
SHEET_WAIT_S = 5.0
OF_ORDERS = {"mine", "tie"}  # acts that nobody can answer before the sheet was read


class ClientBot:
    """Answers clients. Safe to ask twice about the same update: no order is placed twice."""

    role = "client"
    failed = texts.FAILED
    commands = (("start", "Вызвать мастера"), ("cancel", "Вернуться в меню"))

    def __init__(self, store: Store, settings: Settings, actions: Actions) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._shop = shop_of(settings)

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""
        return self._decide(update_id, said) if said.private else ()

    def _decide(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        with self._store.reading() as tx:
            memory = Memory(tx, self.role)
            decided, state = memory.decided(said.chat, update_id), memory.state(said.chat)
        if decided is not None:
            return decided
        turn = client_dialog.step(state, said, self._shop) if said.kind != "press" else None
        if (turn is None or turn.act in OF_ORDERS) and not self._actions.knows_the_sheet(SHEET_WAIT_S):
            return _not_yet(said)
        if turn is None:
            return self._kept(said, update_id, state, self._pressed(said))
        if turn.act == "place":
            return self._place(update_id, said, turn)
        return self._kept(said, update_id, turn.state, [Reply(message) for message in self._shown(said, turn)])

    def _shown(self, said: Incoming, turn: Turn) -> Sequence[Message]:
        if turn.act == "mine":
            return [self._mine(said.chat)]
        return [self._tie(said.chat, turn.facts)] if turn.act == "tie" else turn.messages

    def _kept(self, said: Incoming, update_id: int, state: dict[str, object], replies: list[Reply]) -> list[Reply]:
        with self._store.transaction() as tx:
            Memory(tx, self.role).keep(said.chat, update_id, state, replies)
        return replies

    def _place(self, update_id: int, said: Incoming, turn: Turn) -> list[Reply]:
        draft = Draft(**turn.state["draft"], source="telegram", chat=said.chat)
        placed = self._actions.place_order(draft, once=turn.facts["once"])
        after = client_dialog.after_placing(self._shop, placed.id, placed.key)
        return self._kept(said, update_id, after.state, [Reply(message) for message in after.messages])

    def _pressed(self, said: Incoming) -> list[Reply]:
        verb, _, order_id = said.data.partition(":")
        if verb == "cancel" and (order := self._own(said.chat, order_id)):
            return [Reply(query=said.query), Reply(texts.ask_cancel(order), edit=said.message_id)]
        if verb == "cancelled" and self._own(said.chat, order_id):
            toast = self._cancel(said.chat, order_id)
        else:
            toast = "Обновлено"
        return [Reply(query=said.query, toast=toast), Reply(self._mine(said.chat), edit=said.message_id)]

    def _cancel(self, chat: int, order_id: str) -> str:
        outcome = self._actions.cancel(order_id, by=f"client {chat}")
        return texts.NOT_NEW if outcome.refusal else f"Заявка #{order_id} отменена"

    def _own(self, chat: int, order_id: str) -> Order | None:
        with self._store.reading() as tx:
            order = tx.orders.get(order_id)
        return order if order and order.chat == chat else None

    def _mine(self, chat: int) -> Message:
        with self._store.reading() as tx:
            orders = [(order, master_of(tx, order)) for order in tx.orders.find(chat=chat, limit=SHOWN)]
        return texts.my_orders(orders, f"{datetime.now(self._settings.zone):%H:%M:%S}")

    def _tie(self, chat: int, facts: dict[str, str]) -> Message:
        with self._store.reading() as tx:
            order = tx.orders.get(facts["order"])
            master = master_of(tx, order) if order else None
        if not order or not order.key or not hmac.compare_digest(order.key.encode(), facts["key"].encode()):
            return Message(texts.BAD_LINK, keyboard=texts.menu(self._shop))
        if order.chat != chat:
            self._actions.tie_chat(order.id, chat)
        shown = texts.tied(order, master)
        return Message(shown.text, keyboard=texts.menu(self._shop))


def _not_yet(said: Incoming) -> list[Reply]:
    """Say that nobody knows the orders yet, without a message where a button was pressed."""
    return [Reply(query=said.query, toast=texts.STARTING, alert=True)] if said.query else [say(texts.STARTING)]


def shop_of(settings: Settings) -> Shop:
    """Return what the texts need to know of the company."""
    company = settings.company
    return Shop(company.name, company.phone, company.category, company.default_region, settings.web.public_url)


def master_of(tx: Tx, order: Order) -> Master | None:
    """Return the master who has the order, if anybody; a claim shows before the sheet does."""
    return tx.masters.roster().get(tx.claims.owner(order.id) or order.master_id)
