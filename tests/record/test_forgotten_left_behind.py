"""Who is forgotten is taken out of what the store keeps of a spreadsheet that was left, too."""

import pytest

from record.actions.forgetting import Forgetting
from record.dispatch.notices import Notice
from record.dispatch.person import Person
from record.settings import Settings
from record.settings.sections import Sheets
from record.store import Store
from record.store.schema import history, outbox
from record.values.actors import STAFF

PHONE, NAME = "+79215550177", "Феврония Журавлихина"
FACTS = {"name": NAME, "phone": PHONE, "address": "Заречная Слобода 17"}
SETTINGS = Settings(sheets=Sheets(spreadsheet_id="new"))


@pytest.fixture
def moved(store: Store) -> Store:
    """A store that was moved to another spreadsheet, where number 7 is somebody else's order."""
    with store.transaction() as tx:
        for number, facts in (("7", FACTS), ("8", {"name": "Другой Человек", "phone": "+79001110001"})):
            tx.outbox.add(Notice(f"k{number}", "master", "1", "removed", number, facts))
            tx.history.add(number, "details", "", str(facts["phone"]), STAFF)
        tx.moving.move("old", "new", set(), set())
        tx.history.add("7", "details", "", "Невского 47", STAFF)
    return store


def kept(store: Store) -> str:
    """Return all that the history and the outbox say."""
    with store.reading() as tx:
        rows = [tx._connection.execute(table.select()).mappings().all() for table in (history, outbox)]  # noqa: SLF001  what no reader shows
    return str([dict(row) for found in rows for row in found])


def test_she_is_known_and_then_nowhere_and_others_stay(moved: Store) -> None:
    assert PHONE in kept(moved)
    acts = Forgetting(moved, SETTINGS)
    known = acts.look("8 921 555-01-77")
    assert (known.orders, known.left_behind, known.nobody) == ((), 1, False)
    with moved.transaction() as tx:
        tx.persons.erase(Person(PHONE), [], [])
    found = kept(moved)
    assert not any(said in found for said in (PHONE, NAME, "Заречная"))
    assert all(said in found for said in ("Другой Человек", "+79001110001", "Невского 47"))
    assert acts.look(PHONE).nobody
