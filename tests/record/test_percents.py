"""One rule for what a commission means: the share that Google keeps, a percentage, or it is asked about."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record import values
from record.values import Cell, Unclear
from web.forms.panel import percent_edit


@pytest.mark.parametrize(
    ("typed", "share", "part"),
    [("0,3", "30", "0,3"), ("0.3", "30", "0,3"), ("0,05", "5", "0,05"),
     (" 0.25 ", "25", "0,25"), ("0,999", "99,9", "0,999")],
)  # fmt: skip
def test_a_fraction_in_a_text_is_asked_about_with_both_ways_to_write_it(typed: str, share: str, part: str) -> None:
    with pytest.raises(Unclear) as unclear:
        values.percent(typed)
    said = f"Комиссия, % «{typed.strip()}»: неясно, {share} % или {part} %. Напишите «{share}%» или «{part}%»"
    assert str(unclear.value) == said
    assert percent_edit(typed, "", None) == (None, said), "the panel asks too"
    assert values.percent(f"{share}%") == Decimal(share.replace(",", "."))
    assert values.percent(f"{part}%") == Decimal(part.replace(",", "."))


@pytest.mark.parametrize(
    ("cell", "meant"),
    [(0.3, "30"), (0.003, "0.3"), ("0,3%", "0.3"), ("0.3 процента", "0.3"), ("0", "0"), ("0,0", "0"), ("1", "1"),
     ("1,5", "1.5"), ("30,0", "30"), (1, "1"), (1.0, "100"), (1.5, "1.5")],
)  # fmt: skip
def test_what_is_certain_is_taken(cell: Cell, meant: str) -> None:
    assert values.percent(cell) == Decimal(meant)


@given(st.integers(1, 100), st.sampled_from(["{}%", "{} %", "{},0", "{} проц."]))
def test_a_whole_percentage_is_itself_however_it_is_written(whole: int, layout: str) -> None:
    assert values.percent(layout.format(whole)) == whole
