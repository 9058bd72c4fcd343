"""One order that can't be handled is put aside, and stops no other."""

from collections.abc import Iterator

import pytest
from freezegun import freeze_time
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from record.errors import StoreError
from record.grid.worksheets import MASTERS
from record.watch.alerts import standing_texts
from tests.harness.databases import databases
from tests.harness.office import Office

CUT = """
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW;
END $$;
CREATE TRIGGER cut BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION cut()
"""


@pytest.fixture
def on_server() -> Iterator[None]:
    """Let the store that this test makes be on a server."""
    with databases.of_kind("postgresql"):
        yield


def run(company: Office, command: str) -> None:
    """Run a command in the store behind everybody's back."""
    engine = create_engine(company.settings.store.url)
    with engine.begin() as connection:
        connection.execute(text(command))
    engine.dispose()


def spoil(company: Office, status: str) -> None:
    """Let the store hold a status of order 2 that can't be read, or one that can: an error that nobody foresaw."""
    engine = create_engine(company.settings.store.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET status = :status WHERE id = '2'"), {"status": status})
    engine.dispose()


def polls_in_vain(company: Office) -> None:
    """Poll as often as it takes to put an order aside."""
    with capture_logs() as logged:
        for _ in range(5):
            company.poll()
    assert [line["order"] for line in logged if line["event"] == "order_failed"] == ["2"] * 3
    assert company.poll().idle, "it does not keep the worker busy"


def test_an_order_whose_handling_fails_stops_no_other_and_is_tried_again_when_it_is_edited(company: Office) -> None:
    spoil(company, "Испорчено")
    for number in (1, 2, 3):
        company.change(number, Статус="Отменена")
    polls_in_vain(company)
    assert company.told() == ["client 501: cancelled 1", "client 503: cancelled 3", "admin 900: alarm"]
    assert [company.history(number) for number in (1, 2, 3)] == [["status"], [], ["status"]]
    company.restart()
    polls_in_vain(company)
    assert company.told() == [], "an alarm is told once, whoever restarts"
    spoil(company, "Новая")
    assert company.poll().idle
    company.change(2, Комментарий="Проверено")
    company.settle()
    assert sorted(company.told()) == ["admin 900: alarm_over", "client 502: cancelled 2"]


def test_of_an_order_that_was_put_aside_and_then_deleted_nothing_more_is_told(company: Office) -> None:
    spoil(company, "Испорчено")
    company.change(2, Статус="Отменена")
    polls_in_vain(company)
    assert company.told() == ["admin 900: alarm"]
    spoil(company, "Новая")
    company.delete(2)
    company.settle()
    assert company.history(2) == ["removed"]
    assert company.told() == []
    with company.store.reading() as tx:
        assert standing_texts(tx, "orders") == []


def test_an_order_that_was_put_aside_is_tried_again_by_itself(company: Office) -> None:
    spoil(company, "Испорчено")
    company.change(2, Статус="Отменена")
    with freeze_time(tick=True) as clock:
        polls_in_vain(company)
        spoil(company, "Новая")
        assert company.poll().idle
        clock.tick(660)
        company.settle()
        assert sorted(company.told()) == ["admin 900: alarm", "admin 900: alarm_over", "client 502: cancelled 2"]


@pytest.mark.usefixtures("on_server")
def test_a_connection_lost_while_an_order_is_handled_is_no_fault_of_the_order(company: Office) -> None:
    """All is as it was before the poll, nothing is counted against the order, and the next poll goes on."""
    run(company, CUT)
    for number in (1, 2, 3):
        company.change(number, Статус="Отменена")
    with capture_logs() as logged:
        for _ in range(4):
            with pytest.raises(StoreError, match="прервал связь"):
                company.poll()
        run(company, "DROP TRIGGER cut ON history")
        company.settle()
    assert [line for line in logged if line["event"] in ("order_failed", "mirror_damaged")] == []
    assert company.told() == [f"client 50{number}: cancelled {number}" for number in (1, 2, 3)]
    assert [company.history(number) for number in (1, 2, 3)] == [["status"]] * 3


def test_an_order_that_the_mirror_can_not_tell_stops_no_other_that_is_read_again(company: Office) -> None:
    for number in (2, 3):
        company.change(number, Мастер="Пётр Новый")
    company.settle()
    spoil(company, "Испорчено")
    company.type(MASTERS, ID=3, Имя="Пётр Новый", Телефон="+79110000003", Telegram="603", Активен=True)
    company.settle()
    with company.store.reading() as tx:
        (third,) = tx.orders.stored(["3"]).values()
    assert third.order.master_id == "3"
