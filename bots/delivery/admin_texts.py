"""The texts of notices for the admin. Pure."""

import unicodedata
from collections.abc import Callable

from bots import wave_cards
from bots.client.texts import track_url
from bots.delivery import spoken
from bots.delivery.scene import Scene, price_fact
from bots.messages import Message
from bots.wording import line, safe
from record.values.actors import STAFF, ActorKind, read_actor
from record.values.wording import phone as shown_phone
from record.values.wording import with_noun


def _registered(scene: Scene) -> Message:
    phone = f"📞 {shown_phone(scene.fact('phone'))}"
    if scene.fact("unconfirmed"):
        phone = f"{phone} — номер не подтверждён, сначала позвоните"
    lines = [
        "👷 Новый мастер ждёт допуска:",
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
    if alike := scene.fact("namesake"):
        lines.append(
            f"⚠️ Так же зовут мастера {alike}. В «Мастер» пишите имя с пометкой, как в списке."
        )
    lines.append("\nЧтобы открыть ему заявки, поставьте «Активен» на листе «Мастера».")
    return Message("\n".join(lines))


NOBODY_ACTIVE = (
    "на листе «Мастера» нет ни одного активного, кому доходят сообщения в Telegram."
)


def _no_masters(scene: Scene) -> Message:
    why = line(str(scene.notice.facts.get("why") or NOBODY_ACTIVE), 1500)
    head = f"⚠️ Заявка {scene.number} никому не предложена: {why}"
    order = scene.order
    if order is None:
        return Message(head)
    lines = [
        head,
        "",
        f"💬 {line(order.problem, 500)}",
        f"📞 {line(shown_phone(order.phone))}",
    ]
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


def _talk(scene: Scene) -> Message:
    lines = [
        f"💬 Вопрос с сайта, разговор {scene.fact('talk')}",
        "",
        safe(str(scene.notice.facts.get("text", "")), 3000),
    ]
    if phone := scene.fact("phone"):
        lines.append(f"\n📞 {shown_phone(phone)}")
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


def _cancelled_by_client(scene: Scene) -> Message:
    reason = scene.fact("reason")
    why = f"Причина: {reason}" if reason else "Причина не названа."
    return Message(f"🚫 Клиент отменил заявку {scene.number}.\n{why}")


def _cancel_reason(scene: Scene) -> Message:
    return Message(
        f"💬 Почему клиент отменил заявку {scene.number}: {scene.fact('reason')}"
    )


def _given_back(scene: Scene) -> Message:
    return Message(
        f"↩️ {scene.fact('master')} вернул заявку {scene.number}. Причина: {scene.fact('reason')}"
    )


FOR_ADMIN: dict[str, Callable[[Scene], Message]] = {
    "master_registered": _registered,
    "no_masters": _no_masters,
    "client_says": spoken.client_says_to_staff,
    "stranger_says": spoken.stranger_says,
    "master_says": spoken.master_says,
    "talk": _talk,
    "talks": _talks,
    "paid": _paid,
    "price_lowered": _price_lowered,
    "price_wish": _price_wish,
    "wave": lambda scene: wave_cards.question(scene.notice.facts),
    "alarm": _alarm,
    "alarm_over": _alarm_over,
    "client_cancelled": _cancelled_by_client,
    "cancel_reason": _cancel_reason,
    "given_back": _given_back,
}
