"""Masters register, take orders, finish them and give them back through the real bot."""

from decimal import Decimal

from record.values import Status, telegram
from tests.bots.town import Talker, Town, master_id
from tests.house import labels, wait_for

ACCEPT, FINISH, GIVE_BACK = "✅ ПРИНЯТЬ ЗАКАЗ 🚀", "✅ Завершить", "↩️ Вернуть заказ"


def offered(town: Town, *masters: Talker) -> str:
    """Offer a fresh order to masters; return its number once they have the card."""
    number = town.order()
    for master in masters:
        town.notice("master", master, "order_new", number)
    for master in masters:
        master.hears(f"📋 Заказ #{number}")
    return number


def working(town: Town, master: Talker) -> str:
    """Let a master have taken an order; return its number."""
    number = offered(town, master)
    master.press(ACCEPT)
    master.hears("Заказ у вас в работе")
    return number


def test_a_stranger_registers_and_waits_for_staff(town: Town) -> None:
    stranger, admin = town.stranger("Семён"), town.admin()
    admin.asks("/start", "Сюда будут приходить тревоги")
    stranger.asks("/start", "познакомимся")
    stranger.asks("Семён Новиков", "номер телефона")
    stranger.send(contact={"phone_number": "79990000000", "first_name": "Пётр", "user_id": 5})
    stranger.hears("номер другого человека")
    stranger.send(contact=True)
    stranger.hears("специальность")
    stranger.asks("Электрика", "вы в списке")
    master = next(master for master in town.roster().masters if master.chat == telegram(stranger.chat_id))
    assert (master.name, master.phone, master.speciality) == ("Семён Новиков", "+79110000001", "Электрика")
    assert not master.active
    assert "Семён Новиков" in admin.hears("Новый мастер ждёт включения")["text"]
    stranger.asks("/start", "пока не включены")


def test_a_card_arrives_with_sound_and_a_button(town: Town) -> None:
    ivan = town.master("Иван Громов")
    number = offered(town, ivan)
    card = ivan.hears("Новая заявка")
    assert labels(card) == [ACCEPT]
    assert not card["silent"]
    assert card["text"].splitlines()[0] == "🆕 Новая заявка для вас! 🚀"
    assert card["text"].splitlines()[3:] == [
        "🔧 Категория: ⚡ Электрика",
        "💬 Проблема: Не работает розетка",
        "📍 Адрес: Невского 47",
        "👤 Клиент: Юля",
        "📞 Телефон: +79001234567",
    ]

    def remembered() -> bool:
        with town.store.reading() as tx:
            return tx.cards.get(number, master_id(ivan)) == (telegram(ivan.chat_id), str(card["message_id"]))

    wait_for(remembered, "the card is remembered")


def test_of_two_masters_one_wins_and_the_other_is_told(town: Town) -> None:
    ivan, petr = town.master("Иван Первый"), town.master("Пётр Второй")
    number = offered(town, ivan, petr)
    ivan.press(ACCEPT)
    ivan.toast(f"Заказ #{number} ваш")
    assert labels(ivan.hears("Заказ у вас в работе")) == [FINISH, GIVE_BACK]
    petr.press(ACCEPT)
    assert petr.toast(f"🔒 Заказ #{number} уже взял Иван Первый")["alert"]
    assert labels(petr.hears(f"🔒 Заказ #{number} взял Иван Первый")) == []
    town.becomes(number, lambda order: order.master_id == master_id(ivan), "Ivan's")


def test_pressed_in_the_same_instant_it_goes_to_one(town: Town) -> None:
    masters = [town.master(f"{name} Быстрый") for name in ("Анна", "Борис", "Вера")]
    number = offered(town, *masters)
    for master in masters:
        master.press(ACCEPT)

    def settled() -> bool:
        return all(not master.heard("Новая заявка") for master in masters)

    wait_for(settled, "all cards to change")
    winners = [master for master in masters if master.heard("Заказ у вас в работе")]
    assert len(winners) == 1
    owner = town.becomes(number, lambda order: order.master_id != "", "somebody's").master_id
    assert owner == master_id(winners[0])


def test_the_others_cards_are_closed_silently(town: Town) -> None:
    ivan, petr = town.master("Иван Третий"), town.master("Пётр Четвёртый")
    number = offered(town, ivan, petr)
    ivan.press(ACCEPT)
    ivan.hears("Заказ у вас в работе")
    before = len(petr.chat())
    for master in (ivan, petr):
        town.ends(number, town.notice("master", master, "card", number), "sent")
    assert labels(petr.hears("взял Иван Третий")) == []
    assert len(petr.chat()) == before


