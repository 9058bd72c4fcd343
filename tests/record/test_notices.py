"""Who is told what because of a change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from record.dispatch.changes import Change, What, diff
from record.dispatch.model import Master, Order, Roster
from record.dispatch.notices import Audience, Notice, notices_of
from record.values import telegram
from record.values.actors import Actor, read_actor
from tests.record.notation import KIM, PETROV, ROSTER, order

ALL = Audience(ROSTER, admin_chat=telegram(900))
CARDS = replace(ALL, card_holders=("1", "2"))
TO = {"master": {"1": "Петров", "2": "Ким", "3": "Новичок"}, "client": {"501": "клиент"}, "admin": {"900": "админ"}}


def told(notices: Sequence[Notice]) -> list[str]:
    """Return notices as `who: what (facts)`, in their order."""

    def facts(notice: Notice) -> str:
        said = ", ".join(f"{name}={value}" for name, value in notice.facts.items())
        return f" ({said})" if said else ""

    return [f"{TO[one.to][one.recipient]}: {one.kind}{facts(one)}" for one in notices]


def of(change: Change, audience: Audience = ALL) -> list[str]:
    """Return who is told what of one change."""
    return told(notices_of(change, 5, audience))


def edited(was: str, now: str, audience: Audience = ALL, by: str = "staff") -> list[str]:
    """Return who is told what when a client's order becomes another."""
    said: list[str] = []
    for change in diff(order(f"Telegram: 501; {was}"), order(f"Telegram: 501; {now}")):
        said += of(replace(change, by=read_actor(by)), audience)
    return said


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (
            "Статус: Новая",
            "Статус: В работе; Мастер: Ким",
            ["клиент: accepted (master=Сергей Ким, phone=+79110000002)", "Ким: assigned"],
        ),
        ("Статус: Новая", "Статус: В работе", []),
        ("Статус: Новая", "Статус: Выполнена", ["клиент: done (price=)"]),
        (
            "Статус: Новая",
            "Статус: Выполнена; Мастер: Ким; Цена: 2000",
            ["клиент: done (price=2000.00)", "Ким: finished"],
        ),
        ("Статус: Новая", "Статус: Отменена", ["клиент: cancelled"]),
        (
            "Статус: В работе; Мастер: Ким",
            "Статус: Новая; Мастер: Ким",
            ["клиент: searching", "Ким: taken_away (master=)", "Петров: order_new", "Ким: order_new"],
        ),
        (
            "Статус: В работе; Мастер: Ким",
            "Статус: Выполнена; Мастер: Ким",
            ["клиент: done (price=)", "Ким: finished"],
        ),
        (
            "Статус: В работе; Мастер: Ким",
            "Статус: Отменена; Мастер: Ким",
            ["клиент: cancelled", "Ким: cancelled"],
        ),
        ("Статус: В работе; Мастер: Ким", "Статус: Отменена", ["клиент: cancelled", "Ким: cancelled"]),
        (
            "Статус: Выполнена; Мастер: Ким",
            "Статус: Новая",
            ["Ким: reopened (commission=)", "Петров: order_new", "Ким: order_new"],
        ),
        (
            "Статус: Выполнена; Мастер: Ким",
            "Статус: В работе; Мастер: Ким",
            ["клиент: accepted (master=Сергей Ким, phone=+79110000002)", "Ким: assigned"],
        ),
        (
            "Статус: Выполнена; Мастер: Ким; Комиссия: 400",
            "Статус: Отменена; Мастер: Ким; Комиссия: 400",
            ["клиент: withdrawn", "Ким: withdrawn (commission=400.00)"],
        ),
        ("Статус: Отменена", "Статус: Новая", ["Петров: order_new", "Ким: order_new"]),
        (
            "Статус: Отменена; Мастер: Ким",
            "Статус: Новая",
            ["Ким: reopened (commission=)", "Петров: order_new", "Ким: order_new"],
        ),
        ("Статус: дубль; Мастер: Ким", "Статус: Новая", ["Петров: order_new", "Ким: order_new"]),
        (
            "Статус: Отменена",
            "Статус: В работе; Мастер: Ким",
            ["клиент: accepted (master=Сергей Ким, phone=+79110000002)", "Ким: assigned"],
        ),
        (
            "Статус: Отменена; Мастер: Ким",
            "Статус: Выполнена; Мастер: Ким",
            ["клиент: done (price=)", "Ким: finished"],
        ),
    ],
)
def test_every_status_to_every_other(was: str, now: str, expected: list[str]) -> None:
    assert edited(was, now) == expected


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (
            "Мастер: Петров",
            "Мастер: Ким",
            [
                "Петров: taken_away (master=Сергей Ким)",
                "клиент: reassigned (master=Сергей Ким, phone=+79110000002)",
                "Ким: assigned",
            ],
        ),
        ("Мастер: ", "Мастер: Ким", ["клиент: accepted (master=Сергей Ким, phone=+79110000002)", "Ким: assigned"]),
        ("Мастер: Петров", "Мастер: ", ["Петров: taken_away (master=)"]),
        ("Мастер: Петров", "Мастер: петров иван", []),
    ],
)
def test_another_master_on_an_order_in_work(was: str, now: str, expected: list[str]) -> None:
    assert edited(f"Статус: В работе; {was}", f"Статус: В работе; {now}") == expected


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("Статус: Выполнена", "Статус: Выполнена; Цена: 2000", ["клиент: price (price=2000.00)"]),
        (
            "Статус: Выполнена; Цена: 2000",
            "Статус: Выполнена; Цена: 1500",
            ["клиент: price (price=1500.00)", "админ: price_lowered (before=2000.00, after=1500.00, by=staff)"],
        ),
        ("Статус: Выполнена; Цена: 2000", "Статус: Выполнена; Цена: 2500", ["клиент: price (price=2500.00)"]),
        ("Статус: Выполнена; Цена: 2000", "Статус: Выполнена", []),
        ("Статус: В работе", "Статус: В работе; Цена: 2000", []),
        ("Статус: Новая", "Статус: Новая; Цена: 2000", []),
        ("Статус: В работе", "Статус: Выполнена; Цена: 2000", ["клиент: done (price=2000.00)"]),
        ("Статус: Выполнена; Цена: 2000", "Статус: Отменена; Цена: 1500", ["клиент: withdrawn"]),
    ],
)
def test_the_client_hears_of_a_price_only_when_the_work_is_done(was: str, now: str, expected: list[str]) -> None:
    assert edited(was, now) == expected


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("Статус: Новая", ["Петров: card", "Ким: card"]),
        (
            "Статус: В работе; Мастер: Ким",
            [
                "Ким: details_changed (columns=['адрес'])",
                "админ: address_changed (before=Невского 47, after=Мира 1)",
                "Петров: card",
                "Ким: card",
            ],
        ),
        ("Статус: Выполнена; Мастер: Ким", ["Петров: card", "Ким: card"]),
    ],
)
def test_corrected_details_before_and_after_acceptance(stage: str, expected: list[str]) -> None:
    assert edited(stage, f"{stage}; Адрес: Мира 1", CARDS) == expected


