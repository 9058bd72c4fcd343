"""Brings updates from a channel to the handlers so that a kill at any moment loses none.

    channel ─▶ stored (committed) ─▶ the channel hears that they arrived (bots/intake.py)
                  └─▶ by chat, in order ─▶ decided (committed) ─▶ replies sent ─▶ done

An update is handled again after a kill until it is done; what it changed is not changed
twice (conversations.py), only its replies may be repeated. One whose handling fails
three times is parked, and the person is asked to try again.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from bots.channel import BACKOFF, Chats, Failure, NotDelivered, inbox_name
from bots.incoming import Incoming, Unreadable
from bots.keyed_tasks import KeyedTasks, Work, turn
from bots.messages import Message, Reply
from record import failpoints
from record.actions.deliveries import reached
from record.backoff import Backoff
from record.dispatch.reach import Unreachable
from record.errors import NaryadError
from record.logs import bound, get_logger, mask_chat
from record.store import Store
from record.values import Address

log = get_logger(__name__)

ATTEMPTS = 3
# tries that a kill ended: by now the update itself may be what kills
DEADLY = 10
# chats; one that Telegram lets wait for long must not keep the others from being heard
TOGETHER = 32
TICK_S = 1.0
AT_ONCE = 1000
EACH = 20  # of one chat, so that whoever floods a bot leaves room for the others
UNSURE = Backoff((5, 30, 120))
RETRY_S = 0.2


class Handler(Protocol):
    """Decides what to answer. It must be safe to ask twice about the same update."""

    role: str
    failed: str

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""


class Stored(NamedTuple):
    """An open update: its number, what was done, and how often it was tried."""

    number: int
    said: Incoming
    tried: int


class Tries:
    """How often one reply was tried; a ``sure`` one may be repeated unnoticed."""

    def __init__(self, *, sure: bool) -> None:
        self._sure = sure
        self._failed = 0
        self._unsure = 0

    def pause(self, refusal: NotDelivered) -> float | None:
        """Return the wait before the next, None when it may have come too often."""
        self._failed += 1
        if refusal.failure is not Failure.UNSURE or self._sure:
            return refusal.wait or BACKOFF.after(self._failed)
        self._unsure += 1
        return UNSURE.limited(self._unsure)


class Inbox:
    """Handles one channel's stored updates.

    Those of a chat one by one in their order, different chats at once.
    """

    def __init__(
        self, store: Store, handler: Handler, chats: Chats, stored: asyncio.Event
    ) -> None:
        self._store = store
        self._handler = handler
        self._role = handler.role
        self._name = inbox_name(handler.role, chats.channel)
        self._chats = chats
        self._wake = stored
        # answered, not yet noted as done: never to be answered again
        self._answered: set[int] = set()
        # by chat and message, of the updates at hand
        self._shown: dict[Address, dict[str, Message]] = {}
        self._stop = asyncio.Event()
        self._tasks = KeyedTasks(TOGETHER, stored.set)

    async def run(self) -> None:
        """Handle until :meth:`stop`; what is at work by then is finished."""
        while not self._stop.is_set():
            # before the look, so that what comes during it is not missed
            self._wake.clear()
            await self._tasks.fill(self._look)
            # another process of this bot may have died over an update
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), TICK_S)
        await self._tasks.finish()

    def stop(self) -> None:
        """Take up nothing new."""
        self._stop.set()
        self._wake.set()

    async def _look(self) -> list[tuple[Address, Work]]:
        found = await asyncio.to_thread(self._open)
        return [(chat, partial(self._serve, chat, group)) for chat, group in found]

    def _open(self) -> list[tuple[Address, list[Stored]]]:
        """Return the open updates by chat.

        Those that nothing here reacts to are done at once.
        """
        with self._store.reading() as tx:
            waiting = tx.inbox.open(self._name, AT_ONCE, EACH)
        idle: list[int] = []
        kept: list[Stored] = []
        for number, body, tried in waiting:
            said = self._read(number, body)
            if said is None:
                idle.append(number)
            else:
                kept.append(Stored(number, said, tried))
        if idle:
            with self._store.transaction() as tx:
                for number in idle:
                    tx.inbox.done(self._name, number)
        # groupby takes only neighbours together
        kept.sort(key=lambda stored: (str(stored.said.chat), stored.number))
        by_chat = groupby(kept, key=lambda stored: stored.said.chat)
        return [(chat, list(group)) for chat, group in by_chat]

    def _read(self, number: int, body: dict[str, Any]) -> Incoming | None:
        """Return what the person did.

        None where no bot here reacts to it, or nobody can read it.
        """
        try:
            return self._chats.read(body)
        except Unreadable as error:
            log.warning("update_unreadable", update=number, error=str(error))
            return None

    async def _serve(self, chat: Address, group: list[Stored]) -> None:
        async with turn(self._store, f"inbox.{self._role}", str(chat)) as mine:
            # another process of this bot may serve this chat now
            if mine:
                self._shown[chat] = {}
                try:
                    await self._settle_all(chat, group)
                finally:
                    del self._shown[chat]

    async def _settle_all(self, chat: Address, group: list[Stored]) -> None:
        for stored in group:
            with bound(update=stored.number, chat=mask_chat(chat.id)):
                if self._stop.is_set() or not await self._settle(stored):
                    return

    async def _settle(self, stored: Stored) -> bool:
        """Handle an update to its end, however it ends.

        False when the process must stop before that.

        One during which the process was killed is handled again, unless it happens so
        often that it may be the cause.
        """
        if stored.number in self._answered:
            await self._end(stored.number)
            return True
        attempts = ATTEMPTS if stored.tried < DEADLY else 0
        for attempt in range(attempts):
            if not await asyncio.to_thread(self._begin, stored):
                return True
            try:
                if not await self._handle(stored):
                    return False
            except NaryadError:  # nothing is wrong with the update
                raise
            except Exception:
                log.exception(
                    "update_failed", update=stored.number, attempt=attempt + 1
                )
                await asyncio.sleep(RETRY_S * (attempt + 1))
                continue
            failpoints.passing("update.answered")
            await self._end(stored.number)
            failpoints.passing("update.handled")
            return True
        log.error("update_parked", update=stored.number, attempts=attempts)
        await self._apologise(stored.said)
        await self._end(stored.number)
        return True

    async def _end(self, number: int) -> None:
        """Mark an update as handled.

        Where that can't be saved, it is tried again, and nothing is answered twice.
        """
        self._answered.add(number)
        await asyncio.to_thread(self._done, number)
        self._answered.discard(number)

    def _begin(self, stored: Stored) -> bool:
        """Count the attempt, and note that this person can be written to.

        False where another process of this bot has handled the update since we looked.
        """
        said = stored.said
        with self._store.transaction() as tx:
            if not tx.inbox.tried(self._name, stored.number):
                return False
            if said.kind != "left":
                if reached(tx, self._role, said.chat):
                    log.info("reachable_again", to=self._role, update=stored.number)
            elif said.private:  # a group that the bot has left is nobody's chat
                tx.masters.set_unreachable(
                    self._role, said.chat, Unreachable.BLOCKED, "blocked the bot"
                )
        return True

    def _done(self, number: int) -> None:
        with self._store.transaction() as tx:
            tx.inbox.done(self._name, number)

    async def _handle(self, stored: Stored) -> bool:
        # there is nobody to answer, or nothing that was asked
        if stored.said.kind in {"left", "joined"}:
            return True
        said = await asyncio.to_thread(self._opened, stored.said)
        replies = await asyncio.to_thread(self._handler.answer, stored.number, said)
        failpoints.passing("update.decided")
        for reply in replies:
            if not await self._speak(stored.said.chat, reply):
                return False
        return True

    def _opened(self, said: Incoming) -> Incoming:
        """Return what was done, with the pressed button's act and order in plain words.

        Both are empty where the button is not ours.
        """
        if said.kind != "press":
            return said
        pressed = self._chats.seals.opened(said.chat, said.data)
        if pressed is None:
            return replace(said, data="")
        if not pressed.order:
            return replace(said, data=pressed.act)
        with self._store.reading() as tx:
            order_id = tx.orders.named(pressed.order)
            # an order deleted from the sheet is known by its card in this chat
            if not order_id:
                order_id = tx.cards.named(pressed.order, said.chat)
        act = pressed.act if order_id else ""
        return replace(said, data=act, order=order_id)

    async def _speak(self, chat: Address, reply: Reply) -> bool:
        """Send one reply, waiting out what passes.

        False when the process must stop before that.
        """
        if reply.query:
            await self._toast(reply)
        if reply.message is None:
            return True
        tries = Tries(sure=bool(reply.edit))
        while True:
            try:
                shown = await self._show(chat, reply, reply.message)
            except NotDelivered as refusal:
                pause = await self._pause(chat, refusal, tries)
                if pause is None:
                    return True
                if await self._stopped_within(pause):
                    return False
                continue
            if reply.card:
                await self._keep_card(chat, reply.card, shown)
            return True

    async def _pause(
        self, chat: Address, refusal: NotDelivered, tries: Tries
    ) -> float | None:
        """Return how long to wait before a reply is tried again.

        None where that is no use.

        Raises:
            NotDelivered: something is wrong with the reply itself.
        """
        if refusal.failure is Failure.UNREACHABLE:
            await asyncio.to_thread(self._lost, chat, refusal)
            return None
        if refusal.failure not in {Failure.PASSING, Failure.UNSURE}:
            raise refusal
        pause = tries.pause(refusal)
        if pause is None:
            log.warning("answer_unsure", why=refusal.words)
        return pause

    async def _toast(self, reply: Reply) -> None:
        try:
            await self._chats.toast(reply.query, reply.toast, alert=reply.alert)
        except NotDelivered as refusal:
            error = refusal.words
            if refusal.failure is Failure.LATE:
                log.info("press_not_answered", late=True, error=error)
            else:
                log.warning("press_not_answered", late=False, error=error)

    async def _show(self, chat: Address, reply: Reply, message: Message) -> str:
        """Show a reply.

        The look that a press just before this one gave a message is not given again.

        Changes of a message are one a second, and Telegram takes no answer to a press
        that is older than some seconds: of many presses on one card the last would
        never be answered. What changes meanwhile has a notice of its own.
        """
        if not reply.edit:
            return await self._chats.send(chat, message)
        shown = self._shown.setdefault(chat, {})
        if shown.get(reply.edit) == message:
            return reply.edit
        try:
            await self._chats.edit(chat, reply.edit, message)
        except NotDelivered as refusal:
            if refusal.failure is Failure.NO_MESSAGE:
                return await self._chats.send(chat, message)
            if refusal.failure is not Failure.UNCHANGED:
                raise
        shown[reply.edit] = message
        return reply.edit

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _lost(self, chat: Address, refusal: NotDelivered) -> None:
        with self._store.transaction() as tx:
            tx.masters.set_unreachable(self._role, chat, refusal.reason, refusal.words)

    async def _keep_card(
        self, chat: Address, card: tuple[str, str], message_id: str
    ) -> None:
        """Remember the message as the order's card.

        The one it replaces loses its buttons.
        """
        before = await asyncio.to_thread(self._put_card, chat, card, message_id)
        if before is None or before == (chat, message_id):
            return
        # a master may have come by another channel since
        old_chat, old_message = before
        if old_chat.channel != self._chats.channel:
            return
        self._shown.get(old_chat, {}).pop(old_message, None)
        try:
            await self._chats.strip(old_chat, old_message)
        except NotDelivered as refusal:
            log.debug("old_card_kept_its_buttons", error=refusal.words)

    def _put_card(
        self, chat: Address, card: tuple[str, str], message_id: str
    ) -> tuple[Address, str] | None:
        with self._store.transaction() as tx:
            before = tx.cards.get(*card)
            tx.cards.put(*card, chat, message_id)
        return before

    async def _apologise(self, said: Incoming) -> None:
        try:
            await self._chats.send(said.chat, Message(self._handler.failed))
            if said.query:
                await self._chats.toast(said.query, "")
        except NotDelivered as refusal:
            log.warning("apology_not_sent", error=refusal.words)
