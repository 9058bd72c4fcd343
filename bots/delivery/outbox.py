"""What delivery reads in the store and notes there.

Each method is called in a thread of its own.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bots.cards import View
from bots.channel import Failure, NotDelivered
from bots.client.bot import shop_of
from bots.delivery.relevance import ALARMS, REPEATED, Situation, relevant
from bots.delivery.scene import Scene
from bots.delivery.texts import message_of
from bots.messages import Message
from record.actions.access import owner_of
from record.actions.orders import Actions
from record.dispatch.notices import Notice
from record.dispatch.permissions import standing
from record.dispatch.reach import Unreachable, uncancelled
from record.logs import get_logger, mask_chat
from record.settings import Settings
from record.store import Store, Tx, Waiting
from record.store.facts import BASELINE, Fact
from record.values import NOBODY, Address, address
from record.watch import admin_chat, open_waves

log = get_logger(__name__)


@dataclass(frozen=True)
class Outgoing:
    """What is to be done about a notice now.

    ``message`` goes to ``chat``, as the new look of the message ``edit`` if there is
    one.

    Without a message the notice ends at once in ``state``, because of ``why``; with a
    ``reason`` nothing at all reaches the chat.
    """

    chat: Address = NOBODY
    message: Message | None = None
    edit: str = ""
    state: str = ""
    why: str = ""
    reason: Unreachable | None = None


class DeliveryStore:
    """The outbox of certain kinds of people, who are written to by certain channels."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        actions: Actions,
        to: Sequence[str],
        channels: Collection[str],
    ) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._to = tuple(to)
        self._channels = channels
        self._shop = shop_of(settings)

    def begin(self) -> None:
        """Let what waits for a lost admin be tried at once.

        People restart a bot when they have mended something.
        """
        if "admin" in self._to:
            with self._store.transaction() as tx:
                admin_chat.try_again(tx)

    def heads(self, recipient: str | None = None) -> list[Waiting]:
        """Return what is first in line for everybody, or for one recipient, and due."""
        with self._store.reading() as tx:
            # before the first poll nobody knows which orders and masters there are
            blind = not tx.facts.get(BASELINE)
            return tx.outbox.heads(self._to, recipient, blind=blind)

    def hurry(self) -> None:
        """Let nobody wait for a time that has moved away."""
        with self._store.transaction() as tx:
            tx.outbox.hurry()

    def probe(self) -> None:
        """Find out whether anything can be saved now.

        Else something would be sent that can't be noted as sent.
        """
        with self._store.transaction() as tx:
            tx.facts.put(Fact[float](f"writable.{self._to[0]}"), time.time())

    def present(self, waiting: Waiting) -> Outgoing:
        """Return what is to be done about a notice now."""
        kind = waiting.notice.kind
        with self._store.reading() as tx:
            if kind in REPEATED and tx.outbox.said_again(waiting):
                return Outgoing(state="stale", why="said again later")
            if kind in ALARMS and tx.outbox.is_over_unsent(waiting):
                # One that may have arrived is no stale one: then its end is sent.
                state = "failed" if waiting.maybe else "stale"
                return Outgoing(state=state, why="over before it was told")
        return self.outgoing(waiting.notice)

    def outgoing(self, notice: Notice) -> Outgoing:
        """Return what is to be done about a notice, whatever else waits."""
        with self._store.reading() as tx:
            now = _situation(tx, notice)
            if not relevant(notice, now):
                return Outgoing(state="stale")
            chat, edit = _address(tx, notice, now)
            # his chat may have moved, or been replaced, since it was queued
            if notice.to == "admin":
                chat = admin_chat.address_now(tx, self._settings, chat) or NOBODY
        # what never was shown can't be brought up to date
        if notice.kind == "card" and not edit:
            return Outgoing(state="stale", why="no card")
        if not chat:
            return Outgoing(state="failed", why="no chat")
        # of a master whose messenger this bot is not in: «vk://501» typed by hand
        if chat.channel not in self._channels:
            nowhere = Unreachable.OTHER
            why = "no such channel"
            return Outgoing(chat, state="failed", why=why, reason=nowhere)
        return Outgoing(chat, message_of(self._scene(notice, now)), edit)

    def _scene(self, notice: Notice, now: Situation) -> Scene:
        moment = datetime.now(self._settings.zone).replace(tzinfo=None)
        who = standing(now.roster.get(notice.recipient))
        view = View(notice.recipient, moment, who)
        folder_url = self._settings.telegram.folder_url
        return Scene(notice, now.order, now.owner, view, self._shop, folder_url)

    def sent(self, waiting: Waiting, outgoing: Outgoing, message_id: str) -> None:
        """Note that a channel took a notice as this message."""
        self._actions.sent(waiting, outgoing.chat, message_id)
        # Telegram's are numbers, and so they stand in the logs
        number = int(message_id) if message_id.isdecimal() else message_id
        noted = {"notice": waiting.id, "message": number}
        _log("info", "delivered", waiting.notice, outgoing.chat, **noted)

    def end(self, waiting: Waiting, outgoing: Outgoing) -> None:
        """Note that a notice ends without a message, as planned."""
        to, reason = waiting.notice.to, outgoing.reason
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, outgoing.state, outgoing.why, reason)
            if reason is not None:
                # the poll tells staff of it
                tx.masters.set_unreachable(to, outgoing.chat, reason, outgoing.why)
        if outgoing.state == "failed":
            _log("warning", "undelivered", waiting.notice, NOBODY, why=outgoing.why)
        else:
            _log("info", "stale", waiting.notice, NOBODY, why=outgoing.why)

    def postpone(
        self,
        waiting: Waiting,
        outgoing: Outgoing,
        seconds: float,
        refusal: NotDelivered,
    ) -> None:
        """Let a notice be tried again after so many seconds."""
        # An edit that came twice is seen by nobody, so it counts as not arrived.
        maybe = refusal.failure is Failure.UNSURE and not outgoing.edit
        news = False
        with self._store.transaction() as tx:
            tx.outbox.postpone(waiting.id, seconds, refusal.words, maybe=maybe)
            if refusal.failure is Failure.UNREACHABLE:
                news = admin_chat.lost(tx, outgoing.chat, refusal.reason, refusal.words)
        if waiting.attempts == 0:
            noted = {"seconds": seconds, "why": refusal.words}
            _log(
                "warning", "delivery_postponed", waiting.notice, outgoing.chat, **noted
            )
        if news:
            log.error("admin_unreachable", why=refusal.words)

    def follow(self, old: Address, new: Address) -> None:
        """Write to the supergroup that the admin's group has become.

        It is told what to put into the settings.
        """
        said = f"👥 Группа стала супергруппой, её номер теперь {new}. Впишите его в telegram.admin_chat_id"
        notice = Notice(
            f"moved:{old}:{new}", "admin", str(new), "alarm", facts={"text": said}
        )
        with self._store.transaction() as tx:
            admin_chat.moved(tx, old, new)
            open_waves.ask_again(tx)
            tx.outbox.add(notice)
        log.warning(
            "admin_chat_moved", put_into="telegram.admin_chat_id", number=new.id
        )

    def give_up(
        self, waiting: Waiting, outgoing: Outgoing, refusal: NotDelivered
    ) -> None:
        """Note that trying on is no use, and let somebody know who has to."""
        notice, words, reason = waiting.notice, refusal.words, refusal.reason
        unsure = refusal.failure is Failure.UNSURE
        unreachable = refusal.failure is Failure.UNREACHABLE
        why = words
        if unsure:
            why = "Telegram не ответил, сообщение могло дойти"
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, "failed", why, reason)
            if unreachable and notice.to == "admin":
                admin_chat.lost(tx, outgoing.chat, reason, words)
            elif unreachable and notice.to != "staff":
                # the poll tells staff of it
                tx.masters.set_unreachable(notice.to, outgoing.chat, reason, words)
            if unreachable or unsure:
                self._ask_to_call(tx, notice, reason)
        _log("warning", "undelivered", notice, outgoing.chat, why=words)

    def _ask_to_call(self, tx: Tx, notice: Notice, reason: Unreachable) -> None:
        """Let a person tell the client that nobody will come.

        The row of an open order says as much by itself.
        """
        order = tx.orders.get(notice.order_id)
        # only here a client would wait for somebody who does not come
        if order is None or (notice.to, notice.kind) != ("client", "cancelled"):
            return
        facts = {"text": uncancelled(order, reason)}
        key = f"unheard:{notice.key}"
        alarm = Notice(key, "admin", "", "alarm", order.id, facts)
        admin_chat.tell(tx, self._settings, alarm)


