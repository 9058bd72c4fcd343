"""What is asked of masters: who they are, what the client paid, why an order comes back."""

from decimal import Decimal

import pytest

from bots.incoming import Incoming
from bots.master.dialog import State, giving_back, pricing, registering
from tests.bots.acts import SHOP, STICKER, contact, text

Line = tuple[Incoming | str, str, str]


def registered(*lines: Line) -> dict[str, str]:
    """Play a registration as a table of what is said, the step after it, and words of the answer."""
    state: State = {}
    facts: dict[str, str] = {}
    for said, at, words in lines:
        turn = registering(state, text(said) if isinstance(said, str) else said, SHOP)
        state, facts = turn.state, turn.facts
        answer = turn.message.text if turn.message else turn.act
        assert (state.get("step", "end"), words in answer) == (at, True), f"{said} → {state} «{answer}»"
    return facts


def test_registration_asks_name_phone_and_speciality() -> None:
    assert registered(
        ("привет", "name", "познакомимся"),
        (STICKER, "name", "только текст"),
        ("7", "name", "имя и фамилию"),
        ("Иван   Петров", "phone", "номер телефона"),
        (contact("79001234567", own=False), "phone", "другого человека"),
        ("не скажу", "phone", "11 цифр"),
        (STICKER, "phone", "только текст"),
        (contact("79001234567"), "speciality", "специальность"),
        (STICKER, "speciality", "Напишите специальность"),
        ("Электрика", "end", "register"),
    ) == {"name": "Иван Петров", "phone": "+79001234567", "own_phone": "yes", "speciality": "Электрика"}


def test_a_typed_phone_is_not_vouched_for() -> None:
    asked: State = {"step": "phone", "draft": {"name": "Иван Петров"}}
    assert registering(asked, text("8 900 123-45-67"), SHOP).state["draft"]["own_phone"] == ""


def test_start_begins_the_registration_again() -> None:
    registered(("/start", "name", ""), ("Иван Петров", "phone", ""), ("/start", "name", "познакомимся"))


@pytest.mark.parametrize(
    ("typed", "price"),
    [("2000", "2000"), ("2 000 ₽", "2000"), ("2000р.", "2000"), ("1 500,50", "1500.50"), ("2.500", "2500")],
)
def test_a_price_is_understood_as_people_write_it(typed: str, price: str) -> None:
    turn = pricing({"step": "price", "order": "5"}, text(typed))
    assert (turn.act, turn.price, turn.facts) == ("price", Decimal(price), {"order": "5"})


@pytest.mark.parametrize("typed", ["две тысячи", "-5", "<b>", "9" * 12])
def test_what_is_no_price_is_asked_again(typed: str) -> None:
    asked: State = {"step": "price", "order": "5"}
    turn = pricing(asked, text(typed))
    assert (turn.act, turn.state) == ("", asked)
    assert turn.message
    assert "<" not in turn.message.text


def test_zero_must_be_said_twice() -> None:
    once = pricing({"step": "price", "order": "5"}, text("0"))
    assert once.message
    assert "Точно 0" in once.message.text
    assert pricing(once.state, text("0")).act == "price"
    assert pricing(once.state, text("1500")).price == 1500


def test_a_reason_is_a_few_words() -> None:
    asked: State = {"step": "reason", "order": "5"}
    for wrong in (text("-"), text("я" * 201), STICKER):
        assert giving_back(asked, wrong).state == asked
    assert giving_back(asked, text("Сломалась\nмашина")).facts == {"order": "5", "reason": "Сломалась машина"}
