"""Stores of other versions of the program: older ones are brought up to date with all that is in them."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from json import dumps
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from record.dispatch.listing import Wanted
from record.errors import StoreError
from record.grid.writes import Write
from record.store import Store, opening, versions
from record.store.schema import metadata
from record.values import telegram
from record.values.actors import STAFF
from tests.record.stores import other_process

# under the columns of «Заявки» as they were then: a migration that adds one has to add a cell here
CELLS = dumps([7, "", "", "Юля", "+79001234567", "", "", "Мира 1", "Новая", *[""] * 7, 501, "k7"])
ROWS = {
    "orders": "'7', 2, :cells, NULL, 'phone', 'Юля', '+79001234567', 'Электрика', 'Искрит', 'Мира 1', 'Новая', "
    "'', '', NULL, NULL, NULL, '', 'да', '', 501, 'k7', '[]'",
    "claims": "'8', '2', 1.0",
    "counters": "'order', 41",
    "history": "5, '7', 1.0, 'appeared', '', '', 'staff'",
    "outbox": "3, 'a', 'master', '1', 'order_new', '7', '{}', 'waiting', 0, '', 1.0, 1.0, NULL",
    "journal": "9, 'Заявки', 'set', '7', :said, '{}', 'staff', 'waiting', 0, '', 1.0, NULL, false",
    "updates": "'client', 5, :body, 1.0, NULL, 0",
}
VALUES = {"cells": CELLS, "said": '{"Статус": "В работе"}', "body": '{"text": "привет"}'}
LOCKING = re.compile(r"\s*(BEGIN IMMEDIATE|CREATE|ALTER|INSERT|UPDATE|DELETE|LOCK|SELECT pg_advisory)", re.IGNORECASE)
AFTER_THEM = "SELECT setval('history_seq_seq', 5), setval('outbox_id_seq', 3), setval('journal_id_seq', 9)"


@pytest.fixture
def raw(url: str) -> Iterator[Engine]:
    """A database with nothing in it, reached behind the store's back."""
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir()
    made = create_engine(url)
    with made.begin() as connection:
        for table in reversed(inspect(connection).get_table_names()):
            connection.execute(text(f'DROP TABLE "{table}" CASCADE'))
    yield made
    made.dispose()


def before(raw: Engine) -> None:
    """Let the store be of the version before there were migrations, in use and without a stamp."""
    with raw.begin() as connection:
        versions.upgrade(connection, versions.FIRST)
        connection.execute(text("DROP TABLE alembic_version"))
        for table, values in ROWS.items():
            used = {name: value for name, value in VALUES.items() if f":{name}" in values}
            connection.execute(text(f"INSERT INTO {table} VALUES ({values})"), used)
        if raw.dialect.name == "postgresql":
            connection.execute(text(AFTER_THEM))


