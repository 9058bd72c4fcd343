"""Files that people sent to one of our bots, on their way to a chat of the other one.

Telegram gives a file another name for each bot, so it is fetched by the one and sent
anew by the other.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Message as Sent
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bots.messages import File
from record.errors import SettingsError
from record.logs import get_logger

log = get_logger(__name__)

LONGEST_CAPTION = 1024  # https://core.telegram.org/bots/api#sendphoto
# https://core.telegram.org/bots/api#getfile; a server of one's own would give more
LARGEST = 20 * 1024 * 1024
# how a file is named that its sender did not name
NAMES = {
    "voice": "Голосовое.ogg",
    "audio": "Запись.mp3",
    "video": "Видео.mp4",
    "video_note": "Видео.mp4",
    "animation": "Видео.mp4",
    "sticker": "Стикер.webp",
}
Fetch = Callable[[File], Awaitable[bytes]]


class Files:
    """Fetches files by the bots that got them."""

    def __init__(self, bots: Callable[[str], ExtBot[Any]]) -> None:
        self._make = bots
        self._bots: dict[str, ExtBot[Any]] = {}

    async def fetch(self, file: File) -> bytes:
        """Return what is in a file, empty where it can't be had any more.

        Raises:
            TelegramError: Telegram is away.
        """
        try:
            found = await self._bot(file.bot).get_file(file.id)
            if (found.file_size or 0) > LARGEST:
                raise BadRequest(f"too big: {found.file_size}")
            return bytes(await found.download_as_bytearray())
        except (BadRequest, Forbidden, InvalidToken, SettingsError) as error:
            log.warning(
                "file_not_fetched", bot=file.bot, sort=file.sort, error=str(error)
            )
            return b""

    def _bot(self, role: str) -> ExtBot[Any]:
        if role not in self._bots:
            self._bots[role] = self._make(role)
        return self._bots[role]

    async def close(self) -> None:
        """Give connections back."""
        for bot in self._bots.values():
            try:
                # one that was never asked who it is does not shut down by itself
                await bot.request.shutdown()
            except (TelegramError, RuntimeError) as error:
                log.debug("file_bot_not_closed", error=str(error))


async def send_file(
    bot: ExtBot[Any], chat: int, file: File, content: bytes, **how: Any
) -> Sent:
    """Send the content of a file; a photo is shown as one, all else as a document."""
    if file.sort == "photo":
        return await bot.send_photo(chat, content, **how)
    name = file.name or NAMES.get(file.sort, "Файл")
    return await bot.send_document(chat, content, filename=name, **how)
