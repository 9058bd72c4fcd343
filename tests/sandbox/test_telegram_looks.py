"""Sending: keyboards, previews of links and marked text, as Telegram shows and limits them."""

from typing import Any

import pytest

from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import YULIA, Talk


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it."""
    return Talk(sandbox).started()


def buttons(*rows: int) -> dict[str, Any]:
    """An inline keyboard with that many buttons in each row."""
    return {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * number for number in rows]}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([8, 8], [8, 8]),
        ([9, 1], [8, 1]),
        ([1] * 100, [1] * 100),
        ([30, 0, 2], [8, 2]),
        ([8] * 12 + [4], [8] * 12 + [4]),
    ],
)
def test_what_is_too_much_in_a_row_is_dropped(talk: Talk, given: list[int], shown: list[int]) -> None:
    message = talk.send(reply_markup=buttons(*given))
    assert [len(row) for row in message["reply_markup"]["inline_keyboard"]] == shown


@pytest.mark.parametrize(
    "markup",
    [
        buttons(*[1] * 101),
        buttons(*[8] * 13),
        {"inline_keyboard": [[{"text": "ж" * 60, "callback_data": "x" * 60}]] * 60},
    ],
)
def test_a_keyboard_of_too_much_is_refused(talk: Talk, markup: dict[str, Any]) -> None:
    assert talk.refused("sendMessage", chat_id=YULIA, text="x", reply_markup=markup) == "reply markup is too long"


def test_a_reply_keyboard_has_its_own_limits(talk: Talk) -> None:
    talk.send(reply_markup={"keyboard": [["x"] * 13] + [["y"]] * 400})
    keyboard = talk.seen()[-1]["keyboard"]
    assert len(keyboard[0]) == 12
    assert sum(len(row) for row in keyboard) == 300


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"link_preview_options": {"is_disabled": True}}, {"is_disabled": True}),
        ({"disable_web_page_preview": True}, {"is_disabled": True}),
        (
            {"link_preview_options": {"url": "https://example.com", "show_above_text": True}},
            {"url": "https://example.com", "show_above_text": True},
        ),
        ({"link_preview_options": {"is_disabled": False}}, None),
        ({}, None),
    ],
)
def test_a_message_tells_how_its_link_is_shown(
    talk: Talk, given: dict[str, Any], shown: dict[str, Any] | None
) -> None:
    message = talk.send("https://example.com", **given)
    assert message.get("link_preview_options") == shown
    edited = talk.bot(
        "editMessageText", chat_id=YULIA, message_id=message["message_id"], text="https://e.com", **given
    )
    assert edited.get("link_preview_options") == shown


def test_what_a_bot_may_not_mark_is_left_to_telegram(talk: Talk) -> None:
    marked = [{"type": "hashtag", "offset": 0, "length": 1}, {"type": "bold", "offset": 3, "length": 1}]
    message = talk.send("🔔 ж #x", entities=marked)
    assert message["entities"] == [
        {"type": "bold", "offset": 3, "length": 1},
        {"type": "hashtag", "offset": 5, "length": 2},
    ]
