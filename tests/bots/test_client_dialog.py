"""The client's dialog, turn by turn: what is said, the step after it, and words of the answer."""

from typing import Any

import pytest

from bots.client.dialog import State, after_placing, step
from bots.client.texts import EDIT, MENU, SERVICES, progress
from bots.incoming import Incoming
from tests.bots.acts import SHOP, STICKER, contact, text

Line = tuple[Incoming | str, str, str]


def played(*lines: Line, state: State | None = None) -> State:
    """Play a dialog; after each line the step and the last answer must be as the table says."""
    now: State = state or {}
    for said, at, words in lines:
        turn = step(now, text(said) if isinstance(said, str) else said, SHOP)
        now = turn.state
        answer = turn.messages[-1].text if turn.messages else turn.act
        assert (now.get("step", "menu"), words in answer) == (at, True), f"{said} → {now} «{answer}»"
    return now


TO_PHONE: tuple[Line, ...] = (
    (SERVICES, "problem", "Что случилось?"),
    ("Не работает розетка", "address", "🟢🟢⚪⚪⚪ 40%"),
    ("Невского 47", "name", "🟢🟢🟢⚪⚪ 60%"),
    ("Юля", "phone", "🟢🟢🟢🟢⚪ 80%"),
)
TO_CONFIRM: tuple[Line, ...] = (*TO_PHONE, ("8 900 123-45-67", "confirm", "🟢🟢🟢🟢🟢 100%"))


def test_from_greeting_to_order() -> None:
    state = played(("/start", "menu", "Здравствуйте"), *TO_CONFIRM, ("✅ Подтвердить", "confirm", "place"))
    assert state["draft"] == {
        "problem": "Не работает розетка",
        "address": "Невского 47",
        "name": "Юля",
        "phone": "+79001234567",
    }


def test_the_bar_grows_with_every_step() -> None:
    steps = ("problem", "address", "name", "phone", "confirm")
    assert [progress(at) for at in steps] == [
        "🟢⚪⚪⚪⚪ 20%",
        "🟢🟢⚪⚪⚪ 40%",
        "🟢🟢🟢⚪⚪ 60%",
        "🟢🟢🟢🟢⚪ 80%",
        "🟢🟢🟢🟢🟢 100%",
    ]


def test_each_answer_is_checked() -> None:
    played(
        (SERVICES, "problem", "Что случилось?"),
        ("?", "problem", "Слишком коротко"),
        ("1234", "problem", "Слишком коротко"),
        ("я" * 2001, "problem", "2000 знаков"),
        (STICKER, "problem", "только текст"),
        (contact("79001234567"), "problem", "чуть позже"),
        ("/help", "problem", "Что случилось?"),
        ("Нет света", "address", "Куда приехать"),
        ("ул", "address", "улицу и номер дома"),
        ("а" * 201, "address", "слишком длинный"),
        ("Победы 5", "name", "обращаться"),
        ("8", "name", "имя буквами"),
        ("я" * 61, "name", "слишком длинное"),
        ("Юля", "phone", "80%"),
        ("завтра", "phone", "11 цифр"),
        ("123", "phone", "11 цифр"),
        (STICKER, "phone", "только текст"),
        (contact("79001234567", own=False), "phone", "другого человека"),
        (contact("79001234567"), "confirm", "+79001234567"),
        ("а что дальше?", "confirm", "Проверьте заявку"),
        (STICKER, "confirm", "Проверьте заявку"),
    )


@pytest.mark.parametrize("way_out", [MENU, "/start", "/cancel"])
@pytest.mark.parametrize("length", range(1, 6))
def test_the_menu_is_one_press_away_from_everywhere(length: int, way_out: str) -> None:
    assert played(*TO_CONFIRM[:length], (way_out, "menu", "")) == {}


@pytest.mark.parametrize(
    ("key", "at", "answer", "shown"),
    [
        ("✏️ Проблема", "problem", "Искрит щиток", "💬 Искрит щиток"),
        ("✏️ Адрес", "address", "Победы 5", "📍 Победы 5"),
        ("✏️ Имя", "name", "Ольга", "👤 Ольга"),
        ("✏️ Телефон", "phone", "+79005556677", "📞 +79005556677"),
    ],
)
def test_any_answer_can_be_given_again(key: str, at: str, answer: str, shown: str) -> None:
    state = played(*TO_CONFIRM, (key, at, "%"), (answer, "confirm", shown))
    assert set(EDIT.values()) == set(state["draft"])
    assert "editing" not in state


def test_a_second_confirm_shows_the_order_that_is_there() -> None:
    placed = after_placing(SHOP, "123", "se_cret")
    assert "#123" in placed.messages[0].text
    assert "https://app.balt-set.ru/track.html?id=123&amp;key=se_cret" in placed.messages[0].text
    played(("✅ Подтвердить", "menu", "Заявка #123 уже у нас"), state=placed.state)


def test_one_dialog_is_one_order_however_often_it_is_confirmed() -> None:
    said = text("✅ Подтвердить")
    state = played(*TO_CONFIRM)
    once = step(state, said, SHOP).facts["once"]
    assert once == step(state, said, SHOP).facts["once"]
    again = step(step({}, text(SERVICES, message_id=99), SHOP).state, text("Нет света"), SHOP).state
    assert once != f"telegram:7:{again['form']}"


def test_the_name_telegram_knows_is_offered() -> None:
    turn = step(played(*TO_PHONE[:2]), text("Невского 47"), SHOP)
    assert [[key.text for key in row] for row in turn.messages[0].keyboard] == [["Юля"], [MENU]]


@pytest.mark.parametrize(
    ("payload", "order", "key"), [("track_12_a_b-c", "12", "a_b-c"), ("track_12", "12", ""), ("track_", "", "")]
)
def test_a_deep_link_names_order_and_key(payload: str, order: str, key: str) -> None:
    turn = step({}, text(f"/start {payload}"), SHOP)
    assert (turn.act, turn.facts) == ("tie", {"order": order, "key": key})


def test_what_was_typed_is_shown_as_text() -> None:
    state: dict[str, Any] = played(*TO_CONFIRM)
    state["draft"]["problem"] = "<b>&"
    again = step({**state, "step": "phone", "editing": True}, text("+79001234567"), SHOP)
    assert "💬 &lt;b&gt;&amp;" in again.messages[0].text
