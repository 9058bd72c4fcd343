"""The master bot's doors: what a master did in, what to answer out, with the store and
the acts in between.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from bots import wave_cards
from bots.cards import View, card
from bots.client.bot import shop_of
from bots.conversations import Memory
from bots.incoming import Incoming
from bots.master import dialog, texts
from bots.master.dialog import State
from bots.messages import Message, Reply, say
from bots.wording import line
from record.actions.access import Sight, acting, free, sight
from record.actions.orders import Actions
from record.actions.talks import TalkActions
from record.dispatch.model import Master
from record.dispatch.permissions import Act, Refusal, Who, barred, standing
from record.reports.earnings import earnings
from record.settings import Settings
from record.store import Store
from record.values import Address, Status
from record.watch.admin_chat import chat_of

SHEET_WAIT_S = 15.0
SHOWN = 10
COUNTED = 5000
WAVE = "wave:"
WAVE_ASKED = re.compile(
    r"(?P<number>\d{1,8}):(?P<opened>\d{1,10}):(?P<choice>send|leave)", re.ASCII
)
ASIDE = {"accept", "card"}  # presses that do not end what is being asked
Answer = tuple[State, list[Reply]]
MENU = {
    texts.NEW: Act.LIST_NEW,
    texts.MINE: Act.LIST_MINE,
    texts.MONEY: Act.EARNINGS,
    texts.QUIET: Act.QUIET,
    texts.LOUD: Act.QUIET,
    texts.SITE: Act.DASHBOARD,
}


class Press(NamedTuple):
    """A pressed button: what Telegram says of it, its order as whoever pressed sees it,
    and who that is.
    """

    said: Incoming
    seen: Sight
    master: Master


class MasterBot:
    """Answers masters. Safe to ask twice about the same update: each act changes
    nothing the second time.
    """

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
        self._presses: dict[str, Callable[[Press], Answer]] = {
            "accept": self._accept,
            "card": self._show_card,
            "done": self._ask_price,
            "fix": self._ask_other_price,
            "back": self._ask_reason,
            "stay": self._stay,
        }
        for number, reason in enumerate(texts.REASONS):
            self._presses[f"why:{number}"] = partial(self._give_back_for, why=reason)

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""
        admin = self._is_admin(said.chat)
        if admin and said.reply_to and said.text and self._passed_on(update_id, said):
            return (say(texts.PASSED_ON),)
        # in a group too, and before any sheet was read: it is how the admin's chat is
        # found
        if said.command == "id":
            return (say(texts.CHAT_ID.format(id=said.chat)),)
        wave = admin and said.kind == "press" and said.data.startswith(WAVE)
        if not said.private and not (admin and (said.command == "start" or wave)):
            return ()
        known = self._actions.knows_the_sheet(SHEET_WAIT_S)
        with self._store.reading() as tx:
            memory = Memory(tx, self.role)
            decided, state = (
                memory.decided(said.chat, update_id),
                memory.state(said.chat),
            )
            master = tx.masters.by_chat(said.chat)
        if decided is not None:
            return decided
        if not (known or master or admin):
            return (say(texts.STARTING),)
        state, replies = self._decide(state, said, master, admin=admin)
        # asked twice, a link is made twice and the first void
        secret = any(reply.secret for reply in replies)
        with self._store.transaction() as tx:
            Memory(tx, self.role).keep(
                said.chat, 0 if secret else update_id, state, () if secret else replies
            )
        return replies

    def _is_admin(self, chat: Address) -> bool:
        with self._store.reading() as tx:
            return chat == chat_of(tx, self._settings)

    def _passed_on(self, update_id: int, said: Incoming) -> bool:
        """Put an answer to a visitor's question into the site's chat, if it is one."""
        return self._talks.staff_answer(
            (said.chat, said.reply_to), said.text, f"{self.role}:{update_id}"
        )

    def _decide(
        self, state: State, said: Incoming, master: Master | None, *, admin: bool
    ) -> Answer:
        if said.kind == "press":
            return self._pressed(state, said, master)
        if admin and (
            said.command == "start"
            or not (master or state or said.command == "register")
        ):
            return {}, [say(texts.ADMIN_TOO), *self._welcome(master)] if master else [
                say(texts.ADMIN)
            ]
        if master is None:
            known, who = self._asked(state, said)
            if known is None or who is not Who.FORMER:
                return self._register(state, said)
            return self._said(state, said, known)
        asked = texts.SITE if said.command == "site" else said.text
        if asked in self._menu:
            return {}, self._chosen(asked, master)
        return self._said(state, said, master)

    def _asked(self, state: State, said: Incoming) -> tuple[Master | None, Who]:
        """Return who is asked the price of an order, and is on no list any more."""
        if said.command or state.get("step") != "price":
            return None, Who.STRANGER
        with self._store.reading() as tx:
            return acting(tx, said.chat, state["order"])

    def _chosen(self, key: str, master: Master) -> list[Reply]:
        """Answer a key of the menu; who does not work here any more sees only what is
        his own.
        """
        who = standing(master)
        if barred(who, MENU[key]):
            return [self._inactive(master)]
        shown = self._menu[key](master)
        return shown if who is Who.ACTIVE else [self._inactive(master), *shown]

    def _inactive(self, master: Master) -> Reply:
        return say(texts.INACTIVE.format(name=line(master.name, 60)))

    def _register(self, state: State, said: Incoming) -> Answer:
        turn = dialog.registering(state, said, shop_of(self._settings))
        if turn.act != "register":
            return turn.state, [Reply(turn.message)]
        facts = turn.facts
        own = bool(facts.get("own_phone"))
        who, phone, words = facts["name"], facts["phone"], facts.get("phone_said", "")
        telegram = (
            f"{said.full_name} @{said.username}" if said.username else said.full_name
        )
        master = self._actions.register_master(
            who,
            phone,
            said.chat,
            facts["speciality"],
            own_phone=own,
            telegram=telegram,
            phone_said=words,
        )
        text = texts.RECOGNISED if master.active else texts.REGISTERED
        return {}, [say(text.format(name=line(master.name, 60)))]

    def _said(self, state: State, said: Incoming, master: Master) -> Answer:
        if said.command or state.get("step") not in {"price", "reason"}:
            return {}, self._welcome(master, again=said.command != "start")
        asked = dialog.pricing if state["step"] == "price" else dialog.giving_back
        turn = asked(state, said)
        if turn.act == "price":
            return {}, self._finish(
                master, turn.facts["order"], turn.price, turn.facts.get("said", "")
            )
        if turn.act == "give_back":
            return {}, self._give_back(
                master, turn.facts["order"], turn.facts["reason"]
            )
        return turn.state, [Reply(turn.message)]

    def _welcome(self, master: Master, *, again: bool = False) -> list[Reply]:
        if standing(master) is not Who.ACTIVE:
            return [self._inactive(master)]
        text = texts.HINT if again else texts.WELCOME.format(name=line(master.name, 60))
        return [say(text, keyboard=texts.menu(quiet=self._is_quiet(master)))]

    # The menu

    def _new(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = free(tx, self._now(), SHOWN)
        return [Reply(texts.new_orders(orders, quiet=self._is_quiet(master)))]

    def _mine(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = tx.orders.find(
                master_id=master.id, status=Status.WORK, limit=SHOWN
            )
        cards = [
            shown for order in orders for shown in self._fresh_card(order.id, master)
        ]
        return cards or [say(texts.NO_MINE)]

    def _money(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = tx.orders.find(
                master_id=master.id, status=Status.DONE, limit=COUNTED
            )
        percent = self._settings.commission.percent
        return [Reply(texts.money(*earnings(orders, master, percent, self._now())))]

    def _hush(self, master: Master, *, on: bool) -> list[Reply]:
        self._actions.set_quiet(master.id, on=on)
        told = say(
            texts.QUIET_ON if on else texts.QUIET_OFF, keyboard=texts.menu(quiet=on)
        )
        return [told] if on else [told, *self._new(master)]

    def _site(self, master: Master) -> list[Reply]:
        """Give the link to his page on the site, to him alone."""
        token = self._actions.dashboard_link(master)
        return [
            Reply(texts.site_link(self._settings.web.public_url, token), secret=True)
        ]

    # The buttons

    def _pressed(self, state: State, said: Incoming, master: Master | None) -> Answer:
        if said.data.startswith(WAVE):
            return state, self._wave(said, said.data.removeprefix(WAVE))
        press = self._presses.get(said.data)
        if press is None:
            return state, self._stale(said, master)
        after, replies = press(Press(said, *self._look(said.chat, said.order)))
        after = state if said.data in ASIDE else after
        if not any(reply.query for reply in replies):
            replies = [Reply(query=said.query), *replies]
        return after, replies

    def _stale(self, said: Incoming, master: Master | None) -> list[Reply]:
        """Say that a button is none of ours, or none any more; a card of his own is
        made fresh.
        """
        if master is None:
            return [Reply(query=said.query, toast=texts.NOT_LISTED, alert=True)]
        with self._store.reading() as tx:
            shown = tx.cards.shown(said.chat, said.message_id)
        his = shown is not None and shown[1] == master.id
        fresh = (
            self._fresh_card(shown[0], master, edit=said.message_id)
            if shown and his
            else []
        )
        return [
            Reply(
                query=said.query,
                toast=texts.FRESH if fresh else texts.STALE,
                alert=True,
            ),
            *fresh,
        ]

    def _accept(self, press: Press) -> Answer:
        outcome = self._actions.accept(press.said.order, press.master.id)
        if outcome.refusal:
            return {}, self._refused(outcome.refusal, press.said)
        toast = Reply(
            query=press.said.query,
            toast=f"🚀 Заказ #{press.said.order} ваш! Позвоните клиенту",
        )
        return {}, [
            toast,
            *self._fresh_card(
                press.said.order, press.master, edit=press.said.message_id
            ),
        ]

    def _refused(self, reason: Refusal, said: Incoming) -> list[Reply]:
        """Say why nothing happened, and bring the card that was pressed up to date, if
        he may see one.
        """
        seen, master = self._look(said.chat, said.order)
        owner = seen.owner if not seen.refusal(Act.OPEN) else None
        toast = Reply(
            query=said.query, toast=texts.refused(reason, said.order, owner), alert=True
        )
        return [toast, *self._card(said.order, seen, master, edit=said.message_id)]

    def _show_card(self, press: Press) -> Answer:
        if reason := press.seen.refusal(Act.OPEN):
            return {}, self._refused(reason, press.said)
        return {}, self._card(press.said.order, press.seen, press.master)

    def _ask_price(self, press: Press) -> Answer:
        if reason := press.seen.refusal(Act.FINISH):
            return {}, self._refused(reason, press.said)
        return {"step": "price", "order": press.said.order}, [
            Reply(texts.ask_price(press.said.order))
        ]

    def _ask_other_price(self, press: Press) -> Answer:
        """Ask for the right price; once it is too late to correct it himself, ask what
        to pass on to staff.
        """
        reason = press.seen.refusal(Act.CORRECT)
        if reason and reason != "late":
            return {}, self._refused(reason, press.said)
        asked = (
            texts.ask_wish(press.said.order)
            if reason
            else texts.ask_price(press.said.order)
        )
        return {"step": "price", "order": press.said.order}, [Reply(asked)]

    def _finish(
        self, master: Master, order_id: str, price: Decimal, said: str
    ) -> list[Reply]:
        """Finish an order at once: the price can be mended afterwards, a forgotten
        confirmation can not.
        """
        outcome = self._actions.complete(order_id, master.id, price, said)
        if outcome.refusal:
            return [say(texts.refused(outcome.refusal, line(order_id), outcome.owner))]
        share = outcome.commission or Decimal(0)
        return [
            Reply(texts.finished(order_id, price, share)),
            *self._present_card(order_id, master),
        ]

    def _ask_reason(self, press: Press) -> Answer:
        if reason := press.seen.refusal(Act.GIVE_BACK):
            return {}, self._refused(reason, press.said)
        return {"step": "reason", "order": press.said.order}, [
            Reply(texts.ask_reason(press.said.order))
        ]

    def _give_back_for(self, press: Press, why: str) -> Answer:
        if press.seen.who is Who.FORMER:
            return {}, self._refused(press.seen.refusal(Act.GIVE_BACK), press.said)
        outcome = self._actions.give_back(press.said.order, press.master.id, why)
        if outcome.refusal:
            return {}, self._refused(outcome.refusal, press.said)
        told, *others = self._given_back(press.master, press.said.order)
        return {}, [Reply(told.message, edit=press.said.message_id), *others]

    def _give_back(self, master: Master, order_id: str, reason: str) -> list[Reply]:
        outcome = self._actions.give_back(order_id, master.id, reason)
        if outcome.refusal:
            return [say(texts.refused(outcome.refusal, line(order_id), outcome.owner))]
        return self._given_back(master, order_id)

    def _given_back(self, master: Master, order_id: str) -> list[Reply]:
        said = Message(texts.GIVEN_BACK.format(id=line(order_id)))
        with self._store.reading() as tx:
            kept = tx.cards.get(order_id, master.id)
        return [Reply(said), *([Reply(said, edit=kept[1])] if kept else [])]

    def _stay(self, press: Press) -> Answer:
        return {}, [
            Reply(
                Message(texts.STAYS.format(id=line(press.said.order))),
                edit=press.said.message_id,
            )
        ]

    def _wave(self, said: Incoming, rest: str) -> list[Reply]:
        """Take the admin's decision about a wave; nobody else's counts, wherever the
        button came from.
        """
        asked = WAVE_ASKED.fullmatch(rest)
        if asked is None or not self._is_admin(said.chat):
            return [Reply(query=said.query, toast=texts.STALE, alert=True)]
        number, opened = int(asked["number"]), int(asked["opened"])
        answer, wave = self._actions.decide_wave(
            number, send=asked["choice"] == "send", opened=opened or None
        )
        shown = wave_cards.outcome(wave, number)
        return [
            Reply(
                query=said.query,
                toast=wave_cards.decided(answer, wave),
                alert=answer in {"gone", "decided"},
            ),
            Reply(shown, edit=said.message_id),
        ]

    # Helpers

    def _look(self, chat: Address, order_id: str) -> tuple[Sight, Master]:
        """Return an order as whoever writes from a chat sees it now, and who that is,
        without an ID if a stranger.
        """
        with self._store.reading() as tx:
            master, who = acting(tx, chat, order_id)
            return sight(tx, order_id, master, self._now(), who), master or Master("")

    def _card(
        self, order_id: str, seen: Sight, master: Master, edit: str = ""
    ) -> list[Reply]:
        """Return the order's card for a master, nothing where he may not know that
        there is one.
        """
        if seen.refusal(Act.OPEN) not in {"", "gone"}:
            return []
        shown = card(
            seen.order, order_id, View(master.id, self._now(), seen.who), seen.owner
        )
        return [Reply(shown, edit=edit, card=(order_id, master.id))]

    def _fresh_card(self, order_id: str, master: Master, edit: str = "") -> list[Reply]:
        with self._store.reading() as tx:
            seen = sight(tx, order_id, master, self._now())
        return self._card(order_id, seen, master, edit=edit)

    def _present_card(self, order_id: str, master: Master) -> list[Reply]:
        """Return the edit that brings the order's card in this master's chat up to
        date.
        """
        with self._store.reading() as tx:
            kept = tx.cards.get(order_id, master.id)
        return self._fresh_card(order_id, master, edit=kept[1]) if kept else []

    def _is_quiet(self, master: Master) -> bool:
        with self._store.reading() as tx:
            return master.id in tx.masters.quiet()

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None)
