"""What `worker init` puts on the worksheets, as spreadsheets.get returns it; and what it leaves alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gspread.utils import ValueInputOption

from record.flush import Flush
from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES, STATISTICS, WORKSHEETS
from record.grid.writes import Write
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from record.values import Status
from record.values.statuses import Look
from tests.harness.system import System
from tests.worker.looks import View, brightness, change, column, form, formula, header, hexed, move, red, writes
from worker.decor.colours import HEADER, SYSTEM_HEADER, TINTS
from worker.decor.columns import COLUMNS
from worker.init import prepare

Json = dict[str, Any]
Init = Callable[[], int]
ORDERS_FILTER = {"startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 19}


@pytest.fixture
def sheet(empty_system: System) -> Iterator[Sheet]:
    """The product's door to an empty spreadsheet."""
    assert empty_system
    settings = load_settings()
    store = Store(settings.store.url)
    yield Sheet(settings, store)
    store.close()


@pytest.fixture
def init(empty_system: System, sheet: Sheet) -> Init:
    """Prepare the spreadsheet and return how many write requests it took."""

    def run() -> int:
        before = writes(empty_system)
        assert not prepare(sheet).undecorated
        return writes(empty_system) - before

    return run


@pytest.fixture
def system(empty_system: System, init: Init) -> System:
    """A system whose spreadsheet is prepared."""
    init()
    return empty_system


# What is there


def test_every_column_is_described() -> None:
    assert {title: tuple(columns) for title, columns in COLUMNS.items()} == {
        title: sheet.columns for title, sheet in WORKSHEETS.items()
    }


def test_a_new_spreadsheet_takes_few_writes_and_a_ready_one_none(empty_system: System, init: Init) -> None:
    system = empty_system
    assert init() <= 3
    once = View(system).sheets
    assert [init(), init()] == [0, 0]
    assert View(system).sheets == once


@pytest.mark.parametrize("title", WORKSHEETS)
def test_headers_explain_themselves(system: System, title: str) -> None:
    view = View(system)
    for name, described in COLUMNS[title].items():
        header = view.cell(title, name, 0)
        assert header["note"] == described.note
        assert header["userEnteredFormat"]["textFormat"]["bold"]
        paint = SYSTEM_HEADER if name in WORKSHEETS[title].own else HEADER
        assert hexed(header["userEnteredFormat"]["backgroundColorStyle"]) == paint.background
        assert view.width(title, name) == described.width


