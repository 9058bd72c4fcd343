"""Who can't be written to is shown to staff, in the rows of his orders and on «Мастера», and goes when he is back."""

from typing import Any

import pytest

from record.dispatch.reach import Unreachable
from record.grid.worksheets import MASTERS
from record.values import telegram
from tests.harness.office import Office, order
from worker.master_notes import NotesJob

IVAN, JULIA = 601, 501
CALL_CLIENT = "Клиент не получает сообщений в Telegram: остановил бота. Позвоните ему"
CALL_IVAN = "Мастер Иван Петров не получает сообщений в Telegram: остановил бота. Позвоните ему"


@pytest.fixture
def company(office: Office) -> Office:
    """An office with a new order, one in work and one done, all of Julia, and two masters."""
    done = order(3, Статус="Выполнена", Мастер="Иван Петров", Telegram=str(JULIA))
    in_work = order(2, Статус="В работе", Мастер="Иван Петров", Telegram=str(JULIA))
    office.paste(order(1, Telegram=str(JULIA)), in_work, done)
    office.begin()
    marked(office)
    return office


def lose(office: Office, to: str, chat: int, why: Unreachable = Unreachable.BLOCKED) -> None:
    """Let Telegram refuse to deliver to somebody, and let the system come to rest."""
    with office.store.transaction() as tx:
        tx.masters.set_unreachable(to, telegram(chat), why)
    office.settle()


def find(office: Office, to: str, chat: int) -> None:
    """Let somebody be there again."""
    with office.store.transaction() as tx:
        assert tx.masters.set_reachable(to, telegram(chat))
    office.settle()


def checks(office: Office) -> list[str]:
    """Return «Проверка» of every order."""
    return [row["Проверка"] for row in office.rows()]


def marked(office: Office) -> dict[str, Any]:
    """Let the notes be brought up to date; return what the job says of it."""
    return NotesJob(office.store, office.sheet).run()


def notes(office: Office) -> list[str]:
    """Return the notes on the masters' cells «Telegram»."""
    column = office.values(MASTERS)[0].index("Telegram") + 1
    return [office.tab(MASTERS).get_note(f"{chr(64 + column)}{row}") for row in (2, 3)]


def test_an_open_order_says_that_its_client_does_not_hear_until_he_does(company: Office) -> None:
    lose(company, "client", JULIA)
    assert checks(company) == [CALL_CLIENT, CALL_CLIENT, ""]
    find(company, "client", JULIA)
    assert checks(company) == ["", "", ""]
    assert company.told() == []


def test_an_order_in_work_says_that_its_master_does_not_hear_and_the_admin_is_told_once(company: Office) -> None:
    lose(company, "master", IVAN)
    assert checks(company) == ["", CALL_IVAN, ""]
    assert [one for one in company.told() if "alarm" in one] == ["admin 900: alarm"]
    company.restart()
    company.settle()
    assert company.told() == []
    company.change(2, Мастер="Сергей Ким")
    company.settle()
    assert checks(company) == ["", "", ""]


def test_what_is_wrong_in_the_row_and_who_does_not_hear_are_said_together(company: Office) -> None:
    company.change(1, Цена="дорого")
    lose(company, "client", JULIA)
    assert checks(company)[0].startswith("Цена «дорого» — не число")
    assert checks(company)[0].endswith(CALL_CLIENT)
    company.change(1, Цена=100)
    company.settle()
    assert checks(company)[0] == CALL_CLIENT


def test_it_goes_when_the_order_is_closed_and_is_known_after_a_restart(company: Office) -> None:
    lose(company, "client", JULIA)
    company.restart()
    company.change(1, Статус="Отменена")
    company.settle()
    assert checks(company) == ["", CALL_CLIENT, ""]


def test_a_store_that_is_lost_takes_it_back(company: Office) -> None:
    lose(company, "client", JULIA)
    lose(company, "master", IVAN)
    marked(company)
    company.restart(forget=True)
    company.settle()
    marked(company)
    assert (checks(company), notes(company)) == (["", "", ""], ["", ""])


def test_an_order_that_nobody_can_be_told_of_is_told_to_the_admin(company: Office) -> None:
    lose(company, "master", 601)
    lose(company, "master", 602)
    company.told()
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.settle()
    assert company.told() == ["master 1: order_new 4", "master 2: order_new 4", "admin 900: no_masters 4"]


