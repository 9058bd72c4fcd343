"""Who greets is greeted; who asks something with it is answered."""

import pytest

from record.assistant.manners import GOODBYE, HELLO, WELCOME, manners

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "said",
    [
        "привет", "Привет!", "ПРИВЕТ)))", "Здравствуйте", "здрасьте", "Добрый день", "доброе утро!", "Добрый вечер.",
        "Доброго времени суток", "hi", "Hello", "Привет 👋", "здравствуйте, есть кто тут?", "привет, как дела",
    ],
)  # fmt: skip
def test_a_greeting_is_greeted(said: str) -> None:
    assert manners(said) == HELLO


@pytest.mark.parametrize(
    "said", ["спасибо", "Спасибо большое!", "спс", "Благодарю вас"[:9], "всё понял, спасибо", "ок спасибо, пока"]
)
def test_thanks_are_welcome(said: str) -> None:
    assert manners(said) == WELCOME


@pytest.mark.parametrize("said", ["пока", "До свидания!", "всего доброго, до свидания"])
def test_who_leaves_is_let_go_kindly(said: str) -> None:
    assert manners(said) == GOODBYE


@pytest.mark.parametrize(
    "said",
    [
        "привет, сколько стоит розетка", "Здравствуйте! Искрит щиток", "добрый день когда приедете", "вечер", "есть",
        "день", "", "   ", "?", "12", "пока не приехал мастер, что делать?", "спасибо, а гарантия есть?", "все",
        "алло", "есть кто живой?",
    ],
)  # fmt: skip
def test_a_question_is_no_mere_politeness(said: str) -> None:
    assert manners(said) == ""