@pytest.mark.parametrize(
    ("title", "name", "kind", "choices"),
    [
        (ORDERS, "Статус", "ONE_OF_LIST", [*Status]),
        (ORDERS, "Источник", "ONE_OF_LIST", ["website", "telegram", "phone", "direct"]),
        (ORDERS, "Мастер", "ONE_OF_RANGE", ["='Мастера'!$B$2:$B"]),
        (ORDERS, "Цена", "NUMBER_GREATER_THAN_EQ", ["0"]),
        (ORDERS, "Телефон", "CUSTOM_FORMULA", ["=1=1"]),
        (ORDERS, "Дата", "CUSTOM_FORMULA", ["=1=1"]),
        (MASTERS, "Комиссия, %", "NUMBER_BETWEEN", ["0", "100"]),
        (SERVICES, "Цена", "NUMBER_GREATER_THAN_EQ", ["0"]),
    ],
)
def test_rules_advise_in_every_row_and_forbid_nothing(
    system: System, title: str, name: str, kind: str, choices: list[str]
) -> None:
    view = View(system)
    last = view.sheets[title]["properties"]["gridProperties"]["rowCount"] - 1
    for row in (1, last // 2, last):
        rule = view.rule(title, name, row)
        assert rule["condition"]["type"] == kind
        assert [value["userEnteredValue"] for value in rule["condition"]["values"]] == choices
        assert rule["inputMessage"]
        assert not rule.get("strict")
        assert rule.get("showCustomUi", False) == kind.startswith("ONE_OF")
    assert not view.rule(title, name, 0)


def test_rows_are_coloured_by_status_and_what_is_unclear_is_marked_first(system: System) -> None:
    rules = View(system).sheets[ORDERS]["conditionalFormats"]
    assert [formula(rule) for rule in rules] == [
        "=LEN(TRIM($Q2))>0",
        '=TRIM($J2)="Новая"',
        '=TRIM($J2)="В работе"',
        '=TRIM($J2)="Выполнена"',
        '=TRIM($J2)="Отменена"',
    ]
    sheet = {"sheetId": system.staff().worksheet(ORDERS).id}
    assert rules[0]["ranges"] == [column(0) | sheet, column(16) | sheet]
    assert [rule["ranges"] for rule in rules[1:]] == [[{"startRowIndex": 1} | sheet]] * 4


def test_protections_only_warn(system: System) -> None:
    view = View(system)
    assert list(view.guards(ORDERS)) == [
        "Наряд: заголовки, по ним находятся столбцы",
        *(f"Наряд: столбец «{name}» заполняется сам" for name in ("ID", "Оповещены", "Проверка", "Telegram", "Ключ")),
    ]
    assert list(view.guards(STATISTICS)) == ["Наряд: этот лист заполняется сам"]
    assert len(view.guards(MASTERS)) == 5
    assert len(view.guards(SERVICES)) == len(view.guards(QUESTIONS)) == 1
    assert all(one["warningOnly"] for title in WORKSHEETS for one in view.guards(title).values())


def test_the_table_can_be_filtered_and_stays_in_view(system: System) -> None:
    view = View(system)
    grid = {title: view.sheets[title]["properties"]["gridProperties"] for title in WORKSHEETS}
    assert {title for title in WORKSHEETS if "basicFilter" in view.sheets[title]} == {ORDERS, MASTERS, SERVICES}
    where = view.sheets[ORDERS]["basicFilter"]["range"]
    assert {key: where.get(key, 0) for key in ORDERS_FILTER} == ORDERS_FILTER
    assert where["endRowIndex"] == grid[ORDERS]["rowCount"], "Google closes an open range to the grid"
    assert {title: one["frozenRowCount"] for title, one in grid.items()} == dict.fromkeys(WORKSHEETS, 1)
    assert {title for title, one in grid.items() if one.get("frozenColumnCount")} == {ORDERS, MASTERS}


def test_long_texts_wrap_and_moments_look_like_dates(system: System) -> None:
    view = View(system)
    for row in (1, 999):
        assert view.form(ORDERS, "Проблема", row)["wrapStrategy"] == "WRAP"
        assert view.form(ORDERS, "Ключ", row)["wrapStrategy"] == "CLIP"
        assert view.form(ORDERS, "Оповещены", row)["numberFormat"]["type"] == "DATE_TIME"
        assert view.form(ORDERS, "Телефон", row)["numberFormat"]["type"] == "TEXT"


# Checkboxes


@pytest.fixture
def journal(sheet: Sheet) -> Iterator[Callable[[Write], None]]:
    """Bring a write to the sheet the way bots and site do."""
    settings = load_settings()
    store = Store(settings.store.url)

    def send(write: Write) -> None:
        with store.transaction() as tx:
            tx.journal.add(write)
        assert Flush(store, sheet, settings).run().written == 1

    yield send
    store.close()


def test_checkboxes_stand_only_where_a_boolean_stands(system: System, init: Init) -> None:
    services = system.rows(SERVICES)
    assert View(system).ticked(SERVICES) == set(range(1, len(services) + 1))
    assert View(system).ticked(MASTERS) == set()
    system.type_row(MASTERS, ID=1, Имя="Иван Петров", Активен=True)
    system.type_row(MASTERS, ID=2, Имя="Сергей Ким", Активен="да")
    system.type_row(MASTERS, ID=3, Имя="Пётр Орлов")
    system.type_row(MASTERS, ID=4, Имя="Олег Жук", Активен=False)
    system.type_row(SERVICES, Категория="Освещение", Услуга="Новая гирлянда", Цена=900)
    assert init() == 1
    assert View(system).ticked(MASTERS) == {1, 4}
    assert len(services) + 1 not in View(system).ticked(SERVICES)  # empty means shown, a checkbox would mean hidden
    assert init() == 0


@pytest.mark.parametrize("title", [ORDERS, MASTERS, SERVICES, QUESTIONS])
def test_what_is_appended_lands_right_below_the_last_row(
    system: System, init: Init, journal: Callable[[Write], None], title: str
) -> None:
    if title == MASTERS:
        system.masters((11, "Иван Петров", "+79000000011"), (12, "Сергей Ким", "+79000000012"))
    init()
    name = next(column for column in WORKSHEETS[title].columns if column in ("Имя", "Услуга", "Вопрос"))
    rows = len(system.rows(title))
    if "ID" in WORKSHEETS[title].columns:
        journal(Write(title, "append", "77", {"ID": 77, name: "Из бота"}))
    else:
        system.type_row(title, **{name: "Из бота"})
    system.type_row(title, **{name: "Рукой"})
    place = WORKSHEETS[title].columns.index(name) + 1
    assert system.staff().worksheet(title).col_values(place)[rows + 1 :] == ["Из бота", "Рукой"]


def test_a_master_from_the_bot_gets_his_checkbox_with_the_next_init(
    system: System, init: Init, journal: Callable[[Write], None]
) -> None:
    journal(Write(MASTERS, "append", "1", {"ID": 1, "Имя": "Иван Петров", "Активен": False}))
    assert View(system).ticked(MASTERS) == set()
    assert init() == 1
    assert View(system).ticked(MASTERS) == {1}


# A person's own


def test_what_a_person_set_stays(system: System, init: Init) -> None:
    own = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "да"}]}, "strict": True}
    change(
        system,
        ORDERS,
        addConditionalFormatRule={"rule": red('=$D2="Юля"', 3), "index": 0},
        addProtectedRange={"protectedRange": {"range": column(14), "description": "Заметки Ольги", "editors": {}}},
        setBasicFilter={"filter": {"range": {"startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 3}}},
        setDataValidation={"range": column(9), "rule": own},
        updateDimensionProperties={
            "range": {"dimension": "COLUMNS", "startIndex": 6, "endIndex": 7},
            "properties": {"pixelSize": 444},
            "fields": "pixelSize",
        },
        updateSheetProperties={
            "properties": {"gridProperties": {"frozenRowCount": 2}},
            "fields": "gridProperties.frozenRowCount",
        },
    )
    change(system, ORDERS, repeatCell=header(2, note="Спросить Ольгу", colour={"red": 1}))
    before = View(system).sheets
    assert init() <= 1
    view = View(system)
    assert view.sheets[ORDERS]["basicFilter"] == before[ORDERS]["basicFilter"]
    assert view.guards(ORDERS)["Заметки Ольги"] in before[ORDERS]["protectedRanges"]
    assert view.formulas()[0] == '=$D2="Юля"'
    assert len(view.formulas()) == 6
    assert view.rule(ORDERS, "Статус")["strict"]
    assert view.width(ORDERS, "Проблема") == 444
    assert view.cell(ORDERS, "Источник", 0)["note"] == "Спросить Ольгу"
    assert view.form(ORDERS, "Источник", 0)["backgroundColor"] == {"red": 1}
    assert view.sheets[ORDERS]["properties"]["gridProperties"]["frozenRowCount"] == 2


def test_a_colour_of_ours_that_a_person_changed_stays(system: System, init: Init) -> None:
    rule = View(system).sheets[ORDERS]["conditionalFormats"][1]
    rule["booleanRule"]["format"] = {"backgroundColor": {"blue": 1}}
    change(system, ORDERS, updateConditionalFormatRule={"index": 1, "rule": rule})
    assert init() == 0
    assert len(View(system).formulas()) == 5


def test_a_spreadsheet_that_people_made_is_decorated_around_what_they_did(empty_system: System, init: Init) -> None:
    system = empty_system
    sheet = system.staff().add_worksheet(ORDERS, rows=300, cols=8)
    mine = ["Статус", "Мои пометки", "Проверка", "Дата", "Мастер", "ID"]
    sheet.append_rows([mine, ["Новая", "x", "", "15.12.2024"], ["Новая", "y", "", "16.12.2024"]],
                      value_input_option=ValueInputOption.user_entered)  # fmt: skip
    change(system, ORDERS, addConditionalFormatRule={"rule": red('=$A2="Новая"', 0), "index": 0},
           repeatCell=form(3, 1, 3, {"numberFormat": {"type": "DATE", "pattern": "dd.mm.yy"}}))  # fmt: skip
    assert init() <= 3
    view = View(system)
    assert [cell.get("formattedValue") for cell in view.row(ORDERS, 0)][:6] == mine
    assert view.formulas()[:3] == ['=$A2="Новая"', "=LEN(TRIM($C2))>0", '=TRIM($A2)="Новая"']
    assert view.rule(ORDERS, "Статус")["condition"]["type"] == "ONE_OF_LIST"
    assert view.rule(ORDERS, "Мастер", 299)["condition"]["type"] == "ONE_OF_RANGE"
    assert "note" not in view.cell(ORDERS, "Мои пометки", 0)
    assert "userEnteredFormat" not in view.cell(ORDERS, "Мои пометки", 0)
    assert view.form(ORDERS, "Дата", 1)["numberFormat"]["pattern"] == "dd.mm.yy"
    assert view.form(ORDERS, "Дата", 3)["numberFormat"]["pattern"] == "dd.mm.yyyy hh:mm"
    assert not view.sheets[ORDERS]["properties"]["gridProperties"].get("frozenColumnCount")
    assert [init(), View(system).sheets == view.sheets] == [0, True]


def test_new_headers_do_not_take_a_column_whose_header_is_empty(empty_system: System, init: Init) -> None:
    system = empty_system
    sheet = system.staff().add_worksheet(QUESTIONS, rows=50, cols=3)
    sheet.append_rows([["Вопрос", ""], ["Когда приедете?", "Мои мысли", "и ещё"]])
    init()
    assert sheet.row_values(1) == ["Вопрос", "", "", "Ответ"]
    assert sheet.row_values(2) == ["Когда приедете?", "Мои мысли", "и ещё"]


# What people move


def test_decorations_follow_columns_that_people_move(system: System, init: Init) -> None:
    staff = system.staff()
    move(staff.worksheet(ORDERS), "Статус", 0)
    move(staff.worksheet(ORDERS), "Ключ", 3)
    move(staff.worksheet(MASTERS), "Имя", 6)
    assert init() == 1
    view = View(system)
    assert view.formulas()[0] == "=LEN(TRIM($R2))>0"
    assert view.formulas()[1:] == [f'=TRIM($A2)="{status}"' for status in Status]
    assert view.rule(ORDERS, "Мастер")["condition"]["values"] == [{"userEnteredValue": "='Мастера'!$F$2:$F"}]
    assert view.rule(ORDERS, "Статус")["condition"]["type"] == "ONE_OF_LIST"
    guarded = view.guards(ORDERS)["Наряд: столбец «Ключ» заполняется сам"]["range"]
    assert guarded["startColumnIndex"] == view.place(ORDERS, "Ключ") == 3
    assert len(view.guards(ORDERS)) == 6
    assert init() == 0


def test_a_row_inserted_on_top_and_rows_added_below_are_decorated_too(system: System, init: Init) -> None:
    sheet = system.staff().worksheet(ORDERS)
    where = {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    change(system, ORDERS, insertDimension={"range": where, "inheritFromBefore": False})
    sheet.add_rows(500)
    assert init() == 1
    view = View(system)
    assert {
        part["startRowIndex"] for rule in view.sheets[ORDERS]["conditionalFormats"] for part in rule["ranges"]
    } == {1}
    assert view.formulas()[1] == '=TRIM($J2)="Новая"'
    assert view.rule(ORDERS, "Статус", 1499)["condition"]["type"] == "ONE_OF_LIST"
    assert view.form(ORDERS, "Дата", 1499)["numberFormat"]["type"] == "DATE_TIME"
    assert init() == 0


def test_what_was_deleted_with_its_column_comes_back_once(system: System, init: Init) -> None:
    sheet = system.staff().worksheet(ORDERS)
    sheet.delete_columns(17)  # «Проверка»
    assert init() == 1
    view = View(system)
    assert view.place(ORDERS, "Проверка") == 18
    assert view.formulas()[0] == "=LEN(TRIM($S2))>0"
    assert len(view.formulas()) == 5
    assert len(view.guards(ORDERS)) == 6
    assert init() == 0


# When Google refuses


def test_refused_decorations_do_not_stop_the_company(empty_system: System, init: Init) -> None:
    system = empty_system
    for title in WORKSHEETS:
        system.staff().add_worksheet(title, rows=50, cols=20)
    fault = {"api": "sheets", "path": ":batchUpdate", "times": 1, "status": 400}
    assert system.http.post(f"{system.url}/sandbox/faults", json=fault).ok
    done = system.run("worker", "init")
    assert done.returncode == 0
    assert done.stderr.startswith("Цвета и подсказки не поставлены. Google отказал (400)")
    assert system.staff().worksheet(ORDERS).row_values(1) == list(WORKSHEETS[ORDERS].columns)
    assert View(system).formulas() == []
    assert init() == 1
    assert len(View(system).formulas()) == 5


# Colours


@pytest.mark.parametrize("paint", [HEADER, SYSTEM_HEADER, *(tint.paint for tint in TINTS)])
def test_what_is_coloured_can_be_read(paint: Look) -> None:
    light, dark = sorted((brightness(paint.background), brightness(paint.text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum
