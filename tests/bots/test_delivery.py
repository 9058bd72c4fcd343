"""What waits in the outbox reaches people through the real bots: once, in order, and only while it is true."""

from record.dispatch.notices import Notice
from record.dispatch.reach import Unreachable
from record.values import telegram
from tests.harness.bot_system import BotSystem, Talker, master_id
from tests.harness.system import CLIENT_BOT, wait_for


def started(bot_system: BotSystem, name: str = "Юля") -> Talker:
    """Let a client exist who has written to the bot."""
    client = bot_system.client(name)
    client.asks("/start", "вызов электрика")
    return client


def test_a_client_is_told_who_comes_and_what_it_cost(bot_system: BotSystem) -> None:
    client = started(bot_system)
    number = bot_system.order(Telegram=str(client.chat_id))
    ivan = bot_system.master("Иван Ветров")
    bot_system.actions.accept(number, master_id(ivan))
    bot_system.notice("client", client, "accepted", number, master="Иван Ветров", phone="+79110000001")
    told = client.hears(f"Заявку #{number} принял мастер")
    assert "Иван Ветров" in told["text"]
    assert "+7 911 000-00-01" in told["text"]
    assert not told["silent"]
    bot_system.staff(number, Telegram=str(client.chat_id), Статус="Выполнена", Цена=2000, Мастер="Иван Ветров")
    bot_system.notice("client", client, "done", number, price="2000.00")
    told = client.hears(f"Работа по заявке #{number} выполнена")
    assert "2 000 ₽" in told["text"].replace("\xa0", " ")


def test_news_that_is_no_longer_true_is_dropped(bot_system: BotSystem) -> None:
    client, ivan = started(bot_system), bot_system.master("Иван Туманов")
    taken = bot_system.order(Статус="В работе", Мастер="Иван Туманов", Telegram=str(client.chat_id))
    done = bot_system.order(Статус="Выполнена", Мастер="Иван Туманов", Telegram=str(client.chat_id))
    for number, to, whom, kind in (
        (taken, "master", ivan, "order_new"),
        (done, "client", client, "accepted"),
        (done, "client", client, "searching"),
        (done, "client", client, "cancelled"),
        ("499", "master", ivan, "order_new"),
        ("499", "client", client, "done"),
    ):
        key = bot_system.notice(to, whom, kind, number, master="Иван Туманов")
        bot_system.ends(number, key, "stale")
    assert not ivan.heard("Новая заявка")


