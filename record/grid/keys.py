"""The secret of an order's tracking link. Pure but for the dice."""

import secrets

BYTES = 12
LENGTH = 16  # characters of a key of ours
SHORTEST = 4


def new_key() -> str:
    """Return a secret that nobody guesses."""
    return secrets.token_urlsafe(BYTES)


def is_ours(key: str) -> bool:
    """Say whether a key may be one that we have made: a person types shorter ones."""
    return len(key) >= LENGTH


def is_guessable(key: str) -> bool:
    """Say whether a key that came with its row opens the order to whoever tries a few:
    ``1``, ``2024``, ``ключ``.
    """
    mixed = any(map(str.isdigit, key)) and any(map(str.isalpha, key))
    return not is_ours(key) and (len(key) < SHORTEST or not mixed)
