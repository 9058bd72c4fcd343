"""Cells that the system may not edit: what belongs there waits, all else goes on."""

import pytest
from freezegun import freeze_time

from record.errors import SheetProtected
from record.worksheets import MASTERS
from record.writes import Write
from tests.worker.flush.writes import accept, append, rows
from tests.worker.office import Office


def protect(company: Office, **where: int) -> None:
    """Protect cells of «Заявки» from all but their owner."""
    protected = {"range": {"sheetId": company.sheet_id, **where}, "editors": {"users": ["owner@example.com"]}}
    company.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protected}}]})


def unprotect(company: Office) -> None:
    """Take our own protections of «Заявки» away again."""
    found = company.book.list_protected_ranges(company.sheet_id)
    ours = [one["protectedRangeId"] for one in found if not one.get("warningOnly")]
    company.book.batch_update({"requests": [{"deleteProtectedRange": {"protectedRangeId": one}} for one in ours]})


def test_one_write_that_google_refuses_for_good_is_parked_and_the_others_go_on(company: Office) -> None:
    protect(company, startRowIndex=2, endRowIndex=3)
    company.journal(accept(1), accept(2), append(6), accept(3))
    company.flush()
    found = rows(company)
    assert [found[number]["Статус"] for number in (1, 2, 3)] == ["В работе", "Новая", "В работе"]
    assert 6 in found
    with company.store.reading() as tx:
        ((write, reason),) = tx.journal.parked()
    assert (write.subject, "защищены ячейки" in reason) == ("2", True)
    alarms = [line for line in company.told() if line.startswith("admin")]
    assert alarms == ["admin 900: alarm"]
    assert not company.flush().rounds, "it is not tried again"


def test_writes_to_protected_rows_land_by_themselves_once_they_may(company: Office) -> None:
    """One of them is tried again every minute; once it lands the others follow, and the end is told once."""
    protect(company, startRowIndex=2, endRowIndex=4)
    company.journal(accept(1), accept(2), accept(3))
    company.flush()
    assert company.told().count("admin 900: alarm") == 1, "of one worksheet and reason people hear once"
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        company.flush()
        assert (rows(company)[2]["Статус"], company.told()) == ("Новая", [])
        unprotect(company)
        assert not company.flush().rounds
        clock.tick(200)
        company.flush()
        assert company.told() == ["admin 900: alarm_over"]
    assert [rows(company)[number]["Статус"] for number in (1, 2, 3)] == ["В работе"] * 3


def test_a_worksheet_that_takes_no_new_rows_keeps_them_waiting(company: Office) -> None:
    """What belongs to the new rows waits with them; other worksheets go on; nobody asks Google row by row."""
    protect(company)
    company.journal(
        *[append(number) for number in range(6, 26)], accept(6), Write(MASTERS, "set", "2", {"Выполнено": 3})
    )
    _, before = company.requests()
    for _ in range(2):
        with pytest.raises(SheetProtected, match="защищены ячейки"):
            company.flush()
    assert company.requests()[1] - before <= 5
    assert company.row(2, MASTERS)["Выполнено"] == 3
    unprotect(company)
    company.flush()
    found = rows(company)
    assert (list(found), found[6]["Мастер"]) == (list(range(1, 26)), "Сергей Ким")
