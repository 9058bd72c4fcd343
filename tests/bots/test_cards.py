"""An order's card in every state, as one master sees it."""

import html
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.cards import View, card
from bots.messages import Message
from record.dispatch.model import Master, Order
from record.dispatch.permissions import Who
from record.values import Status, UnclearCell

NOW = datetime(2026, 12, 15, 14, 35)
IVAN, PETR = Master("1", "Иван", active=True), Master("2", "Пётр <b>", active=True)
ORDER = Order(
    "123",
    created=NOW.replace(minute=29),
    name="Юля",
    phone="+79001234567",
    category="Электрика",
    problem="Не работает розетка…",
    address="Невского 47",
)


def seen(order: Order | None, owner: Master | None = None, viewer: str = "1") -> Message:
    """Return the card that a master sees."""
    return card(order, "123", View(viewer, NOW), owner)


def pressable(message: Message) -> list[str]:
    """Return what the buttons are for."""
    return [f"{button.data}:{button.order}" for row in message.buttons for button in row]


def test_a_new_order_is_offered_exactly_so() -> None:
    shown = seen(ORDER)
    assert shown.text.splitlines() == [
        "🆕 Новая заявка для вас! 🚀",
        "📋 Заказ #123",
        "⏰ Время: 14:29",
        "🔧 Категория: ⚡ Электрика",
        "💬 Проблема: Не работает розетка…",
        "📍 Адрес: Невского 47",
        "👤 Клиент: Юля",
        "📞 Телефон: +7 900 123-45-67",
    ]
    assert [button.text for row in shown.buttons for button in row] == ["✅ ПРИНЯТЬ ЗАКАЗ 🚀"]
    assert pressable(shown) == ["accept:123"]


def test_lines_that_are_not_known_are_left_out() -> None:
    bare = Order("123", phone="+79001234567", category="Сантехника")
    assert seen(bare).text.splitlines()[1:] == [
        "📋 Заказ #123",
        "🔧 Категория: Сантехника",
        "📞 Телефон: +7 900 123-45-67",
    ]


def test_yesterdays_order_shows_its_day() -> None:
    assert "⏰ Время: 14.12 в 14:29" in seen(replace(ORDER, created=NOW.replace(day=14, minute=29))).text


@pytest.mark.parametrize(
    ("order", "owner", "head", "buttons"),
    [
        (replace(ORDER, status=Status.WORK), IVAN, "🛠 Заказ у вас в работе", ["done:123", "back:123"]),
        (ORDER, IVAN, "🛠 Заказ у вас в работе", ["done:123", "back:123"]),
        (replace(ORDER, status=Status.WORK), PETR, "🔒 Заказ #123 занят: Пётр &lt;b&gt;", []),
        (replace(ORDER, status=Status.WORK), None, "🔒 Заказ #123 уже занят", []),
        (replace(ORDER, status=None), None, "⏸ Заказ #123 уточняет диспетчер", []),
        (replace(ORDER, status=Status.DONE), IVAN, "✅ Заказ #123 выполнен", []),
        (replace(ORDER, status=Status.DONE), PETR, "✅ Заказ #123 выполнен", []),
        (replace(ORDER, status=Status.CANCELLED), IVAN, "❌ Заказ #123 отменён", []),
        (None, None, "🗑 Заказ #123 убрали из таблицы", []),
    ],
)
def test_every_state_has_its_look(order: Order | None, owner: Master | None, head: str, buttons: list[str]) -> None:
    shown = seen(order, owner)
    assert shown.text.splitlines()[0] == head
    assert pressable(shown) == buttons


def test_only_the_owner_sees_contacts_and_money_afterwards() -> None:
    work = replace(ORDER, status=Status.WORK, comment="код 12")
    assert "+7 900 123-45-67" in seen(work, IVAN).text
    assert "📝 Комментарий: код 12" in seen(work, IVAN).text
    assert 'href="https://yandex.ru/maps/?text=' in seen(work, IVAN).text
    assert "900 123" not in seen(work, IVAN, viewer="2").text
    done = replace(ORDER, status=Status.DONE, price=Decimal(2000), commission=Decimal("600.00"))
    assert seen(done, IVAN).text.replace("\xa0", " ").splitlines()[1:] == [
        "💰 Цена: 2 000 ₽",
        "🏢 Комиссия: 600 ₽",
        "👛 Вам: 1 400 ₽",
    ]
    assert len(seen(done, IVAN, viewer="2").text.splitlines()) == 1


def test_however_long_a_number_is_there_is_a_button() -> None:
    assert pressable(card(replace(ORDER, id="я" * 400), "", View("1", NOW), None)) == [f"accept:{'я' * 400}"]


WORKING = replace(ORDER, status=Status.WORK)
UNREADABLE = (UnclearCell("Статус", "Статус «дубль» непонятен"),)


@pytest.mark.parametrize(
    ("order", "owner", "who", "head"),
    [
        (ORDER, None, Who.INACTIVE, "🔒 Заказ #123 вам сейчас не предлагается"),
        (replace(ORDER, phone=""), None, Who.ACTIVE, "⏸ Заказ #123 уточняет диспетчер"),
        (replace(ORDER, troubles=UNREADABLE), None, Who.ACTIVE, "⏸ Заказ #123 уточняет диспетчер"),
        (
            replace(ORDER, status=Status.WORK, troubles=UNREADABLE),
            PETR,
            Who.ACTIVE,
            "⏸ Заказ #123 уточняет диспетчер",
        ),
        (WORKING, PETR, Who.INACTIVE, "🔒 Заказ #123 занят: Пётр &lt;b&gt;"),
    ],
)
def test_who_may_not_see_contacts_sees_no_line_of_the_order(
    order: Order, owner: Master | None, who: Who, head: str
) -> None:
    shown = card(order, "123", View("1", NOW, who), owner)
    assert (shown.text.splitlines(), pressable(shown)) == ([head], [])


def test_his_own_order_with_an_unreadable_status_has_contacts_and_no_buttons() -> None:
    shown = seen(replace(ORDER, status=Status.WORK, troubles=UNREADABLE), IVAN)
    assert "+7 900 123-45-67" in shown.text
    assert shown.text.endswith("Спросите диспетчера, он поправит.")
    assert pressable(shown) == []


@given(problem=st.text(max_size=3000), address=st.text(max_size=600), name=st.text(max_size=300), mine=st.booleans())
def test_whatever_was_typed_telegram_takes_the_card(problem: str, address: str, name: str, *, mine: bool) -> None:
    order = replace(ORDER, problem=problem, address=address, name=name, comment=problem)
    written = seen(order, IVAN if mine else None).text
    plain = html.unescape(re.sub(r'</?a(?: href="[^"<>]*")?>', "", written))
    assert "<" not in re.sub(r'</?a(?: href="[^"<>]*")?>', "", written)
    assert len(plain.encode("utf-16-le")) // 2 <= 4096
