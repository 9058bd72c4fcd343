"""A phone that the words beside it deny or call old is not the one to call; nothing that is said is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record import values
from record.values import Unclear
from record.values.phones import EXAMPLE
from tests.record.notation import order

A, B = "89001234567", "89111234567"

DENIED = [
    "A (не этот!)", "не A", "A не этот", "A - НЕ ТОТ НОМЕР", "A не тот", "A не мой", "A не его номер",
    "A Анна не этот", "старый A", "A старый", "A - старый", "старый номер: A", "старый тел. A", "старый номер Юли A",
    "A Юля (старый)", "A - это старый номер", "старый (A)", "бывший номер A", "прежний A",
    "A чужой", "A устарел", "old A",
    "A не звонить", "A, не звонить!", "A больше не звонить", "не звонить на A", "по A не звонить", "не набирать A",
    "A не надо", "A не использовать", "A не для звонков", "A бывший муж, не звонить", "A старый, не звонить",
    "A не актуален", "A неактуальный", "A неверный", "неверный номер A", "A ошибка", "A wrong number",
    "A не работает", "телефон A не работает", "A не обслуживается", "A уже не действует", "A отключен", "A нет",
    "A сменила", "кроме A", "вместо A", "❌ A", "A ❌", "A старый B", "A новый B", "A, B новый", "не A, а B",
    "A не нужен", "A,не тот", "нет A",
]  # fmt: skip
OTHER = [
    "старый A, новый B", "A - старый, B - новый", "A (старый), B (новый)", "старый номер A, новый номер B",
    "не A, а новый B", "A неактуальный; актуальный B", "старый A новый B", "прежний A / действующий B",
    "A не тот, верный B", "Старый: A. Новый: B",
]  # fmt: skip
FIRST = [
    "A Анна", "A, B", "A / B (старый)", "A новый, B старый", "A, B не звонить", "A (Юля), B (муж)", "A, не B",
    "A вместо B", "A не B", "A вместо старого", "новый номер A", "мой новый тел. A", "A основной, B запасной",
    "A не звонить после 20", "A не звоните до 10 утра", "A не раньше 9", "звонить не раньше 9: A",
    "звонить после 18, A",
    "A не звонить, писать в вотсап", "A не отвечает", "A, если не отвечает - B", "A, не беспокоить ночью",
    "A не сегодня",
    "A старый клиент", "A Старый Оскол", "старый дом, A", "A старая проводка", "A новая розетка", "A отключен свет",
    "A не горит свет", "свет не горит A", "не работает розетка, A", "A, домофон не работает", "A нет света",
    "нет света A",
    "A стиралка выдаёт ошибку E20", "A нет ватсапа", "A не WhatsApp", "Не звоните на городской, A",
    "A, не торопиться",
]  # fmt: skip


def typed(drawn: str) -> str:
    """Return a text with the two numbers in their places."""
    return drawn.replace("A", A, 1).replace("B", B, 1)


@pytest.mark.parametrize("drawn", DENIED)
def test_a_denied_phone_is_asked_about(drawn: str) -> None:
    said = typed(drawn)
    with pytest.raises(Unclear) as unclear:
        values.phone(said)
    assert str(unclear.value) == (
        f"Телефон «{values.cut(said)}» непонятен: рядом сказано, что звонить не по нему: "
        "оставьте один верный номер, например +79001234567"
    )
    assert order(f"Телефон: {said}").phone == "" or ";" in said


@pytest.mark.parametrize("drawn", OTHER)
def test_the_new_phone_is_called_where_the_other_is_the_old_one(drawn: str) -> None:
    said = typed(drawn)
    assert values.phone(said) == "+79111234567"
    assert values.phone_words(said) == said, "the master sees what was said of both"


@pytest.mark.parametrize("drawn", FIRST)
def test_other_words_deny_no_phone(drawn: str) -> None:
    said = typed(drawn)
    assert values.phone(said) == "+79001234567"
    assert values.phone_words(said) in (said, "")


@pytest.mark.parametrize("number", [A, "8 900 123-45-67", "+7 (900) 123-45-67", "+79001234567", "900 123 45 67"])
@pytest.mark.parametrize("said", ["{} (не этот!)", "не {}", "старый {}", "{} старый", "{}, не звонить", "Не  {} !"])
def test_a_phone_is_denied_however_it_is_written(number: str, said: str) -> None:
    with pytest.raises(Unclear, match="звонить не по нему"):
        values.phone(said.format(number))


@given(
    st.sampled_from(["не этот", "старый", "не звонить", "неверный", "не актуален"]),
    st.sampled_from(["{0} {1}", "{0} - {1}", "{0} ({1})", "{0}, {1}", "{0}\n{1}", "{0} {1}!", "Юля {0} {1}"]),
    st.sampled_from([str.lower, str.upper, str.capitalize]),
)
def test_no_layout_hides_a_denial(words: str, layout: str, case: object) -> None:
    assert callable(case)
    with pytest.raises(Unclear, match="звонить не по нему"):
        values.phone(layout.format(A, case(words)))


def test_one_example_of_a_phone_is_shown_everywhere() -> None:
    for cell in ("12", "#REF!", f"не {A}"):
        with pytest.raises(Unclear, match=r"например \+79001234567$"):
            values.phone(cell)
    assert EXAMPLE == "+79001234567"
    assert values.phone(EXAMPLE) == EXAMPLE


@pytest.mark.parametrize(
    "typed", ["00 375 29 123-45-67", "0-0-375-29-1234567", "00375291234567", "+375 29 123-45-67"]
)
def test_a_number_dialled_out_as_the_world_does_is_of_its_country(typed: str) -> None:
    assert values.phone(typed) == "+375291234567"


@pytest.mark.parametrize("beside", ["12 {}", "18 {}", "#12 {}", "{} 12", "кв. 12, {}", "3 {}"])
def test_a_flat_or_an_hour_beside_a_phone_is_kept(beside: str) -> None:
    said = beside.format("89001234567")
    assert (values.phone(said), values.phone_words(said)) == ("+79001234567", said)


@pytest.mark.parametrize(
    "typed", ["89001234567", "+7 900 123-45-67", "8-900-123-45-67", "00 7 900 123 45 67", "тел. 89001234567"]
)
def test_a_phone_alone_says_no_more(typed: str) -> None:
    assert values.phone_words(typed) == ""
