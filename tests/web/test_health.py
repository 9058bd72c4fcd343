"""What a monitor is told."""

from pathlib import Path

import pytest
from freezegun import freeze_time

from record.notices import Notice
from record.store import Store
from tests.web.visitor import Visitor


def poll(store: Store, *, ok: bool = True) -> None:
    """Record that the sheet was read, or could not be."""
    with store.transaction() as tx:
        tx.runs.add("poll", ok=ok, seconds=0.1, facts={})


def ask(visitor: Visitor) -> tuple[int, list[str]]:
    """Return the answer's status and reasons."""
    answer = visitor.client.get("/healthz")
    assert answer.json is not None
    assert answer.json["healthy"] == (answer.status_code == 200)
    return answer.status_code, answer.json["reasons"]


def test_all_is_well(visitor: Visitor, store: Store) -> None:
    poll(store)
    answer = visitor.client.get("/healthz")
    assert answer.json is not None
    assert list(answer.json) == ["healthy", "reasons", "poll_age_s", "outbox", "journal"]
    assert (answer.status_code, answer.json["reasons"], answer.json["outbox"]) == (200, [], 0)


def test_before_the_first_poll(visitor: Visitor) -> None:
    assert ask(visitor) == (503, ["Таблицу ещё ни разу не прочитали"])


@pytest.mark.parametrize(("age", "status"), [(14, 200), (16, 503)])
def test_a_worker_that_stopped_reading(visitor: Visitor, store: Store, age: int, status: int) -> None:
    with freeze_time() as clock:
        poll(store)
        clock.tick(age)
        poll(store, ok=False)
        assert ask(visitor) == (status, [] if status == 200 else [f"Таблицу не читали {age} с"])


def test_a_message_that_waits_too_long(visitor: Visitor, store: Store) -> None:
    with freeze_time() as clock:
        with store.transaction() as tx:
            tx.outbox.add(Notice("k", "admin", "900", "alarm"))
        clock.tick(61)
        poll(store)
        assert ask(visitor) == (503, ["Сообщение ждёт отправки 61 с"])


def test_a_problem_of_the_whole_sheet(visitor: Visitor, store: Store) -> None:
    poll(store)
    with store.transaction() as tx:
        tx.facts.put("sheet_problems", ["На листе «Заявки» нет столбца «Телефон»"])
    assert ask(visitor) == (503, ["На листе «Заявки» нет столбца «Телефон»"])


def test_a_store_that_fails(visitor: Visitor, store: Store, tmp_path: Path) -> None:
    poll(store)
    store.close()
    for file in tmp_path.glob("naryad.sqlite3*"):
        file.unlink()
    (tmp_path / "naryad.sqlite3").write_bytes(b"this is not a database" * 100)
    status, [reason] = ask(visitor)
    assert status == 503
    assert "Локальная база" in reason
    assert visitor.opens("/track.html?id=1&key=2").status_code == 503
    assert "Сайт ненадолго прилёг" in visitor.page
    assert visitor.opens("/").status_code == 200


def test_a_monitor_may_ask_as_often_as_it_likes(visitor: Visitor, store: Store) -> None:
    poll(store)
    assert {ask(visitor)[0] for _ in range(200)} == {200}
