"""Short names of ours for orders. Pure.

A button of Telegram holds 64 bytes, and people may type any text as an order's number.
"""

import base64
import hashlib

LENGTH = 16


def handle(order_id: str) -> str:
    """Return an order's handle: 16 lower-case letters and digits.

    They say nothing of its number.
    """
    digest = hashlib.sha256(order_id.encode()).digest()
    return base64.b32encode(digest)[:LENGTH].decode().lower()
