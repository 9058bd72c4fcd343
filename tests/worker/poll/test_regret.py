"""What staff take back within `polling.regret_s` leaves no trace: nobody hears, no cell changes."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from record.actions.base import Outcome
from record.actions.staff import Edit, Panel
from record.grid.worksheets import MASTERS
from record.store.facts import RESTING
from record.values.actors import Actor
from tests.harness.office import Office, offered, order
from tests.harness.system import System

IVAN, KIM = "Иван Петров", "Сергей Ким"
START: dict[str, dict[str, Any]] = {
    "new": {"Статус": "Новая"},
    "in work": {"Статус": "В работе", "Мастер": IVAN},
    "done": {"Статус": "Выполнена", "Мастер": IVAN, "Цена": 1200, "Комиссия": 360, "Дата выполнения": 45641.25},
    "done, commission by hand": {
        "Статус": "Выполнена", "Мастер": IVAN, "Цена": 1200, "Комиссия": 100, "Дата выполнения": 45641.25,
    },
}  # fmt: skip
# into what an order may be turned by a slip; a step on is told at once
SLIPS: dict[str, list[dict[str, Any]]] = {
    "new": [{"Статус": "Отменена"}],
    "in work": [
        {"Статус": "Отменена"}, {"Статус": "Новая"}, {"Мастер": KIM}, {"Мастер": ""},
        {"Статус": "Новая", "Мастер": ""}, {"Статус": "Отменена", "Мастер": KIM},
    ],
    "done": [
        {"Цена": 300}, {"Цена": ""}, {"Статус": "Отменена"}, {"Статус": "Новая"},
        {"Статус": "В работе"}, {"Статус": "В работе", "Мастер": KIM}, {"Статус": "Отменена", "Цена": 300},
    ],
}  # fmt: skip
SLIPS["done, commission by hand"] = SLIPS["done"]


@pytest.fixture
def office(empty_system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A company whose edits rest for a minute."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "0")
    monkeypatch.setenv("NARYAD_POLLING__REGRET_S", "60")
    made = Office(empty_system)
    yield made
    made.close()


def begun(office: Office, start: str) -> None:
    """Let order 1 be as it is at the start, and known."""
    office.paste(order(1, **START[start]))
    office.begin()


def a_minute_later(office: Office) -> list[str]:
    """Let all that rests have rested, over a restart of the worker; return what is told."""
    with office.store.transaction() as tx:
        kept = tx.facts.get(RESTING) or {}
        for one in kept.values():
            one["since"] -= 61
        tx.facts.put(RESTING, kept)
    office.restart()
    office.settle()
    return office.told()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("start", SLIPS)
def test_any_walk_that_comes_back_was_never_made(office: Office, start: str, seed: int) -> None:
    begun(office, start)
    before, walk = office.row(1), random.Random(f"{start}{seed}")
    for slip in walk.sample(SLIPS[start], k=min(len(SLIPS[start]), walk.randint(1, 3))):
        base = {column: before[column] for column in ("Статус", "Мастер", "Цена")}
        office.change(1, **base | slip)
        office.settle()
        if walk.random() < 0.3:
            office.restart()
    office.change(1, **{column: before[column] for column in ("Статус", "Мастер", "Цена")})
    office.settle()
    assert a_minute_later(office) == []
    assert office.row(1) == before
    assert office.history(1) == []


@pytest.mark.parametrize("start", SLIPS)
def test_what_is_not_put_right_is_told_once_it_has_rested(office: Office, start: str) -> None:
    begun(office, start)
    for slip in SLIPS[start]:
        office.change(1, **slip)
        office.settle()
        assert office.told() == [], slip
        assert office.history(1) == [], slip
        office.change(1, **{"Мастер": "", "Цена": ""} | START[start])
    office.change(1, Статус="Отменена")
    office.settle()
    assert office.told() == []
    told = a_minute_later(office)
    assert told
    assert a_minute_later(office) == []


def test_only_the_last_of_several_truths_is_told(office: Office) -> None:
    begun(office, "in work")
    office.change(1, Статус="Отменена")
    office.settle()
    office.change(1, Статус="В работе", Мастер=KIM)
    office.settle()
    assert a_minute_later(office) == ["master 1: taken_away 1", "client 501: reassigned 1", "master 2: assigned 1"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"Статус": "В работе", "Мастер": KIM}, ["client 501: accepted 1", "master 2: assigned 1"]),
        ({"Мастер": KIM}, ["client 501: accepted 1", "master 2: assigned 1"]),
        ({"Оповещены": ""}, offered(1)),
        ({"Статус": "Выполнена", "Мастер": KIM, "Цена": 2000}, ["client 501: done 1", "master 2: finished 1"]),
    ],
)
def test_what_gives_or_offers_an_order_never_waits(office: Office, typed: dict[str, Any], told: list[str]) -> None:
    begun(office, "new")
    office.change(1, **typed)
    office.settle()
    assert office.told() == told


def test_new_orders_and_people_s_own_acts_never_wait(office: Office) -> None:
    office.paste(order(1, Оповещены=""), order(2), order(3, Статус="В работе", Мастер=KIM))
    office.begin()
    office.actions.cancel("2", Actor.client())
    office.actions.give_back("3", "2", "не успеваю")
    office.flush()
    office.settle()
    assert office.history(2) == ["status"]
    assert "master 1: order_new 3" in office.told()


def test_who_goes_on_correcting_other_cells_prolongs_nothing(office: Office) -> None:
    begun(office, "in work")
    office.change(1, Статус="Отменена")
    office.settle()
    with office.store.reading() as tx:
        since = (tx.facts.get(RESTING) or {})["1"]["since"]
    office.change(1, Комментарий="передумал")
    office.settle()
    with office.store.reading() as tx:
        assert (tx.facts.get(RESTING) or {})["1"]["since"] == since


def test_a_deleted_row_that_is_put_back_was_never_deleted(office: Office) -> None:
    begun(office, "in work")
    before = office.row(1)
    office.delete(1)
    office.settle()
    assert office.told() == []
    office.paste(before)
    office.settle()
    assert (a_minute_later(office), office.row(1)) == ([], before)
    office.delete(1)
    office.settle()
    assert a_minute_later(office) == ["master 1: removed 1"]


def test_in_the_panel_as_in_the_sheet(office: Office) -> None:
    begun(office, "done, commission by hand")
    before, panel = office.row(1), Panel(office.store)
    panel.edit_order("1", [Edit("Статус", "Выполнена", "Отменена")])
    office.flush()
    office.settle()
    with office.store.reading() as tx:
        shown = tx.orders.get("1")
    assert shown
    assert shown.status == "Отменена", "who clicked sees what he clicked"
    panel.edit_order("1", [Edit("Статус", "Отменена", "Выполнена")])
    office.flush()
    office.settle()
    assert (a_minute_later(office), office.row(1), office.history(1)) == ([], before, [])
    panel.edit_order("1", [Edit("Статус", "Выполнена", "Отменена")])
    office.flush()
    office.settle()
    assert a_minute_later(office) == ["client 501: withdrawn 1", "master 1: withdrawn 1"]
    with office.store.reading() as tx:
        assert [str(event.by) for event in tx.history.of("1")] == ["panel"]


def test_clicked_in_the_panel_and_put_right_in_the_sheet(office: Office) -> None:
    begun(office, "in work")
    Panel(office.store).edit_order("1", [Edit("Статус", "В работе", "Отменена")])
    office.flush()
    office.settle()
    office.change(1, Статус="В работе")
    office.settle()
    assert (a_minute_later(office), office.history(1)) == ([], [])


def test_a_press_that_was_typed_over_is_known_and_only_the_edit_rests(office: Office) -> None:
    begun(office, "new")
    office.accept(1, "1")
    office.flush()
    office.change(1, Статус="Отменена")
    office.settle()
    assert "cancelled" not in " ".join(office.told())
    office.change(1, Статус="В работе")
    office.settle()
    assert a_minute_later(office) == []
    assert (office.history(1), office.owner(1)) == (["status"], "1")


def test_while_an_edit_rests_no_press_decides_by_what_was(office: Office) -> None:
    office.paste(order(1, **START["in work"]), order(2, Оповещены=""), order(3, **START["done"] | {"Цена": ""}))
    office.begin()
    office.told()
    office.change(1, Мастер=KIM)
    office.change(2, Статус="Отменена")
    office.delete(3)
    office.settle()
    presses: dict[str, Callable[[], Outcome]] = {
        "finish": lambda: office.actions.complete("1", "1", Decimal(2000)),
        "give back": lambda: office.actions.give_back("1", "1", "не успеваю"),
        "accept": lambda: office.actions.accept("2", "1"),
        "cancel": lambda: office.actions.cancel("2", Actor.client()),
        "correct": lambda: office.actions.complete("3", "1", Decimal(2000)),
    }
    office.restart()
    assert {name: press().refusal for name, press in presses.items()} == dict.fromkeys(presses, "rests")
    told = a_minute_later(office)
    assert {"master 2: assigned 1", "client 502: cancelled 2"} <= set(told)
    left = {name: press().refusal for name, press in presses.items()}
    assert left == {
        "finish": "not_yours", "give back": "not_yours", "accept": "cancelled",
        "cancel": "not_new", "correct": "gone",
    }  # fmt: skip


def test_an_edit_that_is_put_right_opens_its_order_again(office: Office) -> None:
    begun(office, "in work")
    office.change(1, Мастер=KIM)
    office.settle()
    office.change(1, Мастер=IVAN)
    office.settle()
    assert office.actions.complete("1", "1", Decimal(2000)).refusal == ""
    office.settle()
    assert office.row(1)["Статус"] == "Выполнена"
    assert (office.history(1), office.told()) == (["status", "price"], ["client 501: done 1"])


@pytest.mark.parametrize("start", ["in work", "done"])
@pytest.mark.parametrize("typed", [{"Мастер": KIM}, {"Статус": "Отменена"}], ids=str)
def test_a_price_named_before_a_poll_saw_the_edit_is_void(office: Office, start: str, typed: dict[str, Any]) -> None:
    office.paste(order(1, **START[start] | {"Дата выполнения": "", "Цена": ""}))
    office.begin()
    office.told()
    assert office.actions.complete("1", "1", Decimal(2000)).refusal == ""
    office.change(1, **typed)
    before = office.row(1)
    office.settle()
    assert office.row(1) == before
    assert "master 1: refused 1" in office.told()
    assert "finished" not in " ".join(a_minute_later(office))
    assert office.row(1)["Цена"] == ""


@pytest.mark.parametrize("how", ["deleted", "not active"])
def test_the_orders_of_a_master_who_is_lost_and_the_admin_say_so_until_it_is_mended(office: Office, how: str) -> None:
    office.paste(order(1, **START["in work"]), order(2, **START["in work"]), order(3, **START["done"]))
    office.begin()
    row = office.row(1, MASTERS)
    if how == "deleted":
        office.delete(1, MASTERS)
    else:
        office.change(1, MASTERS, Активен=False)
    office.settle()
    assert office.told() == ["master 1: deactivated", "admin 900: alarm"]
    assert [IVAN in str(office.row(number)["Проверка"]) for number in (1, 2, 3)] == [True, True, False]
    office.change(1, Мастер=KIM)
    office.settle()
    a_minute_later(office)
    assert office.row(1)["Проверка"] == ""
    if how == "deleted":
        office.paste(row, title=MASTERS)
    else:
        office.change(1, MASTERS, Активен=True)
    office.settle()
    told = office.told()
    assert "admin 900: alarm_over" in told
    assert "admin 900: alarm" not in told
    assert office.row(2)["Проверка"] == ""
