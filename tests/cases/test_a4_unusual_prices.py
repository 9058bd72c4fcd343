"""A4: a price far from what such orders cost is asked about before anybody is told of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from gspread.utils import rowcol_to_a1

from bots.incoming import Incoming
from bots.master.dialog import State
from bots.master.orders import MasterOrders
from bots.master.pricing import pricing
from bots.messages import Reply
from record.dispatch import price_questions
from record.values import telegram
from tests.harness.office import Office

WORKS = {"Имя": "Юля", "Телефон": "8 (900) 123-45-67", "Проблема": "Не работает розетка", "Telegram": "501"}


@pytest.fixture
def used(office: Office) -> Office:
    """An office that did a dozen works at about 2 000 ₽, and has two: in work (13), and done without a price (14)."""
    for number in range(1, 13):
        office.type(
            ID=number, **WORKS, Статус="Выполнена", Мастер="Сергей Ким", Цена=1900 + number * 10, Комиссия=600,
            **{"Дата": "01.12.2026", "Дата выполнения": f"{number:02}.12.2026 12:00"},
        )  # fmt: skip
    office.type(ID=13, **WORKS, Статус="В работе", Мастер="Иван Петров", Оповещены="да")
    office.type(ID=14, **WORKS, Статус="Выполнена", Мастер="Иван Петров", **{"Дата выполнения": "15.12.2026 12:00"})
    office.begin()
    return office


def is_asked(office: Office, order_id: int, price: str) -> None:
    """Expect that «Проверка» asks about a price, and that nobody has heard of it."""
    office.settle()
    assert office.told() == []
    row = office.row(order_id)
    assert row["Проверка"].startswith(f"Цена {price} необычна: обычно около 1 965 ₽. Верно — напишите «да»")
    assert row["Комиссия"] == ""
    assert "price" not in office.history(order_id)


def is_told(office: Office, order_id: int, commission: int) -> None:
    """Expect that a price is taken and told."""
    office.settle()
    assert f"client 501: price {order_id}" in office.told()
    row = office.row(order_id)
    assert (row["Комиссия"], row["Проверка"], row["Комментарий"]) == (commission, "", "")


@pytest.mark.parametrize(("typed", "shown"), [(20000, "20 000 ₽"), ("20 000 р.", "20 000 ₽"), (150, "150 ₽")])
def test_a4_asked_in_the_sheet_before_anybody_is_told(used: Office, typed: object, shown: str) -> None:
    used.change(14, Цена=typed)
    is_asked(used, 14, shown)
    # over a restart it is asked once, and waits
    used.restart()
    is_asked(used, 14, shown)


@pytest.mark.parametrize("yes", ["да", "Да!", "верно", "ок", "ага", "да верно", "yes", "ДА."])
def test_a4_confirmed_it_is_told_at_last(used: Office, yes: str) -> None:
    used.change(14, Цена=20000)
    is_asked(used, 14, "20 000 ₽")
    used.change(14, Проверка=yes)
    is_told(used, 14, 6000)
    # and it stays confirmed: over a restart, another edit of the row, and a store that is deleted
    used.restart()
    used.change(14, Имя="Юлия")
    used.settle()
    used.restart(forget=True)
    used.settle()
    assert (used.told(), used.row(14)["Проверка"], used.row(14)["Комиссия"]) == ([], "", 6000)
    # another one is another question
    used.change(14, Цена=30000)
    used.settle()
    assert (used.told(), used.row(14)["Комиссия"]) == ([], 6000)
    assert "Цена 30 000 ₽ необычна" in used.row(14)["Проверка"]


def test_a4_confirmed_beside_the_question_and_with_a_reason(used: Office) -> None:
    used.change(14, Цена=20000)
    is_asked(used, 14, "20 000 ₽")
    used.change(14, Проверка=f"{used.row(14)['Проверка']} да, вся квартира")
    used.settle()
    assert "client 501: price 14" in used.told()
    assert (used.row(14)["Проверка"], used.row(14)["Комментарий"]) == ("", "да, вся квартира")


@pytest.mark.parametrize("words", ["нет", "не верно", "клиент просил подождать", "да?", "да, но 2000"])
def test_a4_any_other_words_are_a_comment_and_the_question_stays(used: Office, words: str) -> None:
    used.change(14, Цена=20000)
    is_asked(used, 14, "20 000 ₽")
    used.change(14, Проверка=words)
    is_asked(used, 14, "20 000 ₽")
    assert used.row(14)["Комментарий"] == words


def test_a4_corrected_only_the_right_price_is_told(used: Office) -> None:
    used.change(14, Цена=20000)
    is_asked(used, 14, "20 000 ₽")
    used.change(14, Цена=2000)
    is_told(used, 14, 600)
    assert used.history(14).count("price") == 1


def test_a4_left_for_a_day_it_counts_as_confirmed(used: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_questions, "GRACE", timedelta(0))
    used.change(14, Цена=20000)
    is_told(used, 14, 6000)


def test_a4_a_deleted_store_asks_on(used: Office) -> None:
    used.change(14, Цена=20000)
    is_asked(used, 14, "20 000 ₽")
    asked = used.row(14)["Проверка"]
    used.restart(forget=True)
    used.settle()
    assert used.told() == []
    assert used.row(14)["Проверка"] == asked
    used.change(14, Проверка="да")
    is_told(used, 14, 6000)


def test_a4_done_and_priced_at_once_no_price_is_told(used: Office) -> None:
    used.change(13, Цена=2000)
    used.settle()
    used.told()
    used.change(13, Статус="Выполнена", Цена=20000)
    used.settle()
    assert "client 501: price 13" not in used.told()
    assert used.row(13)["Комиссия"] == ""
    used.change(13, Проверка="+")
    is_told(used, 13, 6000)


def test_a4_restored_a_confirmed_price_is_not_asked_again(used: Office) -> None:
    used.change(14, Цена=20000)
    used.settle()
    used.change(14, Проверка="да")
    used.settle()
    row = used.row(14)
    used.delete(14)
    used.settle()
    used.type(**row)
    used.settle()
    assert used.row(14)["Проверка"] == ""


def test_a4_a_masters_own_confirmed_price_is_not_asked_again(used: Office) -> None:
    used.actions.complete("13", "1", Decimal(20000))
    used.flush()
    used.settle()
    assert (used.row(13)["Проверка"], used.row(13)["Комиссия"]) == ("", 6000)


def test_a4_where_nothing_is_known_nothing_is_asked(office: Office) -> None:
    office.type(ID=1, **WORKS, Статус="Выполнена", Мастер="Иван Петров", **{"Дата выполнения": "15.12.2026 12:00"})
    office.begin()
    office.change(1, Цена=200_000)
    is_told(office, 1, 60_000)


def test_a4_what_google_takes_for_a_date_is_asked(used: Office) -> None:
    price = rowcol_to_a1(used.number(14), used.header().index("Цена") + 1)
    used.tab().format(price, {"numberFormat": {"type": "DATE", "pattern": "dd.mm.yyyy"}})
    used.change(14, Цена="2.5.2026")
    used.settle()
    assert used.told() == []
    row = used.row(14)
    assert row["Проверка"].startswith("Цена показана как дата «02.05.2026»: впишите сумму ещё раз, например 2500")
    assert row["Комиссия"] == ""
    used.change(14, Цена="2500")
    is_told(used, 14, 750)


def test_a4_a_commission_above_the_price_is_explained(used: Office) -> None:
    used.change(12, Комиссия=20000)
    used.settle()
    assert used.row(12)["Проверка"] == "Комиссия 20 000 ₽ больше цены 2 020 ₽: впишите не больше цены"
    used.change(12, Комиссия=2000)
    used.settle()
    assert used.row(12)["Проверка"] == ""


def pressed(office: Office, state: State, button: str) -> tuple[State, list[str]]:
    """Let Ivan press a button of order 13; return where the talk stands, and what he reads."""
    orders = MasterOrders(office.store, office.settings, office.actions)
    ivan = telegram(601)
    with office.store.reading() as tx:
        master = tx.masters.by_chat(ivan)
    state, replies = orders.pressed(state, Incoming(ivan, "press", data=button, order="13", query="1"), master)
    return state, [read(reply) for reply in replies]


def read(reply: Reply) -> str:
    """Return what Ivan reads of a reply."""
    text = reply.message.text if reply.message else reply.toast
    return text.replace("\xa0", " ")


def typed(state: State, said: str) -> tuple[State, str]:
    """Let Ivan type a sum; return where the talk stands, and the question he reads."""
    turn = pricing(state, Incoming(telegram(601), "text", text=said))
    return turn.state, turn.message.text.replace("\xa0", " ") if turn.message else ""


def test_a4_a_master_is_asked_by_the_bot_and_may_correct_it(used: Office) -> None:
    state, _ = pressed(used, {}, "done")
    state, said = typed(state, "20000")
    assert said.startswith("20 000 ₽, верно? Обычно такие заказы стоят около 1 965 ₽")
    again, said_again = pressed(used, state, "other")
    assert "сколько заплатил клиент" in said_again[-1]
    assert typed(again, "20000")[1] == said
    # a button of a question that is answered by now does nothing
    assert "устарела" in pressed(used, again, "sure")[1][0]
    after, said_last = pressed(used, state, "sure")
    assert after == {}
    assert any("завершён" in text and "Цена: 20 000 ₽" in text for text in said_last)
    used.flush()
    used.settle()
    assert (used.row(13)["Цена"], used.row(13)["Проверка"]) == (20000, "")
    # corrected, he reads what it was and what it is
    state, said_fix = pressed(used, {}, "fix")
    assert "Сейчас записано 20 000 ₽" in said_fix[-1]
    assert "сумму не меняю" in pressed(used, state, "stay")[1][-1]
    state, _ = typed(state, "200000")
    assert any("20 000 ₽ → 200 000 ₽" in text for text in pressed(used, state, "sure")[1])
