"""A client orders, follows and cancels through the real bot."""

import base64

from record.values import telegram
from tests.harness.bot_system import BotSystem, Talker, master_id
from tests.harness.system import wait_for

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (64).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
PHOTO = base64.b64encode(PNG).decode()


def test_the_whole_dialog_ends_with_an_order(bot_system: BotSystem) -> None:
    client = bot_system.client()
    client.asks("/start", "вызов электрика")
    client.asks("⚡ Услуги электрика", "🟢⚪⚪⚪⚪ 20%")
    client.asks("Не работает розетка", "🟢🟢⚪⚪⚪ 40%")
    client.asks("Невского 47", "🟢🟢🟢⚪⚪ 60%")
    client.asks("Юля", "🟢🟢🟢🟢⚪ 80%")
    client.asks("8 (900) 123-45-67", "🟢🟢🟢🟢🟢 100%")
    told = client.asks("✅ Подтвердить", "Готово")
    (order,) = bot_system.orders_of(client)
    assert f"#{order.id}" in told["text"]
    assert f"/track.html?id={order.id}&key={order.key}" in told["text"]
    assert (order.name, order.phone, order.address) == ("Юля", "+79001234567", "Невского 47")
    assert (order.problem, order.category, order.source) == ("Не работает розетка", "Электрика", "telegram")


def ordered(client: Talker) -> None:
    """Go through the dialog up to the last look."""
    client.orders("Искрит <выключатель> & пахнет", "Победы 5", "Ольга")
    client.send(contact=True)
    client.hears("100%")


def test_a_second_press_of_confirm_makes_no_second_order(bot_system: BotSystem) -> None:
    client = bot_system.client("Ольга", "+79005556677")
    ordered(client)
    client.say("✅ Подтвердить")
    client.say("✅ Подтвердить")
    client.hears("уже у нас")
    assert len(client.heard("Готово! 🎉")) == 1
    (order,) = bot_system.orders_of(client)
    assert order.phone == "+79005556677"
    assert order.problem == "Искрит <выключатель> & пахнет"


def test_an_answer_can_be_corrected_before_confirming(bot_system: BotSystem) -> None:
    client = bot_system.client("Ольга", "+79005556677")
    ordered(client)
    client.asks("✏️ Адрес", "40%")
    assert "Литовский вал 38" in client.asks("Литовский вал 38", "100%")["text"]
    client.asks("✅ Подтвердить", "Готово")
    (order,) = bot_system.orders_of(client)
    assert (order.address, order.name) == ("Литовский вал 38", "Ольга")


def test_somebody_elses_contact_is_refused(bot_system: BotSystem) -> None:
    client = bot_system.client()
    client.orders("Нет света", "Невского 47", "Юля")
    client.send(contact={"phone_number": "79990000000", "first_name": "Пётр", "user_id": 5})
    client.hears("номер другого человека")
    client.asks("+79001234567", "100%")


def test_my_orders_show_how_things_stand_and_can_be_refreshed(bot_system: BotSystem) -> None:
    client, ivan = bot_system.client(), bot_system.master("Иван Смирнов")
    number = bot_system.order(Telegram=str(client.chat_id))
    shown = client.asks("📋 Мои заявки", "Ваши заявки")
    assert "Ищем мастера" in shown["text"]
    assert not bot_system.actions.accept(number, master_id(ivan)).refusal
    client.press("🔄 Обновить")
    client.hears("Мастер: Иван Смирнов, +7 911 000-00-01")
    assert len(client.heard("Ваши заявки")) == 1


def test_an_order_that_nobody_took_can_be_cancelled(bot_system: BotSystem) -> None:
    client = bot_system.client()
    number = bot_system.order(Telegram=str(client.chat_id))
    client.asks("📋 Мои заявки", f"#{number}")
    client.press(f"❌ Отменить #{number}")
    client.press("Да, отменить")
    client.hears("Отменена")
    bot_system.becomes(number, lambda order: order.status == "Отменена", "cancelled")


def test_an_order_that_staff_are_changing_waits_to_be_cancelled(bot_system: BotSystem) -> None:
    client = bot_system.client()
    number = bot_system.order(Telegram=str(client.chat_id))
    client.asks("📋 Мои заявки", f"#{number}")
    bot_system.rests(number)
    client.press(f"❌ Отменить #{number}")
    client.toast("Диспетчер сейчас меняет эту заявку. Попробуйте через полминуты")
    bot_system.rests()
    client.press(f"❌ Отменить #{number}")
    client.press("Да, отменить")
    bot_system.becomes(number, lambda order: order.status == "Отменена", "cancelled")


def test_the_link_of_a_tracking_page_ties_the_chat(bot_system: BotSystem) -> None:
    client = bot_system.client()
    number = bot_system.order(Источник="website")
    client.asks(f"/start track_{number}_wrong", "ссылка не подошла")
    assert bot_system.orders_of(client) == []
    client.asks(f"/start track_{number}_secret_{number}", "будут приходить сюда")
    (order,) = bot_system.orders_of(client)
    assert order.id == number


def test_a_sticker_gets_a_friendly_answer(bot_system: BotSystem) -> None:
    client = bot_system.client()
    client.asks("⚡ Услуги электрика", "20%")
    client.send(photo=PHOTO)
    client.hears("Фото приложу к заявке")


def test_a_group_that_puts_the_bot_out_is_nobody_to_be_called(bot_system: BotSystem) -> None:
    """Only people are counted among those whom Telegram does not deliver to."""
    group, number = -1009000, 2_000_000_000
    person = {"id": 9000, "is_bot": False, "first_name": "Олег"}
    gone = {"chat": {"id": group, "type": "supergroup"}, "from": person, "new_chat_member": {"status": "kicked"}}
    with bot_system.store.transaction() as tx:
        tx.inbox.add("client", number, {"update_id": number, "my_chat_member": gone})

    def handled() -> bool:
        with bot_system.store.reading() as tx:
            return number not in {one for one, _, _ in tx.inbox.open("client")}

    wait_for(handled, "the update to be handled")
    with bot_system.store.reading() as tx:
        assert telegram(group) not in tx.masters.unreachable("client")
