"""What a button carries works in the chat it was shown in, and only what we made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.button_tokens import ACT, DATA_BYTES, Pressed, Seals
from bots.messages import Button
from record.values import Address, telegram
from record.values.handles import handle

SEALS = Seals("1002:token")
ACTS = st.from_regex(ACT, fullmatch=True).filter(lambda act: not act.endswith("\n"))
NUMBERS = st.text(max_size=300)
CHATS = st.integers(min_value=-(10**13), max_value=10**13).map(telegram)


@given(act=ACTS, order=NUMBERS, chat=CHATS, other=CHATS)
def test_a_button_works_in_its_own_chat_only(act: str, order: str, chat: Address, other: Address) -> None:
    data = SEALS.of(chat, Button("", act, order=order))
    assert len(data.encode()) <= DATA_BYTES
    assert SEALS.opened(chat, data) == Pressed(act, handle(order) if order else "")
    assert Seals("1002:another").opened(chat, data) is None
    assert (SEALS.opened(other, data) is None) == (other != chat)


@given(data=st.text(st.characters(exclude_categories=()), max_size=80))
def test_whatever_else_is_sent_is_none_of_ours(data: str) -> None:
    assert SEALS.opened(telegram(601), data) is None


@given(order=NUMBERS, place=st.integers(min_value=0, max_value=63), sign=st.characters(exclude_categories=()))
def test_no_letter_can_be_changed(order: str, place: int, sign: str) -> None:
    data = SEALS.of(telegram(601), Button("", "accept", order=order))
    changed = data[: place % len(data)] + sign + data[place % len(data) + 1 :]
    assert changed == data or SEALS.opened(telegram(601), changed) is None


@pytest.mark.parametrize("act", ["", "a.b", "я", "x" * 31, "a b", "a\n"])
def test_an_act_that_a_button_can_t_carry_is_a_mistake_of_ours(act: str) -> None:
    with pytest.raises(ValueError, match="no button"):
        SEALS.of(telegram(601), Button("", act, order="1"))
