"""H2: an error in «ID», «Ключ» or «Telegram» is an empty cell: it opens nothing, and what stood there is put back."""

from typing import Any

import pytest
from gspread.utils import ValueInputOption, rowcol_to_a1

from record.grid.worksheets import MASTERS, ORDERS
from record.values import telegram
from tests.harness.company import Company
from tests.harness.office import Office, order
from tests.harness.sheet import Sheet
from tests.pitfalls.conftest import Opened

ERRORS = ("#REF!", "#N/A", "#ERROR!", "Loading...", "#ССЫЛКА!")
OWN = ("ID", "Ключ", "Telegram")


def paste_over(office: Office, title: str, columns: tuple[str, ...], shown: str, rows: int | None = None) -> None:
    """Paste a formula that fails over columns; the sheet shows its error in all rows, or the first few."""
    tab, header = office.tab(title), office.header(title)
    count = rows or len(office.values(title)) - 1
    for column in columns:
        place = header.index(column) + 1
        cells = f"{rowcol_to_a1(2, place)}:{rowcol_to_a1(count + 1, place)}"
        tab.update([[shown]] * count, cells, value_input_option=ValueInputOption.raw)


def kept(office: Office, own: tuple[str, ...] = OWN) -> list[dict[str, Any]]:
    """Return what stands in the system's own columns of all orders and masters."""
    rows = office.rows(ORDERS) + office.rows(MASTERS)
    return [{column: row[column] for column in own if column in row} for row in rows]


def key_of(office: Office, number: int) -> str:
    """Return the key that opens an order, "" where it is none."""
    with office.store.reading() as tx:
        found = tx.orders.get(str(number))
    return found.key if found else ""


def settle(office: Office) -> None:
    """Poll and flush until all that was lost is put back; what is loading keeps the system looking."""
    for _ in range(4):
        office.poll()
        office.flush()


@pytest.mark.parametrize(
    ("columns", "shown"),
    [(OWN, shown) for shown in ERRORS] + [(columns, "#REF!") for columns in (("ID",), ("Ключ",), ("ID", "Ключ"))],
)
@pytest.mark.parametrize("rows", [1, None])
def test_h2_errors_in_orders_are_put_right_and_tell_nobody(
    company: Office, columns: tuple[str, ...], shown: str, rows: int | None
) -> None:
    own = OWN if shown != "Loading..." else ("ID", "Ключ")  # a chat that is about to be seen is left alone
    before = kept(company, own)
    paste_over(company, ORDERS, columns, shown, rows)
    company.poll()
    assert [key_of(company, number) for number in (1, 2, 3)] == ["key1", "key2", "key3"]
    settle(company)
    assert kept(company, own) == before
    assert (company.told(), [company.history(one) for one in (1, 2, 3)]) == ([], [[], [], []])


@pytest.fixture
def company(office: Office) -> Office:
    office.paste(order(1), order(2), order(3))
    office.begin()
    return office


@pytest.mark.parametrize("columns", [("ID",), ("Telegram",), ("ID", "Telegram")])
@pytest.mark.parametrize("rows", [1, None])
def test_h2_errors_among_masters_are_put_right_and_tell_nobody(
    company: Office, columns: tuple[str, ...], rows: int | None
) -> None:
    before = kept(company)
    paste_over(company, MASTERS, columns, "#N/A", rows)
    company.settle()
    assert kept(company) == before
    assert company.told() == []
    with company.store.reading() as tx:
        assert {one.id: one.chat for one in tx.masters.roster().masters} == {"1": telegram(601), "2": telegram(602)}


def test_h2_rows_that_look_alike_keep_their_own_keys(office: Office) -> None:
    """A plumber's regular order, twice: only the keys tell them apart, and both are hidden by a failed formula."""
    same = {"Имя": "ТСЖ", "Телефон": "+79001234567", "Проблема": "Осмотр", "Адрес": "Мира 1", "Telegram": "501"}
    office.paste(order(1, **same), order(2, **same))
    office.begin()
    before = kept(office)
    paste_over(office, ORDERS, ("ID", "Ключ"), "#REF!")
    office.settle()
    assert (kept(office), office.told()) == (before, [])


def test_h2_a_row_typed_over_while_its_id_and_key_show_errors_is_still_that_order(company: Office) -> None:
    paste_over(company, ORDERS, ("ID", "Ключ"), "#REF!")
    company.tab().update_cell(3, company.header().index("Адрес") + 1, "Мира 1")
    company.settle()
    assert (company.row(2)["Адрес"], company.row(2)["Ключ"]) == ("Мира 1", "key2")
    assert [company.history(one) for one in (1, 2, 3)] == [[], ["details"], []]


def test_h2_a_press_reaches_the_row_whose_id_shows_an_error(company: Office) -> None:
    """The formula is pasted just after the last poll, and the flush comes before the next."""
    paste_over(company, ORDERS, ("ID",), "#REF!")
    assert company.accept(2, "2") == ""
    company.flush()
    company.settle()
    assert (company.row(2)["Статус"], company.row(2)["Мастер"]) == ("В работе", "Сергей Ким")
    assert company.told() == ["client 502: accepted 2"]


@pytest.mark.parametrize("typed", ["1", "ключ", "2024", "короткий1"])
def test_f13_a_guessable_key_typed_over_ours_is_put_back(company: Office, typed: str) -> None:
    company.change(2, Ключ=typed)
    company.poll()
    assert key_of(company, 2) == "key2"
    company.settle()
    assert (company.row(2)["Ключ"], company.told()) == ("key2", [])


@pytest.mark.parametrize("typed", ["1", "ключ", "2024", "#REF!"])
def test_f13_a_row_typed_with_a_guessable_key_is_given_a_good_one(company: Office, typed: str) -> None:
    company.paste(order(4, Ключ=typed))
    company.poll()
    assert key_of(company, 4) == "" or len(key_of(company, 4)) >= 16
    company.settle()
    assert len(company.row(4)["Ключ"]) >= 16
    assert len([row for row in company.rows() if row["Имя"] == "Клиент 4"]) == 1


def test_h2_the_link_of_the_client_goes_on_working_and_the_error_opens_nothing(opened: Opened) -> None:
    company: Company = opened.ready()
    sheet: Sheet = company.sheet
    company.open_site()
    site = company.system.site
    number = sheet.ids[1]
    key = sheet.row(number)["Ключ"]
    sheet.change(number, Ключ="#REF!")
    company.rests()
    page = company.system.http.get(f"{site}/track.html", params={"id": str(number), "key": "#REF!"})
    assert "Клиент" not in page.text
    assert page.status_code == 404
    page = company.system.http.get(f"{site}/track.html", params={"id": str(number), "key": key})
    assert (page.status_code, str(number) in page.text) == (200, True)
    company.waits_for(lambda: sheet.row(number)["Ключ"] == key, "the key to be put back")
    company.nothing_happened()
