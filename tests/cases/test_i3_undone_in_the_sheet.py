"""I3: Ctrl+Z after a client was forgotten: the admin hears of it once, and nobody hears of a new order."""

import pytest

from record.actions.client_acts import Draft
from tests.cases.test_i3_forgotten_everywhere import CHAT, NAME, PHONE, STREET, forgets
from tests.harness.office import Office

UNDONE = ("Имя", "Телефон", "Адрес", "Проблема", "Telegram", "Ключ")


@pytest.fixture
def forgotten(office: Office) -> tuple[Office, dict[str, object]]:
    """A company that has forgotten her, and her row as it stood before."""
    office.begin()
    office.actions.place_order(Draft(NAME, PHONE, STREET, "Искрит", source="telegram", chat=CHAT))
    office.settle()
    office.change(1, Статус="Отменена")
    office.settle()
    before = office.row(1)
    forgets(office)
    office.settle()
    office.told()
    return office, before


def warned(office: Office) -> list[str]:
    """Return what the admin was told since the last look, and nobody else was told anything."""
    with office.store.transaction() as tx:
        due = [one.notice for one in tx.outbox.due(["master", "client", "admin"])]
    office.told()
    assert {one.to for one in due} <= {"admin"}
    return [str(one.facts["text"]) for one in due]


def test_i3_the_undo_is_told_once_and_announced_to_nobody(forgotten: tuple[Office, dict[str, object]]) -> None:
    office, before = forgotten
    office.change(1, **{column: before[column] for column in UNDONE})
    office.settle()
    (said,) = warned(office)
    assert "В строке заявки #1 снова данные человека, которого просили забыть" in said
    assert "Имя, Телефон, Адрес, Проблема, Telegram" in said
    assert not [one for one in (NAME, PHONE, STREET) if one in said]
    assert office.history(1).count("appeared") == 1
    office.change(1, Комментарий="код 45")
    office.settle()
    assert warned(office) == [], "it was told already"
    forgets(office)
    office.settle()
    office.change(1, **{column: before[column] for column in UNDONE})
    office.settle()
    assert len(warned(office)) == 1, "forgotten and undone once more"


@pytest.mark.parametrize(("column", "count"), [("Адрес", 1), ("Имя", 1), ("Цена", 0), ("Ключ", 0), ("Мастер", 0)])
def test_i3_a_single_cell_is_told_where_it_tells_of_her(
    forgotten: tuple[Office, dict[str, object]], column: str, count: int
) -> None:
    office, before = forgotten
    given = {"Цена": 100, "Мастер": "Иван Петров"}
    office.change(1, **{column: given.get(column, before[column])})
    office.settle()
    told = [one for one in warned(office) if "снова данные" in one]
    assert len(told) == count
