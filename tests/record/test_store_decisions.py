"""What is decided of what was read holds, whoever decides the same at the same instant; on both databases."""

import pytest

from record.actions.client_acts import Draft
from record.actions.forms import SentForm
from record.actions.orders import Actions
from record.dispatch.reading import read_master
from record.grid.worksheets import MASTERS
from record.settings import load_settings
from record.store import Store
from record.store.facts import BASELINE
from record.values import telegram
from tests.record.notation import row
from tests.record.stores import THREADS, race, remember

DRAFT = Draft(name="Оля", phone="+79007654321", address="Мира 1", problem="Искрит щиток")


@pytest.fixture
def actions(store: Store) -> Actions:
    """All acts, on a store that knows one new order and as many masters as press at once."""
    with store.transaction() as tx:
        tx.facts.put(BASELINE, 1.0)
        tx.counters.at_least("master", THREADS)
        remember(tx, "")
        for number in range(THREADS):
            cells = row(f"ID: {number + 1}; Имя: Мастер {number}; Telegram: {600 + number}; Активен: да", MASTERS)
            tx.masters.put(read_master(cells), cells, number + 2)
    return Actions(store, load_settings())


def test_of_fifty_masters_who_accept_at_once_one_wins_and_one_write_is_made(store: Store, actions: Actions) -> None:
    refused = race(lambda number: actions.accept("7", str(number + 1)).refusal)
    assert sorted(map(str, refused)) == ["", *["taken"] * (THREADS - 1)]
    with store.reading() as tx:
        (write,) = tx.journal.open()
        assert str(write.by) == f"master {tx.claims.owner('7')}"


def test_one_form_sent_fifty_times_at_once_is_one_order_and_fifty_forms_are_fifty(
    store: Store, actions: Actions
) -> None:
    assert len(set(race(lambda _: actions.place_order(DRAFT, SentForm(once="form")).id))) == 1
    assert len(set(race(lambda number: actions.place_order(DRAFT, SentForm(once=f"form {number}")).id))) == THREADS
    with store.reading() as tx:
        numbers = [int(write.subject) for write in tx.journal.open()]
    assert numbers == list(range(1, THREADS + 2)), "none left out, in the order in which they reach the sheet"


def test_somebody_who_registers_many_times_at_once_is_one_master(store: Store, actions: Actions) -> None:
    made = race(lambda _: actions.register_master("Иван", "+79110000001", telegram(5000), "свет").id)
    assert len(set(made)) == 1
    with store.reading() as tx:
        assert len(tx.journal.open()) == 1


def test_a_master_who_gives_back_while_others_accept_leaves_one_owner_or_none(store: Store, actions: Actions) -> None:
    actions.accept("7", "1")

    def press(number: int) -> str:
        if number:
            return actions.accept("7", str(number + 1)).refusal
        return actions.give_back("7", "1", "занят").refusal

    given_back = race(press)[0]
    with store.reading() as tx:
        owner, order = tx.claims.owner("7"), tx.orders.get("7")
        writes = [write for write in tx.journal.open() if "Мастер" in write.cells]
    assert given_back == ""
    assert order
    assert (owner or "") == (order.master_id or "")
    assert len(writes) == 2 + bool(owner), "the first press, the giving back, and whoever was next"
