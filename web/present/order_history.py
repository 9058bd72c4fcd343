"""What happened to an order and who was told, in words for staff. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from record import values
from record.dispatch.model import Order, Roster
from record.dispatch.notices import Notice
from record.store import Event
from record.values.actors import Actor, ActorKind
from record.wording import money

WHAT = {
    "appeared": "Заявка появилась",
    "restored": "Строка вернулась в таблицу",
    "removed": "Строку убрали из таблицы",
    "reopened": "Снова ищем мастера",
    "retold": "Показали заявку мастерам",
}
HANDS = {
    ActorKind.STAFF: "в таблице",
    ActorKind.PANEL: "в панели",
    ActorKind.SYSTEM: "Наряд",
    ActorKind.WEBSITE: "с сайта",
    ActorKind.TELEGRAM: "через бота",
    ActorKind.CLIENT: "клиент",
    ActorKind.FORM: "с сайта",
    ActorKind.BOT: "через бота",
    ActorKind.WAVE: "разослано из пачки",
    ActorKind.HUSHED: "без рассылки, по решению",
}
KINDS = {
    "order_new": "Новая заявка",
    "assigned": "Заказ передан ему",
    "card": "Карточка обновлена",
    "taken_away": "Заказ забрали",
    "cancelled": "Заявка отменена",
    "withdrawn": "Выполненный заказ отменён",
    "reopened": "Заказ снова открыт",
    "removed": "Заявку убрали",
    "details_changed": "Данные уточнены",
    "finished": "Заказ закрыт",
    "refused": "Нажатие не подошло: в таблице уже другое",
    "accepted": "Мастер найден",
    "reassigned": "Другой мастер",
    "searching": "Ищем другого мастера",
    "done": "Работа выполнена",
    "price": "Цена",
    "no_masters": "Нет активных мастеров",
    "paid": "Клиент сообщил об оплате",
    "price_lowered": "Цена стала ниже",
    "price_wish": "Мастер просит исправить цену",
    "wave": "Придержана пачка заявок, ждёт решения",
    "alarm": "Тревога",
}
STATES = {
    "sent": ("доставлено", "good"),
    "waiting": ("ждёт отправки", "new"),
    "failed": ("не доставлено", "bad"),
    "stale": ("уже не нужно", "quiet"),
}


@dataclass(frozen=True)
class HistoryLine:
    """One line: what, by whom or to whom; ``when`` is the company's wall clock, None
    where it is not known.
    """

    text: str
    who: str
    when: datetime | None = None
    state: str = ""
    kind: str = ""
    why: str = ""


def event_lines(
    order: Order, events: Iterable[Event], roster: Roster, zone: ZoneInfo
) -> list[HistoryLine]:
    """Return an order's history, latest first."""
    lines = [
        HistoryLine(
            _said(event),
            _hand(event.by, roster),
            datetime.fromtimestamp(event.at, zone).replace(tzinfo=None),
        )
        for event in events
    ]
    if not lines and order.created:
        lines.append(
            HistoryLine(
                "Заявка была в таблице, когда Наряд увидел её впервые",
                "",
                order.created,
            )
        )
    return lines[::-1]


def _said(event: Event) -> str:
    match event.what:
        case "status":
            return f"Статус: {event.before or '—'} → {event.after or '—'}"
        case "master":
            return f"Мастер: {event.before or '—'} → {event.after or '—'}"
        case "price":
            return f"Цена: {_sum(event.before)} → {_sum(event.after)}"
        case "details":
            return f"Уточнили: {event.after}" if event.after else "Уточнили данные"
        case what:
            return WHAT.get(what, what)


def _sum(shown: str) -> str:
    try:
        price = values.money(shown)
    except values.Unclear:
        return shown
    return "—" if price is None else money(price)


def _hand(by: Actor, roster: Roster) -> str:
    if by.kind is ActorKind.MASTER:
        master = roster.get(by.id)
        return master.name if master else f"мастер {by.id}"
    word = by.kind.value or by.id.partition(" ")[0]
    return HANDS.get(by.kind, word)


def notice_lines(
    results: Iterable[tuple[Notice, str, str]], roster: Roster
) -> list[HistoryLine]:
    """Return who was told of an order and how it went, latest first."""
    lines = []
    for notice, state, error in results:
        said, kind = STATES.get(state, (state, "quiet"))
        why = error if state == "failed" else ""
        lines.append(
            HistoryLine(
                KINDS.get(notice.kind, notice.kind),
                _whom(notice, roster),
                None,
                said,
                kind,
                why,
            )
        )
    return lines[::-1]


def _whom(notice: Notice, roster: Roster) -> str:
    if notice.to == "master":
        master = roster.get(notice.recipient)
        return master.name if master else f"мастер {notice.recipient}"
    return {"client": "клиенту", "admin": "администратору"}.get(notice.to, notice.to)
