"""Readings that can't be trusted, or can't be made: nothing is concluded from them, and nothing is lost."""

from typing import Any

import pytest

from record.errors import SheetBroken, SheetBusy, SheetDenied
from record.grid.worksheets import ORDERS, SERVICES
from tests.harness.office import Office, offered
from tests.harness.staff import CALLER


def break_header(staff: Office) -> None:
    staff.tab().update_cell(1, 9, "Состояние")


def double_header(staff: Office) -> None:
    staff.tab().update_cell(1, 14, "Статус")


def delete_header(staff: Office) -> None:
    staff.tab().delete_rows(1)


def rename_tab(staff: Office) -> None:
    staff.tab().update_title("Заявки 2024")


def clear_tab(staff: Office) -> None:
    staff.tab().batch_clear(["A2:R100"])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (break_header, "Лист «Заявки»: нет столбца «Статус»"),
        (double_header, "Лист «Заявки»: столбец «Статус» встречается дважды"),
        (delete_header, "Лист «Заявки»: "),
        (rename_tab, "Лист «Заявки», кажется, переименован в «Заявки 2024»: верните ему имя «Заявки»"),
        (clear_tab, "сразу исчезли 3 из 3 заявок"),
    ],
)
def test_a_reading_that_cant_be_trusted_changes_nothing(company: Office, spoil: Any, said: str) -> None:
    before, header_row = company.values(), company.tab()
    company.change(3, Статус="Отменена")
    spoil(company)
    writes = company.requests()[1]
    for _ in range(3):
        with pytest.raises(SheetBroken, match=said):
            company.poll()
    company.flush()
    assert (company.told(), company.requests()[1]) == ([], writes)
    assert [company.history(number) for number in (1, 2, 3)] == [[], [], []]

    header_row.update_title(ORDERS)
    header_row.clear()
    header_row.update(before, raw=True)
    company.settle()
    assert company.told() == []
    company.change(3, Статус="Отменена")
    company.settle()
    assert company.told() == ["client 503: cancelled 3"]


def test_a_broken_price_list_does_not_stop_orders(company: Office) -> None:
    company.tab(SERVICES).delete_rows(1)
    company.type(**CALLER)
    company.settle()
    assert company.told() == offered(4)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_read_that_fails_loses_nothing(company: Office, status: int) -> None:
    company.type(**CALLER)
    company.fault("values:batchGet", times=9, status=status)
    with pytest.raises(SheetBusy):
        company.poll()
    company.mend()
    company.settle()
    assert company.told() == offered(4)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_read_whose_connection_is_lost_is_made_again(company: Office, drop: str) -> None:
    company.type(**CALLER)
    company.fault("values:batchGet", drop=drop)
    company.settle()
    assert company.told() == offered(4)


def test_access_taken_away_is_told_as_what_it_is_and_recovers(company: Office) -> None:
    book = company.settings.sheets.spreadsheet_id
    company.system.post("access", spreadsheet=book, token_user="naryad", allowed=False)
    with pytest.raises(SheetDenied, match="Нет доступа к таблице"):
        company.poll()
    company.system.post("access", spreadsheet=book, token_user="naryad", allowed=True)
    company.system.post("revoke", user="naryad")
    with pytest.raises(SheetDenied, match="Google не принимает ключ"):
        company.poll()
    company.system.post("revoke", user="naryad", revoked=False)
    assert company.poll().idle
