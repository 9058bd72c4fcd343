"""What one process does when the file of its store is deleted or damaged: it never pretends, and saves what waits."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from record.actions.client_acts import next_order_id
from record.dispatch.notices import Notice
from record.errors import StoreError
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Store
from record.store.facts import BASELINE, RESTARTED
from record.values.actors import Actor, ActorKind
from tests.torture.test_damage import spoil_table

APPEND = Write(ORDERS, "append", "41", {"ID": 41, "Имя": "Юля"}, by=Actor(ActorKind.WEBSITE))
PRESS = Write(ORDERS, "set", "7", {"Статус": "В работе"}, {"Статус": "Новая"}, Actor.master("1"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "store.sqlite3"


@pytest.fixture
def store(file: Path) -> Store:
    """A store in which something of each kind waits."""
    made = Store(f"sqlite:///{file}")
    with made.exclusive("flush"), made.transaction() as tx:
        tx.counters.at_least("order", 41)
        tx.journal.add(APPEND)
        tx.journal.add(PRESS)
        tx.forms.put("form", "41", "k41")
        tx.inbox.add("client", 5, {"message": "привет"})
        tx.inbox.add("client", 4, {})
        tx.inbox.done("client", 4)
        tx.outbox.add(Notice("done:7:3:501", "client", "501", "done", "7"))
        tx.outbox.add(Notice("order_new:41:4:1", "master", "1", "order_new", "41"))
        tx.history.add("7", "appeared", "", "", Actor(ActorKind.FORM))
        tx.counters.at_least("talk_line", 8)
        tx.staff.put("Анна", "hash", 1.0)
    return made


def delete(file: Path) -> None:
    """Delete the store, as a person does."""
    for part in ("", "-wal", "-shm"):
        Path(f"{file}{part}").unlink(missing_ok=True)


def all_that_waited_is_in(store: Store, **begun: Any) -> None:
    """The new store holds what waited in the old one, once, and says how it was begun."""
    with store.transaction() as tx:
        found = tx.facts.get(RESTARTED)
        assert found is not None
        assert found | begun == found
        assert tx.staff.any(), "nobody enters without a name"
        assert [(one.kind, one.subject, one.state) for one in tx.journal.open()] == [
            ("append", "41", "unclear"), ("set", "7", "waiting")
        ]  # fmt: skip
        assert tx.forms.order("form") == ("41", "k41")
        assert [number for number, _, _ in tx.inbox.open("client")] == [5]
        assert [one.notice.kind for one in tx.outbox.heads(["client", "master"])] == ["done"]
        assert [event.what for event in tx.history.of("7")] == ["appeared"]
        tx.facts.put(BASELINE, 1.0)
        assert int(next_order_id(tx, datetime(2026, 12, 15))) > 41
        assert tx.counters.next("talk_line") > 8, "its numbers are part of a notice's key"


def test_the_file_is_deleted_under_a_running_process(store: Store, file: Path) -> None:
    told: list[str] = []
    store.when_replaced(lambda: told.append("begin anew"))
    delete(file)
    for _ in range(2):
        with pytest.raises(StoreError, match="заменён новым"), store.reading():
            pass
    assert (told, store.replaced) == (["begin anew"], True)
    all_that_waited_is_in(Store(f"sqlite:///{file}"), why="deleted", writes=2, aside="")


def test_an_order_that_google_refuses_for_now_is_saved_too(store: Store, file: Path) -> None:
    with store.transaction() as tx:
        tx.journal.mark([write.id for write in tx.journal.open()], "parked", "отказано")
    delete(file)
    with pytest.raises(StoreError), store.reading():
        pass
    all_that_waited_is_in(Store(f"sqlite:///{file}"), writes=2)


def test_what_is_committed_to_a_deleted_file_does_not_count(store: Store, file: Path) -> None:
    """Whoever is told that it was saved can rely on it; who was not may send the same form again."""

    def order() -> None:
        with store.transaction() as tx:
            tx.forms.put("late", "42", "k42")
            delete(file)

    with pytest.raises(StoreError, match="заменён новым"):
        order()
    with Store(f"sqlite:///{file}").reading() as tx:
        assert tx.forms.order("late") == ("42", "k42"), "sent again, it is the same order"


def test_a_damaged_file_is_put_aside_with_all_that_belongs_to_it(store: Store, file: Path) -> None:
    store.close()
    spoil_table(file, "orders")
    damaged = Store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="заменён новым"), damaged.reading() as tx:
        list(tx.orders.rows())
    anew = Store(f"sqlite:///{file}")
    with anew.reading() as tx:
        begun = tx.facts.get(RESTARTED)
        assert begun is not None
    assert file.with_name(begun["aside"]).stat().st_size > 0
    all_that_waited_is_in(anew, why="damaged", writes=2)


def test_a_damaged_header_leaves_nothing_to_save(store: Store, file: Path) -> None:
    store.close()
    with file.open("r+b") as damaged:
        damaged.write(b"\xa5" * 4096)
    with Store(f"sqlite:///{file}").reading() as tx:
        begun = tx.facts.get(RESTARTED)
        assert begun is not None
        assert begun["writes"] == 0
        assert tx.journal.open() == []


def test_only_the_last_damaged_files_are_kept(store: Store, file: Path) -> None:
    store.close()
    for number in range(4):
        (file.parent / f"{file.name}.damaged-2026-01-0{number + 1}T00-00-00").write_bytes(b"")
    file.write_bytes(b"\xa5" * 4096)
    Store(f"sqlite:///{file}").close()
    kept = sorted(one.name for one in file.parent.glob("*.damaged-*"))
    assert len(kept) == 3
    assert kept[:2] == [f"{file.name}.damaged-2026-01-0{number}T00-00-00" for number in (3, 4)]
