"""A press that reached the sheet and was typed over before a poll saw it: everybody hears what is true in the end."""

from decimal import Decimal
from typing import Any

import pytest

from record.errors import SheetBroken
from record.grid.worksheets import MASTERS
from record.sheet import Reading, Sheet
from record.values import telegram
from record.values.actors import Actor
from tests.harness.office import Office
from worker.poll import Poller

KIM, PETROV = "2", "1"


@pytest.fixture
def taken(company: Office) -> Office:
    """Order 2 has been accepted by Ким, and everybody knows."""
    company.accept(2, KIM)
    company.settle()
    assert company.told() == ["client 502: accepted 2"]
    return company


class PressedMeanwhile(Sheet):
    """The spreadsheet, in which order 2 is accepted the moment after Google has looked at it for a poll."""

    def __init__(self, company: Office) -> None:
        super().__init__(company.settings, company.store)
        self._company = company

    def read(self) -> Reading:
        """Read, and be late with it."""
        reading = super().read()
        self._company.accept(2, KIM)
        self._company.flush()
        return reading


class TypedOverMeanwhile(PressedMeanwhile):
    """The same, in which order 2 is accepted and cancelled by staff the moment before Google looks at it."""

    def read(self) -> Reading:
        """Be late, and read."""
        self._company.accept(2, KIM)
        self._company.flush()
        self._company.change(2, Статус="Отменена")
        return Sheet.read(self)


def cards(company: Office) -> None:
    """Let cards of order 2 hang in both masters' chats."""
    with company.store.transaction() as tx:
        for master in (PETROV, KIM):
            tx.cards.put("2", master, telegram(600 + int(master)), "7")


def told(company: Office) -> list[str]:
    """Return what is told once all is at rest."""
    company.settle()
    return company.told()


def story(company: Office) -> list[tuple[str, str]]:
    """Return what happened to order 2, and by whom."""
    with company.store.reading() as tx:
        return [(event.what, str(event.by)) for event in tx.history.of("2")]


def test_a_press_that_nobody_typed_over_is_told_once(company: Office) -> None:
    cards(company)
    company.accept(2, KIM)
    company.flush()
    assert told(company) == ["master 1: card 2", "master 2: card 2", "client 502: accepted 2"]
    assert told(company) == []
    assert (story(company), company.owner(2)) == ([("status", "master 2")], KIM)


def test_accepted_and_typed_back_to_new(company: Office) -> None:
    """The row looks as at the last poll, and yet: Ким learns that it is his no more, and anybody may take it."""
    company.accept(2, KIM)
    company.flush()
    company.change(2, Статус="Новая", Мастер="")
    assert told(company) == ["master 2: taken_away 2", "master 1: order_new 2", "master 2: order_new 2"]
    assert story(company) == [("status", "master 2"), ("reopened", "staff")]
    assert (company.owner(2), company.accept(2, PETROV)) == (None, "")
    assert told(company) == ["client 502: accepted 2"]


def test_accepted_and_given_to_another(company: Office) -> None:
    cards(company)
    company.accept(2, KIM)
    company.flush()
    company.change(2, Мастер="Иван Петров")
    assert told(company) == [
        "client 502: accepted 2",
        "master 1: card 2", "master 2: card 2", "master 2: taken_away 2", "master 1: assigned 2",
    ]  # fmt: skip
    assert (story(company), company.owner(2)) == ([("status", "master 2"), ("master", "staff")], PETROV)


def test_accepted_and_cancelled(company: Office) -> None:
    company.accept(2, KIM)
    company.flush()
    company.change(2, Статус="Отменена")
    assert told(company) == ["client 502: cancelled 2", "master 2: cancelled 2"]
    assert (story(company), company.owner(2)) == ([("status", "master 2"), ("status", "staff")], None)


def test_given_back_and_given_to_him_again(taken: Office) -> None:
    """The client has not heard that another is looked for, and so hears nothing; no other master does either."""
    taken.actions.give_back("2", KIM, "не успеваю")
    taken.flush()
    taken.change(2, Статус="В работе", Мастер="Сергей Ким")
    assert told(taken) == ["admin 900: given_back 2", "master 2: assigned 2"]
    assert story(taken)[1:] == [("reopened", "master 2"), ("status", "staff")]
    assert taken.owner(2) == KIM


def test_given_back_and_typed_over_with_his_name_as_on_any_new_order(taken: Office) -> None:
    """What follows is written over what the person typed, not over what we had written there."""
    taken.actions.give_back("2", KIM, "не успеваю")
    taken.flush()
    taken.change(2, Статус="новая", Мастер="Ким")
    taken.settle()
    assert (taken.row(2)["Статус"], taken.row(2)["Мастер"]) == ("В работе", "Ким")
    assert taken.owner(2) == KIM


def test_given_back_and_a_word_typed_over_that_changes_nothing(taken: Office) -> None:
    taken.actions.give_back("2", KIM, "не успеваю")
    taken.flush()
    taken.change(2, Комментарий="Ким заболел")
    assert told(taken) == ["admin 900: given_back 2", "client 502: searching 2", "master 1: order_new 2"]
    assert (story(taken)[1:], taken.owner(2)) == ([("reopened", "master 2")], None)