def test_a_master_who_blocked_the_bot_is_marked_until_he_writes_again(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Молчалин")
    ivan.block()

    def unreachable() -> bool:
        with bot_system.store.reading() as tx:
            return telegram(ivan.chat_id) in tx.masters.unreachable("master")

    wait_for(unreachable, "the block to be noticed")
    number = bot_system.order()
    bot_system.ends(number, bot_system.notice("master", ivan, "order_new", number), "failed")
    with bot_system.store.reading() as tx:
        (_, _, error) = tx.outbox.results(number)[-1]
    assert "blocked" in error
    ivan.block(blocked=False)
    ivan.asks("/start", "Иван Молчалин")
    wait_for(lambda: not unreachable(), "him to be reachable")
    bot_system.ends(number, bot_system.notice("master", ivan, "order_new", number), "sent")


def test_a_message_that_gets_through_shows_that_a_person_is_back(bot_system: BotSystem) -> None:
    """Then he also gets what he has missed, if it still is true."""
    ivan = bot_system.master("Иван Вернулся")
    missed, over, fresh = bot_system.order(), bot_system.order(), bot_system.order()
    why = "Forbidden: bot was blocked by the user"
    with bot_system.store.transaction() as tx:
        tx.masters.set_unreachable("master", telegram(ivan.chat_id), Unreachable.BLOCKED, why)
        for number in (missed, over):
            tx.outbox.add(Notice(f"missed:{number}", "master", master_id(ivan), "order_new", number))
        for one in tx.outbox.due(["master"], 100):
            if one.notice.recipient == master_id(ivan):
                tx.outbox.end(one.id, "failed", why, Unreachable.BLOCKED)
    bot_system.order(over, Статус="Отменена")
    bot_system.ends(fresh, bot_system.notice("master", ivan, "order_new", fresh), "sent")
    bot_system.ends(missed, f"missed:{missed}", "sent")
    bot_system.ends(over, f"missed:{over}", "stale")
    with bot_system.store.reading() as tx:
        assert telegram(ivan.chat_id) not in tx.masters.unreachable("master")


def test_a_chat_that_must_rest_holds_up_nobody_else(bot_system: BotSystem) -> None:
    talkative, calm = started(bot_system), started(bot_system, "Ольга")
    numbers = [bot_system.order(Telegram=str(talkative.chat_id), Статус="Выполнена", Цена=1000) for _ in range(5)]
    other = bot_system.order(Telegram=str(calm.chat_id), Статус="Выполнена", Цена=1000)
    bot_system.system.post("telegram/limits", enabled=True)
    try:
        keys = [bot_system.notice("client", talkative, "price", number, price="1000") for number in numbers]
        calm_key = bot_system.notice("client", calm, "price", other, price="1000")
        bot_system.ends(other, calm_key, "sent")
        assert bot_system.state(numbers[-1], keys[-1]) == "waiting"
        bot_system.ends(numbers[-1], keys[-1], "sent")
    finally:
        bot_system.system.post("telegram/limits", enabled=False)
    assert len(talkative.heard(": 1 000")) == len(keys)
    counted = bot_system.system.http.get(f"{bot_system.system.url}/sandbox/requests").json()
    assert counted["telegram"]["sendMessage"] > 0


def test_what_fails_in_passing_is_tried_again_and_the_order_of_messages_kept(bot_system: BotSystem) -> None:
    client = started(bot_system)
    number = bot_system.order(Telegram=str(client.chat_id), Статус="Выполнена", Цена=1000)
    path = f"/bot{CLIENT_BOT}/sendMessage"
    bot_system.fault(path=path, times=1, status=502)
    first = bot_system.notice("client", client, "done", number, price="1000")
    second = bot_system.notice("client", client, "price", number, price="1000")
    bot_system.ends(number, second, "sent")
    assert bot_system.state(number, first) == "sent"
    told = [message["text"] for message in client.heard(f"#{number}")]
    assert ["выполнена" in text for text in told] == [True, False]


def test_every_kind_of_notice_to_a_master_has_words(bot_system: BotSystem) -> None:
    ivan = bot_system.master("Иван Словов")
    mine = bot_system.order(Статус="В работе", Мастер="Иван Словов", Телефон="+79007654321")
    bot_system.notice("master", ivan, "assigned", mine)
    ivan.hears("Диспетчер назначил вам заказ")
    bot_system.notice("master", ivan, "details_changed", mine, columns=["Телефон", "Адрес"])
    assert "+7 900 765-43-21" in ivan.hears(f"В заказе #{mine} кое-что уточнили")["text"]
    bot_system.order(mine, Статус="Отменена")
    bot_system.notice("master", ivan, "card", mine)
    ivan.hears(f"❌ Заказ #{mine} отменён")
    bot_system.notice("master", ivan, "cancelled", mine)
    bot_system.notice("master", ivan, "refused", mine, column="Статус", value="Отменена")
    ivan.hears("«Статус» там теперь «Отменена»")
    bot_system.notice("master", ivan, "removed", "498")
    ivan.hears("Заказ #498 убрали из таблицы")
    other = bot_system.order()
    bot_system.notice("master", ivan, "taken_away", other, master="Пётр")
    ivan.hears("Теперь им займётся Пётр")
    bot_system.notice("master", ivan, "activated")
    ivan.hears("Вам открыли заказы")


def test_the_admin_hears_alarms(bot_system: BotSystem) -> None:
    admin = bot_system.admin()
    admin.asks("/start", "Сюда будут приходить тревоги")
    number = bot_system.order(Проблема="Искрит <щиток>")
    for kind, facts, text in (
        ("no_masters", {}, "Искрит <щиток>"),
        ("alarm", {"text": "Таблица «Заявки» недоступна"}, "🚨 Таблица"),
        ("alarm_over", {"text": "Таблица снова доступна"}, "✅ Таблица"),
    ):
        with bot_system.store.transaction() as tx:
            tx.outbox.add(Notice(f"{kind}:{number}", "admin", str(admin.chat_id), kind, number, facts))
        admin.hears(text)


def test_the_admin_may_be_a_master_too(bot_system: BotSystem) -> None:
    admin = bot_system.admin()
    admin.asks("/register", "познакомимся")
    admin.asks("Борис Админов", "номер телефона")
    admin.asks("/start", "Сюда будут приходить тревоги")
