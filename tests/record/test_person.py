"""One person as texts name him: in every spelling of his phone, and nobody else."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.dispatch.person import Person, known_phones, print_of

HER = Person("+79215550177", texts=("Юля", "Феврония Журавлихина", "Заречная 17, кв. 9"), chats=("501", "555017755"))
SPELLED = (
    "+79215550177", "89215550177", "9215550177", "8 (921) 555-01-77", "+7 921 555 01 77", "7-921-555-01-77",
    "8.921.555.01.77", "+7\u00a0921\u00a0555‑01‑77", "тел.8921 5550177", "8 921 555—01—77",
    "８９２１５５５０１７７", "＋７ ９２１ ５５５ ０１ ７７", "٨٩٢١٥٥٥٠١٧٧", "8 ९२१ 555 01 77", "𝟖𝟗𝟐𝟏𝟓𝟓𝟓𝟎𝟏𝟕𝟕",
)  # fmt: skip
OTHERS = ("+79215550178", "8 921 555 01 7", "792155501771", "19215550177 5", "555-01-77", "100 9215 550 177 42")


@pytest.mark.parametrize("spelled", SPELLED)
def test_a_phone_is_found_and_cut_out_in_any_spelling(spelled: str) -> None:
    text = f"звонить {spelled}, после 18"
    assert HER.called(text)
    assert any(re.search(one, text) for one in HER.patterns)
    assert any(re.search(one, json.dumps(text)) for one in HER.patterns)
    cut = HER.scrubbed(text)
    assert "555" not in cut
    assert not HER.called(cut)
    assert cut.startswith("звонить")
    assert cut.endswith("после 18")


@pytest.mark.parametrize("other", OTHERS[:3])
def test_another_number_is_left_alone(other: str) -> None:
    assert not HER.called(other)
    assert HER.by_phone.scrubbed(other) == other


@given(st.lists(st.sampled_from(["", " ", "-", "(", ") ", ".", "—", "\u00a0"]), min_size=10, max_size=10))
def test_whatever_stands_between_the_figures(apart: list[str]) -> None:
    spelled = "8" + "".join(sign + figure for sign, figure in zip(apart, "9215550177", strict=True))
    assert HER.called(spelled)
    assert not HER.called(HER.scrubbed(f"тел {spelled}."))


@pytest.mark.parametrize("number", [79215550177, 89215550177.0, 9215550177])
def test_a_phone_that_the_sheet_took_for_a_number(number: float) -> None:
    assert HER.scrubbed([number, 2000, True]) == ["", 2000, True]


@pytest.mark.parametrize("common", ["Ёлкина № 5 — «да» 🔌 12 ₽", "😀 921 555", "кв. 9\u00a0/ 17"])
def test_what_people_type_every_day_is_not_looked_at_twice(common: str) -> None:
    for text in (common, json.dumps(common)):
        assert not any(re.search(one, text) for one in HER.patterns)


def test_short_names_and_chats_are_cut_only_where_they_stand_alone() -> None:
    assert HER.scrubbed("Юля") == ""
    assert HER.scrubbed("Юлят") == "Юлят"
    assert HER.scrubbed("501") == ""
    assert HER.scrubbed("цена 501 ₽") == "цена 501 ₽"
    assert HER.scrubbed("chat 555017755, феврония журавлихина") == "chat , "


def test_json_is_scrubbed_to_its_depth_keys_included() -> None:
    told = {"a": [{"8 921 555 01 77": "Заречная 17, кв. 9"}], "n": 3}
    assert HER.scrubbed(told) == {"a": [{"": ""}], "n": 3}


def test_a_print_tells_phones_apart_and_needs_the_key() -> None:
    assert print_of("+79215550177", "a") != print_of("+79215550177", "b")
    assert print_of("+79215550177", "a") != print_of("+79215550178", "a")
    assert "555" not in known_phones(["ул. 555"], "RU")
