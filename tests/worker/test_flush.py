"""What reaches the sheet, whatever Google and people do meanwhile."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from freezegun import freeze_time
from structlog.testing import capture_logs

from record.errors import SheetBusy, SheetDenied, SheetProtected, SheetUnclear
from record.flush import Flush
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from record.worksheets import MASTERS, ORDERS
from record.writes import Write
from tests.house import wait_for
from tests.worker.office import Office, order

TAKEN = {"Статус": "В работе", "Мастер": "Сергей Ким"}
FREE = {"Статус": "Новая", "Мастер": ""}
BATCH_UPDATE = ":batchUpdate"


@pytest.fixture
def company(office: Office) -> Office:
    """An office whose worker has seen five orders."""
    office.paste(*[order(number) for number in range(1, 6)])
    office.begin()
    return office


def accept(order_id: int, master: str = "2") -> Write:
    """Return the write of a master who takes an order."""
    return Write(ORDERS, "set", str(order_id), TAKEN, FREE, by=f"master {master}")


def append(order_id: int, **more: Any) -> Write:
    """Return the write of a new order from the site."""
    return Write(ORDERS, "append", str(order_id), order(order_id, Оповещены="", **more), by="website")


def rows(company: Office) -> dict[Any, dict[str, Any]]:
    """Return the orders in the sheet by ID; every row has one, and none stands twice."""
    found = company.rows()
    assert len({row["ID"] for row in found}) == len(found)
    return {row["ID"]: row for row in found}


# One request


def test_all_that_waits_goes_in_one_request(company: Office) -> None:
    company.journal(accept(1), append(6), accept(6), append(7), Write(MASTERS, "set", "2", {"Выполнено": 3}))
    company.journal(Write(ORDERS, "set", "3", {"Оповещены": 46000}))
    _, writes = company.requests()
    done = company.flush()
    assert (done.written, done.rounds, company.requests()[1]) == (6, 1, writes + 1)
    found = rows(company)
    assert (found[1]["Мастер"], found[6]["Мастер"], found[7]["Мастер"]) == ("Сергей Ким", "Сергей Ким", "")
    assert found[3]["Оповещены"] == 46000
    assert company.row(2, MASTERS)["Выполнено"] == 3
    assert not company.flush().rounds


def test_new_rows_alone_need_no_reading_once_columns_are_known(company: Office) -> None:
    company.journal(append(6))
    company.flush()
    reads, writes = company.requests()
    company.journal(*[append(number) for number in range(7, 27)])
    company.flush()
    assert company.requests() == (reads, writes + 1)
    assert list(rows(company)) == list(range(1, 27))


def test_what_stands_in_own_columns_and_other_cells_is_left_alone(company: Office) -> None:
    company.insert_column(1, "Кто принял")
    company.tab().update_cell(3, 1, "Оля")
    before = rows(company)
    company.journal(accept(2))
    company.flush()
    assert rows(company) == before | {2: before[2] | TAKEN}


def test_everything_an_outsider_typed_is_text(company: Office) -> None:
    said = {"Имя": "=IMPORTXML(1)", "Телефон": "+79001234567", "Проблема": "'<b>&\u202e", "Адрес": "007"}
    company.journal(append(6, **said))
    company.flush()
    assert {column: rows(company)[6][column] for column in said} == said


# Google fails


@pytest.mark.parametrize("drop", ["before", "after"])
def test_an_append_whose_answer_is_lost_makes_one_row(company: Office, drop: str) -> None:
    company.journal(append(6), append(7))
    company.fault(BATCH_UPDATE, drop=drop)
    with pytest.raises(SheetUnclear):
        company.flush()
    assert company.states() == ["unclear", "unclear"]
    company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6, 7]
    assert company.states() == ["written", "written"]


def test_a_row_that_google_is_still_adding_is_not_added_again(
    company: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer does not come in time, the row a second later; what else waits is written meanwhile."""
    monkeypatch.setenv("NARYAD_SHEETS__TIMEOUT_S", "1")
    monkeypatch.setenv("NARYAD_SHEETS__UNCLEAR_REST_S", "3")
    company.settings = load_settings()
    company.restart()
    company.fault(BATCH_UPDATE, delay_s=2)
    company.journal(append(6))
    with pytest.raises(SheetUnclear):
        company.flush()
    company.journal(accept(2), accept(6))
    assert company.flush().written == 1
    wait_for(lambda: company.flush().written, "the new row to be looked for")
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]
    assert (rows(company)[2]["Мастер"], rows(company)[6]["Мастер"]) == ("Сергей Ким", "Сергей Ким")


@pytest.mark.parametrize("reached", [False, True])
def test_an_append_is_looked_for_after_a_kill_between_sending_and_hearing(company: Office, *, reached: bool) -> None:
    if reached:
        company.paste(order(6, Оповещены="", Имя="Оля"))
    company.journal(append(6, Имя="Оля"))
    with company.store.transaction() as tx:
        tx.journal.mark([write.id for write in tx.journal.open()], "unclear")
    company.restart()
    company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]


