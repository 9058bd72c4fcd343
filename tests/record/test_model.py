"""What a row means, whatever people typed into it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from record.dispatch.bygone import past
from record.dispatch.model import Master, Roster
from record.dispatch.reading import Clues, read_master, read_order, read_service
from record.dispatch.rereading import carried, understood
from record.dispatch.roster import CHOOSE
from record.grid.worksheets import MASTERS, SERVICES
from record.values import Categories, Status, Unclear, telegram
from tests.record.notation import COMPLETE, KIM, PETROV, ROSTER, at, order, row

IVANOV, NAMESAKE = Master("3", "Пётр Иванов"), Master("4", "Иванов Петр")


def test_an_order_as_staff_type_it() -> None:
    read = order(
        "Дата: 15.12.2024 14:29; Статус: в работе; Мастер: ким; Цена: 2 000 ₽; Telegram: 501; Комментарий: 007"
    )
    assert read.troubles == ()
    assert (read.id, read.created, read.source) == ("7", at(2024, 12, 15, 14, 29), "phone")
    assert (read.name, read.phone, read.address) == ("Юля", "+79001234567", "Невского 47")
    assert (read.status, read.master, read.master_id) == (Status.WORK, "ким", KIM.id)
    assert (read.price, read.commission, read.chat, read.comment) == (Decimal(2000), None, telegram(501), "007")


@pytest.mark.parametrize(
    ("said", "complete"),
    [
        ("Телефон: 89001234567; Проблема: Искрит", True),
        ("Телефон: 89001234567; Категория: Электрика", True),
        ("Телефон: 89001234567", False),
        ("Телефон: 89001234567; Имя: Юля; Адрес: Невского 47", False),
        ("Проблема: Искрит", False),
        ("Телефон: позвоню сама; Проблема: Искрит", False),
    ],
)
def test_enough_to_act_on(said: str, *, complete: bool) -> None:
    assert read_order(row(said), ROSTER).complete is complete


@pytest.mark.parametrize(
    ("said", "by_hand"), [("", True), ("ID: 7", True), ("Ключ: k7", True), ("ID: 7; Ключ: k7", False)]
)
def test_a_row_without_id_and_key_was_typed_by_hand(said: str, *, by_hand: bool) -> None:
    assert read_order(row(said), ROSTER).by_hand is by_hand


def test_everything_unclear_is_said_by_column_and_nothing_is_raised() -> None:
    read = order(
        "Дата: завтра; Телефон: 12; Статус: дубль; Мастер: Вася; Цена: дорого; Комиссия: ?; Дата выполнения: да"
    )
    assert [trouble.column for trouble in read.troubles] == [
        "Дата", "Телефон", "Статус", "Цена", "Комиссия", "Дата выполнения", "Мастер"
    ]  # fmt: skip
    assert all(trouble.sentence.startswith(trouble.column) for trouble in read.troubles)
    assert (read.created, read.phone, read.status, read.master_id, read.price) == (None, "", None, "", None)


@pytest.mark.parametrize(
    ("said", "name", "meant"),
    [
        ("Дата: завтра", "created", at(2024, 12, 15)),
        ("Телефон: 12", "phone", "+79001234567"),
        ("Статус: дубль", "status", Status.WORK),
        ("Мастер: Вася", "master_id", PETROV.id),
        ("Цена: дорого", "price", Decimal(2000)),
        ("Комиссия: ?", "commission", Decimal(600)),
        ("Дата выполнения: да", "done", at(2024, 12, 16)),
    ],
)
def test_what_is_unclear_now_means_what_it_last_meant(said: str, name: str, meant: object) -> None:
    done = "Цена: 2000; Комиссия: 600; Дата выполнения: 16.12.2024"
    known = f"Дата: 15.12.2024; Статус: В работе; Мастер: Иван Петров; {done}"
    before = order(known)
    after = carried(before, order(f"{known}; {said}"))
    assert getattr(after, name) == meant
    assert after.troubles, "it still has to be explained"
    assert replace(after, troubles=(), master=before.master) == before
    assert carried(None, order(said)) == order(said)


def test_an_unchanged_name_means_the_same_master_whatever_he_is_called_by_now() -> None:
    """So it does while he is on the list and nobody types over it; an unknown name is never taken for known."""
    said = row(f"{COMPLETE}; Мастер: Иван Петров")
    before, renamed = understood(None, said, ROSTER), Roster.of([replace(PETROV, name="Иван Сидоров"), KIM])
    after = understood(before, said, renamed)
    assert (after.master_id, after.troubles) == (PETROV.id, ())
    assert understood(before, said, Roster.of([KIM])).troubles
    assert understood(before, row(f"{COMPLETE}; Мастер: Петров И"), renamed).troubles
    unknown = row(f"{COMPLETE}; Мастер: Вася")
    assert understood(understood(before, unknown, ROSTER), unknown, ROSTER).troubles


def test_who_registers_under_a_name_that_staff_typed_gets_no_order_before_he_is_let_in() -> None:
    said = row(f"{COMPLETE}; Мастер: Вася")
    unknown = understood(None, said, ROSTER)
    vasya = Master("9", "Вася")
    asked = understood(unknown, said, Roster.of([PETROV, vasya]))
    assert (asked.master_id, [trouble.column for trouble in asked.troubles]) == ("", ["Мастер"])
    assert "поставьте «Активен»" in asked.troubles[0].sentence
    again = understood(asked, said, Roster.of([PETROV, vasya]))
    assert again == asked, "for as long as he is not let in"
    let_in = understood(asked, said, Roster.of([PETROV, replace(vasya, active=True)]))
    assert (let_in.master_id, let_in.troubles) == (vasya.id, ())
    typed = understood(asked, row(f"{COMPLETE}; Мастер: вася"), Roster.of([PETROV, vasya]))
    assert typed.master_id == vasya.id, "who is typed when he is on the list is meant"


def test_an_unchanged_cell_keeps_its_meaning() -> None:
    """«вчера» is said once, of the day it was typed on; what was unclear is not understood later by itself."""
    said = row(f"{COMPLETE}; Дата: вчера; Статус: Выполнена; Дата выполнения: 16 декабря")
    first = understood(None, said, ROSTER, clues=Clues(today=date(2024, 12, 16)))
    later = Clues(today=date(2025, 3, 1), was=said)
    assert (first.created, first.done, first.troubles) == (at(2024, 12, 15), at(2024, 12, 16), ())
    assert understood(first, said, ROSTER, clues=later) == first
    unclear = understood(None, said, ROSTER)
    assert [trouble.column for trouble in unclear.troubles] == ["Дата", "Дата выполнения"]
    assert understood(unclear, said, ROSTER, clues=later) == unclear
    mended = row(f"{COMPLETE}; Дата: вчера; Статус: Выполнена; Дата выполнения: сегодня")
    again = understood(unclear, mended, ROSTER, clues=later)
    assert (again.done, [trouble.column for trouble in again.troubles]) == (at(2025, 3, 1), ["Дата"])


def test_an_order_from_the_past_without_a_status_is_asked_about() -> None:
    said = row(COMPLETE)
    order_ = past(understood(None, said, ROSTER), said)
    assert (order_.status, [trouble.column for trouble in order_.troubles]) == (None, ["Статус"])
    assert understood(order_, said, ROSTER, clues=Clues(was=said)) == order_, "until a person says what it is"
    told = row(f"{COMPLETE}; Статус: Отменена")
    assert past(understood(None, told, ROSTER), told).status is Status.CANCELLED


def test_a_dash_means_that_there_is_nothing() -> None:
    read = order("Цена: —; Мастер: -; Категория: –")
    assert (read.price, read.master, read.category, read.troubles) == (None, "", "", ())
    assert not order("Телефон: -").complete


def test_an_order_with_an_unknown_category_goes_on() -> None:
    clues = Clues(categories=Categories([("Освещение", "Люстра")], "Электрика"))
    known = read_order(row(f"{COMPLETE}; Категория: освещение "), ROSTER, clues=clues)
    unknown = read_order(row(f"{COMPLETE}; Категория: Мебель"), ROSTER, clues=clues)
    assert (known.category, known.troubles) == ("Освещение", ())
    assert (unknown.category, unknown.complete, unknown.troubles[0].column) == ("Мебель", True, "Категория")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Иван Петров", PETROV),
        ("иван  петров ", PETROV),
        ("ПЕТРОВ ИВАН", PETROV),
        ("Петров\u00a0Иван", PETROV),
        ("Петров", PETROV),
        ("иван", PETROV),
        ("Ким Сергей.", KIM),
        ("Пётр Иванов (#3)", IVANOV),
        ("Иванов Петр #4", NAMESAKE),
        ("#2", KIM),
        ("Петрову", PETROV),
        ("у Кима", KIM),
        ("мастер Ким", KIM),
        ("Сергеем Кимом", KIM),
        ("Питров Иван", PETROV),
        ("Ким С.", KIM),
        ("Ким Сергей Олегович", KIM),
    ],
)
def test_a_master_is_found_however_he_is_named(typed: str, found: Master) -> None:
    assert Roster.of([PETROV, KIM, IVANOV, NAMESAKE]).find(typed) == found


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Ваня Петровский", "Мастер «Ваня Петровский» не найден на листе «Мастера»: может быть, «Иван Петров»?"),
        ("Василий", f"Мастер «Василий» не найден на листе «Мастера»: {CHOOSE}"),
        (
            "петр иванов",
            "Мастеров с именем «петр иванов» несколько, уточните: Пётр Иванов (#3), Иванов Петр (#4)",
        ),
        ("#9", f"Мастер «#9» не найден на листе «Мастера»: {CHOOSE}"),
        (
            "Ким, Петров",
            "Мастер «Ким, Петров»: у заявки бывает один мастер, оставьте кого-то: Сергей Ким, Иван Петров",
        ),
    ],
)
def test_a_master_who_is_not_found_is_explained(typed: str, sentence: str) -> None:
    roster = Roster.of([PETROV, KIM, IVANOV, NAMESAKE, Master("5", "")])
    with pytest.raises(Unclear) as unclear:
        roster.find(typed)
    assert str(unclear.value) == sentence


def test_what_is_written_into_the_cell_finds_the_same_master_again() -> None:
    roster = Roster.of([PETROV, KIM, IVANOV, NAMESAKE])
    assert [roster.label(master) for master in roster.masters] == [
        "Иван Петров", "Сергей Ким", "Пётр Иванов (#3)", "Иванов Петр (#4)"
    ]  # fmt: skip
    assert all(roster.find(roster.label(master)) == master for master in roster.masters)


def test_masters_take_orders_when_active_and_known_to_telegram() -> None:
    masters = [
        Master("1", "A", chat=telegram(1), active=True),
        Master("2", "B", chat=telegram(2)),
        Master("3", "C", active=True),
    ]
    assert [master.id for master in Roster.of(masters).active()] == ["1"]


def test_a_master_as_staff_type_him() -> None:
    said = (
        "ID: 5; Имя: Пётр; Телефон: 8 900 1234567; Telegram: 605; Специализация: щиты; Активен: да; Комиссия, %: 25%"
    )
    assert read_master(row(said, MASTERS)) == Master(
        "5", "Пётр", "+79001234567", telegram(605), "щиты", active=True, percent=Decimal(25)
    )


def test_a_master_with_unclear_cells_is_not_active_and_explained() -> None:
    read = read_master(
        row("ID: 5; Имя: Пётр; Телефон: 1; Активен: болеет; Комиссия, %: nan; Telegram: @petr", MASTERS)
    )
    assert [trouble.column for trouble in read.troubles] == ["Телефон", "Telegram", "Активен", "Комиссия, %"]
    assert (read.phone, read.active, read.percent, read.chat) == ("", False, None, None)


@pytest.mark.parametrize(
    ("said", "price", "shown"),
    [
        ("Цена: 500", Decimal(500), True),
        ("Цена: по договорённости", None, True),
        ("Цена: 500; Показывать: нет", Decimal(500), False),
        ("Цена: 500; Показывать: FALSE", Decimal(500), False),
        ("Цена: 500; Показывать: потом", Decimal(500), False),
    ],
)
def test_services(said: str, price: Decimal | None, *, shown: bool) -> None:
    read = read_service(row(f"Категория: Розетки; Услуга: Замена; {said}", SERVICES))
    assert (read.name, read.price, read.shown) == ("Замена", price, shown)


def test_the_notation_of_these_tests_is_a_complete_order() -> None:
    assert read_order(row(COMPLETE), ROSTER).complete
