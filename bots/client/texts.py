"""What the client bot says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bots.markup import bold, escaped
from bots.messages import Button, Key, Keyboard, Message, buttons, keyboard
from bots.small_talk import Says
from bots.sorts import called, counted
from bots.wording import SHARE, WRONG_PHONE, agreement, line, of_category, safe
from record.dispatch.model import Master, Order
from record.dispatch.waves import kept_back
from record.values import Status
from record.values.wording import money
from record.values.wording import phone as shown_phone

SERVICES = "⚡ Услуги электрика"
MINE = "📋 Мои заявки"
CALL = "☎️ Позвонить нам"
MENU = "Вернуться в меню"
CONFIRM = "✅ Подтвердить"
REFRESH = "🔄 Обновить"
FORGET = "Удалить мои данные"
KEEP = "Оставить как было"
CONTINUE = "Продолжить"
RESTART = "Начать заново"
PLACE = "📍 Точка, которую я прислал"
LONGEST_KEY = 100  # characters of an answer that is offered as a key

STEPS = ("problem", "address", "name", "phone", "confirm")
EDIT = {
    "✏️ Проблема": "problem",
    "✏️ Адрес": "address",
    "✏️ Имя": "name",
    "✏️ Телефон": "phone",
}
STALE_KEYS = frozenset({*EDIT, KEEP, CONTINUE, RESTART, PLACE, SHARE})
QUESTIONS = {
    "problem": "💬 Что случилось? Опишите своими словами, например: «Не работает розетка на кухне».",
    "address": "📍 Куда приехать? Напишите улицу, дом и квартиру, например: «Невского 47, кв. 12».",
    "name": "👤 Как к вам обращаться?",
    "phone": "📞 По какому номеру мастеру позвонить? Нажмите кнопку ниже или напишите номер цифрами.",
}
WRONG = {
    "problem_wordless": "Напишите словами, что случилось, например: «Не работает розетка на кухне».",
    "problem_short": "Слишком коротко 🙂 Расскажите чуть подробнее: что сломалось и где?",
    "problem_long": "Вот это подробно! Уложитесь, пожалуйста, в 2000 знаков, а детали расскажете мастеру.",
    "address_wordless": "Похоже, адрес неполный. Напишите улицу и номер дома, например: «Невского 47».",
    "address_short": "Похоже, адрес неполный. Напишите улицу и номер дома, например: «Невского 47».",
    "address_long": "Адрес получился слишком длинный. Оставьте улицу, дом, подъезд и квартиру.",
    "name_wordless": "Напишите, пожалуйста, имя буквами, например: Юля.",
    "name_short": "Напишите, пожалуйста, имя буквами, например: Юля.",
    "name_long": "Имя получилось слишком длинное. Как вас называть покороче?",
    "question": "Это похоже на вопрос. Закончим с заявкой, и мастер ответит, когда позвонит.",
    "phone": WRONG_PHONE,
    "phone_other": "Это номер другого человека. Если звонить нужно ему, напишите номер цифрами.",
    "other": "Здесь нужен ответ словами.",
    "edited": "Такое исправление я не понял.",
    "confirm": "Проверьте заявку и нажмите «✅ Подтвердить». Если что-то не так, нажмите кнопку с карандашом.",
}
GREETING = (
    "Здравствуйте! 👋 Это {company}, вызов электрика на дом.\n\n"
    "Нажмите «⚡ Услуги электрика», ответьте на четыре коротких вопроса, и мастер возьмётся за дело."
)
OFFER = "Продолжить её или начать заново?"
REMARKED = "Добавил к заявке, мастер это увидит."
WHAT_TO_MEND = "Что поправить? Нажмите кнопку с карандашом."
NOTHING_TO_CONFIRM = (
    "Подтверждать сейчас нечего. Чтобы вызвать мастера, нажмите «⚡ Услуги электрика»."
)
EDITED_IN_VAIN = "Исправленное сообщение я не перечитываю. Напишите, пожалуйста, новым сообщением, как правильно."
STAYS_AS_IT_WAS = "Пока оставил как было."
BESIDE = {
    "photo": "Фото приложу к заявке, мастер его увидит.",
    "video": "Видео приложу к заявке, мастер его увидит.",
    "video_note": "Видео приложу к заявке, мастер его увидит.",
    "animation": "Приложу к заявке, мастер увидит.",
    "voice": "Голосовое передам мастеру, но сам слушать не умею: ответьте, пожалуйста, словами.",
    "audio": "Запись передам мастеру, но сам слушать не умею: ответьте, пожалуйста, словами.",
    "document": "Файл приложу к заявке, мастер его увидит.",
    "location": "Точку на карте запомнил, она пригодится для адреса.",
    "venue": "Место запомнил, оно пригодится для адреса.",
    "contact": "Спасибо за контакт, предложу его чуть позже, когда дойдём до телефона.",
    "sticker": "Стикер хороший 🙂 А ответ нужен словами.",
    "dice": "Хороший бросок 🙂 А ответ нужен словами.",
}
PLACE_ADDED = "Точку на карте добавил к заявке, мастер её увидит."
CONTACT_LATE = (
    "Чтобы мастер звонил по этому номеру, нажмите «✏️ Телефон»: предложу его там."
)
NOT_READ = (
    "Прочитать {what} я не умею, понимаю только текст. Напишите, пожалуйста, словами."
)
WORDS_WANTED = {
    "problem": "Напишите словами, что случилось.",
    "address": "Здесь нужен адрес: улица и дом.",
    "name": "Здесь нужно имя.",
    "phone": "Здесь нужен номер телефона.",
    "confirm": "Если всё верно, нажмите «✅ Подтвердить».",
}
PRICES = "Точную сумму мастер назовёт на месте, до начала работы. Наши цены:"
HOW = "Я принимаю заявки: задам четыре вопроса, передам мастеру и сообщу, кто приедет. Отвечайте обычным текстом."
POLITE = {
    Says.GREETING: "Здравствуйте! 👋",
    Says.THANKS: "Пожалуйста! 🙂",
    Says.YES: "Хорошо 👍",
    Says.HELP: HOW,
}
BACK = "Вы в меню. Чтобы вызвать мастера, нажмите «⚡ Услуги электрика»."
DROPPED = "Хорошо, заявку не отправляю. Вы в меню."
HINT = "Чтобы вызвать мастера, нажмите «⚡ Услуги электрика» 👇"
NO_ORDERS = "Заявок пока нет. Чтобы вызвать мастера, нажмите «⚡ Услуги электрика»."
BAD_LINK = "Эта ссылка не подошла: возможно, она скопирована не целиком. Откройте её ещё раз со страницы заявки."
TOO_MANY_LINKS = "Слишком много неверных ссылок подряд. Подождите час или откройте ссылку прямо со страницы заявки."
TIED_ELSEWHERE = (
    "Новости о заявке #{id} уже приходят в другой Telegram, поэтому сюда слать не буду. "
    "Следить за ней можно на её странице:"
)
FORGETTING = (
    "Просьбу удалить ваши данные передали сотруднику. Ответим не позже чем через 10 рабочих дней: имя, телефон, "
    "адреса и переписка будут стёрты. Если заявка ещё в работе, сначала закончим её или отменим, как вы скажете."
)
NOTHING_TO_FORGET = "Заявок от вас у нас нет, а начатый разговор я уже стёр. Больше ничего о вас не храню."
REFRESHED = "Обновлено"
STALE = "Эта кнопка устарела. Нажмите «📋 Мои заявки», там всё свежее"
STARTING = "Система только что включилась и ещё не прочитала заявки. Попробуйте, пожалуйста, через минуту."


@dataclass(frozen=True)
class Shop:
    """What the client bot knows of the company."""

    company: str
    phone: str
    category: str
    region: str
    public_url: str


def menu(shop: Shop) -> Keyboard:
    """Return the main keyboard."""
    if shop.phone:
        return keyboard((SERVICES,), (MINE, CALL))
    return keyboard((SERVICES,), (MINE,))


def greeting(shop: Shop) -> Message:
    """Return the answer to /start."""
    return Message(GREETING.format(company=safe(shop.company)), keyboard=menu(shop))


def progress(step: str) -> str:
    """Return the progress bar of a step: ``🟢🟢🟢⚪⚪ 60%``."""
    done = STEPS.index(step) + 1
    return f"{'🟢' * done}{'⚪' * (len(STEPS) - done)} {done * 100 // len(STEPS)}%"


def question(step: str, *suggestions: str, keep: bool = False) -> Message:
    """Return the question of a step, with a key for each answer that is known already.

    ``keep``: the answer that was given may stay as it is.
    """
    rows = [(Key(suggestion),) for suggestion in suggestions if suggestion]
    if step == "phone":
        # first: one press, and it can't be mistyped
        rows.insert(0, (Key(SHARE, contact=True),))
    if keep:
        rows.append((Key(KEEP),))
    rows.append((Key(MENU),))
    text = f"{progress(step)}\n\n{QUESTIONS[step]}"
    return Message(text, keyboard=tuple(rows))


def summary(
    draft: Mapping[str, str], shop: Shop, files: Sequence[Sequence[str]] = ()
) -> Message:
    """Return the last step: the whole order to look over."""
    lines = [
        f"{progress('confirm')}\n",
        "Проверьте, всё ли верно:",
        f"🔧 {line(of_category(shop.category))}",
        *_answers(draft),
    ]
    if words := draft.get("phone_said"):
        lines.append(f"🗒 О телефоне передадим мастеру: «{line(words, 300)}»")
    if comment := draft.get("comment"):
        lines.append(f"🗒 Передадим мастеру: {safe(comment, 500)}")
    if files:
        lines.append(f"📎 Приложено: {counted([one[0] for one in files])}")
    doing, purpose = f"Нажимая «{CONFIRM}»", "чтобы мы выполнили заявку"
    lines.append(f"\n{agreement(doing, purpose, shop.public_url)}")
    problem, address, name, phone = EDIT
    keys = keyboard((CONFIRM,), (problem, address), (name, phone), (MENU,))
    return Message("\n".join(lines), keyboard=keys)


def _answers(draft: Mapping[str, str]) -> list[str]:
    """Return the answers given so far, a line for each."""
    signs = {"problem": "💬", "address": "📍", "name": "👤", "phone": "📞"}
    return [
        f"{sign} {_shown(at, draft[at])}" for at, sign in signs.items() if at in draft
    ]


def _shown(at: str, value: str) -> str:
    match at:
        case "problem":
            return safe(value, 1000)
        case "phone":
            return line(shown_phone(value))
        case _:
            return line(value)


def corrected(at: str, value: str) -> str:
    """Return that an answer now is as its message was changed to."""
    return f"✏️ Исправил: {_shown(at, value)}"


def offer(draft: Mapping[str, str]) -> Message:
    """Return the question whether to go on with an order that was begun."""
    lines = ["У вас есть незаконченная заявка:", *_answers(draft), "", OFFER]
    keys = keyboard((CONTINUE, RESTART), (MENU,))
    return Message("\n".join(lines), keyboard=keys)


def beside_words(sort: str) -> str:
    """Return what becomes of a photo, a voice, a sticker … where words are asked for."""
    return BESIDE.get(sort) or NOT_READ.format(what=called(sort))


def small_talk(talk: Says, shop: Shop, asked: str = "") -> str:
    """Return the answer to what is no answer, before the question that still stands.

    ``asked`` is its step, "" in the menu.
    """
    match talk:
        case Says.PRICE:
            prices = escaped(f"{shop.public_url.rstrip('/')}/catalog.html")
            return f"{PRICES}\n{prices}"
        case Says.PERSON:
            return call_words(shop)
        case Says.NO if asked == "confirm":
            return WHAT_TO_MEND
        case Says.YES | Says.NO | Says.SIGNS if asked:
            return WORDS_WANTED[asked]
    said = POLITE.get(talk, "")
    return said if asked else f"{said}\n\n{HINT}".strip()


def call_words(shop: Shop) -> str:
    """Return by what phone people are reached."""
    if not shop.phone:
        return "Передал диспетчеру, что вы просите человека."
    return f"Звоните, будем рады помочь: {line(shown_phone(shop.phone))}"


def asked_without_order(shop: Shop) -> str:
    """Return the answer to a question of who has no order here: «где мастер?»."""
    text = "Открытых заявок из этого чата у нас нет."
    if shop.phone:
        number = line(shown_phone(shop.phone))
        text = f"{text} Если вы заказывали на сайте или по телефону, позвоните нам: {number}"
    return f"{text}\n\n{HINT}"


def track_url(shop: Shop, order_id: str, key: str) -> str:
    """Return the address of an order's tracking page."""
    asked = urlencode({"id": order_id, "key": key})
    return f"{shop.public_url.rstrip('/')}/track.html?{asked}"


