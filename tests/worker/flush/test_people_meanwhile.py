"""What people do to the sheet while something is on its way there."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from structlog.testing import capture_logs

from record.flush import Flush
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.sheet import Sheet
from tests.harness.office import Office, order
from tests.harness.staff import Cells
from tests.harness.system import wait_for
from tests.worker.flush.writes import BATCH_UPDATE, TAKEN, accept, append, rows


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


def test_columns_that_a_poll_has_seen_moved_since_rows_were_last_added(company: Office) -> None:
    """No new row lands under wrong headers, to be emptied and added again."""
    company.journal(append(6))
    company.flush()
    company.move_column("Статус", 0)
    company.poll()
    company.journal(append(7))
    assert company.flush().repaired == 0
    assert rows(company)[7]["Статус"] == "Новая"
    assert len(company.values()) == 1 + 7


def dimension(company: Office, start: int, kind: str = "ROWS") -> dict[str, Any]:
    """Return one row or column as a range of a request, 0-based."""
    return {"sheetId": company.sheet_id, "dimension": kind, "startIndex": start, "endIndex": start + 1}


def insert_above(company: Office) -> dict[str, Any]:
    return {"insertDimension": {"range": dimension(company, 1), "inheritFromBefore": False}}


def delete_above(company: Office) -> dict[str, Any]:
    return {"deleteDimension": {"range": dimension(company, 1)}}


def reverse(company: Office) -> dict[str, Any]:
    where = {
        "sheetId": company.sheet_id,
        "startRowIndex": 1,
        "endRowIndex": 1 + len(rows(company)),
        "startColumnIndex": 0,
    }
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


@pytest.mark.parametrize("polled", [True, False])
def test_the_row_that_was_hit_gets_back_what_stood_there_though_no_poll_has_seen_it(
    company: Office, *, polled: bool
) -> None:
    """Order 2 was accepted and 6 came a moment ago, perhaps since the last poll; writes for 5 and 1 hit them."""
    company.journal(accept(2), append(6), Write(ORDERS, "set", "6", {"Статус": "Отменена"}))
    company.flush()
    if polled:
        company.poll()
    before = rows(company)
    done: Cells = {"Статус": "Выполнена", "Цена": 2000}
    company.journal(Write(ORDERS, "set", "5", done), Write(ORDERS, "set", "1", done))
    company.meanwhile(reverse(company))
    assert company.flush().repaired == 2
    assert rows(company) == before | {number: before[number] | done for number in (1, 5)}


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
