"""What waits goes to the sheet in one request, and touches nothing else."""

from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from tests.harness.office import Office
from tests.worker.flush.writes import TAKEN, accept, append, rows


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