def test_a_row_typed_by_hand_is_adopted_once_though_the_answer_is_lost(company: Office) -> None:
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.poll()
    company.fault(BATCH_UPDATE, drop="after")
    with pytest.raises(SheetUnclear):
        company.flush()
    company.settle()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]
    assert company.told() == ["master 1: order_new 6", "master 2: order_new 6"]


def kept_away(company: Office) -> bool:
    """Flush; say whether Google refused it, or the flush rests since it was refused a moment ago."""
    try:
        return company.flush().rest_s > 0
    except SheetBusy:
        return True


@pytest.mark.parametrize("status", [429, 500, 503])
def test_writes_wait_while_google_is_away_and_none_is_lost(company: Office, status: int) -> None:
    company.fault(times=1000, status=status)
    for number in range(6, 26):
        company.journal(append(number))
        if number % 10 == 0:
            assert kept_away(company)
    company.journal(accept(1), accept(7))
    company.mend()
    _, writes = company.requests()
    company.flush()
    assert company.requests()[1] == writes + 1, "in one batch"
    found = rows(company)
    assert list(found) == list(range(1, 26))
    assert found[7]["Мастер"] == found[1]["Мастер"] == "Сергей Ким"


def test_the_minutes_quota_used_up_by_others(company: Office) -> None:
    company.house.post("quota", enabled=True, reads_per_minute=60, writes_per_minute=0)
    company.journal(append(6), accept(1))
    with pytest.raises(SheetBusy, match="Квота Google"):
        company.flush()
    assert company.sheet.left()["write"] < 5, "and nobody asks again at once"
    company.house.post("quota", enabled=False)
    company.mend()
    company.flush()
    assert (list(rows(company)), rows(company)[1]["Мастер"]) == ([1, 2, 3, 4, 5, 6], "Сергей Ким")


def test_access_taken_away_keeps_the_writes(company: Office) -> None:
    company.journal(append(6))
    company.house.post("revoke", user="naryad")
    with pytest.raises(SheetDenied):
        company.flush()
    company.house.post("revoke", user="naryad", revoked=False)
    company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]


def test_one_write_that_google_refuses_for_good_is_parked_and_the_others_go_on(company: Office) -> None:
    where = {"sheetId": company.sheet_id, "startRowIndex": 2, "endRowIndex": 3}
    protect = {"range": where, "editors": {"users": ["owner@example.com"]}}
    company.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protect}}]})
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


def protect(company: Office, **where: int) -> None:
    """Protect cells of «Заявки» from all but their owner."""
    protected = {"range": {"sheetId": company.sheet_id, **where}, "editors": {"users": ["owner@example.com"]}}
    company.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protected}}]})


def unprotect(company: Office) -> None:
    """Take our own protections of «Заявки» away again."""
    found = company.book.list_protected_ranges(company.sheet_id)
    ours = [one["protectedRangeId"] for one in found if not one.get("warningOnly")]
    company.book.batch_update({"requests": [{"deleteProtectedRange": {"protectedRangeId": one}} for one in ours]})


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


# People meanwhile


@pytest.mark.parametrize(
    ("typed", "column", "owner"),
    [
        ({"Статус": "Отменена"}, "Статус", None),
        ({"Статус": "В работе", "Мастер": "Иван Петров"}, "Мастер", "1"),
        ({"Мастер": "Иван Петров"}, "Мастер", None),
    ],
)
def test_what_a_person_typed_meanwhile_stays_and_the_master_is_told(
    company: Office, typed: dict[str, Any], column: str, owner: str | None
) -> None:
    assert company.accept(2, "2") == ""
    company.change(2, **typed)
    before = rows(company)
    done = company.flush()
    assert (done.refused, rows(company)) == (1, before)
    assert company.owner(2) == owner
    with company.store.reading() as tx:
        ((notice, _, _),) = tx.outbox.results("2")
    assert (notice.kind, notice.recipient) == ("refused", "2")
    assert notice.facts == {"column": column, "value": typed[column]}


def test_a_row_that_a_person_deleted_meanwhile(company: Office) -> None:
    company.journal(accept(2), accept(3))
    company.delete(2)
    done = company.flush()
    assert (done.written, done.refused) == (1, 1)
    assert list(rows(company)) == [1, 3, 4, 5]


def dimension(company: Office, start: int, kind: str = "ROWS") -> dict[str, Any]:
    """Return one row or column as a range of a request, 0-based."""
    return {"sheetId": company.sheet_id, "dimension": kind, "startIndex": start, "endIndex": start + 1}


def insert_above(company: Office) -> dict[str, Any]:
    return {"insertDimension": {"range": dimension(company, 1), "inheritFromBefore": False}}


def delete_above(company: Office) -> dict[str, Any]:
    return {"deleteDimension": {"range": dimension(company, 1)}}


