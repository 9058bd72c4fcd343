"""The secret of an order's tracking link. Pure but for the random numbers."""

import secrets

BYTES = 12
LENGTH = 16  # characters of a key of ours
SHORTEST = 4


def new_key() -> str:
    """Return a secret that nobody guesses."""
    return secrets.token_urlsafe(BYTES)


def is_ours(key: str) -> bool:
    """Return whether a key may be one that we have made: people type shorter ones."""
    return len(key) >= LENGTH


def is_guessable(key: str) -> bool:
    """Return whether a few tries open the order that came with this key.

    ``1``, ``2024`` and ``ключ`` are such keys.
    """
    if is_ours(key):
        return False
    has_digits = any(map(str.isdigit, key))
    has_letters = any(map(str.isalpha, key))
    is_mixed = has_digits and has_letters
    return len(key) < SHORTEST or not is_mixed
