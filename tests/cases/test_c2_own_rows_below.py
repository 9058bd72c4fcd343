"""C2: whatever people dragged down or typed below the orders, a new one stands under the last order."""

from datetime import datetime
from typing import Any

import pytest
from gspread.utils import ValueInputOption

from record.actions.client_acts import Draft
from record.actions.joining import Candidate, join
from record.grid.layout import columns_of
from record.grid.tail import ends_at, handed_on, has_more_below, upwards
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.values import telegram
from tests.harness.office import Office
from worker.decor.spare_rows import RowsJob

HEADERS = [*WORKSHEETS[ORDERS].columns, "Оплачено"]
OWN = len(HEADERS) - 1
DRAFT = Draft("Юля", "+79001234567", "Мира 1", "Искрит", source="website")


def rows(*cells: dict[str, Any]) -> list[list[Any]]:
    """Return rows of «Заявки» with an own column at the right."""
    return [HEADERS, *map(row, cells)]


def row(cells: dict[str, Any]) -> list[Any]:
    """Return one row of these cells."""
    return [cells.get(header, "") for header in HEADERS]


ORDER = {"ID": 1, "Имя": "Юля", "Телефон": "+79001234567", "Оплачено": False}
TICK, TOTAL = {"Оплачено": False}, {"Имя": "Итого:", "Цена": 4500}


@pytest.mark.parametrize(
    ("below", "last", "more"),
    [
        ([], 2, False),
        ([TICK, TICK], 2, True),
        ([{}, {}, TICK], 2, True),
        ([TOTAL], 2, True),
        ([{}, {"Адрес": "ВСЕГО", "Цена": 100}], 2, True),
        ([{"Имя": "Оля"}], 3, False),
        ([{"Имя": "Оля"}, TICK], 3, True),
        ([{"Имя": "#N/A"}, {"Цена": "#REF!"}], 2, True),
        ([{"ID": 7, "Имя": "Всеволод"}], 3, False),
        ([{"Имя": "Всеволод"}], 3, False),
        ([{"Имя": "Всего", "Телефон": "89001112233"}], 3, False),
        ([{"Проблема": "Всего три розетки искрят и свет"}], 3, False),
    ],
)
def test_c2_where_the_rows_end(below: list[dict[str, Any]], last: int, *, more: bool) -> None:
    values = rows(ORDER, *below)
    layout = columns_of(ORDERS, values)
    assert ends_at(layout, upwards(dict(enumerate(values[1:], start=2)))) == last
    assert has_more_below(layout, values[1:]) is more


def test_c2_only_what_is_alike_in_the_next_rows_is_handed_on() -> None:
    values = rows(ORDER, {**TICK, "Имя": "x"}, TICK)
    layout = columns_of(ORDERS, values)
    numbered = dict(enumerate(values[1:], start=2))
    assert handed_on(layout, numbered, 2) == [OWN]
    numbered[4][OWN] = "потом"
    assert handed_on(layout, numbered, 2) == []


def ticked(office: Office, title: str, down_to: int) -> None:
    """Let staff drag a column of their own down to a row, as with «Вставить флажок»."""
    tab = office.tab(title)
    place = len(WORKSHEETS[title].columns) + 1
    tab.update([["Своё"], *[[False]] * (down_to - 1)], f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[place - 1]}1", raw=True)


def landed(office: Office, name: str, title: str = ORDERS) -> int:
    """Return the row in which a name stands."""
    place = office.header(title).index("Имя")
    (found,) = [n for n, row in enumerate(office.values(title), start=1) if len(row) > place and row[place] == name]
    return found


def test_c2_checkboxes_down_to_row_1000(office: Office) -> None:
    ticked(office, ORDERS, 1000)
    office.begin()
    numbers = [office.actions.place_order(DRAFT).id for _ in range(2)]
    office.settle()
    office.actions.place_order(Draft("Оля", "+79001234568", "Мира 2", "Искрит"))
    office.settle()
    ids = [row[0] for row in office.values()[1:4]]
    assert ids == [int(numbers[0]), int(numbers[1]), 3]
    assert landed(office, "Оля") == 4
    assert [row[-1] for row in office.values()] == ["Своё", *[False] * (len(office.values()) - 1)]


def test_c2_the_same_for_masters(office: Office) -> None:
    ticked(office, MASTERS, 100)
    office.begin()
    with office.store.transaction() as tx:
        who = Candidate("Пётр Новый", "+79115556677", telegram(77), "Электрика")
        join(tx, who, office.settings, datetime(2026, 12, 1))
    office.settle()
    assert landed(office, "Пётр Новый", MASTERS) == 4


@pytest.mark.parametrize("gap", [0, 1, 5])
def test_c2_above_the_totals(office: Office, gap: int) -> None:
    office.actions.place_order(DRAFT)
    office.settle()
    total = ["Итого за декабрь", *[""] * 6, 4500]
    office.tab().update([total], f"D{3 + gap}", raw=True)
    office.begin()
    office.actions.place_order(Draft("Оля", "+79001234568", "Мира 2", "Искрит"))
    office.settle()
    assert landed(office, "Оля") == 3
    assert landed(office, "Итого за декабрь") == 4 + gap
    assert set(office.values()[3 + gap][11:]) <= {""}, "nothing is asked about it"


def test_c2_what_a_person_types_there_at_that_moment_stays(office: Office) -> None:
    ticked(office, ORDERS, 50)
    office.begin()
    cell = {"userEnteredValue": {"stringValue": "Вася"}}
    start = {"sheetId": office.sheet_id, "rowIndex": 1, "columnIndex": 3}
    office.actions.place_order(DRAFT)
    office.meanwhile({"updateCells": {"rows": [{"values": [cell]}], "fields": "userEnteredValue", "start": start}})
    office.settle()
    assert {landed(office, "Юля"), landed(office, "Вася")} == {2, 3}


def test_c2_a_row_being_typed_and_a_new_one_both_come_to_their_own(office: Office) -> None:
    ticked(office, ORDERS, 50)
    office.begin()
    office.tab().update([["Вася", "89001112233", "", "Искрит"]], "D2", raw=True)
    office.poll()
    office.actions.place_order(DRAFT)
    office.settle()
    rows = {row["Имя"]: row for row in office.rows() if row["Имя"]}
    assert rows.keys() == {"Юля", "Вася"}
    assert all(row["ID"] and row["Ключ"] for row in rows.values())


def test_c2_formulas_that_show_nothing(office: Office) -> None:
    formulas = [[f'=IF(D{n}="","",1)'] for n in range(2, 60)]
    office.tab().update([["Своё"]], "S1", raw=True)
    office.tab().update(formulas, "S2", value_input_option=ValueInputOption.user_entered)
    office.begin()
    RowsJob(office.store, office.sheet).run()
    office.actions.place_order(DRAFT)
    office.settle()
    assert landed(office, "Юля") == 2
