"""Drains the outbox: each notice becomes a message, or a reason why not.

    outbox ─▶ due, by recipient ─▶ still true? ─▶ send or edit ─▶ sent | stale | failed | later

A recipient's notices go out in their order, one at a time and one a second; recipients
do not wait for each other, so one chat that a channel asks to rest, or that fails, holds
up nobody else. Of what has waited long only the first makes a sound, and what a later
notice says again is left out. Before the sheet was first read nobody knows what still is true,
so only the admin is told what is about no order. Where several processes run one bot,
it is the turn of one of them with a recipient.

Sending is at least once. A notice is marked sent after the channel has said yes, so a
message is repeated in exactly one window: the process dies, or the connection is lost,
after the channel took the message and before the mark is committed. Where the channel
took it and did not say so in time, it is asked whether it answers at all before the
message is sent again, later and later, four times in all. What is for the admin waits
until he can be written to.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Sequence
from functools import partial

from bots.channel import Chats, Failure, NotDelivered
from bots.delivery.outbox import DeliveryStore, Outgoing
from bots.keyed_tasks import KeyedTasks, Work, turn
from bots.markup import pieces
from bots.messages import Message
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
# a timer may fire a moment early, and then nothing would be due
SLACK_S = 0.005
# less is the usual adjustment of a clock
SET_BACK_S = 2.0
# recipients; others have rested long ago
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
        channels: Sequence[Chats],
        to: Sequence[str],
    ) -> None:
        self._store = store
        self._channels = {chats.channel: chats for chats in channels}
        self._kept = DeliveryStore(store, settings, actions, to, self._channels.keys())
        # of threads: the store's watch waits for it outside the event loop
        self._stop = threading.Event()
        self._wake = asyncio.Event()
        self._tasks = KeyedTasks(TOGETHER, self._wake.set)
        self._rest_s = 1 / settings.telegram.chat_messages_per_second
        # when each recipient last got a message
        self._wrote: dict[Person, float] = {}
        # taken by a channel, not yet noted as sent: never to be sent again
        self._unmarked: dict[int, tuple[Outgoing, str]] = {}
        # whether the store takes anything now
        self._unsure = True
        self._ahead = time.time() - time.monotonic()

    async def run(self) -> None:
        """Send until :meth:`stop`; what is at work by then is finished."""
        with contextlib.suppress(NaryadError):  # then it is tried when its time comes
            await asyncio.to_thread(self._kept.begin)
        watching = asyncio.create_task(self._watch())
        try:
            while not self._stop.is_set():
                # before the look, so that what comes during it is not missed
                self._wake.clear()
                await self._tasks.fill(self._look)
                await self._wake.wait()
        finally:
            self.stop()
            await self._tasks.finish()
            await watching

    def stop(self) -> None:
        """Take up nothing new; call it on the event loop's thread."""
        self._stop.set()
        self._wake.set()

    async def _watch(self) -> None:
        """Wake whoever looks what there is to do.

        At once when something is queued, and now and then anyway.
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
            await asyncio.to_thread(self._kept.hurry)
        self._ahead = ahead

    async def _look(self) -> list[tuple[Person, Work]]:
        now = time.monotonic()
        found: list[tuple[Person, Work]] = []
        for waiting in await asyncio.to_thread(self._kept.heads):
            person = _person(waiting)
            if self._since(person, now) >= self._rest_s:
                found.append((person, partial(self._serve, person)))
        return found

    def _since(self, person: Person, now: float) -> float:
        return now - self._wrote.get(person, float("-inf"))

    async def _serve(self, person: Person) -> None:
        """Do a recipient's notices up to the first that a channel was asked to take."""
        async with turn(self._store, "outbox", " ".join(person)) as mine:
            while mine and not self._stop.is_set():
                heads = await asyncio.to_thread(self._kept.heads, person[1])
                # A master's ID may be the number of the admin's chat as well.
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
        silent = self._is_silent(waiting)
        outgoing = await self._outgoing(waiting)
        if outgoing.message is None:
            await asyncio.to_thread(self._kept.end, waiting, outgoing)
            return True
        if self._unsure:
            await asyncio.to_thread(self._kept.probe)
            self._unsure = False
        failpoints.passing("send.worded")
        chats = self._channels[outgoing.chat.channel]
        try:
            if waiting.maybe:
                await chats.ask()
            message_id = await self._send(outgoing, outgoing.message, silent=silent)
        except NotDelivered as refusal:
            return await self._failed(waiting, outgoing, refusal)
        failpoints.passing("send.accepted")
        await self._mark(waiting, outgoing, message_id)
        failpoints.passing("send.marked")
        if waiting.notice.kind in CARD_KINDS:
            await self._freshen(waiting.notice, outgoing.message)
        self._wrote_to(_person(waiting))
        return False

    def _is_silent(self, waiting: Waiting) -> bool:
        """Return whether a notice makes no sound.

        It has waited long, and its recipient has just got another.
        """
        # after an outage many come at once; one sound is enough
        waited = time.time() - waiting.queued_at
        return waited > LATE_S > self._since(_person(waiting), time.monotonic())

    async def _outgoing(self, waiting: Waiting) -> Outgoing:
        try:
            return await asyncio.to_thread(self._worded, waiting)
        except NaryadError:
            raise
        except Exception as error:
            # One notice that can't be put into words must not hold up the others.
            notice = waiting.notice
            log.exception("notice_broke", kind=notice.kind, order=notice.order_id)
            return Outgoing(state="failed", why=repr(error))

    def _worded(self, waiting: Waiting) -> Outgoing:
        outgoing = self._kept.present(waiting)
        if outgoing.message is not None:
            # A mark that no channel knows must fail here: raised by a door, it would
            # stop everything that waits behind this notice.
            pieces(outgoing.message.text)
        return outgoing

    async def _send(
        self, outgoing: Outgoing, message: Message, *, silent: bool = False
    ) -> str:
        chats = self._channels[outgoing.chat.channel]
        if not outgoing.edit:
            return await chats.send(outgoing.chat, message, silent=silent)
        await chats.edit(outgoing.chat, outgoing.edit, message)
        return outgoing.edit

    async def _failed(
        self, waiting: Waiting, outgoing: Outgoing, refusal: NotDelivered
    ) -> bool:
        kept = self._kept
        if refusal.failure is Failure.UNCHANGED:
            # the edit before this one arrived, though nobody said so
            await asyncio.to_thread(kept.sent, waiting, outgoing, outgoing.edit)
            return True
        moved_to = refusal.moved_to
        if waiting.notice.to == "admin" and moved_to not in {None, outgoing.chat}:
            await asyncio.to_thread(kept.follow, outgoing.chat, moved_to)
            return True
        pause = self._pause(waiting, outgoing, refusal)
        if pause is not None:
            await asyncio.to_thread(kept.postpone, waiting, outgoing, pause, refusal)
            return False
        await asyncio.to_thread(kept.give_up, waiting, outgoing, refusal)
        return True

    def _pause(
        self, waiting: Waiting, outgoing: Outgoing, refusal: NotDelivered
    ) -> float | None:
        """Return how long to wait before the next try, None where there shall be none."""
        if refusal.failure is Failure.UNSURE and not outgoing.edit:
            return UNSURE.limited(waiting.maybe + 1)
        if refusal.failure in {Failure.PASSING, Failure.UNSURE}:
            return refusal.wait or BACKOFF.after(waiting.attempts + 1)
        if refusal.failure is not Failure.UNREACHABLE or waiting.notice.to != "admin":
            return None
        if time.time() - waiting.queued_at >= KEPT_S:
            return None
        return GONE.after(waiting.attempts + 1)

    async def _freshen(self, notice: Notice, shown: Message) -> None:
        """Bring a card up to date that was on its way while the order was taken."""
        card = Notice("", notice.to, notice.recipient, "card", notice.order_id)
        present = await asyncio.to_thread(self._kept.outgoing, card)
        sent_as = await asyncio.to_thread(self._kept.outgoing, notice)
        if sent_as.message == shown or present.message is None:
            return
        try:
            await self._send(present, present.message)
        except NotDelivered as refusal:
            if refusal.failure is not Failure.UNCHANGED:
                order, error = notice.order_id, refusal.words
                log.warning("card_not_freshened", order=order, error=error)

    async def _mark(
        self, waiting: Waiting, outgoing: Outgoing, message_id: str
    ) -> None:
        """Note that a channel took a notice.

        Where that can't be saved, it is tried again, and nothing sent again.
        """
        self._unmarked[waiting.id] = outgoing, message_id
        try:
            await asyncio.to_thread(self._kept.sent, waiting, outgoing, message_id)
        except NaryadError:
            self._unsure = True
            raise
        del self._unmarked[waiting.id]


def _person(waiting: Waiting) -> Person:
    return waiting.notice.to, waiting.notice.recipient
