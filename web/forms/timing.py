"""How long a form lay before a visitor: a signed time inside its token, since the
visitor's word is no proof.
"""

import secrets

from itsdangerous import BadSignature, TimestampSigner

GOOD_S = 86_400
QUICKEST_S = 3  # four answers and a tick take a person longer


def stamped(key: str) -> str:
    """Return a token that no other form has and that says when it was made."""
    return _signer(key).sign(secrets.token_urlsafe(9)).decode()


def typed_quickly(token: str, key: str) -> bool:
    """Say whether a form with this token came back faster than a person types, or has
    no token of ours.
    """
    try:
        _signer(key).unsign(token, max_age=QUICKEST_S - 1)
    except BadSignature as error:
        return not getattr(error, "date_signed", None)
    return True


def expired(token: str, key: str) -> bool:
    """Say whether a form with this token of ours was shown longer than a day ago."""
    try:
        _signer(key).unsign(token, max_age=GOOD_S)
    except BadSignature as error:
        return bool(getattr(error, "date_signed", None))
    return False


def ours(token: str, key: str) -> bool:
    """Say whether a token was made by us."""
    return _signer(key).validate(token)


def _signer(key: str) -> TimestampSigner:
    return TimestampSigner(key, salt="naryad order form")
