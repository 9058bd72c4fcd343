"""Masters register, take orders, finish them and give them back through the real bot."""

from decimal import Decimal

from record.values import Status, telegram
from tests.harness.bot_system import BotSystem, Talker, master_id
from tests.harness.system import labels, wait_for

ACCEPT, FINISH, GIVE_BACK = "✅ ПРИНЯТЬ ЗАКАЗ 🚀", "✅ Завершить", "↩️ Вернуть заказ"


def offered(bot_system: BotSystem, *masters: Talker) -> str:
    """Offer a fresh order to masters; return its number once they have the card."""
    number = bot_system.order()
    for master in masters:
        bot_system.notice("master", master, "order_new", number)
    for master in masters:
        master.hears(f"📋 Заказ #{number}")
    return number


def working(bot_system: BotSystem, master: Talker) -> str:
    """Let a master have taken an order; return its number."""
    number = offered(bot_system, master)
    master.press(ACCEPT)
    master.hears("Заказ у вас в работе")
    return number


def test_a_stranger_registers_and_waits_for_staff(bot_system: BotSystem) -> None:
    stranger, admin = bot_system.stranger("Семён"), bot_system.admin()
    admin.asks("/start", "Сюда будут приходить тревоги")
    stranger.asks("/start", "познакомимся")
    stranger.asks("Семён Новиков", "номер телефона")
    stranger.send(contact={"phone_number": "79990000000", "first_name": "Пётр", "user_id": 5})
    stranger.hears("номер другого человека")
    stranger.send(contact=True)
    stranger.hears("специальность")
    stranger.asks("Электрика", "вы в списке")
    master = next(master for master in bot_system.roster().masters if master.chat == telegram(stranger.chat_id))
    assert (master.name, master.phone, master.speciality) == ("Семён Новиков", "+79110000001", "Электрика")
    assert not master.active
    assert "Семён Новиков" in admin.hears("Новый мастер ждёт допуска")["text"]
    stranger.asks("/start", "пока не открыты")


def test_who_is_called_like_a_master_who_writes_here_is_asked_once_for_a_mark(bot_system: BotSystem) -> None:
    bot_system.master("Иван Тёзкин")
    stranger = bot_system.stranger("Иван")
    stranger.asks("/start", "познакомимся")
    stranger.asks("Тезкин Иван", "В списке уже есть мастер")
    stranger.asks("Тезкин Иван", "номер телефона")


