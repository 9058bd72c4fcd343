"""Figures for Prometheus: what they are, that they add up over processes, and who may read them."""

from pathlib import Path

import pytest
from freezegun import freeze_time
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from record.dispatch.notices import Notice
from record.dispatch.reach import Unreachable
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store import Store, Tx
from record.store.facts import ALARMS, BACKUP, SHEET_PROBLEMS, CopyMade
from record.values import telegram
from record.values.actors import STAFF
from tests.harness.databases import databases
from tests.web.visitor import NewVisitor, Visitor, put_order, settings_for
from web import create_app

Figures = dict[str, float]


def read(visitor: Visitor) -> Figures:
    """Return every sample by name and labels, as a monitor parses them."""
    answer = visitor.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    found: Figures = {}
    for family in text_string_to_metric_families(answer.get_data(as_text=True)):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return {name.removeprefix("naryad_"): value for name, value in found.items()}


def poll(store: Store, seconds: float = 0.2, *, ok: bool = True) -> None:
    """Record a poll."""
    with store.transaction() as tx:
        tx.runs.add("poll", ok=ok, seconds=seconds, facts={})


def test_a_store_on_which_nothing_has_happened(visitor: Visitor) -> None:
    figures = read(visitor)
    assert figures["healthy"] == 1, "a fresh start has some grace"
    assert not [name for name in figures if name.startswith(("outbox_waiting", "unreachable", "orders{"))]
    assert (figures["journal_waiting"], figures["problems"], figures["masters_active"]) == (0, 0, 1)
    assert figures["quota_left{kind=read}"] > 1
    assert figures["quota_left{kind=write}"] > 1
    assert "poll_age_seconds" not in figures, "nobody has polled yet"


def test_polls_and_how_long_they_took(visitor: Visitor, store: Store) -> None:
    for seconds, ok in ((0.2, True), (0.3, True), (7.0, True), (45.0, False)):
        poll(store, seconds, ok=ok)
    figures = read(visitor)
    assert (figures["runs_total{job=poll,result=ok}"], figures["runs_total{job=poll,result=failed}"]) == (3, 1)
    counted = [figures[f"run_seconds_bucket{{job=poll,le={top}}}"] for top in ("0.1", "0.25", "0.5", "10", "+Inf")]
    assert counted == [0, 1, 2, 3, 4]
    assert figures["run_seconds_count{job=poll}"] == 4
    assert figures["run_seconds_sum{job=poll}"] == pytest.approx(52.5)
    assert figures["poll_age_seconds"] < 5


def test_changes_deliveries_and_writes(visitor: Visitor, store: Store) -> None:
    put_order(store, "17")
    with store.transaction() as tx:
        for what in ("appeared", "status", "status"):
            tx.history.add("17", what, "", "", STAFF)
        for number in range(4):
            tx.outbox.add(Notice(f"k{number}", "master", str(number), "order_new", "17"))
        first, second, third, _ = tx.outbox.due(["master"])
        tx.outbox.end(first.id, "sent")
        tx.outbox.end(second.id, "failed", "blocked")
        tx.outbox.postpone(third.id, 3, "Too Many Requests")
        for number in range(3):
            tx.journal.add(Write(ORDERS, "append", str(number), {"Имя": "Юля"}))
        writes = [write.id for write in tx.journal.open()]
        tx.journal.mark(writes[:1], "written")
        tx.journal.mark(writes[1:2], "parked", "protected cell")
        tx.inbox.add("client", 1, {})
        tx.inbox.add("client", 2, {})
        tx.inbox.done("client", 1)
        tx.masters.set_unreachable("client", telegram(77), Unreachable.BLOCKED, "blocked the bot")
    figures = read(visitor)
    assert (figures["changes_total{what=appeared}"], figures["changes_total{what=status}"]) == (1, 2)
    ended = {result: figures[f"deliveries_total{{kind=order_new,result={result},to=master}}"]
             for result in ("sent", "failed", "postponed")}  # fmt: skip
    assert ended == {"sent": 1, "failed": 1, "postponed": 1}
    assert figures["outbox_waiting{to=master}"] == 2
    assert (figures["journal_waiting"], figures["journal_parked"]) == (1, 1)
    assert (figures["writes_total{result=written}"], figures["writes_total{result=parked}"]) == (1, 1)
    assert (figures["updates_total{bot=client}"], figures["updates_waiting{bot=client}"]) == (1, 1)
    assert (figures["unreachable{to=client}"], figures["orders{status=new}"]) == (1, 1)
    assert figures["store_rows{table=outbox}"] == 4


