"""Which channels there are: the one place where a new one is put down."""

from collections.abc import Callable

from bots.channel import Door
from bots.telegram.door import TelegramDoor
from record.settings import Settings
from record.store import Store

# Opens a channel's door for the bot of a role, client or master.
Opener = Callable[[str, Settings, Store], Door]

CHANNELS: tuple[Opener, ...] = (TelegramDoor,)
