"""What is asked of masters: who they are, what the client paid, why an order comes back."""

from decimal import Decimal

import pytest

from bots.incoming import Incoming
from bots.master.dialog import State, giving_back, registering
from bots.master.pricing import asking, confirmed, other, pricing
from bots.master.questions import is_beside, is_for_staff
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


@pytest.mark.parametrize(
    ("typed", "for_staff", "when_asked"),
    [
        ("сейчас поднимаюсь", True, False),
        ("клиент не заплатил", True, True),
        ("а он спрашивает про чек", True, True),
        ("диспетчер", True, True),
        ("две тыщи", False, False),
        ("полторы", False, False),
        ("2000 и ещё приеду", False, False),
        ("бесплатно", False, False),
        ("да нет", True, False),
        ("да, всё верно", False, False),
        ("спасибо", False, False),
        ("отмена", False, False),
    ],
)
def test_what_is_no_try_at_a_sum_is_for_staff(typed: str, *, for_staff: bool, when_asked: bool) -> None:
    state = asking("5", Decimal(2000), None)
    assert is_for_staff(state, text(typed)) is for_staff
    assert is_beside(state, text(typed)) or not for_staff
    asked = pricing(state, text("20000")).state
    assert is_for_staff(asked, text(typed)) is when_asked


def test_zero_must_be_said_twice() -> None:
    once = pricing({"step": "price", "order": "5"}, text("0"))
    assert once.message
    assert "Точно 0" in once.message.text
    assert pricing(once.state, text("0")).act == "price"
    assert pricing(once.state, text("1500")).price == 1500


# what such orders cost, what he types, the price it is taken for at once, None for a question, and words of it
@pytest.mark.parametrize(
    ("usual", "typed", "price", "words"),
    [
        ("2000", "19999", "19999", ""),
        ("2000", "20000", None, "20 000 ₽, верно? Обычно такие заказы стоят около 2 000 ₽"),
        ("2000", "20т.р.", None, "20 000 ₽, верно?"),
        ("2000", "200", "200", ""),
        ("2000", "199", None, "199 ₽, верно?"),
        ("2000", "199 нал", None, "199 ₽, верно?"),
        ("2000", "2500.50", "2500.50", ""),
        ("2000", "2,5к", "2500", ""),
        ("2000", "2.5", None, "2,50 ₽, верно? Если это 2 500 ₽, напишите 2500"),
        (None, "2.5", None, "2,50 ₽, верно? Если это 2 500 ₽, напишите 2500"),
        (None, "20000", "20000", ""),
        ("2000", "0", None, "Точно 0 ₽?"),
        (None, "999999999999", None, "Слишком большая сумма, проверьте"),
        (None, "999 999 999 999 ₽", None, "Слишком большая сумма, проверьте"),
        (None, "100000001", None, "Слишком большая сумма, проверьте"),
    ],
)
def test_a_price_that_is_hardly_meant_is_asked_about(
    usual: str | None, typed: str, price: str | None, words: str
) -> None:
    turn = pricing(asking("5", Decimal(usual) if usual else None, None), text(typed))
    assert (turn.act, turn.price) == (("price", Decimal(price)) if price else ("", Decimal(0)))
    said = turn.message.text if turn.message else ""
    assert words in said.replace("\xa0", " ")


@pytest.mark.parametrize(
    "yes", ["да", "Да!", "✅ Верно", "верно", "+", "ок", "20000", "20 000 ₽", "да, 20000", "20т"]
)
def test_it_is_confirmed_in_any_words(yes: str) -> None:
    asked = pricing(asking("5", Decimal(2000), None), text("20000 нал")).state
    turn = pricing(asked, text(yes))
    assert (turn.act, turn.price) == ("price", Decimal(20000))
    assert confirmed(asked).facts == {"order": "5", "said": "20000 нал"}


@pytest.mark.parametrize("no", ["нет", "не верно", "да нет", "да?", "неверно", "да 2000"])
def test_it_is_not_confirmed_by_anything_else(no: str) -> None:
    asked = pricing(asking("5", Decimal(2000), None), text("20000")).state
    assert pricing(asked, text(no)).act == ""


def test_another_sum_is_said_instead() -> None:
    asked = pricing(asking("5", Decimal(2000), Decimal(1200)), text("20000")).state
    assert pricing(asked, text("2000")).price == 2000
    assert pricing(asked, text("30000")).state["asked"] == "30000.00"
    assert other(asked) == asking("5", Decimal(2000), Decimal(1200))


def test_a_reason_is_a_few_words() -> None:
    asked: State = {"step": "reason", "order": "5"}
    for wrong in (text("-"), text("я" * 201), STICKER):
        assert giving_back(asked, wrong).state == asked
    assert giving_back(asked, text("Сломалась\nмашина")).facts == {"order": "5", "reason": "Сломалась машина"}
