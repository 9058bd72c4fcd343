"""C6: nothing that people typed is read while the store is held for writing, so no cell keeps anybody waiting."""

import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from inspect import unwrap
from types import CodeType, FrameType
from typing import Any

import pytest

from record import values
from record.actions.client_acts import Draft
from record.actions.staff import Edit, Panel
from record.dispatch import reading, rereading, roster
from record.grid.worksheets import MASTERS, SERVICES
from record.store import Lock, Store, Tx
from record.values import cells, names, telegram
from record.values.actors import Actor
from tests.harness.office import Office, order

FUNCTIONS: list[Any] = [
    unwrap(function)
    for function in (
        cells.opened, names.words_of, names.meant, values.money, values.moment, values.status, values.flag,
        values.percent, values.phone, reading.read_order, reading.read_master, reading.read_service,
        rereading.understood, rereading.understood_master, roster.Roster.find, values.Categories.find,
    )
]  # fmt: skip
READERS: dict[CodeType, str] = {function.__code__: function.__qualname__ for function in FUNCTIONS}
MANY = 21
HOSTILE = "15.12.2026" + "," * 2000


class Held:
    """Which threads hold the store for writing, and what was read meanwhile."""

    def __init__(self) -> None:
        self.by = threading.local()
        self.read: list[str] = []

    @property
    def depth(self) -> int:
        """How many transactions this thread is in."""
        found: int = getattr(self.by, "depth", False) or 0
        return found

    def settle(self, office: Office, *, deliver: bool = False) -> None:
        """Poll and flush until all is at rest, delivering what is told if wanted, and note what is read meanwhile."""
        sys.setprofile(self.watch)
        try:
            while deliver and not office.poll().idle:
                office.flush()
                sys.setprofile(None)  # what the bots note is an act, not a poll
                office.deliver()
                sys.setprofile(self.watch)
            office.settle()
        finally:
            sys.setprofile(None)

    def watch(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in READERS and self.depth > 0:
            caller = frame.f_back
            self.read.append(f"{READERS[frame.f_code]} in {caller.f_code.co_qualname if caller else ''}")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Note each reader that is called while its thread is in a transaction that writes."""
    noted = Held()
    transaction = Store.transaction

    @contextmanager
    def watched(store: Store) -> Iterator[Tx]:
        with transaction(store) as tx:
            noted.by.depth = noted.depth + 1
            try:
                yield tx
            finally:
                noted.by.depth -= 1

    monkeypatch.setattr(Store, "transaction", watched)
    return noted


def test_c6_no_reader_is_called_while_a_poll_or_a_flush_holds_the_store(office: Office, held: Held) -> None:
    """A whole day: first reading, rows typed and pasted, edits, masters, presses, refusals, hostile cells."""
    office.paste(order(1), order(2, Дата=HOSTILE), order(3, Статус="В работе", Мастер="Иван"))
    office.tab(SERVICES).append_row(["Электрика", "Розетка", "", "шт.", "от 500", "да"])
    held.settle(office)
    office.type(Имя="Юля", Телефон="8 900 123-45-67 после 18", Проблема="Свет", Дата="вчера", Мастер="Сергею")
    office.type(Имя="Никто", Проблема=HOSTILE)
    held.settle(office)
    placed = office.actions.place_order(Draft("Оля", "+79001234567", "Мира 1", "Искрит"))
    held.settle(office)
    office.change(1, Дата=HOSTILE, Цена="2 000 ₽", Статус="в работе", Мастер="Ким", Комиссия=HOSTILE)
    office.change(2, Телефон=HOSTILE, Статус="не готово", Категория="электрика")
    office.type(MASTERS, Имя="Олег Орлов", Телефон=HOSTILE, Активен="да")
    office.change(1, MASTERS, Имя="Пётр Иванов", **{"Комиссия, %": "20 %"})
    held.settle(office)
    office.actions.accept(placed.id, "2")
    office.change(placed.id, Статус="Отменена")
    office.actions.complete(placed.id, "2", Decimal(2000))
    held.settle(office)
    office.actions.register_master("Ян Чиж", "+79110000009", telegram(609), "Сантехник")
    office.actions.accept("2", "2")
    office.actions.give_back("2", "2", HOSTILE)
    Panel(office.store).edit_order("3", [Edit("Цена", "", "2 500"), Edit("Комментарий", "", HOSTILE)])
    office.actions.accept("3", "1")
    office.actions.cancel("2", by=Actor.client())
    office.deliver()
    held.settle(office)
    office.delete(2)
    office.restart()
    held.settle(office)
    office.restart(forget=True)
    held.settle(office)
    assert held.read == []


@pytest.mark.parametrize("decision", ["sent", "left"])
def test_c6_nor_where_a_wave_is_held_and_decided_about(office: Office, held: Held, decision: str) -> None:
    office.begin()
    fresh = {"ID": "", "Дата": "", "Оповещены": "", "Проблема": HOSTILE}
    office.paste(*({**order(number), **fresh} for number in range(1, MANY + 1)))
    held.settle(office)
    assert office.told() == ["admin 900: wave"]
    assert office.actions.decide_wave(1, send=decision == "sent")[0] == decision
    held.settle(office, deliver=True)
    assert held.read == []


@pytest.mark.parametrize("decision", ["sent", "left"])
def test_c6_nor_where_a_stroke_over_many_is_held_and_decided_about(office: Office, held: Held, decision: str) -> None:
    office.paste(*(order(number, Проблема=HOSTILE) for number in range(1, MANY + 1)))
    office.begin()
    column = chr(ord("A") + office.header().index("Статус"))
    office.tab().update([["Отменена"]] * MANY, f"{column}2")
    held.settle(office)
    assert office.told() == ["admin 900: wave"]
    assert office.actions.decide_wave(1, send=decision == "sent")[0] == decision
    held.settle(office, deliver=True)
    assert held.read == []


def test_c6_a_press_while_a_poll_looks_is_not_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A master takes an order whose row was deleted a moment ago: he hears that it is gone."""
    office.paste(order(1), order(2))
    office.begin()
    office.delete(2)
    exclusive = Store.exclusive

    def late(store: Store, name: str, *, wait: bool = True) -> AbstractContextManager[Lock | None]:
        monkeypatch.undo()
        assert office.accept(2, "2") == ""
        return exclusive(store, name, wait=wait)

    monkeypatch.setattr(Store, "exclusive", late)
    office.poll()
    office.settle()
    assert "master 2: removed 2" in office.told()


def test_c6_the_guard_sees_a_reader(office: Office, held: Held) -> None:
    sys.setprofile(held.watch)
    with office.store.transaction():
        values.moment("15.12.2026")
    with office.store.reading():
        values.moment("15.12.2026")
    sys.setprofile(None)
    assert {line.partition(" ")[0] for line in held.read} == {"moment", "opened"}
