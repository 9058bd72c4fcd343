"""The text of each notice of record/dispatch/notices.py.

Pure: the notice and the order as it stands → a message.
"""

from collections.abc import Callable

from bots.cards import card
from bots.delivery import spoken
from bots.delivery.admin_texts import FOR_ADMIN
from bots.delivery.scene import Scene, price_fact, same_price
from bots.master import entry_texts
from bots.master.texts import menu
from bots.messages import Message, headed
from bots.wording import line, safe
from record.dispatch.model import Order
from record.values.wording import phone as shown_phone


def message_of(scene: Scene) -> Message:
    """Return what to send for a notice.

    A kind without a text of its own is an error of ours.
    """
    return TEXTS[scene.notice.to][scene.notice.kind](scene)


def _card(scene: Scene) -> Message:
    return card(scene.order, scene.notice.order_id, scene.view, scene.owner)


def _assigned(scene: Scene) -> Message:
    head = "📌 Диспетчер назначил вам заказ. Позвоните, пожалуйста, клиенту."
    return headed(head, _card(scene))


def _taken_away(scene: Scene) -> Message:
    whom = ""
    if master := scene.fact("master"):
        whom = f" Теперь им займётся {master}."
    return Message(f"🔁 Заказ {scene.number} больше не у вас.{whom} Ехать не нужно.")


def _master_cancelled(scene: Scene) -> Message:
    return Message(f"❌ Заказ {scene.number} отменён. Ехать не нужно.")


def _withdrawn(scene: Scene) -> Message:
    said = f"❌ Заказ {scene.number} отменён: так отметили в таблице, хотя вы его уже выполнили.{_uncounted(scene)}"
    return Message(f"{said} Если это ошибка, напишите администратору.")


def _reopened(scene: Scene) -> Message:
    return Message(
        f"🔁 Заказ {scene.number} больше не у вас: его снова открыли.{_uncounted(scene)}"
    )


def _uncounted(scene: Scene) -> str:
    share = price_fact(scene.notice.facts, "commission")
    if not share:
        return ""
    return f" Комиссия {share} с вас снята."


def _removed(scene: Scene) -> Message:
    return Message(
        f"🗑 Заказ {scene.number} убрали из таблицы. Если вы уже в пути, позвоните диспетчеру."
    )


CHANGED = {
    "Телефон": ("📞 Телефон", "phone"),
    "Адрес": ("📍 Адрес", "address"),
    "Имя": ("👤 Клиент", "name"),
    "Проблема": ("💬 Проблема", "problem"),
    "Категория": ("🔧 Категория", "category"),
}


def _details_changed(scene: Scene) -> Message:
    lines = [f"✏️ В заказе {scene.number} кое-что уточнили:"]
    for column in scene.notice.facts.get("columns") or ():
        lines += _detail(scene.order, str(column))
    return Message("\n".join(lines))


def _detail(order: Order | None, column: str) -> list[str]:
    """Return what stands in a column by now.

    Its name alone where nothing does, or where it is none of the known ones.
    """
    label, name = CHANGED.get(column.capitalize(), (safe(column), ""))
    if order is None or not name:
        return [label]
    shown = str(getattr(order, name))
    if name == "phone":
        shown = shown_phone(shown)
    value = safe(shown, 400)
    lines = [f"{label}: {value}" if value else label]
    if name == "phone" and order.about_phone:
        lines.append(f"🗒 О телефоне: «{line(order.about_phone, 300)}»")
    return lines


def _finished(scene: Scene) -> Message:
    return headed("📋 Диспетчер закрыл ваш заказ.", _card(scene))


def _refused(scene: Scene) -> Message:
    what = "он уже другой"
    if column := scene.fact("column"):
        value = scene.fact("value")
        shown = f"«{value}»" if value else "пусто"
        what = f"«{column}» там теперь {shown}"
    return Message(
        f"⚠️ Заказ {scene.number} тем временем поправили в таблице: {what}. Поэтому ваше нажатие не сработало."
    )


def _activated(scene: Scene) -> Message:
    text = (
        "🎉 Вам открыли заказы! Новые будут приходить сюда, остальное на кнопках ниже."
    )
    if scene.folder_url:
        url = safe(scene.folder_url)
        text = f"{text}\n\nВсе рабочие чаты в одной папке: {url}"
    return Message(text, keyboard=menu(quiet=False))


def _deactivated(_scene: Scene) -> Message:
    return Message(
        "⏸ Новые заказы вам пока не приходят. Если это ошибка, напишите администратору."
    )


def _who(scene: Scene) -> str:
    who = f"👷 {scene.fact('master') or 'Наш мастер'}"
    if phone := scene.fact("phone"):
        return f"{who}\n📞 {shown_phone(phone)}"
    return who


def _accepted(scene: Scene) -> Message:
    return Message(
        f"🚀 Заявку {scene.number} принял мастер, скоро он вам позвонит.\n\n{_who(scene)}"
    )


def _reassigned(scene: Scene) -> Message:
    return Message(
        f"🔁 К вам по заявке {scene.number} приедет другой мастер.\n\n{_who(scene)}"
    )


def _searching(scene: Scene) -> Message:
    return Message(
        f"🔎 По заявке {scene.number} мастер приехать не сможет. Уже ищем другого и сразу напишем."
    )


def _done(scene: Scene) -> Message:
    price = ""
    # A price that was corrected since has a notice of its own.
    if scene.order and same_price(scene.notice, scene.order):
        price = price_fact(scene.notice.facts)
    cost = f"\n💰 Стоимость: {price}" if price else ""
    thanks = f"Спасибо, что выбрали {safe(scene.shop.company)}!"
    return Message(f"✅ Работа по заявке {scene.number} выполнена.{cost}\n\n{thanks}")


def _price(scene: Scene) -> Message:
    return Message(
        f"💰 Стоимость работы по заявке {scene.number}: {price_fact(scene.notice.facts)}"
    )


def _client_cancelled(scene: Scene) -> Message:
    call = "Напишите нам ещё раз."
    if scene.shop.phone:
        call = f"Позвоните нам: {line(shown_phone(scene.shop.phone))}"
    return Message(
        f"❌ Заявка {scene.number} отменена. Если это ошибка, мы рядом. {call}"
    )


def _client_withdrawn(scene: Scene) -> Message:
    call = "напишите нам."
    if scene.shop.phone:
        call = f"позвоните нам: {line(shown_phone(scene.shop.phone))}"
    return Message(
        f"❌ Заявка {scene.number} отменена, хотя раньше была отмечена выполненной. Если это ошибка, {call}"
    )


TEXTS: dict[str, dict[str, Callable[[Scene], Message]]] = {
    "master": {
        "order_new": _card,
        "assigned": _assigned,
        "card": _card,
        "taken_away": _taken_away,
        "cancelled": _master_cancelled,
        "withdrawn": _withdrawn,
        "reopened": _reopened,
        "removed": _removed,
        "details_changed": _details_changed,
        "finished": _finished,
        "refused": _refused,
        "activated": _activated,
        "deactivated": _deactivated,
        "client_says": spoken.client_says,
        "client_sent": spoken.client_sent,
    },
    "client": {
        "accepted": _accepted,
        "reassigned": _reassigned,
        "searching": _searching,
        "done": _done,
        "price": _price,
        "cancelled": _client_cancelled,
        "withdrawn": _client_withdrawn,
    },
    "staff": {"entry": lambda scene: entry_texts.question(scene.notice.facts)},
    "admin": FOR_ADMIN,
}