def test_an_order_is_finished_with_a_price(town: Town) -> None:
    ivan = town.master("Иван Пятый")
    number = working(town, ivan)
    ivan.press(FINISH)
    ivan.hears("сколько заплатил клиент")
    ivan.asks("две тысячи", "не число")
    ivan.asks("0", "Точно 0")
    told = ivan.asks("2 000 ₽", "завершён")["text"].replace("\xa0", " ")
    assert ("Цена: 2 000 ₽" in told, "Комиссия: 600 ₽" in told, "Вам: 1 400 ₽" in told) == (True, True, True)
    order = town.becomes(number, lambda order: order.status is Status.DONE, "done")
    assert (order.price, order.commission) == (Decimal(2000), Decimal(600))
    assert labels(ivan.hears(f"✅ Заказ #{number} выполнен")) == []


def test_a_slip_in_the_price_is_mended(town: Town) -> None:
    ivan = town.master("Иван Двенадцатый")
    number = working(town, ivan)
    ivan.press(FINISH)
    ivan.asks("20000", "завершён")
    ivan.press("✏️ Исправить сумму")
    ivan.hears("сколько заплатил клиент")
    ivan.asks("2000", "завершён")
    order = town.becomes(number, lambda order: order.price == Decimal(2000), "the right price")
    assert (order.status, order.commission) == (Status.DONE, Decimal(600))


def test_an_order_is_given_back_with_a_reason(town: Town) -> None:
    ivan = town.master("Иван Шестой")
    number = working(town, ivan)
    ivan.press(GIVE_BACK)
    ivan.press("Не успеваю")
    ivan.hears(f"Заказ #{number} вернули")
    order = town.becomes(number, lambda order: order.status is Status.NEW, "new again")
    assert order.master == ""
    assert "Не успеваю" in order.comment
    number = working(town, ivan)
    ivan.press(GIVE_BACK)
    ivan.hears(f"Почему возвращаете заказ #{number}")
    ivan.asks("Сломалась машина", f"Заказ #{number} вернули")
    assert "Сломалась машина" in town.becomes(number, lambda order: order.status is Status.NEW, "new").comment


def test_an_order_lost_meanwhile_can_be_neither_finished_nor_given_back(town: Town) -> None:
    ivan = town.master("Иван Седьмой")
    number = working(town, ivan)
    town.staff(number, Статус="Отменена")
    ivan.press(FINISH)
    ivan.toast(f"❌ Заказ #{number} отменён")
    assert labels(ivan.hears(f"❌ Заказ #{number} отменён")) == []


def test_my_orders_come_with_contacts_and_the_old_card_loses_its_buttons(town: Town) -> None:
    ivan = town.master("Иван Восьмой")
    number = working(town, ivan)
    ivan.say("🧰 Мои заказы")
    wait_for(lambda: len(ivan.heard("Заказ у вас в работе")) == 2, "a second card")
    new = ivan.hears(f"Заказ #{number}")
    assert "+79001234567" in new["text"]
    assert new["entities"][0]["url"] == "https://yandex.ru/maps/?text=" + NEVSKOGO
    assert labels(new) == [FINISH, GIVE_BACK]
    wait_for(lambda: not labels(ivan.heard(f"Заказ #{number}")[0]), "the old card to lose its buttons")


NEVSKOGO = "%D0%9D%D0%B5%D0%B2%D1%81%D0%BA%D0%BE%D0%B3%D0%BE+47"


def test_quiet_holds_cards_back_and_its_end_lists_what_waits(town: Town) -> None:
    ivan = town.master("Иван Девятый")
    ivan.asks("🔕 Не беспокоить", "пока не присылаю")
    number = town.order()
    town.ends(number, town.notice("master", ivan, "order_new", number), "stale")
    ivan.say("🔔 Снова получать заказы")
    assert f"#{number}" in ivan.hears("Ждут мастера")["text"]
    ivan.press(f"📋 #{number} · Невского 47")
    assert labels(ivan.hears(f"📋 Заказ #{number}")) == [ACCEPT]


def test_earnings_of_today_week_and_month(town: Town) -> None:
    ivan = town.master("Иван Десятый")
    ivan.asks("💰 Заработок", "Сегодня: пока ничего")
    number = working(town, ivan)
    town.actions.complete(number, master_id(ivan), Decimal("1500.50"))
    told = ivan.asks("💰 Заработок", "на руки")["text"].replace("\xa0", " ")
    assert told.count("1 заказ\nоборот 1 500,50 ₽, комиссия 450,15 ₽\nна руки 1 050,35 ₽") == 3


def test_an_inactive_master_takes_nothing_but_may_finish_what_he_has(town: Town) -> None:
    ivan = town.master("Иван Одиннадцатый")
    mine, other = working(town, ivan), offered(town, ivan)
    town.enlist(ivan, "Иван Одиннадцатый", active=False)
    ivan.press(ACCEPT)
    ivan.toast("не включены в работу")
    ivan.asks("🧰 Мои заказы", "пока не включены")
    ivan.press(FINISH)
    ivan.asks("900", "завершён")
    town.becomes(mine, lambda order: order.status is Status.DONE, "done")
    town.becomes(other, lambda order: order.status is Status.NEW, "still free")
