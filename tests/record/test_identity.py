"""Which row is which order: by ID and key, never by the row's number."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.grid.identity import Found, Identified, Known, Recall, identify, recognise
from record.grid.layout import Row, Table, find_columns, fingerprint
from record.grid.worksheets import ORDERS, WORKSHEETS
from tests.record.notation import row

ID, KEY = WORKSHEETS[ORDERS].index("ID"), WORKSHEETS[ORDERS].index("Ключ")
ONE, TWO, THREE = (row(f"ID: {n}; Ключ: k{n}; Имя: Клиент {n}") for n in (1, 2, 3))
NEW = row("Телефон: 89001234567; Проблема: Искрит")


def remembered(*rows: Row) -> dict[str, Known]:
    """Return what is remembered of these rows from an earlier poll."""
    return {str(row[ID]): Known(fingerprint(row), place, str(row[KEY])) for place, row in enumerate(rows, start=2)}


def now(*rows: Row, known: dict[str, Known] | None = None) -> Identified:
    """Return who these rows are, in a sheet whose three orders are known."""
    place = remembered(ONE, TWO, THREE) if known is None else known
    return identify(list(enumerate(rows, start=2)), place, ID, KEY)


def places(found: Identified) -> dict[str, int]:
    """Return the row number of each order."""
    return {order_id: one.position for order_id, one in found.orders.items()} | found.same


def unsettled(found: Identified) -> list[Found]:
    """Return the rows that are not simply a known order."""
    return [*found.typed, *found.copies, *found.lost_id.values(), *found.lost_key.values()]


def typed(before: Row, said: str) -> Row:
    """Return a row after a person typed over some of its cells."""
    over = row(said)
    columns = WORKSHEETS[ORDERS].columns
    changed = {part.split(":")[0].strip() for part in said.split(";")}
    return tuple(new if column in changed else old for column, new, old in zip(columns, over, before, strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([ONE, TWO, THREE], {"1": 2, "2": 3, "3": 4}),
        ([THREE, TWO, ONE], {"1": 4, "2": 3, "3": 2}),
        ([TWO, THREE, ONE], {"1": 4, "2": 2, "3": 3}),
        ([TWO, THREE], {"2": 2, "3": 3}),
        ([], {}),
        ([ONE, typed(TWO, "Имя: Юля; Статус: В работе"), THREE], {"1": 2, "2": 3, "3": 4}),
    ],
)
def test_a_row_is_its_order_wherever_it_stands(rows: Sequence[Row], expected: dict[str, int]) -> None:
    found = now(*rows)
    assert places(found) == expected
    assert unsettled(found) == []


def test_a_row_inserted_above_is_new_and_moves_nobody() -> None:
    found = now(NEW, ONE, TWO, THREE)
    assert [one.position for one in found.typed] == [2]
    assert places(found) == {"1": 3, "2": 4, "3": 5}


def test_a_row_deleted_and_one_appended_are_two_different_orders() -> None:
    found = now(ONE, THREE, NEW)
    assert places(found) == {"1": 2, "3": 3}
    assert [one.position for one in found.typed] == [4]


def test_rows_of_other_orders_pasted_with_id_and_key_are_orders() -> None:
    assert places(now(ONE, row("ID: 9; Ключ: k9"), known={})) == {"1": 2, "9": 3}


@pytest.mark.parametrize("said", ["", "ID: 9", "ID: 2"])
def test_an_id_without_a_key_that_nobody_knows_was_typed(said: str) -> None:
    found = now(typed(NEW, said), known={})
    assert [one.position for one in found.typed] == [2]
    assert not found.orders


@pytest.mark.parametrize(
    ("rows", "keeps", "copies"),
    [
        ([ONE, TWO, THREE, TWO], 3, [5]),
        ([ONE, TWO, TWO, THREE], 3, [4]),
        ([ONE, TWO, THREE, typed(TWO, "Имя: Другой")], 3, [5]),
        ([typed(TWO, "Имя: Другой"), ONE, TWO, THREE], 4, [2]),
        ([typed(TWO, "Имя: Другой"), ONE, typed(TWO, "Имя: Третий"), TWO], 5, [2, 4]),
        ([ONE, TWO, THREE, typed(TWO, "ID: 8")], 3, [5]),
        ([ONE, typed(TWO, "ID: 8"), TWO, THREE], 4, [3]),
        ([ONE, TWO, THREE, typed(TWO, "ID: ")], 3, [5]),
        ([ONE, TWO, THREE, typed(TWO, "Ключ: ")], 3, [5]),
    ],
)
def test_of_a_row_and_its_copies_the_one_that_looks_as_before_keeps_the_order(
    rows: Sequence[Row], keeps: int, copies: list[int]
) -> None:
    found = now(*rows)
    assert places(found)["2"] == keeps
    assert sorted(one.position for one in found.copies) == copies
    assert unsettled(found) == found.copies


@pytest.mark.parametrize("said", ["ID: ", "ID: 8", "ID: 1", "ID: два", "ID: ; Имя: Другой"])
def test_a_lost_or_changed_id_is_known_by_the_key(said: str) -> None:
    """Whatever stands in the ID cell now, a key that no other row has says which order it is."""
    found = now(ONE, typed(TWO, said), THREE)
    assert places(found) == {"1": 2, "2": 3, "3": 4}
    assert list(found.lost_id) == ["2"]
    assert [*found.typed, *found.copies] == []


def test_two_ids_exchanged_are_both_put_back() -> None:
    found = now(typed(ONE, "ID: 2"), typed(TWO, "ID: 1"), THREE)
    assert places(found) == {"1": 2, "2": 3, "3": 4}
    assert sorted(found.lost_id) == ["1", "2"]


def test_a_lost_key_is_known_by_the_id() -> None:
    found = now(ONE, typed(TWO, "Ключ: "), THREE)
    assert places(found) == {"1": 2, "2": 3, "3": 4}
    assert list(found.lost_key) == ["2"]


def test_a_row_that_lost_both_is_typed_by_hand() -> None:
    found = now(ONE, typed(TWO, "ID: ; Ключ: "), THREE)
    assert places(found) == {"1": 2, "3": 4}
    assert [one.position for one in found.typed] == [3]


def test_ids_are_the_same_as_number_and_as_text() -> None:
    assert places(now(typed(ONE, "ID: 1.0"), ("2", *TWO[1:]), THREE)) == {"1": 2, "2": 3, "3": 4}


def test_masters_are_known_by_their_id_alone() -> None:
    known = {"1": Known(0, 2, "1"), "2": Known(0, 3, "2")}
    rows: list[tuple[int, Row]] = [(2, (2, "Ким")), (3, (1, "Петров")), (4, ("", "Новый")), (5, (9, "С номером"))]
    found = identify(rows, known)
    assert places(found) == {"2": 2, "1": 3, "9": 5}
    assert [one.position for one in found.typed] == [4]


ORDERS_KNOWN = st.lists(st.integers(1, 99), unique=True, min_size=1, max_size=12).map(
    lambda ids: [row(f"ID: {n}; Ключ: k{n}; Имя: Клиент {n % 3}") for n in ids]
)


def sheet(rows: Sequence[Row]) -> Table:
    """Return a worksheet of these rows."""
    return Table(find_columns(ORDERS, WORKSHEETS[ORDERS].columns), [list(one) for one in rows])


@given(st.data())
def test_no_order_of_rows_changes_who_is_who(data: st.DataObject) -> None:
    """However known rows are permuted, each is its order, and none is typed, copied, lost or gone."""
    rows = data.draw(ORDERS_KNOWN)
    shuffled = data.draw(st.permutations(rows))
    known = remembered(*rows)
    expected = {str(one[ID]): place for place, one in enumerate(shuffled, start=2)}

    found = now(*shuffled, known=known)
    assert places(found) == expected
    assert unsettled(found) == []

    table = sheet(rows)
    recall = Recall.of(table, table.prints(), identify(table.rows(), known, ID, KEY))
    moved = sheet(shuffled)
    same, touched = recognise(moved, moved.prints(), recall)
    assert same == expected
    assert touched == []


@given(st.data())
def test_recognising_by_look_finds_what_reading_every_row_finds(data: st.DataObject) -> None:
    """After any mix of edits, copies, deletions and moves the quick way and the plain way agree."""
    rows = data.draw(ORDERS_KNOWN)
    known, table = remembered(*rows), sheet(rows)
    recall = Recall.of(table, table.prints(), identify(table.rows(), known, ID, KEY))
    edits = st.sampled_from(["Имя: Другой", "ID: ", "Ключ: ", "ID: 7", "Статус: Отменена"])
    edited = [typed(one, data.draw(edits)) if data.draw(st.booleans()) else one for one in rows]
    mixed = data.draw(st.permutations([*edited, *data.draw(st.lists(st.sampled_from([*rows, *edited]), max_size=3))]))
    after = sheet(mixed[: data.draw(st.integers(0, len(mixed)))])

    plain = identify(after.rows(), known, ID, KEY)
    same, touched = recognise(after, after.prints(), recall)
    quick = identify(after.rows(touched), known, ID, KEY, dict(same))
    assert places(quick).keys() == places(plain).keys()
    assert (len(quick.typed), len(quick.copies)) == (len(plain.typed), len(plain.copies))
    assert (quick.lost_id.keys(), quick.lost_key.keys()) == (plain.lost_id.keys(), plain.lost_key.keys())
    looks = {order_id: after.raw[place - 2] for order_id, place in places(plain).items()}
    assert {order_id: after.raw[place - 2] for order_id, place in places(quick).items()} == looks


def test_moved_headers_make_every_row_read_anew() -> None:
    table = sheet([ONE, TWO])
    recall = Recall.of(table, table.prints(), identify(table.rows(), {}, ID, KEY))
    moved = Table(find_columns(ORDERS, ["Моё", *WORKSHEETS[ORDERS].columns]), [["", *ONE], ["", *TWO]])
    assert recognise(moved, moved.prints(), recall) == ({}, [0, 1])