def reverse(company: Office) -> dict[str, Any]:
    where = {"sheetId": company.sheet_id, "startRowIndex": 1, "endRowIndex": 6, "startColumnIndex": 0}
    return {"sortRange": {"range": where, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}}


def move_row(company: Office) -> dict[str, Any]:
    return {"moveDimension": {"source": dimension(company, 1), "destinationIndex": 6}}


def insert_column(company: Office) -> dict[str, Any]:
    return {"insertDimension": {"range": dimension(company, 0, "COLUMNS"), "inheritFromBefore": False}}


def insert_column_within(company: Office) -> dict[str, Any]:
    return {"insertDimension": {"range": dimension(company, 9, "COLUMNS"), "inheritFromBefore": False}}


def move_column(company: Office) -> dict[str, Any]:
    return {"moveDimension": {"source": dimension(company, 9, "COLUMNS"), "destinationIndex": 2}}


ROW_MOVES: list[Callable[[Office], dict[str, Any]]] = [insert_above, delete_above, reverse, move_row]
COLUMN_MOVES: list[Callable[[Office], dict[str, Any]]] = [insert_column, insert_column_within, move_column]


@pytest.mark.parametrize("person", ROW_MOVES + COLUMN_MOVES)
def test_a_write_that_hits_a_wrong_row_or_column_is_undone_and_done_right(
    company: Office, person: Callable[[Office], dict[str, Any]]
) -> None:
    """A person moves rows or columns between our looking and our writing; in the end every cell is right."""
    before = rows(company)
    company.journal(accept(2), Write(ORDERS, "set", "4", {"Оповещены": 46000.5, "Проверка": "что-то"}))
    company.meanwhile(person(company))
    with capture_logs() as logged:
        done = company.flush()
    expected = before | {2: before[2] | TAKEN, 4: before[4] | {"Оповещены": 46000.5, "Проверка": "что-то"}}
    if person is delete_above:
        del expected[1]
    found = {number: {c: v for c, v in row.items() if c} for number, row in rows(company).items()}
    assert found == expected
    assert done.repaired >= 1
    assert {line["log_level"] for line in logged if line["event"] == "misplaced_write"} == {"warning"}

    assert company.actions.accept("3", "1").refusal == ""
    company.settle()
    assert company.told() == ["client 502: accepted 2", "client 503: accepted 3"]
    assert [company.history(number) for number in (2, 3, 4, 5)] == [["status"], ["status"], [], []]


@pytest.mark.parametrize("person", ROW_MOVES + COLUMN_MOVES)
def test_new_rows_stand_under_the_right_headers_whatever_a_person_moves(
    company: Office, person: Callable[[Office], dict[str, Any]]
) -> None:
    before = rows(company)
    company.journal(append(6), append(7))
    company.meanwhile(person(company))
    company.flush()
    found = {number: {c: v for c, v in row.items() if c} for number, row in rows(company).items()}
    expected = before | {number: {**dict.fromkeys(before[2], ""), **order(number, Оповещены="")} for number in (6, 7)}
    if person is delete_above:
        del expected[1]
    assert found == expected


def test_a_row_typed_by_hand_that_moves_just_before_it_is_given_its_id(company: Office) -> None:
    before = rows(company)
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.poll()
    company.meanwhile(insert_above(company))
    company.settle()
    found = rows(company)
    assert {number: found[number] for number in before} == before
    assert (found[6]["Имя"], found[6]["Статус"], len(found)) == ("Юля", "Новая", 6)
    assert company.told() == ["master 1: order_new 6", "master 2: order_new 6"]


def test_a_poll_never_takes_a_misplaced_write_for_an_edit(company: Office) -> None:
    """A reading made while a wrong row is being mended is not believed: the mending here takes its time."""
    company.journal(accept(2))
    company.meanwhile(reverse(company))
    company.fault(BATCH_UPDATE, delay_s=0)
    company.fault(BATCH_UPDATE, delay_s=0.7)
    other = Flush(company.store, Sheet(company.settings, company.store), company.settings)
    mending = Thread(target=other.run)
    mending.start()
    wait_for(lambda: company.row(4)["Статус"] == "В работе", "the wrong row to be hit")
    report = company.poll()
    mending.join()
    assert (report.changes, company.row(4)["Статус"]) == (0, "Новая")
    company.settle()
    assert [company.history(number) for number in range(1, 6)] == [[], ["status"], [], [], []]
    assert company.told() == ["client 502: accepted 2"]


def test_waiting_writes_show_at_once_in_every_other_process(company: Office) -> None:
    company.fault(times=1000, status=503)
    company.journal(append(6))
    assert company.actions.cancel("6", by="client 506").refusal == ""
    other = Store(company.settings.store.url)
    with other.reading() as tx:
        shown = tx.orders.get("6")
    other.close()
    assert shown
    assert (shown.name, shown.status) == ("Клиент 6", "Отменена")
    company.mend()
    company.settle()
    assert rows(company)[6]["Статус"] == "Отменена"
    assert company.told() == [], "who cancelled knows"
