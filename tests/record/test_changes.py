"""What a difference between two states of an order means."""

from dataclasses import replace

import pytest

from record.dispatch.changes import Change, MasterWhat, What, corrected, diff, diff_master, history_texts, offerable
from record.dispatch.model import Master, Order
from record.dispatch.reading import read_order
from record.values import Status, telegram
from tests.record.notation import ROSTER, order, row

STATUSES = list(Status)


def whats(before: Order | None, after: Order | None, *, seen_earlier: bool = False) -> list[str]:
    """Return the meanings of what changed."""
    return [change.what.value for change in diff(before, after, seen_earlier=seen_earlier)]


@pytest.mark.parametrize("now", STATUSES)
@pytest.mark.parametrize("was", STATUSES)
def test_every_status_to_every_status(was: Status, now: Status) -> None:
    expected = [] if was is now else ["reopened"] if now is Status.NEW else ["status"]
    assert whats(order(f"Статус: {was}"), order(f"Статус: {now}")) == expected


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("Статус: В работе; Мастер: Иван Петров", "Статус: В работе; Мастер: Сергей Ким", ["master"]),
        ("Статус: В работе; Мастер: Иван Петров", "Статус: В работе", ["master"]),
        ("Статус: В работе", "Статус: В работе; Мастер: Сергей Ким", ["master"]),
        ("Статус: В работе; Мастер: Иван Петров", "Статус: В работе; Мастер: петров", []),
        ("Статус: Новая", "Статус: В работе; Мастер: Сергей Ким", ["status"]),
        ("Статус: В работе; Мастер: Сергей Ким", "Статус: Новая", ["reopened"]),
        ("Статус: Выполнена; Мастер: Иван Петров", "Статус: Выполнена; Мастер: Сергей Ким", []),
        ("Статус: В работе", "Статус: В работе; Цена: 2000", ["price"]),
        ("Статус: В работе; Цена: 2000", "Статус: В работе; Цена: 2 000 ₽", []),
        ("Статус: Выполнена; Цена: 2000", "Статус: Выполнена", ["price"]),
        ("Статус: Выполнена; Цена: 2000", "Статус: Выполнена; Цена: 0", ["price"]),
        ("Статус: В работе", "Статус: Выполнена; Цена: 2000", ["status", "price"]),
        ("Имя: Юля", "Имя: Юлия", ["details"]),
        ("Телефон: 89001234567", "Телефон: +7 (900) 123-45-67", []),
        ("Телефон: 89001234567", "Телефон: 89007654321; Адрес: Мира 1; Проблема: Искрит", ["details"]),
        ("Категория: Электрика", "Категория: Сантехника", ["details"]),
        ("Оповещены: 45641", "Оповещены: ", ["retold"]),
        ("", "Оповещены: 45641", []),
        ("Статус: В работе; Оповещены: 45641", "Статус: В работе", []),
        ("", "Комментарий: позвонить заранее", []),
        ("", "Дата: 15.12.2024; Источник: direct; Проверка: что-то; Telegram: 501", []),
    ],
)
def test_edits_and_their_meanings(was: str, now: str, expected: list[str]) -> None:
    assert whats(order(was), order(now)) == expected


def test_only_the_state_before_and_the_state_now_are_compared() -> None:
    """New, in work and done within one interval is one change to done."""
    before, after = order("Статус: Новая"), order("Статус: Выполнена; Мастер: Сергей Ким; Цена: 2000")
    assert whats(before, after) == ["status", "price"]


def test_appearing_leaving_and_coming_back() -> None:
    assert whats(None, order()) == ["appeared"]
    assert whats(None, order(), seen_earlier=True) == ["restored"]
    assert whats(order(), None) == ["removed"]
    assert whats(None, None) == []
    assert whats(order(), order()) == []


@pytest.mark.parametrize("lacks", ["Телефон: ", "Телефон: 12", "Проблема: ", "ID: ", "Ключ: "])
def test_what_is_not_yet_an_order_has_not_appeared(lacks: str) -> None:
    assert whats(None, order(lacks)) == []


def test_an_order_appears_once_it_is_complete() -> None:
    assert whats(order("Телефон: 12"), order()) == ["appeared"]
    assert whats(order(), order("Телефон: 12")) == ["details"]


@pytest.mark.parametrize(
    ("said", "yes"),
    [
        ("", True),
        ("Статус: новый", True),
        ("Статус: В работе", False),
        ("Статус: Выполнена", False),
        ("Статус: дубль", False),
        ("Оповещены: 45641", False),
        ("Телефон: 12", False),
        ("Ключ: ", False),
    ],
)
def test_orders_of_which_the_masters_must_be_told(said: str, *, yes: bool) -> None:
    assert offerable(order(said)) is yes


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("Имя: Ян", ["имя"]),
        ("Телефон: 89007654321; Адрес: Мира 1", ["телефон", "адрес"]),
        ("Проблема: Искрит; Категория: Щиты", ["проблема", "категория"]),
        ("Комментарий: срочно", []),
    ],
)
def test_corrected_details_are_named_in_russian(now: str, words: list[str]) -> None:
    assert corrected(order(), order(now)) == words


@pytest.mark.parametrize(
    ("was", "now", "texts"),
    [
        ("Статус: Новая", "Статус: В работе", ("Новая", "В работе")),
        ("Статус: Выполнена", "Статус: Новая", ("Выполнена", "Новая")),
        (
            "Статус: В работе; Мастер: Иван Петров",
            "Статус: В работе; Мастер: Сергей Ким",
            ("Иван Петров", "Сергей Ким"),
        ),
        ("Цена: 2000", "Цена: ", ("2000.00", "")),
        ("", "Имя: Ян; Адрес: Мира 1", ("", "имя, адрес")),
        ("Оповещены: 45641", "", ("", "Новая")),
    ],
)
def test_what_the_history_keeps(was: str, now: str, texts: tuple[str, str]) -> None:
    (change,) = diff(order(was), order(now))
    assert history_texts(change) == texts


def test_the_history_of_arrivals_and_removals() -> None:
    assert history_texts(Change(What.APPEARED, "7", None, order())) == ("", "Новая")
    assert history_texts(Change(What.REMOVED, "7", order(), None)) == ("", "")


ACTIVE = Master("1", "Иван", chat=telegram(601), active=True)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, ACTIVE, ["activated"]),
        (replace(ACTIVE, active=False), ACTIVE, ["activated"]),
        (replace(ACTIVE, chat=None), ACTIVE, ["activated"]),
        (ACTIVE, replace(ACTIVE, active=False), ["deactivated"]),
        (ACTIVE, None, ["deactivated"]),
        (ACTIVE, replace(ACTIVE, name="Ян", phone="+79000000000"), []),
        (None, replace(ACTIVE, active=False), []),
        (replace(ACTIVE, chat=None), None, []),
    ],
)
def test_masters_begin_and_end(before: Master | None, after: Master | None, expected: list[MasterWhat]) -> None:
    assert [change.what for change in diff_master(before, after)] == expected


def test_an_order_read_from_a_bare_row_is_not_an_order_yet() -> None:
    assert whats(None, read_order(row("Телефон: 89001234567; Проблема: Искрит"), ROSTER)) == []
