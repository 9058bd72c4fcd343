"""What a Telegram message holds beside words, and who wrote it; what nobody waits for an answer to is left alone."""

from typing import Any

import pytest

from bots.incoming import Incoming
from bots.sorts import SORTS
from bots.telegram.contents import FILES, OTHERS, SERVICE, content_of
from bots.telegram.incoming import chat_of, read_update
from record.values import NOBODY

JULIA = {"id": 5, "is_bot": False, "first_name": "Юля"}
NO_PERSON = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
PRIVATE, GROUP = {"id": 5, "type": "private"}, {"id": -100, "type": "supergroup", "title": "Диспетчеры"}
FILE = {"file_id": "f1", "file_unique_id": "u", "file_name": "план.pdf", "emoji": "👍"}
PLACE = {"latitude": 54.7, "longitude": 20.5}
POINT = "https://yandex.ru/maps/?pt=20.500000,54.700000&z=17&l=map"


def update(**content: Any) -> dict[str, Any]:
    """Return an update with a message of Julia's."""
    return {"update_id": 1, "message": {"message_id": 2, "date": 3, "chat": PRIVATE, "from": JULIA, **content}}


def said(**content: Any) -> Incoming:
    """Return what a message of Julia's says."""
    found = read_update(update(**content))
    assert found
    return found


# what a message holds beside its envelope, and what is known of it: the sort, the file, words
@pytest.mark.parametrize(
    ("content", "sort", "file", "detail"),
    [
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}]}, "photo", "large", ""),
        ({"voice": FILE}, "voice", "f1", ""),
        ({"video_note": FILE}, "video_note", "f1", ""),
        ({"video": FILE}, "video", "f1", ""),
        ({"animation": FILE, "document": FILE}, "animation", "f1", ""),
        ({"audio": FILE}, "audio", "f1", "план.pdf"),
        ({"sticker": FILE}, "sticker", "f1", "👍"),
        ({"document": FILE}, "document", "f1", "план.pdf"),
        ({"location": PLACE}, "location", "", POINT),
        ({"location": {}}, "location", "", ""),
        (
            {"location": PLACE, "venue": {"location": PLACE, "title": "Дом", "address": "Мира 5"}},
            "venue", "", f"Дом, Мира 5 {POINT}",
        ),
        (
            {"poll": {"question": "Как?", "options": [{"text": "так"}, {"text": "эдак"}]}},
            "poll", "", "Как?: так, эдак",
        ),
        ({"dice": {"emoji": "🎲", "value": 6}}, "dice", "", "🎲"),
        ({"contact": {"phone_number": "+7", "first_name": "Со", "last_name": "Сед"}}, "contact", "", "Со, Сед +7"),
        ({"game": {}}, "game", "", ""),
        ({"story": {}}, "story", "", ""),
        ({"text": "привет"}, "", "", ""),
        ({"text": "привет", "what_comes_next_year": {}}, "", "", ""),
        ({"what_comes_next_year": {}}, "unknown", "", ""),
        ({}, "unknown", "", ""),
        ({"photo": []}, "unknown", "", ""),
        ({"document": {"file_id": "f", "file_name": "a\u202eb" * 400}}, "document", "f", ("ab" * 400)[:300]),
    ],
)  # fmt: skip
def test_what_a_message_holds(content: dict[str, Any], sort: str, file: str, detail: str) -> None:
    assert content_of({"message_id": 2, "date": 3, "chat": PRIVATE, "from": JULIA, **content}) == (sort, file, detail)


def test_every_sort_has_a_name_in_russian() -> None:
    assert {*FILES, *OTHERS} <= set(SORTS)


def test_a_caption_is_what_was_said_and_the_photo_comes_with_it() -> None:
    found = said(photo=[{"file_id": "f"}], caption="Вот щиток", media_group_id="a")
    assert (found.kind, found.text, found.sort, found.file, found.album) == ("text", "Вот щиток", "photo", "f", "a")


@pytest.mark.parametrize("kind", sorted(SERVICE))
def test_what_telegram_itself_writes_is_nobodys(kind: str) -> None:
    body = update(**{kind: {}}, chat=GROUP)
    assert (read_update(body), chat_of(body)) == (None, NOBODY)


@pytest.mark.parametrize(
    "who",
    [{"from": JULIA}, {"from": NO_PERSON, "sender_chat": GROUP}],
    ids=["a member", "an admin in the group's name"],
)
def test_people_of_a_group_are_heard(who: dict[str, Any]) -> None:
    found = said(text="/start", chat=GROUP, **who)
    assert (found.chat.id, found.private, found.command) == (-100, False, "start")


@pytest.mark.parametrize(
    "who",
    [
        {"from": NO_PERSON, "chat": GROUP},
        {"from": NO_PERSON, "sender_chat": {"id": -5, "type": "channel"}, "chat": GROUP},
        {"from": {"id": 777000, "is_bot": False}, "sender_chat": {"id": -5}, "chat": GROUP},
        {"from": {"id": 9, "is_bot": True, "first_name": "Другой бот"}, "chat": GROUP},
        {"from": None, "chat": {"id": -5, "type": "channel"}},
    ],
    ids=["nobody knows who", "a channel", "the group's channel", "a bot", "a post"],
)
def test_whatever_is_no_person_is_not_heard(who: dict[str, Any]) -> None:
    assert read_update(update(text="/start", **who)) is None


def test_a_place_that_moves_says_nothing_anew() -> None:
    moved = {**update(location=PLACE)["message"], "edit_date": 4}
    assert read_update({"update_id": 2, "edited_message": moved}) is None
    corrected = {**update(text="Мира 6")["message"], "edit_date": 4}
    again = read_update({"update_id": 3, "edited_message": corrected})
    assert again
    assert (again.text, again.edited) == ("Мира 6", True)