def test_a_card_arrives_with_sound_and_a_button(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Громов")
    number = offered(bot_system, ivan)
    card = ivan.hears("Новая заявка")
    assert labels(card) == [ACCEPT]
    assert not card["silent"]
    assert card["text"].splitlines()[0] == "🆕 Новая заявка для вас! 🚀"
    assert card["text"].splitlines()[3:] == [
        "🔧 Категория: ⚡ Электрика",
        "💬 Проблема: Не работает розетка",
        "📍 Адрес: Невского 47",
        "👤 Клиент: Юля",
        "📞 Телефон: +7 900 123-45-67",
    ]

    def remembered() -> bool:
        with bot_system.store.reading() as tx:
            return tx.cards.get(number, master_id(ivan)) == (telegram(ivan.chat_id), str(card["message_id"]))

    wait_for(remembered, "the card is remembered")


def test_of_two_masters_one_wins_and_the_other_is_told(bot_system: BotSystem) -> None:
    ivan, petr = bot_system.master("Иван Первый"), bot_system.master("Пётр Второй")
    number = offered(bot_system, ivan, petr)
    ivan.press(ACCEPT)
    ivan.toast(f"Заказ #{number} ваш")
    assert labels(ivan.hears("Заказ у вас в работе")) == [FINISH, GIVE_BACK]
    petr.press(ACCEPT)
    assert petr.toast(f"🔒 Заказ #{number} занят: Иван Первый")["alert"]
    assert labels(petr.hears(f"🔒 Заказ #{number} занят: Иван Первый")) == []
    bot_system.becomes(number, lambda order: order.master_id == master_id(ivan), "Ivan's")


def test_pressed_in_the_same_instant_it_goes_to_one(bot_system: BotSystem) -> None:
    masters = [bot_system.master(f"{name} Быстрый") for name in ("Анна", "Борис", "Вера")]
    number = offered(bot_system, *masters)
    for master in masters:
        master.press(ACCEPT)

    def settled() -> bool:
        return all(not master.heard("Новая заявка") for master in masters)

    wait_for(settled, "all cards to change")
    winners = [master for master in masters if master.heard("Заказ у вас в работе")]
    assert len(winners) == 1
    owner = bot_system.becomes(number, lambda order: order.master_id != "", "somebody's").master_id
    assert owner == master_id(winners[0])


def test_the_others_cards_are_closed_silently(bot_system: BotSystem) -> None:
    ivan, petr = bot_system.master("Иван Третий"), bot_system.master("Пётр Четвёртый")
    number = offered(bot_system, ivan, petr)
    ivan.press(ACCEPT)
    ivan.hears("Заказ у вас в работе")
    before = len(petr.chat())
    for master in (ivan, petr):
        bot_system.ends(number, bot_system.notice("master", master, "card", number), "sent")
    assert labels(petr.hears("занят: Иван Третий")) == []
    assert len(petr.chat()) == before


def test_an_order_is_finished_with_a_price(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Пятый")
    number = working(bot_system, ivan)
    ivan.press(FINISH)
    ivan.hears("сколько заплатил клиент")
    ivan.asks("сейчас поднимусь, щит обесточил", "Вопрос ещё ждёт ответа")
    ivan.asks("две тысячи", "не число")
    ivan.asks("0", "Точно 0")
    told = ivan.asks("2 000 ₽", "завершён")["text"].replace("\xa0", " ")
    assert ("Цена: 2 000 ₽" in told, "Комиссия: 600 ₽" in told, "Вам: 1 400 ₽" in told) == (True, True, True)
    order = bot_system.becomes(number, lambda order: order.status is Status.DONE, "done")
    assert (order.price, order.commission) == (Decimal(2000), Decimal(600))
    assert labels(ivan.hears(f"✅ Заказ #{number} выполнен")) == []


def test_a_slip_in_the_price_is_mended(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Двенадцатый")
    number = working(bot_system, ivan)
    ivan.press(FINISH)
    ivan.asks("9000", "завершён")
    ivan.press("✏️ Исправить сумму")
    ivan.hears("сколько заплатил клиент")
    ivan.asks("2000", "завершён")
    order = bot_system.becomes(number, lambda order: order.price == Decimal(2000), "the right price")
    assert (order.status, order.commission) == (Status.DONE, Decimal(600))


def test_an_order_is_given_back_with_a_reason(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Шестой")
    number = working(bot_system, ivan)
    ivan.press(GIVE_BACK)
    ivan.press("Не успеваю")
    ivan.hears(f"Заказ #{number} вернули")
    order = bot_system.becomes(number, lambda order: order.status is Status.NEW, "new again")
    assert order.master == ""
    assert "Не успеваю" in order.comment
    number = working(bot_system, ivan)
    ivan.press(GIVE_BACK)
    ivan.hears(f"Почему возвращаете заказ #{number}")
    ivan.asks("Сломалась машина", f"Заказ #{number} вернули")
    assert "Сломалась машина" in bot_system.becomes(number, lambda order: order.status is Status.NEW, "new").comment


def test_an_order_lost_meanwhile_can_be_neither_finished_nor_given_back(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Седьмой")
    number = working(bot_system, ivan)
    bot_system.staff(number, Статус="Отменена")
    ivan.press(FINISH)
    ivan.toast(f"❌ Заказ #{number} отменён")
    assert labels(ivan.hears(f"❌ Заказ #{number} отменён")) == []


def test_my_orders_come_with_contacts_and_the_old_card_loses_its_buttons(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Восьмой")
    number = working(bot_system, ivan)
    ivan.say("🧰 Мои заказы")
    wait_for(lambda: len(ivan.heard("Заказ у вас в работе")) == 2, "a second card")
    new = ivan.hears(f"Заказ #{number}")
    assert "+7 900 123-45-67" in new["text"]
    assert new["entities"][0]["url"] == "https://yandex.ru/maps/?text=" + NEVSKOGO
    assert labels(new) == [FINISH, GIVE_BACK]
    wait_for(lambda: not labels(ivan.heard(f"Заказ #{number}")[0]), "the old card to lose its buttons")


NEVSKOGO = "%D0%9D%D0%B5%D0%B2%D1%81%D0%BA%D0%BE%D0%B3%D0%BE+47"


def test_quiet_holds_cards_back_and_its_end_lists_what_waits(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Девятый")
    ivan.asks("🔕 Не беспокоить", "пока не присылаю")
    number = bot_system.order()
    bot_system.ends(number, bot_system.notice("master", ivan, "order_new", number), "stale")
    ivan.say("🔔 Снова получать заказы")
    assert f"#{number}" in ivan.hears("Ждут мастера")["text"]
    ivan.press(f"📋 #{number} · Невского 47")
    assert labels(ivan.hears(f"📋 Заказ #{number}")) == [ACCEPT]


def test_earnings_of_today_week_and_month(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Десятый")
    ivan.asks("💰 Заработок", "Сегодня: пока ничего")
    number = working(bot_system, ivan)
    bot_system.actions.complete(number, master_id(ivan), Decimal("1500.50"))
    told = ivan.asks("💰 Заработок", "на руки")["text"].replace("\xa0", " ")
    assert told.count("1 заказ\nоборот 1 500,50 ₽, комиссия 450,15 ₽\nна руки 1 050,35 ₽") == 3


def test_an_inactive_master_takes_nothing_but_may_finish_what_he_has(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Одиннадцатый")
    mine, other = working(bot_system, ivan), offered(bot_system, ivan)
    bot_system.enlist(ivan, "Иван Одиннадцатый", active=False)
    ivan.press(ACCEPT)
    ivan.toast("пока не открыты")
    ivan.asks("🧰 Мои заказы", "пока не открыты")
    ivan.press(FINISH)
    ivan.asks("900", "завершён")
    bot_system.becomes(mine, lambda order: order.status is Status.DONE, "done")
    bot_system.becomes(other, lambda order: order.status is Status.NEW, "still free")
