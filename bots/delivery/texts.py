"""The text of each notice of record/dispatch/notices.py.

Pure: the notice and the order as it stands → a message.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bots import wave_cards
from bots.cards import View, card
from bots.client.texts import Shop, track_url
from bots.master import entry
from bots.master.texts import menu
from bots.messages import Message, headed
from bots.wording import line, safe
from record.dispatch.model import Master, Order
from record.dispatch.notices import Notice
from record.values import Unclear
from record.values import money as read_money
from record.values.actors import STAFF, ActorKind, read_actor
from record.values.wording import money, with_noun


@dataclass(frozen=True)
class Scene:
    """What a text may need: notice, order and owner as they stand now, the company."""

    notice: Notice
    order: Order | None
    owner: Master | None
    view: View
    shop: Shop
    folder_url: str = ""

    @property
    def number(self) -> str:
        """The order's number as text of a message."""
        return f"#{safe(self.notice.order_id)}"

    def fact(self, name: str) -> str:
        """Return a fact of the notice as one line of text, "" where it is missing."""
        return line(str(self.notice.facts.get(name) or ""), 1000)


def message_of(scene: Scene) -> Message:
    """Return what to send for a notice.

    A kind without a text of its own is an error of ours.
    """
    return TEXTS[scene.notice.to][scene.notice.kind](scene)


def price_fact(facts: Mapping[str, Any], name: str = "price") -> str:
    """Return the price of a notice as people write it, "" where there is none yet."""
    try:
        price = read_money(str(facts.get(name) or ""))
    except Unclear:
        return safe(str(facts[name]))
    if price is None:
        return ""
    return money(price)


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
    value = safe(str(getattr(order, name)), 400)
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
    text = "🎉 Вас включили в работу! Новые заказы будут приходить сюда, остальное на кнопках ниже."
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
        return f"{who}\n📞 {phone}"
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
        call = f"Позвоните нам: {line(scene.shop.phone)}"
    return Message(
        f"❌ Заявка {scene.number} отменена. Если это ошибка, мы рядом. {call}"
    )


def _client_withdrawn(scene: Scene) -> Message:
    call = "напишите нам."
    if scene.shop.phone:
        call = f"позвоните нам: {line(scene.shop.phone)}"
    return Message(
        f"❌ Заявка {scene.number} отменена, хотя раньше была отмечена выполненной. Если это ошибка, {call}"
    )


def _registered(scene: Scene) -> Message:
    phone = f"📞 {scene.fact('phone')}"
    if scene.fact("unconfirmed"):
        phone = f"{phone} — номер не подтверждён, сначала позвоните"
    lines = [
        "👷 Новый мастер ждёт включения:",
        scene.fact("name"),
        phone,
        f"🔧 {scene.fact('speciality')}",
    ]
    if known_as := scene.fact("telegram"):
        lines.append(f"✈️ Telegram: {known_as}")
    if listed := scene.fact("listed"):
        lines.append(
            f"⚠️ С этим номером в списке уже есть {listed}. Позвоните по нему: он ли это?"
        )
    lines.append("\nЧтобы включить, поставьте «Активен» на листе «Мастера».")
    return Message("\n".join(lines))


NOBODY_ACTIVE = (
    "на листе «Мастера» нет ни одного активного, кому доходят сообщения в Telegram."
)


def _no_masters(scene: Scene) -> Message:
    why = line(str(scene.notice.facts.get("why") or NOBODY_ACTIVE), 1500)
    head = f"⚠️ Заказ {scene.number} никому не предложен: {why}"
    order = scene.order
    if order is None:
        return Message(head)
    lines = [head, "", f"💬 {line(order.problem, 500)}", f"📞 {line(order.phone)}"]
    if order.key:
        lines.append(safe(track_url(scene.shop, order.id, order.key), 500))
    return Message("\n".join(lines).strip())


def _alarm(scene: Scene) -> Message:
    return _signed("🚨", scene)


def _alarm_over(scene: Scene) -> Message:
    return _signed("✅", scene)


def _signed(sign: str, scene: Scene) -> Message:
    """Return the notice's own text under a sign, unless it begins with one of its own.

    Some signs are letters or points to Unicode, and only what follows makes a picture
    of them, as of «ℹ️» and «‼️».
    """
    text = str(scene.notice.facts.get("text", ""))
    if not _has_sign(text):
        text = f"{sign} {text}"
    return Message(safe(text, 3500))


def _has_sign(text: str) -> bool:
    first, second = text[:1] or " ", text[1:2]
    return unicodedata.category(first) == "So" or second == PICTURED


def same_price(notice: Notice, order: Order) -> bool:
    """Return whether the price of the notice still is the order's price."""
    try:
        return read_money(str(notice.facts.get("price") or "")) == order.price
    except Unclear:
        return False


def _talk(scene: Scene) -> Message:
    lines = [
        f"💬 Вопрос с сайта, разговор {scene.fact('talk')}",
        "",
        safe(str(scene.notice.facts.get("text", "")), 3000),
    ]
    if phone := scene.fact("phone"):
        lines.append(f"\n📞 {phone}")
    lines.append("\nОтветьте на это сообщение, и ответ появится на сайте.")
    return Message("\n".join(lines))


def _talks(scene: Scene) -> Message:
    count = int(scene.notice.facts.get("count") or 0)
    more = f"Ещё {with_noun(count, 'сообщение', 'сообщения', 'сообщений')} с сайта"
    where = f"{safe(scene.shop.public_url, 500)}/admin/talks"
    return Message(f"💬 {more}, больше чем можно прочитать по одному: {where}")


def _paid(scene: Scene) -> Message:
    price = price_fact(scene.notice.facts)
    return Message(
        f"💳 Клиент сообщил об оплате заявки {scene.number}: {price}. Проверьте поступление."
    )


PICTURED = "\N{VARIATION SELECTOR-16}"


def _by_hand(words: str) -> str:
    """Return who changed something, as a sentence; ``words`` are a kept actor's, or a name."""
    by = read_actor(words)
    if by == STAFF:
        return "Изменили в таблице"
    if by.kind is not ActorKind.PANEL:
        return f"Изменил {words}"
    if by.id:
        return f"Изменили в панели: {by.id}"
    return "Изменили в панели"


def _price_lowered(scene: Scene) -> Message:
    before = price_fact(scene.notice.facts, "before")
    after = price_fact(scene.notice.facts, "after")
    by = _by_hand(scene.fact("by"))
    return Message(
        f"📉 Цена выполненной заявки {scene.number} стала ниже: {before} → {after}.\n{by}."
    )


def _price_wish(scene: Scene) -> Message:
    before = price_fact(scene.notice.facts, "before")
    after = price_fact(scene.notice.facts, "after")
    return Message(
        f"✏️ {scene.fact('master')} просит исправить сумму заявки {scene.number}: {before or 'нет цены'} → {after}.\n"
        "Если согласны, исправьте «Цена» в таблице или в панели."
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
    "staff": {
        "entry": lambda scene: entry.question(scene.notice.facts),
    },
    "admin": {
        "master_registered": _registered,
        "no_masters": _no_masters,
        "talk": _talk,
        "talks": _talks,
        "paid": _paid,
        "price_lowered": _price_lowered,
        "price_wish": _price_wish,
        "wave": lambda scene: wave_cards.question(scene.notice.facts),
        "alarm": _alarm,
        "alarm_over": _alarm_over,
    },
}
