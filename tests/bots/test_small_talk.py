"""What is no answer is told apart from what is one, however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.small_talk import MEANING, Says, small_talk

TALK = [
    ("Отмена", Says.CANCEL),
    ("СТОП!", Says.CANCEL), ("отмените заявку, пожалуйста", Says.CANCEL), ("отмнеа", Says.CANCEL),
    ("меню", Says.CANCEL), ("Назад", Says.BACK), ("назад.", Says.BACK), ("Здравствуйте", Says.GREETING),
    ("Здраствуйте!!!", Says.GREETING), ("Привет 👋", Says.GREETING), ("добрый  день", Says.GREETING),
    ("помощь", Says.HELP), ("/help", Says.HELP),
    ("что делать?", Says.HELP), ("да", Says.YES), ("ДА.", Says.YES),
    ("ок", Says.YES), ("всё верно", Says.YES), ("+", Says.YES), ("👍", Says.YES), ("👍🏻", Says.YES),
    ("нет", Says.NO),
    ("-", Says.NO), ("спасибо", Says.THANKS), ("Спасибо вам большое!", Says.THANKS), ("оператор", Says.PERSON),
    ("позовите человека", Says.PERSON),
    ("сколько стоит?", Says.PRICE), ("а сколько это будет стоить", Says.PRICE),
    ("🙂🙂", Says.YES), ("🎉", Says.SIGNS), ("...", Says.SIGNS), ("?", Says.SIGNS), ("❤️", Says.SIGNS),
]  # fmt: skip
ANSWERS = [
    "ул. Стопани", "Стопани 5", "Спасов", "Спасибов Иван", "Приветов", "Нет света",
    "Не надо мне ничего, искрит щиток",
    "Здравствуйте, искрит розетка", "Привет, нет света на кухне", "Дада", "Отменный переулок 3", "Ок Сан Ми", "Юля",
    "Назаров", "Помогите, дымит проводка", "Цена установки розетки", "Невского 47", "8 900 123-45-67",
    "Окский проезд 1",
    "Добрынин", "Людмила", "Мир", "Хасан", "Менделеева 1", "Меньшиков", "Оля", "Диспетчерская 5",
    "сколько стоит заменить щиток", "Да нет света", "Ян", "Ира", "Ия", "2000",
]  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), TALK)
def test_what_is_no_answer_is_understood(said: str, meant: Says) -> None:
    assert small_talk(said) is meant


@pytest.mark.parametrize("said", ANSWERS)
def test_an_answer_stays_one(said: str) -> None:
    assert small_talk(said) is None


@given(st.sampled_from(sorted(MEANING)), st.sampled_from(["{}", "{}!", " {} ", "{}.", "{}…", "«{}»", "{} 🙏"]))
def test_case_and_signs_around_it_change_nothing(phrase: str, way: str) -> None:
    assert small_talk(way.format(phrase).upper()) is small_talk(phrase) is not None


@given(st.text())
def test_any_text_is_read(said: str) -> None:
    small_talk(said)
