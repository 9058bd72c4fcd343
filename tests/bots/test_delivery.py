"""What waits in the outbox reaches people through the real bots: once, in order, and only while it is true."""

from record.dispatch.notices import Notice
from record.dispatch.reach import Unreachable
from record.values import telegram
from tests.bots.town import Talker, Town, master_id
from tests.house import CLIENT_BOT, wait_for


def started(town: Town, name: str = "Юля") -> Talker:
    """Let a client exist who has written to the bot."""
    client = town.client(name)
    client.asks("/start", "вызов электрика")
    return client


def test_a_client_is_told_who_comes_and_what_it_cost(town: Town) -> None:
    client = started(town)
    number = town.order(Telegram=str(client.chat_id))
    ivan = town.master("Иван Ветров")
    town.actions.accept(number, master_id(ivan))
    town.notice("client", client, "accepted", number, master="Иван Ветров", phone="+79110000001")
    told = client.hears(f"Заявку #{number} принял мастер")
    assert "Иван Ветров" in told["text"]
    assert "+79110000001" in told["text"]
    assert not told["silent"]
    town.staff(number, Telegram=str(client.chat_id), Статус="Выполнена", Цена=2000, Мастер="Иван Ветров")
    town.notice("client", client, "done", number, price="2000.00")
    told = client.hears(f"Работа по заявке #{number} выполнена")
    assert "2 000 ₽" in told["text"].replace("\xa0", " ")


def test_news_that_is_no_longer_true_is_dropped(town: Town) -> None:
    client, ivan = started(town), town.master("Иван Туманов")
    taken = town.order(Статус="В работе", Мастер="Иван Туманов", Telegram=str(client.chat_id))
    done = town.order(Статус="Выполнена", Мастер="Иван Туманов", Telegram=str(client.chat_id))
    for number, to, whom, kind in (
        (taken, "master", ivan, "order_new"),
        (done, "client", client, "accepted"),
        (done, "client", client, "searching"),
        (done, "client", client, "cancelled"),
        ("499", "master", ivan, "order_new"),
        ("499", "client", client, "done"),
    ):
        key = town.notice(to, whom, kind, number, master="Иван Туманов")
        town.ends(number, key, "stale")
    assert not ivan.heard("Новая заявка")


def test_a_master_who_blocked_the_bot_is_marked_until_he_writes_again(town: Town) -> None:
    ivan = town.master("Иван Молчалин")
    ivan.block()

    def unreachable() -> bool:
        with town.store.reading() as tx:
            return telegram(ivan.chat_id) in tx.masters.unreachable("master")

    wait_for(unreachable, "the block to be noticed")
    number = town.order()
    town.ends(number, town.notice("master", ivan, "order_new", number), "failed")
    with town.store.reading() as tx:
        (_, _, error) = tx.outbox.results(number)[-1]
    assert "blocked" in error
    ivan.block(blocked=False)
    ivan.asks("/start", "Иван Молчалин")
    wait_for(lambda: not unreachable(), "him to be reachable")
    town.ends(number, town.notice("master", ivan, "order_new", number), "sent")


def test_a_message_that_gets_through_shows_that_a_person_is_back(town: Town) -> None:
    """Then he also gets what he has missed, if it still is true."""
    ivan = town.master("Иван Вернулся")
    missed, over, fresh = town.order(), town.order(), town.order()
    why = "Forbidden: bot was blocked by the user"
    with town.store.transaction() as tx:
        tx.masters.set_unreachable("master", telegram(ivan.chat_id), Unreachable.BLOCKED, why)
        for number in (missed, over):
            tx.outbox.add(Notice(f"missed:{number}", "master", master_id(ivan), "order_new", number))
        for one in tx.outbox.due(["master"], 100):
            if one.notice.recipient == master_id(ivan):
                tx.outbox.end(one.id, "failed", why, Unreachable.BLOCKED)
    town.order(over, Статус="Отменена")
    town.ends(fresh, town.notice("master", ivan, "order_new", fresh), "sent")
    town.ends(missed, f"missed:{missed}", "sent")
    town.ends(over, f"missed:{over}", "stale")
    with town.store.reading() as tx:
        assert telegram(ivan.chat_id) not in tx.masters.unreachable("master")