def test_a_note_on_the_masters_row_says_it_and_goes(company: Office) -> None:
    lose(company, "master", IVAN, Unreachable.NEVER_STARTED)
    assert marked(company)["marks"] == 1
    (note, other) = notes(company)
    assert note.startswith("Наряд: сообщения не доходят, мастер ещё не запускал бота")
    assert other == ""
    requests = company.requests()
    assert marked(company) == {"idle": True}
    assert company.requests() == requests, "nothing is asked while nothing has changed"
    find(company, "master", IVAN)
    assert (marked(company)["marks"], notes(company)) == (1, ["", ""])


UNCLEAR = {
    "Комиссия, %": ("треть", "Комиссия, % «треть» — не число", "Пока считаю комиссию по общей ставке"),
    "Телефон": ("позже", "Телефон «позже» непонятен", ""),
    "Активен": ("наверное", "Активен «наверное»: поставьте флажок", "Пока он не активен"),
    "Telegram": ("@ivan", "Telegram «@ivan» — не номер чата: очистите ячейку", "Пока сообщения ему не доходят"),
    "Дата регистрации": ("давно", "Дата регистрации «давно» непонятна", ""),
    "Специализация": ("#REF!", "Специализация: в ячейке ошибка формулы", ""),
}


def said_to_the_admin(office: Office) -> list[str]:
    """Return the texts of all alarms that were queued."""
    with office.store.reading() as tx:
        return [str(notice.facts["text"]) for notice, _, _ in tx.outbox.results("") if notice.kind == "alarm"]


@pytest.mark.parametrize("column", UNCLEAR)
def test_what_is_unclear_in_a_masters_row_is_told_once_and_noted_on_the_cell_until_it_is_mended(
    company: Office, column: str
) -> None:
    """One mechanism for every column: there is no «Проверка» here."""
    typed, why, meanwhile = UNCLEAR[column]
    header = company.values(MASTERS)[0].index(column) + 1
    before = company.values(MASTERS)[1][header - 1]
    cell = f"{chr(64 + header)}2"
    company.change(1, MASTERS, **{column: typed})
    company.settle()
    (said,) = [text for text in said_to_the_admin(company) if why in text]
    assert said.startswith(f"⚠️ Лист «Мастера», Иван Петров: {why}")
    assert meanwhile in said
    assert marked(company)["marks"] == 1
    note = company.tab(MASTERS).get_note(cell)
    assert note.startswith(f"Наряд: {why}")
    assert note.endswith("Исправьте, и эта заметка исчезнет сама.")
    company.restart()
    company.settle()
    assert len([text for text in said_to_the_admin(company) if why in text]) == 1
    company.change(1, MASTERS, **{column: before})
    company.settle()
    assert (marked(company)["marks"], company.tab(MASTERS).get_note(cell)) == (1, "")


def test_a_persons_own_note_stays_beside_what_is_unclear(company: Office) -> None:
    place = company.values(MASTERS)[0].index("Комиссия, %")
    cell = f"{chr(65 + place)}2"
    company.tab(MASTERS).update_note(cell, "договорились на треть")
    company.change(1, MASTERS, **{"Комиссия, %": "треть"})
    company.settle()
    assert (marked(company)["marks"], company.tab(MASTERS).get_note(cell)) == (0, "договорились на треть")


def test_a_persons_own_note_stays(company: Office) -> None:
    company.tab(MASTERS).update_note("D2", "звонить после девяти")
    lose(company, "master", IVAN)
    assert marked(company) == {"marks": 0, "idle": True}
    assert notes(company) == ["звонить после девяти", ""]


def test_a_note_that_hits_a_moved_row_is_taken_back_and_put_right(company: Office) -> None:
    company.tab(MASTERS).update_note("D3", "звонить после девяти")
    lose(company, "master", IVAN)
    where = {"sheetId": company.tab(MASTERS).id, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}
    company.meanwhile({"moveDimension": {"source": where, "destinationIndex": 1}})
    marked(company)
    assert [row["ID"] for row in company.rows(MASTERS)] == [2, 1]
    sergey, ivan = notes(company)
    assert (sergey, ivan[:6]) == ("звонить после девяти", "Наряд:")


def test_a_master_who_has_registered_gets_a_checkbox(company: Office) -> None:
    company.actions.register_master("Ким Новый", "+79110000009", telegram(609), "Электрика")
    company.settle()
    assert marked(company)["marks"] == 1
    metadata = company.book.fetch_sheet_metadata(
        {"includeGridData": True, "ranges": f"{MASTERS}!F4", "fields": "sheets.data.rowData.values"}
    )
    cell = metadata["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell["userEnteredValue"] == {"boolValue": False}
    assert cell["dataValidation"]["condition"] == {"type": "BOOLEAN"}
