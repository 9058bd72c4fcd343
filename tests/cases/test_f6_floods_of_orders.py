"""F6: one form is one order, for a day; whoever sends more than people do waits for a person's word."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from record.actions.client_acts import Draft
from record.errors import TooMany
from record.store import Store
from record.values import telegram
from tests.harness.office import Office, offered
from tests.harness.system import System
from tests.web.visitor import NewVisitor, Visitor, all_orders


def test_f6_a_token_is_good_for_one_order(visitor: Visitor, store: Store) -> None:
    visitor.opens()
    form = {name: visitor.hidden(name) for name in ("csrf_token", "form_token")}
    first = visitor.sends(**form, problem="Искрит")
    again = visitor.sends(**form, problem="Искрит")
    assert (first.status_code, again.status_code) == (303, 303)
    codes = [visitor.sends(**form, problem=f"Искрит {n}").status_code for n in range(20)]
    assert codes == [303] * 5 + [409] * 15, "a person corrects an order now and then"
    [order] = all_orders(store)
    assert order.problem == "Искрит 4"
    assert "Искрит 19</textarea>" in visitor.page
    assert visitor.sends(problem="Ещё и свет").status_code == 303
    assert len(all_orders(store)) == 2


def test_f6_a_token_with_another_cookie_is_none(new_visitor: NewVisitor, store: Store) -> None:
    one = new_visitor()
    one.opens()
    token = one.hidden("form_token")
    one.sends()
    other = new_visitor()
    other.opens()
    assert other.sends(form_token=token, problem="Другое").status_code == 409
    assert len(all_orders(store)) == 1


@pytest.mark.parametrize(("later", "code"), [("2026-11-02 19:59", 303), ("2026-11-02 20:01", 409)])
def test_f6_a_token_is_good_for_a_day(visitor: Visitor, later: str, code: int) -> None:
    with freeze_time("2026-11-01 20:00"):
        visitor.opens()
    with freeze_time(later):
        assert visitor.sends(problem="Свет моргает").status_code == code
        if code == 409:
            assert "Свет моргает</textarea>" in visitor.page
            assert visitor.sends(problem="Свет моргает").status_code == 303


@pytest.fixture
def office(empty_system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with the limits that are shipped."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "0")
    monkeypatch.delenv("NARYAD_WEB__ORDERS_PER_PERSON")
    monkeypatch.delenv("NARYAD_WEB__ORDERS_PER_PHONE")
    made = Office(empty_system)
    yield made
    made.close()


def place(office: Office, count: int, *, phone: str = "", chat: int = 0) -> list[str]:
    """Let clients place orders by the form, or by the bot where there is a chat; each with a phone of his own."""
    placed = []
    for n in range(count):
        his = phone or f"+7911{(chat or 5) * 1000 + n:07}"
        draft = Draft(
            "Аня",
            his,
            "Мира 1",
            f"Искрит {n}",
            source="telegram" if chat else "website",
            chat=telegram(chat) if chat else None,
        )
        placed.append(office.actions.place_order(draft).id)
    return placed


@pytest.mark.parametrize(("phone", "chat", "usual"), [("+79001112233", 0, 30), ("", 777, 5)])
def test_f6_from_one_person_what_is_too_much_is_saved_and_waits(
    office: Office, phone: str, chat: int, usual: int
) -> None:
    office.begin()
    placed = place(office, usual + 7, phone=phone, chat=chat)
    office.settle()
    assert office.told() == [*(line for one in placed[:usual] for line in offered(int(one))), "admin 900: wave"]
    rows = office.rows()
    assert [str(row["ID"]) for row in rows] == placed
    assert ["от одного человека" in row["Проверка"] for row in rows] == [False] * usual + [True] * 7
    other = place(office, 1, phone="+79115550000")
    office.settle()
    assert office.told() == offered(int(other[0])), "another client is none of it"


def test_f6_a_chat_that_goes_on_is_asked_to_call(office: Office) -> None:
    office.begin()
    place(office, 20, chat=777)
    with pytest.raises(TooMany):
        place(office, 1, chat=777)
    place(office, 1, chat=778)


def test_f6_a_flood_by_forms_is_held_and_can_be_let_go(office: Office) -> None:
    office.begin()
    placed = place(office, 41)
    office.settle()
    assert office.told() == ["admin 900: wave"]
    assert all("мастерам пока не разослана" in row["Проверка"] for row in office.rows())
    assert office.actions.decide_wave(1, send=True)[0] == "sent"
    office.settle()
    assert sorted(office.told()) == sorted(line for one in placed for line in offered(int(one)))
    assert {row["Проверка"] for row in office.rows()} == {""}


def test_f6_thirty_at_once_by_form_and_bots_are_an_ordinary_busy_day(office: Office) -> None:
    office.begin()
    placed = place(office, 20) + [one for chat in range(601, 611) for one in place(office, 1, chat=chat)]
    office.settle()
    assert sorted(office.told()) == sorted(line for one in placed for line in offered(int(one)))


def place_over(
    office: Office, count: int, minutes: float, *, phone: str = "", ago: float = 240, now: datetime | None = None
) -> list[str]:
    """Let clients place orders one after another, beginning so many minutes before now, while nobody polls."""
    now = now or datetime.now(UTC)
    placed: list[str] = []
    for n in range(count):
        with freeze_time(now - timedelta(minutes=ago - n * minutes / count)):
            number = phone or f"+7911{int(ago):03}{n:04}"
            placed.append(office.actions.place_order(Draft("Аня", number, "Мира 1", f"Искрит {n}")).id)
    return placed


def test_f6_what_an_outage_gathered_is_no_flood(office: Office) -> None:
    office.begin()
    placed = place_over(office, 41, 180)
    office.settle()
    assert sorted(office.told()) == sorted(line for one in placed for line in offered(int(one)))
    later = place(office, 1)
    office.settle()
    assert office.told() == offered(int(later[0])), "those before him did not come within his minute"


def test_f6_a_flood_within_an_outage_is_held_and_nothing_else(office: Office) -> None:
    office.begin()
    honest = place_over(office, 30, 100)
    flood = place_over(office, 41, 0.5, ago=100)
    office.settle()
    told = office.told()
    assert sorted(told) == sorted(["admin 900: wave", *(line for one in honest for line in offered(int(one)))])
    held = [str(row["ID"]) for row in office.rows() if "мастерам пока не разослана" in row["Проверка"]]
    assert held == flood


def test_f6_a_flood_is_found_that_two_polls_saw_in_pieces(office: Office) -> None:
    office.begin()
    now = datetime.now(UTC)  # of both, however long the first polls take
    first = place_over(office, 39, 0.5, ago=10, now=now)
    office.settle()
    assert sorted(office.told()) == sorted(line for one in first for line in offered(int(one)))
    place_over(office, 2, 0.01, ago=9.3, now=now)
    office.settle()
    assert office.told() == ["admin 900: wave"]


@pytest.mark.parametrize(("minutes", "held"), [(29, 7), (240, 0)])
def test_f6_one_persons_hour_is_that_in_which_he_sent(office: Office, minutes: float, held: int) -> None:
    office.begin()
    placed = place_over(office, 37, minutes, phone="+79001112233")
    office.settle()
    marks = ["от одного человека" in row["Проверка"] for row in office.rows()]
    assert marks == [False] * (len(placed) - held) + [True] * held