def _situation(tx: Tx, notice: Notice) -> Situation:
    order = tx.orders.get(notice.order_id) if notice.order_id else None
    owner = owner_of(tx, order) if order else None
    is_entry_open = False
    if notice.kind == "entry":
        entry = tx.entries.get(int(notice.facts["entry"]))
        is_entry_open = entry is not None and entry.is_open(time.time())
    roster, quiet = tx.masters.roster(), tx.masters.quiet()
    return Situation(order, owner, roster, quiet, is_entry_open)


def _address(tx: Tx, notice: Notice, now: Situation) -> tuple[Address, str]:
    """Return the chat, and for a card that is to change its message.

    The chat is NOBODY where there is none.
    """
    if notice.kind == "card":
        return tx.cards.get(notice.order_id, notice.recipient) or (NOBODY, "")
    if notice.to == "master":
        master = now.roster.get(notice.recipient)
        chat = master.chat if master else None
    else:
        chat = address(notice.recipient)
    return chat or NOBODY, ""


def _log(
    level: str, event: str, notice: Notice, chat: Address, /, **more: object
) -> None:
    facts = {
        "kind": notice.kind,
        "to": notice.to,
        "order": notice.order_id or None,
        # logs name nobody
        "chat": mask_chat(chat.id),
        **more,
    }
    shown = {key: value for key, value in facts.items() if value not in (None, "")}
    getattr(log, level)(event, **shown)
