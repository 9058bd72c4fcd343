"""Rows of «Мастера» that staff copy: a copy with another name is another master, one without is explained."""

from typing import Any

import pytest

from record.grid.worksheets import MASTERS
from tests.harness.office import Office


@pytest.fixture
def company(office: Office) -> Office:
    """An office with two masters who have Telegram."""
    office.begin()
    return office


def copy(company: Office, **typed: Any) -> None:
    """Paste a copy of the first master's row below the others, with some cells typed over."""
    company.paste(company.row(1, MASTERS) | typed, title=MASTERS)
    company.settle()


def test_a_copied_row_with_another_name_is_a_master_of_its_own(company: Office) -> None:
    copy(company, Имя="Олег Сорока", Телефон="89001234567")
    made = company.row(3, MASTERS)
    assert (made["Имя"], made["Telegram"], made["Активен"]) == ("Олег Сорока", "", True)
    assert str(company.row(1, MASTERS)["Telegram"]) == "601"
    assert company.told() == [], "nobody was activated, for nobody's Telegram is known"


def test_a_copied_row_that_was_given_a_telegram_of_its_own_keeps_it(company: Office) -> None:
    copy(company, Имя="Олег Сорока", Telegram="605")
    assert str(company.row(3, MASTERS)["Telegram"]) == "605"
    assert company.told() == ["master 3: activated"]


def test_a_copied_row_with_the_same_name_is_explained_once_and_becomes_a_master_when_named(company: Office) -> None:
    copy(company)
    copy_row = len(company.values(MASTERS))
    company.tab(MASTERS).update_cell(copy_row, 5, "Электрика")
    company.settle()
    assert company.told() == ["admin 900: alarm"]
    assert [row["ID"] for row in company.rows(MASTERS)] == [1, 2, 1]
    company.tab(MASTERS).update_cell(copy_row, 2, "Олег Сорока")
    company.settle()
    assert [row["ID"] for row in company.rows(MASTERS)] == [1, 2, 3]


def test_the_original_keeps_its_id_wherever_the_copy_was_put(company: Office) -> None:
    original = company.row(1, MASTERS)
    company.tab(MASTERS).insert_row(list(original.values()), 2)
    company.tab(MASTERS).update_cell(2, 2, "Олег Сорока")
    company.settle()
    assert [(row["ID"], row["Имя"]) for row in company.rows(MASTERS)] == [
        (3, "Олег Сорока"),
        (1, "Иван Петров"),
        (2, "Сергей Ким"),
    ]
