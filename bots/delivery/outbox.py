"""What delivery reads in the store and notes there; each method is called in a thread
of its own.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bots.cards import View
from bots.client.bot import shop_of
from bots.delivery.relevance import ALARMS, REPEATED, Now, relevant
from bots.delivery.texts import Scene, message_of
from bots.messages import Message
from bots.telegram.outgoing import Trouble
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
from record.watch import admin_chat

log = get_logger(__name__)


@dataclass(frozen=True)
class Plan:
    """What is to be done about a notice now: ``message`` to ``chat``, as the new look
    of ``edit`` if not 0.

    Without a message the notice ends at once in ``state``, because of ``why``.
    """

    chat: Address = NOBODY
    message: Message | None = None
    edit: str = ""
    state: str = ""
    why: str = ""


class Desk:
    """The outbox of certain kinds of people."""

    def __init__(
        self, store: Store, settings: Settings, actions: Actions, to: Sequence[str]
    ) -> None:
        self._store = store
        self._settings = settings
        self._actions = actions
        self._to = tuple(to)
        self._shop = shop_of(settings)

    def begin(self) -> None:
        """Let what waits for a lost admin be tried at once: people restart a bot when
        they have mended something.
        """
        if "admin" in self._to:
            with self._store.transaction() as tx:
                admin_chat.try_again(tx)

    def heads(self, recipient: str | None = None) -> list[Waiting]:
        """Return what is first in line for everybody, or for one recipient, and due."""
        with self._store.reading() as tx:
            return tx.outbox.heads(
                self._to, recipient, blind=not tx.facts.get(BASELINE)
            )

    def hurry(self) -> None:
        """Let nobody wait for a time that has moved away."""
        with self._store.transaction() as tx:
            tx.outbox.hurry()

    def probe(self) -> None:
        """Find out whether marks can be saved now, before anything is sent that could
        not be marked as sent.
        """
        with self._store.transaction() as tx:
            tx.facts.put(Fact[float](f"writable.{self._to[0]}"), time.time())

    def present(self, waiting: Waiting) -> Plan:
        """Return what is to be done about a notice now."""
        with self._store.reading() as tx:
            if waiting.notice.kind in REPEATED and tx.outbox.said_again(waiting):
                return Plan(state="stale", why="said again later")
            if waiting.notice.kind in ALARMS and tx.outbox.untold(waiting):
                return Plan(
                    state="failed" if waiting.maybe else "stale",
                    why="over before it was told",
                )
        return self.plan(waiting.notice)

    def plan(self, notice: Notice) -> Plan:
        """Return what is to be done about a notice, whatever else waits."""
        with self._store.reading() as tx:
            order = tx.orders.get(notice.order_id) if notice.order_id else None
            owner = owner_of(tx, order) if order else None
            now = Now(order, owner, tx.masters.roster(), tx.masters.quiet())
            if not relevant(notice, now):
                return Plan(state="stale")
            chat, edit = _address(tx, notice, now)
            if notice.to == "admin":
                chat = admin_chat.address_now(tx, self._settings, chat) or NOBODY
        if notice.kind == "card" and not edit:
            return Plan(state="stale", why="no card")
        if not chat:
            return Plan(state="failed", why="no chat")
        moment = datetime.now(self._settings.zone).replace(tzinfo=None)
        view = View(
            notice.recipient, moment, standing(now.roster.get(notice.recipient))
        )
        scene = Scene(
            notice, order, owner, view, self._shop, self._settings.telegram.folder_url
        )
        return Plan(chat, message_of(scene), edit)

    def sent(self, waiting: Waiting, plan: Plan, message_id: str) -> None:
        """Note that Telegram took a notice as this message."""
        self._actions.sent(waiting, plan.chat, message_id)
        _log(
            "info",
            "delivered",
            waiting.notice,
            plan.chat,
            notice=waiting.id,
            message=message_id,
        )

    def end(self, waiting: Waiting, plan: Plan) -> None:
        """Note that a notice ends without a message, as planned."""
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, plan.state, plan.why)
        failed = plan.state == "failed"
        _log(
            "warning" if failed else "info",
            "undelivered" if failed else "stale",
            waiting.notice,
            NOBODY,
            why=plan.why,
        )

    def postpone(
        self, waiting: Waiting, plan: Plan, seconds: float, trouble: Trouble
    ) -> None:
        """Let a notice be tried again after so many seconds."""
        with self._store.transaction() as tx:
            tx.outbox.postpone(
                waiting.id,
                seconds,
                trouble.words,
                maybe=trouble.meaning == "unsure" and not plan.edit,
            )
            news = trouble.meaning == "gone" and admin_chat.lost(
                tx, plan.chat, trouble.reason, trouble.words
            )
        if waiting.attempts == 0:
            _log(
                "warning",
                "delivery_postponed",
                waiting.notice,
                plan.chat,
                seconds=seconds,
                why=trouble.words,
            )
        if news:
            log.error("admin_unreachable", why=trouble.words)

    def follow(self, old: Address, new: Address) -> None:
        """Write to the supergroup that the admin's group has become, and say there what
        to put into the settings.
        """
        said = f"👥 Группа стала супергруппой, её номер теперь {new}. Впишите его в telegram.admin_chat_id"
        with self._store.transaction() as tx:
            admin_chat.moved(tx, old, new)
            tx.outbox.add(
                Notice(
                    f"moved:{old}:{new}",
                    "admin",
                    str(new),
                    "alarm",
                    facts={"text": said},
                )
            )
        log.warning(
            "admin_chat_moved", put_into="telegram.admin_chat_id", number=new.id
        )

    def give_up(self, waiting: Waiting, plan: Plan, trouble: Trouble) -> None:
        """Note that trying on is no use, and let somebody know who has to."""
        unsure = trouble.meaning == "unsure"
        why = "Telegram не ответил, сообщение могло дойти" if unsure else trouble.words
        with self._store.transaction() as tx:
            tx.outbox.end(waiting.id, "failed", why, trouble.reason)
            if trouble.meaning == "gone" and waiting.notice.to == "admin":
                admin_chat.lost(tx, plan.chat, trouble.reason, trouble.words)
            elif trouble.meaning == "gone":
                tx.masters.set_unreachable(
                    waiting.notice.to, plan.chat, trouble.reason, trouble.words
                )
            if trouble.meaning in {"gone", "unsure"}:
                self._ask_to_call(tx, waiting.notice, trouble.reason)
        _log("warning", "undelivered", waiting.notice, plan.chat, why=trouble.words)

    def _ask_to_call(self, tx: Tx, notice: Notice, reason: Unreachable) -> None:
        """Let a person tell the client that nobody will come; the row of an open order
        says as much by itself.
        """
        order = tx.orders.get(notice.order_id)
        if (notice.to, notice.kind) == ("client", "cancelled") and order:
            facts = {"text": uncancelled(order, reason)}
            admin_chat.tell(
                tx,
                self._settings,
                Notice(f"unheard:{notice.key}", "admin", "", "alarm", order.id, facts),
            )


def _address(tx: Tx, notice: Notice, now: Now) -> tuple[Address, str]:
    """Return the chat, NOBODY where there is none, and for a card that is to change its
    message.
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
        "chat": mask_chat(chat.id),
    }
    shown = {
        key: value
        for key, value in {**facts, **more}.items()
        if value not in (None, "")
    }
    getattr(log, level)(event, **shown)