def version(connection: Connection) -> str:
    """Return what the store is stamped with."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def test_migrated_tables_are_the_schemas_own(raw: Engine) -> None:
    """Whoever changes the schema without a migration finds the difference here."""
    with raw.begin() as connection:
        versions.upgrade(connection, "head")
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_store_of_the_version_before_is_upgraded_and_all_is_kept(raw: Engine, url: str) -> None:
    before(raw)
    for _ in range(2):
        store = Store(url)
        with store.reading() as tx:
            order = tx.orders.get("7")
            assert order
            assert (order.name, order.chat, order.status) == ("Юля", telegram(501), "В работе")
            assert [one.what for one in tx.history.of("7")] == ["appeared"]
            assert [one.notice.key for one in tx.outbox.due(["master"])] == ["a"]
            assert tx.inbox.open("client") == [(5, {"text": "привет"}, 0)]
            assert tx.claims.owner("8") == "2"
            assert [one.id for one in tx.search.page(Wanted(text="мира")).orders] == ["7"], "as new columns need it"
        store.close()
    with raw.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_updates_that_wait_are_of_the_chat_that_they_came_from(raw: Engine, url: str) -> None:
    before(raw)
    came = {
        6: '{"message": {"chat": {"id": 501}}}',
        7: '{"callback_query": {"message": {"chat": {"id": 502}}}}',
        8: '{"my_chat_member": {"chat": {"id": -503}}}',
        9: '{"callback_query": {"id": "1"}}',
    }
    with raw.begin() as connection:
        for number, body in came.items():
            given = {"number": number, "body": body}
            connection.execute(text("INSERT INTO updates VALUES ('client', :number, :body, 1.0, NULL, 0)"), given)
    Store(url).close()
    with raw.begin() as connection:
        found = connection.execute(text("SELECT update_id, chat FROM updates ORDER BY update_id"))
        assert [tuple(row) for row in found] == [(5, "0"), (6, "501"), (7, "502"), (8, "-503"), (9, "0")]


def test_an_upgraded_store_goes_on_where_it_was(raw: Engine, url: str) -> None:
    before(raw)
    store = Store(url)
    with store.transaction() as tx:
        assert tx.counters.next("order") == 42
        assert tx.history.add("7", "status", "Новая", "В работе", STAFF) == 6
        tx.journal.add(Write("Заявки", "set", "7", {"Цена": 100}))
        assert [write.id for write in tx.journal.open()] == [9, 10]
    store.close()


@pytest.mark.usefixtures("on_sqlite")
def test_a_store_is_not_migrated_under_processes_that_still_work_on_it(tmp_path: Path) -> None:
    file = tmp_path / "naryad.sqlite3"
    made = create_engine(f"sqlite:///{file}")
    before(made)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as of_before:
        beat = dumps({"at": time.time(), "pid": of_before.pid})
        gone = dumps({"at": time.time() - 3600, "pid": of_before.pid})
        own = dumps({"at": time.time(), "pid": os.getpid()})
        with made.begin() as connection:
            for process, sign in (("worker", beat), ("bot.client", gone), ("bot.master", own)):
                given = {"name": f"alive.{process}", "sign": sign}
                connection.execute(text("INSERT INTO facts (name, value) VALUES (:name, :sign)"), given)
        with pytest.raises(StoreError, match=r"работает прежняя версия \(worker\): остановите все"):
            Store(f"sqlite:///{file}")
        with made.begin() as connection:
            assert not inspect(connection).has_table("alembic_version"), "it was left alone"
        of_before.communicate(b"\n")
    Store(f"sqlite:///{file}").close()
    with made.begin() as connection:
        assert version(connection) == versions.newest()
    made.dispose()


def test_a_store_of_a_newer_version_is_refused_in_one_line(raw: Engine, url: str) -> None:
    Store(url).close()
    with raw.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"новее этой программы .*9999.*: обновите Наряд\. Если") as error:
        Store(url)
    assert "\n" not in str(error.value)
    with raw.begin() as connection:
        assert version(connection) == "9999", "it was left alone"


def test_a_migration_that_fails_changes_nothing(raw: Engine, url: str) -> None:
    """A table stands in its way; when that is gone, the upgrade is made."""
    before(raw)
    with raw.begin() as connection:
        connection.execute(text("CREATE TABLE turns (something INTEGER)"))
        there = set(inspect(connection).get_table_names())
    with pytest.raises(StoreError):
        Store(url)
    with raw.begin() as connection:
        assert set(inspect(connection).get_table_names()) == there
        connection.execute(text("DROP TABLE turns"))
    Store(url).close()
    with raw.begin() as connection:
        assert version(connection) == versions.newest()


def test_a_new_store_is_stamped_and_opens_at_once_the_next_time(url: str) -> None:
    """With nothing to do, no lock is taken, no table is made, and hardly anything is looked at but the stamp."""
    Store(url).close()
    asked: list[str] = []
    heard = (Engine, "before_cursor_execute", lambda *execution: asked.append(execution[2]))
    event.listen(*heard)
    try:
        opening.open_engine(url).dispose()
    finally:
        event.remove(*heard)
    assert asked, "it is listened to"
    assert len(asked) < 20, asked
    assert [sql for sql in asked if LOCKING.match(sql)] == []


def test_many_processes_may_open_a_store_that_is_to_be_upgraded_at_once(raw: Engine, url: str) -> None:
    before(raw)
    code = "with store.reading() as tx: print(tx.orders.count())"
    others = [other_process(code, url) for _ in range(3)]
    assert [one.communicate()[0] for one in others] == ["1\n"] * 3


def test_versions_follow_each_other_one_by_one() -> None:
    """What a glance at the files' names takes for the newest is what alembic takes for it."""
    script = ScriptDirectory(str(versions.FOLDER))
    assert script.get_heads() == [versions.newest()]
    assert {revision.revision for revision in script.walk_revisions()} == versions.known()
