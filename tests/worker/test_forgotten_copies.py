"""Whom a copy is without once somebody is forgotten: him, and no namesake of his."""

from typing import Any

import pytest

from record.dispatch.person import Person
from worker.backup.file import Copy
from worker.backup.forgotten import scrubbed

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("table", "row", "left"),
    [
        ("staff", {"key": "анна белова", "name": "Анна Белова"}, "Анна Белова"),
        ("staff", {"key": "анна", "name": "Анна +79001234567"}, "Анна "),
        ("history", {"order_id": "7", "name": "Анна Белова"}, ""),
        ("history", {"order_id": "8", "name": "Анна Белова"}, "Анна Белова"),
        ("quiet", {"master_id": "1", "name": "Анна Белова"}, ""),
    ],
)
def test_a_forgotten_client_takes_no_namesake_out_of_a_copy(table: str, row: dict[str, Any], left: str) -> None:
    person = Person("+79001234567", ("Анна Белова",))
    copy = Copy("id", "Заявки", "2026-11-28T03:30:00+02:00", [], {table: [row]})
    (found,) = scrubbed(copy, person, ["7"], []).kept[table]
    assert found["name"] == left
