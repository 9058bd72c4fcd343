"""Drains the outbox: each notice becomes a message, or a reason why not.

    outbox ─▶ due, by recipient ─▶ still true? ─▶ send or edit ─▶ sent | stale | failed | later

A recipient's notices go out in their order, one at a time; recipients do not wait for each other, so one chat that
Telegram asks to rest, or that fails, holds up nobody else.

Sending is at least once. A notice is marked sent after Telegram has said yes, so a message is repeated in exactly
one window: the process dies, or the connection is lost, after Telegram took the message and before the mark is
committed.
"""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from telegram.error import TelegramError

from bots.client import master_of, shop_of
from bots.lanes import Lanes, Work
from bots.messages import Message
from bots.outgoing import Sender, Trouble, trouble_of
from bots.relevance import Now, relevant
from bots.texts.cards import View
from bots.texts.notices import Scene, message_of
from record.actions import Actions
from record.errors import NaryadError
from record.logs import get_logger
from record.notices import CARD_KINDS, Notice
from record.settings import Settings
from record.store import Store, Tx, Waiting

log = get_logger(__name__)

TOGETHER = 16
TICK_S = 0.5
AT_ONCE = 1000
BACKOFF_S = (1, 2, 5, 10, 20, 30, 60)


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
        watch = await asyncio.to_thread(self._store.watch, "outbox")
        while not self._stop.is_set():
            await asyncio.to_thread(watch.wait, TICK_S, self._stop)
            self._wake.set()
        await asyncio.to_thread(watch.close)

    async def _look(self) -> list[tuple[tuple[str, str], Work]]:
        due = sorted(await asyncio.to_thread(self._due), key=lambda waiting: (*_person(waiting), waiting.id))
        return [(person, partial(self._serve, list(queue))) for person, queue in groupby(due, key=_person)]

    def _due(self) -> list[Waiting]:
        with self._store.reading() as tx:
            return tx.outbox.due(self._to, AT_ONCE)

    async def _serve(self, queue: list[Waiting]) -> None:
        for waiting in queue:
            if self._stop.is_set() or not await self._deliver(waiting):
                return

    async def _deliver(self, waiting: Waiting) -> bool:
        """Do one notice; False when the recipient's next ones must wait for it."""
        try:
            plan = await asyncio.to_thread(self._plan, waiting.notice)
        except NaryadError:
            raise
        except Exception as error:  # one notice that can't be put into words must not hold up the others
            log.exception("notice_broke", kind=waiting.notice.kind, order=waiting.notice.order_id)
            plan = Plan(state="failed", why=repr(error))
        if plan.message is None:
            await asyncio.to_thread(self._end, waiting, plan)
            return True
        try:
            message_id = await self._send(plan, plan.message)
        except TelegramError as error:
            return await self._failed(waiting, plan, trouble_of(error))
        await asyncio.to_thread(self._sent, waiting, plan, message_id)
        if waiting.notice.kind in CARD_KINDS:
            await self._freshen(waiting.notice, plan.message)
        return True

    async def _send(self, plan: Plan, message: Message) -> int:
        if not plan.edit:
            return await self._sender.send(plan.chat, message)
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

    # What happens in the store; each is called in a thread of its own.

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
        _log("warning", "undelivered", waiting.notice, plan.chat, why=trouble.words)


def _person(waiting: Waiting) -> tuple[str, str]:
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


def mask_chat(chat: int) -> str:
    """Return a chat's number with all but its last two digits hidden."""
    return f"***{abs(chat) % 100:02d}" if chat else ""
