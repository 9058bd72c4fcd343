"""Brings updates from Telegram to the handlers so that a kill at any moment loses none.

    getUpdates ─▶ stored (committed) ─▶ next getUpdates tells Telegram that they arrived (bots/telegram/polling.py)
                     └─▶ by chat, in order ─▶ decided (committed) ─▶ replies sent ─▶ done

An update is handled again after a kill until it is done; what it changed is not changed
twice (conversations.py), only its replies may be repeated. One whose handling fails
three times is parked, and the person is asked to try again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from telegram.error import TelegramError

from bots.incoming import Incoming
from bots.keyed_tasks import Lanes, Work, turn
from bots.messages import Message, Reply
from bots.telegram.incoming import UNREADABLE, read_update
from bots.telegram.outgoing import Sender, Trouble, trouble_of
from record import failpoints
from record.actions.orders import reached
from record.backoff import Backoff
from record.dispatch.reach import Unreachable
from record.errors import NaryadError
from record.logs import bound, get_logger, mask_chat
from record.store import Store
from record.values import Address

log = get_logger(__name__)

ALLOWED = ("message", "callback_query", "my_chat_member")
BACKOFF = Backoff((0.5, 1, 2, 5, 10, 20, 30))
ATTEMPTS = 3
DEADLY = 10
# chats; one that Telegram lets wait for long must not keep the others from being heard
TOGETHER = 32
TICK_S = 1.0
AT_ONCE = 1000
EACH = 20  # of one chat, so that whoever floods a bot leaves room for the others
UNSURE = Backoff((5, 30, 120))


class Handler(Protocol):
    """Decides what to answer. It must be safe to ask twice about the same update."""

    role: str
    failed: str

    def answer(self, update_id: int, said: Incoming) -> Sequence[Reply]:
        """Return the replies to an update; what it changes is saved by then."""


class Stored(NamedTuple):
    """An open update: its number, what the person did, and how often its handling was
    begun.
    """

    number: int
    said: Incoming
    tried: int


class Tries:
    """How often one reply was tried; ``sure``: it may be repeated without anybody
    noticing.
    """

    def __init__(self, *, sure: bool) -> None:
        self._sure = sure
        self._failed = 0
        self._unsure = 0

    def pause(self, trouble: Trouble) -> float | None:
        """Return how long to wait before the next; None when it has come, as far as can
        be known, too often.
        """
        self._failed += 1
        if trouble.meaning != "unsure" or self._sure:
            return trouble.wait or BACKOFF.after(self._failed)
        self._unsure += 1
        return UNSURE.limited(self._unsure)


class Inbox:
    """Handles stored updates: those of a chat one by one in their order, different
    chats at once.
    """

    def __init__(
        self, store: Store, handler: Handler, sender: Sender, stored: asyncio.Event
    ) -> None:
        self._store = store
        self._handler = handler
        self._role = handler.role
        self._sender = sender
        self._wake = stored
        self._answered: set[int] = set()
        # by chat and message, of the updates at hand
        self._shown: dict[Address, dict[str, Message]] = {}
        self._stop = asyncio.Event()
        self._lanes = Lanes(TOGETHER, stored.set)

    async def run(self) -> None:
        """Handle until :meth:`stop`; what has been begun is finished."""
        while not self._stop.is_set():
            self._wake.clear()
            await self._lanes.fill(self._look)
            # another process of this bot may have died over an update
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), TICK_S)
        await self._lanes.finish()

    def stop(self) -> None:
        """Begin nothing new."""
        self._stop.set()
        self._wake.set()

    async def _look(self) -> list[tuple[Address, Work]]:
        return [
            (chat, partial(self._serve, chat, group))
            for chat, group in await asyncio.to_thread(self._open)
        ]

    def _open(self) -> list[tuple[Address, list[Stored]]]:
        """Return the open updates by chat; those that nothing here reacts to are done
        at once.
        """
        with self._store.reading() as tx:
            waiting = tx.inbox.open(self._role, AT_ONCE, EACH)
        found = [
            (number, _said(number, body), tried) for number, body, tried in waiting
        ]
        if idle := [number for number, said, _ in found if said is None]:
            with self._store.transaction() as tx:
                for number in idle:
                    tx.inbox.done(self._role, number)
        kept = [Stored(number, said, tried) for number, said, tried in found if said]
        kept.sort(key=lambda stored: (str(stored.said.chat), stored.number))
        return [
            (chat, list(group))
            for chat, group in groupby(kept, key=lambda stored: stored.said.chat)
        ]

    async def _serve(self, chat: Address, group: list[Stored]) -> None:
        try:
            await self._serve_all(chat, group)
        finally:
            self._shown.pop(chat, None)

    async def _serve_all(self, chat: Address, group: list[Stored]) -> None:
        async with turn(self._store, f"inbox.{self._role}", str(chat)) as mine:
            self._shown[chat] = {}
            for stored in group if mine else ():
                with bound(update=stored.number, chat=mask_chat(chat.id)):
                    if self._stop.is_set() or not await self._settle(stored):
                        return

    async def _settle(self, stored: Stored) -> bool:
        """Handle an update to its end, however it ends; False when the process must
        stop before that.

        One during which the process was killed is handled again, unless it happens so
        often that it may be the cause.
        """
        if stored.number in self._answered:
            await self._end(stored.number)
            return True
        for attempt in range(ATTEMPTS if stored.tried < DEADLY else 0):
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
                await asyncio.sleep(0.2 * (attempt + 1))
                continue
            failpoints.passing("update.answered")
            await self._end(stored.number)
            failpoints.passing("update.handled")
            return True
        log.error("update_parked", update=stored.number, attempts=ATTEMPTS)
        await self._apologise(stored.said)
        await self._end(stored.number)
        return True

    async def _end(self, number: int) -> None:
        """Mark an update as handled; where that can't be saved, it is tried again, and
        nothing is answered twice.
        """
        self._answered.add(number)
        await asyncio.to_thread(self._done, number)
        self._answered.discard(number)

    def _begin(self, stored: Stored) -> bool:
        """Count the attempt, and note that this person can be written to, since he
        writes.

        False where another process of this bot has handled the update since we looked.
        """
        chat, left = (
            stored.said.chat,
            stored.said.kind == "left" and stored.said.private,
        )
        with self._store.transaction() as tx:
            if not tx.inbox.tried(self._role, stored.number):
                return False
            if left:
                tx.masters.set_unreachable(
                    self._role, chat, Unreachable.BLOCKED, "blocked the bot"
                )
            elif stored.said.kind != "left" and reached(tx, self._role, chat):
                log.info("reachable_again", to=self._role, update=stored.number)
        return True

    def _done(self, number: int) -> None:
        with self._store.transaction() as tx:
            tx.inbox.done(self._role, number)

    async def _handle(self, stored: Stored) -> bool:
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
        """Return what was done with the pressed button's act and order in plain words,
        empty where it is not ours.
        """
        if said.kind != "press":
            return said
        pressed = self._sender.seals.opened(said.chat, said.data)
        if pressed is None or not pressed.order:
            return replace(said, data=pressed.act if pressed else "")
        with self._store.reading() as tx:
            order_id = tx.orders.named(pressed.order) or tx.cards.named(
                pressed.order, said.chat
            )
        return replace(said, data=pressed.act if order_id else "", order=order_id)

    async def _speak(self, chat: Address, reply: Reply) -> bool:
        """Send one reply, waiting out what passes; False when the process must stop
        before that.
        """
        if reply.query:
            await self._toast(reply)
        tries = Tries(sure=bool(reply.edit))
        while reply.message:
            try:
                shown = await self._show(chat, reply, reply.message)
            except TelegramError as error:
                trouble = trouble_of(error)
                if trouble.meaning == "gone":
                    await asyncio.to_thread(self._lost, chat, trouble)
                    return True
                if trouble.meaning not in {"passing", "unsure"}:
                    raise
                pause = tries.pause(trouble)
                if pause is None:
                    log.warning("answer_unsure", why=trouble.words)
                    return True
                if await self._stopped_within(pause):
                    return False
                continue
            if reply.card:
                await self._keep_card(chat, reply.card, shown)
            return True
        return True

    async def _toast(self, reply: Reply) -> None:
        try:
            await self._sender.toast(reply.query, reply.toast, alert=reply.alert)
        except TelegramError as error:
            late = trouble_of(error).meaning == "late"
            log.log(
                logging.INFO if late else logging.WARNING,
                "press_not_answered",
                late=late,
                error=str(error),
            )

    async def _show(self, chat: Address, reply: Reply, message: Message) -> str:
        """Show a reply; the look that a press just before this one gave a message is
        not given again.

        Changes of a message are one a second, and Telegram takes no answer to a press
        that is older than some seconds: of many presses on one card the last would
        never be answered. What changes meanwhile has a notice of its own.
        """
        if not reply.edit:
            return await self._sender.send(chat, message)
        shown = self._shown.setdefault(chat, {})
        if shown.get(reply.edit) == message:
            return reply.edit
        try:
            await self._sender.edit(chat, reply.edit, message)
            shown[reply.edit] = message
        except TelegramError as error:
            match trouble_of(error).meaning:
                case "unchanged":
                    shown[reply.edit] = message
                    return reply.edit
                case "no_message":
                    return await self._sender.send(chat, message)
            raise
        return reply.edit

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _lost(self, chat: Address, trouble: Trouble) -> None:
        with self._store.transaction() as tx:
            tx.masters.set_unreachable(self._role, chat, trouble.reason, trouble.words)

    async def _keep_card(
        self, chat: Address, card: tuple[str, str], message_id: str
    ) -> None:
        """Remember the message as the order's card; the one it replaces loses its
        buttons.
        """
        before = await asyncio.to_thread(self._put_card, chat, card, message_id)
        if before and before != (chat, message_id):
            self._shown.get(before[0], {}).pop(before[1], None)
            try:
                await self._sender.strip(*before)
            except TelegramError as error:
                log.debug("old_card_kept_its_buttons", error=str(error))

    def _put_card(
        self, chat: Address, card: tuple[str, str], message_id: str
    ) -> tuple[Address, str] | None:
        with self._store.transaction() as tx:
            before = tx.cards.get(*card)
            tx.cards.put(*card, chat, message_id)
        return before

    async def _apologise(self, said: Incoming) -> None:
        try:
            await self._sender.send(said.chat, Message(self._handler.failed))
            if said.query:
                await self._sender.toast(said.query, "")
        except TelegramError as error:
            log.warning("apology_not_sent", error=str(error))


def _said(number: int, body: dict[str, Any]) -> Incoming | None:
    """Return what the person did; None where no bot here reacts to it, or nobody can
    read it.
    """
    try:
        return read_update(body)
    except UNREADABLE as error:
        log.warning("update_unreadable", update=number, error=repr(error))
        return None
