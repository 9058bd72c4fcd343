"""How our texts are marked: what Telegram is sent is what they say, and other channels get them without the marks."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bots import wording as to_both
from bots.client import texts as to_clients
from bots.markup import Piece, bold, code, link, pieces, plain
from bots.master import texts as to_masters
from bots.telegram.outgoing import html_of
from bots.wording import safe

WRITTEN = st.text(min_size=1, max_size=300)


@given(typed=WRITTEN)
@example("<b>Юля</b> &amp; Co > Пётр, «кавычки» и \"\" ''")
def test_what_an_outsider_typed_is_text_wherever_it_stands(typed: str) -> None:
    for mark in (bold, code, lambda text: link(text, f"https://maps.example/?q={typed}&z=1")):
        text = f"Заказ {mark(safe(typed, 1000))} взят"
        assert html_of(text) == text
        assert [piece.text for piece in pieces(text)][1] == typed


def test_marks_come_in_pieces() -> None:
    text = f"📋 {bold('Ваши заявки')}\n{link('Мира 1', 'https://maps.example/?a=1&b=2')} {code('501')}"
    assert pieces(text) == [
        Piece("📋 "),
        Piece("Ваши заявки", bold=True),
        Piece("\n"),
        Piece("Мира 1", url="https://maps.example/?a=1&b=2"),
        Piece(" "),
        Piece("501", code=True),
    ]
    assert plain(text) == "📋 Ваши заявки\nМира 1 (https://maps.example/?a=1&b=2) 501"


def test_a_mark_that_is_none_of_ours_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="'u'"):
        pieces("<u>Нет такого</u>")


@pytest.mark.parametrize(("module", "least"), [(to_clients, 11), (to_masters, 11), (to_both, 3)])
def test_telegram_is_sent_each_sentence_as_it_stands(module: object, least: int) -> None:
    said = [text for name, text in vars(module).items() if name.isupper() and isinstance(text, str)]
    assert len(said) >= least
    for text in said:
        assert html_of(text) == text
