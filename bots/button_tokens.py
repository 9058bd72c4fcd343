"""What a button carries: a token that works only in the chat it was shown in. Pure.

    accept . gq3dkobz… . 3f9aX…
    act      order       seal

The order is named by a handle of ours, so that nothing a person typed into «ID» can be
too long for a button, or be read off it. The seal is an HMAC over chat, act and order
with the bot's own token as key: who makes data up, or presses a button of somebody
else's chat, does nothing. Nothing is kept, so buttons outlive restarts and the store.
"""

import base64
import hashlib
import hmac
import re
from typing import NamedTuple

from bots.messages import Button
from record.values import Address
from record.values.handles import handle

DATA_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton
# characters of base64, 96 bits: act 30 + handle 16 + seal + two dots = 64
SEAL = 16
# no dot: dots part act, order and seal
ACT = re.compile(r"[A-Za-z0-9_:-]{1,30}")


class Pressed(NamedTuple):
    """What a button of ours was for.

    ``order`` is the handle of the order it is about, "" where it is about none.
    """

    act: str
    order: str


class Seals:
    """Makes and reads what the buttons of one bot carry."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, chat: Address, button: Button) -> str:
        """Return what a button carries in a chat, at most 64 bytes.

        Raises:
            ValueError: the act is none that a button can carry; a mistake of ours.
        """
        if not ACT.fullmatch(button.data):
            raise ValueError(f"no button can carry {button.data!r}")
        order = handle(button.order) if button.order else ""
        return f"{button.data}.{order}.{self._seal(chat, button.data, order)}"

    def opened(self, chat: Address, data: str) -> Pressed | None:
        """Return what a button pressed in a chat was for.

        None for anything that was not shown there by us.
        """
        act, _, rest = data.partition(".")
        order, _, seal = rest.partition(".")
        # in constant time: how long it takes tells nothing of the seal
        fits = hmac.compare_digest(_bytes(seal), self._seal(chat, act, order).encode())
        return Pressed(act, order) if fits else None

    def _seal(self, chat: Address, act: str, order: str) -> str:
        said = f"button\n{chat}\n{act}\n{order}"
        digest = hmac.new(self._secret, _bytes(said), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest)[:SEAL].decode()


def _bytes(text: str) -> bytes:
    """Return any text as bytes, even one that no honest client sends."""
    return text.encode("utf-8", "surrogatepass")
