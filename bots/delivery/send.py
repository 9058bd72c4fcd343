"""Drains the outbox: each notice becomes a message, or a reason why not.

    outbox ─▶ due, by recipient ─▶ still true? ─▶ send or edit ─▶ sent | stale | failed | later

A recipient's notices go out in their order, one at a time and one a second; recipients
do not wait for each other, so one chat that Telegram asks to rest, or that fails, holds
up nobody else. Of what has waited long only the first rings, and what a later notice
says again is left out. Before the sheet was first read nobody knows what still is true,
so only the admin is told what is about no order. Where several processes run one bot,
it is the turn of one of them with a recipient.

Sending is at least once. A notice is marked sent after Telegram has said yes, so a
message is repeated in exactly one window: the process dies, or the connection is lost,
after Telegram took the message and before the mark is committed. Where Telegram took it
and did not say so in time, it is asked whether it answers at all before the message is
sent again, later and later, four times in all. What is for the admin waits until he can
be written to.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Sequence
from functools import partial

from telegram.error import TelegramError

from bots.delivery.outbox import Desk, Plan
from bots.keyed_tasks import Lanes, Work, turn
from bots.messages import Message
from bots.telegram.outgoing import Sender, Trouble, trouble_of
from record import failpoints
from record.actions.orders import Actions
from record.backoff import Backoff
from record.dispatch.notices import CARD_KINDS, Notice
from record.errors import NaryadError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store, Waiting, Watch

log = get_logger(__name__)

TOGETHER = 16
TICK_S = 0.5
LATE_S = 60.0
SLACK_S = 0.005
SET_BACK_S = 2.0
REMEMBERED = 1000
BACKOFF = Backoff((1, 2, 5, 10, 20, 30, 60))
UNSURE = Backoff((60, 300, 900))
GONE = Backoff((60, 300, 900, 3600))
KEPT_S = 7 * 86400.0  # for an admin who can't be written to

Person = tuple[str, str]


class Delivery:
    """Sends, through one bot, the notices for certain kinds of people."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        actions: Actions,
        sender: Sender,
        to: Sequence[str],
    ) -> None:
        self._store = store
        self._desk = Desk(store, settings, actions, to)
        self._sender = sender
        self._stop = threading.Event()
        self._wake = asyncio.Event()
        self._lanes = Lanes(TOGETHER, self._wake.set)
        self._rest_s = 1 / settings.telegram.chat_messages_per_second
        self._wrote: dict[Person, float] = {}
        self._unmarked: dict[int, tuple[Plan, str]] = {}
        self._unsure = True
        self._ahead = time.time() - time.monotonic()

    async def run(self) -> None:
        """Send until :meth:`stop`; what has been begun is finished."""
        with contextlib.suppress(NaryadError):  # then it is tried when its time comes
            await asyncio.to_thread(self._desk.begin)
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
        """Wake whoever looks what there is to do: at once when something is queued, and
        now and then anyway.
        """
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
            await asyncio.to_thread(self._desk.hurry)
        self._ahead = ahead

    async def _look(self) -> list[tuple[Person, Work]]:
        now = time.monotonic()
        waiting = [_person(one) for one in await asyncio.to_thread(self._desk.heads)]
        return [
            (person, partial(self._serve, person))
            for person in waiting
            if self._since(person, now) >= self._rest_s
        ]

    def _since(self, person: Person, now: float) -> float:
        return now - self._wrote.get(person, float("-inf"))

    async def _serve(self, person: Person) -> None:
        """Do a recipient's notices up to the first that Telegram was asked to take."""
        async with turn(self._store, "outbox", " ".join(person)) as mine:
            while mine and not self._stop.is_set():
                heads = await asyncio.to_thread(self._desk.heads, person[1])
                waiting = next((one for one in heads if _person(one) == person), None)
                if waiting is None or not await self._deliver(waiting):
                    return

    def _wrote_to(self, person: Person) -> None:
        """Let a recipient rest before the next message."""
        now = time.monotonic()
        if len(self._wrote) > REMEMBERED:
            self._wrote = {
                one: at for one, at in self._wrote.items() if now - at < LATE_S
            }
        self._wrote[person] = now
        asyncio.get_running_loop().call_later(self._rest_s + SLACK_S, self._wake.set)

    async def _deliver(self, waiting: Waiting) -> bool:
        """Do one notice; False when the recipient's next ones must wait."""
        if taken := self._unmarked.get(waiting.id):
            await self._mark(waiting, *taken)
            return True
        now = time.monotonic()
        silent = (
            time.time() - waiting.queued_at
            > LATE_S
            > self._since(_person(waiting), now)
        )
        try:
            plan = await asyncio.to_thread(self._desk.present, waiting)
        except NaryadError:
            raise
        except Exception as error:  # one notice that can't be put into words must not hold up the others
            log.exception(
                "notice_broke", kind=waiting.notice.kind, order=waiting.notice.order_id
            )
            plan = Plan(state="failed", why=repr(error))
        if plan.message is None:
            await asyncio.to_thread(self._desk.end, waiting, plan)
            return True
        if self._unsure:
            await asyncio.to_thread(self._desk.probe)
            self._unsure = False
        failpoints.passing("send.worded")
        try:
            if waiting.maybe:
                await self._sender.ask()
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

    async def _send(self, plan: Plan, message: Message, *, silent: bool = False) -> str:
        if not plan.edit:
            return await self._sender.send(plan.chat, message, silent=silent)
        await self._sender.edit(plan.chat, plan.edit, message)
        return plan.edit

    async def _failed(self, waiting: Waiting, plan: Plan, trouble: Trouble) -> bool:
        if trouble.meaning == "unchanged":
            await asyncio.to_thread(self._desk.sent, waiting, plan, plan.edit)
            return True
        if waiting.notice.to == "admin" and trouble.chat not in {None, plan.chat}:
            await asyncio.to_thread(self._desk.follow, plan.chat, trouble.chat)
            return True
        pause = self._pause(waiting, plan, trouble)
        if pause is not None:
            await asyncio.to_thread(self._desk.postpone, waiting, plan, pause, trouble)
            return False
        await asyncio.to_thread(self._desk.give_up, waiting, plan, trouble)
        return True

    def _pause(self, waiting: Waiting, plan: Plan, trouble: Trouble) -> float | None:
        """Return how long to wait before the next try, None where there shall be none."""
        if trouble.meaning == "unsure" and not plan.edit:
            return UNSURE.limited(waiting.maybe + 1)
        if trouble.meaning in {"passing", "unsure"}:
            return trouble.wait or BACKOFF.after(waiting.attempts + 1)
        if (
            trouble.meaning == "gone"
            and waiting.notice.to == "admin"
            and time.time() - waiting.queued_at < KEPT_S
        ):
            return GONE.after(waiting.attempts + 1)
        return None

    async def _freshen(self, notice: Notice, shown: Message) -> None:
        """Bring a card up to date that was on its way while the order was taken."""
        present = await asyncio.to_thread(
            self._desk.plan,
            Notice("", notice.to, notice.recipient, "card", notice.order_id),
        )
        sent_as = await asyncio.to_thread(self._desk.plan, notice)
        if sent_as.message == shown or present.message is None:
            return
        try:
            await self._send(present, present.message)
        except TelegramError as error:
            if trouble_of(error).meaning != "unchanged":
                log.warning(
                    "card_not_freshened", order=notice.order_id, error=str(error)
                )

    async def _mark(self, waiting: Waiting, plan: Plan, message_id: str) -> None:
        """Note that Telegram took a notice; where that can't be saved, it is tried
        again, and nothing sent again.
        """
        self._unmarked[waiting.id] = plan, message_id
        try:
            await asyncio.to_thread(self._desk.sent, waiting, plan, message_id)
        except NaryadError:
            self._unsure = True
            raise
        del self._unmarked[waiting.id]


def _person(waiting: Waiting) -> Person:
    return waiting.notice.to, waiting.notice.recipient
