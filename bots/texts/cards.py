"""An order's card as one master sees it, in every state it can be in. Pure."""

from datetime import datetime
from typing import NamedTuple

from bots.messages import Button, Buttons, Message, buttons
from bots.texts.common import clock, line, map_link, of_category, safe
from record.model import Master, Order
from record.values import Status
from record.wording import money

ACCEPT = "✅ ПРИНЯТЬ ЗАКАЗ 🚀"
FINISH = "✅ Завершить"
GIVE_BACK = "↩️ Вернуть заказ"
NEW_HEAD = "🆕 Новая заявка для вас! 🚀"


class View(NamedTuple):
    """Through whose eyes and when a card is seen."""

    viewer: str
    now: datetime


def card(order: Order | None, order_id: str, view: View, owner: Master | None) -> Message:
    """Return the card of an order for a master; ``owner`` is who has the order, if anybody.

    Contacts are shown while the order is open to all and, after that, only to the master who has it.
    """
    if order is None:
        return Message(f"🗑 Заказ #{safe(order_id)} убрали из таблицы")
    mine = bool(owner and owner.id == view.viewer)
    if order.status in {Status.CANCELLED, Status.DONE}:
        return _ended(order, mine=mine)
    if mine:
        return Message(_open_text("🛠 Заказ у вас в работе", order, view, mine=True), _work_buttons(order.id))
    if owner or order.status is not Status.NEW:
        whose = f"взял {line(owner.name, 60)}" if owner else "уже занят"
        return Message(f"🔒 Заказ #{safe(order.id)} {whose}")
    accept = Button(ACCEPT, f"accept:{order.id}")
    return Message(_open_text(NEW_HEAD, order, view, mine=False), buttons((accept,)))


def _work_buttons(order_id: str) -> Buttons:
    return buttons((Button(FINISH, f"done:{order_id}"),), (Button(GIVE_BACK, f"back:{order_id}"),))


def _open_text(head: str, order: Order, view: View, *, mine: bool) -> str:
    lines = [head, f"📋 Заказ #{safe(order.id)}"]
    if order.created:
        lines.append(f"⏰ Время: {clock(order.created, view.now)}")
    if order.category:
        lines.append(f"🔧 Категория: {line(of_category(order.category), 100)}")
    if order.problem:
        lines.append(f"💬 Проблема: {safe(order.problem, 1000)}")
    if order.address:
        lines.append(f"📍 Адрес: {map_link(order.address) if mine else line(order.address)}")
    if order.name:
        lines.append(f"👤 Клиент: {line(order.name, 100)}")
    if order.phone:
        lines.append(f"📞 Телефон: {line(order.phone, 40)}")
    if mine and order.comment:
        lines.append(f"📝 Комментарий: {safe(order.comment, 300)}")
    return "\n".join(lines)


def _ended(order: Order, *, mine: bool) -> Message:
    if order.status is Status.CANCELLED:
        return Message(f"❌ Заказ #{safe(order.id)} отменён")
    lines = [f"✅ Заказ #{safe(order.id)} выполнен"]
    if mine and order.price is not None:
        lines.append(f"💰 Цена: {money(order.price)}")
    if mine and order.price is not None and order.commission is not None:
        lines.append(f"🏢 Комиссия: {money(order.commission)}")
        lines.append(f"👛 Вам: {money(order.price - order.commission)}")
    return Message("\n".join(lines))
