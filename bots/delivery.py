"""Drains the outbox: each notice becomes a message, or a reason why not.

    outbox ─▶ due, by recipient ─▶ still true? ─▶ send or edit ─▶ sent | stale | failed | later

A recipient's notices go out in their order, one at a time and one a second; recipients do not wait for each other,
so one chat that Telegram asks to rest, or that fails, holds up nobody else. Of what has waited long only the first
rings, and what a later notice says again is left out. Where several processes run one bot, it is the turn of one of
them with a recipient.

Sending is at least once. A notice is marked sent after Telegram has said yes, so a message is repeated in exactly
one window: the process dies, or the connection is lost, after Telegram took the message and before the mark is
committed.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from telegram.error import TelegramError

from bots.client import master_of, shop_of
from bots.lanes import Lanes, Work, turn
from bots.messages import Message
from bots.outgoing import Sender, Trouble, trouble_of
from bots.relevance import REPEATED, Now, relevant
from bots.texts.cards import View
from bots.texts.notices import Scene, message_of
from record import failpoints
from record.actions import Actions
from record.errors import NaryadError
from record.logs import get_logger, mask_chat
from record.notices import CARD_KINDS, Notice
from record.reach import uncancelled
from record.settings import Settings
from record.store import Store, Tx, Waiting, Watch

log = get_logger(__name__)

TOGETHER = 16
TICK_S = 0.5
LATE_S = 60.0
SLACK_S = 0.005
SET_BACK_S = 2.0
REMEMBERED = 1000
BACKOFF_S = (1, 2, 5, 10, 20, 30, 60)

Person = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """What is to be done about a notice now: ``message`` to ``chat``, as the new look of ``edit`` if not 0.

    Without a message the notice ends at once in ``state``, because of ``why``.
    """

    chat: int = 0
    message: Message | None = None
    edit: int = 0
    state: str = ""
    why: str = ""


class Delivery:
    """Sends, through one bot, the notices for certain kinds of people."""

    def __init__(self, store: Store, settings: Settings, actions: Actions, sender: Sender, to: Sequence[str]) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._sender = sender
        self._to = tuple(to)
        self._shop = shop_of(settings)
        self._stop = threading.Event()
        self._wake = asyncio.Event()
        self._lanes = Lanes(TOGETHER, self._wake.set)
        self._rest_s = 1 / settings.telegram.chat_messages_per_second
        self._wrote: dict[Person, float] = {}
        self._unmarked: dict[int, tuple[Plan, int]] = {}
        self._unsure = True
        self._ahead = time.time() - time.monotonic()

    async def run(self) -> None:
        """Send until :meth:`stop`; what has been begun is finished."""
        watching = asyncio.create_task(self._watch())
        try:
            while not self._stop.is_set():
                self._wake.clear()
                await self._lanes.fill(self._look)
                await self._wake.wait()
        finally:
            self.stop()
            await self._lanes.finish()
            await watching

    def stop(self) -> None:
        """Begin nothing new; call it on the event loop's thread."""
        self._stop.set()
        self._wake.set()

    async def _watch(self) -> None:
        """Wake whoever looks what there is to do: at once when something is queued, and now and then anyway."""
        watch: Watch | None = None
        while not self._stop.is_set():
            try:
                if watch is None:
                    watch = await asyncio.to_thread(self._store.watch, "outbox")
                await asyncio.to_thread(watch.wait, TICK_S, self._stop)
                await self._mind_the_clock()
            except NaryadError:  # whoever looks what there is to do says so
                await asyncio.sleep(TICK_S)
            self._wake.set()
        if watch:
            await asyncio.to_thread(watch.close)

    async def _mind_the_clock(self) -> None:
        """Let nobody wait for a time that has moved away, since the clock was set back."""
        ahead = time.time() - time.monotonic()
        if ahead < self._ahead - SET_BACK_S:
            await asyncio.to_thread(self._hurry)
        self._ahead = ahead

    def _hurry(self) -> None:
        with self._store.transaction() as tx:
            tx.outbox.hurry()

    async def _look(self) -> list[tuple[Person, Work]]:
        now = time.monotonic()
        waiting = [_person(one) for one in await asyncio.to_thread(self._heads)]
        return [
            (person, partial(self._serve, person)) for person in waiting if self._since(person, now) >= self._rest_s
        ]

    def _heads(self, recipient: str | None = None) -> list[Waiting]:
        with self._store.reading() as tx:
            return tx.outbox.heads(self._to, recipient)

    def _since(self, person: Person, now: float) -> float:
        return now - self._wrote.get(person, float("-inf"))

    async def _serve(self, person: Person) -> None:
        """Do a recipient's notices up to the first that Telegram was asked to take."""
        async with turn(self._store, "outbox", " ".join(person)) as mine:
            while mine and not self._stop.is_set():
                heads = await asyncio.to_thread(self._heads, person[1])
                waiting = next((one for one in heads if _person(one) == person), None)
                if waiting is None or not await self._deliver(waiting):
                    return

    def _wrote_to(self, person: Person) -> None:
        """Let a recipient rest before the next message."""
        now = time.monotonic()
        if len(self._wrote) > REMEMBERED:
            self._wrote = {one: at for one, at in self._wrote.items() if now - at < LATE_S}
        self._wrote[person] = now
        asyncio.get_running_loop().call_later(self._rest_s + SLACK_S, self._wake.set)

    async def _deliver(self, waiting: Waiting) -> bool:
        """Do one notice; False when the recipient's next ones must wait."""
        if taken := self._unmarked.get(waiting.id):
            await self._mark(waiting, *taken)
            return True
        now = time.monotonic()
        silent = time.time() - waiting.queued_at > LATE_S > self._since(_person(waiting), now)
        try:
            plan = await asyncio.to_thread(self._present, waiting)
        except NaryadError:
            raise
        except Exception as error:  # one notice that can't be put into words must not hold up the others
            log.exception("notice_broke", kind=waiting.notice.kind, order=waiting.notice.order_id)
            plan = Plan(state="failed", why=repr(error))
        if plan.message is None:
            await asyncio.to_thread(self._end, waiting, plan)
            return True
        if self._unsure:
            await asyncio.to_thread(self._probe)
        failpoints.passing("send.worded")
        try:
            message_id = await self._send(plan, plan.message, silent=silent)
        except TelegramError as error:
            return await self._failed(waiting, plan, trouble_of(error))
        failpoints.passing("send.accepted")
        await self._mark(waiting, plan, message_id)
        failpoints.passing("send.marked")
        if waiting.notice.kind in CARD_KINDS:
            await self._freshen(waiting.notice, plan.message)
        self._wrote_to(_person(waiting))
        return False

    async def _send(self, plan: Plan, message: Message, *, silent: bool = False) -> int:
        if not plan.edit:
            return await self._sender.send(plan.chat, message, silent=silent)
        await self._sender.edit(plan.chat, plan.edit, message)
        return plan.edit

    async def _failed(self, waiting: Waiting, plan: Plan, trouble: Trouble) -> bool:
        if trouble.meaning == "unchanged":
            await asyncio.to_thread(self._sent, waiting, plan, plan.edit)
            return True
        if trouble.meaning == "passing":
            pause = trouble.wait or BACKOFF_S[min(waiting.attempts, len(BACKOFF_S) - 1)]
            await asyncio.to_thread(self._postpone, waiting, plan, pause, trouble.words)
            return False
        await asyncio.to_thread(self._give_up, waiting, plan, trouble)
        return True

    async def _freshen(self, notice: Notice, shown: Message) -> None:
        """Bring a card up to date that was on its way while the order was taken."""
        present = await asyncio.to_thread(
            self._plan, Notice("", notice.to, notice.recipient, "card", notice.order_id)
        )
        sent_as = await asyncio.to_thread(self._plan, notice)
        if sent_as.message == shown or present.message is None:
            return
        try:
            await self._send(present, present.message)
        except TelegramError as error:
            if trouble_of(error).meaning != "unchanged":
                log.warning("card_not_freshened", order=notice.order_id, error=str(error))

    async def _mark(self, waiting: Waiting, plan: Plan, message_id: int) -> None:
        """Note that Telegram took a notice; where that can't be saved, it is tried again, and nothing sent again."""
        self._unmarked[waiting.id] = plan, message_id
        try:
            await asyncio.to_thread(self._sent, waiting, plan, message_id)
        except NaryadError:
            self._unsure = True
            raise
        del self._unmarked[waiting.id]

    # What happens in the store; each is called in a thread of its own.

    def _probe(self) -> None:
        """Find out whether marks can be saved now, before anything is sent that could not be marked as sent."""
        with self._store.transaction() as tx:
            tx.facts.put(f"writable.{self._to[0]}", time.time())
        self._unsure = False

    def _present(self, waiting: Waiting) -> Plan:
        if waiting.notice.kind in REPEATED:
            with self._store.reading() as tx:
                if tx.outbox.said_again(waiting):
                    return Plan(state="stale", why="said again later")
        return self._plan(waiting.notice)

    def _plan(self, notice: Notice) -> Plan:
        with self._store.reading() as tx:
            order = tx.orders.get(notice.order_id) if notice.order_id else None
            owner = master_of(tx, order) if order else None
            now = Now(order, owner, tx.masters.roster(), tx.masters.quiet())
            if not relevant(notice, now):
                return Plan(state="stale")
            chat, edit = _address(tx, notice, now)
        if notice.kind == "card" and not edit:
            return Plan(state="stale", why="no card")
        if not chat:
            return Plan(state="failed", why="no chat")
        view = View(notice.recipient, datetime.now(self._settings.zone).replace(tzinfo=None))
        scene = Scene(notice, order, owner, view, self._shop, self._settings.telegram.folder_url)
        return Plan(chat, message_of(scene), edit)

    def _sent(self, waiting: Waiting, plan: Plan, message_id: int) -> None:
        self._actions.sent(waiting, plan.chat, message_id)
        _log("info", "delivered", waiting.notice, plan.chat)

    def _end(self, waiting: Waiting, plan: Plan) -> None:
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, plan.state, plan.why)
        failed = plan.state == "failed"
        _log("warning" if failed else "info", "undelivered" if failed else "stale", waiting.notice, 0, why=plan.why)

    def _postpone(self, waiting: Waiting, plan: Plan, seconds: float, words: str) -> None:
        with self._store.transaction() as tx:
            tx.outbox.postpone(waiting.id, seconds, words)
        if waiting.attempts == 0:
            _log("warning", "delivery_postponed", waiting.notice, plan.chat, seconds=seconds, why=words)

    def _give_up(self, waiting: Waiting, plan: Plan, trouble: Trouble) -> None:
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, "failed", trouble.words)
            if trouble.meaning == "gone" and waiting.notice.to != "admin":
                tx.masters.set_unreachable(waiting.notice.to, plan.chat, trouble.words)
                self._ask_to_call(tx, waiting.notice, trouble.words)
        _log("warning", "undelivered", waiting.notice, plan.chat, why=trouble.words)

    def _ask_to_call(self, tx: Tx, notice: Notice, words: str) -> None:
        """Let a person tell the client that nobody will come; the row of an open order says as much by itself."""
        order, admin = tx.orders.get(notice.order_id), self._settings.telegram.admin_chat_id
        if (notice.to, notice.kind) == ("client", "cancelled") and order and admin:
            facts = {"text": uncancelled(order, words)}
            tx.outbox.add(Notice(f"unheard:{notice.key}", "admin", str(admin), "alarm", order.id, facts))


def _person(waiting: Waiting) -> Person:
    return waiting.notice.to, waiting.notice.recipient


def _address(tx: Tx, notice: Notice, now: Now) -> tuple[int, int]:
    """Return the chat and, for a card that is to change, its message; 0 where there is none."""
    if notice.kind == "card":
        return tx.cards.get(notice.order_id, notice.recipient) or (0, 0)
    if notice.to == "master":
        master = now.roster.get(notice.recipient)
        return (master.chat or 0 if master else 0), 0
    digits = notice.recipient.removeprefix("-")
    return (int(notice.recipient) if digits.isdecimal() else 0), 0


def _log(level: str, event: str, notice: Notice, chat: int, **more: object) -> None:
    facts = {"kind": notice.kind, "to": notice.to, "order": notice.order_id or None, "chat": mask_chat(chat)}
    shown = {key: value for key, value in {**facts, **more}.items() if value not in (None, "")}
    getattr(log, level)(event, **shown)
