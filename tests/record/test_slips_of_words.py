"""A slip of the finger never turns one Russian word into another: a word of the dictionary is what it says."""

import time

import pytest

from record import values
from record.dispatch.model import Master, Roster
from record.values import Categories, Unclear
from record.values.russian import in_dictionary
from record.values.slips import BESIDE, is_slip
from record.values.words import CLOSED_UP, STATUS_OF

LETTERS = sorted({one for pair in BESIDE for one in pair} - {"ё"})  # it is read as «е»


def _slips(word: str) -> set[str]:
    """Return whatever may come of a word by one slip."""
    ends = range(len(word))
    swapped = {word[:n] + word[n : n + 2][::-1] + word[n + 2 :] for n in ends}
    missing = {word[:n] + word[n + 1 :] for n in ends}
    other = {word[:n] + letter + word[n + 1 :] for n in ends for letter in LETTERS}
    more = {word[:n] + letter + word[n:] for n in range(len(word) + 1) for letter in LETTERS}
    return (swapped | missing | other | more) - {word}


@pytest.mark.parametrize("word", [word for word in STATUS_OF if " " not in word])
def test_no_word_of_the_dictionary_is_a_slip_of_a_status(word: str) -> None:
    real = [one for one in _slips(word) if one not in STATUS_OF and one not in CLOSED_UP and in_dictionary(one)]
    assert [one for one in real if is_slip(one, word)] == []
    for one in real:
        with pytest.raises(Unclear, match=r"^Статус «.+» непонятен"):
            values.status(one)


@pytest.mark.parametrize(
    "typed", ["готовка", "Готовка", "готовка 15.12", "в роботе", "отметка", "принята?", "заката"]
)
def test_another_word_is_asked_about(typed: str) -> None:
    with pytest.raises(Unclear, match=r"^Статус «.+» непонятен"):
        values.status(typed)


def test_slips_that_make_no_word_are_still_understood() -> None:
    for word, status in STATUS_OF.items():
        slips = [one for one in _slips(word) if " " not in word and is_slip(one, word)]
        assert len(slips) > 3 or len(word) < 5 or " " in word, word
        assert {values.status(one) for one in slips if sum(is_slip(one, other) for other in CLOSED_UP) == 1} <= {
            status
        }


def test_neither_is_it_a_slip_of_a_category_or_a_name() -> None:
    known = Categories([("Плиты", "Ремонт плиты"), ("Вытяжки", "Установка")], "Электрика")
    with pytest.raises(Unclear):
        known.find("платы")
    assert known.find("выттяжки") == "Вытяжки"
    roster = Roster.of([Master("1", "Пётр Казаков")])
    with pytest.raises(Unclear):
        roster.find("Козаков")
    assert roster.find("Казакков").id == "1"


def test_asking_the_dictionary_costs_no_more_than_the_word_is_long() -> None:
    in_dictionary("готовка")
    began = time.process_time()
    for n in range(2_000):
        in_dictionary(f"готовка{n}")
    assert time.process_time() - began < 1
