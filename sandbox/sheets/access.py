"""Who calls, and what they may open. Everyone may open everything until a control call says otherwise."""

import base64
import binascii
import json
import secrets

from sandbox.sheets.errors import ApiError

ANONYMOUS = "anonymous"
_PREFIX = "ya29."


class Access:
    """Revoked users and spreadsheets closed to a user."""

    def __init__(self) -> None:
        """Nobody is refused."""
        self.revoked: set[str] = set()
        self.closed: set[tuple[str, str]] = set()

    def reset(self) -> None:
        """Refuse nobody."""
        self.revoked.clear()
        self.closed.clear()

    def user(self, authorization: str | None) -> str:
        """The caller: the bearer token, or the service account it was issued to; 401 when revoked."""
        scheme, _, token = (authorization or "").partition(" ")
        user = user_of(token.strip()) if scheme.lower() == "bearer" and token.strip() else ANONYMOUS
        if user in self.revoked:
            raise ApiError(401)
        return user

    def check(self, book_id: str, user: str) -> None:
        """403 when the spreadsheet is not shared with the user."""
        if (book_id, user) in self.closed:
            raise ApiError(403)


def issue_token(email: str) -> str:
    """An access token from which `user_of` reads the account again."""
    return f"{_PREFIX}{base64.urlsafe_b64encode(email.encode()).decode().rstrip('=')}.{secrets.token_hex(8)}"


def user_of(token: str) -> str:
    """The account a token was issued to; any other token is a user of its own."""
    body, dot, _ = token.removeprefix(_PREFIX).partition(".")
    if not token.startswith(_PREFIX) or not dot:
        return token
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return token


def assertion_email(assertion: str) -> str | None:
    """The `iss` of a service account's signed assertion; the signature is not checked."""
    parts = assertion.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) and issuer else None