def test_finished_and_typed_back_to_work(taken: Office) -> None:
    """The client never heard that it was done; the commission and the day go as if a poll had seen both."""
    taken.actions.complete("2", KIM, Decimal(2000))
    taken.flush()
    assert taken.row(2)["Комиссия"] == 600
    taken.change(2, Статус="В работе")
    assert told(taken) == ["master 2: assigned 2"]
    assert (taken.row(2)["Комиссия"], taken.row(2)["Дата выполнения"]) == ("", "")
    assert story(taken)[1:] == [("status", "master 2"), ("price", "master 2"), ("status", "staff")]
    assert taken.owner(2) == KIM


def test_finished_and_cancelled(taken: Office) -> None:
    taken.actions.complete("2", KIM, Decimal(2000))
    taken.flush()
    taken.change(2, Статус="Отменена")
    assert told(taken) == ["client 502: cancelled 2", "master 2: withdrawn 2"]
    assert (taken.row(2)["Комиссия"], taken.row(2)["Дата выполнения"]) == ("", "")


def test_finished_and_the_price_corrected(taken: Office) -> None:
    """One message with the right price, and the commission of that price."""
    taken.actions.complete("2", KIM, Decimal(2000))
    taken.flush()
    taken.change(2, Цена=1500)
    assert told(taken) == ["client 502: done 2", "admin 900: price_lowered 2"]
    assert taken.row(2)["Комиссия"] == 450
    assert story(taken)[1:] == [("status", "master 2"), ("price", "master 2"), ("price", "staff")]


def test_a_status_typed_over_that_nobody_understands_keeps_the_meaning_of_the_press(company: Office) -> None:
    company.accept(2, KIM)
    company.flush()
    company.change(2, Статус="дубль")
    assert told(company) == ["client 502: accepted 2"]
    assert company.owner(2) == KIM
    assert company.row(2)["Проверка"].startswith("Статус «дубль»")
    assert company.row(2)["Статус"] == "дубль"


def test_cancelled_by_the_client_and_given_to_a_master(company: Office) -> None:
    company.actions.cancel("2", Actor.client(telegram(502)))
    company.flush()
    company.change(2, Статус="В работе", Мастер="Ким")
    assert told(company) == ["admin 900: client_cancelled 2", "client 502: accepted 2", "master 2: assigned 2"]
    assert story(company) == [("status", "client 502"), ("status", "staff")]


def test_it_holds_for_as_long_as_no_poll_can_see_it_and_over_a_restart(company: Office) -> None:
    """While a header of «Мастера» is broken, no reading is believed, but presses reach the sheet."""
    tab = company.tab(MASTERS)
    place = tab.row_values(1).index("Имя") + 1
    tab.update_cell(1, place, "Кто")
    with pytest.raises(SheetBroken):
        company.poll()
    company.accept(2, KIM)
    company.flush()
    company.accept(3, KIM)
    company.flush()
    company.change(2, Статус="Новая", Мастер="")
    with pytest.raises(SheetBroken):
        company.poll()
    tab.update_cell(1, place, "Имя")
    company.restart()
    assert told(company) == [
        "client 503: accepted 3", "master 2: taken_away 2", "master 1: order_new 2", "master 2: order_new 2",
    ]  # fmt: skip
    assert (company.owner(2), company.owner(3)) == (None, KIM)


def test_a_press_that_lands_while_a_poll_reads_is_not_taken_for_typed_over(company: Office) -> None:
    """That poll saw the row as it was before the press."""
    Poller(company.store, PressedMeanwhile(company), company.settings).poll()
    assert company.owner(2) == KIM
    assert told(company) == ["client 502: accepted 2"]
    assert (story(company), company.owner(2)) == ([("status", "master 2")], KIM)


def test_a_press_typed_over_while_a_poll_begins_to_read_is_known_at_the_next(company: Office) -> None:
    """When the reading was begun nobody knew yet that the press had landed; the sheet looks the same ever since."""
    Poller(company.store, TypedOverMeanwhile(company), company.settings).poll()
    assert company.told() == ["client 502: cancelled 2"]
    assert told(company) == ["master 2: cancelled 2"]
    assert company.owner(2) is None


ESTIMATED: dict[str, object] = {"Цена": 5000}
CLEARED: dict[str, object] = {"Цена": ""}
PAID_2000: dict[str, object] = {"Цена": 2000}
DONE: dict[str, object] = {"Статус": "Выполнена"}
DONE_AT_5000 = DONE | ESTIMATED
NO_FINISHED_PRICE: list[list[dict[str, object]]] = [
    [ESTIMATED, CLEARED, DONE, PAID_2000],
    [ESTIMATED, DONE | CLEARED, PAID_2000],
    [DONE_AT_5000, {"Статус": "В работе", "Цена": ""}, DONE, PAID_2000],
    [DONE | PAID_2000, CLEARED, PAID_2000],
]
FALLS: list[list[dict[str, object]]] = [
    [DONE_AT_5000, CLEARED, PAID_2000],
    [ESTIMATED, DONE, CLEARED, PAID_2000],
]


@pytest.mark.parametrize("steps", [*NO_FINISHED_PRICE, *FALLS])
def test_only_a_price_of_finished_work_can_fall(taken: Office, steps: list[dict[str, Any]]) -> None:
    heard: list[str] = []
    for step in steps:
        taken.change(2, **step)
        heard += told(taken)
    assert ("admin 900: price_lowered 2" in heard) is (steps in FALLS)
