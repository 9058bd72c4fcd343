"""One order that can't be handled is put aside, and stops no other."""

from freezegun import freeze_time
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from tests.worker.office import Office


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
