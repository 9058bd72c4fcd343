"""Shows our messages in Telegram's chats, and reads what it answers."""

import html
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

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
from bots.channel import Failure, NotDelivered
from bots.incoming import Incoming, Unreadable
from bots.markup import Piece, pieces
from bots.messages import Button, File, Message
from bots.telegram.files import LONGEST_CAPTION, Fetch, send_file
from bots.telegram.incoming import UNREADABLE, read_update
from bots.telegram.refusals import row_of
from record.logs import get_logger
from record.values import TELEGRAM, Address, telegram

# else every 429 brings a warning that retry_after will be a timedelta
os.environ.setdefault("PTB_TIMEDELTA", "1")

log = get_logger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
NOT_SHOWN = "Открыть здесь не получилось: попросите отправителя прислать вам."
LONGEST_TOAST = 200  # https://core.telegram.org/bots/api#answercallbackquery
# httpx's names for what took too long before there was a connection
NOT_SENT = {"ConnectTimeout", "PoolTimeout"}


def not_delivered(error: TelegramError) -> NotDelivered:
    """Return what an error means.

    Passing is all that Telegram did not refuse by name: lost connections, 5xx, a
    revoked token that staff replace.
    """
    words = str(error)
    if isinstance(error, RetryAfter):
        return NotDelivered(words, Failure.PASSING, wait=_seconds(error))
    if isinstance(error, ChatMigrated):
        moved_to = telegram(error.new_chat_id)
        return NotDelivered(words, Failure.MOVED, moved_to=moved_to)
    row = row_of(words)
    if isinstance(error, Forbidden):
        return NotDelivered(words, Failure.UNREACHABLE, reason=row.reason)
    if isinstance(error, BadRequest):
        return NotDelivered(words, row.failure, reason=row.reason)
    if _may_have_arrived(error):
        return NotDelivered(words, Failure.UNSURE)
    return NotDelivered(words, Failure.PASSING)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    if isinstance(wait, int):
        return float(wait)
    return wait.total_seconds()


