"""From waiting writes and the sheet as it stands to exact cells, and what the read-back then says."""

from collections.abc import Mapping
from typing import Any

import pytest

from record.errors import SheetBroken
from record.grid.excerpt import Excerpt
from record.grid.layout import Values
from record.grid.plan import Plan, make_plan
from record.grid.verify import verify
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write, WriteKind
from record.values import Cell
from record.values.actors import REPAIR, read_actor
from tests.record.notation import named

HEADERS = list(WORKSHEETS[ORDERS].columns)


def sheet(*rows: str, headers: list[str] | None = None) -> Values:
    """Return a worksheet of these rows under these headers."""
    columns = headers or HEADERS
    cells = [named(row) for row in rows]
    return [list(columns), *[[row.get(column, "") for column in columns] for row in cells]]


def write(
    kind: WriteKind, subject: str, cells: str, seen: str = "", number: int = 1, by: str = "system", **more: Any
) -> Write:
    """Return a write with an id."""
    return Write(ORDERS, kind, subject, named(cells), named(seen), read_actor(by), id=number, **more)


def planned(values: Values, *writes: Write) -> tuple[Plan, Excerpt]:
    """Return the plan of these writes for a worksheet, and the excerpt as it will stand."""
    excerpt = Excerpt.of(ORDERS, values)
    return make_plan(list(writes), {ORDERS: excerpt}), excerpt


def puts(plan: Plan, headers: list[str] | None = None) -> dict[tuple[int, str], Cell]:
    """Return the cells of existing rows that a plan writes, by row number and header."""
    return {(put.row, (headers or HEADERS)[put.place]): put.value for put in plan.puts}


TWO = ("ID: 1; Имя: Юля; Статус: Новая", "ID: 2; Имя: Ян; Статус: Новая")
ACCEPT = write("set", "2", "Статус: В работе; Мастер: Ким", "Статус: Новая; Мастер: ")


def test_a_row_is_found_by_its_id_wherever_it_stands() -> None:
    assert puts(planned(sheet(*TWO), ACCEPT)[0]) == {(3, "Статус"): "В работе", (3, "Мастер"): "Ким"}
    assert puts(planned(sheet(*TWO[::-1]), ACCEPT)[0]) == {(2, "Статус"): "В работе", (2, "Мастер"): "Ким"}


def test_columns_are_found_by_their_headers() -> None:
    moved = ["Моё", *reversed(HEADERS)]
    plan, _ = planned(sheet(*TWO, headers=moved), ACCEPT)
    assert puts(plan, moved) == {(3, "Статус"): "В работе", (3, "Мастер"): "Ким"}
    assert plan.placed == {1: (ACCEPT, 3)}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("ID: 2; Статус: Отменена", "Статус"),
        ("ID: 2; Статус: Новая; Мастер: Петров", "Мастер"),
        ("ID: 2", "Статус"),
    ],
)
def test_what_a_person_changed_meanwhile_is_left_alone_with_the_whole_write(row: str, column: str) -> None:
    plan, _ = planned(sheet(TWO[0], row), ACCEPT)
    assert plan.puts == []
    assert plan.refused[1][:2] == (ACCEPT, column)


def test_a_person_who_typed_the_very_same_refuses_nothing() -> None:
    plan, _ = planned(sheet("ID: 2; Статус: В работе; Мастер: "), ACCEPT)
    assert puts(plan) == {(2, "Мастер"): "Ким"}


def test_what_already_stands_there_is_not_written_again() -> None:
    plan, _ = planned(sheet("ID: 2; Статус: В работе; Мастер: Ким"), ACCEPT)
    assert (plan.satisfied, plan.empty) == ([1], True)


def test_a_cell_of_another_type_does_not_stand_there_yet() -> None:
    values = sheet("ID: 2")
    values[1][HEADERS.index("Telegram")] = "501"
    assert puts(planned(values, Write(ORDERS, "set", "2", {"Telegram": 501}, id=1))[0]) == {(2, "Telegram"): 501}


def test_a_row_that_is_gone() -> None:
    plan, _ = planned(sheet(TWO[0]), ACCEPT)
    assert (plan.gone, plan.empty) == ({1: ACCEPT}, True)


def test_writes_to_one_row_follow_one_another() -> None:
    """Accepted and finished while Google was away: the second write expects what the first one leaves."""
    done = write("set", "2", "Статус: Выполнена; Цена: 2000", "Статус: В работе; Цена: ", 2)
    plan, excerpt = planned(sheet(*TWO), ACCEPT, done)
    assert [excerpt.cell(3, column) for column in ("Статус", "Мастер", "Цена")] == ["Выполнена", "Ким", 2000]
    assert set(plan.placed) == {1, 2}
    assert not plan.refused