def placed(shop: Shop, order_id: str, key: str) -> Message:
    """Return the good news: the order's number and where to follow it."""
    url = escaped(track_url(shop, order_id, key))
    text = (
        f"Готово! 🎉 Ваша заявка {bold(f'#{safe(order_id)}')} принята.\n\n"
        f"Ищем мастера и сразу напишем, кто приедет.\nСледить за заявкой: {url}"
    )
    return Message(text, keyboard=menu(shop))


def already_placed(shop: Shop, order_id: str, key: str) -> Message:
    """Return the answer to a second press of the confirming key."""
    url = escaped(track_url(shop, order_id, key))
    return Message(
        f"Заявка #{safe(order_id)} уже у нас, всё в порядке 👍\n{url}",
        keyboard=menu(shop),
    )


def call_us(shop: Shop) -> Message:
    """Return the company's phone."""
    text = call_words(shop) if shop.phone else HINT
    return Message(text, keyboard=menu(shop))


def too_many(shop: Shop) -> Message:
    """Return the answer to an order beyond what a person sends within an hour.

    Nothing of it is lost.
    """
    call = "напишите нам через час"
    if shop.phone:
        call = f"позвоните нам, запишем по телефону: {line(shown_phone(shop.phone))}"
    return Message(
        f"За последний час от вас пришло уже много заявок. Эту пока не отправил: {call}"
    )


