"""Several writes to one cell, some of them sent before: they are judged as one, and a person's edit still wins."""

from dataclasses import replace

import pytest

from record.grid.excerpt import Excerpt
from record.grid.plan import Plan, make_plan
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from tests.record.test_plan import HEADERS, planned, puts, sheet, write

FREE = "ID: 2; Статус: Новая"
ACCEPT = write("set", "2", "Статус: В работе; Мастер: Ким", "Статус: Новая; Мастер: ", 1, by="master 2")
FINISH = write(
    "set",
    "2",
    "Статус: Выполнена; Цена: 2000; Комиссия: 600; Дата выполнения: 45641",
    "Статус: В работе; Цена: ; Комиссия: ; Дата выполнения: ",
    2,
    by="master 2",
)
MEND = write("set", "2", "Цена: 2500; Комиссия: 750", "Цена: 2000; Комиссия: 600", 3, by="master 2")
BACK = write(
    "set", "2", "Статус: Новая; Мастер: ; Комментарий: вернул", "Статус: В работе; Мастер: Ким", 2, by="master 2"
)
OTHER = write("set", "2", "Статус: В работе; Мастер: Петров", "Статус: Новая; Мастер: ", 3, by="master 1")
DONE = "ID: 2; Статус: Выполнена; Мастер: Ким; Цена: 2000; Комиссия: 600; Дата выполнения: 45641"
MENDED = "ID: 2; Статус: Выполнена; Мастер: Ким; Цена: 2500; Комиссия: 750; Дата выполнения: 45641"
TAKEN = "ID: 2; Статус: В работе; Мастер: Ким"
GIVEN = "ID: 2; Статус: В работе; Мастер: Петров; Комментарий: вернул"

CHAINS = {
    "accept, finish": ((ACCEPT, FINISH), DONE),
    "accept, finish, mend the price": ((ACCEPT, FINISH, MEND), MENDED),
    "accept, give back": ((ACCEPT, BACK), "ID: 2; Статус: Новая; Комментарий: вернул"),
    "accept, give back, another accepts": ((ACCEPT, BACK, OTHER), GIVEN),
}


def row_after(stood: str, *writes: Write) -> tuple[Plan, dict[str, object]]:
    """Return the plan of writes for a sheet with this row, and the row as it is then."""
    plan, excerpt = planned(sheet("ID: 1", stood), *writes)
    names = excerpt.layout.headers
    return plan, {name: cell for name, cell in zip(names, excerpt.rows[3], strict=False) if cell != ""}


@pytest.mark.parametrize(
    ("chain", "sent"), [(chain, sent) for chain, (writes, _) in CHAINS.items() for sent in range(len(writes) + 1)]
)
def test_however_many_of_them_had_landed_before_none_is_refused(chain: str, sent: int) -> None:
    writes, expected = CHAINS[chain]
    stood = "; ".join(f"{name}: {cell}" for name, cell in row_after(FREE, *writes[:sent])[1].items())
    plan, row = row_after(stood, *writes)
    assert (plan.refused, plan.gone) == ({}, {})
    assert row == row_after(expected)[1]
    assert {*plan.satisfied, *plan.placed} == {one.id for one in writes}


@pytest.mark.parametrize("chain", CHAINS)
def test_each_cell_is_sent_once_since_only_the_last_value_can_be_found_there(chain: str) -> None:
    plan, row = row_after(FREE, *CHAINS[chain][0])
    assert len(plan.puts) == len({(put.row, put.place) for put in plan.puts})
    assert {column: value for (_, column), value in puts(plan).items() if value} | {"ID": 2} == row


def test_what_was_sent_together_is_judged_together_when_only_a_part_is_sent_again() -> None:
    """Google refuses something else in the request for good, so what it carried is tried half by half."""
    excerpt = Excerpt.of(ORDERS, sheet(DONE))
    plan = make_plan([ACCEPT], {ORDERS: excerpt}, [ACCEPT, FINISH])
    assert (plan.satisfied, plan.refused, plan.puts) == ([1], {}, [])


def test_what_was_decided_on_a_refused_write_is_refused_with_it() -> None:
    """The order was given to another master, in work as well, so this one has not finished it."""
    plan, row = row_after("ID: 2; Статус: В работе; Мастер: Петров", ACCEPT, FINISH)
    assert row == {"ID": 2, "Статус": "В работе", "Мастер": "Петров"}
    assert plan.refused == {1: (ACCEPT, "Мастер", "Петров"), 2: (FINISH, "Мастер", "Петров")}


def test_a_row_that_was_adopted_and_changed_since_is_not_taken_for_gone() -> None:
    """Both went in one request; the row no more looks as it was typed, nor quite as it was given its cells."""
    adopt = write("adopt", "2", "ID: 2; Ключ: k2; Статус: Новая", "Имя: Ян", 1, state="unclear")
    plan, _ = row_after("ID: 2; Ключ: k2; Имя: Ян; Статус: В работе; Мастер: Ким", adopt, replace(ACCEPT, id=2))
    assert (plan.satisfied, plan.gone) == ([1, 2], {})


def test_a_new_row_that_came_and_was_changed_in_the_same_request_keeps_what_people_noted_beside_it() -> None:
    headers = [*HEADERS, "Моё"]
    new = write("append", "2", "ID: 2; Имя: Ян; Статус: Новая; Ключ: k2", number=1, state="unclear")
    cancel = write("set", "2", "Статус: Отменена", "Статус: Новая", 2, by="client")
    values = sheet("ID: 2; Имя: Ян; Статус: Отменена; Ключ: k2; Моё: Новая", headers=headers)
    plan, _ = planned(values, new, cancel)
    assert (plan.satisfied, plan.puts) == ([1, 2], [])


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize(
    "typed", ["Статус: Отменена", "Статус: дубль", "Мастер: Орлов", "Статус: Отменена; Мастер: Орлов"]
)
def test_what_a_person_typed_in_between_stands(chain: str, typed: str) -> None:
    writes, _ = CHAINS[chain]
    plan, row = row_after(f"{FREE}; {typed}", *writes)
    assert row == row_after(f"{FREE}; {typed}")[1]
    assert set(plan.refused) == {one.id for one in writes}
