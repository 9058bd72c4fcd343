"""An order's card as one master sees it, in every state it can be in. Pure."""

from datetime import datetime
from typing import NamedTuple

from bots.messages import Button, Buttons, Message, buttons
from bots.wording import clock, line, map_link, of_category, safe
from record.dispatch.model import PHONE_SAID, Master, Order
from record.dispatch.permissions import Act, Stands, Who, refusal, stands
from record.dispatch.repeats import repeat_in
from record.values import Status
from record.values.wording import money, phone

ACCEPT = "✅ ПРИНЯТЬ ЗАКАЗ 🚀"
FINISH = "✅ Завершить"
GIVE_BACK = "↩️ Вернуть заказ"
# asked for in these very words; whatever else masters read says «заказ»
NEW_HEAD = "🆕 Новая заявка для вас! 🚀"
UNCLEAR = "⚠️ В таблице у заказа непонятный статус. Спросите диспетчера, он поправит."
ENDED = {
    Stands.DONE_LATELY,
    Stands.DONE_EARLIER,
    Stands.DONE_OTHERS,
    Stands.CANCELLED,
}


class View(NamedTuple):
    """Through whose eyes and when a card is seen: the master's ID, and who he is now."""

    viewer: str
    now: datetime
    who: Who = Who.ACTIVE


def card(
    order: Order | None, order_id: str, view: View, owner: Master | None
) -> Message:
    """Return the card of an order for a master.

    ``owner`` is who has the order, if anybody.

    Contacts are shown to whom record/dispatch/permissions.py shows them, buttons to
    whom it lets press them.
    """
    if order is None:
        return Message(f"🗑 Заказ #{safe(order_id)} убрали из таблицы")
    has = owner.id if owner else ""
    mine = bool(has) and has == view.viewer
    at = stands(order, has, view.viewer, view.now)
    # whoever had a part in it may read the end, sums only who did the work
    if at in ENDED:
        return _ended(order, mine=mine)
    if refusal(view.who, Act.CONTACTS, at):
        return _closed(order, at, owner)
    if not mine:
        text = _open_text(NEW_HEAD, order, view, mine=False)
        accept = Button(ACCEPT, "accept", order=order.id)
        return Message(text, buttons((accept,)))
    text = _open_text("🛠 Заказ у вас в работе", order, view, mine=True)
    # no buttons: what they do hangs on the status
    if at is Stands.HIS_UNCLEAR:
        return Message(f"{text}\n\n{UNCLEAR}")
    return Message(text, _work_buttons(order.id))


def _closed(order: Order, at: Stands, owner: Master | None) -> Message:
    """Return the card of an order that is nothing for whoever looks at it."""
    number = f"Заказ #{safe(order.id)}"
    if at in {Stands.UNCLEAR, Stands.UNFINISHED}:
        return Message(f"⏸ {number} уточняет диспетчер")
    if at is Stands.NEW:
        return Message(f"🔒 {number} вам сейчас не предлагается")
    if owner is None:
        return Message(f"🔒 {number} уже занят")
    return Message(f"🔒 {number} занят: {line(owner.name, 60)}")


def _work_buttons(order_id: str) -> Buttons:
    return buttons(
        (Button(FINISH, "done", order=order_id),),
        (Button(GIVE_BACK, "back", order=order_id),),
    )


def _open_text(head: str, order: Order, view: View, *, mine: bool) -> str:
    lines = [head, f"📋 Заказ #{safe(order.id)}"]
    if earlier := repeat_in(order.check):
        lines.append(f"⚠️ Тот же телефон: возможно, повтор #{line(earlier, 60)}")
    if order.created:
        lines.append(f"⏰ Время: {clock(order.created, view.now)}")
    if order.category:
        lines.append(f"🔧 Категория: {line(of_category(order.category), 100)}")
    if order.problem:
        # safe, not line: the client's own line breaks are kept
        lines.append(f"💬 Проблема: {safe(order.problem, 1000)}")
    if order.address:
        where = map_link(order.address) if mine else line(order.address)
        lines.append(f"📍 Адрес: {where}")
    if order.name:
        lines.append(f"👤 Клиент: {line(order.name, 100)}")
    if order.phone:
        lines.append(f"📞 Телефон: {line(phone(order.phone), 40)}")
    if order.about_phone:
        lines.append(f"🗒 О телефоне: «{line(order.about_phone, 300)}»")
    if mine and (comment := _rest_of_comment(order)):
        lines.append(f"📝 Комментарий: {safe(comment, 300)}")
    return "\n".join(lines)


def _rest_of_comment(order: Order) -> str:
    """Return the comment without the client's words about his phone.

    All who see the phone see them beside it.
    """
    of_phone = f"{PHONE_SAID}{order.about_phone}"
    return "\n".join(one for one in order.comment.split("\n") if one != of_phone)


def _ended(order: Order, *, mine: bool) -> Message:
    if order.status is Status.CANCELLED:
        return Message(f"❌ Заказ #{safe(order.id)} отменён")
    lines = [f"✅ Заказ #{safe(order.id)} выполнен"]
    if mine:
        lines += _sums(order)
    return Message("\n".join(lines))


def _sums(order: Order) -> list[str]:
    if order.price is None:
        return []
    price = f"💰 Цена: {money(order.price)}"
    if order.commission is None:
        return [price]
    share = f"🏢 Комиссия: {money(order.commission)}"
    return [price, share, f"👛 Вам: {money(order.price - order.commission)}"]
