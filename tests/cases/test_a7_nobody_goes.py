"""A7: an order in work without a master: «Проверка» asks who goes, and the client is promised nothing."""

import pytest

from record.dispatch.followups import explanation
from record.dispatch.own_words import own_words
from record.dispatch.reading import read_order
from tests.harness.office import Office
from tests.harness.staff import CALLER
from tests.record.notation import ROSTER, row


@pytest.mark.parametrize("status", ["В работе", "в работе", "В работе!", " В  РАБОТЕ "])
def test_a7_who_goes(status: str) -> None:
    order = read_order(row(f"Статус: {status}; Телефон: 89001234567; Проблема: Искрит"), ROSTER)
    said = explanation(order)
    assert said.startswith("Кто едет?")
    assert own_words(said) == ""


@pytest.mark.parametrize(
    "cells",
    ["Статус: В работе; Мастер: Петров", "Статус: Новая", "Статус: Отменена", "Статус: Выполнена", "Статус: "],
)
def test_a7_nothing_is_asked_otherwise(cells: str) -> None:
    order = read_order(row(f"{cells}; Телефон: 89001234567; Проблема: Искрит"), ROSTER)
    assert "Кто едет" not in explanation(order)


@pytest.mark.parametrize("status", ["В работе", "Впроцессе", "в процесе"])
def test_a7_typed_without_a_master(office: Office, status: str) -> None:
    office.begin()
    office.type(**CALLER, Статус=status)
    office.settle()
    assert "client" not in " ".join(office.told())
    check = office.row(1)["Проверка"]
    assert "Кто едет?" in check or "Статус" in check
    office.change(1, Статус="В работе", Мастер="Сергей Ким")
    office.settle()
    assert office.row(1)["Проверка"] == ""
    assert "master 2: assigned 1" in office.told()