def test_a_row_that_was_hit_twice_is_put_right_step_by_step() -> None:
    """The write of the first mending went astray as well, so the second one restores what the first has to mend."""
    plan, excerpt = planned(
        sheet("ID: 1; Цена: 300"),
        write("set", "1", "Цена: 100", seen="Цена: 200", number=1, by=str(REPAIR)),
        write("set", "1", "Цена: 200", seen="Цена: 300", number=2, by=str(REPAIR)),
    )
    assert (excerpt.cell(2, "Цена"), plan.refused) == (100, {})


def test_a_new_row_is_laid_by_header() -> None:
    headers = ["Ключ", "Моё", *[header for header in HEADERS if header != "Ключ"]]
    plan, _ = planned(sheet(headers=headers), write("append", "3", "ID: 3; Имя: Оля; Ключ: k3"))
    (row,) = plan.appends[ORDERS]
    assert {headers[place]: value for place, value in enumerate(row) if value != ""} == named(
        "ID: 3; Имя: Оля; Ключ: k3"
    )
    assert list(plan.appended) == [1]


def test_a_write_to_a_row_that_is_not_in_the_sheet_yet_goes_with_it() -> None:
    """An order accepted before it has reached the sheet arrives there accepted, in one row."""
    append = write("append", "3", "ID: 3; Статус: Новая")
    accept = write("set", "3", "Статус: В работе; Мастер: Ким", "Статус: Новая; Мастер: ", 2)
    plan, _ = planned(sheet(*TWO), append, accept)
    assert plan.puts == []
    (row,) = plan.appends[ORDERS]
    assert (row[HEADERS.index("Статус")], row[HEADERS.index("Мастер")]) == ("В работе", "Ким")
    assert list(plan.appended) == [1, 2]


def test_an_append_whose_answer_was_lost_is_looked_for() -> None:
    again = write("append", "2", "ID: 2; Имя: Ян", state="unclear")
    assert planned(sheet(*TWO), again)[0].satisfied == [1]
    assert list(planned(sheet(TWO[0]), again)[0].appended) == [1]


TYPED = "Имя: Оля; Телефон: 89001234567; Проблема: Искрит; Статус: "
ADOPT = write("adopt", "3", "ID: 3; Ключ: k3; Статус: Новая", TYPED)


def test_a_row_typed_by_hand_is_found_by_all_that_stands_in_it() -> None:
    plan, _ = planned(sheet(TWO[0], TYPED, TWO[1]), ADOPT)
    assert puts(plan) == {(3, "ID"): 3, (3, "Ключ"): "k3", (3, "Статус"): "Новая"}


def test_a_row_that_is_typed_further_meanwhile_is_not_adopted_as_it_was() -> None:
    plan, _ = planned(sheet(TYPED.replace("Искрит", "Искрит щиток")), ADOPT)
    assert plan.gone == {1: ADOPT}


def test_two_rows_that_look_alike_are_adopted_one_each() -> None:
    second = write("adopt", "4", "ID: 4; Ключ: k4", TYPED, 2)
    plan, _ = planned(sheet(TYPED, TYPED), ADOPT, second)
    assert {cell: value for cell, value in puts(plan).items() if cell[1] == "ID"} == {(2, "ID"): 3, (3, "ID"): 4}


def test_an_adoption_that_was_made_before_a_kill_is_not_given_up() -> None:
    """Nobody noted an attempt, but the key in the row is ours."""
    plan, _ = planned(sheet(f"{TYPED}Новая; ID: 3; Ключ: k3"), ADOPT)
    assert (plan.satisfied, plan.gone) == ([1], {})


def test_an_adoption_whose_answer_was_lost_is_looked_for() -> None:
    adopted = f"{TYPED}Новая; ID: 3; Ключ: k3"
    plan, _ = planned(sheet(TYPED, adopted), write("adopt", "3", "ID: 3; Ключ: k3; Статус: Новая", TYPED, attempts=1))
    assert (plan.satisfied, plan.puts) == ([1], [])


def back(excerpt: Excerpt, plan: Plan, *shown: Values) -> dict[str, Mapping[int, list[Any]]]:
    """Return a read-back: the header and touched rows of the sheet as it then stands, ragged as Google's."""
    (values,) = shown or ([list(excerpt.layout.headers), *[excerpt.rows[n] for n in sorted(excerpt.rows)]],)
    numbers = {1} | {row for _, row in plan.touched()}
    return {ORDERS: {n: values[n - 1] for n in numbers if n <= len(values)}}


