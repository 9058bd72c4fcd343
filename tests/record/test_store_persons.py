"""A person is taken out of the store on both databases, from wherever he is named, and others stay."""

import pytest

from record.dispatch.listing import Wanted
from record.dispatch.notices import Notice
from record.dispatch.person import Person
from record.store import Store
from record.store.order_files import OrderFile
from tests.record.stores import remember

CLIENT = Person("+79001234567", ("Феврония Журавлихина", "Заречная Слобода 17"))
MASTER = Person("+79110000009", ("Афанасий Никольский",))
PHOTO = OrderFile(0, "photo", "AgAC", "паспорт.jpg", "client")


def test_what_a_client_sent_goes_with_him(store: Store) -> None:
    with store.transaction() as tx:
        tx.files.add("7", PHOTO, "m1")
        tx.files.add("8", PHOTO, "m2")
        tx.persons.erase(CLIENT, ["7"], [])
    with store.reading() as tx:
        assert not tx.files.of("7")
        assert tx.files.of("8"), "another client's stay"


@pytest.mark.parametrize(
    ("to", "kind", "goes_on"),
    [
        ("client", "done", False),
        ("master", "client_says", False),
        ("master", "client_sent", False),
        ("admin", "client_says", False),
        ("master", "card", True),
        ("master", "removed", True),
    ],
)
def test_what_he_said_is_passed_on_no_more(store: Store, to: str, kind: str, *, goes_on: bool) -> None:
    with store.transaction() as tx:
        tx.outbox.add(Notice("a", to, "1", kind, "7", {"text": "код домофона 45"}))
        tx.persons.silence(["7"])
    with store.reading() as tx:
        (told,) = tx.outbox.told("7")
    assert (told.state == "waiting") == goes_on
    assert bool(told.notice.facts) == goes_on


def test_a_masters_name_is_not_what_another_order_is_searched_by(store: Store) -> None:
    with store.transaction() as tx:
        remember(tx, "ID: 7; Комментарий: Вернул Афанасий Никольский, не успевает", "ID: 8")
        tx.persons.erase(MASTER, [], ["3"])
    with store.reading() as tx:
        assert tx.search.page(Wanted(text="Никольский")).total == 0
        assert tx.search.page(Wanted(text="успевает")).total == 1
        assert tx.search.page(Wanted(text="#7")).total == 1


@pytest.mark.parametrize("typed", ["８９００１２３４５６７", "٨ ٩٠٠ ١٢٣ ٤٥ ٦٧", "𝟖𝟗𝟎𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕", "8 900 123-45-67"])
def test_his_phone_is_found_and_taken_in_the_figures_of_any_script(store: Store, typed: str) -> None:
    with store.transaction() as tx:
        remember(
            tx,
            f"ID: 7; Телефон: +79001110001; Комментарий: звонить {typed}",
            "ID: 8; Телефон: +79001110000; Комментарий: звонить ９８７ после 18",
        )
        assert tx.persons.orders_naming(CLIENT) == ["7"]
        tx.persons.erase(CLIENT, ["7"], [])
        assert tx.persons.orders_naming(CLIENT) == []
        kept = tx.orders.get("8")
    assert kept
    assert kept.comment == "звонить ９８７ после 18"


def test_of_nobody_nothing_is_taken(store: Store) -> None:
    with store.transaction() as tx:
        remember(tx, "ID: 7", "ID: 8")
        tx.persons.erase(Person(""), ["7"], [])
    with store.reading() as tx:
        assert tx.search.page(Wanted(text="Юля")).total == 2


def test_who_is_forgotten_after_the_proofs_came_back_has_a_number_of_his_own(store: Store) -> None:
    proof = {"print": "a", "asked_at": 1.0, "by": "panel", "state": "done", "whom": {}, "counts": {}, "ended_at": 2.0}
    with store.transaction() as tx:
        assert tx.keepsakes.put_back({"forgets": [{"id": 1, **proof}, {"id": 2, **proof}]})["forgets"] == 2
    with store.transaction() as tx:
        number = tx.forgets.begin("b", {}, "command")
    with store.reading() as tx:
        assert len(tx.forgets.latest()) == 3
        assert [one.id for one in tx.forgets.open()] == [number]


def test_free_space_holds_nobody_and_all_else_is_there(store: Store) -> None:
    with store.transaction() as tx:
        remember(tx, "ID: 7")
    store.compact()
    with store.transaction() as tx:
        assert tx.orders.get("7")
