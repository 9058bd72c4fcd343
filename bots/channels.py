"""Which channels there are: the one place where a new one is put down."""

from collections.abc import Callable

from bots.channel import Door
from bots.telegram.door import TelegramDoor
from record.settings import Settings
from record.store import Store

# Opens a channel's door for the bot of a role, client or master; None where the company
# has no such bot there (no token).
Opener = Callable[[str, Settings, Store], Door | None]

CHANNELS: tuple[Opener, ...] = (TelegramDoor,)
