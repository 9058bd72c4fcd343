"""Short names of ours for orders, for places too small for what people type as a
number. Pure.
"""

import base64
import hashlib

LENGTH = 16


def handle(order_id: str) -> str:
    """Return an order's handle: 16 lower-case letters and digits that say nothing of
    its number.
    """
    digest = hashlib.sha256(order_id.encode()).digest()
    return base64.b32encode(digest)[:LENGTH].decode().lower()
