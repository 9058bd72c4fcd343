"""A file that came to one bot is shown by the other one, and its words arrive whatever becomes of the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import ExtBot

from bots.telegram.files import LARGEST, Files
from bots.telegram.outgoing import NOT_SHOWN, TelegramChats
from tests.harness.bot_office import MASTER, Answer, BotOffice, Json, Wire, refusal, refused

CONTENT = b"what is in the file"
NEVER = refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")


class TwoBots(BotOffice):
    """The master bot delivers; what clients sent is fetched by the client bot, over a wire of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.of_clients = Wire()
        self.of_clients.content = CONTENT
        wire = self.of_clients
        self.files = Files(lambda role: ExtBot(f"2:{role}", request=wire, get_updates_request=wire))
        self.sender = TelegramChats(self.bot, self.files.fetch)
        self.master()
        self.order(Статус="В работе", Мастер="Иван Петров")

    def client_says(self, **facts: str) -> str:
        """Let a client have sent something to his master; return the notice's key."""
        return self.queue("master", "client_says", "5", what="фото", **{"sort": "photo", "file": "f1", **facts})

    def sent(self, name: str) -> list[Json]:
        """Return what the master was sent by this method."""
        return [given for asked, given in self.wire.asked if asked == name]

    def until(self, key: str, state: str = "sent") -> None:
        """Deliver until the notice has ended so."""
        self.delivers(lambda: self.outbox("5")[key] == state)


@pytest.fixture
def bots(tmp_path: Path) -> Iterator[TwoBots]:
    """Two bots and a master with an order in work."""
    made = TwoBots(tmp_path)
    yield made
    made.store.close()


# what a client sends, how it is sent on
@pytest.mark.parametrize(
    ("sort", "method"),
    [("photo", "sendPhoto"), ("voice", "sendDocument"), ("video", "sendDocument"), ("document", "sendDocument")],
)
def test_it_is_fetched_by_the_one_and_sent_anew_by_the_other(bots: TwoBots, sort: str, method: str) -> None:
    bots.until(bots.client_says(sort=sort, text="Вот щиток"))
    asked = [name for name, _ in bots.of_clients.asked]
    assert asked == ["getFile", "download"]
    [shown] = bots.sent(method)
    assert (shown["chat_id"], "«Вот щиток»" in shown["caption"]) == (str(MASTER), True)
    assert '"card.' in shown["reply_markup"]
    assert bots.wire.said() == []


def test_what_a_master_sent_is_fetched_by_his_own_bot(bots: TwoBots) -> None:
    roles: list[str] = []
    wire = bots.of_clients

    def bot(role: str) -> ExtBot[Any]:
        roles.append(role)
        return ExtBot("2:x", request=wire, get_updates_request=wire)

    bots.sender = TelegramChats(bots.bot, Files(bot).fetch)
    bots.until(bots.client_says(bot="master"))
    assert roles == ["master"]


# why there is nothing to show
@pytest.mark.parametrize(
    "answer",
    [
        refusal(400, "Bad Request: file is too big"),
        refusal(401, "Unauthorized"),
        (200, {"ok": True, "result": {"file_id": "f", "file_unique_id": "u", "file_size": LARGEST + 1}}),
    ],
    ids=["Telegram gives no more", "the bot's token is void", "a server of one's own would give more"],
)
def test_words_arrive_where_the_file_can_not_be_had(bots: TwoBots, answer: Answer) -> None:
    bots.of_clients.answers = lambda _name, _given: answer
    bots.until(bots.client_says(text="Вот щиток"))
    [said] = bots.wire.said(MASTER)
    assert ("«Вот щиток»" in said, said.endswith(NOT_SHOWN)) == (True, True)
    assert bots.of_clients.count("download") == 0


# why Telegram does not take the file
@pytest.mark.parametrize(
    "why",
    [NEVER, refusal(400, "Bad Request: not enough rights to send photos to the chat")],
    ids=["broken", "no rights"],
)
@pytest.mark.parametrize("text", ["Вот щиток", "щиток " * 300], ids=["a caption", "words of their own"])
def test_words_arrive_once_where_the_file_is_not_taken(bots: TwoBots, text: str, why: Answer) -> None:
    bots.wire.answers = lambda name, _given: why if name == "sendPhoto" else None
    bots.until(bots.client_says(text=text))
    said = bots.wire.said(MASTER)
    assert sum(text.strip() in one for one in said) == 1
    assert said[-1].endswith(NOT_SHOWN)


def test_a_long_text_is_said_once_however_often_its_file_is_tried(bots: TwoBots) -> None:
    lost = iter([refused(), refused()])
    bots.wire.answers = lambda name, _given: next(lost, None) if name == "sendPhoto" else None
    key = bots.client_says(text="щиток " * 300)
    bots.delivers(bots.postponed)
    bots.tries_again()
    bots.hurry()
    bots.until(key)
    assert (len(bots.wire.said(MASTER)), len(bots.sent("sendPhoto"))) == (1, 3)


def test_nothing_is_sent_while_the_file_has_to_be_waited_for(bots: TwoBots) -> None:
    lost = iter([refused()])
    bots.of_clients.answers = lambda _name, _given: next(lost, None)
    key = bots.client_says(text="Вот щиток")
    bots.delivers(bots.postponed)
    assert bots.wire.count("sendPhoto") == len(bots.wire.said()) == 0
    bots.hurry()
    bots.until(key)
    assert bots.wire.count("sendPhoto") == 1