def test_the_backlogs_age(visitor: Visitor, store: Store) -> None:
    with freeze_time() as clock:
        with store.transaction() as tx:
            tx.outbox.add(Notice("k", "admin", "900", "alarm"))
            tx.journal.add(Write(ORDERS, "append", "1", {"Имя": "Юля"}))
        clock.tick(90)
        poll(store)
        with store.transaction() as tx:
            tx.facts.put(ALARMS, {"flush": "Google Sheets не отвечает"})
            tx.facts.put(BACKUP, CopyMade(at=1))
        figures = read(visitor)
    assert (figures["outbox_oldest_seconds"], figures["journal_oldest_seconds"]) == (90, 90)
    assert (figures["healthy"], figures["problems"]) == (0, 1)
    assert figures["backup_age_seconds"] > 0


def test_processes_on_one_store_count_together(visitor: Visitor, store: Store, tmp_path: Path) -> None:
    other = Store(databases.url(tmp_path, "naryad.sqlite3"))
    for one in (store, other, other):
        one.count("api_requests", api="sheets", kind="read", result="ok")
        poll(one)
    other.close()
    figures = read(visitor)
    assert figures["api_requests_total{api=sheets,kind=read,result=ok}"] == 3
    assert figures["runs_total{job=poll,result=ok}"] == 3


def test_what_is_undone_is_not_counted(visitor: Visitor, store: Store) -> None:
    def break_off(tx: Tx, what: str) -> None:
        tx.history.add("1", what, "", "", STAFF)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        break_off(tx, "appeared")
    with store.transaction() as tx:
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            break_off(tx, "removed")
        tx.history.add("1", "retold", "", "", STAFF)
    assert [name for name in read(visitor) if name.startswith("changes_total")] == ["changes_total{what=retold}"]


def test_nothing_of_a_person_is_in_them(visitor: Visitor, store: Store) -> None:
    put_order(store, "17")
    with store.transaction() as tx:
        tx.facts.put(SHEET_PROBLEMS, ["нет столбца «Телефон», +79001234567"])
        tx.outbox.add(Notice("k", "client", "+79001234567", "accepted", "17", {"master": "Пётр Лодочкин"}))
        tx.masters.set_unreachable(
            "client", telegram(79001234567), Unreachable.BLOCKED, "Forbidden: bot was blocked by Юля"
        )
        tx.outbox.end(tx.outbox.due(["client"])[0].id, "failed", "Юля +79001234567")
    said = visitor.client.get("/metrics").get_data(as_text=True)
    for secret in ("Юля", "Пётр", "9001234567", "Невского", "key-17", "Телефон"):
        assert secret not in said


# Who may read them


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 200),
        ("192.168.1.20", {}, 200),
        ("fd00::7", {}, 200),
        ("::ffff:10.0.0.7", {}, 200),
        ("203.0.114.9", {}, 403),
        ("2001:4860:4860::8888", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.114.9"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.1, 203.0.114.9"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, 403),  # a visitor may claim it, a careless proxy pass it on
        ("127.0.0.1", {"X-Real-IP": "203.0.114.9"}, 403),
        ("10.0.0.2", {"X-Forwarded-For": "10.0.0.7"}, 403),  # a balancer on another machine: anybody may stand behind
    ],
)
def test_only_private_addresses_may_read(visitor: Visitor, peer: str, headers: dict[str, str], status: int) -> None:
    answer = visitor.client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert answer.status_code == status
    assert ("naryad_" in answer.get_data(as_text=True)) == (status == 200)


def test_a_token_lets_a_monitor_in_from_anywhere(store: Store, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/naryad.sqlite3"
    settings = settings_for(url).model_copy(update={"metrics_token": SecretStr("s3cret")})
    client = create_app(settings, store).test_client()

    def ask(**headers: str) -> int:
        return client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "203.0.114.9"}).status_code

    assert ask(Authorization="Bearer s3cret") == 200
    assert [ask(), ask(Authorization="Bearer other"), ask(Authorization="Bearer")] == [403] * 3
    assert client.get("/metrics").status_code == 200


def test_behind_a_public_address_only_the_token_opens(store: Store, tmp_path: Path) -> None:
    """A proxy on this machine that sets no header looks like this machine itself."""
    settings = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3", public_url="https://app.example")
    client = create_app(settings.model_copy(update={"metrics_token": SecretStr("s3cret")}), store).test_client()
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_an_empty_token_opens_nothing(visitor: Visitor) -> None:
    far = {"REMOTE_ADDR": "203.0.114.9"}
    headers = {"Authorization": "Bearer "}
    assert visitor.client.get("/metrics", headers=headers, environ_base=far).status_code == 403


@pytest.mark.usefixtures("on_sqlite")
def test_a_store_that_fails_is_a_figure_too(new_visitor: NewVisitor, store: Store, tmp_path: Path) -> None:
    visitor = new_visitor()
    store.close()
    for file in tmp_path.glob("naryad.sqlite3*"):
        file.unlink()
    (tmp_path / "naryad.sqlite3").write_bytes(b"this is not a database" * 100)
    assert read(visitor) == {"healthy": 0}
