"""The master bot's doors: what a master did in, what to answer out, with the store and the acts in between."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from bots import master_dialog
from bots.client import master_of, shop_of
from bots.incoming import Incoming
from bots.master_dialog import State
from bots.memory import Memory
from bots.messages import Message, Reply, say
from bots.texts import master as texts
from bots.texts.cards import View, card
from bots.texts.common import line
from record.actions import Actions, Outcome, Refusal
from record.admin import chat_of
from record.earnings import earnings
from record.model import Master, Order
from record.settings import Settings
from record.store import Store
from record.talks import TalkActions
from record.values import Status

SHEET_WAIT_S = 15.0
SHOWN = 10
COUNTED = 5000
ASIDE = {"accept", "card"}  # presses that do not end what is being asked
Answer = tuple[State, list[Reply]]


class MasterBot:
    """Answers masters. Safe to ask twice about the same update: each act changes nothing the second time."""

    role = "master"
    failed = texts.FAILED
    commands = (("start", "Показать меню"), ("site", "Кабинет на сайте"))

    def __init__(self, store: Store, settings: Settings, actions: Actions) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._talks = TalkActions(store, settings)
        self._menu: dict[str, Callable[[Master], list[Reply]]] = {
            texts.NEW: self._new,
            texts.MINE: self._mine,
            texts.MONEY: self._money,
            texts.QUIET: lambda master: self._hush(master, on=True),
            texts.LOUD: lambda master: self._hush(master, on=False),
            texts.SITE: self._site,
        }
        self._presses: dict[str, Callable[[Master, Incoming, str], Answer]] = {
            "accept": self._accept,
            "card": self._show_card,
            "done": self._ask_price,
            "fix": self._ask_other_price,
            "back": self._ask_reason,
            "why": self._give_back_for,
            "stay": self._stay,
        }

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""
        admin = self._is_admin(said.chat)
        if admin and said.reply_to and said.text and self._passed_on(update_id, said):
            return (say(texts.PASSED_ON),)
        if not said.private and not (admin and said.command == "start"):
            return ()
        known = self._actions.knows_the_sheet(SHEET_WAIT_S)
        with self._store.reading() as tx:
            memory = Memory(tx, self.role)
            decided, state = memory.decided(said.chat, update_id), memory.state(said.chat)
            master = tx.masters.by_chat(said.chat)
        if decided is not None:
            return decided
        if not (known or master or admin):
            return (say(texts.STARTING),)
        state, replies = self._decide(state, said, master, admin=admin)
        secret = any(reply.secret for reply in replies)  # asked twice, a link is made twice and the first void
        with self._store.transaction() as tx:
            Memory(tx, self.role).keep(said.chat, 0 if secret else update_id, state, () if secret else replies)
        return replies

    def _is_admin(self, chat: int) -> bool:
        with self._store.reading() as tx:
            return chat == chat_of(tx, self._settings)

    def _passed_on(self, update_id: int, said: Incoming) -> bool:
        """Put an answer to a visitor's question into the site's chat, if it is one."""
        return self._talks.staff_answer((said.chat, said.reply_to), said.text, f"{self.role}:{update_id}")

    def _decide(self, state: State, said: Incoming, master: Master | None, *, admin: bool) -> Answer:
        if said.kind == "press":
            return self._pressed(state, said, master)
        if admin and (said.command == "start" or not (master or state or said.command == "register")):
            return {}, [say(texts.ADMIN_TOO), *self._welcome(master)] if master else [say(texts.ADMIN)]
        if master is None:
            return self._register(state, said)
        if not (master.active or state):
            return {}, [say(texts.INACTIVE.format(name=line(master.name, 60)))]
        asked = texts.SITE if said.command == "site" and master.active else said.text
        if asked in self._menu:
            return {}, self._menu[asked](master)
        return self._said(state, said, master)

    def _register(self, state: State, said: Incoming) -> Answer:
        turn = master_dialog.registering(state, said, shop_of(self._settings))
        if turn.act != "register":
            return turn.state, [Reply(turn.message)]
        facts = turn.facts
        own = bool(facts.get("own_phone"))
        who, phone = facts["name"], facts["phone"]
        master = self._actions.register_master(who, phone, said.chat, facts["speciality"], own_phone=own)
        text = texts.RECOGNISED if master.active else texts.REGISTERED
        return {}, [say(text.format(name=line(master.name, 60)))]

    def _said(self, state: State, said: Incoming, master: Master) -> Answer:
        if said.command or state.get("step") not in {"price", "reason"}:
            return {}, self._welcome(master, again=said.command != "start")
        asked = master_dialog.pricing if state["step"] == "price" else master_dialog.giving_back
        turn = asked(state, said)
        if turn.act == "price":
            return {}, self._finish(master, turn.facts["order"], turn.price)
        if turn.act == "give_back":
            return {}, self._give_back(master, turn.facts["order"], turn.facts["reason"])
        return turn.state, [Reply(turn.message)]

    def _welcome(self, master: Master, *, again: bool = False) -> list[Reply]:
        text = texts.HINT if again else texts.WELCOME.format(name=line(master.name, 60))
        return [say(text, keyboard=texts.menu(quiet=self._is_quiet(master)))]

    # The menu

    def _new(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = [order for order in tx.orders.find(status=Status.NEW, limit=SHOWN) if not master_of(tx, order)]
        return [Reply(texts.new_orders(orders, quiet=self._is_quiet(master)))]

    def _mine(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = tx.orders.find(master_id=master.id, status=Status.WORK, limit=SHOWN)
        return [self._card(order.id, master) for order in orders] or [say(texts.NO_MINE)]

    def _money(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = tx.orders.find(master_id=master.id, status=Status.DONE, limit=COUNTED)
        percent = self._settings.commission.percent
        return [Reply(texts.money(*earnings(orders, master, percent, self._now())))]

    def _hush(self, master: Master, *, on: bool) -> list[Reply]:
        self._actions.set_quiet(master.id, on=on)
        told = say(texts.QUIET_ON if on else texts.QUIET_OFF, keyboard=texts.menu(quiet=on))
        return [told] if on else [told, *self._new(master)]

    def _site(self, master: Master) -> list[Reply]:
        """Give the link to his page on the site, to him alone and only while he works here."""
        if not (master.active and master.chat):
            return [say(texts.INACTIVE.format(name=line(master.name, 60)))]
        token = self._actions.dashboard_link(master)
        return [Reply(texts.site_link(self._settings.web.public_url, token), secret=True)]

    # The buttons

    def _pressed(self, state: State, said: Incoming, master: Master | None) -> Answer:
        verb, _, rest = said.data.partition(":")
        press = self._presses.get(verb)
        if master is None or press is None:
            toast = texts.OLD_BUTTON if master else texts.NOT_LISTED
            return state, [Reply(query=said.query, toast=toast, alert=True)]
        after, replies = press(master, said, rest)
        after = state if verb in ASIDE else after
        if not any(reply.query for reply in replies):
            replies = [Reply(query=said.query), *replies]
        return after, replies

    def _accept(self, master: Master, said: Incoming, order_id: str) -> Answer:
        outcome = self._actions.accept(order_id, master.id)
        if outcome.refusal:
            return {}, self._refused(outcome, master, said, order_id)
        toast = Reply(query=said.query, toast=f"🚀 Заказ #{order_id} ваш! Позвоните клиенту")
        return {}, [toast, self._card(order_id, master, edit=said.message_id)]

    def _refused(self, outcome: Outcome, master: Master, said: Incoming, order_id: str) -> list[Reply]:
        """Say why nothing happened, and bring the card that was pressed up to date."""
        toast = texts.refused(outcome.refusal, order_id, outcome.owner)
        return [
            Reply(query=said.query, toast=toast, alert=True),
            self._card(order_id, master, edit=said.message_id),
        ]

    def _show_card(self, master: Master, said: Incoming, order_id: str) -> Answer:  # noqa: ARG002  all buttons are asked alike
        return {}, [self._card(order_id, master)]

    def _ask_price(self, master: Master, said: Incoming, order_id: str) -> Answer:
        if refused := self._not_his(master, said, order_id):
            return {}, refused
        return {"step": "price", "order": order_id}, [Reply(texts.ask_price(order_id))]

    def _ask_other_price(self, master: Master, said: Incoming, order_id: str) -> Answer:
        with self._store.reading() as tx:
            order = tx.orders.get(order_id)
        if order is None or order.status is not Status.DONE or order.master_id != master.id:
            return {}, self._refused(Outcome(_refusal(order), order), master, said, order_id)
        return {"step": "price", "order": order_id}, [Reply(texts.ask_price(order_id))]

    def _finish(self, master: Master, order_id: str, price: Decimal) -> list[Reply]:
        """Finish an order at once: the price can be mended afterwards, a forgotten confirmation can not."""
        outcome = self._actions.complete(order_id, master.id, price)
        if outcome.refusal:
            return [say(texts.refused(outcome.refusal, line(order_id), outcome.owner))]
        share = outcome.commission or Decimal(0)
        return [Reply(texts.finished(order_id, price, share)), *self._present_card(order_id, master)]

    def _ask_reason(self, master: Master, said: Incoming, order_id: str) -> Answer:
        if refused := self._not_his(master, said, order_id):
            return {}, refused
        return {"step": "reason", "order": order_id}, [Reply(texts.ask_reason(order_id))]

    def _give_back_for(self, master: Master, said: Incoming, rest: str) -> Answer:
        order_id, _, number = rest.rpartition(":")
        told, *others = self._give_back(master, order_id, texts.REASONS[int(number)])
        return {}, [Reply(told.message, edit=said.message_id), *others]

    def _give_back(self, master: Master, order_id: str, reason: str) -> list[Reply]:
        outcome = self._actions.give_back(order_id, master.id, reason)
        free = outcome.order and outcome.order.status is Status.NEW and not outcome.order.master_id
        if outcome.refusal and not free:
            return [say(texts.refused(outcome.refusal, line(order_id), outcome.owner))]
        said = Message(texts.GIVEN_BACK.format(id=line(order_id)))
        with self._store.reading() as tx:
            kept = tx.cards.get(order_id, master.id)
        return [Reply(said), *([Reply(said, edit=kept[1])] if kept else [])]

    def _stay(self, master: Master, said: Incoming, order_id: str) -> Answer:  # noqa: ARG002  all buttons are asked alike
        return {}, [Reply(Message(texts.STAYS.format(id=line(order_id))), edit=said.message_id)]

    # Helpers

    def _not_his(self, master: Master, said: Incoming, order_id: str) -> list[Reply]:
        with self._store.reading() as tx:
            order = tx.orders.get(order_id)
            owner = master_of(tx, order) if order else None
        if order and order.status not in {Status.DONE, Status.CANCELLED} and owner and owner.id == master.id:
            return []
        return self._refused(Outcome(_refusal(order), order, owner), master, said, order_id)

    def _card(self, order_id: str, master: Master, edit: int = 0) -> Reply:
        with self._store.reading() as tx:
            order = tx.orders.get(order_id)
            owner = master_of(tx, order) if order else None
        shown = card(order, order_id, View(master.id, self._now()), owner)
        return Reply(shown, edit=edit, card=(order_id, master.id))

    def _present_card(self, order_id: str, master: Master) -> list[Reply]:
        """Return the edit that brings the order's card in this master's chat up to date."""
        with self._store.reading() as tx:
            kept = tx.cards.get(order_id, master.id)
        return [self._card(order_id, master, edit=kept[1])] if kept else []

    def _is_quiet(self, master: Master) -> bool:
        with self._store.reading() as tx:
            return master.id in tx.masters.quiet()

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None)


def _refusal(order: Order | None) -> Refusal:
    if order is None:
        return "gone"
    if order.status is Status.DONE:
        return "done"
    return "cancelled" if order.status is Status.CANCELLED else "not_yours"
