"""Who calls, and what they may do.

Whoever has a token may write everything until a control call says otherwise.

A token that `/token` issues says who it was issued to and by which key; any other token
is a user of its own. Once `/sandbox/access` has given anybody a role, a token that
nobody has seen by then is an unknown one: 401. Those seen before, those that `/token`
issues and those that have a role go on.
"""

import base64
import binascii
import json
import secrets

from sandbox.sheets.errors import ApiError, api_disabled, no_credentials
from sandbox.sheets.spreadsheet import Spreadsheet

ANONYMOUS = "anonymous"
_PREFIX = "ya29."


class Access:
    """What is withheld from whom.

    Revoked users and keys; spreadsheets closed to a user, deleted, or no Google Sheets;
    the API switched off.
    """

    def __init__(self) -> None:
        """Nobody is refused."""
        self.reset()

    def reset(self) -> None:
        """Refuse nobody who has a token."""
        self.revoked: set[str] = set()
        self.revoked_keys: set[str] = set()
        self.closed: set[tuple[str, str]] = set()
        self.deleted: set[str] = set()
        self.office: set[str] = set()
        self.enabled = True
        self.strangers = True
        self._seen: set[str] = set()

    def user(self, authorization: str | None, kind: str) -> str:
        """The caller: the bearer token, or the account it was issued to.

        401 when that or its key is revoked or unknown; without a token 401, or 403
        where `kind` is "read".
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise no_credentials(kind)
        user, key = user_of(token.strip())
        if user in self.revoked or key in self.revoked_keys:
            raise ApiError(401)
        issued = user != token.strip()
        if not self.strangers and not issued and user not in self._seen:
            raise ApiError(401)
        self._seen.add(user)
        return user

    def know(self, user: str) -> None:
        """This token exists; from now on one that nobody has seen does not."""
        self._seen.add(user)
        self.strangers = False

    def check_api(self) -> None:
        """403 when the API is not switched on in the caller's project."""
        if not self.enabled:
            raise api_disabled()

    def check(self, book: Spreadsheet, user: str, kind: str) -> None:
        """Refuse who may not do this, and what is no spreadsheet.

        404 when it is deleted, 403 when the user may not read or write it, 400 for an
        Excel file.
        """
        if book.id in self.deleted:
            raise ApiError(404)
        if (book.id, user) in self.closed:
            raise ApiError(403)
        if kind == "write" and not may_write(book, user):
            raise ApiError(403)
        if book.id in self.office:
            raise ApiError(
                400,
                "This operation is not supported for this document",
                status="FAILED_PRECONDITION",
            )


def role_of(book: Spreadsheet, user: str) -> str:
    """The role that the user was given; "" for one who was given none, and may write."""
    if user == book.owner:
        return "owner"
    held = next(
        (item for item in book.permissions if item.get("emailAddress") == user), None
    )
    return "" if held is None else str(held["role"])


def may_write(book: Spreadsheet, user: str) -> bool:
    """Whether the user may change the spreadsheet: all may who were not given less."""
    return role_of(book, user) not in ("reader", "commenter")


def issue_token(email: str, key: str = "") -> str:
    """An access token from which `user_of` reads account and key again."""
    body = base64.urlsafe_b64encode(f"{email}\n{key}".encode()).decode().rstrip("=")
    return f"{_PREFIX}{body}.{secrets.token_hex(8)}"


def user_of(token: str) -> tuple[str, str]:
    """The account a token was issued to and the id of its key.

    Any other token is a user of its own.
    """
    body, dot, _ = token.removeprefix(_PREFIX).partition(".")
    if not token.startswith(_PREFIX) or not dot:
        return token, ""
    try:
        user, _, key = (
            base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
            .decode()
            .partition("\n")
        )
    except (binascii.Error, UnicodeDecodeError):
        return token, ""
    return user, key


def assertion_of(assertion: str) -> tuple[str, str]:
    """The `iss` and the key id of a service account's signed assertion, "" for none.

    The signature is not checked.
    """
    parts = assertion.split(".")
    if len(parts) != 3:
        return "", ""
    header, claims = _decoded(parts[0]), _decoded(parts[1])
    return _text(claims, "iss"), _text(header, "kid")


def _decoded(part: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return None


def _text(claims: object, name: str) -> str:
    value = claims.get(name) if isinstance(claims, dict) else None
    return value if isinstance(value, str) else ""
