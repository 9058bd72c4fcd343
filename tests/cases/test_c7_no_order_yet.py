"""C7: rows that are no orders yet are listed in the panel with what they lack, and found by its search."""

from typing import Any

import pytest

from record.dispatch.unfinished import unfinished
from record.store import Store
from record.store.facts import UNFINISHED
from tests.harness.office import Office
from tests.web.staff import Person

MISSPELT: dict[str, Any] = {
    "Имя": "Ёлкина Анна",
    "Телефон": "8 911 12",
    "Проблема": "Счётчик гудит",
    "Адрес": "Мира 5",
}
LACKING: list[tuple[dict[str, Any], str]] = [
    (MISSPELT, "нет понятного телефона"),
    ({"Имя": "Пётр", "Проблема": "Искрит"}, "нет телефона"),
    ({"Имя": "Пётр", "Телефон": "89110000201"}, "нет проблемы или категории"),
    ({"Телефон": "позвонит сам", "Проблема": "Люстра"}, "нет понятного телефона"),
]


def listed(store: Store) -> list[tuple[str, str]]:
    """Return what is kept of the rows that are no orders: what is wanted there, and what they lack."""
    with store.reading() as tx:
        return [(row.gist, row.says) for row in tx.facts.get(UNFINISHED) or []]


@pytest.mark.parametrize(("cells", "says"), LACKING)
def test_c7_a_row_that_lacks_something_is_kept_for_the_panel(
    office: Office, cells: dict[str, Any], says: str
) -> None:
    office.begin()
    office.paste(cells)
    office.settle()
    ((gist, said),) = listed(office.store)
    assert says in said
    assert gist == cells.get("Проблема", "")


def test_c7_it_goes_once_it_is_an_order_or_deleted(office: Office) -> None:
    office.begin()
    office.paste(MISSPELT, {"Имя": "Пётр", "Проблема": "Искрит"})
    office.settle()
    assert len(listed(office.store)) == 2
    office.tab().update_cell(2, office.header().index("Телефон") + 1, "89110000201")
    office.settle()
    assert [gist for gist, _ in listed(office.store)] == ["Искрит"]
    office.tab().delete_rows(3)
    office.settle()
    assert listed(office.store) == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", True), ("счетчик", True), ("гудит ёлкина", True), ("8 911 12", True), ("мира", True),
        ("понятного телефона", True), ("розетка", False), ("ёлкина розетка", False),
    ],
)  # fmt: skip
def test_c7_the_panel_lists_and_finds_it(admin: Person, store: Store, typed: str, *, shown: bool) -> None:
    with store.transaction() as tx:
        tx.facts.put(UNFINISHED, [unfinished(17, MISSPELT, "Заявка не заполнена: нет понятного телефона")])
    admin.opens("/admin.html")
    assert "1 строка в таблице ещё не заявка" in admin.says()
    admin.opens("/admin/orders")
    admin.follows(admin.sends("/admin/orders", q=typed))
    assert ("Строка 17" in admin.says()) is shown
    assert ("нет понятного телефона" in admin.says()) is shown
    assert ("Таких заявок нет" in admin.says()) is not shown


def test_c7_filters_leave_it_out(admin: Person, store: Store) -> None:
    with store.transaction() as tx:
        tx.facts.put(UNFINISHED, [unfinished(17, MISSPELT, "нет телефона")])
    admin.opens("/admin/orders?status=Новая")
    assert "Строка 17" not in admin.says()