def tied(order: Order, master: Master | None) -> Message:
    """Return the answer to a deep link from the tracking page."""
    return Message(
        f"Готово! Новости о заявке будут приходить сюда.\n\n{_order(order, master)}"
    )


def tied_elsewhere(shop: Shop, order: Order) -> Message:
    """Return the answer to an order's link where its news go to somebody else."""
    # he may follow the order all the same: he came by its secret link
    url = escaped(track_url(shop, order.id, order.key))
    text = f"{TIED_ELSEWHERE.format(id=safe(order.id))}\n{url}"
    return Message(text, keyboard=menu(shop))


def my_orders(
    orders: Sequence[tuple[Order, Master | None, bool]], moment: str
) -> Message:
    """Return the client's orders as they stand now.

    With each comes its master and whether the client may call it off; ``moment`` is
    when.
    """
    if not orders:
        return Message(NO_ORDERS)
    blocks: list[str] = []
    rows = [(Button(REFRESH, "mine"),)]
    for order, master, may_cancel in orders:
        blocks.append(_order(order, master))
        if may_cancel:
            cancel = Button(f"❌ Отменить #{order.id}", "cancel", order=order.id)
            rows.append((cancel,))
    # the moment shows that a press did something though nothing has changed
    text = "\n\n".join([f"📋 {bold('Ваши заявки')}", *blocks, f"Обновлено в {moment}"])
    return Message(text, buttons(*rows))


def _order(order: Order, master: Master | None) -> str:
    status = order.status or Status.NEW
    number = bold(f"#{safe(order.id)}")
    lines = [f"{status.facts.sign} {number} · {status}"]
    if order.problem or order.category:
        lines.append(f"💬 {line(order.problem or order.category, 60)}")
    if order.address:
        lines.append(f"📍 {line(order.address, 60)}")
    if comes := _who_comes(order, status, master):
        lines.append(comes)
    if status is Status.DONE and order.price is not None:
        lines.append(f"💰 {money(order.price)}")
    return "\n".join(lines)


def _who_comes(order: Order, status: Status, master: Master | None) -> str:
    if status is Status.NEW and kept_back(order):
        return "🔎 Заявку смотрит диспетчер"
    if status is Status.NEW and not master:
        return "🔎 Ищем мастера"
    if not master or status is Status.CANCELLED:
        return ""
    who = f"👷 Мастер: {line(master.name, 40)}"
    if not master.phone or status is Status.DONE:
        return who
    return f"{who}, {line(shown_phone(master.phone))}"
