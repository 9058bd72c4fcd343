"""What goes along to another spreadsheet, and what stays with the one that is left."""

from collections.abc import Callable

import pytest

from record.store import Store, Tx
from record.store.consents import of_master, of_talk
from record.store.order_files import OrderFile
from record.store.statements import CHUNK
from record.values import telegram
from tests.record.stores import notice, remember

PHOTO = OrderFile(0, "photo", "AgAC", "", "client")
OLD, NEW = "old", "new"
Known = Callable[[Tx], bool]


def move(store: Store, *same: str, old: str = OLD, new: str = NEW, masters: tuple[str, ...] = ()) -> None:
    """Go over to another spreadsheet, in which these orders and masters stand too."""
    with store.transaction() as tx:
        tx.moving.move(old, new, same, masters)


def test_the_next_spreadsheet_may_use_the_same_numbers(store: Store) -> None:
    with store.transaction() as tx:
        remember(tx, "ID: 1", "ID: 2")
    move(store)
    with store.transaction() as tx:
        assert tx.orders.count() == 0
        remember(tx, "ID: 1", "ID: 3")


def files(tx: Tx) -> bool:
    """Return whether order 7 has a file."""
    return bool(tx.files.of("7"))


def consent(tx: Tx) -> bool:
    """Return whether the consent given with order 7 is known."""
    return tx.consents.of("7") is not None


def paid(tx: Tx) -> bool:
    """Return whether a form speaks of order 7."""
    return tx.forms.order("paid:7:200000") is not None


def told(tx: Tx) -> bool:
    """Return whether something was told of order 7 under a key that begins with its number."""
    return not tx.outbox.add(notice("7:accepted"))


@pytest.mark.parametrize("known", [files, consent, paid, told])
@pytest.mark.parametrize("same", [(), ("7",)])
def test_what_is_known_of_an_order_is_not_another_ones(store: Store, known: Known, same: tuple[str, ...]) -> None:
    with store.transaction() as tx:
        tx.files.add("7", PHOTO, "m1")
        tx.consents.put("7", "v1", "website")
        tx.forms.put("paid:7:200000", "7", "k7")
        tx.outbox.add(notice("7:accepted"))
    move(store, *same)
    with store.transaction() as tx:
        assert known(tx) == bool(same)


@pytest.mark.parametrize("same", [(), ("3",)])
def test_a_masters_entry_is_not_another_ones(store: Store, same: tuple[str, ...]) -> None:
    with store.transaction() as tx:
        session = tx.sessions.open("master", "3", "chat", 1.0)
        link = tx.links.make("3", telegram(601), 1.0)
        staff = tx.sessions.open("admin", "анна", "password", 1.0)
    move(store, masters=same)
    with store.transaction() as tx:
        assert (tx.sessions.find("master", session) is not None) == bool(same)
        assert (tx.links.take(link, 2.0) is not None) == bool(same)
        assert tx.sessions.find("admin", staff)


def test_consents_of_people_who_stay_stay(store: Store) -> None:
    with store.transaction() as tx:
        tx.consents.put(of_master("1"), "v1", "telegram")
        tx.consents.put(of_master("2"), "v1", "telegram")
        tx.consents.put(of_talk(5), "v1", "website")
    move(store, masters=("1",))
    with store.transaction() as tx:
        assert tx.consents.of(of_master("1"))
        assert tx.consents.of(of_talk(5))
        assert tx.consents.of(of_master("2")) is None
    move(store, old=NEW, new=OLD)
    with store.transaction() as tx:
        assert tx.consents.of(of_master("2"))


def test_of_more_than_one_statement_takes_all_come_back(store: Store) -> None:
    numbers = [str(number) for number in range(2 * CHUNK + 1)]
    with store.transaction() as tx:
        tx.keepsakes.put_back({"consents": [{"order_id": one, "version": "v1", "at": 1.0} for one in numbers]})
    move(store)
    move(store, old=NEW, new=OLD)
    with store.transaction() as tx:
        assert all(map(tx.consents.of, numbers))
