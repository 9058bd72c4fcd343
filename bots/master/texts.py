"""What the master bot says in conversation. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from bots.markup import bold, code
from bots.messages import Button, Key, Keyboard, Message, buttons, keyboard
from bots.small_talk import Says
from bots.wording import SHARE, WRONG_PHONE, agreement, line, safe
from record.dispatch.model import REASONS_TO_GIVE_BACK, Master, Order
from record.dispatch.plausible import LEAST
from record.reports.earnings import Sum
from record.values import wording

NEW = "🆕 Новые заказы"
MINE = "🧰 Мои заказы"
MONEY = "💰 Заработок"
QUIET = "🔕 Не беспокоить"
LOUD = "🔔 Снова получать заказы"
SITE = "🌐 Кабинет на сайте"

# what says nothing else is answered so
POLITE = {
    Says.GREETING: "Здравствуйте! 👋",
    Says.THANKS: "Пожалуйста! 🙂",
    Says.HELP: "Заказы приходят сюда сами. Остальное на кнопках ниже.",
    Says.YES: "Хорошо 👍",
}
ASK_NAME = (
    "Здравствуйте! 👋 Это бот для мастеров компании {company}.\n\n"
    "Давайте познакомимся: напишите имя и фамилию, так вас увидят клиенты."
)
ASK_PHONE = "📱 Ваш номер телефона? Нажмите кнопку ниже или напишите номер цифрами."
ASK_SPECIALITY = "🔧 Какая у вас специальность? Выберите или напишите сами."
WRONG_NAME = "Напишите, пожалуйста, имя и фамилию буквами, не длиннее 60 знаков. Например: Иван Петров."
WRONG_SPECIALITY = (
    "Напишите специальность словами, не длиннее 60 знаков. Например: Электрика."
)
OTHER_PHONE = (
    "Это номер другого человека. Отправьте свой кнопкой ниже или напишите его цифрами."
)
ONLY_TEXT = "Я пока понимаю только текст и кнопки 🙂"
# by what parsed_phone finds wrong
NO_PHONE = {"phone": WRONG_PHONE, "phone_other": OTHER_PHONE, "other": ONLY_TEXT}
REGISTERED = (
    "Спасибо, {name}, вы в списке! 👍\n\n"
    "Администратор проверит анкету и откроет вам заказы. Как только это случится, я сразу напишу."
)
RECOGNISED = "{name}, узнаю вас по номеру: вы уже в списке мастеров! 👍\n\nЧерез минуту начну присылать заказы."
STILL_ASKED = "Вопрос ещё ждёт ответа 👇"
TOLD_STAFF = "Передал диспетчеру ✅"
TOO_MUCH_SAID = "Сообщений уже много, за этот час больше передать не смогу. Если срочно, позвоните диспетчеру."
NOBODY_TO_TELL = (
    "Передать это некому: чат диспетчера не подключён. Позвоните ему, пожалуйста."
)
NO_SUM_ASKED = "Сумму я пока не спрашивал. Она нужна, когда заказ выполнен: нажмите на его карточке «✅ Завершить»."
SUM_OF_WHICH = "Это сумма за заказ? Нажмите, за какой, и напишите её ещё раз."
EDITED_IN_VAIN = (
    "Исправленное сообщение я не перечитываю. Сумму можно поправить кнопкой «✏️ Исправить сумму» под ответом, "
    "остальное напишите новым сообщением."
)
NOT_REGISTERED = "Хорошо, анкету не заполняем. Передумаете, нажмите /start."
WORDS_WANTED = "Здесь нужен ответ словами."
NAMESAKE = (
    "В списке уже есть мастер {name}. Чтобы вас не путали, добавьте отчество или другое отличие, "
    "например: {name} младший."
)
PASSED_ON = "Ответ передан, клиент увидит его на сайте ✅"
STARTING = "Система только что включилась и ещё не прочитала список мастеров. Напишите мне через минуту."
INACTIVE = (
    "{name}, вы в списке мастеров, но заказы вам пока не открыты.\n\n"
    "Если ждёте давно, напишите администратору. Как только откроют, я сразу сообщу."
)
CHAT_ID = f"Номер этого чата: {code('{id}')}"
ADMIN = (
    "Здравствуйте! Сюда будут приходить тревоги и вопросы, которые решает только человек.\n\n"
    "Если вы сами ездите на заказы, нажмите /register."
)
ADMIN_TOO = "Сюда будут приходить и тревоги: этот чат указан как чат администратора."
WELCOME = "{name}, здравствуйте! 👋 Новые заказы будут приходить сюда. Всё остальное на кнопках ниже."
HINT = "Выберите, что показать 👇"
NO_NEW = "Свободных заказов сейчас нет. Как только появится новый, я сразу пришлю."
NO_MINE = "У вас сейчас нет заказов в работе."
QUIET_ON = (
    "🔕 Хорошо, новые заказы пока не присылаю. Включить обратно можно кнопкой ниже."
)
QUIET_OFF = "🔔 Отлично, новые заказы снова будут приходить."
ASK_PRICE = "💰 Заказ #{id}: сколько заплатил клиент? Напишите сумму, например: 2000."
ASK_OTHER_PRICE = "✏️ Заказ #{id}: сколько заплатил клиент? Сейчас записано {before}. Напишите, сколько должно быть."
RIGHT = "✅ Верно"
OTHER_SUM = "✏️ Другая сумма"
ASK_IF_FREE = (
    "Точно 0 ₽? Если работа бесплатная, нажмите «✅ Верно», а если нет, напишите сумму."
)
ASK_IF_RIGHT = "{price}, верно? {why}Если нет, напишите сумму ещё раз."
USUALLY = "Обычно такие заказы стоят около {usual}. "
PERHAPS_THOUSANDS = "Если это {price}, напишите {plain}. "
TOO_MUCH = "Слишком большая сумма, проверьте и напишите ещё раз."
ASK_REASON = "↩️ Почему возвращаете заказ #{id}? Выберите причину или напишите свою."
WRONG_REASON = "Напишите причину парой слов, не длиннее 200 знаков."
STAYS = "Хорошо, заказ #{id} остаётся у вас."
PRICE_STAYS = "Хорошо, сумму не меняю."
GIVEN_BACK = (
    "↩️ Заказ #{id} вернули, его предложат другим мастерам. Спасибо, что предупредили."
)
SITE_LINK = (
    "🌐 Ваш кабинет на сайте: заказы, заработок по дням, комиссия.\n\n"
    "Ссылка на один раз и на 10 минут. Она ваша, никому её не пересылайте:\n{url}"
)
YOURS = "🚀 Заказ #{id} ваш! Позвоните клиенту"
NOT_LISTED = "Сначала нужно познакомиться: нажмите /start"
STALE = (
    "Эта кнопка устарела. Нажмите «🆕 Новые заказы» или «🧰 Мои заказы», там всё свежее"
)
FRESH = "Эта кнопка устарела. Карточку я обновил, нажмите ещё раз"
ASK_WISH = "По заказу #{id} сумму теперь меняет диспетчер. Напишите, сколько должно быть, и я передам ему."
REFUSED = {
    "taken": "🔒 Заказ #{id} уже занят",
    "not_yours": "Заказ #{id} сейчас не у вас",
    "cancelled": "❌ Заказ #{id} отменён",
    "done": "✅ Заказ #{id} уже выполнен",
    "not_active": "Заказы вам пока не открыты, спросите администратора",
    "gone": "Заказа #{id} больше нет в таблице",
    "not_listed": NOT_LISTED,
    "not_done": "Заказ #{id} ещё в работе: сначала нажмите «Завершить»",
    "late": "По заказу #{id} сумму теперь меняет диспетчер. Вашу просьбу ему передаю",
    "unclear": "У этого заказа непонятный статус или мастер. Спросите диспетчера: он поправит, и кнопка сработает",
    "rests": "Диспетчер сейчас меняет этот заказ. Попробуйте через полминуты, а если не выйдет, позвоните ему",
    "unfinished": "Заказ #{id} ещё не заполнен: диспетчер допишет его и пришлёт снова",
}


def menu(*, quiet: bool) -> Keyboard:
    """Return the main keyboard of an active master."""
    other = LOUD if quiet else QUIET
    return keyboard((NEW, MINE), (MONEY, other), (SITE,))


def site_link(public_url: str, token: str) -> Message:
    """Return the message with the link by which a master enters his page once."""
    url = f"{public_url.rstrip('/')}/master-dashboard.html?enter={token}"
    return Message(SITE_LINK.format(url=safe(url, 500)))


def ask_name(company: str, suggestion: str) -> Message:
    """Return the first question to somebody who is not on the list."""
    text = ASK_NAME.format(company=safe(company))
    if not suggestion:
        return Message(text)
    return Message(text, keyboard=keyboard((suggestion,)))


def ask_phone(public_url: str, text: str = ASK_PHONE) -> Message:
    """Return the question for the phone, with the key that shares it, and what sending
    it agrees to.
    """
    purpose = "чтобы мы давали вам заказы"
    agreed = agreement("Отправляя номер", purpose, public_url)
    return Message(f"{text}\n\n{agreed}", keyboard=((Key(SHARE, contact=True),),))


def ask_speciality(category: str, text: str = ASK_SPECIALITY) -> Message:
    """Return the question for the speciality."""
    return Message(text, keyboard=keyboard((category, "Мастер на все руки")))


def new_orders(orders: Sequence[Order], *, quiet: bool, total: int = 0) -> Message:
    """Return the list of orders that nobody has taken; a button opens the card of each.

    ``total``: how many wait, where they are more than these.
    """
    if not orders:
        return Message(NO_NEW, keyboard=menu(quiet=quiet))
    lines = [
        f"• {bold(f'#{safe(order.id)}')} {line(order.problem or order.category, 80)}"
        for order in orders
    ]
    waiting = max(total, len(orders))
    head = f"Ждут мастера: {wording.with_noun(waiting, 'заказ', 'заказа', 'заказов')}."
    if waiting > len(orders):
        head += f" Вот {len(orders)} последних."
    head += " Нажмите, чтобы открыть 👇"
    rows = [(Button(_short(order), "card", order=order.id),) for order in orders]
    return Message("\n".join([head, "", *lines]), buttons(*rows))


def _short(order: Order) -> str:
    where = " ".join((order.address or order.problem or order.category).split())
    return f"📋 #{order.id} · {where}"[:60]


def money(today: Sum, week: Sum, month: Sum) -> Message:
    """Return what the master earned."""
    parts = [
        _period("Сегодня", today),
        _period("Эта неделя", week),
        _period("Этот месяц", month),
    ]
    return Message("\n\n".join([f"💰 {bold('Ваш заработок')}", *parts]))


def _period(name: str, total: Sum) -> str:
    if not total.count:
        return f"{bold(name)}: пока ничего"
    return (
        f"{bold(name)}: {wording.with_noun(total.count, 'заказ', 'заказа', 'заказов')}\n"
        f"оборот {wording.money(total.turnover)}, комиссия {wording.money(total.commission)}\n"
        f"на руки {wording.money(total.net)}"
    )


def finished(
    order_id: str, price: Decimal, share: Decimal, corrected: str | None = None
) -> Message:
    """Return the answer to a finished order, with a way to mend a slip of the finger.

    ``corrected``: what the price of one that was finished already had been.
    """
    shown = wording.money(price)
    head = f"✅ Заказ #{safe(order_id)} завершён, отличная работа! 💪"
    if corrected is not None:
        head = f"✅ Заказ #{safe(order_id)} завершён, сумма исправлена"
        shown = f"{corrected} → {shown}"
    text = (
        f"{head}\n"
        f"💰 Цена: {shown}\n"
        f"🏢 Комиссия: {wording.money(share)}\n"
        f"👛 Вам: {wording.money(price - share)}"
    )
    return Message(text, buttons((Button("✏️ Исправить сумму", "fix", order=order_id),)))


def ask_wish(order_id: str) -> Message:
    """Return the question for the price that a master asks staff to put in."""
    return Message(ASK_WISH.format(id=safe(order_id)), buttons((_stay(order_id),)))


def ask_price(order_id: str, before: Decimal | None = None) -> Message:
    """Return the question for the price; ``before`` is one that is to be corrected."""
    text = ASK_PRICE.format(id=safe(order_id))
    if before is not None:
        shown = wording.money(before)
        text = ASK_OTHER_PRICE.format(id=safe(order_id), before=shown)
    return Message(text, buttons((_stay(order_id),)))


def ask_if_right(order_id: str, price: Decimal, usual: Decimal | None) -> Message:
    """Return the question whether a price that is far from usual is right."""
    text = ASK_IF_FREE
    if price:
        why = _why_unusual(price, usual)
        text = ASK_IF_RIGHT.format(price=wording.money(price), why=why)
    right = Button(RIGHT, "sure", order=order_id)
    other = Button(OTHER_SUM, "other", order=order_id)
    return Message(text, buttons((right, other), (_stay(order_id),)))


def _why_unusual(price: Decimal, usual: Decimal | None) -> str:
    thousands = price * 1000
    # «2.5» is how some write two and a half thousand
    if price < LEAST:
        plain = wording.plain(thousands)
        return PERHAPS_THOUSANDS.format(price=wording.money(thousands), plain=plain)
    if usual is None:
        return ""
    return USUALLY.format(usual=wording.money(usual))


def ask_reason(order_id: str) -> Message:
    """Return the question why an order is given back."""
    rows = [
        (Button(reason, f"why:{number}", order=order_id),)
        for number, reason in enumerate(REASONS_TO_GIVE_BACK)
    ]
    return Message(
        ASK_REASON.format(id=safe(order_id)), buttons(*rows, (_stay(order_id),))
    )


def _stay(order_id: str) -> Button:
    return Button("Отмена", "stay", order=order_id)


def refused(refusal: str, order_id: str, owner: Master | None) -> str:
    """Return in one short sentence, for a toast, why a press had no effect."""
    if refusal in {"taken", "not_yours"} and owner:
        return f"🔒 Заказ #{order_id} занят: {owner.name[:60]}"
    return REFUSED.get(refusal, REFUSED["gone"]).format(id=order_id)
