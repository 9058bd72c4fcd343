"""The client's dialog, turn by turn: what is said, the step after it, and words of the answer."""

from dataclasses import replace
from typing import Any

import pytest

from bots.client.dialog import after_placing, step
from bots.client.kept import State
from bots.client.menu import unheard
from bots.client.texts import CONTINUE, EDIT, KEEP, MENU, PLACE, RESTART, SERVICES, progress
from bots.client.turns import Turn
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


def keys(turn: Turn) -> list[str]:
    """Return the keys below the last answer."""
    return [key.text for row in turn.messages[-1].keyboard for key in row]


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
        ("?", "problem", "Напишите словами, что случилось"),
        ("1234", "problem", "Напишите словами, что случилось"),
        ("ой", "problem", "Слишком коротко"),
        ("я" * 2001, "problem", "2000 знаков"),
        (STICKER, "problem", "ответ нужен словами"),
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
        (STICKER, "phone", "ответ нужен словами"),
        (contact("79001234567", own=False), "phone", "другого человека"),
        (contact("79001234567"), "confirm", "+7 900 123-45-67"),
        ("а что дальше?", "confirm", "Отвечайте обычным текстом"),
        (STICKER, "confirm", "Проверьте, всё ли верно"),
        ("звоните после 18", "confirm", "Передадим мастеру: звоните после 18"),
    )


@pytest.mark.parametrize("way_out", [MENU, "/cancel", "отмена"])
@pytest.mark.parametrize("length", range(1, 6))
def test_the_menu_is_one_press_away_from_everywhere(length: int, way_out: str) -> None:
    assert played(*TO_CONFIRM[:length], (way_out, "menu", "")) == {}