def test_a_new_order_is_offered_to_all_who_take_orders() -> None:
    newcomer = Master("3", "Новичок", chat=telegram(603), active=False)
    audience = replace(ALL, roster=Roster.of([PETROV, KIM, newcomer]))
    assert of(Change(What.APPEARED, "7", None, order()), audience) == ["Петров: order_new", "Ким: order_new"]


def test_who_asked_for_quiet_is_offered_nothing() -> None:
    assert of(Change(What.APPEARED, "7", None, order()), replace(ALL, quiet=frozenset({"1"}))) == ["Ким: order_new"]
    assert of(Change(What.APPEARED, "7", None, order()), replace(ALL, quiet=frozenset({"1", "2"}))) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Оповещены: 45641", []),
        (
            "Статус: В работе; Мастер: Ким; Telegram: 501",
            ["клиент: accepted (master=Сергей Ким, phone=+79110000002)", "Ким: assigned"],
        ),
        ("Статус: дубль", []),
    ],
)
def test_an_order_that_appears_further_on_its_way(said: str, expected: list[str]) -> None:
    assert of(Change(What.APPEARED, "7", None, order(said))) == expected


def test_clearing_the_time_of_telling_asks_for_telling_again() -> None:
    assert edited("Оповещены: 45641", "") == ["Петров: order_new", "Ким: order_new"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Статус: Новая; Оповещены: 45641", ["Петров: card", "Ким: card"]),
        ("Статус: В работе; Мастер: Ким", ["Ким: removed", "Петров: card", "Ким: card"]),
        ("Статус: Выполнена; Мастер: Ким", ["Петров: card", "Ким: card"]),
    ],
)
def test_a_deleted_order_closes_its_cards(said: str, expected: list[str]) -> None:
    assert of(Change(What.REMOVED, "7", order(f"Telegram: 501; {said}"), None), CARDS) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Статус: Новая; Оповещены: 45641", ["Петров: card", "Ким: card"]),
        ("Статус: Новая", ["Петров: card", "Ким: card"]),
        ("Статус: В работе; Мастер: Ким", ["Петров: card", "Ким: card", "Ким: assigned"]),
        ("Статус: Выполнена; Мастер: Ким; Цена: 2000", ["Петров: card", "Ким: card"]),
        ("Статус: Отменена", ["Петров: card", "Ким: card"]),
    ],
)
def test_an_order_brought_back_by_undo_is_not_announced_again(said: str, expected: list[str]) -> None:
    """Its cards work again, and the master at work on it has it again; clients were never told that it was gone."""
    assert of(Change(What.RESTORED, "7", None, order(f"Telegram: 501; {said}")), CARDS) == expected


