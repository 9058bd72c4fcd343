"""What happened to an order and who was notified, in words for staff. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from record import values
from record.dispatch.model import Order, Roster
from record.dispatch.notices import Notice
from record.store import Event
from record.values.actors import Actor, ActorKind
from record.values.wording import money
from web.present.formats import wall_clock

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
    "client_says": "Слова клиента",
    "client_sent": "Файл от клиента",
    "no_masters": "Нет активных мастеров",
    "paid": "Клиент сообщил об оплате",
    "price_lowered": "Цена стала ниже",
    "price_wish": "Мастер просит исправить цену",
    "client_cancelled": "Клиент отменил заявку",
    "cancel_reason": "Почему клиент отменил заявку",
    "given_back": "Мастер вернул заказ",
    "wave": "Придержана пачка заявок, ждёт решения",
    "alarm": "Тревога",
}
RECIPIENTS = {"client": "клиенту", "admin": "администратору"}
FIRST_SEEN = "Заявка была в таблице, когда Наряд увидел её впервые"
STATES = {
    "sent": ("доставлено", "good"),
    "waiting": ("ждёт отправки", "new"),
    "failed": ("не доставлено", "bad"),
    "stale": ("уже не нужно", "quiet"),
}


@dataclass(frozen=True)
class HistoryLine:
    """One line: what, and by whom or to whom.

    ``when`` is the company's wall clock, None where it is not known; ``kind`` is the
    colour of ``state``, ``why`` the reason of a failure.
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
    lines = []
    for event in events:
        when = wall_clock(event.at, zone)
        lines.append(HistoryLine(_what(event), _by_whom(event.by, roster), when))
    if not lines and order.created:
        lines.append(HistoryLine(FIRST_SEEN, "", order.created))
    return lines[::-1]


def _what(event: Event) -> str:
    match event.what:
        case "status":
            return f"Статус: {_or_dash(event.before)} → {_or_dash(event.after)}"
        case "master":
            return f"Мастер: {_or_dash(event.before)} → {_or_dash(event.after)}"
        case "price":
            return f"Цена: {_sum(event.before)} → {_sum(event.after)}"
        case "details" if event.after:
            return f"Уточнили: {event.after}"
        case "details":
            return "Уточнили данные"
        case what:
            return WHAT.get(what, what)


def _or_dash(shown: str) -> str:
    return shown or "—"


def _sum(shown: str) -> str:
    try:
        price = values.money(shown)
    except values.Unclear:
        return shown
    if price is None:
        return "—"
    return money(price)


def _by_whom(by: Actor, roster: Roster) -> str:
    if by.kind is ActorKind.MASTER:
        return _master(by.id, roster)
    if by.kind is ActorKind.PANEL and by.id:
        return by.id
    word = by.kind.value or by.id.partition(" ")[0]
    return HANDS.get(by.kind, word)


def notice_lines(
    results: Iterable[tuple[Notice, str, str]], roster: Roster
) -> list[HistoryLine]:
    """Return who was notified of an order and how it went, latest first."""
    lines = []
    for notice, result, error in results:
        state, kind = STATES.get(result, (result, "quiet"))
        why = error if result == "failed" else ""
        text = KINDS.get(notice.kind, notice.kind)
        to = _to_whom(notice, roster)
        lines.append(HistoryLine(text, to, None, state, kind, why))
    return lines[::-1]


def _to_whom(notice: Notice, roster: Roster) -> str:
    if notice.to == "master":
        return _master(notice.recipient, roster)
    return RECIPIENTS.get(notice.to, notice.to)


def _master(master_id: str, roster: Roster) -> str:
    """Return a master's name; one who was taken out of the sheet is named by his ID."""
    master = roster.get(master_id)
    if master is None:
        return f"мастер {master_id}"
    return master.name