@pytest.mark.parametrize(
    ("key", "at", "answer", "shown"),
    [
        ("✏️ Проблема", "problem", "Искрит щиток", "💬 Искрит щиток"),
        ("✏️ Адрес", "address", "Победы 5", "📍 Победы 5"),
        ("✏️ Имя", "name", "Ольга", "👤 Ольга"),
        ("✏️ Телефон", "phone", "+79005556677", "📞 +7 900 555-66-77"),
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
    assert keys(turn) == ["Юля", MENU]


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


SENT_AT = 1_790_000_000


def sent(at: int, said: str, **more: Any) -> Incoming:
    """Return a text sent so many seconds after the first."""
    return text(said, at=SENT_AT + at, **more)


def begun() -> State:
    """Return a dialog that waits for the address, by messages 1 and 2."""
    first = sent(0, SERVICES, message_id="1")
    return played((first, "problem", ""), (sent(9, "Нет света", message_id="2"), "address", ""))


@pytest.mark.parametrize("said", ["/start", SERVICES])
def test_answers_are_not_dropped_without_a_question(said: str) -> None:
    asked = step(begun(), sent(20, said), SHOP)
    assert ("Нет света" in asked.messages[0].text, keys(asked)) == (True, [CONTINUE, RESTART, MENU])
    went_on = step(asked.state, sent(30, CONTINUE), SHOP)
    assert (went_on.state["step"], went_on.state["draft"]) == ("address", {"problem": "Нет света"})
    anew = step(asked.state, sent(30, RESTART, message_id="9"), SHOP)
    assert (anew.state["step"], anew.state["draft"], anew.state["form"]) == ("problem", {}, "9")


@pytest.mark.parametrize(("after_s", "asks"), [(3599, False), (3700, True)])
def test_a_draft_of_an_hour_ago_is_offered(after_s: int, *, asks: bool) -> None:
    turn = step(begun(), sent(after_s + 9, "Невского 47"), SHOP)
    assert (keys(turn)[0] == CONTINUE) is asks
    if asks:
        assert "address" not in turn.state["draft"]
        went_on = step(turn.state, sent(after_s + 20, "да"), SHOP)
        assert keys(went_on)[0] == "Невского 47", "one press gives the answer"


def test_what_was_last_heard_counts_where_no_time_was_kept() -> None:
    assert keys(step(begun(), sent(60, "Невского 47"), SHOP, last_at=SENT_AT - 7200))[0] == CONTINUE


def test_confirm_speaks_of_no_other_order() -> None:
    placed = after_placing(SHOP, "5", "k").state
    dropped = played((SERVICES, "problem", ""), ("Нет света", "address", ""), ("отмена", "menu", ""), state=placed)
    played(("✅ Подтвердить", "menu", "Подтверждать сейчас нечего"), state=dropped)
    paused = played(*TO_CONFIRM, ("/start", "confirm", "незаконченная заявка"))
    played(("✅ Подтвердить", "confirm", "Проверьте, всё ли верно"), state=paused)


@pytest.mark.parametrize("said", [KEEP, "отмена", "назад"])
def test_while_correcting_an_answer_may_stay(said: str) -> None:
    asked = step(played(*TO_CONFIRM), text("✏️ Адрес"), SHOP)
    assert keys(asked)[-2:] == [KEEP, MENU]
    state = played((said, "confirm", "📍 Невского 47"), state=asked.state)
    assert "editing" not in state


def test_back_asks_what_was_asked_before() -> None:
    played(*TO_PHONE, ("назад", "name", "обращаться"), (KEEP, "phone", "80%"))


@pytest.mark.parametrize(
    ("changed", "at", "words"),
    [
        (text("Нет света на кухне", message_id="2", edited=True), "address", "Исправил: Нет света на кухне"),
        (text("отмена", message_id="2", edited=True), "address", "оставил как было"),
        (text("1", message_id="2", edited=True), "address", "Напишите словами"),
        (text("что-то", message_id="77", edited=True), "address", "новым сообщением"),
    ],
)
def test_an_edit_corrects_the_answer_it_gave(changed: Incoming, at: str, words: str) -> None:
    state = played((changed, at, words), state=begun())
    assert state["draft"]["problem"] == ("Нет света на кухне" if "кухне" in changed.text else "Нет света")


def test_an_answer_that_was_refused_may_be_mended_by_an_edit() -> None:
    refused = played((text("ул", message_id="3"), "address", "неполный"), state=begun())
    played((text("ул. Мира 5", message_id="3", edited=True), "name", "обращаться"), state=refused)


def test_the_caption_of_a_photo_is_the_answer_and_an_album_is_one() -> None:
    first = text("Искрит щиток", sort="photo", file="f1", album="a", message_id="5")
    rest = [replace(STICKER, sort="photo", file=f"f{number}", album="a") for number in (2, 3)]
    turn = step(played((SERVICES, "problem", "")), first, SHOP)
    assert (turn.state["step"], turn.state["draft"]) == ("address", {"problem": "Искрит щиток"})
    for part in rest:
        turn = step(turn.state, part, SHOP)
        assert turn.messages == ()
    assert turn.state["files"] == [["photo", "f1"], ["photo", "f2"], ["photo", "f3"]]
    shown = played(
        ("Мира 5", "name", ""), ("Юля", "phone", ""), ("8 900 123-45-67", "confirm", "📎 Приложено: 3 фото"),
        state=turn.state,
    )  # fmt: skip
    assert len(shown["files"]) == 3


def test_what_was_sent_before_it_is_asked_for_is_offered_then() -> None:
    where = replace(STICKER, sort="location", detail="https://yandex.ru/maps/?pt=20.5,54.7&z=17&l=map")
    his = contact("79005556677")
    state = played((SERVICES, "problem", ""), (his, "problem", "чуть позже"), (where, "problem", "запомнил"))
    asked = step(state, text("Нет света"), SHOP)
    assert keys(asked)[0] == PLACE
    state = played((PLACE, "name", ""), ("Юля", "phone", ""), ("+7 900 555-66-77", "confirm", ""), state=asked.state)
    assert (state["draft"]["phone"], "pt=20.5,54.7" in state["draft"]["address"]) == ("+79005556677", True)


@pytest.mark.parametrize("at", [3, 4, 5])
def test_a_point_sent_after_the_address_reaches_the_master(at: int) -> None:
    where = replace(STICKER, sort="location", detail="https://yandex.ru/maps/?pt=20.5,54.7&z=17&l=map")
    before = played(*TO_CONFIRM[:at])
    once = step(before, where, SHOP)
    assert "мастер её увидит" in once.messages[0].text
    assert "pt=20.5,54.7" in once.state["draft"]["comment"]
    assert step(once.state, where, SHOP).state["draft"] == once.state["draft"], "and once only"


def test_a_point_sent_before_a_typed_address_is_kept_beside_it() -> None:
    where = replace(STICKER, sort="location", detail="https://yandex.ru/maps/?pt=20.5,54.7&z=17&l=map")
    state = played((SERVICES, "problem", ""), ("Нет света", "address", ""), ("/help", "address", ""))
    state = step(
        {**state, "place": step(played((SERVICES, "problem", "")), where, SHOP).state["place"]}, text("Мира 5"), SHOP
    ).state
    assert (state["draft"]["address"], "pt=20.5,54.7" in state["draft"]["comment"]) == ("Мира 5", True)
    assert "place" not in state


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("said", ["Здравствуйте", "помощь", "/help", "спасибо", "сколько стоит?", "🎉", "оператор"])
def test_what_is_no_answer_becomes_none(at: int, said: str) -> None:
    before = played(*TO_CONFIRM[:at])
    after = step(before, text(said), SHOP)
    assert (after.state["step"], after.state["draft"]) == (before["step"], before["draft"])
    assert "%" in after.messages[-1].text, "the question is asked again"


@pytest.mark.parametrize(("said", "asked"), [("где мастер?", True), ("Искрит щиток", False)])
def test_a_question_of_who_has_no_order_is_told_where_to_call_and_is_no_problem(said: str, *, asked: bool) -> None:
    turn = unheard({}, text(said), SHOP)
    assert ("позвоните нам" in turn.messages[0].text) is asked
    assert ("said" in turn.state) is not asked


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("Удалить мои данные", True),
        ("удалите мои данные!", True),
        ("Здравствуйте, прошу удалить мои персональные данные.", True),
        ("Сотрите все мои данные, пожалуйста", True),
        ("удалить мои данные с телефона не могу", False),
        ("удалите старую проводку", False),
    ],
)
def test_the_wish_to_be_forgotten_is_heard_in_peoples_own_words(said: str, *, asks: bool) -> None:
    assert (step({}, text(said), SHOP).act == "forget") is asks