def test_what_stands_where_it_was_meant_has_landed() -> None:
    plan, excerpt = planned(sheet(*TWO), ACCEPT, write("append", "3", "ID: 3", number=2))
    verdict = verify(plan, {ORDERS: excerpt}, back(excerpt, plan))
    assert (verdict.confirmed, verdict.missed, verdict.hit) == ([1, 2], [], [])


def test_a_row_that_moved_between_looking_and_writing_is_noticed() -> None:
    plan, excerpt = planned(sheet(*TWO), ACCEPT)
    inserted = sheet("Имя: вставлена", TWO[0], TWO[1])
    verdict = verify(plan, {ORDERS: excerpt}, back(excerpt, plan, inserted))
    assert (verdict.confirmed, verdict.missed, verdict.hit) == ([], [1], [(ORDERS, 3)])


def test_a_row_that_is_gone_by_the_time_of_writing_is_noticed() -> None:
    plan, excerpt = planned(sheet(*TWO), ACCEPT)
    assert verify(plan, {ORDERS: excerpt}, back(excerpt, plan, sheet(TWO[0]))).missed == [1]


def test_an_adopted_row_that_moved_is_noticed_though_it_now_has_the_id() -> None:
    plan, excerpt = planned(sheet(TYPED), ADOPT)
    other = sheet("Имя: Другая; ID: 3; Ключ: k3; Статус: Новая", TYPED)
    assert verify(plan, {ORDERS: excerpt}, back(excerpt, plan, other)).missed == [1]


def test_rows_that_look_alike_are_told_apart_by_peoples_own_columns() -> None:
    """And by no column that is being filled: what a person typed there would be lost unnoticed."""
    headers = [*HEADERS, "Заметки"]
    first, second = sheet(TYPED, TYPED, headers=headers)[1:]
    values = [headers, [*first[:-1], "срочно"], [*second[:-1], "не срочно"]]
    plan, excerpt = planned(values, ADOPT)
    moved = [headers, values[2], values[1]]
    assert verify(plan, {ORDERS: excerpt}, back(excerpt, plan, moved)).missed == [1]


def test_a_formula_in_an_adopted_row_is_no_reason_for_doubt() -> None:
    plan, excerpt = planned(sheet(TYPED), ADOPT)
    shown = back(excerpt, plan)
    shown[ORDERS] = {**shown[ORDERS], 2: ["=1+1" if cell == "Оля" else cell for cell in shown[ORDERS][2]]}
    assert "=1+1" in shown[ORDERS][2]
    assert verify(plan, {ORDERS: excerpt}, shown).confirmed == [1]


@pytest.mark.parametrize("headers", [["Новый столбец", *HEADERS], HEADERS[::-1], [HEADERS[-1], *HEADERS[:-1]]])
def test_columns_that_moved_between_looking_and_writing_are_noticed(headers: list[str]) -> None:
    plan, excerpt = planned(sheet(*TWO), ACCEPT, write("append", "3", "ID: 3", number=2))
    verdict = verify(plan, {ORDERS: excerpt}, back(excerpt, plan, sheet(*TWO, headers=headers)))
    assert (verdict.confirmed, sorted(verdict.missed)) == ([], [1, 2])
    assert verdict.hit == [(ORDERS, 3)]


def test_only_columns_that_a_write_touches_matter_to_it() -> None:
    plan, excerpt = planned(sheet(*TWO), ACCEPT)
    exchanged = sheet(*TWO, headers=[HEADERS[1], HEADERS[0], *HEADERS[2:]])
    exchanged[2][HEADERS.index("Статус")], exchanged[2][HEADERS.index("Мастер")] = "В работе", "Ким"
    assert verify(plan, {ORDERS: excerpt}, back(excerpt, plan, exchanged)).confirmed == [1]


def test_headers_that_can_no_longer_be_trusted_are_said() -> None:
    plan, excerpt = planned(sheet(*TWO), ACCEPT)
    with pytest.raises(SheetBroken, match="нет столбца «ID»"):
        verify(plan, {ORDERS: excerpt}, back(excerpt, plan, sheet(*TWO, headers=HEADERS[1:])))


def test_an_own_column_added_at_the_right_is_no_reason_for_doubt() -> None:
    plan, excerpt = planned(sheet(*TWO, headers=[*HEADERS, ""]), ACCEPT)
    verdict = verify(plan, {ORDERS: excerpt}, back(excerpt, plan))
    assert verdict.confirmed == [1]
