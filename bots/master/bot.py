"""The master bot: what a master did in, what to answer out.

What is about one order is in bots/master/orders.py.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bots import wave_cards
from bots.channel import inbox_name
from bots.client.bot import shop_of
from bots.conversations import Memory
from bots.incoming import Incoming
from bots.master import dialog, passing, pricing, questions, texts
from bots.master.dialog import State
from bots.master.entry import EntryTalk
from bots.master.orders import Answer, MasterOrders
from bots.messages import Reply, say
from bots.wording import FAILED, line
from record import consent
from record.actions.access import acting, free
from record.actions.joining import namesake
from record.actions.orders import Actions
from record.actions.talks import TalkActions
from record.dispatch.model import Master
from record.dispatch.permissions import Act, Who, barred, standing
from record.reports.earnings import earnings
from record.settings import Settings
from record.store import Store
from record.values import Address, Status
from record.watch.admin_chat import chat_of

# how long somebody unknown waits for the first poll after a start
SHEET_WAIT_S = 15.0
SHOWN = 10
COUNTED = 500
MOST_DONE = 5000  # orders of which earnings are summed up
WAVE = "wave:"
WAVE_ASKED = re.compile(
    r"(?P<number>\d{1,8}):(?P<opened>\d{1,10}):(?P<choice>send|leave)", re.ASCII
)
Show = Callable[[Master], list[Reply]]


class MasterBot:
    """Answers masters.

    Safe to ask twice about the same update: each act changes nothing the second time.
    """

    role = "master"
    failed = FAILED
    commands = (("start", "Показать меню"), ("site", "Кабинет на сайте"))

    def __init__(self, store: Store, settings: Settings, actions: Actions) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._orders = MasterOrders(store, settings, actions)
        self._talks = TalkActions(store, settings)
        self._entry = EntryTalk(store, settings)
        self._menu: dict[str, tuple[Act, Show]] = {
            texts.NEW: (Act.LIST_NEW, self._new),
            texts.MINE: (Act.LIST_MINE, self._mine),
            texts.MONEY: (Act.EARNINGS, self._money),
            texts.QUIET: (Act.QUIET, partial(self._hush, on=True)),
            texts.LOUD: (Act.QUIET, partial(self._hush, on=False)),
            texts.SITE: (Act.DASHBOARD, self._site),
        }

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""
        admin = self._is_admin(said.chat)
        if admin and self._passed_on(update_id, said):
            return (say(texts.PASSED_ON),)
        # in a group too, and before any sheet was read: it is how the admin's chat is
        # found
        if said.command == "id":
            return (say(texts.CHAT_ID.format(id=said.chat)),)
        if (of_staff := self._entry.answer(said)) is not None:
            return of_staff
        if not said.private and not (admin and _for_the_admin(said)):
            return ()
        return self._answer(update_id, said, admin=admin)

    def _answer(
        self, update_id: int, said: Incoming, *, admin: bool
    ) -> Sequence[Reply]:
        known = self._actions.knows_the_sheet(SHEET_WAIT_S)
        with self._store.reading() as tx:
            memory = Memory(tx, self.role)
            decided = memory.decided(said.chat, update_id)
            state = memory.state(said.chat)
            master = tx.masters.by_chat(said.chat)
        if decided is not None:
            return decided
        # who is on no list yet may be in the sheet that was not read
        if not (known or master or admin):
            return (say(texts.STARTING),)
        once = f"{inbox_name(self.role, said.chat.channel)}:{update_id}"
        state, replies = self._settled(state, said, master, once, admin=admin)
        kept: Sequence[Reply] = replies
        if any(reply.secret for reply in replies):
            # Asked twice, a link is made twice and the first void.
            update_id, kept = 0, ()
        with self._store.transaction() as tx:
            Memory(tx, self.role).keep(said.chat, update_id, state, kept)
        return replies

    def _settled(
        self,
        state: State,
        said: Incoming,
        master: Master | None,
        once: str,
        *,
        admin: bool,
    ) -> Answer:
        """Decide, and let a question that was asked stand until it is answered."""
        bare = {key: kept for key, kept in state.items() if key != "album"}
        if said.album and said.album == state.get("album") and not said.text:
            if master is not None:
                passing.pass_on(self._actions, master, said, once)
            return state, []  # an album is answered once
        decided, replies = self._decide(bare, said, master, once, admin=admin)
        after = questions.settled(bare, decided, said)
        if questions.asks_again(bare, after):
            replies = [*replies, Reply(questions.reminder(after))]
        if said.album:
            after = {**after, "album": said.album}
        return after, replies

    def _is_admin(self, chat: Address) -> bool:
        with self._store.reading() as tx:
            return chat == chat_of(tx, self._settings)

    def _passed_on(self, update_id: int, said: Incoming) -> bool:
        """Put an answer to a visitor's question into the site's chat, if it is one."""
        if not (said.reply_to and said.text):
            return False
        message = said.chat, said.reply_to
        once = f"{inbox_name(self.role, said.chat.channel)}:{update_id}"
        return self._talks.staff_answer(message, said.text, once)

    def _decide(
        self,
        state: State,
        said: Incoming,
        master: Master | None,
        once: str,
        *,
        admin: bool,
    ) -> Answer:
        if said.kind == "press":
            return self._pressed(state, said, master)
        if admin and _greets_the_admin(state, said, master):
            if master is None:
                return {}, [say(texts.ADMIN)]
            welcome = [say(texts.ADMIN_TOO), *self._welcome(master)]
            return self._reminded(state, welcome)
        if master is None:
            return self._unlisted(state, said, once)
        asked = texts.SITE if said.command == "site" else said.text
        if asked in self._menu:
            return self._reminded(state, self._chosen(asked, master))
        return self._said(state, said, master, once)

    def _reminded(self, state: State, replies: list[Reply]) -> Answer:
        """Return the replies, and behind them the question that stands."""
        if not questions.stands(state):
            return {}, replies
        return state, [*replies, Reply(questions.reminder(state))]

    def _unlisted(self, state: State, said: Incoming, once: str) -> Answer:
        """Answer who is on no list.

        That is a newcomer, or a former master who was asked the price of an order of
        his.
        """
        if not said.command and state.get("step") == "price":
            with self._store.reading() as tx:
                master, who = acting(tx, said.chat, state["order"])
            if master and who is Who.FORMER:
                return self._said(state, said, master, once)
        return self._register(state, said)

    def _chosen(self, key: str, master: Master) -> list[Reply]:
        """Answer a key of the menu.

        Who does not work here any more sees only what is his own.
        """
        who = standing(master)
        act, show = self._menu[key]
        if barred(who, act):
            return [self._inactive(master)]
        shown = show(master)
        if who is Who.ACTIVE:
            return shown
        return [self._inactive(master), *shown]

    def _inactive(self, master: Master) -> Reply:
        return say(texts.INACTIVE.format(name=line(master.name, 60)))

    def _register(self, state: State, said: Incoming) -> Answer:
        turn = dialog.registering(state, said, shop_of(self._settings))
        if turn.act != "register":
            return self._unless_namesake(state, turn)
        facts = turn.facts
        master = self._actions.register_master(
            facts["name"],
            facts["phone"],
            said.chat,
            facts["speciality"],
            own_phone=bool(facts.get("own_phone")),
            telegram=said.known_as,
            phone_said=facts.get("phone_said", ""),
            consent=consent.VERSION,
        )
        text = texts.RECOGNISED if master.active else texts.REGISTERED
        return {}, [say(text.format(name=line(master.name, 60)))]

    def _unless_namesake(self, state: State, turn: dialog.Turn) -> Answer:
        """Return a turn, unless somebody who writes here has the name that was given.

        He is asked once; who is called so and no other way gets a mark (joining.py).
        """
        asked = turn.state, [Reply(turn.message)]
        is_named = state.get("step") == "name" and turn.state.get("step") == "phone"
        if not is_named:
            return asked
        name = turn.state["draft"]["name"]
        with self._store.reading() as tx:
            taken = namesake(tx.masters.roster(), name)
        if taken is None or state.get("namesake") == name:
            return asked
        if taken.chat is None:
            # most likely he himself, whom staff have typed: his own contact will tell
            return asked
        told = say(texts.NAMESAKE.format(name=line(name, 60)))
        return {**state, "namesake": name}, [told]

    def _said(self, state: State, said: Incoming, master: Master, once: str) -> Answer:
        if said.command:
            welcome = self._welcome(master, again=said.command != "start")
            return self._reminded(state, welcome)
        if not questions.stands(state):
            return {}, self._unasked(said, master, once)
        if said.edited and said.message_id != state.get("tried"):
            return self._reminded(state, [say(texts.EDITED_IN_VAIN)])
        if questions.cancels(said):
            return {}, self._orders.stays(said.chat, state)
        aside: list[Reply] = []
        if questions.is_for_staff(state, said):
            aside = [say(passing.pass_on(self._actions, master, said, once))]
        elif polite := passing.polite(said):
            aside = [say(polite)]
        if questions.is_beside(state, said):
            return self._reminded(state, aside)
        return self._answered(state, said, master)

    def _answered(self, state: State, said: Incoming, master: Master) -> Answer:
        asked = pricing.pricing if state["step"] == "price" else dialog.giving_back
        turn = asked(state, said)
        facts = turn.facts
        if turn.act == "price":
            words = facts.get("said", "")
            done = self._orders.finish(master, facts["order"], turn.price, words)
            return {}, done
        if turn.act == "give_back":
            reason = facts["reason"]
            return {}, self._orders.give_back(master, facts["order"], reason)
        return {**turn.state, "tried": said.message_id}, [Reply(turn.message)]

    def _unasked(self, said: Incoming, master: Master, once: str) -> list[Reply]:
        """Answer what nobody asked for: staff hear it, unless it says nothing."""
        if said.edited and passing.is_sum(said):
            return [say(texts.EDITED_IN_VAIN)]
        if standing(master) is Who.ACTIVE and passing.is_sum(said):
            with self._store.reading() as tx:
                his = tx.orders.find(
                    master_id=master.id, status=Status.WORK, limit=SHOWN
                )
            return [Reply(passing.which_order(his))]
        polite = passing.polite(said)
        if polite is None:
            text = passing.pass_on(self._actions, master, said, once)
            return [say(text), *self._welcome(master, again=True)]
        welcome = self._welcome(master, again=True)
        return [say(polite), *welcome] if polite else welcome

    def _welcome(self, master: Master, *, again: bool = False) -> list[Reply]:
        if standing(master) is not Who.ACTIVE:
            return [self._inactive(master)]
        text = texts.HINT
        if not again:
            text = texts.WELCOME.format(name=line(master.name, 60))
        return [say(text, keyboard=texts.menu(quiet=self._is_quiet(master)))]

    # The menu

    def _new(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = free(tx, self._now(), COUNTED)
        quiet = self._is_quiet(master)
        shown = texts.new_orders(orders[:SHOWN], quiet=quiet, total=len(orders))
        return [Reply(shown)]

    def _mine(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = tx.orders.find(
                master_id=master.id, status=Status.WORK, limit=SHOWN
            )
        cards: list[Reply] = []
        for order in orders:
            cards += self._orders.fresh_card(order.id, master)
        return cards or [say(texts.NO_MINE)]

    def _money(self, master: Master) -> list[Reply]:
        with self._store.reading() as tx:
            orders = tx.orders.find(
                master_id=master.id, status=Status.DONE, limit=MOST_DONE
            )
        percent = self._settings.commission.percent
        return [Reply(texts.money(*earnings(orders, master, percent, self._now())))]

    def _hush(self, master: Master, *, on: bool) -> list[Reply]:
        self._actions.set_quiet(master.id, on=on)
        if on:
            return [say(texts.QUIET_ON, keyboard=texts.menu(quiet=True))]
        loud = say(texts.QUIET_OFF, keyboard=texts.menu(quiet=False))
        return [loud, *self._new(master)]

    def _site(self, master: Master) -> list[Reply]:
        """Give the link to his page on the site, to him alone."""
        token = self._actions.dashboard_link(master)
        shown = texts.site_link(self._settings.web.public_url, token)
        return [Reply(shown, secret=True)]

    # The buttons

    def _pressed(self, state: State, said: Incoming, master: Master | None) -> Answer:
        if said.data.startswith(WAVE):
            return state, self._wave(said, said.data.removeprefix(WAVE))
        return self._orders.pressed(state, said, master)

    def _wave(self, said: Incoming, rest: str) -> list[Reply]:
        """Take the admin's decision about a wave.

        Nobody else's counts, wherever the button came from.
        """
        # the seal proves that the button is ours, not who may decide
        asked = WAVE_ASKED.fullmatch(rest)
        if asked is None or not self._is_admin(said.chat):
            return [Reply(query=said.query, toast=texts.STALE, alert=True)]
        number, opened = int(asked["number"]), int(asked["opened"])
        answer, wave = self._actions.decide_wave(
            number, send=asked["choice"] == "send", opened=opened or None
        )
        toast = Reply(
            query=said.query,
            toast=wave_cards.decided(answer, wave),
            alert=answer in {"gone", "decided"},
        )
        outcome = wave_cards.outcome(wave, number)
        return [toast, Reply(outcome, edit=said.message_id)]

    def _is_quiet(self, master: Master) -> bool:
        with self._store.reading() as tx:
            return master.id in tx.masters.quiet()

    def _now(self) -> datetime:
        return datetime.now(self._settings.zone).replace(tzinfo=None)


def _for_the_admin(said: Incoming) -> bool:
    """Return whether something is answered in the admin's group, where much is said."""
    if said.kind == "press":
        return said.data.startswith(WAVE)
    return said.command == "start"


def _greets_the_admin(state: State, said: Incoming, master: Master | None) -> bool:
    """Return whether the admin has to be told what his chat is for.

    He may be a master too, or become one: then he is asked and answered like anybody.
    """
    if said.command == "start":
        return True
    if master or state:
        return False
    return said.command != "register"
