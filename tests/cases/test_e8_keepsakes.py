"""E8: what the sheet does not know outlives the store, by the daily copy."""

import gzip
from pathlib import Path

import pytest

from record.actions.client_acts import Draft
from record.store import Event
from tests.harness.office import Office, order
from worker.backup.backup import on_demand
from worker.backup.refill import bring_back


@pytest.fixture
def morning(office: Office) -> Office:
    """An order with a history, a client who agreed to something, a master who asked for quiet."""
    office.begin()
    draft = Draft("Аня", "+79001234567", "Мира 1", "Искрит", consent="2026-11")
    office.actions.place_order(draft)
    office.settle()
    office.deliver()
    office.accept(1, "1")
    office.settle()
    office.actions.set_quiet("2", on=True)
    return office


def history(office: Office) -> list[Event]:
    with office.store.reading() as tx:
        return tx.history.of("1")


def known(office: Office) -> tuple[frozenset[str], object]:
    with office.store.reading() as tx:
        return tx.masters.quiet(), tx.consents.of("1")


def lost(office: Office) -> None:
    """Delete the store, and start the worker as it starts."""
    office.restart(forget=True)
    assert (*known(office), history(office)) == (frozenset(), None, [])
    bring_back(office.store, office.settings)


def copied(office: Office) -> Path:
    return on_demand(office.store, office.sheet, office.settings)[0]


def told(event: Event) -> tuple[str, str, str, str, float]:
    return event.what, event.before, event.after, str(event.by), event.at


def test_e8_quiet_consents_and_histories_outlive_the_store(morning: Office) -> None:
    before, events = known(morning), [told(event) for event in history(morning)]
    assert before[0] == {"2"}
    assert [what for what, *_ in events] == ["appeared", "status"]
    copied(morning)
    lost(morning)
    assert known(morning) == before
    assert [told(event) for event in history(morning)] == events
    assert morning.told() == ["admin 900: alarm"]
    morning.settle()
    assert morning.told() == [], "and nobody is told of anything again"
    bring_back(morning.store, morning.settings)
    assert morning.told() == []
    morning.paste(order(7, Оповещены=""))
    morning.settle()
    assert morning.told() == ["master 1: order_new 7"], "who asked for quiet has it"


def test_e8_an_order_that_waited_before_is_not_taken_for_one_that_nobody_was_offered(morning: Office) -> None:
    morning.paste(order(7, Оповещены=""))
    morning.settle()
    morning.deliver()
    morning.settle()
    copied(morning)
    lost(morning)
    morning.settle()
    assert morning.told() == ["admin 900: alarm"], "of the store, not of the order"


def test_e8_a_store_in_use_is_left_as_it_is(morning: Office) -> None:
    copied(morning)
    morning.actions.set_quiet("2", on=False)
    morning.restart()
    bring_back(morning.store, morning.settings)
    assert known(morning)[0] == frozenset()


def test_e8_a_damaged_copy_is_passed_over_and_one_of_another_table_too(morning: Office) -> None:
    before = known(morning)
    path = copied(morning)
    path.with_name("2099-01-01.json.gz").write_bytes(b"no copy")
    other = gzip.decompress(path.read_bytes()).replace(b'"naryad-demo"', b'"another"')
    path.with_name("2098-01-01.json.gz").write_bytes(gzip.compress(other))
    lost(morning)
    assert known(morning) == before


def test_e8_without_a_copy_nothing_is_told(morning: Office) -> None:
    morning.restart(forget=True)
    bring_back(morning.store, morning.settings)
    assert (known(morning)[0], morning.told()) == (frozenset(), [])


def test_e8_copies_of_an_older_version_are_read(morning: Office) -> None:
    path = copied(morning)
    whole = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(whole[: whole.rindex(b', "kept":')] + b"}"))
    lost(morning)
    assert known(morning)[0] == frozenset()
