"""Cells that the system may not edit: what belongs there waits, all else goes on."""

import gspread
import pytest
from freezegun import freeze_time

from record.errors import SheetFull, SheetProtected
from record.flush import Flush
from record.flush.flush import TOGETHER
from record.flush.parked import Parking
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from record.sheet import Sheet
from record.values import telegram
from record.values.actors import Actor
from sandbox.sheets.spreadsheet import MAX_CELLS
from tests.harness.office import Office
from tests.worker.flush.writes import BATCH_UPDATE, accept, append, rows


def protect(company: Office, **where: int) -> None:
    """Protect cells of «Заявки» from all but their owner."""
    protected = {"range": {"sheetId": company.sheet_id, **where}, "editors": {"users": ["owner@example.com"]}}
    company.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protected}}]})


def unprotect(company: Office) -> None:
    """Take our own protections of «Заявки» away again."""
    found = company.book.list_protected_ranges(company.sheet_id)
    ours = [one["protectedRangeId"] for one in found if not one.get("warningOnly")]
    company.book.batch_update({"requests": [{"deleteProtectedRange": {"protectedRangeId": one}} for one in ours]})


def fill_up(company: Office) -> gspread.Worksheet:
    """Leave no room for another row of «Заявки», as 10 million cells do; return the worksheet that takes it all."""
    company.tab().resize(rows=6)
    used = sum(tab.row_count * tab.col_count for tab in company.book.worksheets())
    return company.book.add_worksheet("Архив", rows=MAX_CELLS - used, cols=1)


def called_off(order_id: int) -> Write:
    """Return the write of a client who no longer wants his order."""
    return Write(
        ORDERS, "set", str(order_id), {"Статус": "Отменена"}, {"Статус": "Новая"}, by=Actor.client(telegram(501))
    )


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


def test_a_trouble_that_people_went_around_is_over_and_the_next_is_told(company: Office) -> None:
    """The dispatcher types what could not be written; later another row is protected."""
    protect(company, startRowIndex=2, endRowIndex=3)
    company.journal(accept(2))
    company.flush()
    assert company.told() == ["admin 900: alarm"]
    company.change(2, Статус="Отменена")
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        company.flush()
        assert company.told() == ["master 2: refused 2", "admin 900: alarm_over"]
    protect(company, startRowIndex=3, endRowIndex=4)
    company.journal(accept(3))
    company.flush()
    assert company.told() == ["admin 900: alarm"]


def test_what_one_process_tries_again_another_may_bring_to_its_end(company: Office) -> None:
    protect(company, startRowIndex=2, endRowIndex=4)
    company.journal(accept(2), accept(3))
    company.flush()
    assert company.told() == ["admin 900: alarm"]
    unprotect(company)
    other = Flush(company.store, Sheet(company.settings, company.store), company.settings)
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        Parking(company.store, company.settings).probe()  # and there that process dies
        other.run()
        assert company.told() == ["admin 900: alarm_over"]
    other.run()
    assert [rows(company)[number]["Статус"] for number in (2, 3)] == ["В работе"] * 2


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


def test_a_full_spreadsheet_keeps_new_rows_waiting(company: Office) -> None:
    """All else is written, nobody asks Google row by row, and the rows come as soon as somebody makes room."""
    archive = fill_up(company)
    company.journal(*[append(number) for number in range(6, 26)], accept(2), called_off(6))
    _, before = company.requests()
    with pytest.raises(SheetFull, match="10 млн ячеек"):
        company.flush()
    assert company.requests()[1] - before <= 3
    assert company.row(2)["Мастер"] == "Сергей Ким"
    company.book.del_worksheet(archive)
    company.flush()
    found = rows(company)
    assert (list(found), found[6]["Статус"]) == (list(range(1, 26)), "Отменена")


def test_what_is_for_a_new_row_that_google_refuses_waits_for_it(company: Office) -> None:
    """Why it is refused nobody foresaw; what a client called off meanwhile is so as soon as the row stands there."""
    company.fault(BATCH_UPDATE, status=400, times=2)
    company.journal(append(6), accept(2), called_off(6))
    company.flush()
    assert company.states() == ["parked", "written", "waiting"]
    assert not company.flush().rounds
    with freeze_time(tick=True) as clock:
        clock.tick(61)
        company.flush()
    assert (rows(company)[6]["Статус"], company.states()) == ("Отменена", ["written"] * 3)


def test_any_number_of_new_rows_that_must_wait_hold_up_nothing_else(company: Office) -> None:
    """More of them wait than are looked at in one flush; an order that stands in the sheet is accepted."""
    archive = fill_up(company)
    company.journal(*[append(number) for number in range(6, 7 + TOGETHER)], accept(2), called_off(6 + TOGETHER))
    with pytest.raises(SheetFull):
        company.flush()
    assert company.row(2)["Мастер"] == "Сергей Ким"
    company.book.del_worksheet(archive)
    company.flush()
    found = rows(company)
    assert (len(found), found[6 + TOGETHER]["Статус"]) == (6 + TOGETHER, "Отменена")