def _may_have_arrived(error: TelegramError) -> bool:
    """Return whether Telegram got the call and had no time to answer.

    Where there was no connection, it got nothing.
    """
    if not isinstance(error, TimedOut):
        return False
    return type(error.__cause__).__name__ not in NOT_SENT


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn an error of the library into one of ours."""
    try:
        yield
    except TelegramError as error:
        raise not_delivered(error) from error


class TelegramChats:
    """One bot's chats, see :class:`bots.channel.Chats`."""

    channel = TELEGRAM

    def __init__(self, bot: ExtBot[Any], fetch: Fetch | None = None) -> None:
        """``fetch`` brings files of other bots; without it they are not shown."""
        self._bot = bot
        self._fetch = fetch
        # by chat, of the message whose file has still to follow
        self._ahead: dict[Address, Message] = {}
        self.seals = Seals(bot.token)

    def read(self, body: Mapping[str, Any]) -> Incoming | None:
        """Return what a person did, None for what no bot here reacts to."""
        try:
            return read_update(body)
        except UNREADABLE as error:
            raise Unreadable(repr(error)) from error

    async def send(
        self, chat: Address, message: Message, *, silent: bool = False
    ) -> str:
        """Send a message, with sound unless ``silent``; return its number."""
        if message.file:
            return await self._send_with_file(
                chat, message, message.file, silent=silent
            )
        with _told_apart():
            sent = await self._bot.send_message(
                chat.id,
                html_of(message.text),
                parse_mode=ParseMode.HTML,
                disable_notification=silent,
                link_preview_options=NO_PREVIEW,
                reply_markup=self._inline(chat, message) or _keys(message),
            )
        return str(sent.message_id)

    async def _send_with_file(
        self, chat: Address, message: Message, file: File, *, silent: bool
    ) -> str:
        content = await self._content(file)
        if not content:
            return await self._send_without_file(chat, message, silent=silent)
        how: dict[str, Any] = {"disable_notification": silent}
        caption = html_of(message.text)
        if len(caption) > LONGEST_CAPTION:
            await self._send_words_ahead(chat, message, silent=silent)
        else:
            how["caption"], how["parse_mode"] = caption, ParseMode.HTML
            how["reply_markup"] = self._inline(chat, message)
        try:
            with _told_apart():
                sent = await send_file(self._bot, chat.id, file, content, **how)
        except NotDelivered as refusal:
            # who may not be sent files may be written to all the same
            if refusal.failure not in {Failure.REFUSED, Failure.UNREACHABLE}:
                raise
            log.warning("file_refused", sort=file.sort, error=refusal.words)
            return await self._send_without_file(chat, message, silent=silent)
        self._ahead.pop(chat, None)
        return str(sent.message_id)

    async def _send_words_ahead(
        self, chat: Address, message: Message, *, silent: bool
    ) -> None:
        """Send the words that are too many for a caption; they say what the file is.

        Once: where the file then has to be tried again, they are in the chat already.
        """
        if self._ahead.get(chat) != message:
            await self.send(chat, replace(message, file=None), silent=silent)
            self._ahead[chat] = message

    async def _send_without_file(
        self, chat: Address, message: Message, *, silent: bool
    ) -> str:
        """Send what was said beside a file that can't be shown here."""
        words = replace(message, text=f"{message.text}\n\n{NOT_SHOWN}", file=None)
        if self._ahead.get(chat) == message:
            words = Message(NOT_SHOWN)
        number = await self.send(chat, words, silent=silent)
        self._ahead.pop(chat, None)
        return number

    async def _content(self, file: File) -> bytes:
        """Return what is in a file, empty where it can't be had.

        Raises:
            NotDelivered: Telegram is away, and nothing was sent.
        """
        if self._fetch is None:
            return b""
        try:
            return await self._fetch(file)
        except TelegramError as error:
            wait = not_delivered(error).wait
            raise NotDelivered(str(error), Failure.PASSING, wait=wait) from error

    async def ask(self) -> None:
        """Find out whether Telegram answers at all."""
        with _told_apart():
            try:
                await self._bot.get_me()
            except TimedOut as error:
                # Whether this question arrived matters to nobody: it is asked again.
                raise NetworkError(str(error)) from error

    async def edit(self, chat: Address, message_id: str, message: Message) -> None:
        """Give a message that was sent its new look."""
        with _told_apart():
            await self._bot.edit_message_text(
                html_of(message.text),
                chat.id,
                int(message_id),
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=self._inline(chat, message),
            )

    async def strip(self, chat: Address, message_id: str) -> None:
        """Take the buttons off a message that another one replaces."""
        with _told_apart():
            await self._bot.edit_message_reply_markup(
                chat.id, int(message_id), reply_markup=None
            )

    async def toast(self, query: str, text: str, *, alert: bool = False) -> None:
        """Answer a press, so that the button stops blinking."""
        with _told_apart():
            await self._bot.answer_callback_query(
                query, text[:LONGEST_TOAST] or None, show_alert=alert
            )

    def _inline(self, chat: Address, message: Message) -> InlineKeyboardMarkup | None:
        rows: Sequence[Sequence[InlineKeyboardButton]] = [
            [self._button(chat, button) for button in row] for row in message.buttons
        ]
        return InlineKeyboardMarkup(rows) if rows else None

    def _button(self, chat: Address, button: Button) -> InlineKeyboardButton:
        data = self.seals.of(chat, button)
        return InlineKeyboardButton(button.text, callback_data=data)


def html_of(text: str) -> str:
    """Return a message's text as Telegram's HTML."""
    return "".join(_html(piece) for piece in pieces(text))


def _html(piece: Piece) -> str:
    text = html.escape(piece.text, quote=False)
    if piece.bold:
        text = f"<b>{text}</b>"
    if piece.code:
        text = f"<code>{text}</code>"
    if piece.url:
        text = f'<a href="{html.escape(piece.url)}">{text}</a>'
    return text


def _keys(message: Message) -> ReplyKeyboardMarkup | None:
    if not message.keyboard:
        return None
    rows = [
        [KeyboardButton(key.text, request_contact=key.contact or None) for key in row]
        for row in message.keyboard
    ]
    # persistent: else it hides behind a small button beside the text field
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, is_persistent=True)
