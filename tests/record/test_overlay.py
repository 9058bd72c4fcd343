"""A row with writes laid over it: what each kind does to a row that is there, and to none."""

import pytest

from record.grid.overlay import overlaid, row_of
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write, WriteKind
from record.values import Cell

Cells = dict[str, Cell]

# as last read (None: no such row), writes as (kind, cells), as it will stand
TABLE: list[tuple[str, Cells | None, list[tuple[WriteKind, Cells]], Cells | None]] = [
    ("nothing waits", {"ID": 7, "Имя": "Ольга"}, [], {"ID": 7, "Имя": "Ольга"}),
    ("nothing is known, nothing waits", None, [], None),
    (
        "a set changes its cells and no others",
        {"ID": 7, "Имя": "Ольга", "Статус": "Новая"},
        [("set", {"Статус": "В работе"})],
        {"ID": 7, "Имя": "Ольга", "Статус": "В работе"},
    ),
    ("a set may empty a cell", {"ID": 7, "Мастер": "Иван"}, [("set", {"Мастер": ""})], {"ID": 7}),
    ("the later of two wins", {"ID": 7}, [("set", {"Цена": 1000}), ("set", {"Цена": 2000})], {"ID": 7, "Цена": 2000}),
    ("one cell can't say what a row is", None, [("set", {"Статус": "В работе"})], None),
    ("an append is a row", None, [("append", {"ID": 7, "Имя": "Ольга"})], {"ID": 7, "Имя": "Ольга"}),
    (
        "what is set after it is added is in it",
        None,
        [("append", {"ID": 7, "Статус": "Новая"}), ("set", {"Статус": "Отменена"})],
        {"ID": 7, "Статус": "Отменена"},
    ),
    ("what is set before it is added is lost", None, [("set", {"Цена": 1}), ("append", {"ID": 7})], {"ID": 7}),
    (
        "a row that was read is newer than its append",
        {"ID": 7, "Имя": "Ольга Петровна"},
        [("append", {"ID": 7, "Имя": "Ольга"})],
        {"ID": 7, "Имя": "Ольга Петровна"},
    ),
    ("a lost ID is put back", {"Имя": "Ольга"}, [("adopt", {"ID": 7})], {"ID": 7, "Имя": "Ольга"}),
    ("what was typed by hand is read by a poll first", None, [("adopt", {"ID": 7, "Ключ": "k"})], None),
    ("a person's own column is not ours", {"ID": 7}, [("set", {"Моё": "x", "@20": "y"})], {"ID": 7}),
]


@pytest.mark.parametrize(("read", "writes", "stands"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_row_will_stand(read: Cells | None, writes: list[tuple[WriteKind, Cells]], stands: Cells | None) -> None:
    row = None if read is None else row_of(ORDERS, read)
    laid = overlaid(ORDERS, row, [Write(ORDERS, kind, "7", cells) for kind, cells in writes])
    assert laid == (None if stands is None else row_of(ORDERS, stands))


def test_each_worksheet_has_its_own_columns() -> None:
    write = Write(MASTERS, "set", "3", {"Активен": False, "Статус": "Новая"})
    assert overlaid(MASTERS, row_of(MASTERS, {"ID": 3}), [write]) == row_of(MASTERS, {"ID": 3, "Активен": False})


def test_the_row_that_was_read_stays_as_it_is() -> None:
    read = row_of(ORDERS, {"ID": 7})
    overlaid(ORDERS, read, [Write(ORDERS, "set", "7", {"Цена": 1})])
    assert read == row_of(ORDERS, {"ID": 7})
