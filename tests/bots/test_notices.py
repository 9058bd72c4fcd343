"""Every notice has words, and is dropped once it is no longer true."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

import record.dispatch.notices
from bots.cards import View
from bots.delivery.relevance import Situation, relevant
from bots.delivery.scene import Scene
from bots.delivery.texts import TEXTS, message_of
from record.dispatch.changes import DETAILS
from record.dispatch.model import Master, Order, Roster
from record.dispatch.notices import Notice
from record.values import Status, telegram
from tests.bots.acts import SHOP

NOW = datetime(2026, 12, 15, 14, 35)
IVAN = Master("1", "Иван", "+79110000001", telegram(11), active=True)
PETR = Master("2", "Пётр", "+79110000002", telegram(12), active=True)
ROSTER = Roster.of([IVAN, PETR, Master("3", "Семён", chat=telegram(13))])
NEW = Order("5", phone="+79001234567", problem="Искрит", key="k")
WORK = replace(NEW, status=Status.WORK, master="Иван", master_id="1")
DONE = replace(WORK, status=Status.DONE, price=Decimal(2000), commission=Decimal(600))
GONE = replace(NEW, status=Status.CANCELLED)
WAVE: dict[str, Any] = {"number": 1, "count": 21, "source": "rows", "first": 2, "last": 22, "opened": 1764277200}
ENTRY: dict[str, Any] = {
    "entry": 1,
    "made": 1764277200,
    "name": "Анна",
    "place": "1.2.3.4",
    "browser": "x",
    "when": "x",
}


def words(to: str, kind: str, order: Order | None = WORK, **facts: Any) -> str:
    """Return what a notice says."""
    notice = Notice("k", to, "1", kind, "5", facts)
    scene = Scene(notice, order, IVAN if order and order.master_id else None, View("1", NOW), SHOP, "t.me/addlist/x")
    return message_of(scene).text.replace("\xa0", " ")


def kinds() -> list[tuple[str, str]]:
    """Return every kind of notice in the table of record/dispatch/notices.py."""
    rows = [line.split("|") for line in (record.dispatch.notices.__doc__ or "").splitlines() if line.startswith("| ")]
    named = [(row[1].strip(), kind.strip()) for row in rows for kind in row[2].split(",")]
    return [(to, kind) for to, kind in named if to in TEXTS]


def test_every_kind_of_the_table_has_a_text() -> None:
    assert len(kinds()) > 20
    for to, kind in kinds():
        assert words(to, kind, facts="x", text="x", price="100", columns=["Телефон"], **WAVE, **ENTRY), (to, kind)


@pytest.mark.parametrize(
    ("to", "kind", "facts", "said"),
    [
        ("client", "accepted", {"master": "Иван", "phone": "+79110000001"}, "Заявку #5 принял мастер"),
        ("client", "accepted", {"master": "<Иван>", "phone": ""}, "👷 &lt;Иван&gt;"),
        ("client", "reassigned", {"master": "Пётр", "phone": "+7"}, "другой мастер"),
        ("client", "price", {"price": "2000.00"}, "Стоимость работы по заявке #5: 2 000 ₽"),
        ("client", "price", {"price": "1500.5"}, "1 500,50 ₽"),
        ("client", "cancelled", {}, "Позвоните нам: +7 4012 00-00-00"),
        ("master", "taken_away", {"master": ""}, "Заказ #5 больше не у вас. Ехать не нужно."),
        ("master", "withdrawn", {"commission": "600"}, "уже выполнили. Комиссия 600 ₽ с вас снята."),
        (
            "master",
            "withdrawn",
            {"commission": ""},
            "так отметили в таблице, хотя вы его уже выполнили. Если это ошибка",
        ),
        ("master", "reopened", {}, "Заказ #5 больше не у вас: его снова открыли."),
        (
            "client",
            "withdrawn",
            {},
            "отменена, хотя раньше была отмечена выполненной. Если это ошибка, позвоните нам: +7 4012 00-00-00",
        ),
        ("master", "details_changed", {"columns": ["Телефон"]}, "📞 Телефон: +7 900 123-45-67"),
        ("master", "details_changed", {"columns": [*DETAILS.values()]}, "📞 Телефон: +7 900 123-45-67"),
        ("master", "refused", {}, "он уже другой"),
        ("master", "refused", {"column": "Мастер", "value": ""}, "«Мастер» там теперь пусто."),
        ("master", "activated", {}, "t.me/addlist/x"),
        ("admin", "master_registered", {"name": "Иван", "phone": "+7", "speciality": "Электрика"}, "«Активен»"),
        ("admin", "no_masters", {}, "track.html?id=5&amp;key=k"),
        ("admin", "alarm", {"text": "Ключ <отозван>"}, "🚨 Ключ &lt;отозван&gt;"),
    ],
)
def test_what_notices_say(to: str, kind: str, facts: dict[str, Any], said: str) -> None:
    assert said in words(to, kind, **facts)


@pytest.mark.parametrize(
    "text", ["⚠️ Нет столбца «Статус»", "👷 Иван подключился к боту", "✅ Снова в порядке", "ℹ️ Вот", "‼️ Вот", "🚨 Вот"]
)
def test_an_alarm_that_brings_a_sign_of_its_own_gets_no_second_one(text: str) -> None:
    assert (words("admin", "alarm", text=text), words("admin", "alarm_over", text=text)) == (text, text)


def test_done_names_the_price_only_while_it_is_the_price() -> None:
    assert "2 000 ₽" in words("client", "done", DONE, price="2000")
    assert "₽" not in words("client", "done", DONE, price="1500")
    assert "₽" not in words("client", "done", replace(DONE, price=None), price="")


HOLDS, PASSED = True, False


@pytest.mark.parametrize(
    ("to", "kind", "order", "owner", "facts", "still"),
    [
        ("master", "order_new", NEW, None, {}, HOLDS),
        ("master", "order_new", NEW, PETR, {}, PASSED),
        ("master", "order_new", WORK, PETR, {}, PASSED),
        ("master", "order_new", GONE, None, {}, PASSED),
        ("master", "order_new", None, None, {}, PASSED),
        ("master", "assigned", WORK, IVAN, {}, HOLDS),
        ("master", "assigned", WORK, PETR, {}, PASSED),
        ("master", "taken_away", WORK, PETR, {}, HOLDS),
        ("master", "taken_away", WORK, IVAN, {}, PASSED),
        ("master", "cancelled", GONE, None, {}, HOLDS),
        ("master", "cancelled", NEW, None, {}, PASSED),
        ("master", "withdrawn", GONE, None, {}, HOLDS),
        ("master", "withdrawn", DONE, IVAN, {}, PASSED),
        ("master", "reopened", NEW, None, {}, HOLDS),
        ("master", "reopened", WORK, IVAN, {}, PASSED),
        ("client", "withdrawn", GONE, None, {}, HOLDS),
        ("client", "withdrawn", DONE, IVAN, {}, PASSED),
        ("master", "removed", None, None, {}, HOLDS),
        ("master", "removed", WORK, IVAN, {}, PASSED),
        ("master", "finished", DONE, IVAN, {}, HOLDS),
        ("master", "finished", WORK, IVAN, {}, PASSED),
        ("master", "activated", None, None, {}, HOLDS),
        ("master", "deactivated", None, None, {}, PASSED),
        ("master", "card", None, None, {}, HOLDS),
        ("client", "accepted", WORK, IVAN, {"master": "Иван"}, HOLDS),
        ("client", "accepted", WORK, PETR, {"master": "Иван"}, PASSED),
        ("client", "accepted", WORK, PETR, {"master": "Кто-то ещё"}, HOLDS),
        ("client", "accepted", DONE, IVAN, {"master": "Иван"}, PASSED),
        ("client", "accepted", GONE, None, {"master": "Иван"}, PASSED),
        ("client", "searching", NEW, None, {}, HOLDS),
        ("client", "searching", WORK, PETR, {}, PASSED),
        ("client", "done", DONE, IVAN, {"price": ""}, HOLDS),
        ("client", "done", WORK, IVAN, {"price": ""}, PASSED),
        ("client", "price", DONE, IVAN, {"price": "2000"}, HOLDS),
        ("client", "price", DONE, IVAN, {"price": "1500"}, PASSED),
        ("client", "cancelled", GONE, None, {}, HOLDS),
        ("client", "cancelled", None, None, {}, PASSED),
        ("admin", "no_masters", NEW, None, {}, HOLDS),
        ("admin", "no_masters", WORK, IVAN, {}, PASSED),
        ("admin", "alarm", None, None, {"text": "x"}, HOLDS),
    ],
)
def test_only_what_is_still_true_is_sent(
    to: str,
    kind: str,
    order: Order | None,
    owner: Master | None,
    facts: dict[str, Any],
    *,
    still: bool,
) -> None:
    assert relevant(Notice("k", to, "1", kind, "5", facts), Situation(order, owner, ROSTER)) is still


def test_a_new_order_is_kept_from_masters_who_rest_or_are_off() -> None:
    offer = Notice("k", "master", "1", "order_new", "5")
    assert not relevant(offer, Situation(NEW, None, ROSTER, frozenset({"1"})))
    assert not relevant(replace(offer, recipient="3"), Situation(NEW, None, ROSTER))
    assert not relevant(replace(offer, recipient="9"), Situation(NEW, None, ROSTER))