def test_an_order_brought_back_before_anybody_got_its_card_is_offered() -> None:
    assert of(Change(What.RESTORED, "7", None, order())) == ["Петров: order_new", "Ким: order_new"]


@pytest.mark.parametrize(
    ("by", "was", "now", "hears"),
    [
        ("master 2", "Статус: Новая", "Статус: В работе; Мастер: Ким", ["клиент: accepted"]),
        ("master 2", "Статус: В работе; Мастер: Ким", "Статус: Выполнена; Мастер: Ким", ["клиент: done"]),
        (
            "master 2",
            "Статус: В работе; Мастер: Ким",
            "Статус: Новая",
            ["клиент: searching", "Петров: order_new"],
        ),
        ("client", "Статус: Новая", "Статус: Отменена", []),
        ("client 501", "Статус: Новая", "Статус: Отменена", []),
        ("client 777", "Статус: Новая", "Статус: Отменена", ["клиент: cancelled"]),
        ("master 1", "Статус: Новая", "Статус: В работе; Мастер: Ким", ["клиент: accepted", "Ким: assigned"]),
    ],
)
def test_nobody_is_told_of_what_he_did_himself(by: str, was: str, now: str, hears: list[str]) -> None:
    assert [line.partition(" (")[0] for line in edited(was, now, by=by)] == hears


def test_a_client_without_telegram_is_told_nothing() -> None:
    changes = diff(order("Статус: В работе; Мастер: Ким"), order("Статус: Выполнена; Мастер: Ким"))
    assert [line for change in changes for line in of(change)] == ["Ким: finished"]


@pytest.mark.parametrize("status", ["Новая", "В работе; Мастер: Ким", "Выполнена; Мастер: Ким", "Отменена"])
def test_cards_follow_every_change_of_status(status: str) -> None:
    was = "Статус: Новая" if status != "Новая" else "Статус: Отменена"
    said = edited(was, f"Статус: {status}", CARDS)
    assert {"Петров: card", "Ким: card"} <= set(said) or {"Петров: order_new", "Ким: order_new"} <= set(said)


def test_keys_are_unique_and_name_the_change() -> None:
    """The same change never makes a second notice of a kind to a person, another change does."""
    change = Change(What.REOPENED, "7", order("Статус: В работе; Мастер: Ким; Telegram: 501"), order("Telegram: 501"))
    first, again = notices_of(change, 5, CARDS), notices_of(change, 5, CARDS)
    later = notices_of(change, 6, CARDS)
    assert [one.key for one in first] == [one.key for one in again]
    assert len({one.key for one in [*first, *later]}) == 2 * len(first)


def test_what_passed_within_one_interval_is_not_told_as_present() -> None:
    """New, taken and done between two polls: the client hears that it is done, once, and what it costs."""
    before: Order = order("Telegram: 501; Статус: Новая")
    after = order("Telegram: 501; Статус: Выполнена; Мастер: Ким; Цена: 2000; Комиссия: 400")
    lines: list[Any] = [line for change in diff(before, after) for line in of(replace(change, by=Actor.master("2")))]
    assert lines == ["клиент: done (price=2000.00)"]
