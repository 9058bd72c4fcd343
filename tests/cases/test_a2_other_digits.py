"""A2: figures in other shapes are no digits of a number: ``2000¹`` is not 20 001."""

import pytest

from record import values
from record.values import Unclear

SHAPES = ["2000¹", "2000²", "①500", "2²000", "2½", "1500⁰"]


@pytest.mark.parametrize("typed", SHAPES)
def test_a2_a_sum_with_a_raised_or_circled_figure_is_asked_about(typed: str) -> None:
    with pytest.raises(Unclear):
        values.money(typed)


@pytest.mark.parametrize("typed", ["²5.12.2026", "3¹.12.2026"])
def test_a2_a_day_with_a_raised_figure_is_asked_about(typed: str) -> None:
    with pytest.raises(Unclear):
        values.moment(typed)


@pytest.mark.parametrize(("typed", "roubles"), [("２０００", 2000), ("2\u00a0000 ₽", 2000), ("1500р.", 1500)])
def test_a2_figures_of_full_width_are_digits(typed: str, roubles: int) -> None:
    assert values.money(typed) == roubles
