"""What a client sees of an order: where it stands, who comes, what happened. Nothing
private. Pure.
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
from record.grid.handles import handle
from record.store import Event
from record.values import Status
from record.wording import money

StepState = Literal["done", "now", "ahead"]
KEPT_BACK = (
    "Заявка принята",
    "Её смотрит диспетчер. Кто возьмётся за работу, того имя и телефон появятся здесь.",
)
REMOVED = "Заявка снята"
PLAIN = {
    "appeared": "Заявка принята",
    "restored": "Заявка возвращена в работу",
    "removed": REMOVED,
    "reopened": "Снова ищем мастера",
    "retold": "Показали заявку мастерам",
    "details": "Уточнили данные заявки",
}


@dataclass(frozen=True)
class ProgressStep:
    """One step of the picture."""

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
    open: bool  # whether the client may still call it off by himself

    @property
    def ended(self) -> bool:
        """Say whether nothing more is to be expected."""
        return self.status.facts.ended


def tracked_order(
    order: Order,
    roster: Roster,
    events: Iterable[Event],
    zone: ZoneInfo,
    *,
    may_cancel: bool = False,
) -> TrackedOrder:
    """Return what to show of an order; a status that can't be understood counts by
    whether somebody has it.
    """
    status = order.status or (Status.WORK if order.master_id else Status.NEW)
    waits = status is Status.NEW and kept_back(order)
    headline, note = KEPT_BACK if waits else (status.facts.headline, status.facts.note)
    master = (
        roster.get(order.master_id) if status in {Status.WORK, Status.DONE} else None
    )
    if status is Status.WORK and master is None:
        note = "Скоро он позвонит вам."
    return TrackedOrder(
        id=order.id,
        status=status,
        headline=headline,
        note=note,
        steps=_steps(status, waits=waits),
        master=master,
        price=order.price if status in {Status.WORK, Status.DONE} else None,
        category=order.category,
        history=_history(order, roster, events, zone),
        open=may_cancel,
    )


START = re.compile(r"[A-Za-z0-9_-]{1,64}")


def bot_name(beat: object) -> str:
    """Return what the client bot says it is called in its last sign of life, "" where
    there was none.
    """
    return str(beat.get("name", "")) if isinstance(beat, dict) else ""


def bot_link(bot: str, order_id: str, key: str) -> str:
    """Return the link that ties a Telegram chat to the order, "" where there is no bot
    or Telegram takes no such key.

    A number that does not fit into such a link is named by its handle.
    https://core.telegram.org/bots/features#deep-linking
    """
    plain = "_" not in order_id and START.fullmatch(f"track_{order_id}_{key}")
    payload = f"track_{order_id if plain else handle(order_id)}_{key}"
    return (
        f"https://t.me/{bot}?start={payload}"
        if bot and START.fullmatch(payload)
        else ""
    )


def _steps(status: Status, *, waits: bool) -> tuple[ProgressStep, ...]:
    master = "Ищем мастера" if status is Status.NEW else "Мастер найден"
    work = {Status.WORK: "В работе", Status.DONE: "Работа выполнена"}.get(
        status, "Работа"
    )
    named = (("Заявка принята", "check"), (master, "person"), (work, "bulb"))
    reached = 0 if waits else status.facts.reached
    return tuple(
        ProgressStep(name, icon, _state(place, reached))
        for place, (name, icon) in enumerate(named)
    )


def _state(place: int, reached: int) -> StepState:
    if place < reached:
        return "done"
    return "now" if place == reached else "ahead"


def _history(
    order: Order, roster: Roster, events: Iterable[Event], zone: ZoneInfo
) -> tuple[PastEvent, ...]:
    told = list(events)
    lines = [
        PastEvent(_clock(event.at, zone), text)
        for event in told
        if (text := _say(event, roster))
    ]
    if order.created and not any(event.what == "appeared" for event in told):
        lines.insert(0, PastEvent(order.created, PLAIN["appeared"]))
    return tuple(reversed(lines))


def _say(event: Event, roster: Roster) -> str:
    """Return an event in words, "" for one that is not for clients."""
    match event.what:
        case "status":
            reached = Status.named(event.after)
            return reached.facts.happened if reached else ""
        case "master":
            return _say_master(event.after, roster)
        case "price":
            return _say_price(event.after)
        case what:
            return PLAIN.get(what, "")


def _say_master(typed: str, roster: Roster) -> str:
    if not typed:
        return "Ищем другого мастера"
    try:
        return f"Заявку ведёт {roster.find(typed).name}"
    except values.Unclear:
        return "Назначен другой мастер"


def _say_price(shown: str) -> str:
    try:
        price = values.money(shown)
    except values.Unclear:
        return ""
    return "" if price is None else f"Стоимость: {money(price)}"


def _clock(at: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)
