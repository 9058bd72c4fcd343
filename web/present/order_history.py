"""What happened to an order and who was notified, in words for staff. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from record import values
from record.dispatch.model import Order, Roster
from record.store import Event, Told
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
    "assigned": "Заявка передана ему",
    "card": "Карточка обновлена",
    "taken_away": "Заявку забрали",
    "cancelled": "Заявка отменена",
    "withdrawn": "Выполненная заявка отменена",
    "reopened": "Заявка снова открыта",
    "removed": "Заявку убрали",
    "details_changed": "Данные уточнены",
    "finished": "Заявка закрыта",
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
    "given_back": "Мастер вернул заявку",
    "wave": "Придержана пачка заявок, ждёт решения",
    "alarm": "Тревога",
}
RECIPIENTS = {"client": "Клиент", "admin": "Администратор"}
FIRST_SEEN = "Заявка была в таблице, когда Наряд увидел её впервые"
STATES = {
    "sent": ("доставлено", "good"),
    "waiting": ("ждёт отправки", "new"),
    "failed": ("не доставлено", "bad"),
    "stale": ("уже не нужно", "quiet"),
}


@dataclass(frozen=True)
class HistoryLine:
    """What happened, by whom, and when by the company's wall clock."""

    text: str
    who: str
    when: datetime


@dataclass(frozen=True)
class Saying:
    """What a person was told: how often, and when for the last time.

    ``state`` is empty where it arrived, ``kind`` its colour, ``why`` the reason of a
    failure.
    """

    text: str
    when: datetime
    times: int
    state: str
    kind: str
    why: str


@dataclass(frozen=True)
class ToldLine:
    """A person, and all that he was told of an order, in its order."""

    who: str
    said: tuple[Saying, ...]


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


def told_lines(told: Iterable[Told], roster: Roster, zone: ZoneInfo) -> list[ToldLine]:
    """Return a line for each person who was notified, whoever heard last first.

    What a person was told again and again, as a card that is kept up to date, is said
    once: how often, and when for the last time.
    """
    people: dict[tuple[str, str], dict[tuple[str, str], Saying]] = {}
    for one in told:
        notice = one.notice
        sayings = people.setdefault((notice.to, notice.recipient), {})
        state, kind = STATES.get(one.state, (one.state, "quiet"))
        text = KINDS.get(notice.kind, notice.kind)
        before = sayings.pop((text, state), None)
        sayings[text, state] = Saying(
            text,
            wall_clock(one.at, zone),
            times=before.times + 1 if before else 1,
            state="" if one.state == "sent" else state,
            kind=kind,
            why=one.error if one.state == "failed" else "",
        )
    lines = [
        ToldLine(_to_whom(*person, roster), tuple(sayings.values()))
        for person, sayings in people.items()
    ]
    return sorted(lines, key=lambda line: line.said[-1].when, reverse=True)


def _to_whom(to: str, recipient: str, roster: Roster) -> str:
    if to == "master":
        return _master(recipient, roster)
    return RECIPIENTS.get(to, to)


def _master(master_id: str, roster: Roster) -> str:
    """Return a master's name; one who was taken out of the sheet is named by his ID."""
    master = roster.get(master_id)
    if master is None:
        return f"мастер {master_id}"
    return master.name
