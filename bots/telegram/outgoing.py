"""Telegram's answers to what we send, sorted by what they mean for us, and the sending
itself.
"""

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot

from bots.button_tokens import Seals
from bots.messages import Button, Message
from bots.telegram.refusals import Meaning, row_of
from record.dispatch.reach import Unreachable
from record.values import Address, telegram

# else every 429 brings a warning that retry_after will be a timedelta
os.environ.setdefault("PTB_TIMEDELTA", "1")

# httpx's names for what took too long before there was a connection
NOT_SENT = {"ConnectTimeout", "PoolTimeout"}


class Trouble(NamedTuple):
    """What Telegram's refusal means, how long it asks to wait, its words, and where the
    chat is now.

    ``passing``: the same call may succeed later; ``unsure``: Telegram had the call and
    did not answer in time, so it may have succeeded; ``gone``: this chat can't be
    written to; ``moved``: it is ``chat`` from now on; ``unchanged``: the message looks
    so already; ``no_message``: there is nothing left to edit; ``late``: a press is too
    old to answer; ``refused``: trying again does not help.
    """

    meaning: Meaning
    wait: float
    words: str
    chat: Address | None = None
    reason: Unreachable = Unreachable.OTHER


def trouble_of(error: TelegramError) -> Trouble:
    """Return what an error means.

    Passing is all that Telegram did not refuse by name: lost connections, 5xx, a
    revoked token that staff replace.
    """
    words = str(error)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Trouble(
            "passing",
            float(wait if isinstance(wait, int) else wait.total_seconds()),
            words,
        )
    if isinstance(error, Forbidden):
        return Trouble("gone", 0, words, reason=row_of(words).reason)
    if isinstance(error, BadRequest):
        row = row_of(words)
        return Trouble(row.meaning, 0, words, reason=row.reason)
    if isinstance(error, ChatMigrated):
        return Trouble("moved", 0, words, telegram(error.new_chat_id))
    return Trouble("unsure" if _may_have_arrived(error) else "passing", 0, words)


def _may_have_arrived(error: TelegramError) -> bool:
    """Say whether Telegram got the call and had no time to answer; where there was no
    connection, it got nothing.
    """
    return (
        isinstance(error, TimedOut) and type(error.__cause__).__name__ not in NOT_SENT
    )


class Sender:
    """Shows our messages through one bot; ``seals`` are on the buttons of its messages."""

    def __init__(self, bot: ExtBot[Any]) -> None:
        self._bot = bot
        self.seals = Seals(bot.token)

    async def send(
        self, chat: Address, message: Message, *, silent: bool = False
    ) -> str:
        """Send a message, with sound unless ``silent``; return its number.

        Raises:
            TelegramError: Telegram did not take it.
        """
        sent = await self._bot.send_message(
            chat.id,
            message.text,
            parse_mode=ParseMode.HTML,
            disable_notification=silent,
            link_preview_options=NO_PREVIEW,
            reply_markup=self._inline(chat, message) or _keys(message),
        )
        return str(sent.message_id)

    async def ask(self) -> None:
        """Find out whether Telegram answers at all.

        Raises:
            TelegramError: it does not.
        """
        try:
            await self._bot.get_me()
        except TimedOut as error:
            raise NetworkError(str(error)) from error

    async def edit(self, chat: Address, message_id: str, message: Message) -> None:
        """Give a message that was sent its new look.

        Raises:
            TelegramError: Telegram did not take it.
        """
        await self._bot.edit_message_text(
            message.text,
            chat.id,
            int(message_id),
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=self._inline(chat, message),
        )

    async def strip(self, chat: Address, message_id: str) -> None:
        """Take the buttons off a message that another one replaces.

        Raises:
            TelegramError: Telegram did not take it.
        """
        await self._bot.edit_message_reply_markup(
            chat.id, int(message_id), reply_markup=None
        )

    async def toast(self, query: str, text: str, *, alert: bool = False) -> None:
        """Answer a press, so that the button stops blinking.

        Raises:
            TelegramError: Telegram did not take it.
        """
        await self._bot.answer_callback_query(
            query, text[:200] or None, show_alert=alert
        )

    def _inline(self, chat: Address, message: Message) -> InlineKeyboardMarkup | None:
        rows: Sequence[Sequence[InlineKeyboardButton]] = [
            [self._button(chat, button) for button in row] for row in message.buttons
        ]
        return InlineKeyboardMarkup(rows) if rows else None

    def _button(self, chat: Address, button: Button) -> InlineKeyboardButton:
        if button.url:
            return InlineKeyboardButton(button.text, url=button.url)
        return InlineKeyboardButton(
            button.text, callback_data=self.seals.of(chat, button)
        )


NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def _keys(message: Message) -> ReplyKeyboardMarkup | None:
    rows = [
        [KeyboardButton(key.text, request_contact=key.contact or None) for key in row]
        for row in message.keyboard
    ]
    return (
        ReplyKeyboardMarkup(rows, resize_keyboard=True, is_persistent=True)
        if rows
        else None
    )
