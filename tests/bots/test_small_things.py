"""Small pure pieces: what an update means, sums of earnings, money and words, Telegram's refusals."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bots.channel import BACKOFF
from bots.inbox import UNSURE
from bots.incoming import Incoming
from bots.master.texts import refused
from bots.telegram.incoming import read_update
from bots.telegram.outgoing import not_delivered
from bots.wording import of_category, safe
from record.dispatch.model import Master, Order
from record.logs import mask_chat
from record.reports.earnings import Sum, earnings
from record.values import Status
from record.values.wording import money, percent, with_noun

FROM = {"id": 5, "is_bot": False, "first_name": "Юля", "last_name": "К"}
CHAT = {"id": 5, "type": "private", "first_name": "Юля"}


def message(**content: Any) -> Incoming | None:
    """Return what a message means."""
    return read_update(
        {"update_id": 1, "message": {"message_id": 2, "date": 3, "chat": CHAT, "from": FROM, **content}}
    )


def test_a_text_is_cleaned_of_signs_nobody_sees() -> None:
    said = message(text=" Не\x00 работает\u202e розетка\r\nна кухне ")
    assert said
    assert (said.kind, said.text) == ("text", "Не работает розетка\nна кухне")
    assert (said.first_name, said.full_name, said.private) == ("Юля", "Юля К", True)


@pytest.mark.parametrize(
    ("typed", "command", "payload"),
    [
        ("/start", "start", ""),
        ("/start@naryad_bot track_1_k", "start", "track_1_k"),
        ("start", "", ""),
        ("/Cancel", "cancel", ""),
    ],
)
def test_commands_and_their_payload(typed: str, command: str, payload: str) -> None:
    said = message(text=typed)
    assert said
    assert (said.command, said.payload) == (command, payload)


def test_a_contact_may_be_somebody_elses() -> None:
    own = message(contact={"phone_number": "79001234567", "first_name": "Юля", "user_id": 5})
    other = message(contact={"phone_number": "79001234567", "first_name": "Пётр"})
    assert own
    assert other
    assert (own.own_phone, other.own_phone) == (True, False)


def test_everything_else_is_other_or_nothing() -> None:
    photo = message(photo=[])
    assert photo
    assert photo.kind == "other"
    assert read_update({"update_id": 1, "edited_message": {}}) is None
    assert read_update({"update_id": 1, "callback_query": {"id": "1", "from": FROM}}) is None
    member = {"chat": CHAT, "from": FROM, "new_chat_member": {"status": "kicked"}}
    left = read_update({"update_id": 1, "my_chat_member": member})
    assert left
    assert left.kind == "left"


def test_a_press_of_a_message_too_old_to_see_still_counts() -> None:
    query = {"id": "77", "from": FROM, "data": "accept:1", "message": {"chat": CHAT, "message_id": 9, "date": 0}}
    said = read_update({"update_id": 1, "callback_query": query})
    assert said
    assert (said.kind, said.data, said.query, said.message_id) == ("press", "accept:1", "77", "9")


TUESDAY = datetime(2026, 12, 1, 12, 0)
IVAN = Master("1", "Иван", percent=Decimal(20))


def done(days_ago: float, price: int | None, share: int | None = None) -> Order:
    """Return an order finished so many days before Tuesday noon, 1 December."""
    money = None if price is None else Decimal(price)
    taken = None if share is None else Decimal(share)
    when = TUESDAY - timedelta(days=days_ago)
    return Order("1", status=Status.DONE, price=money, commission=taken, done=when)


def test_earnings_by_day_week_and_month() -> None:
    orders = [
        done(0, 1000, 300),
        done(0.25, 500),
        done(1, 2000, 600),
        done(2, 4000, 1),
        done(0, None),
        Order("9", status=Status.WORK, price=Decimal(7)),
    ]
    today, week, month = earnings(orders, IVAN, Decimal(30), TUESDAY)
    assert today == Sum(3, Decimal(1500), Decimal(400))
    assert week == Sum(4, Decimal(3500), Decimal(1000))
    assert month == today
    assert today.net == 1100


@pytest.mark.parametrize(
    ("error", "meaning", "wait"),
    [
        (RetryAfter(7), "passing", 7),
        (TimedOut(), "unsure", 0),
        (NetworkError("Bad Gateway"), "passing", 0),
        (InvalidToken("revoked"), "passing", 0),
        (Conflict("terminated by other getUpdates request"), "passing", 0),
        (TelegramError("Invalid server response"), "passing", 0),
        (Forbidden("Forbidden: bot was blocked by the user"), "unreachable", 0),
        (Forbidden("Forbidden: user is deactivated"), "unreachable", 0),
        (BadRequest("Chat not found"), "unreachable", 0),
        (BadRequest("Message is not modified: specified new message content"), "unchanged", 0),
        (BadRequest("Message to edit not found"), "no_message", 0),
        (BadRequest("Query is too old and response timeout expired or query ID is invalid"), "late", 0),
        (BadRequest("Message is too long"), "refused", 0),
        (ChatMigrated(-100), "moved", 0),
    ],
)
def test_what_telegrams_refusals_mean(error: TelegramError, meaning: str, wait: float) -> None:
    found = not_delivered(error)
    assert (found.failure, found.wait) == (meaning, wait)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "blocked"),
        (Forbidden("Forbidden: user is deactivated"), "deactivated"),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), "never_started"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "kicked"),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), "not_a_member"),
        (Forbidden("Forbidden: the group chat was deleted"), "gone_group"),
        (Forbidden("Forbidden: something new"), "other"),
        (BadRequest("Chat not found"), "never_started"),
        (BadRequest("Not enough rights to send text messages to the chat"), "no_rights"),
        (BadRequest("Message is too long"), "other"),
    ],
)
def test_why_telegram_does_not_deliver(error: TelegramError, reason: str) -> None:
    assert not_delivered(error).reason == reason


def test_money_and_words_read_well() -> None:
    shown = [money(Decimal(price)).replace("\xa0", " ") for price in ("2000", "1500.5", "0", "1234567.00")]
    assert shown == ["2 000 ₽", "1 500,50 ₽", "0 ₽", "1 234 567 ₽"]
    assert percent(Decimal("30.0")) == "30\xa0%"
    words = [with_noun(number, "заказ", "заказа", "заказов") for number in (1, 2, 5, 11, 21, 112)]
    assert words == ["1 заказ", "2 заказа", "5 заказов", "11 заказов", "21 заказ", "112 заказов"]
    assert [of_category(name) for name in ("Электрика", "Сантехника")] == ["⚡ Электрика", "Сантехника"]
    assert safe("<&" * 200, 5) == "&lt;&amp;&lt;&amp;…"


def test_refusals_say_who_was_faster() -> None:
    assert refused("taken", "5", Master("2", "Пётр")) == "🔒 Заказ #5 занят: Пётр"
    assert refused("taken", "5", None) == "🔒 Заказ #5 уже занят"
    assert refused("gone", "5", None) == "Заказа #5 больше нет в таблице"


def test_pauses_grow_and_chats_are_masked() -> None:
    assert [BACKOFF.after(failures) for failures in (1, 2, 3, 99)] == [0.5, 1, 2, 30]
    assert [UNSURE.limited(failures) for failures in (1, 3, 4)] == [5, 120, None]
    assert (mask_chat(123456705), mask_chat(-1001), mask_chat(0)) == ("***05", "***01", "")
