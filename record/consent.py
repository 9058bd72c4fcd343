"""The text on personal data that people agree to: its versions, and where it stands. Pure.

A version that was released stays: what somebody agreed to is shown by it later, at
``/consent.html?version=…`` from ``web/templates/consents/<version>.html``.
"""

from collections.abc import Mapping

# the day each version came into force, oldest first
DATES: Mapping[str, str] = {
    "2026-11-22": "22 ноября 2026 года",
    "2026-11-28": "28 ноября 2026 года",
}
VERSION = "2026-11-28"
PAGE = "consent.html"


def page(public_url: str) -> str:
    """Return the address of the text that is in force."""
    return f"{public_url.rstrip('/')}/{PAGE}"
