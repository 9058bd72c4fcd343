"""What a client sees of an order: where it stands, who comes, what happened. Pure.

Nothing private: whoever has the link sees it, and links are passed on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from record import values
from record.dispatch.model import Master, Order, Roster
from record.dispatch.waves import kept_back
from record.store import Event
from record.values import Status
from record.values.handles import handle
from record.values.wording import money
from web.present.formats import wall_clock

# what Telegram takes after ?start=
START = re.compile(r"[A-Za-z0-9_-]{1,64}")
StepState = Literal["done", "now", "ahead"]
KEPT_BACK = (
    "Заявка принята",
    "Её смотрит диспетчер. Кто возьмётся за работу, того имя и телефон появятся здесь.",
)
WORK_STEP = {Status.WORK: "В работе", Status.DONE: "Работа выполнена"}
PLAIN = {
    "appeared": "Заявка принята",
    "restored": "Заявка возвращена в работу",
    "removed": "Заявка снята",
    "reopened": "Снова ищем мастера",
    "retold": "Показали заявку мастерам",
    "details": "Уточнили данные заявки",
}


@dataclass(frozen=True)
class ProgressStep:
    """One step of the way an order goes."""

    name: str
    icon: str
    state: StepState


@dataclass(frozen=True)
class PastEvent:
    """One line of the history; ``when`` is the company's wall clock."""

    when: datetime
    text: str


@dataclass(frozen=True)
class TrackedOrder:
    """Everything the tracking page shows of an order."""

    id: str
    status: Status
    headline: str
    note: str
    steps: tuple[ProgressStep, ...]
    master: Master | None
    price: Decimal | None
    category: str
    history: tuple[PastEvent, ...]
    may_cancel: bool
    said_paid: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be expected."""
        return self.status.facts.ended


def tracked_order(  # noqa: PLR0913  all that its page depends on
    order: Order,
    roster: Roster,
    events: Iterable[Event],
    zone: ZoneInfo,
    *,
    may_cancel: bool = False,
    said_paid: bool = False,
) -> TrackedOrder:
    """Return what to show of an order; ``said_paid``: its client says so of this price."""
    status = _status(order)
    is_kept_back = status is Status.NEW and kept_back(order)
    headline, note = status.facts.headline, status.facts.note
    if is_kept_back:
        headline, note = KEPT_BACK
    master = None
    price = None
    # in any other status nobody is coming, whatever the cells still hold
    if status in {Status.WORK, Status.DONE}:
        master = roster.get(order.master_id)
        price = order.price
    if status is Status.WORK and master is None:
        note = "Скоро он позвонит вам."
    return TrackedOrder(
        id=order.id,
        status=status,
        headline=headline,
        note=note,
        steps=_steps(status, is_kept_back=is_kept_back),
        master=master,
        price=price,
        category=order.category,
        history=_history(order, roster, events, zone),
        may_cancel=may_cancel,
        said_paid=said_paid,
    )


def _status(order: Order) -> Status:
    """Return an order's status; one that is unclear goes by whether somebody has it."""
    if order.status is Status.WORK and not order.master and not order.master_id:
        # staff are asked who goes: until somebody does, nothing is promised
        return Status.NEW
    if order.status:
        return order.status
    if order.master_id:
        return Status.WORK
    return Status.NEW


def bot_name(beat: object) -> str:
    """Return the client bot's name by its last sign of life, "" where there was none."""
    if not isinstance(beat, dict):
        return ""
    return str(beat.get("name", ""))


def bot_link(bot: str, order_id: str, key: str) -> str:
    """Return the link that ties a Telegram chat to the order.

    It is "" where there is no bot, or Telegram takes no such key. A number that does not
    fit into such a link is named by its handle.
    https://core.telegram.org/bots/features#deep-linking
    """
    named = order_id
    fits_as_it_is = "_" not in order_id and START.fullmatch(f"track_{order_id}_{key}")
    if not fits_as_it_is:
        named = handle(order_id)
    payload = f"track_{named}_{key}"
    if not bot or not START.fullmatch(payload):
        return ""
    return f"https://t.me/{bot}?start={payload}"


def _steps(status: Status, *, is_kept_back: bool) -> tuple[ProgressStep, ...]:
    reached = status.facts.reached
    if is_kept_back:
        reached = 0
    master = "Мастер найден"
    if status is Status.NEW:
        master = "Ищем мастера"
    return (
        ProgressStep("Заявка принята", "check", _state(0, reached)),
        ProgressStep(master, "person", _state(1, reached)),
        ProgressStep(WORK_STEP.get(status, "Работа"), "bulb", _state(2, reached)),
    )


def _state(place: int, reached: int) -> StepState:
    if place < reached:
        return "done"
    if place == reached:
        return "now"
    return "ahead"


def _history(
    order: Order, roster: Roster, events: Iterable[Event], zone: ZoneInfo
) -> tuple[PastEvent, ...]:
    """Return what happened, latest first."""
    has_appeared = False
    lines = []
    for event in events:
        has_appeared |= event.what == "appeared"
        text = _in_words(event, roster)
        if text:
            lines.append(PastEvent(wall_clock(event.at, zone), text))
    # an order that stood in the sheet before the system came has no such event
    if order.created and not has_appeared:
        lines.insert(0, PastEvent(order.created, PLAIN["appeared"]))
    return tuple(reversed(lines))


def _in_words(event: Event, roster: Roster) -> str:
    """Return an event in words, "" for one that is not for clients."""
    match event.what:
        case "status":
            reached = Status.named(event.after)
            return reached.facts.happened if reached else ""
        case "master":
            return _master_in_words(event.after, roster)
        case "price":
            return _price_in_words(event.after)
        case what:
            return PLAIN.get(what, "")


def _master_in_words(typed: str, roster: Roster) -> str:
    if not typed:
        return "Ищем другого мастера"
    try:
        return f"Заявку ведёт {roster.find(typed).name}"
    except values.Unclear:
        return "Назначен другой мастер"


def _price_in_words(shown: str) -> str:
    try:
        price = values.money(shown)
    except values.Unclear:
        return ""
    if price is None:
        return ""
    return f"Стоимость: {money(price)}"
