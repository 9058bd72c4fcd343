"""Telegram takes messages and does not say so in time: what may have arrived is not sent again and again."""

import time
from collections.abc import Callable

import pytest

from bots import inbox
from record.backoff import Backoff
from record.values import telegram
from tests.bots.test_flood import answers, take, update
from tests.harness.bot_office import ADMIN, CLIENT, Answer, BotOffice, Json, late, refused, unconnected


def fails(room: BotOffice, how: Callable[[], Exception], *methods: str) -> None:
    """Let these methods fail."""
    room.wire.answers = lambda name, _: how() if name in methods else None


def in_an_hour(room: BotOffice, times: int) -> None:
    """Let what waits be tried so many times more."""
    for _ in range(times):
        room.tries_again()


def due_in(room: BotOffice) -> float:
    """Return in how many seconds the one notice that waits is due."""
    with room.store._engine.connect() as connection:  # noqa: SLF001  the time of a try is shown nowhere
        (due,) = connection.exec_driver_sql("SELECT due_at FROM outbox WHERE state = 'waiting'").scalars()
    return round(float(due) - time.time(), -1)


def done(room: BotOffice) -> None:
    """Let a client be told that his order is done."""
    room.order(Статус="Выполнена")
    room.queue("client", "done", "5")


def test_it_is_sent_four_times_at_most_later_and_later(room: BotOffice) -> None:
    fails(room, late, "sendMessage")
    done(room)
    room.delivers(room.postponed)
    pauses = [due_in(room)]
    for _ in range(2):
        in_an_hour(room, 1)
        pauses.append(due_in(room))
    assert pauses == [60, 300, 900]
    in_an_hour(room, 1)
    assert room.wire.count("sendMessage") == 4
    with room.store.reading() as tx:
        (_, state, why) = tx.outbox.results("5")[0]
    assert (state, why) == ("failed", "Telegram не ответил, сообщение могло дойти")


def test_while_telegram_answers_nothing_at_all_it_is_not_sent_and_nothing_is_lost(room: BotOffice) -> None:
    fails(room, late, "sendMessage", "getMe")
    done(room)
    room.delivers(room.postponed)
    in_an_hour(room, 10)
    assert room.wire.count("sendMessage") == 1
    fails(room, late)
    in_an_hour(room, 1)
    assert room.wire.count("sendMessage") == 2
    assert room.outbox("5") == {"client:done:5": "sent"}


@pytest.mark.parametrize("how", [refused, unconnected])
def test_what_certainly_did_not_arrive_is_tried_until_it_does(room: BotOffice, how: Callable[[], Exception]) -> None:
    fails(room, how, "sendMessage")
    done(room)
    room.delivers(room.postponed)
    in_an_hour(room, 10)
    assert room.outbox("5") == {"client:done:5": "waiting"}
    assert due_in(room) == 60
    fails(room, how)
    in_an_hour(room, 1)
    assert room.outbox("5") == {"client:done:5": "sent"}
    assert room.wire.count("getMe") == 0


def test_a_client_who_may_not_know_that_nobody_comes_is_called_by_a_person(room: BotOffice) -> None:
    fails(room, late, "sendMessage")
    room.order(Статус="Отменена")
    room.queue("client", "cancelled", "5")
    room.delivers(room.postponed)
    in_an_hour(room, 3)
    fails(room, late)
    room.hurry()  # the message to the admin may have been tried by then
    room.delivers(lambda: room.outbox("5")["unheard:client:cancelled:5"] == "sent")
    assert "Клиент не узнал, что заявка #5 отменена" in room.wire.said(ADMIN)[0]
    assert "+7 900 123-45-67" in room.wire.said(ADMIN)[0]


def test_a_card_is_brought_up_to_date_however_often_it_takes(room: BotOffice) -> None:
    """An edit that is made twice is seen once."""
    room.master()
    room.order(Статус="В работе", Мастер="Иван Петров")
    with room.store.transaction() as tx:
        tx.cards.put("5", "1", telegram(601), "77")
    fails(room, late, "editMessageText")
    room.queue("master", "card", "5")
    room.delivers(room.postponed)
    assert due_in(room) == 0, "in a second"
    in_an_hour(room, 6)
    fails(room, late)
    in_an_hour(room, 1)
    assert room.outbox("5") == {"master:card:5": "sent"}


def test_an_answer_is_repeated_a_few_times_and_the_next_one_given(
    room: BotOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "UNSURE", Backoff((0.01, 0.01, 0.01)))

    def slow(name: str, given: Json) -> Answer:
        return late() if name == "sendMessage" and "четыре коротких" in given["text"] else None

    room.wire.answers = slow
    take(room, update(1, CLIENT, "/start"), update(2, CLIENT, "⚡ Услуги электрика"))
    answers(room, lambda: any("Что случилось?" in said for said in room.wire.said(CLIENT)))
    assert len(room.wire.said(CLIENT)) == 5


def test_an_answer_that_certainly_did_not_arrive_is_tried_on(
    room: BotOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BACKOFF", Backoff((0.01,)))
    left = iter([refused()] * 8)
    room.wire.answers = lambda name, _: next(left, None) if name == "sendMessage" else None
    take(room, update(1, CLIENT, "/start"))
    answers(room, lambda: len(room.wire.said(CLIENT)) == 9)