def test_a_chat_that_must_rest_holds_up_nobody_else(town: Town) -> None:
    talkative, calm = started(town), started(town, "Ольга")
    numbers = [town.order(Telegram=str(talkative.chat_id), Статус="Выполнена", Цена=100) for _ in range(5)]
    other = town.order(Telegram=str(calm.chat_id), Статус="Выполнена", Цена=100)
    town.house.post("telegram/limits", enabled=True)
    try:
        keys = [town.notice("client", talkative, "price", number, price="100") for number in numbers]
        calm_key = town.notice("client", calm, "price", other, price="100")
        town.ends(other, calm_key, "sent")
        assert town.state(numbers[-1], keys[-1]) == "waiting"
        town.ends(numbers[-1], keys[-1], "sent")
    finally:
        town.house.post("telegram/limits", enabled=False)
    assert len(talkative.heard(": 100")) == len(keys)
    counted = town.house.http.get(f"{town.house.url}/sandbox/requests").json()
    assert counted["telegram"]["sendMessage"] > 0


def test_what_fails_in_passing_is_tried_again_and_the_order_of_messages_kept(town: Town) -> None:
    client = started(town)
    number = town.order(Telegram=str(client.chat_id), Статус="Выполнена", Цена=300)
    path = f"/bot{CLIENT_BOT}/sendMessage"
    town.fault(path=path, times=1, status=502)
    first = town.notice("client", client, "done", number, price="300")
    second = town.notice("client", client, "price", number, price="300")
    town.ends(number, second, "sent")
    assert town.state(number, first) == "sent"
    told = [message["text"] for message in client.heard(f"#{number}")]
    assert ["выполнена" in text for text in told] == [True, False]


def test_every_kind_of_notice_to_a_master_has_words(town: Town) -> None:
    ivan = town.master("Иван Словов")
    mine = town.order(Статус="В работе", Мастер="Иван Словов", Телефон="+79007654321")
    town.notice("master", ivan, "assigned", mine)
    ivan.hears("Диспетчер назначил вам заказ")
    town.notice("master", ivan, "details_changed", mine, columns=["Телефон", "Адрес"])
    assert "+79007654321" in ivan.hears(f"В заказе #{mine} кое-что уточнили")["text"]
    town.order(mine, Статус="Отменена")
    town.notice("master", ivan, "card", mine)
    ivan.hears(f"❌ Заказ #{mine} отменён")
    town.notice("master", ivan, "cancelled", mine)
    town.notice("master", ivan, "refused", mine, column="Статус", value="Отменена")
    ivan.hears("«Статус» там теперь «Отменена»")
    town.notice("master", ivan, "removed", "498")
    ivan.hears("Заказ #498 убрали из таблицы")
    other = town.order()
    town.notice("master", ivan, "taken_away", other, master="Пётр")
    ivan.hears("Теперь им займётся Пётр")
    town.notice("master", ivan, "activated")
    ivan.hears("Вас включили в работу")


def test_the_admin_hears_alarms(town: Town) -> None:
    admin = town.admin()
    admin.asks("/start", "Сюда будут приходить тревоги")
    number = town.order(Проблема="Искрит <щиток>")
    for kind, facts, text in (
        ("no_masters", {}, "Искрит <щиток>"),
        ("alarm", {"text": "Таблица «Заявки» недоступна"}, "🚨 Таблица"),
        ("alarm_over", {"text": "Таблица снова доступна"}, "✅ Таблица"),
    ):
        with town.store.transaction() as tx:
            tx.outbox.add(Notice(f"{kind}:{number}", "admin", str(admin.chat_id), kind, number, facts))
        admin.hears(text)


def test_the_admin_may_be_a_master_too(town: Town) -> None:
    admin = town.admin()
    admin.asks("/register", "познакомимся")
    admin.asks("Борис Админов", "номер телефона")
    admin.asks("/start", "Сюда будут приходить тревоги")
