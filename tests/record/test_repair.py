"""Which row a request without an answer has hit by mistake, and what is put back there."""

import pytest

from record.grid.excerpt import Excerpt
from record.grid.layout import Row
from record.grid.plan import make_plan
from record.grid.repair import Aim, aims_of, misplaced, undo
from record.grid.worksheets import ORDERS, WORKSHEETS
from tests.record.notation import named
from tests.record.test_plan import sheet, write

LOOKED_AT = ("ID: 1; Статус: Новая", "ID: 2; Статус: Новая", "ID: 3; Статус: Новая", "ID: 4; Статус: Новая")


def aim() -> Aim:
    """Return what a request meant that was to take order 2, seen in row 3."""
    excerpt = Excerpt.of(ORDERS, sheet(*LOOKED_AT))
    plan = make_plan([write("set", "2", "Статус: Отменена; Мастер: Ким", seen="Статус: Новая")], {ORDERS: excerpt})
    (found,) = aims_of(plan, {ORDERS: excerpt})
    return found


def known(*rows: str) -> dict[str, Row]:
    """Return rows as they should stand, by ID."""
    cells = [named(row) for row in rows]
    return {str(row["ID"]): tuple(row.get(column, "") for column in WORKSHEETS[ORDERS].columns) for row in cells}


TAKEN = "Статус: Отменена; Мастер: Ким"


@pytest.mark.parametrize(
    ("now", "row"),
    [
        (LOOKED_AT, None),
        (("ID: 1; Статус: Новая", f"ID: 2; {TAKEN}", *LOOKED_AT[2:]), None),
        ((*LOOKED_AT[:3], f"ID: 4; {TAKEN}"), None),
        (("ID: 2; Статус: Новая", f"ID: 1; {TAKEN}", *LOOKED_AT[2:]), 3),
        (("ID: 2; Статус: Новая", *LOOKED_AT[2:], f"ID: 1; {TAKEN}"), 5),
        (("ID: 2; Статус: Новая", f"ID: 1; {TAKEN}", f"ID: 3; {TAKEN}", "ID: 4"), 3),
        (("ID: 2; Статус: Новая", "ID: 1", f"ID: 3; {TAKEN}", f"ID: 4; {TAKEN}"), None),
        (("ID: 1; Статус: Новая", f"ID: 3; {TAKEN}", "ID: 4"), 3),
        (("ID: 1; Статус: Новая", TAKEN, "ID: 2; Статус: Новая"), 3),
    ],
    ids=["never came", "came", "typed by a person", "rows swapped", "moved twice", "typed and hit", "no telling",
         "row deleted", "blank row inserted"],
)  # fmt: skip
def test_the_row_that_was_hit(now: tuple[str, ...], row: int | None) -> None:
    found = misplaced(aim(), Excerpt.of(ORDERS, sheet(*now)), known(*LOOKED_AT))
    assert {put.row for put in found} == ({row} if row else set())


def test_an_order_that_held_the_same_before_was_not_hit() -> None:
    rows = ("ID: 2; Статус: Новая", f"ID: 1; {TAKEN}")
    assert not misplaced(aim(), Excerpt.of(ORDERS, sheet(*rows)), known(f"ID: 1; {TAKEN}"))


def test_what_is_put_back() -> None:
    rows = ("ID: 2; Статус: Новая", f"ID: 1; {TAKEN}")
    mending = undo(aim(), Excerpt.of(ORDERS, sheet(*rows)), known(*LOOKED_AT))
    assert mending
    assert (mending.subject, mending.cells, mending.seen) == ("1", named("Статус: Новая; Мастер: "), named(TAKEN))


def test_a_blank_row_that_was_hit_is_blank_again() -> None:
    mending = undo(aim(), Excerpt.of(ORDERS, sheet("ID: 1", TAKEN, "ID: 2; Статус: Новая")), known(*LOOKED_AT))
    assert mending
    assert (mending.subject, mending.cells) == ("@3", {"Статус": "", "Мастер": ""})
