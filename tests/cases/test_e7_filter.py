"""E7: whatever number of orders there is, new ones are filtered, sorted and dressed like those before them."""

from collections.abc import Callable
from typing import Any

import pytest

from record.grid.worksheets import MASTERS, ORDERS, SERVICES
from record.grid.writes import Write
from tests.harness.office import Office, order
from tests.harness.system import System, wait_for
from tests.worker.looks import View, change, column, form, red
from worker.decor.spare_rows import LEAST, ROOM, RowsJob
from worker.init import prepare

Json = dict[str, Any]
SMALL = 15  # fewer than are kept free
PERSONS: Json = {
    "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}],
    "filterSpecs": [{"columnIndex": 8, "filterCriteria": {"hiddenValues": ["Отменена"]}}],
}
LOOKS = {"Дата": "DATE_TIME", "Цена": "NUMBER", "Телефон": "TEXT"}


@pytest.fixture
def small(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A prepared office whose «Заявки» has few rows and gets few more at a time, so that it is soon full."""
    monkeypatch.setitem(ROOM, ORDERS, 40)
    office.tab().resize(rows=SMALL)
    return office


@pytest.fixture
def tend(small: Office) -> Callable[[], Json]:
    """Let the worker look at the rows, as it does when the end is near."""
    job = RowsJob(small.store, small.sheet)
    return job.run


def grid(view: View, title: str = ORDERS) -> int:
    """Return how many rows there are."""
    return int(view.sheets[title]["properties"]["gridProperties"]["rowCount"])


def filter_end(view: View, title: str = ORDERS) -> int:
    """Return the row where the filter ends."""
    return int(view.sheets[title]["basicFilter"]["range"]["endRowIndex"])


def book(office: Office, first: int, count: int) -> None:
    """Let the system append orders of its own."""
    orders = range(first, first + count)
    office.journal(*(Write(ORDERS, "append", str(number), order(number)) for number in orders))
    while office.flush().rounds:
        pass


def paste(office: Office, first: int, count: int) -> None:
    """Let a person paste orders that are known to the masters."""
    office.paste(*(order(number) for number in range(first, first + count)))


def set_filter(office: Office, **more: Any) -> None:
    """Let a person set a filter of his own."""
    where = {"startRowIndex": 0, "startColumnIndex": 1, "endColumnIndex": 14}
    change(office.system, ORDERS, setBasicFilter={"filter": {"range": where, **PERSONS, **more}})


def same_but_for_the_end(before: Json, after: Json) -> bool:
    """Say whether two filters differ in their last row at most."""
    first, second = ({**one, "range": {**one["range"], "endRowIndex": 0}} for one in (before, after))
    return first == second


def looks_the_same(view: View, row: int) -> None:
    """Make sure that a row has formats, drop-downs and hints as the first one has."""
    for name, kind in LOOKS.items():
        assert view.form(ORDERS, name, row)["numberFormat"]["type"] == kind, (name, row)
    for name in ("Проблема", "Ключ"):
        assert view.form(ORDERS, name, row) == view.form(ORDERS, name, 1), (name, row)
    for name in ("Статус", "Мастер", "Источник", "Цена", "Телефон"):
        assert view.rule(ORDERS, name, row) == view.rule(ORDERS, name, 1) != {}, (name, row)


def test_e7_the_running_worker_keeps_new_orders_in_the_filter(empty_system: System) -> None:
    system = empty_system
    assert system.run("worker", "init").returncode == 0
    system.staff().worksheet(ORDERS).resize(rows=SMALL)
    system.start("worker")
    for number in range(SMALL + 2):
        system.type_row(ORDERS, Имя=f"Клиент {number}", Телефон=f"+7900123{number:04}", Проблема="Розетка")

    def kept() -> bool:
        view = View(system)
        return filter_end(view) == grid(view) > SMALL + 2 + LEAST

    wait_for(kept, "the filter to reach the end of a grid that has room")
    looks_the_same(View(system), SMALL + 2)


def test_e7_init_lets_a_filter_that_was_outgrown_reach_the_end(small: Office) -> None:
    set_filter(small)
    before = View(small.system).sheets[ORDERS]["basicFilter"]
    book(small, 1, SMALL + 10)
    grown = View(small.system)
    assert filter_end(grown) == SMALL < grid(grown), "what this case is about"
    prepare(small.sheet)
    view = View(small.system)
    assert filter_end(view) == grid(view)
    assert same_but_for_the_end(before, view.sheets[ORDERS]["basicFilter"])
    looks_the_same(view, grid(view) - 1)
    writes = small.requests()[1]
    prepare(small.sheet)
    assert small.requests()[1] == writes


def test_e7_the_worker_makes_room_before_the_end_and_writes_once(small: Office, tend: Callable[[], Json]) -> None:
    set_filter(small)
    before = View(small.system).sheets[ORDERS]["basicFilter"]
    writes = small.requests()[1]
    assert tend() == {"rows": ROOM[ORDERS], "worksheets": 1, "idle": False}
    assert small.requests()[1] == writes + 1
    view = View(small.system)
    assert filter_end(view) == grid(view) == SMALL + ROOM[ORDERS]
    assert same_but_for_the_end(before, view.sheets[ORDERS]["basicFilter"])
    for row in (SMALL - 1, SMALL, grid(view) - 1):
        looks_the_same(view, row)
    book(small, 1, SMALL + 10)
    small.settle()
    asked = small.requests()
    assert (tend(), small.requests()) == ({"idle": True}, asked), "there is room, so nobody is asked"
    assert grid(View(small.system)) == SMALL + ROOM[ORDERS], "orders fill the room, the grid does not grow"


def test_e7_what_has_outgrown_the_grid_is_dressed_too(small: Office, tend: Callable[[], Json]) -> None:
    book(small, 1, SMALL + 10)
    tend()
    view = View(small.system)
    assert filter_end(view) == grid(view) == SMALL + 11 + ROOM[ORDERS]
    for row in (SMALL - 1, SMALL, SMALL + 10, grid(view) - 1):
        looks_the_same(view, row)


def test_e7_rows_that_people_add_are_found_with_the_next_look(small: Office, tend: Callable[[], Json]) -> None:
    tend()
    small.tab().add_rows(200)
    RowsJob(small.store, small.sheet).run()
    view = View(small.system)
    assert filter_end(view) == grid(view) == SMALL + ROOM[ORDERS] + 200
    looks_the_same(view, grid(view) - 1)


def test_e7_the_room_that_was_made_is_filled_and_made_again(small: Office, tend: Callable[[], Json]) -> None:
    tend()
    paste(small, 1, SMALL + ROOM[ORDERS] - LEAST)
    small.settle()
    assert tend()["rows"] == ROOM[ORDERS]
    view = View(small.system)
    assert filter_end(view) == grid(view) == SMALL + 2 * ROOM[ORDERS]


@pytest.mark.parametrize("title", [MASTERS, SERVICES])
def test_e7_the_other_tables_are_kept_open_too(office: Office, title: str) -> None:
    rows = len(office.rows(title)) + 3
    office.tab(title).resize(rows=rows)
    RowsJob(office.store, office.sheet).run()
    view = View(office.system)
    assert filter_end(view, title) == grid(view, title) == rows + ROOM[title]
    assert view.ticked(title) <= set(range(rows)), "no checkbox where nobody has filled a row"


def test_e7_a_filter_that_a_person_removed_stays_removed(small: Office, tend: Callable[[], Json]) -> None:
    small.book.batch_update({"requests": [{"clearBasicFilter": {"sheetId": small.sheet_id}}]})
    book(small, 1, SMALL + 10)
    tend()
    view = View(small.system)
    assert "basicFilter" not in view.sheets[ORDERS]
    assert grid(view) > SMALL + 11
    prepare(small.sheet)
    view = View(small.system)
    assert filter_end(view) == grid(view), "init makes one"


def test_e7_a_filter_over_a_part_of_the_rows_is_a_persons_own(small: Office, tend: Callable[[], Json]) -> None:
    book(small, 1, 15)
    small.settle()
    tend()
    where = {"startRowIndex": 0, "endRowIndex": 8, "startColumnIndex": 0, "endColumnIndex": 18}
    change(small.system, ORDERS, setBasicFilter={"filter": {"range": where}})
    paste(small, 16, ROOM[ORDERS])
    small.settle()
    assert tend()["rows"] == ROOM[ORDERS]
    assert filter_end(View(small.system)) == 8


def test_e7_new_rows_take_over_what_people_have_changed(small: Office, tend: Callable[[], Json]) -> None:
    own = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "да"}]}, "strict": True}
    short = {"numberFormat": {"type": "DATE", "pattern": "dd.mm.yy"}}
    yellow = {"backgroundColor": {"red": 1, "green": 1}}
    change(
        small.system, ORDERS, setDataValidation={"range": column(8), "rule": own}, repeatCell=form(1, 1, SMALL, short)
    )
    change(small.system, ORDERS, setDataValidation={"range": column(9)}, repeatCell=form(6, SMALL - 1, SMALL, yellow))
    tend()
    view = View(small.system)
    for row in (SMALL, grid(view) - 1):
        assert view.rule(ORDERS, "Статус", row) == view.rule(ORDERS, "Статус", 1)
        assert view.rule(ORDERS, "Статус", row)["strict"]
        assert view.rule(ORDERS, "Мастер", row) == {}
        assert view.form(ORDERS, "Дата", row)["numberFormat"]["pattern"] == "dd.mm.yy"
        assert not view.form(ORDERS, "Проблема", row).keys() & {"backgroundColor", "backgroundColorStyle"}


def close(office: Office) -> None:
    """Close all open ends of «Заявки» to the grid of now, as Google may do."""
    view = View(office.system).sheets[ORDERS]
    end = {"endRowIndex": SMALL}
    for index, rule in enumerate(view["conditionalFormats"]):
        closed = {**rule, "ranges": [{**part, **end} for part in rule["ranges"]]}
        change(office.system, ORDERS, updateConditionalFormatRule={"index": index, "rule": closed})
    for one in view["protectedRanges"]:
        if "endRowIndex" not in one["range"]:
            moved = {"protectedRangeId": one["protectedRangeId"], "range": {**one["range"], **end}}
            change(office.system, ORDERS, updateProtectedRange={"protectedRange": moved, "fields": "range"})


def tidy(small: Office) -> None:
    """Look with the worker's eyes."""
    RowsJob(small.store, small.sheet).run()


@pytest.mark.parametrize("who", [tidy, lambda office: prepare(office.sheet)], ids=["worker", "init"])
def test_e7_colours_and_warnings_reach_new_rows(small: Office, who: Callable[[Office], object]) -> None:
    close(small)
    change(small.system, ORDERS, addConditionalFormatRule={"rule": own_colour(), "index": 0})
    book(small, 1, SMALL + 10)
    who(small)
    view = View(small.system)
    mine, *ours = view.sheets[ORDERS]["conditionalFormats"]
    assert mine["ranges"][0]["endRowIndex"] == 5, "a person's own stays"
    ends = [part.get("endRowIndex", grid(view)) for rule in ours for part in rule["ranges"]]
    warned = [one["range"] for one in view.sheets[ORDERS]["protectedRanges"] if one["range"].get("startRowIndex")]
    ends += [part.get("endRowIndex", grid(view)) for part in warned]
    assert len(ours) == len(warned) == 5
    assert set(ends) == {grid(view)}
    (header,) = [one["range"] for one in view.guards(ORDERS).values() if not one["range"].get("startRowIndex")]
    assert header["endRowIndex"] == 1


def own_colour() -> Json:
    """A person's conditional format of a few rows."""
    rule = red('=$D2="Юля"', 3)
    return {**rule, "ranges": [{**rule["ranges"][0], "endRowIndex": 5}]}


def test_e7_what_google_refuses_is_tried_again_another_day(small: Office, tend: Callable[[], Json]) -> None:
    small.fault(":batchUpdate", status=400)
    assert tend() == {"rows": 0, "worksheets": 1, "idle": False}
    asked = small.requests()
    assert (tend(), small.requests()) == ({"idle": True}, asked)
    tidy(small)
    view = View(small.system)
    assert filter_end(view) == grid(view) == SMALL + ROOM[ORDERS]
